"""What was done with the machine in a review, counted from the record: for the statement of its use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from annotations.decision import Decision


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """Decisions on passages that count now, beside what the machine proposes."""

    answers: int = 0  # decisions on suggestions, of this model or an earlier one
    shown: int = 0  # of them those whose coder saw the suggestion
    accepted: int = 0
    rejected: int = 0
    without: int = 0  # decisions on passages for which nothing was proposed
    deciders: tuple[tuple[str, int], ...] = ()  # who answered suggestions, and how many
    models: tuple[str, ...] = ()  # whose suggestions were answered


@dataclass(frozen=True, slots=True)
class MachineUse:
    """Counts and names for the statement of the use of machines."""

    model_id: str
    aim: str  # what suggestions are for, as review.toml has it
    voices: tuple[str, ...]  # what scores a passage, in the words of the handbook; none: phrase rules alone
    encoders: str  # ids of the sentence encoders; "" for none
    passages: int  # labelled passages it learned from
    documents: int  # that these come from
    own: int  # of the passages, those that people of this review labelled
    promoted_by: str  # "" where it counts without a promotion; "jaiza" where the comparison decided
    suggestions: int  # that stand in the texts
    record: AnswerCounts


def count_answers(decisions: Sequence[Decision]) -> AnswerCounts:
    """What people answered; `decisions` are those that count now."""
    made = [one for one in decisions if one.anchor and one.role != "published" and one.value is not None]
    answers = [one for one in made if one.model_id]
    return AnswerCounts(
        answers=len(answers),
        shown=sum(one.shown is True for one in answers),
        accepted=sum(bool(one.value) for one in answers),
        rejected=sum(one.value == 0 for one in answers),
        without=len(made) - len(answers),
        deciders=tuple(sorted(Counter(one.coder for one in answers).items())),
        models=tuple(sorted({one.model_id for one in answers})),
    )
