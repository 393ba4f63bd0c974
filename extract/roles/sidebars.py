"""Text in a box ("Box 3.1"): kept together, and out of the sentence around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extract.lines.lines import Line
from extract.ruling.frames import Frame

_PROSE_WORDS, _PROSE_LINES = 6, 2  # a frame with less running text is a table, a key or a button
_BOX_TITLE = re.compile(r"(?:text )?box\s?\d", re.IGNORECASE)
_ABOVE = 40.0  # points: its title may stand on top of it
_OVER = 4.0  # points by which a line may reach over its frame


def framed(lines: Sequence[Line], indices: Sequence[int], frames: Sequence[Frame]) -> list[int]:
    """Those of `indices`, lines of one page, that stand in a frame with running text, apart from the body."""
    found: set[int] = set()
    for frame in frames:
        inside = [index for index in indices if _holds(frame, lines[index])]
        prose = [i for i in inside if len(lines[i].words) >= _PROSE_WORDS and lines[i].cells == 1]
        if len(prose) < _PROSE_LINES:
            continue
        outside = any(len(lines[i].words) >= _PROSE_WORDS and not _holds(frame, lines[i]) for i in indices)
        if outside or any(_BOX_TITLE.match(line.text) and _titles(frame, line) for line in _on_page(lines, inside[0])):
            found.update(inside)
    return sorted(found)


def _holds(frame: Frame, line: Line) -> bool:
    left, top, right, bottom = frame
    return (
        line.turn == 0
        and left - _OVER <= line.x0
        and line.x1 <= right + _OVER
        and top <= (line.top + line.bottom) / 2 <= bottom
    )


def _titles(frame: Frame, line: Line) -> bool:
    return line.x0 < frame[2] and line.x1 > frame[0] and frame[1] - _ABOVE <= line.bottom <= frame[3]


def _on_page(lines: Sequence[Line], index: int) -> Iterator[Line]:
    return (line for line in lines if line.page == lines[index].page)
