"""What a publisher prints in every work: copyright, licence, disclaimer, catalogue numbers. Kept, and never coded.

A repository puts a page of its own in front: how to cite the work, what may be done with it, whom to write to. The
wordings stand in boilerplate.toml.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from extract.lines.body_style import BodyStyle
from extract.lines.lines import Line

_WORDINGS = Path(__file__).with_name("boilerplate.toml")
_MARKED_WORDS = 60  # of a paragraph that a mark makes boilerplate
_DISCLAIMER_WORDS = 150
_FRONT, _BACK = 4, 2  # pages
_SMALL = 0.93  # times the size of the body
_COVER_PAGES, _COVER_SIGNS = 2, 2  # a cover of a repository is one of the first pages, and has several of its wordings
_COVER_WORDS = 350  # and holds no more than these: the text of a work that begins there is longer


def boilerplate(lines: Sequence[Line], indices: Sequence[int], style: BodyStyle, *, pages: int) -> dict[int, str]:
    """Index -> rule of the boilerplate among `indices`, the free lines of one page in a document of `pages`."""
    if not indices:
        return {}
    number = lines[indices[0]].page
    page = " ".join(lines[index].text for index in indices).lower()
    if number <= _COVER_PAGES and pages > 1 and _is_cover(page):
        title = max(lines[index].size for index in indices)
        rest = [index for index in indices if lines[index].size < title or title == style.size]
        return dict.fromkeys(rest, "the cover page of a repository")
    if not _is_telling(page):
        return {}
    runs = _paragraphs(lines, indices, style)
    texts = [" ".join(lines[index].text for index in run) for run in runs]
    found = [_is_marked(text) for text in texts]
    if not any(found):
        return {}
    if number <= _FRONT or number > pages - _BACK:
        found = _with_company(texts, found)
        # What stands between two of them in smaller type than the body says who the publisher is.
        marked = [place for place, known in enumerate(found) if known]
        for first, last in itertools.pairwise(marked):
            if all(lines[runs[place][0]].size <= _SMALL * style.size for place in range(first + 1, last)):
                found[first:last] = [True] * (last - first)
    kept = [index for run, known in zip(runs, found, strict=True) if known for index in run]
    return dict.fromkeys(kept, "a rights notice, a disclaimer or an imprint")


def _with_company(texts: Sequence[str], found: Sequence[bool]) -> list[bool]:
    """The paragraphs `found`, and those that say who published a work and where to write to."""
    return [
        known or (len(text.split()) <= _MARKED_WORDS and bool(_pattern("company").search(text)))
        for known, text in zip(found, texts, strict=True)
    ]


def _is_cover(page: str) -> bool:
    signs = {match.group() for match in _pattern("covers").finditer(page)}
    return len(signs) >= _COVER_SIGNS and len(page.split()) <= _COVER_WORDS


def _is_marked(text: str) -> bool:
    if not _is_telling(text.lower()):
        return False
    words = len(text.split())
    if words <= _MARKED_WORDS and _pattern("marks").search(text):
        return True
    return words <= _DISCLAIMER_WORDS and bool(_pattern("disclaimers").search(text))


def _is_telling(text: str) -> bool:
    """May `text`, in lower case, hold a mark or a disclaimer? Most doesn't, and trying every pattern is slow."""
    return any(word in text for word in _words("telling"))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in _words(name)), re.IGNORECASE)


@cache
def _words(name: str) -> tuple[str, ...]:
    found: dict[str, list[str]] = tomllib.loads(_WORDINGS.read_text(encoding="utf-8"))
    return tuple(found[name])


def _paragraphs(lines: Sequence[Line], indices: Sequence[int], style: BodyStyle) -> list[list[int]]:
    runs: list[list[int]] = []
    for index in indices:
        if runs:
            before = lines[runs[-1][-1]]
            if style.follows(before, lines[index]) and style.same_size(before.size, lines[index].size):
                runs[-1].append(index)
                continue
        runs.append([index])
    return runs
