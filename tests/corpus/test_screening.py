"""Screening: each criterion on made-up sources, and the verdicts on the shipped registry."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import DataFileError
from corpus.registry.registry_file import load_sources
from corpus.registry.screening import CriterionFinding, flow_counts, load_criteria, screen, screen_all
from corpus.registry.sources import Source
from corpus.workspace import Review, Workspace

# Meets every shipped criterion; each case changes one fact.
GOOD = Source(
    id="good",
    label="Good",
    title="Cash transfers in an invented district",
    year=2015,
    kind="journal article",
    countries=("Pakistan",),
    method="survey",
    doi="10.1000/1",
    identified="seen",
)


@pytest.fixture
def review(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, Review())


def finding_of(workspace: Workspace, criterion: str, source: Source, *earlier: Source) -> CriterionFinding:
    screening = screen(source, load_criteria(workspace), earlier=earlier)
    return next(finding for finding in screening.findings if finding.criterion == criterion)


def test_a_source_that_meets_every_criterion_passes(review: Workspace) -> None:
    screening = screen(GOOD, load_criteria(review))
    assert screening.verdict == "pass"
    names = ["identified", "window", "country", "approach", "kind", "methodology", "duplicate"]
    assert [(finding.criterion, finding.verdict) for finding in screening.findings] == [(n, "met") for n in names]


@pytest.mark.parametrize(
    ("criterion", "change", "verdict", "fact"),
    [
        ("window", {"year": 2004}, "not met", "2004, outside 2005-2024"),
        ("window", {"year": 2005}, "met", "2005"),
        ("window", {"year": 2024}, "met", "2024"),
        ("window", {"year": 2025}, "not met", "2025"),
        ("window", {"year": None}, "unclear", "the year is not known"),
        ("country", {"countries": ("India", "pakistan")}, "met", "about pakistan"),
        ("country", {"countries": ("Türkiye",)}, "not met", "about Türkiye, not Pakistan"),
        ("country", {"countries": ("multi", "Brazil")}, "not met", "about Brazil, not Pakistan"),
        ("country", {"countries": ("multi", "Pakistan")}, "met", "Pakistan"),
        ("country", {"countries": ("multi",)}, "unclear", "whether Pakistan is one is not known"),
        ("country", {"countries": ()}, "unclear", "the country is not known"),
        ("approach", {"method": "unknown"}, "unclear", "the method is not known"),
        ("approach", {"method": "divination"}, "unclear", "method: divination, which is none of impact evaluation"),
        ("approach", {"method": "Case study"}, "met", "Case study"),
        ("kind", {"kind": "editorial"}, "not met", "kind: editorial"),
        ("kind", {"kind": "Newspaper Article"}, "not met", "kind: Newspaper Article"),
        ("kind", {"kind": "unknown"}, "met", "the kind is not known, but there is a method: survey"),
        ("kind", {"kind": "unknown", "method": "unknown"}, "unclear", "the kind is not known"),
        ("methodology", {"kind": "institutional note"}, "unclear", "kind: institutional note"),
        ("methodology", {"method": "unknown"}, "unclear", "the method is not known"),
        ("identified", {"identified": "probable"}, "met", "probable"),
        ("identified", {"identified": "unverified"}, "unclear", "unverified"),
        ("identified", {"identified": "unknown"}, "unclear", "unknown; find the work first"),
    ],
)
def test_each_criterion_names_the_fact_it_turns_on(
    review: Workspace, criterion: str, change: dict[str, object], verdict: str, fact: str
) -> None:
    finding = finding_of(review, criterion, replace(GOOD, **change))  # type: ignore[arg-type]
    assert finding.verdict == verdict
    assert fact in finding.reason


@pytest.mark.parametrize(
    ("change", "verdict", "fact"),
    [
        ({"title": "Other", "doi": "10.1000/2"}, "met", "no earlier source has its title or DOI"),
        ({"title": "Other", "doi": ""}, "met", "no earlier source"),
        ({"title": "Other"}, "not met", "same DOI as good: 10.1000/1"),
        ({"title": "CASH transfers  in an invented district", "doi": ""}, "unclear", "same title as good"),
        ({"title": "", "doi": ""}, "unclear", "neither title nor DOI is known"),
    ],
)
def test_a_second_row_for_one_work_is_found(
    review: Workspace, change: dict[str, object], verdict: str, fact: str
) -> None:
    second = replace(GOOD, id="second", **change)  # type: ignore[arg-type]
    finding = finding_of(review, "duplicate", second, GOOD)
    assert finding.verdict == verdict
    assert fact in finding.reason


def test_of_two_rows_for_one_work_the_first_stays(review: Workspace) -> None:
    screenings = screen_all([GOOD, replace(GOOD, id="second")], load_criteria(review))
    assert [one.verdict for one in screenings] == ["pass", "fails"]


@pytest.mark.parametrize(
    ("year", "judgement", "verdict"),
    [
        (2015, "pass", "pass"),
        (2015, "doubtful", "doubtful"),
        (2015, "fails", "fails"),
        (None, "pass", "doubtful"),
        (None, "fails", "fails"),
        (1999, "pass", "fails"),
        (1999, "doubtful", "fails"),
    ],
)
def test_the_verdict_is_the_worst_of_criteria_and_judgement(
    review: Workspace, year: int | None, judgement: str, verdict: str
) -> None:
    source = replace(GOOD, year=year, eligibility=judgement, eligibility_reason="read it")  # type: ignore[arg-type]
    screening = screen(source, load_criteria(review))
    assert screening.verdict == verdict
    assert screening.findings[-1].criterion == "judgement"
    assert screening.findings[-1].reason == "read it"


def test_a_review_without_criteria_is_not_screened(tmp_path: Path) -> None:
    criteria = load_criteria(Workspace(tmp_path, Review(shipped_sources=False)))
    assert criteria == ()
    assert screen(GOOD, criteria).verdict == "not screened"
    assert screen(replace(GOOD, eligibility="pass"), criteria).verdict == "pass"


def test_own_criteria_replace_the_shipped_ones(review: Workspace) -> None:
    own = '[country]\nstatement = "About Kenya."\ncountries = ["Kenya"]\n'
    (review.root / "screening.toml").write_text(own, encoding="utf-8")
    screening = screen(replace(GOOD, countries=("Kenya",), year=1990), load_criteria(review))
    assert screening.findings == (CriterionFinding("country", "met", "about Kenya"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[windw]\n", "unknown key 'windw'. Did you mean 'window'?"),
        ('[window]\nstatement = "x"\nfirst_yaer = 2005\nlast_year = 2024\n', "[window]: "),
        ('[window]\nstatement = "x"\nfirst_year = 2005\nlast_year = 2024\nyears = 3\n', "unknown key 'years'"),
        ('[window]\nstatement = "x"\nfirst_year = 2005\n', "[window]: key 'last_year' is missing"),
        ("[identified]\n", "[identified]: key 'statement' is missing"),
        ('[window]\nstatement = "x"\nfirst_year = 2024\nlast_year = 2005\n', "first_year is later than last_year"),
        ('[country]\nstatement = "x"\ncountries = []\n', "[country]: countries: is empty"),
        ("window = 2005\n", "[window]: must be a table of keys and values"),
        ("[window\n", "not valid TOML"),
    ],
)
def test_a_mistake_in_the_criteria_is_named_with_file_and_key(review: Workspace, text: str, message: str) -> None:
    path = review.root / "screening.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        load_criteria(review)
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)


def test_every_shipped_criterion_is_stated_and_quoted(review: Workspace) -> None:
    assert [one.id for one in load_criteria(review) if not one.statement or not one.words] == []


def test_the_shipped_registry_screens_as_judged(review: Workspace) -> None:
    sources = load_sources(review)
    counts = flow_counts(screen_all(sources, load_criteria(review)))
    assert (len(counts.rows), len(counts.identified), len(counts.not_screened)) == (25, 21, 0)
    assert (len(counts.passed), len(counts.doubtful), len(counts.failed)) == (12, 11, 2)
    assert counts.passed == tuple(source.id for source in sources if source.eligibility == "pass")
    assert counts.doubtful == tuple(source.id for source in sources if source.eligibility == "doubtful")


def test_both_that_fail_do_so_for_the_country(review: Workspace) -> None:
    sources = [replace(source, eligibility=None) for source in load_sources(review)]
    counts = flow_counts(screen_all(sources, load_criteria(review)))
    assert counts.failed == ("turkey-isas-2017", "dfat-registries-2017")
    assert counts.not_met == {"country": counts.failed}


def test_flow_counts_put_every_row_in_one_box_and_name_the_criterion(review: Workspace) -> None:
    rows = [
        GOOD,
        Source("lost", "Lost", title="Lost", year=2015, countries=("Pakistan",), kind="thesis", method="survey"),
        replace(GOOD, id="old", title="Old", doi="", year=1990),
    ]
    counts = flow_counts(screen_all(rows, load_criteria(review)))
    assert counts.rows == ("good", "lost", "old")
    assert counts.identified == ("good", "old")
    assert (counts.passed, counts.doubtful, counts.failed) == (("good",), ("lost",), ("old",))
    assert counts.unclear == {"identified": ("lost",)}
    assert counts.not_met == {"window": ("old",)}
