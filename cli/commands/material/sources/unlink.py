"""`jaiza sources unlink`: two works that are not one."""

from __future__ import annotations

import click

from cli.command import Options, command
from corpus.registry.edition_links import load_links, unlink
from corpus.registry.registry_file import find_source
from pipeline.open_review import open_review


@command("unlink", example="jaiza sources unlink khan-report-2015 khan-2016")
@click.argument("source_id", metavar="EDITION")
@click.argument("main_id", metavar="SOURCE")
@click.option("--why", default="", help="The reason, for the record.")
def unlink_command(options: Options, *, source_id: str, main_id: str, why: str) -> None:
    """EDITION and SOURCE are two works: both count, and they are not proposed as one again."""
    workspace, sources = open_review(options.workspace)
    source_id, main_id = (find_source(sources, one).id for one in (source_id, main_id))
    unlink(workspace, load_links(workspace, sources), sources, source_id, main_id, why=why)
    click.echo(f"{source_id} and {main_id} are two works, and both are counted")
