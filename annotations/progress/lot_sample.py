"""Passages that come to the coders by lot, so that what the machine misses can be measured.

Which passages are drawn depends on the review's seed and on their words alone, not on the machine: whoever draws
again draws the same. A passage of the lot is answered when a coder was asked about it as a whole, or finished its
study. What was answered so far counts as a sample of all passages only where no choice of the coders is in it: of the
whole review as far as the lots were answered in the order of the draw; or of those studies whose lots are all answered.
The larger of the two is taken.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

Where = tuple[str, str]  # source id, passage id


class Draw(Protocol):
    """What decides which passages come by lot: the review's Assignment."""

    @property
    def lot_share(self) -> float:
        """Share of the passages that come by lot."""

    def by_lot(self, source_id: str, passage_id: str) -> bool:
        """Whether a passage does."""

    def lot(self, source_id: str, passage_id: str) -> float:
        """Its number in the draw, 0 to below 1."""


@dataclass(frozen=True, slots=True)
class LotSample:
    """What was drawn, and what of it can be counted on."""

    drawn: tuple[Where, ...]  # of the whole review, in the order of the draw
    counted: tuple[Where, ...]  # answered, and a fair sample of `studies`
    answered: int  # of `drawn`, counted or not
    studies: tuple[str, ...]  # of which it is a sample; none where nothing is counted
    whole: bool  # whether these are all studies there are texts of
    next: tuple[Where, ...] = ()  # the first of the draw that are not answered


def drawn_by_lot(passages: Mapping[str, Sequence[str]], assignment: Draw) -> tuple[Where, ...]:
    """The passages drawn, in the order of the draw; `passages` are ids by source id."""
    drawn = [
        (source_id, passage_id)
        for source_id, ids in passages.items()
        for passage_id in ids
        if assignment.by_lot(source_id, passage_id)
    ]
    return tuple(sorted(drawn, key=lambda where: (assignment.lot(*where), where)))


def fair_sample(
    drawn: Sequence[Where], answered: Collection[Where], studies: Collection[str], *, shown: int = 3
) -> LotSample:
    """What of `drawn` can be counted on, with `answered` so far; `studies` are all that there are texts of."""
    waiting = [where for where in drawn if where not in answered]
    first = next((place for place, where in enumerate(drawn) if where not in answered), len(drawn))
    # A study of which no passage was drawn is complete by chance alone, and nothing is known of it.
    asked = {source_id for source_id, _ in drawn} - {source_id for source_id, _ in waiting}
    complete = tuple(study for study in studies if study in asked)
    of_complete = tuple(where for where in drawn if where[0] in asked)
    whole = first >= len(of_complete)
    counted = tuple(drawn[:first]) if whole else of_complete
    return LotSample(
        drawn=tuple(drawn),
        counted=counted,
        answered=len(drawn) - len(waiting),
        studies=() if not counted else tuple(studies) if whole else complete,
        whole=whole and bool(counted),
        next=tuple(waiting[:shown]),
    )
