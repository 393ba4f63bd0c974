"""Pattern recognition: arguments that come back in several studies, with the words of every study that makes them.

That passages have a theme in common, or lie in one group of it, is no argument: they have to say something that can be
pointed to, the same phrase of the lexicon, the same two phrases side by side, or the terms that set their group apart.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from models.codebook.draft_rules import is_draft
from synthesis.matrix.coding import Coding
from synthesis.matrix.coding_columns import CodingColumns, CodingSelection
from synthesis.patterns.subthemes import Subtheme

FEWEST_STUDIES = 2  # an argument of one study is no pattern
SHARED_TERMS = 2  # of the terms that set a group apart, which a passage must have to make its argument
_WORD = re.compile(r"[^\W\d_][\w-]+")


@dataclass(frozen=True, slots=True)
class Argument:
    """One recurring argument."""

    kind: Literal["sub-theme", "link", "code"]  # terms of a group; two codes in one passage; a first-level code
    name: str
    themes: tuple[str, ...]
    passages: CodingSelection  # the one that shows it best first

    @property
    def studies(self) -> tuple[str, ...]:
        """Source ids of the studies that make it."""
        return self.passages.studies

    @property
    def by_study(self) -> CodingSelection:
        """The best passage of each study."""
        return self.passages.first_of_each_study()


def recurring(codings: Sequence[Coding], groups: Sequence[Subtheme]) -> tuple[Argument, ...]:
    """Arguments of at least FEWEST_STUDIES studies, those of most studies first."""
    columns = CodingColumns.of(codings)
    beside = Counter(group.theme for group in groups)  # the only group of a theme is set apart from nothing
    told = [group for group in groups if group.named or beside[group.theme] > 1]
    found = [Argument("sub-theme", group.name, (group.theme,), _sharing(group)) for group in told]
    found += [*_links(columns), *_codes(columns)]
    spread = [(len(argument.studies), argument) for argument in found]
    several = [(studies, argument) for studies, argument in spread if studies >= FEWEST_STUDIES]
    several.sort(key=lambda row: (-row[0], -len(row[1].passages), row[1].kind, row[1].name))
    return tuple(argument for _, argument in several)


def _sharing(group: Subtheme) -> CodingSelection:
    """The passages of a group that have its terms; all of them where people said that they are one."""
    if group.named:
        return group.passages
    needed = min(SHARED_TERMS, len(group.terms)) or 1
    terms = [set(term.split()) for term in group.terms]
    places = [
        place
        for place, coding in zip(group.passages.places.tolist(), group.passages, strict=True)
        if sum(term <= _words(coding) for term in terms) >= needed
    ]
    return group.passages.pick(np.array(places, dtype=np.int64))


def _words(coding: Coding) -> set[str]:
    return set(_WORD.findall((coding.quote or coding.text).casefold()))


def _links(columns: CodingColumns) -> list[Argument]:
    """The same two codes of two themes in one passage: where studies tie one problem to another."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    passages, codes = columns.column("passage"), _telling_codes(columns)
    for one, other in combinations(columns.themes, 2):
        of_one, of_other = columns.of_theme(one).places, columns.of_theme(other).places
        beside = dict(zip(passages[of_other].tolist(), of_other.tolist(), strict=True))
        for place in of_one[np.isin(passages[of_one], passages[of_other])].tolist():
            for first in codes[place]:
                for second in codes[beside[passages[place]]]:
                    found[first, second].append(place)
    return [
        Argument(
            "link",
            f"{_name(first)} with {_name(second)}",
            (first.partition(".")[0], second.partition(".")[0]),
            CodingSelection(columns, np.array(places, dtype=np.int64)).strongest_first(),
        )
        for (first, second), places in found.items()
    ]


def _telling_codes(columns: CodingColumns) -> Mapping[int, tuple[str, ...]]:
    """Place of a coding -> the codes that found it, without phrases taken from a codebook, whose names say nothing."""
    sets = {number: columns.codes_of(number) for number in np.unique(columns.column("codes")).tolist()}
    telling = {number: tuple(code for code in codes if not is_draft(code)) for number, codes in sets.items()}
    return {place: telling[number] for place, number in enumerate(columns.column("codes").tolist())}


def _codes(columns: CodingColumns) -> list[Argument]:
    found = []
    for code in columns.codes:
        theme = code.partition(".")[0]
        places = np.intersect1d(columns.having(code), columns.of_theme(theme).places)
        if len(places) and not is_draft(code):
            picked = CodingSelection(columns, places).strongest_first()
            found.append(Argument("code", _name(code), (theme,), picked))
    return found


def _name(code: str) -> str:
    """ "TI.exclusion-error" is "exclusion error"."""
    return code.partition(".")[2].replace("-", " ")
