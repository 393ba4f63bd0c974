"""`jaiza audit`: what a publication says about its coding, held against the coding."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from corpus.errors import JaizaError
from flows.cli import Options, command
from flows.opening import open_review
from flows.tables import print_json, print_table

if TYPE_CHECKING:
    from synthesis.audit import Finding


@command("audit", example="jaiza audit --json")
def audit_command(options: Options) -> None:
    """Recompute every claim of the publication under review from its own published coding."""
    from flows.results import audited

    workspace, _ = open_review(options.workspace)
    found = audited(workspace)
    if found is None:
        raise JaizaError(f"this review has no claims to audit: put them into {workspace.root / 'claims.toml'}")
    if options.json:
        print_json(asdict(found))
        return
    print_table(
        ("claim", "theme", "recomputed", "verdict", "words and why"),
        [
            (
                one.claim.id, one.claim.theme, _recomputed(one), one.verdict,
                ". ".join(filter(None, (f"“{one.claim.quote}”: {one.why}", one.elsewhere))),
            )
            for one in found.findings
        ],
    )  # fmt: skip
    for check in found.checks:
        click.echo(f"{'yes' if check.holds else 'NO '}  {check.question} {check.finding}")


def _recomputed(finding: Finding) -> str:
    if finding.count is None:
        return ""
    return str(finding.count) if finding.percent is None else f"{finding.count} ({finding.percent:.0f} %)"
