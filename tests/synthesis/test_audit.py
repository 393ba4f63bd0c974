"""The shipped claims against the published matrix, and claims against matrices made for one question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotations.decision import Decision
from corpus.registry.sources import Source
from support.published_matrix import CODEBOOK, SCREENING, SOURCES, published_cells
from synthesis.audit.audit import Audit, ClaimFinding, audit
from synthesis.audit.claims import SHIPPED, Claim, ClaimItem, Claims, read_claims
from synthesis.matrix.merge import merge_cells

EXPECTED = {
    "agrees": "C07 C08 C12 C16 C17 C18 C23 C25 C32 C40 C43",
    "disagrees": "C03 C04 C05 C10 C11 C13 C14 C15 C19 C20 C21 C22 C24 C27 C28 C29 C30 C31 C33 C34",
    "partly": "C01 C02 C06 C26 C41",
    "depends on": "C09",
    "not testable": "C35 C36 C37 C38 C39 C42",
}


def shipped() -> Audit:
    claims = read_claims(SHIPPED, CODEBOOK)
    return audit(claims, published_cells(), SOURCES, CODEBOOK, screening=SCREENING)


def found(claim_id: str) -> ClaimFinding:
    return next(finding for finding in shipped().findings if finding.claim.id == claim_id)


@pytest.mark.parametrize(("verdict", "ids"), EXPECTED.items())
def test_every_claim_of_the_paper_gets_its_verdict(verdict: str, ids: str) -> None:
    assert [finding.claim.id for finding in shipped().findings if finding.verdict == verdict] == ids.split()


@pytest.mark.parametrize(
    ("claim_id", "count", "percent", "words"),
    [
        ("C13", 19, 76, "19 of 25 (76%); the claim is 21 (84%): 2 too many"),
        ("C21", 20, 80, "13 (52%): 7 too few"),
        ("C28", 19, 76, "TI 20, GW 19, IF 15, FS 13, DIG 11, CGL 5. GW is second"),
        ("C34", 15, 60, "25 (100%): 10 too many"),
        ("C01", 25, None, "3 peer-reviewed, 15 not, 7 unknown"),
        ("C09", 23, None, "SPDC Safety Nets Evaluation and PIDE – EOBI Registration"),
        ("C10", 6, None, "without a column: limited coverage and reform recommendations"),
        ("C02", 5, None, "only here: political instability; only there: Deficiency of Governance"),
        ("C41", 15, 60, "“significant” has no threshold"),
        ("C42", 15, 60, "Importance is not a count"),
    ],
)
def test_the_arithmetic_of_a_verdict_is_told(claim_id: str, count: int, percent: float | None, words: str) -> None:
    finding = found(claim_id)
    assert words in finding.why
    assert finding.count == count
    assert finding.percent == (None if percent is None else pytest.approx(percent))


def test_what_the_text_says_elsewhere_on_the_same_theme_is_told() -> None:
    assert "12 (48%) in frequency table and thematic analysis: theme 4" in found("C15").elsewhere
    assert "17 (68%) in abstract and methods: data analysis" in found("C22").elsewhere
    assert "IF (findings interpretation)" in found("C28").elsewhere
    assert found("C23").elsewhere == ""


@pytest.mark.parametrize(
    ("question", "holds", "words"),
    [
        ("each theme one frequency", False, "FS: 17 (68%) in abstract and methods: data analysis, 12 (48%)"),
        ("rows of the frequency table", False, "5 of 6 rows differ: GW 21 against 19"),
        ("as many ticks", False, "82 in the table, 83 in the matrix"),
        ("one order", False, "Table: GW 21, IF 18, TI 13, FS 12, DIG 11, CGL 7. Matrix: TI 20, GW 19"),
        ("fit each other", True, "All 9 pairs"),
        ("called the first", False, "IF (findings interpretation)"),
        ("number of variables", False, "8 in methods: coding framework; 6 in findings"),
        ("points of the scale", False, "3 in methods: coding framework; 2 in findings"),
        ("number of studies", True, "25 in abstract"),
        ("listed in “abstract”", False, "Columns without a theme: GW and CGL"),
        ("listed in “thematic analysis: opening”", False, "Columns without a theme: CGL"),
    ],
)
def test_the_claims_are_checked_against_each_other(question: str, holds: bool, words: str) -> None:
    check = next(check for check in shipped().checks if question in check.question)
    assert check.holds is holds
    assert words in check.finding


def test_frequencies_without_the_studies_that_fail_screening() -> None:
    counts = [(subset.studies, [item.present for item in subset.frequencies]) for subset in shipped().subsets]
    assert counts == [(25, [19, 15, 20, 13, 11, 5]), (23, [19, 13, 18, 13, 9, 3]), (12, [9, 6, 10, 7, 5, 2])]


def one(claim: Claim, values: list[int | None], sources: list[Source] | None = None) -> ClaimFinding:
    """The finding on `claim` in a review with these values for GW and nothing else."""
    rows = sources or [Source(f"s{n}", f"Study {n}", year=2010, peer_reviewed="yes") for n in range(len(values))]
    decisions = [
        Decision(source.id, "GW", value, "published", role="published")  # type: ignore[arg-type]
        for source, value in zip(rows, values, strict=True)
        if value is not None
    ]
    cells = merge_cells(rows, decisions, {}, {}, CODEBOOK)
    return audit(Claims("W", len(rows), (claim,)), cells, rows, CODEBOOK).findings[0]


FREQUENCY = Claim("X", "here", "frequency", "q", theme="GW")
OVER_HALF = Claim("X", "here", "quantifier", "q", theme="GW", more_than_percent=50)


@pytest.mark.parametrize(
    ("claim", "values", "verdict"),
    [
        (replace(FREQUENCY, count=2), [1, 1, 0], "agrees"),
        (replace(FREQUENCY, percent=67), [1, 1, 0], "agrees"),
        (replace(FREQUENCY, percent=66.7), [1, 1, 0], "agrees"),
        (replace(FREQUENCY, percent=66.4), [1, 1, 0], "disagrees"),
        (replace(FREQUENCY, count=2, percent=50), [1, 1, 0], "disagrees"),
        (replace(FREQUENCY, count=2), [1, None, 0], "depends on"),
        (replace(FREQUENCY, count=3), [1, None, 0], "disagrees"),
        (OVER_HALF, [1, 1, 0], "agrees"),
        (OVER_HALF, [1, 1, 0, 0], "disagrees"),
        (OVER_HALF, [1, 1, None, 0], "depends on"),
        (Claim("X", "here", "rank", "q", theme="GW", rank=1), [1, 0], "depends on"),
        (Claim("X", "here", "rank", "q", theme="GW", rank=1), [1, 1], "agrees"),
        (Claim("X", "here", "scale", "q", count=3), [0, 1, 2], "agrees"),
        (Claim("X", "here", "sample", "q", count=2, every_study_peer_reviewed=True), [1, 1], "agrees"),
        (Claim("X", "here", "sample", "q", count=3), [1, 1], "disagrees"),
        (Claim("X", "here", "window", "q", from_year=2005, to_year=2024), [1], "agrees"),
        (Claim("X", "here", "window", "q", from_year=2011, to_year=2024), [1], "disagrees"),
        (Claim("X", "here", "count", "q", count=2, items=(ClaimItem("a"),)), [1], "disagrees"),
    ],
)
def test_a_claim_is_judged_by_the_matrix_it_is_held_against(
    claim: Claim, values: list[int | None], verdict: str
) -> None:
    assert one(claim, values).verdict == verdict


@pytest.mark.parametrize(
    ("claim", "values", "assumption"),
    [
        (replace(FREQUENCY, count=2), [1, None, None, 0], "1 of the 2 unknown studies reporting GW"),
        (replace(FREQUENCY, count=3), [1, None, None, 0], "all 2 unknown studies reporting GW"),
        (replace(FREQUENCY, count=1), [1, None, None, 0], "none of the 2 unknown studies reporting GW"),
        (OVER_HALF, [1, 1, None, None, 0], "at least 1 of the 2 unknown studies reporting GW"),
        (Claim("X", "here", "window", "q", from_year=2005, to_year=2024), [1], "Study 0 being dated 2005 to 2024"),
    ],
)
def test_a_claim_that_depends_on_what_is_not_known_says_on_what(
    claim: Claim, values: list[int | None], assumption: str
) -> None:
    rows = [Source(f"s{n}", f"Study {n}", peer_reviewed="yes") for n in range(len(values))]
    finding = one(claim, values, rows)
    assert (finding.verdict, finding.assumption) == ("depends on", assumption)


def test_a_finding_carries_the_cells_behind_its_count() -> None:
    assert one(replace(FREQUENCY, count=1), [1, None, 0]).cells == {"s0": 1, "s1": None, "s2": 0}


@pytest.mark.parametrize(
    ("rule", "values", "verdict"),
    [
        ({"more_than_percent": 50.0}, [1, 0], "disagrees"),
        ({"at_least_percent": 50.0}, [1, 0], "agrees"),
        ({"word": "most"}, [1, 1, 0], "agrees"),
        ({"word": "many"}, [1, 1, 0], "not testable"),
    ],
)
def test_a_quantifier_is_tested_by_the_threshold_stated_for_it(
    rule: dict[str, object], values: list[int | None], verdict: str
) -> None:
    rows = [Source(f"s{n}", f"Study {n}") for n in range(len(values))]
    ticks = [
        Decision(source.id, "GW", value, "published", role="published")  # type: ignore[arg-type]
        for source, value in zip(rows, values, strict=True)
    ]
    claim = Claim("X", "here", "quantifier", "q", theme="GW", **rule)  # type: ignore[arg-type]
    claims = Claims("W", 0, (claim,), thresholds={"Most": ">50"})
    found = audit(claims, merge_cells(rows, ticks, {}, {}, CODEBOOK), rows, CODEBOOK)
    assert found.findings[0].verdict == verdict
