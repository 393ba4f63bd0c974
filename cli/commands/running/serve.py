"""`jaiza serve`: the review's flows by schedule and event, on this machine."""

from __future__ import annotations

import os

import click

from cli.command import Options, command
from pipeline.open_review import open_review


@command("serve", example='jaiza serve --extract-at "0 6 * * 1" --retrain-after 100')
@click.option("--extract-at", metavar="CRON", help="When to pull, read and code what is new; else as the review says.")
@click.option("--retrain-at", metavar="CRON", help="When to retrain; else as the review says.")
@click.option(
    "--retrain-after",
    type=click.IntRange(0),
    metavar="N",
    help="Retrain after N new decisions; 0: no; else as the review says.",
)
@click.option(
    "--timezone",
    metavar="ZONE",
    help="Time zone of these times (that of review.toml, or this machine's).",
)
@click.option("--port", type=click.IntRange(1, 65535), help="Port of Prefect's page (4200, or a free one).")
@click.option(
    "--database", default="", envvar="PREFECT_API_DATABASE_CONNECTION_URL", metavar="URL",
    help="PostgreSQL database for Prefect's history, instead of a file in the workspace.",
)  # fmt: skip
@click.option(
    "--events-only", is_flag=True,
    help="Only tell the team's server (PREFECT_API_URL) of new decisions: its workers do the runs.",
)  # fmt: skip
def serve_command(
    options: Options,
    *,
    extract_at: str | None,
    retrain_at: str | None,
    retrain_after: int | None,
    timezone: str | None,
    port: int | None,
    database: str,
    events_only: bool,
) -> None:
    """Run the review by itself until Ctrl-C: extraction, retraining, and Prefect's page to watch and start runs.

    What was left over by a `jaiza serve` that was killed is cleared away at the start.
    """
    from flows.parent_death import serve_lock
    from flows.prefect_server import lasting_server

    if events_only and not os.environ.get("PREFECT_API_URL"):
        raise click.UsageError("--events-only needs the address of the team's server in PREFECT_API_URL")
    workspace, _ = open_review(options.workspace)
    given: dict[str, str | int | None] = {
        "extract_at": extract_at,
        "retrain_at": retrain_at,
        "retrain_after": retrain_after,
        "timezone": timezone or None,
    }
    home = workspace.prefect_home
    with (
        serve_lock(home / "serve.lock", f"{workspace.root} is served already: end the other `jaiza serve` first"),
        lasting_server(home, port=port, database=database) as server,
    ):
        if events_only:
            from flows.decision_events import tell_only

            tell_only(
                workspace, after=workspace.review.schedule.retrain_after if retrain_after is None else retrain_after
            )
            return
        from flows.serve import serve

        serve(workspace, server, given)
