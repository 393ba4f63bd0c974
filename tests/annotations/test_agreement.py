"""Agreement: what counts as judged by both, what the disagreements are, and whether the machine leads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotations.agreement.assignment import Assignment
from annotations.agreement.automation_bias import BiasComparison, Rate, automation_bias
from annotations.agreement.coefficients import MISSING
from annotations.agreement.intercoder_agreement import agreements, disagreements, pairs
from annotations.agreement.ratings import (
    Ratings,
    agreed_ratings,
    coder_ratings,
    machine_ratings,
    passage_ratings,
    study_ratings,
)
from annotations.decision import Anchor, Decision, Mark
from annotations.standing import StandingLog
from corpus.workspace import CodingSettings
from models.suggestion import DocumentSuggestions, StudyProposal, Suggestion
from support.coded_study import DOCUMENTS, SHA, TEXTS, THEMES, decide


def _saw(coder: str, passage: int) -> Mark:
    return Mark("s", "seen", coder, anchor=Anchor(TEXTS[passage], 1, f"p{passage}"))


def _values(ratings: Ratings, rater: str) -> list[list[int]]:
    return ratings.only([rater]).values[0].tolist()


def test_a_theme_left_out_of_a_judged_passage_is_a_no_and_a_passage_not_judged_is_missing() -> None:
    ratings = passage_ratings(
        [decide("amina", 0, "GW", 2), decide("amina", 1, "GW", 0)], [_saw("amina", 2)], DOCUMENTS, themes=THEMES
    )
    assert _values(ratings, "amina") == [[2, 0], [0, 0], [0, 0], [MISSING, MISSING]]


def test_who_is_done_with_a_study_has_judged_every_passage_of_theirs() -> None:
    said, done = [decide("amina", 0, "GW", 1)], [Mark("s", "done", "amina")]
    assert _values(passage_ratings(said, done, DOCUMENTS, themes=THEMES), "amina") == [[1, 0], [0, 0], [0, 0], [0, 0]]
    drawn = Assignment(CodingSettings(("amina", "bilal")))
    own = [drawn.codes("amina", "s", f"p{n}") for n in range(4)]
    assert 0 < sum(own) < 4
    found = _values(passage_ratings([], done, DOCUMENTS, themes=THEMES, assignment=drawn), "amina")
    assert [row == [0, 0] for row in found] == own


def test_several_quotes_in_one_passage_count_by_the_strongest() -> None:
    part = replace(decide("amina", 0, "GW", 2), anchor=Anchor("came late", 1, "p0"))
    ratings = passage_ratings([part, decide("amina", 0, "GW", 0)], [], DOCUMENTS, themes=THEMES)
    assert _values(ratings, "amina")[0] == [2, 0]


def test_a_quote_that_is_nowhere_any_more_is_still_compared() -> None:
    lost = [replace(decide(c, 0, "GW", v), anchor=Anchor("Gone words", 9)) for c, v in (("amina", 1), ("bilal", 0))]
    found = list(disagreements(passage_ratings(lost, [], DOCUMENTS, themes=THEMES)))
    assert [(one.place.quote, one.place.page, one.ratings) for one in found] == [
        ("Gone words", 9, (("amina", 1), ("bilal", 0)))
    ]


def test_words_that_are_gone_are_the_same_words_on_whichever_page_each_coder_judged_them() -> None:
    where = (("amina", 1, 9), ("bilal", 0, 4))
    lost = [replace(decide(c, 0, "GW", v), anchor=Anchor("Gone words", page)) for c, v, page in where]
    (found,) = disagreements(passage_ratings(lost, [], DOCUMENTS, themes=THEMES))
    assert found.ratings == (("amina", 1), ("bilal", 0))


def test_what_was_judged_of_a_study_that_left_the_review_is_no_agreement() -> None:
    marks = tuple(Mark("gone", "seen", coder, anchor=Anchor("Words", 1, "p9")) for coder in ("amina", "bilal"))
    said = StandingLog((decide("amina", 0, "GW", 1),), marks)
    passages, _ = coder_ratings(
        said, sources=["s"], themes=THEMES, documents=DOCUMENTS, assignment=None, judged_themes=None
    )
    assert {place.source_id for place in passages.places} == {"s"}
    assert passages.raters == ("amina",)


def test_adjudicators_and_the_published_coding_are_no_raters() -> None:
    said = [
        decide("zara", 0, "GW", 1, role="adjudicator"), Decision("s", "GW", 1, "published", "published"),
        decide("amina", 0, "GW", 1),
    ]  # fmt: skip
    assert passage_ratings(said, [], DOCUMENTS, themes=THEMES).raters == ("amina",)
    assert study_ratings(said, [], sources=["s"], themes=THEMES).raters == ("amina",)


def test_of_a_study_the_judgement_on_the_whole_counts_then_its_passages_then_that_it_is_done() -> None:
    said = [
        decide("amina", 0, "GW", 2), Decision("s", "GW", 1, "amina"),
        decide("bilal", 0, "GW", 1), decide("bilal", 1, "GW", 2), decide("bilal", 2, "FS", 0),
        decide("chen", 0, "FS", 0),
    ]  # fmt: skip
    ratings = study_ratings(said, [Mark("s", "done", "bilal")], sources=["s", "t"], themes=THEMES)
    assert _values(ratings, "amina") == [[1, MISSING], [MISSING, MISSING]]
    assert _values(ratings, "bilal") == [[2, 0], [MISSING, MISSING]]
    assert _values(ratings, "chen") == [[MISSING, MISSING], [MISSING, MISSING]]


def test_passages_of_a_study_that_others_code_too_add_up_to_no_value_for_it() -> None:
    part = Assignment(CodingSettings(("amina", "bilal")))
    whole = Assignment(CodingSettings(("amina", "bilal"), unit="study", double_share=1.0))
    said, done = [decide("amina", 0, "GW", 2)], [Mark("s", "done", "amina")]
    for assignment, expected in ((part, [MISSING, MISSING]), (whole, [2, 0])):
        ratings = study_ratings(said, done, sources=["s"], themes=THEMES, assignment=assignment)
        assert _values(ratings, "amina") == [expected]


def test_disagreements_say_whether_they_are_on_presence_or_only_on_strength() -> None:
    said = [
        decide("amina", 0, "GW", 2), decide("bilal", 0, "GW", 1),
        decide("amina", 1, "FS", 1), decide("bilal", 1, "FS", 0), decide("chen", 1, "FS", 2),
        decide("amina", 2, "FS", 1), decide("bilal", 2, "FS", 1),
    ]  # fmt: skip
    ratings = passage_ratings(said, [], DOCUMENTS, themes=THEMES)
    found = [(one.place.passage_id, one.theme, one.scale, one.ratings) for one in disagreements(ratings)]
    assert found == [
        ("p0", "GW", "strength", (("amina", 2), ("bilal", 1))),
        ("p1", "FS", "presence", (("amina", 1), ("bilal", 0), ("chen", 2))),
    ]
    assert [one.theme for one in disagreements(ratings, themes=["FS"])] == ["FS"]


def test_agreement_is_told_overall_and_by_theme_and_its_table_is_of_the_first_rater_by_the_second() -> None:
    said = [
        decide("amina", 0, "GW", 2), decide("bilal", 0, "GW", 1),
        decide("amina", 1, "FS", 1), decide("bilal", 1, "FS", 0),
    ]  # fmt: skip
    ratings = passage_ratings(said, [_saw("amina", 3), _saw("bilal", 3)], DOCUMENTS, themes=THEMES)
    overall, gw, fs = agreements(ratings, scale="presence", draws=10)
    assert [(one.theme, one.units) for one in (overall, gw, fs)] == [("", 6), ("GW", 3), ("FS", 3)]
    assert fs.confusion == ((2, 0), (1, 0))
    assert gw.coefficients["per cent"].value == 100
    assert agreements(ratings, scale="strength", draws=10)[1].confusion == ((2, 0, 0), (0, 0, 0), (0, 1, 0))


def test_pairs_are_those_who_share_something() -> None:
    said = [decide("amina", 0, "GW", 1), decide("bilal", 0, "GW", 1), decide("chen", 1, "GW", 1)]
    assert pairs(passage_ratings(said, [], DOCUMENTS, themes=THEMES)) == (("amina", "bilal"),)


def _proposed(*made: tuple[int, str, int]) -> DocumentSuggestions:
    suggestions = tuple(Suggestion(f"p{n}", theme, 0.9, strength, (), "m", "c") for n, theme, strength in made)  # type: ignore[arg-type]
    studies = tuple(StudyProposal(t, 1 if t == "GW" else 0, 4, 1, 0.0, ()) for t in THEMES)
    return DocumentSuggestions(SHA, "x", "m", "c", suggestions, studies)


def test_the_machine_is_a_rater_of_what_it_read() -> None:
    lost = replace(decide("amina", 0, "GW", 1), anchor=Anchor("Gone words", 9))
    like = passage_ratings([decide("amina", 0, "GW", 1), lost], [], DOCUMENTS, themes=(*THEMES, "NEW"))
    found = _values(machine_ratings(like, {"s": _proposed((0, "GW", 2), (2, "FS", 1))}), "machine")
    unknown = [MISSING] * 3
    assert found == [[2, 0, MISSING], [0, 0, MISSING], [0, 1, MISSING], [0, 0, MISSING], unknown]
    studies = study_ratings([], [], sources=["s", "t"], themes=THEMES)
    assert _values(machine_ratings(studies, {"s": _proposed()}), "machine") == [[1, 0], [MISSING, MISSING]]


def test_people_hold_what_was_ruled_or_what_all_of_them_say() -> None:
    said = [
        decide("amina", 0, "GW", 2), decide("bilal", 0, "GW", 1),
        decide("amina", 1, "GW", 1), decide("bilal", 1, "GW", 0),
        decide("amina", 2, "GW", 1), decide("bilal", 2, "GW", 0),
        decide("zara", 2, "GW", 2, role="adjudicator", decided="2026-01-01", number=2),
        decide("yusuf", 2, "GW", 0, role="adjudicator", decided="2026-02-01", number=1),
    ]  # fmt: skip
    coders = passage_ratings(said, [], DOCUMENTS, themes=THEMES)
    assert [row[0] for row in _values(agreed_ratings(coders, said), "people")] == [1, MISSING, 2, MISSING]


def test_the_machine_leads_where_coders_follow_it_more_often_when_they_see_it() -> None:
    """Amina follows what she is shown, Bilal was shown nothing and codes one of the two."""
    said = [
        decide("amina", 0, "GW", 1, shown=True), decide("amina", 1, "GW", 1, shown=True),
        decide("bilal", 0, "GW", 1, shown=False), decide("bilal", 1, "FS", 1, shown=False),
        decide("chen", 0, "GW", 0),  # imported: nobody knows what Chen saw
    ]  # fmt: skip
    coders = passage_ratings(said, [], DOCUMENTS, themes=THEMES)
    machine = machine_ratings(coders, {"s": _proposed((0, "GW", 1), (1, "GW", 1))})
    confirmed, found, all_ = automation_bias(coders, machine, said, Assignment(CodingSettings()))
    assert (confirmed.shown, confirmed.hidden) == (Rate(2, 2), Rate(1, 2))
    assert (found.shown, found.hidden) == (Rate(2, 2), Rate(1, 2))
    assert (all_.shown, all_.hidden) == (Rate(4, 4), Rate(2, 4))


def test_a_code_that_the_machine_did_not_suggest_counts_as_the_draw_says_if_it_was_made_on_the_page() -> None:
    drawn = Assignment(CodingSettings(blind_share=0.5))
    said = [decide("amina", n, "FS", 1, seconds=3.0) for n in range(4)] + [decide("bilal", 0, "FS", 1)]
    coders = passage_ratings(said, [], DOCUMENTS, themes=THEMES)
    _, found, _ = automation_bias(coders, machine_ratings(coders, {"s": _proposed()}), said, drawn)
    shown = sum(drawn.shows_machine("s", f"p{n}") for n in range(4))
    assert (found.shown, found.hidden) == (Rate(0, shown), Rate(0, 4 - shown))


def test_a_passage_seen_and_left_uncoded_counts_as_the_draw_says() -> None:
    drawn = Assignment(CodingSettings(blind_share=0.5))
    marks = [_saw("amina", n) for n in range(4)]
    coders = passage_ratings([], marks, DOCUMENTS, themes=THEMES)
    machine = machine_ratings(coders, {"s": _proposed(*((n, "GW", 1) for n in range(4)))})
    confirmed, *_ = automation_bias(coders, machine, [], drawn)
    shown = sum(drawn.shows_machine("s", f"p{n}") for n in range(4))
    assert 0 < shown < 4
    assert (confirmed.shown, confirmed.hidden) == (Rate(0, shown), Rate(0, 4 - shown))


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_rates_have_wilsons_interval(hits: int, of: int, low: float, high: float) -> None:
    assert Rate(hits, of).interval == pytest.approx((low, high), abs=5e-5)


def test_a_difference_has_newcombes_interval() -> None:
    """Newcombe 1998, table II, method 10: 56/70 against 48/80."""
    assert BiasComparison("", Rate(56, 70), Rate(48, 80)).difference == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert BiasComparison("", Rate(0, 0), Rate(1, 2)).difference is None
