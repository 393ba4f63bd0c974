"""What of a study people judged, what they passed over, and what was shown to nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annotations.decision import Decision, Mark


@dataclass(frozen=True, slots=True)
class ShownPassages:
    """The passages of a study by what happened to them, by anybody; each stands in one of the four."""

    judged: frozenset[str]  # decided on, or put before somebody to be judged
    passed_over: frozenset[str]  # on the screen of somebody who went through the document, and nothing was said of them
    unrecorded: frozenset[str]  # of a study that was finished before it was recorded what had been shown
    not_shown: frozenset[str]  # the rest

    @property
    def told(self) -> str:
        """In words, for example "12 judged, 40 passed over, 8 shown to nobody"; a count of 0 is left out but the
        first."""
        parts = [f"{len(self.judged):,} judged"]
        parts += [f"{len(self.passed_over):,} passed over"] if self.passed_over else []
        parts += [f"{len(self.unrecorded):,} not recorded"] if self.unrecorded else []
        parts += [f"{len(self.not_shown):,} shown to nobody"] if self.not_shown else []
        return ", ".join(parts)


def shown_passages(
    passages: Sequence[str], decisions: Iterable[Decision], marks: Iterable[Mark], *, source_id: str
) -> ShownPassages:
    """`passages` are the ids of the study's passages; decisions and marks are those that count now, of any study.

    A published coding is nobody's look at a passage.
    """
    every = frozenset(passages)
    judged = {
        decision.anchor.passage_id
        for decision in decisions
        if decision.source_id == source_id and decision.anchor and decision.role != "published"
    }
    passed, unrecorded = set[str](), set[str]()
    for mark in marks:
        if mark.source_id != source_id or not mark.on:
            continue
        if mark.kind == "done" and mark.covers is None:
            unrecorded |= every
        elif mark.kind == "done":
            passed.update(mark.judged(passages))
        elif mark.anchor and mark.kind == "seen":
            judged.add(mark.anchor.passage_id)
        elif mark.anchor and mark.kind == "passed over":
            passed.add(mark.anchor.passage_id)
    first = every & judged
    second = (every & passed) - first
    third = (every & unrecorded) - first - second
    return ShownPassages(first, second, third, every - first - second - third)
