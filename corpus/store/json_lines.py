"""Files of a review that only grow: one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from corpus.errors import DataFileError

T = TypeVar("T")


def read_lines(path: Path, adapter: TypeAdapter[T]) -> Iterator[T]:
    """What each line of the file holds; empty lines are passed over. DataFileError: a line is no such thing."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                yield adapter.validate_json(line)
            except (ValidationError, ValueError):
                where, advice = f"line {number}", "Correct the line or take it out"
                raise DataFileError(path, where, "can't be read", advice) from None


def with_lines(path: Path, lines: bytes) -> bytes:
    """The content of the file, which need not be there yet, with `lines` at its end."""
    before = path.read_bytes() if path.exists() else b""
    gap = b"" if not before or before.endswith(b"\n") else b"\n"
    return before + gap + lines
