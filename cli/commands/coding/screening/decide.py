"""`jaiza screening decide`: a verdict on one record, kept in the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Literal

import click

from annotations.decision import Screened, ScreeningStage, ScreeningVerdict
from annotations.screening.verdicts import ScreenedRecord, screened_by
from cli.command import Options, command
from cli.output import print_json
from corpus.errors import JaizaError, UnknownChoiceError
from pipeline.open_review import open_review


@command("decide", example='jaiza screening decide khan-2019 exclude --reason "another topic" --by Zara')
@click.argument("source_ids", metavar="RECORD...", nargs=-1, required=True)
@click.argument("verdict", type=click.Choice(["include", "maybe", "exclude", "take-back"]))
@click.option("--reason", default="", help="Why it is excluded: one of [screening] reasons.")
@click.option("--note", default="", help="Anything else, kept with the verdict.")
@click.option("--by", required=True, metavar="NAME", help="Who decides.")
@click.option("--full-text", is_flag=True, help="By its full text, not by title and abstract.")
@click.option("--ruling", is_flag=True, help="As an adjudicator, in the place of what the screeners said.")
def decide_command(
    options: Options,
    *,
    source_ids: tuple[str, ...],
    verdict: Literal["include", "maybe", "exclude", "take-back"],
    reason: str,
    note: str,
    by: str,
    full_text: bool,
    ruling: bool,
) -> None:
    """Include, exclude or put off records; a later verdict of the same person stands in the place of this one."""
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
        state = read_screening(workspace, log)
        records = [state.record(source_id, stage) for source_id in source_ids]
        roles = {one.name: one.role for one in Reviewers(log.engine).list() if not one.revoked}
        if ruling and (roles.get(by) == "coder" or any(record.of(by) for record in records)):
            raise JaizaError(f"{by} can't rule on it: a ruling is made by an adjudicator who has not screened it")
        decided = datetime.now(UTC).isoformat(timespec="microseconds")
        made = [
            Screened(
                record.source_id, said, by, stage, "adjudicator", reason, note, bool(record.others(by)), decided=decided
            )
            if ruling
            else screened_by(by, record, said, stage=stage, reason=reason, note=note, decided=decided)
            for record in records
        ]
        log.record(screened=made)
        now = read_screening(workspace, log).at(stage)
    if options.json:
        told = [{**asdict(one), "standing": _standing(now, one.source_id)} for one in made]
        print_json(told[0] if len(told) == 1 else told)
        return
    for one in made:
        click.echo(f"{one.source_id}: {verdict} by {by}; it stands at: {_standing(now, one.source_id)}")


def _standing(records: Mapping[str, ScreenedRecord], source_id: str) -> str:
    return records[source_id].standing if source_id in records else "left out before"
