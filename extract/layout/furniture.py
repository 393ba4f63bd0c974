"""Running heads, running feet and page numbers: what repeats at the edges of pages and belongs to no sentence."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from extract.layout.lines import Line, weigh_sizes

_MARGIN = 0.12  # of the page height, at the top and at the bottom
_OUTERMOST = 4  # lines from the edge; deeper ones are text even where they repeat
_PAGES = 3  # on which a line must repeat; 2 in a document of up to _SHORT pages
_SHORT = 4
_LARGE = (
    1.3  # of most of the letters: a line so much larger is a title, such as that of three slides one after another ...
)
_OFTEN = 0.25  # ... unless it stands on so many of the pages
_SAME_PLACE = 12.0  # points: a running head does not wander, also where some pages are wide and some are tall
_TALL = 842.0  # points, an A4 page
_NUMBER = re.compile(
    r"\W*(?:page|p\.|seite)?\s*(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:/|of|\|)\s*\d{1,4})?\W*", re.IGNORECASE
)


def furniture(lines: Sequence[Line], *, pages: int) -> set[int]:
    """Indices of the `lines` that are furniture, in a document of `pages` pages."""
    edges = _edges(lines)
    seen: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for index in edges:
        seen[_key(lines[index])].append((_place(lines[index]), lines[index].page))
    for places in seen.values():
        places.sort()
    found = set()
    size = weigh_sizes(lines).most_common(1)[0][0] if edges else 0.0
    for index in edges:
        line = lines[index]
        enough = _PAGES if pages > _SHORT else 2
        if line.size >= _LARGE * size:
            enough = max(enough, round(_OFTEN * pages))
        same = _pages_near(seen[_key(line)], _place(line), most=enough)
        if len(same) >= enough and (line.cells <= 3 and any(c.isalpha() for c in line.text)):
            found.add(index)
    return found | _page_numbers(lines, edges, found)


def _place(line: Line) -> float:
    """How far the middle of a line is from the top of its page, in points; below 0, from the bottom."""
    middle = (line.top + line.bottom) / 2
    if line.turn:
        return line.depth * _TALL  # set along an edge: in the middle of any page
    return middle if line.depth < 0.5 else middle - middle / line.depth


def _pages_near(places: Sequence[tuple[float, int]], at: float, *, most: int) -> set[int]:
    """A few of the pages on which a line stands near `at`: more than a few are not needed, on thousands of pages."""
    start = bisect_left(places, (at - _SAME_PLACE, 0))
    near = itertools.takewhile(lambda place: place[0] <= at + _SAME_PLACE, itertools.islice(places, start, None))
    pages: set[int] = set()
    for _, page in near:
        pages.add(page)
        if len(pages) >= most:
            break
    return pages


def _edges(lines: Sequence[Line]) -> list[int]:
    """Indices of the few lines nearest to the top and the bottom of each page, within the margins."""
    by_page: dict[int, list[int]] = defaultdict(list)
    edges: list[int] = []
    for index, line in enumerate(lines):
        if line.turn:
            edges.append(index)  # set sideways along the edge, such as "Downloaded from ..."
        elif line.depth <= _MARGIN or line.depth >= 1 - _MARGIN:
            by_page[line.page].append(index)
    for indices in by_page.values():
        indices.sort(key=lambda index: lines[index].depth)
        upper = [i for i in indices if lines[i].depth <= _MARGIN][:_OUTERMOST]
        lower = [i for i in indices if lines[i].depth >= 1 - _MARGIN][-_OUTERMOST:]
        edges += upper + [i for i in lower if i not in upper]
    return edges


def _page_numbers(lines: Sequence[Line], edges: Sequence[int], heads: set[int]) -> set[int]:
    """A number by itself that is the outermost line of its page, running heads aside."""
    rest: dict[int, list[int]] = defaultdict(list)
    for index in edges:
        if index not in heads:
            rest[lines[index].page].append(index)
    found = set()
    for indices in rest.values():
        for outermost in (min, max):
            index = outermost(indices, key=lambda i: lines[i].depth)
            if _NUMBER.fullmatch(lines[index].text):
                found.add(index)
    return found


def _key(line: Line) -> str:
    """The letters of a line: OCR reads its digits and marks now so, now so. A title in capitals is another line."""
    letters = "".join(filter(str.isalpha, line.text))
    return letters if letters.isupper() else letters.casefold()
