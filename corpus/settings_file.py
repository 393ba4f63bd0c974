"""One setting of a review changed in its review.toml, and everything else there left as somebody wrote it."""

from __future__ import annotations

import tomlkit

from corpus.errors import DataFileError
from corpus.workspace import Workspace, review_in, write_atomic


def change_setting(workspace: Workspace, table: str, key: str, value: float | str) -> Workspace:
    """Write `key = value` under `[table]`; returns the workspace with what its settings are then.

    DataFileError, and nothing written: the file can't be read, or the value is not allowed.
    """
    path = workspace.root / "review.toml"
    try:
        file = tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else "")
        file.setdefault(table, tomlkit.table())[key] = value
    except (tomlkit.exceptions.TOMLKitError, UnicodeDecodeError, TypeError) as error:
        where = f"{table}: {key}"
        raise DataFileError(path, where, f"can't be changed ({error})", "Correct the file by hand") from None
    review = review_in(file.unwrap(), path)
    write_atomic(path, tomlkit.dumps(file).encode())
    return Workspace(workspace.root, review)
