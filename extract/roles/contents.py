"""Tables of contents: their entries, with dots that lead to a page number or without."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.lines.lines import Line
from extract.text.prose import has_leaders

_ENDS_IN_PAGE = re.compile(r"(?:^|\s)(?:\d{1,4}|[ivxlc]{1,7})\.?$")
_TITLE = re.compile(r"(?:table of )?contents|list of (?:tables|figures|boxes|charts|annexes|maps)\b.*", re.IGNORECASE)
_LEVEL = 2.0  # points
_TITLE_LETTERS = 3  # of an entry, in front of its page number
_ENTRY_WORDS = 16  # of an entry without leaders
_LEADER_LINES = 3  # on a page make it a contents page; fewer may be a form with dotted lines


def contents(lines: Sequence[Line], indices: Sequence[int]) -> list[int]:
    """Of one page, the lines between dot leaders, or below a title that says so and with page numbers at their ends."""
    entries = [index for index in indices if has_leaders(lines[index].text)]
    if len(entries) >= _LEADER_LINES:
        inside = [index for index in indices if entries[0] <= index <= entries[-1]]
        if len(entries) < len(inside) / 3:
            return entries
        return sorted({*inside, *_next_to(lines, indices, entries)})
    title = next((i for i in indices if _TITLE.fullmatch(lines[i].text.strip())), None)
    if title is None:
        return []
    after = [index for index in indices if index > title]
    numbered = [index for index in after if _ENDS_IN_PAGE.search(lines[index].text)]
    return [index for index in after if index <= numbered[-1]] if len(numbered) >= max(3, len(after) / 2) else []


def _next_to(lines: Sequence[Line], indices: Sequence[int], entries: Sequence[int]) -> list[int]:
    """Entries without leaders, such as those of chapters, right before the first of `entries` and after the last."""
    found: list[int] = []
    first, last = _page_of(lines[entries[0]].text), _page_of(lines[entries[-1]].text)
    for row in reversed(_rows(lines, [index for index in indices if index < entries[0]])):
        page = _page_of_row(lines, row)
        if page is None or first is None or page > first:
            break
        found += row
        first = page
    for row in _rows(lines, [index for index in indices if index > entries[-1]]):
        page = _page_of_row(lines, row)
        if page is None or last is None or page < last:
            break
        found += row
        last = page
    return found


def _rows(lines: Sequence[Line], indices: Sequence[int]) -> list[list[int]]:
    """Lines that stand level, such as a title and its page number far to the right, together."""
    rows: list[list[int]] = []
    for index in indices:
        if rows and abs(lines[rows[-1][-1]].base - lines[index].base) <= _LEVEL:
            rows[-1].append(index)
        else:
            rows.append([index])
    return rows


def _page_of_row(lines: Sequence[Line], row: Sequence[int]) -> int | None:
    if sum(len(lines[index].words) for index in row) > _ENTRY_WORDS:
        return None
    return _page_of(" ".join(lines[index].text for index in sorted(row, key=lambda index: lines[index].left)))


def _page_of(text: str) -> int | None:
    """The page number that an entry ends in; roman ones come before all others, as 0."""
    match = _ENDS_IN_PAGE.search(text)
    if match is None or sum(map(str.isalpha, text[: match.start()])) < _TITLE_LETTERS:
        return None
    number = match.group().strip(" .")
    return int(number) if number.isdigit() else 0
