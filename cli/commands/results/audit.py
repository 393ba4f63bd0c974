"""`jaiza audit`: what a publication says about its coding, held against the coding."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.cell_selection import ELIGIBLE, ONLY, choose_cells
from cli.command import INCLUDE_PROPOSED, Options, command
from cli.output import print_json, print_table
from corpus.errors import JaizaError
from pipeline.open_review import open_review

if TYPE_CHECKING:
    from synthesis.audit.audit import Audit, ClaimFinding


@command("audit", example="jaiza audit --view human --claims our-abstract.toml", reads=True)
@click.option(
    "--view", default="published", metavar="VIEW", help="published, human, machine, merged or coder:NAME (published)."
)
@click.option("--claims", type=click.Path(path_type=Path), metavar="FILE", help="Claims to test (TOML or CSV).")
@click.option("--cells", is_flag=True, help="Name the studies behind each count.")
@ONLY
@ELIGIBLE
@INCLUDE_PROPOSED
def audit_command(
    options: Options,
    *,
    view: str,
    claims: Path | None,
    cells: bool,
    only: tuple[str, ...],
    eligible: bool,
    include_proposed: bool,
) -> None:
    """Recompute every claim of a publication from the coding: by default from its own published one.

    \b
    A claims file needs no more than this for each claim:
      [[claim]]
      theme = "GW"
      percent = 84
    """
    from corpus.registry.screening import load_criteria, screen_all
    from models.codebook.codebook import load_codebook
    from synthesis.audit.audit import audit
    from synthesis.audit.claims import load_claims, read_claims

    workspace, sources = open_review(options.workspace)
    codebook = load_codebook(workspace)
    stated = read_claims(claims, codebook) if claims else load_claims(workspace, codebook)
    if stated is None:
        raise JaizaError(
            f"this review has no claims to audit: name a file with --claims, or write {workspace.root / 'claims.toml'}"
        )
    chosen = choose_cells(options.workspace, view=view, only=only, eligible=eligible, include_proposed=include_proposed)
    verdicts = {one.source_id: str(one.verdict) for one in screen_all(sources, load_criteria(workspace))}
    found = audit(stated, chosen.cells, chosen.subset.kept, codebook, view=chosen.view, screening=verdicts)
    if options.json:
        print_json({**asdict(found), "verdicts": dict(found.verdicts), "conditions": list(chosen.subset.conditions)})
        return
    _tell(found, chosen.labels, cells=cells, conditions=chosen.subset.conditions)


def _tell(found: Audit, labels: dict[str, str], *, cells: bool, conditions: tuple[str, ...]) -> None:
    from synthesis.audit.verdict import VERDICT_COUNTS

    of = f" ({' and '.join(conditions)})" if conditions else ""
    click.echo(
        f"{found.work}: {len(found.findings)} claims, held against the {found.view} view of {found.studies} studies{of}"
    )
    told = [
        f"{found.verdicts[v]} {words[found.verdicts[v] > 1]}"
        for v, words in VERDICT_COUNTS.items()
        if v in found.verdicts
    ]
    click.echo(f"{', '.join(told)}\n" if told else "")
    print_table(
        ("claim", "theme", "claimed", "recomputed", "verdict", "words and why"),
        [
            (
                one.claim.id,
                one.claim.theme,
                one.stated,
                _recomputed(one),
                one.verdict,
                _why(one) + (_studies(one, labels) if cells else ""),
            )
            for one in found.findings
        ],
    )
    for check in found.checks:
        click.echo(f"{'yes' if check.holds else 'NO '}  {check.question} {check.finding}")


def _why(finding: ClaimFinding) -> str:
    said = f"“{finding.claim.quote}”: {finding.why}" if finding.claim.quote else finding.why
    depends = f" Holds with {finding.assumption}." if finding.assumption else ""
    return f"{said}{depends} {finding.elsewhere}".rstrip()


def _studies(finding: ClaimFinding, labels: dict[str, str]) -> str:
    groups = {
        "Present": [labels[key] for key, value in finding.cells.items() if value],
        "Absent": [labels[key] for key, value in finding.cells.items() if value == 0],
        "Unknown": [labels[key] for key, value in finding.cells.items() if value is None],
    }
    return "".join(f" {name}: {'; '.join(found)}." for name, found in groups.items() if found)


def _recomputed(finding: ClaimFinding) -> str:
    if finding.count is None:
        return ""
    return str(finding.count) if finding.percent is None else f"{finding.count} ({finding.percent:.0f} %)"
