"""Reading the written texts of the sample: a small mark-up, one block of text after another.

Blank lines separate blocks. `# ` and `## ` open headings, `- ` a list item, `> ` an abstract or boxed text, `= ` a
caption, `|` a row of a table (the first row is its head). `[^3]` sets a footnote mark, `[^3]: ...` gives its text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["heading", "paragraph", "item", "abstract", "caption", "table"]
_PREFIXES: tuple[tuple[str, Kind, int], ...] = (
    ("## ", "heading", 2),
    ("# ", "heading", 1),
    ("- ", "item", 0),
    ("> ", "abstract", 0),
    ("= ", "caption", 0),
)
_NOTE = re.compile(r"\[\^(\d+)\]: ")


@dataclass(frozen=True, slots=True)
class SampleBlock:
    """One heading, paragraph, list item, caption or table."""

    kind: Kind
    text: str = ""  # footnote marks still in it, as "[^3]"; empty for a table
    level: int = 0  # of a heading: 1 or 2
    rows: tuple[tuple[str, ...], ...] = ()  # of a table, head first


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A text in order, and its footnotes by number."""

    blocks: tuple[SampleBlock, ...]
    notes: dict[str, str]


def read_manuscript(text: str) -> Manuscript:
    """The blocks and footnotes of `text`."""
    blocks: list[SampleBlock] = []
    notes: dict[str, str] = {}
    for chunk in re.split(r"\n\s*\n", text.strip()):
        lines = chunk.splitlines()
        if note := _NOTE.match(chunk):
            notes[note[1]] = " ".join(lines)[note.end() :]
        elif chunk.startswith("|"):
            blocks.append(SampleBlock("table", rows=tuple(_cells(line) for line in lines)))
        elif chunk.startswith("- "):
            blocks += [SampleBlock("item", item) for item in re.split(r"\s*\n- ", chunk[2:])]
        else:
            blocks.append(_block(" ".join(lines)))
    return Manuscript(tuple(blocks), notes)


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def _block(text: str) -> SampleBlock:
    for prefix, kind, level in _PREFIXES:
        if text.startswith(prefix):
            return SampleBlock(kind, text.removeprefix(prefix), level)
    return SampleBlock("paragraph", text)
