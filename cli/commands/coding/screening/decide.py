"""`jaiza screening decide`: a verdict on one record, kept in the log."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Literal

import click

from annotations.decision import Screened, ScreeningStage, ScreeningVerdict
from annotations.screening.verdicts import screened_by
from cli.command import Options, command
from cli.output import print_json
from corpus.errors import JaizaError, UnknownChoiceError
from pipeline.open_review import open_review


@command("decide", example='jaiza screening decide khan-2019 exclude --reason "another topic" --by Zara')
@click.argument("source_id", metavar="RECORD")
@click.argument("verdict", type=click.Choice(["include", "maybe", "exclude", "take-back"]))
@click.option("--reason", default="", help="Why it is excluded: one of [screening] reasons.")
@click.option("--note", default="", help="Anything else, kept with the verdict.")
@click.option("--by", required=True, metavar="NAME", help="Who decides.")
@click.option("--full-text", is_flag=True, help="By its full text, not by title and abstract.")
@click.option("--ruling", is_flag=True, help="As an adjudicator, in the place of what the screeners said.")
def decide_command(
    options: Options,
    *,
    source_id: str,
    verdict: Literal["include", "maybe", "exclude", "take-back"],
    reason: str,
    note: str,
    by: str,
    full_text: bool,
    ruling: bool,
) -> None:
    """Include, exclude or put off a record; a later verdict of the same person stands in the place of this one."""
    from annotations.log.open_log import open_log
    from annotations.log.reviewers import Reviewers
    from pipeline.screening.screening_state import read_screening

    workspace, _ = open_review(options.workspace)
    reasons = workspace.review.screening.reasons
    if reason and (verdict != "exclude" or reason not in reasons):
        raise UnknownChoiceError("reason of an exclusion", reason, list(reasons))
    by = by.strip()
    stage: ScreeningStage = "full text" if full_text else "abstract"
    said: ScreeningVerdict | Literal[""] = "" if verdict == "take-back" else verdict
    with open_log(workspace) as log:
        record = read_screening(workspace, log).record(source_id, stage)
        roles = {one.name: one.role for one in Reviewers(log.engine).list() if not one.revoked}
        if ruling and (roles.get(by) == "coder" or record.of(by)):
            raise JaizaError(f"{by} can't rule on it: a ruling is made by an adjudicator who has not screened it")
        decided = datetime.now(UTC).isoformat(timespec="microseconds")
        if ruling:
            informed = bool(record.others(by))
            made = Screened(source_id, said, by, stage, "adjudicator", reason, note, informed, decided=decided)
        else:
            made = screened_by(by, record, said, stage=stage, reason=reason, note=note, decided=decided)
        log.record(screened=[made])
        now = read_screening(workspace, log).record(source_id, stage)
    if options.json:
        print_json({**asdict(made), "standing": now.standing})
        return
    click.echo(f"{source_id}: {verdict} by {by}; it stands at: {now.standing}")
