"""Coders who share the passages of a study count as one: what it says is what their parts say together."""

from __future__ import annotations

import pytest

from annotations.agreement.assignment import Assignment
from annotations.agreement.team_coding import TEAM, counting_for_studies
from annotations.decision import Decision, Mark
from corpus.workspace import CodingSettings
from support.coded_study import DOCUMENTS, THEMES, decide

BOTH = CodingSettings(("amina", "bilal"), double_share=1.0)  # every passage is both's
DONE = [Mark("s", "done", "amina"), Mark("s", "done", "bilal")]


def _values(
    decisions: list[Decision], marks: list[Mark] | None = None, settings: CodingSettings = BOTH
) -> dict[tuple[str, str], int | None]:
    found = counting_for_studies(decisions, marks or [], DOCUMENTS, assignment=Assignment(settings), themes=THEMES)
    assert all(one.anchor is None or one.role == "adjudicator" or one.coder not in settings.coders for one in found)
    return {(one.coder, one.theme): one.value for one in found}


def test_the_highest_passage_on_which_they_agree_is_the_studys_value() -> None:
    said = [decide("amina", 0, "GW", 2), decide("bilal", 1, "GW", 1)]  # each of a passage that the other did not judge
    assert _values(said) == {(TEAM, "GW"): 2}
    both = [decide("amina", 0, "GW", 2), decide("bilal", 0, "GW", 1)]
    assert _values(both) == {(TEAM, "GW"): 1}


def test_a_passage_on_which_they_differ_matters_only_where_no_other_settles_it() -> None:
    differing = [decide("amina", 0, "GW", 1), decide("bilal", 0, "GW", 0)]
    assert _values(differing) == {("team: amina", "GW"): 1, ("team: bilal", "GW"): 0}
    settled = [*differing, decide("amina", 1, "GW", 2)]
    assert _values(settled) == {(TEAM, "GW"): 2}


def test_a_theme_left_out_of_a_passage_they_saw_is_a_side_too() -> None:
    said = [decide("amina", 0, "GW", 1), decide("bilal", 0, "FS", 0)]
    assert _values(said)["team: bilal", "GW"] == 0


def test_a_study_is_0_when_all_whose_passages_it_has_are_done_with_it() -> None:
    said = [decide("amina", 0, "GW", 1), decide("bilal", 0, "GW", 1)]
    assert _values(said, DONE[:1]) == {(TEAM, "GW"): 1}
    assert _values(said, DONE) == {(TEAM, "GW"): 1, (TEAM, "FS"): 0}


@pytest.mark.parametrize(
    ("ruled", "other", "expected"),
    [
        (0, None, {}),
        (2, None, {("zara", "GW"): 2}),
        (1, 2, {(TEAM, "GW"): 2}),
        (2, 1, {("zara", "GW"): 2}),
    ],
    ids=["ruled out", "ruled in", "another passage says more", "the ruling says more"],
)
def test_a_ruling_stands_in_the_place_of_the_passage(
    ruled: int, other: int | None, expected: dict[tuple[str, str], int]
) -> None:
    said = [
        decide("amina", 0, "GW", 1), decide("bilal", 0, "GW", 0), decide("zara", 0, "GW", ruled, role="adjudicator"),
        *([decide("amina", 1, "GW", other)] if other else []),
    ]  # fmt: skip
    assert _values(said) == expected


def test_judgements_on_the_whole_study_and_of_others_are_left_as_they_are() -> None:
    others = [
        Decision("s", "GW", 1, "amina"),
        Decision("s", "GW", 1, "published", "published"),
        decide("chen", 0, "GW", 2),
    ]
    assert _values(others) == {("amina", "GW"): 1, ("published", "GW"): 1, ("chen", "GW"): 2}


@pytest.mark.parametrize("settings", [CodingSettings(), CodingSettings(("amina", "bilal"), unit="study")])
def test_where_no_passages_are_given_out_everybody_stands_for_themselves(settings: CodingSettings) -> None:
    said = [decide("amina", 0, "GW", 2), decide("bilal", 1, "GW", 1)]
    found = counting_for_studies(said, DONE, DOCUMENTS, assignment=Assignment(settings), themes=THEMES)
    assert found == tuple(said)
