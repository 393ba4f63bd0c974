"""Some of the studies: what is asked, who meets it, and what can't be told."""

from __future__ import annotations

import pytest

from corpus.errors import JaizaError
from corpus.registry.screening import Screening
from corpus.registry.sources import Source
from support.published_matrix import SCREENING, SOURCES, published_cells
from synthesis.matrix.subset import choose, parse_condition
from synthesis.statistics.frequency import frequencies

STUDIES = [
    Source("a", "A", year=2010, kind="policy report", programmes=("BISP", "Zakat"), peer_reviewed="no"),
    Source("b", "B", year=2016, kind="journal article", programmes=("Ehsaas",), peer_reviewed="yes"),
    Source("c", "C", kind="evaluation report", programmes=("federal and provincial schemes",)),
    Source("d", "D", year=2020),
]
VERDICTS = [Screening("a", "fails", (), True), Screening("b", "pass", (), True), Screening("c", "doubtful", (), True)]


def kept(*conditions: str, eligible: bool = False) -> str:
    found = choose(STUDIES, [parse_condition(text) for text in conditions], screenings=VERDICTS, eligible=eligible)
    return "".join(source.id for source in found.kept)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ((), "abcd"),
        (("year>=2015",), "bd"),
        (("year < 2016",), "a"),
        (("year=2010|2020",), "ad"),
        (("year!=2010",), "bd"),
        (("year=unknown",), "c"),
        (("year=unknown|2010",), "ac"),
        (("kind=report",), "ac"),
        (("kind = Policy Report",), "a"),
        (("kind!=report",), "b"),
        (("kind=unknown",), "d"),
        (("programme=BISP|Ehsaas",), "ab"),
        (("programmes=provincial",), "c"),
        (("peer-reviewed=yes",), "b"),
        (("peer reviewed=no", "year<2012"), "a"),
        (("screening=pass|doubtful",), "bc"),
        (("source=a",), "a"),
    ],
    ids=str,
)
def test_studies_that_meet_every_condition_are_kept(conditions: tuple[str, ...], expected: str) -> None:
    assert kept(*conditions) == expected


def test_eligible_leaves_out_those_that_fail_and_keeps_the_doubtful_ones() -> None:
    assert kept(eligible=True) == "bcd"


def test_a_study_of_which_the_fact_is_not_known_is_left_out_and_named() -> None:
    found = choose(STUDIES, [parse_condition("year>=2015")])
    assert (dict(found.unknown), dict(found.left_out)) == ({"c": "year>=2015"}, {"a": "year>=2015"})


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("colour=red", "no field 'colour': did you mean 'country'"),
        ("kind=novel", "no kind 'novel': there is evaluation report, journal article, policy report"),
        ("year>recent", "compares a year with 'recent'. Write it in digits"),
        ("kind>report", "kind is in words, so only = and != go with it"),
        ("since 2015", "the condition 'since 2015' can't be understood. Write for example year>=2015"),
        ("year=", "can't be understood"),
        ("year>2050", "no study is left with year>2050"),
    ],
)
def test_a_condition_that_makes_no_sense_gets_one_clear_line(typed: str, message: str) -> None:
    with pytest.raises(JaizaError, match=message) as caught:
        kept(typed)
    assert "\n" not in str(caught.value)


def test_without_the_two_rows_that_fail_the_paper_has_these_frequencies() -> None:
    screenings = [Screening(key, verdict, (), True) for key, verdict in SCREENING.items()]  # type: ignore[arg-type]
    ids = {source.id for source in choose(SOURCES, (), screenings=screenings, eligible=True).kept}
    found = frequencies([cell for cell in published_cells() if cell.source_id in ids], "published")
    assert {item.theme: item.present for item in found} == {"GW": 19, "IF": 13, "TI": 18, "FS": 13, "DIG": 9, "CGL": 3}
    assert {item.known for item in found} == {23}
