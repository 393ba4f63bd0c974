"""Phrase rules: what takes a phrase back, what must stand near it, and where it is found."""

from __future__ import annotations

from functools import cache

import pytest

from models.codebook.lexicon import shipped_lexicon
from models.codebook.phrase_rules import PhraseHit, PhraseRules


@cache
def rules() -> PhraseRules:
    return PhraseRules(shipped_lexicon())


def hits(text: str, rule_id: str) -> list[PhraseHit]:
    (found,) = rules().find([text])
    return [hit for hit in found if hit.rule.id == rule_id]


@pytest.mark.parametrize(
    ("text", "taken_back"),
    [
        pytest.param("Corruption is widespread in the committees.", None, id="asserted"),
        pytest.param("There is no evidence of corruption in the committees.", "denied", id="denied"),
        pytest.param(
            "No report was sent to the ministry; corruption is widespread.", None, id="denial of another clause"
        ),
        pytest.param(
            "The inspectors did not publish their report. Corruption is widespread.", None, id="other sentence"
        ),
        pytest.param("Corruption in the committees is no longer reported by anyone.", "solved", id="solved"),
        pytest.param("The reform aims to reduce corruption in the committees.", "planned", id="planned"),
        pytest.param("Corruption continues, and the board will meet in May.", None, id="a plan after the phrase"),
        pytest.param("Corruption is defined as the abuse of office.", "defined", id="defined"),
        pytest.param("Is corruption widespread in the committees?", "defined", id="a question"),
        pytest.param("The senator wished to hear about corruption, if any.", "doubted", id="kept at a distance"),
    ],
)
def test_a_phrase_is_taken_back_by_its_sentence(text: str, taken_back: str | None) -> None:
    (hit,) = hits(text, "GW.corruption")
    assert hit.taken_back == taken_back


def test_a_companion_in_another_sentence_does_not_count() -> None:
    assert hits("Many widows were turned away at the desk.", "TI.poor-left-out")
    assert not hits("Many widows came. The lorry was turned away.", "TI.poor-left-out")


def test_a_companion_far_away_does_not_count() -> None:
    filler = "and then on the day after the market had closed for the long holiday "
    assert not hits(f"Widows {filler} were turned away.", "TI.poor-left-out")


@pytest.mark.parametrize("text", ["proxy-means test errors", "Proxy Means Test\nerrors", "PROXY–MEANS TEST errors"])
def test_case_hyphens_and_line_ends_do_not_matter(text: str) -> None:
    assert hits(text, "TI.proxy-means-test")


def test_a_hit_tells_where_it_stands_in_the_text_as_given() -> None:
    text = "In 2014 – so the auditors – “ghost-beneficiaries” drew pay."
    (hit,) = hits(text, "GW.corruption")
    assert text[hit.start : hit.end] == "ghost-beneficiaries"


@pytest.mark.parametrize("between", ["at 0.6 per cent of Rs. 500", "in No. 4 of the list", "i.e. never so"])
def test_a_point_inside_a_sentence_does_not_end_it(between: str) -> None:
    (hit,) = hits(f"Corruption, {between}, is no longer seen.", "GW.corruption")
    assert hit.taken_back == "solved"


def test_empty_and_odd_texts_give_nothing() -> None:
    assert rules().find(["", "   ", "١٢٣ ۔۔۔", "\x00\x01"]) == [(), (), (), ()]
