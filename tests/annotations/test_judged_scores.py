"""Decisions beside the machine's scores."""

from __future__ import annotations

from typing import Literal

from annotations.decision import Anchor, Decision, Mark
from annotations.judged_scores import judged_studies
from models.suggestion import DocumentSuggestions, Suggestion

COUNTS = {"GW": (0,) * 69 + (50,), "TI": (50,) + (0,) * 69}


def made(*kept: tuple[str, float]) -> DocumentSuggestions:
    found = tuple(Suggestion(passage, "GW", score, 1, (), "m", "c") for passage, score in kept)
    return DocumentSuggestions("a", "x", "m", "c", found, (), 50, COUNTS)


def said(
    passage: str, value: Literal[0, 1, 2], *, coder: str = "Amina", role: Literal["coder", "adjudicator"] = "coder"
) -> Decision:
    return Decision("s1", "GW", value, coder, role, Anchor(f"words of {passage}", 1, passage))


def test_answers_and_added_codes_are_told_apart() -> None:
    decisions = [said("p1", 2), said("p2", 0), said("p3", 1)]
    (study,) = judged_studies(decisions, [], {"s1": made(("p1", 0.8), ("p2", 0.4)), "s2": made()})
    assert sorted(study.decided["GW"]) == [(0.4, False), (0.8, True)]
    assert study.missed == {"GW": 1}
    assert (study.passages, study.finished) == (50, False)


def test_what_coders_disagree_on_says_nothing_until_somebody_rules() -> None:
    proposals = {"s1": made(("p1", 0.8))}
    apart = [said("p1", 1), said("p1", 0, coder="Bilal")]
    (study,) = judged_studies(apart, [], proposals)
    assert not study.decided
    (study,) = judged_studies([*apart, said("p1", 0, coder="Chief", role="adjudicator")], [], proposals)
    assert study.decided["GW"] == [(0.8, False)]


def test_a_study_is_finished_when_a_coder_is_done_and_was_shown_everything() -> None:
    proposals = {"s1": made(("p1", 0.8))}
    (study,) = judged_studies([], [Mark("s1", "done", "Amina")], proposals)
    assert study.finished
    (study,) = judged_studies([said("p1", 1)], [Mark("s1", "done", "Amina", not_shown=("p9",))], proposals)
    assert not study.finished
