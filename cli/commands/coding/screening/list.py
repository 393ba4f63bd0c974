"""`jaiza screening list`: the records, where they stand, and in which order they come."""

from __future__ import annotations

import click

from annotations.decision import ScreeningStage
from cli.command import Options, command
from cli.output import print_json, print_table
from pipeline.open_review import open_review


@command("list", example="jaiza screening list --waiting-for Zara", reads=True)
@click.option("--full-text", is_flag=True, help="The full texts of those that were kept, instead of the abstracts.")
@click.option("--waiting-for", metavar="NAME", help="Only what waits for this screener, the likeliest first.")
def list_command(options: Options, *, full_text: bool, waiting_for: str | None) -> None:
    """Every record with where it stands: waiting, include, maybe, exclude or conflict."""
    from annotations.log.open_log import open_log
    from pipeline.screening.record_order import RecordOrder
    from pipeline.screening.screening_state import read_screening

    workspace, _ = open_review(options.workspace)
    with open_log(workspace) as log:
        state = read_screening(workspace, log)
    stage: ScreeningStage = "full text" if full_text else "abstract"
    order, records = RecordOrder(), state.at(stage)
    keys = order.queue(state, waiting_for, stage) if waiting_for else list(records)
    scores = (order.scores(state) or {}) if waiting_for else {}
    rows = [(key, records[key].standing, records[key].reason, state.sources[key].title) for key in keys]
    if options.json:
        print_json(
            [
                {"record": key, "stage": stage, "standing": standing, "reason": reason, "title": title,
                 "score": scores.get(key)}
                for key, standing, reason, title in rows
            ]
        )  # fmt: skip
        return
    print_table(("record", "stands", "reason", "title"), rows)
    click.echo(f"{len(rows)} records")
