"""One setting of review.toml changed, and every other line left as somebody wrote it."""

from __future__ import annotations

import json
import re
import tomllib

from corpus.errors import DataFileError
from corpus.workspace import Workspace, read_review, write_atomic

_TABLE = re.compile(r"\s*\[")


def change_setting(workspace: Workspace, table: str, key: str, value: str) -> Workspace:
    """Write `key = "value"` under `[table]`; returns the workspace with what its settings are then.

    DataFileError: the file has a form in which the line can't be found.
    """
    path = workspace.root / "review.toml"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    after = _changed(before.splitlines(), table, f"{key} = {json.dumps(value, ensure_ascii=False)}", key)
    try:
        is_right = tomllib.loads(after)[table][key] == value
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        is_right = False
    if not is_right:
        raise DataFileError(path, f"{table}: {key}", "can't be changed by itself", f'Write {key} = "{value}" there')
    write_atomic(path, after.encode())
    return Workspace(workspace.root, read_review(path))


def _changed(lines: list[str], table: str, line: str, key: str) -> str:
    begins = next((at for at, one in enumerate(lines) if re.match(rf"\s*\[\s*{table}\s*\]", one)), None)
    if begins is None:
        return "\n".join([*lines, *([""] if lines else []), f"[{table}]", line, ""])
    ends = next((at for at in range(begins + 1, len(lines)) if _TABLE.match(lines[at])), len(lines))
    for at in range(begins + 1, ends):
        if re.match(rf"\s*{key}\s*=", lines[at]):
            return "\n".join([*lines[:at], line, *lines[at + 1 :], ""])
    return "\n".join([*lines[: begins + 1], line, *lines[begins + 1 :], ""])
