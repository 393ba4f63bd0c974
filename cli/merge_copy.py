"""`jaiza merge OTHER`: what bringing a copy of the review in would do, and doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from annotations.decision import Decision, Mark, Screened
from cli.command import Options
from cli.output import print_json, print_table
from pipeline.open_review import at_work, open_review
from synthesis.humanize import counted

if TYPE_CHECKING:
    from annotations.decision import Event
    from annotations.log.copies import Contest
    from pipeline.join_copies import CopyPlan

_NOT_CARRIED = "Who may review, PDFs, texts, models and results of the copy stay there: only its record comes."


def merge_copy(options: Options, other: str, *, apply: bool) -> None:
    """Tell what would come from a copy, or bring it in."""
    from pipeline.join_copies import plan_join

    workspace, sources = open_review(options.workspace)
    if apply:
        with at_work(workspace, "jaiza merge"):
            plan = plan_join(workspace, sources, other, apply=True)
    else:
        plan = plan_join(workspace, sources, other)
    if options.json:
        print_json(_facts(plan, applied=apply))
    else:
        _tell(plan, applied=apply)


def _tell(plan: CopyPlan, *, applied: bool) -> None:
    incoming, known = len(plan.joined.incoming), plan.joined.known
    print_table(("coder", "what", "number"), plan.counts)
    if plan.joined.contests:
        click.echo("\nSaid in both copies since they parted; what was decided last counts:")
        print_table(("study", "theme", "coder", "here", "there", "counts"), [_row(one) for one in plan.joined.contests])
    for warning in _warnings(plan):
        click.echo(f"warning: {warning}", err=True)
    click.echo(_NOT_CARRIED)
    done = "brought in" if applied else "would be brought in"
    click.echo(f"{counted(incoming, 'event')} {done}, {known} are here already.")
    if incoming and not applied:
        click.echo("Nothing was changed. Do it: the same command with --apply")


def _row(one: Contest) -> tuple[str, ...]:
    said = one.ours
    theme = said.theme if isinstance(said, Decision | Mark) else "screening" if isinstance(said, Screened) else ""
    study = said.source_id if isinstance(said, Decision | Mark | Screened) else ""
    counts = "not clear: to be looked at again" if one.unclear else "here" if one.ours_counts else "there"
    return study, theme, said.coder, _value(one.ours), _value(one.theirs), counts


def _value(said: Event) -> str:
    value = ""
    if isinstance(said, Screened):
        value = said.verdict or "taken back"
    elif isinstance(said, Decision):
        value = "not known" if said.not_known else "taken back" if said.value is None else str(said.value)
    elif isinstance(said, Mark):
        value = f"{said.kind}{'' if said.on else ' (taken back)'}"
    return f"{value} ({said.decided[:16].replace('T', ' ')})" if said.decided else value


def _warnings(plan: CopyPlan) -> list[str]:
    found = []
    if plan.strange_sources:
        names = ", ".join(plan.strange_sources[:5])
        found.append(f"events on studies that are not in this review (add them to sources.toml): {names}")
    if plan.recodings:
        found.append(
            f"the copy has {counted(plan.recodings, 'merge or split', 'merges or splits')} of themes that are not "
            "here: say them here with `jaiza recode`"
        )
    return found


def _facts(plan: CopyPlan, *, applied: bool) -> dict[str, object]:
    return {
        "other": plan.other,
        "applied": applied,
        "events": len(plan.joined.incoming),
        "known": plan.joined.known,
        "counts": [{"coder": coder, "what": what, "number": number} for coder, what, number in plan.counts],
        "contests": [
            dict(zip(("study", "theme", "coder", "here", "there", "counts"), _row(one), strict=True))
            for one in plan.joined.contests
        ],
        "warnings": _warnings(plan),
        "revisions": plan.revisions,
    }
