"""Which lines are rows of a table, told from their gaps, their figures and what stands beside them."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Container, Sequence

from extract.lines.body_style import BodyStyle
from extract.lines.lines import Line
from extract.lines.packed_words import PER_POINT
from extract.roles.headings import NUMBER
from extract.text.numbering import ITEM
from extract.words import along

_NUMERIC = re.compile(r"[(\[]?[-–+±<>~]?[$€£]?\d[\d.,:/%–\-]*[%)\]*]*|[-–—.]+|n\.?a\.?|nil|\*+", re.IGNORECASE)
_NUMERIC_SHARE = 0.6  # of the words of a line
_CELL_WORDS = 5  # words per cell: more is prose with a wide gap in it
_PROSE_WORDS = 8  # of a line of running text
_TALLEST_CELL = 8.0  # times the font size: a larger step up is the next column of the page
_ALIGNED = 3.0  # points: cells of one column start this close to each other
_WIDE = 150.0  # points: a cell as wide as a column of text, beside a label
_COLUMN_LINES, _COLUMN_WORDS, _COLUMN_WIDE = 4, 3, 2  # lines near one of a justified column; two of them fill it too
_CLOSE = 12  # lines within which three rows of a table stand
_BRIDGE = 3  # lines between two lines of a table that belong to it too


def table_rows(lines: Sequence[Line], indices: Sequence[int], measure: BodyStyle) -> list[int]:
    """Rows of several cells or mostly numbers, cells beside each other, and the few short lines between them."""
    rows = {index for index in indices if _is_row(lines[index])}
    beside = [
        (before, after)
        for before, after in itertools.pairwise(indices)
        if after == before + 1 and _beside(lines[before], lines[after])
    ]
    for pair in beside:
        rows.update(pair)
    rows |= _aligned(lines, indices, {after for _, after in beside})
    rows = {index for index in rows if not (_in_prose(lines, index, measure) or _is_justified(lines, index))}
    found: list[int] = []
    for index in sorted(rows):
        if found and 1 < index - found[-1] <= _BRIDGE + 1:
            between = [i for i in indices if found[-1] < i < index]
            if all(len(lines[i].words) <= _CELL_WORDS + 3 and not lines[i].text.endswith(".") for i in between):
                found += between
        found.append(index)
    return found


def _is_row(line: Line) -> bool:
    texts = line.words.texts
    # Of letters alone only "nil" counts as a number: this leaves nearly every line of prose out at once.
    if not line.stops and len(texts) - sum(map(str.isalpha, texts)) < _NUMERIC_SHARE * len(texts):
        return "nil" in line.text.lower() and _numbers(texts) >= _NUMERIC_SHARE * len(texts)
    numeric = _numbers(texts)
    if numeric >= _NUMERIC_SHARE * len(line.words):
        return True
    cells = 1 + len(_stops(line))
    narrow = len(line.words) <= _CELL_WORDS * cells
    return narrow and (cells >= 3 or (cells == 2 and (numeric > 0 or len(line.words) <= _CELL_WORDS)))


def _numbers(texts: Sequence[str]) -> int:
    return sum(1 for text in texts if _NUMERIC.fullmatch(text))


def _stops(line: Line) -> tuple[float, ...]:
    """Where its second and later cells start; the gap after a bullet or the number of a heading makes no cell."""
    if not line.stops or abs(line.stops[0] - along(line.words[1])[0]) > 1 / PER_POINT:
        return line.stops
    mark = not any(character.isalnum() for character in line.words.texts[0])
    lead = mark or ITEM.match(line.text) or (NUMBER.fullmatch(line.text) and line.text[0].isdigit())
    return line.stops[1:] if lead else line.stops


def _aligned(lines: Sequence[Line], indices: Sequence[int], seconds: Container[int]) -> set[int]:
    """Lines whose second cells start below each other, whatever stands in them; `seconds` are such cells themselves."""
    columns: dict[int, list[int]] = defaultdict(list)
    for index in indices:
        own = (lines[index].left,) if index in seconds else ()
        for stop in (*(_stops(lines[index]) if lines[index].stops else ()), *own):
            columns[round(stop / _ALIGNED)].append(index)
    found: set[int] = set()
    for members in columns.values():
        for three in zip(members, members[1:], members[2:], strict=False):
            if three[2] - three[0] <= _CLOSE:
                found.update(three)
    return found


def _in_prose(lines: Sequence[Line], index: int, measure: BodyStyle) -> bool:
    """A line of a paragraph in spite of its figures or gaps: figures in a sentence, wide justified spaces, a label."""
    line = lines[index]
    for near in (index - 1, index + 1, index - 2, index + 2):
        if not 0 <= near < len(lines) or lines[near].cells > 1 or len(lines[near].words) < _CELL_WORDS - 1:
            continue
        other = lines[near]
        if _numbers(other.words.texts) >= _NUMERIC_SHARE * len(other.words):
            continue  # a row itself, whose label leaves no gap
        if not measure.same_size(other.size, line.size) or other.page != line.page:
            continue
        if abs(other.left - line.left) <= _ALIGNED and abs(other.right - line.right) <= _ALIGNED:
            return True
        if abs(near - index) > 1 or not (measure.follows(other, line) or measure.follows(line, other)):
            continue
        if line.cells == 1 and len(other.words) >= _PROSE_WORDS:
            return True
        if line.cells == 2 and abs(other.left - line.stops[0]) <= _ALIGNED and line.right - line.stops[0] > _WIDE:
            return True
    return False


def _is_justified(lines: Sequence[Line], index: int) -> bool:
    """Words alone, stretched to the width of a narrow column: other lines of it end where this one does."""
    line = lines[index]
    if line.cells < 2 or any(any(map(str.isdigit, text)) for text in line.words.texts):
        return False
    same = 0
    for near in range(max(0, index - _COLUMN_LINES), min(len(lines), index + _COLUMN_LINES + 1)):
        other = lines[near]
        if near == index or other.page != line.page or other.cells > 1 or len(other.words) < _COLUMN_WORDS:
            continue
        edges = abs(other.left - line.left) <= _ALIGNED and abs(other.right - line.right) <= _ALIGNED
        same += edges and _numbers(other.words.texts) == 0
    return same >= _COLUMN_WIDE


def _beside(before: Line, after: Line) -> bool:
    """Cells of one row: short lines, the second a little higher than the first or level with it, to the side of it."""
    if before.page != after.page or before.turn != after.turn:
        return False
    if max(len(before.words), len(after.words)) > _CELL_WORDS + 3:
        return False
    apart = after.left > before.right or before.left > after.right
    up = before.base - after.base
    return apart and -0.5 * after.size < up < _TALLEST_CELL * after.size
