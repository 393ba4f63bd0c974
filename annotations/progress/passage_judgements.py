"""What people said of passages: which themes are there, which are not, and of which nobody knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from annotations.codebook_changes import JudgedThemes
from annotations.decision import BY_LOT, Decision, Mark
from annotations.progress.lot_sample import Where

Key = tuple[str, str, str]  # source id, passage id, theme


@dataclass(frozen=True, slots=True)
class Judgements:
    """What people said of passages, so far as it is known."""

    given: Mapping[Key, bool]  # whether a theme is there, where somebody decided on it
    left_out: Mapping[Where, frozenset[str]]  # passages judged as a whole -> themes that could have been given
    answers: Mapping[Key, Decision] = field(default_factory=dict)  # the last decision on a suggestion

    def holds(self, where: Where, theme: str) -> bool | None:
        """Whether the theme is in the passage; None: nobody knows."""
        said = self.given.get((*where, theme))
        return said if said is not None else False if theme in self.left_out.get(where, ()) else None


def judgements(
    decisions: Sequence[Decision],
    marks: Sequence[Mark],
    passages: Mapping[str, Sequence[str]],
    themes: JudgedThemes,
) -> Judgements:
    """From what counts now, anchored in the texts. A ruling counts before coders; of these any yes is a yes."""
    made: dict[Key, list[Decision]] = defaultdict(list)
    for decision in decisions:
        if decision.of_passage and decision.anchor:
            made[decision.source_id, decision.anchor.passage_id, decision.theme].append(decision)
    given = {}
    for key, own in made.items():
        rulings = [decision for decision in own if decision.role == "adjudicator"]
        given[key] = any(decision.value for decision in rulings[-1:] or own)
    left_out: dict[Where, frozenset[str]] = defaultdict(frozenset)
    for mark in marks:
        if not mark.on:
            continue
        if mark.kind == "done" and not mark.anchor:
            for passage_id in mark.judged(passages.get(mark.source_id, ())):
                left_out[mark.source_id, passage_id] |= themes.of(mark)
        elif mark.kind == "seen" and mark.note == BY_LOT and mark.anchor and mark.anchor.passage_id:
            left_out[mark.source_id, mark.anchor.passage_id] |= themes.of(mark)
    answers = {key: next((d for d in reversed(own) if d.model_id), own[-1]) for key, own in made.items()}
    return Judgements(given, dict(left_out), answers)
