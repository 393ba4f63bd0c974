"""`jaiza sources abstracts`: abstracts that no list brought, from the open indexes."""

from __future__ import annotations

from dataclasses import asdict

import click

from cli.command import Options, command
from cli.output import print_json
from pipeline.open_review import open_review


@command("abstracts", example="jaiza sources abstracts")
def abstracts_command(options: Options) -> None:
    """Ask OpenAlex and Crossref for the abstracts of records that came without one and have a DOI."""
    from pipeline.intake.missing_abstracts import ask_for_abstracts

    workspace, _ = open_review(options.workspace)
    done = ask_for_abstracts(workspace)
    if options.json:
        print_json(asdict(done))
    else:
        click.echo(str(done))
