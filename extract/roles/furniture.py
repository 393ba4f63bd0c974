"""Running heads, running feet and page numbers: what repeats at the edges of pages and belongs to no sentence."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence

from extract.lines.lines import Line, weigh_sizes

_MARGIN = 0.12  # of the page height, at the top and at the bottom
_DEEP_MARGIN = 0.15  # for the first and the last line of a page only: LaTeX sets its heads at 13 % of a letter page
_LEVEL = 2.0  # points: lines on one baseline
_OUTERMOST = 4  # lines from the edge; deeper ones are text even where they repeat
_PAGES = 3  # on which a line must repeat; 2 in a document of up to _SHORT pages
_SHORT = 4
# Of most of the letters: a line so much larger is a title, such as that of three slides one after another ...
_LARGE = 1.3
_OFTEN = 0.25  # ... unless it stands on so many of the pages
_SAME_PLACE = 12.0  # points: a running head does not wander, also where some pages are wide and some are tall
_TALL = 842.0  # points, an A4 page
_STILL_PAGES, _STILL = 5, 0.1  # and share of the pages: so often a running head is one, tagged as a paragraph or not
_COUNTED = re.compile(r"\W*(?:page\s*|(?-i:[A-Z]{1,3})[-–.])?(\d{1,4})\W*", re.IGNORECASE)
_NUMBER = re.compile(
    r"\W*(?:page|p\.|seite)?\s*(?:(?:(?-i:[A-Z]{1,3})[-–.]?)?\d{1,4}|[ivxlc]{1,7})(?:\s*(?:/|of|\|)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)


def furniture(lines: Sequence[Line], *, pages: int) -> dict[int, str]:
    """Index -> rule of the `lines` that are furniture, in a document of `pages` pages."""
    edges = _edges(lines)
    outermost = _outermost(lines, edges)
    seen: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for index in edges:
        seen[_key(lines[index])].append((_place(lines[index]), lines[index].page))
    for places in seen.values():
        places.sort()
    counts = _counts(lines, outermost)
    found: dict[int, str] = {}
    size = weigh_sizes(lines).most_common(1)[0][0] if edges else 0.0
    for index in edges:
        line = lines[index]
        enough = _PAGES if pages > _SHORT else 2
        if line.size >= _LARGE * size:
            enough = max(enough, round(_OFTEN * pages))
        if _MARGIN < line.depth < 1 - _MARGIN and not line.turn:
            if index not in outermost or not _is_counted(lines, index, counts):
                continue
            enough = max(enough, _PAGES)
        same = _pages_near(seen[_key(line)], _place(line), most=enough)
        if len(same) >= enough and (line.cells <= 3 and any(c.isalpha() for c in line.text)):
            found[index] = f"it stands at the edge of {enough} pages or more"
    numbers = _page_numbers(lines, edges, found) | _counted(lines, found, pages=pages)
    return found | dict.fromkeys(numbers, "a page number")


def standing_still(lines: Sequence[Line], indices: Iterable[int], *, pages: int) -> set[int]:
    """Those of `indices` whose words stand at the very same place of so many pages that they are no text of any."""
    places: dict[tuple[str, int, int], set[int]] = defaultdict(set)
    for index in indices:
        line = lines[index]
        places[_key(line), round(line.x0), round(line.top)].add(index)
    enough = max(_STILL_PAGES, _STILL * pages)
    found = (same for same in places.values() if len({lines[index].page for index in same}) >= enough)
    return set(itertools.chain.from_iterable(found))


def _outermost(lines: Sequence[Line], edges: Sequence[int]) -> set[int]:
    """The first and the last of the `edges` of each page, with what is level with them."""
    found: set[int] = set()
    by_page: dict[int, list[int]] = defaultdict(list)
    for index in edges:
        if not lines[index].turn:
            by_page[lines[index].page].append(index)
    for indices in by_page.values():
        for outer in (min, max):
            base = lines[outer(indices, key=lambda i: lines[i].depth)].base
            found.update(i for i in indices if abs(lines[i].base - base) <= _LEVEL)
    return found


def _counts(lines: Sequence[Line], outermost: Iterable[int]) -> Counter[int]:
    """How often each difference between a number and the page it stands on occurs on the first and last lines."""
    differences = {
        (line.page, number - line.page) for line in map(lines.__getitem__, outermost) for number in _numbers(line)
    }
    return Counter(difference for _, difference in differences)


def _is_counted(lines: Sequence[Line], index: int, counts: Counter[int]) -> bool:
    """Does the line hold, or stand level with, a number that goes up with the pages?"""
    line = lines[index]
    level = [
        other
        for other in lines[max(0, index - 2) : index + 3]
        if other.page == line.page and abs(other.base - line.base) <= _LEVEL
    ]
    return any(counts[number - line.page] >= _PAGES for other in level for number in _numbers(other))


def _numbers(line: Line) -> list[int]:
    """The number with which a line begins or ends."""
    texts = line.words.texts
    return [int(text) for text in {texts[0], texts[-1]} if text.isdigit() and len(text) <= 4]


def _counted(lines: Sequence[Line], heads: Container[int], *, pages: int) -> set[int]:
    """Numbers by themselves that go up with the pages, at the same place of several: page numbers at an odd height."""
    counted: dict[tuple[int, int], list[int]] = defaultdict(list)
    by_page: dict[int, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        by_page[line.page].append(index)
        if line.turn == 0 and index not in heads and (match := _COUNTED.fullmatch(line.text)):
            counted[int(match[1]) - line.page, round(line.left / _SAME_PLACE)].append(index)
    enough = _PAGES if pages > _SHORT else 2
    found: set[int] = set()
    for indices in counted.values():
        if len({lines[index].page for index in indices}) < enough:
            continue
        places = sorted(_place(lines[index]) for index in indices)
        for index in indices:
            near = bisect_left(places, _place(lines[index]) + _SAME_PLACE) - bisect_left(
                places, _place(lines[index]) - _SAME_PLACE
            )
            alone = sum(abs(lines[i].base - lines[index].base) <= _LEVEL for i in by_page[lines[index].page]) == 1
            if near >= enough and alone and _is_outside(lines, index, by_page[lines[index].page], heads):
                found.add(index)
    return found


def _is_outside(lines: Sequence[Line], index: int, page: Sequence[int], heads: Container[int]) -> bool:
    """Does all text of the page stand above the line, or all of it below?"""
    others = [lines[i].base for i in page if i != index and i not in heads and not lines[i].turn]
    return all(base < lines[index].base for base in others) or all(base > lines[index].base for base in others)


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
        elif line.depth <= _DEEP_MARGIN or line.depth >= 1 - _DEEP_MARGIN:
            by_page[line.page].append(index)
    for indices in by_page.values():
        indices.sort(key=lambda index: lines[index].depth)
        upper = [i for i in indices if lines[i].depth <= _DEEP_MARGIN][:_OUTERMOST]
        lower = [i for i in indices if lines[i].depth >= 1 - _DEEP_MARGIN][-_OUTERMOST:]
        edges += upper + [i for i in lower if i not in upper]
    return edges


def _page_numbers(lines: Sequence[Line], edges: Sequence[int], heads: Container[int]) -> set[int]:
    """A number by itself that is the outermost line of its page, running heads aside."""
    rest: dict[int, list[int]] = defaultdict(list)
    for index in edges:
        if index not in heads and (lines[index].turn or not _MARGIN < lines[index].depth < 1 - _MARGIN):
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
