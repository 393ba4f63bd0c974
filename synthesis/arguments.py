"""Pattern recognition: arguments that come back in several studies, with the words of every study that makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from synthesis.coding import Coding
from synthesis.subthemes import Subtheme

FEWEST_STUDIES = 2  # an argument of one study is no pattern


@dataclass(frozen=True, slots=True)
class Argument:
    """One recurring argument."""

    kind: Literal["sub-theme", "link", "code"]  # a group of passages; two themes in one passage; a first-level code
    name: str
    themes: tuple[str, ...]
    passages: tuple[Coding, ...]  # the one that shows it best first

    @property
    def studies(self) -> tuple[str, ...]:
        """Source ids of the studies that make it."""
        return tuple(sorted({coding.source_id for coding in self.passages}))

    @property
    def by_study(self) -> tuple[Coding, ...]:
        """The best passage of each study."""
        best: dict[str, Coding] = {}
        for coding in self.passages:
            best.setdefault(coding.source_id, coding)
        return tuple(best.values())


def recurring(codings: Sequence[Coding], groups: Sequence[Subtheme]) -> tuple[Argument, ...]:
    """Arguments of at least FEWEST_STUDIES studies, those of most studies first."""
    found = [
        Argument("sub-theme", group.name, (group.theme,), group.passages)
        for group in groups
        if len(group.studies) >= FEWEST_STUDIES
    ]
    found += [argument for argument in (*_links(codings), *_codes(codings)) if len(argument.studies) >= FEWEST_STUDIES]
    return tuple(sorted(found, key=lambda one: (-len(one.studies), -len(one.passages), one.kind, one.name)))


def _links(codings: Sequence[Coding]) -> list[Argument]:
    """Two themes in one passage: where a study ties one problem to another."""
    places: dict[tuple[str, str], dict[str, Coding]] = {}
    for coding in codings:
        places.setdefault((coding.source_id, coding.key[2]), {})[coding.theme] = coding
    pairs: dict[tuple[str, str], list[Coding]] = {}
    for themes in places.values():
        for one, other in combinations(sorted(themes), 2):
            pairs.setdefault((one, other), []).append(themes[one])
    return [
        Argument("link", f"{one} with {other}", (one, other), _strongest_first(passages))
        for (one, other), passages in sorted(pairs.items())
    ]


def _codes(codings: Sequence[Coding]) -> list[Argument]:
    having: dict[str, list[Coding]] = {}
    for coding in codings:
        for code in coding.codes:
            if code.startswith(f"{coding.theme}."):
                having.setdefault(code, []).append(coding)
    return [
        Argument(
            "code", code.partition(".")[2].replace("-", " "), (code.partition(".")[0],), _strongest_first(passages)
        )
        for code, passages in sorted(having.items())
    ]


def _strongest_first(codings: Sequence[Coding]) -> tuple[Coding, ...]:
    return tuple(sorted(codings, key=lambda c: (-c.value, -(c.score or 0), c.key)))
