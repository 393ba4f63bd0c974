"""Several files of a folder written all or not at all, whenever the program or the machine stops."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

MARKER = ".unfinished-write.json"


def write_together(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` (name -> content) into `folder`, all or none.

    Every file is written under another name first. Then a marker says which names they will have: from there on the
    write counts, and who opens the folder next finishes it (`finish_write`) where it was stopped.
    """
    parts = {f".{name}.{os.getpid()}.part": name for name in files}
    marker = f"{MARKER}.{os.getpid()}.part"
    try:
        for part, name in parts.items():
            _write(folder / part, files[name])
        _write(folder / marker, json.dumps(parts).encode())
        (folder / marker).replace(folder / MARKER)
    except BaseException:
        for part in (*parts, marker):
            (folder / part).unlink(missing_ok=True)
        raise
    finish_write(folder)


def finish_write(folder: Path) -> None:
    """Finish a write that was stopped after it began to count; nothing to do in nearly every case."""
    marker = folder / MARKER
    try:
        parts = json.loads(marker.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return
    for part, name in parts.items():
        if (folder / part).exists():
            (folder / part).chmod(0o644)
            (folder / part).replace(folder / name)
    marker.unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
