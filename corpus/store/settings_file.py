"""One setting of a review, written into its review.toml; everything else there stays as it is."""

from __future__ import annotations

import tomlkit

from corpus.errors import WorkspaceError
from corpus.workspace import Workspace, open_workspace, write_atomic


def write_setting(workspace: Workspace, table: str, key: str, value: float | str) -> Workspace:
    """The workspace with the setting `[table] key`. WorkspaceError: the file is none, or the value not allowed."""
    path = workspace.root / "review.toml"
    before = path.read_bytes() if path.exists() else b""
    try:
        file = tomlkit.parse(before.decode())
        file.setdefault(table, tomlkit.table())[key] = value
    except (tomlkit.exceptions.TOMLKitError, UnicodeDecodeError, TypeError) as error:
        raise WorkspaceError(f"{path} can't be changed: {error}") from None
    write_atomic(path, tomlkit.dumps(file).encode())
    try:
        return open_workspace(workspace.root)
    except WorkspaceError:
        write_atomic(path, before)
        raise
