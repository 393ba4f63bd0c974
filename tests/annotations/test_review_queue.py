"""What to review next: the informative first, rare themes first, nothing twice."""

from __future__ import annotations

from collections import Counter

from annotations.progress.review_queue import review_order
from models.suggestion import Reason, Suggestion

RULE = Reason("phrase", "ghost beneficiaries", 0.8, "GW.ghosts")
TERM = Reason("term", "officials", 0.8)


def suggestion(passage: str, *, theme: str = "GW", score: float = 0.5, reasons: tuple[Reason, ...] = ()) -> Suggestion:
    return Suggestion(passage, theme, score, 1, reasons, "model", "codebook")


def order(*asked: Suggestion, judged: tuple[tuple[str, str], ...] = (), **found: int) -> tuple[int, ...]:
    return review_order(asked, judged=judged, themes_found=found)


def test_the_doubtful_come_before_the_certain() -> None:
    assert order(*(suggestion(str(p), score=p, reasons=(RULE,)) for p in (0.98, 0.5, 0.8))) == (1, 2, 0)


def test_where_rules_and_classifier_differ_comes_before_where_they_agree() -> None:
    agreed = suggestion("a", score=0.8, reasons=(RULE,))
    differing = suggestion("b", score=0.8, reasons=(TERM,))
    assert order(agreed, differing) == (1, 0)


def test_a_phrase_that_speaks_against_the_theme_is_no_assertion() -> None:
    against = Reason("phrase", "no ghosts", -0.4, "GW.ghosts")
    assert order(suggestion("a", score=0.8, reasons=(RULE,)), suggestion("b", score=0.8, reasons=(against,))) == (1, 0)


def test_a_theme_of_which_little_was_found_comes_first() -> None:
    assert order(suggestion("a", theme="GW"), suggestion("b", theme="CGL"), GW=30, CGL=2) == (1, 0)


def test_a_rare_theme_leads_the_queue_but_does_not_fill_it() -> None:
    asked = [suggestion(f"r{n}", theme="CGL", score=0.5) for n in range(40)]
    asked += [suggestion(f"c{n}", theme="GW", score=0.5) for n in range(40)]
    first = review_order(asked, judged=(), themes_found={"GW": 5})
    assert asked[first[0]].theme == "CGL"
    assert Counter(asked[at].theme for at in first[:40])["GW"] >= 10


def test_what_was_judged_is_left_out_for_its_own_theme_only() -> None:
    asked = [suggestion("a"), suggestion("a", theme="TI"), suggestion("b")]
    assert set(review_order(asked, judged=[("a", "GW")], themes_found={})) == {1, 2}


def test_every_open_suggestion_is_there_once_and_equals_keep_their_order() -> None:
    asked = [suggestion(str(number), theme="GW", score=1.0, reasons=(RULE,)) for number in range(5)]
    assert review_order(asked, judged=set(), themes_found={}) == (0, 1, 2, 3, 4)


def test_certainty_of_zero_or_one_is_no_error() -> None:
    assert sorted(order(suggestion("a", score=0.0), suggestion("b", score=1.0))) == [0, 1]


def test_nothing_to_review_gives_nothing() -> None:
    assert order() == ()
    assert order(suggestion("a"), judged=(("a", "GW"),)) == ()
