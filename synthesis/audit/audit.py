"""Every claim of a synthesis held against the matrix: does it follow from the coding?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from corpus.registry.sources import Source
from models.codebook.codebook import Codebook
from synthesis.audit.claims import Claim, Claims
from synthesis.audit.consistency import Check, SubsetOfStudies, check_all, elsewhere, subsets
from synthesis.audit.facts import gather
from synthesis.audit.verdict import TESTS, Verdict
from synthesis.matrix.cell import Cell, Value, View


@dataclass(frozen=True, slots=True)
class ClaimFinding:
    """What became of one claim."""

    claim: Claim
    stated: str  # what it says, for example "21 (84%)"; empty where it gives no number
    verdict: Verdict
    count: int | None  # recomputed, in the unit of the claim: studies, rows, columns, points of a scale, entries
    percent: float | None  # recomputed, of all studies
    why: str  # the arithmetic, in a sentence or two
    elsewhere: str = ""  # what the same text says on the same point in other places, where that differs
    assumption: str = ""  # of "depends on": the claim holds if this is so
    cells: Mapping[str, Value] = field(default_factory=dict)  # source id -> value: the column behind the count


@dataclass(frozen=True, slots=True)
class Audit:
    """All claims of a work against one view of the matrix."""

    work: str
    view: View
    studies: int
    findings: tuple[ClaimFinding, ...]
    checks: tuple[Check, ...]  # of the claims with each other and with the matrix as a whole
    subsets: tuple[SubsetOfStudies, ...]  # the frequencies without the studies that fail screening

    @property
    def verdicts(self) -> Mapping[Verdict, int]:
        """How many claims have each verdict."""
        return Counter(finding.verdict for finding in self.findings)


def audit(
    claims: Claims,
    cells: Sequence[Cell],
    sources: Sequence[Source],
    codebook: Codebook,
    *,
    view: View = "published",
    screening: Mapping[str, str] | None = None,
) -> Audit:
    """Recompute every claim from `view`. `screening` maps source id to "pass", "doubtful" or "fails"."""
    facts = gather(cells, sources, codebook, view)
    claims = claims if claims.studies else replace(claims, studies=facts.studies)
    findings = []
    for claim in claims:
        tested = TESTS[claim.kind](claim, claims, facts)
        findings.append(
            ClaimFinding(
                claim,
                claims.stated(claim),
                tested.verdict,
                tested.count,
                tested.percent,
                tested.why,
                elsewhere=elsewhere(claim, claims),
                assumption=tested.assumption,
                cells=facts.cells.get(claim.theme, {}),
            )
        )
    return Audit(
        work=claims.work,
        view=view,
        studies=facts.studies,
        findings=tuple(findings),
        checks=check_all(claims, facts),
        subsets=subsets(cells, screening or {}, view),
    )
