"""`jaiza doctor`: is everything there that a review needs on this machine?"""

from __future__ import annotations

from dataclasses import asdict

import click

from cli.command import FAILED, Options, command
from cli.output import print_json, print_table
from corpus.workspace import open_workspace


@command("doctor", example="jaiza doctor")
@click.pass_context
def doctor_command(ctx: click.Context, options: Options) -> None:
    """Look at the folder, disk, decision log, encoder, text recognition, converter and Prefect, and say what to do.

    It makes no connection to other machines. The exit code is 1 where something does not work.
    """
    from pipeline.health import check_health

    checks = list(check_health(open_workspace(options.workspace)))
    if options.json:
        print_json([asdict(check) for check in checks])
    else:
        print_table(
            ("", "state", "found", "what to do"),
            [(check.name, check.state, check.found, check.remedy) for check in checks],
        )
    if any(check.state == "does not work" for check in checks):
        ctx.exit(FAILED)
