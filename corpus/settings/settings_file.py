"""One setting of a review changed in its review.toml, and everything else there left as somebody wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import tomlkit
from tomlkit.items import Array

from corpus.errors import DataFileError
from corpus.workspace import Workspace, review_in, write_atomic


def change_setting(workspace: Workspace, table: str, key: str, value: float | str | Sequence[str]) -> Workspace:
    """Write `key = value` under `[table]`, or at the top where `table` is ""; see `change_settings`."""
    return change_settings(workspace, {(table, key): value})


def change_settings(workspace: Workspace, values: Mapping[tuple[str, str], float | str | Sequence[str]]) -> Workspace:
    """Write all `values`, by table ("" for the top) and key; returns the workspace with what its settings are then.

    DataFileError, and nothing written: the file can't be read, or a value is not allowed.
    """
    path, where = workspace.root / "review.toml", ""
    try:
        file = tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else "")
        for (table, key), value in values.items():
            where = f"{table}: {key}"
            (file.setdefault(table, tomlkit.table()) if table else file)[key] = _lines(value)
    except (tomlkit.exceptions.TOMLKitError, UnicodeDecodeError, TypeError) as error:
        where = where or ": ".join(next(iter(values)))
        raise DataFileError(path, where, f"can't be changed ({error})", "Correct the file by hand") from None
    review = review_in(file.unwrap(), path)
    write_atomic(path, tomlkit.dumps(file).encode())
    return Workspace(workspace.root, review)


def _lines(value: float | str | Sequence[str]) -> float | str | Array:
    """A list with a line for each of its entries, as somebody would write it by hand; anything else as it is."""
    if isinstance(value, float | int | str):
        return value
    made = tomlkit.array()
    made.extend(value)
    return made.multiline(len(value) > 1)
