"""What a publisher prints in every work: copyright, licence, disclaimer, catalogue numbers. Kept, and never coded."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from extract.layout.body_style import BodyStyle
from extract.layout.lines import Line

# By themselves enough, in a short paragraph ...
_MARK = re.compile(
    r"©|\(c\)\s?(?:19|20)\d\d|\bcopyright (?:\w+ ){0,4}(?:19|20)\d\d|all rights reserved|\bISBN\b|\bISSN\b"
    r"|downloaded from|open access (?:article )?under|creative commons|\bCC BY\b|licen[cs]ed under|peer.?review under"
    r"|cataloguing.in.publication|permission to reproduce|may be reproduced",
    re.IGNORECASE,
)
_MARKED_WORDS = 60
# ... and in a longer one.
_DISCLAIMER = re.compile(
    r"(?:views|opinions|findings|interpretations|conclusions)\b.{0,120}\bexpressed\b.{0,160}\b(?:necessarily|reflect"
    r"|represent|attribut)|do(?:es)? not guarantee the accuracy|responsibility for (?:the )?opinions expressed"
    r"|subject to copyright|no part of this (?:publication|book|report|work) may"
    r"|publication shall be used subject to",
    re.IGNORECASE,
)
_DISCLAIMER_WORDS = 150
# Only on a page at the front or the back that has one of the above.
_COMPANY = re.compile(
    r"\brights?\b|licen[cs]e|printed (?:in|by)|cite (?:the|this) |(?:tel|fax|telephone|internet|e-?mail)\b\s?[.:]|\S@\S"
    r"|\bwww\.|https?://|cover (?:photo|design|illustration)|typescript|typeset|layout (?:by|and)|first published",
    re.IGNORECASE,
)
# A page without any of these, as nearly all are, needs no closer look: each of the above has one of them in it.
_TELLING = (
    "©", "(c)", "copyright", "rights reserved", "isbn", "issn", "downloaded from", "open access", "creative commons",
    "cc by", "licen", "review under", "cataloguing", "reproduce", "expressed", "guarantee the accuracy",
    "no part of this", "subject to",
)  # fmt: skip
_FRONT, _BACK = 4, 2  # pages
_SMALL = 0.93  # times the size of the body


def boilerplate(lines: Sequence[Line], indices: Sequence[int], measure: BodyStyle, *, pages: int) -> list[int]:
    """Those of `indices`, the free lines of one page in a document of `pages`, that are boilerplate."""
    page = " ".join(lines[index].text for index in indices).lower()
    if not any(word in page for word in _TELLING):
        return []
    runs = _paragraphs(lines, indices, measure)
    texts = [" ".join(lines[index].text for index in run) for run in runs]
    found = [_is_marked(text) for text in texts]
    if not any(found):
        return []
    number = lines[indices[0]].page
    if number <= _FRONT or number > pages - _BACK:
        found = [
            known or (bool(_COMPANY.search(text)) and len(text.split()) <= _MARKED_WORDS)
            for known, text in zip(found, texts, strict=True)
        ]
        # What stands between two of them in smaller type than the body says who the publisher is.
        marked = [place for place, known in enumerate(found) if known]
        for first, last in itertools.pairwise(marked):
            if all(lines[runs[place][0]].size <= _SMALL * measure.size for place in range(first + 1, last)):
                found[first:last] = [True] * (last - first)
    return [index for run, known in zip(runs, found, strict=True) if known for index in run]


def _is_marked(text: str) -> bool:
    words = len(text.split())
    if words <= _MARKED_WORDS and _MARK.search(text):
        return True
    return words <= _DISCLAIMER_WORDS and bool(_DISCLAIMER.search(text))


def _paragraphs(lines: Sequence[Line], indices: Sequence[int], measure: BodyStyle) -> list[list[int]]:
    runs: list[list[int]] = []
    for index in indices:
        if runs:
            before = lines[runs[-1][-1]]
            if measure.follows(before, lines[index]) and measure.same_size(before.size, lines[index].size):
                runs[-1].append(index)
                continue
        runs.append([index])
    return runs
