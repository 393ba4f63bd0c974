"""`jaiza sources adopt`: another address to try for a source."""

from __future__ import annotations

import click

from cli.command import Options, command
from corpus.errors import JaizaError
from corpus.registry.extra_candidates import adopt
from corpus.registry.registry_file import find_source
from corpus.registry.sources import Candidate
from corpus.registry.work import kind_of
from pipeline.open_review import open_review


@command("adopt", example="jaiza sources adopt gazdar-2011 https://example.org/gazdar.pdf")
@click.argument("source_id", metavar="SOURCE")
@click.argument("url", metavar="ADDRESS")
@click.option("--note", default="", help="Where you have it from.")
def adopt_command(options: Options, *, source_id: str, url: str, note: str) -> None:
    """Try an address for a source from now on; what it gives is checked against the title when it is pulled."""
    workspace, sources = open_review(options.workspace)
    if not url.startswith(("http://", "https://")):
        raise JaizaError(f"{url!r} is not a web address: for a file on this computer, use `jaiza sources attach`")
    source = find_source(sources, source_id)
    adopt(workspace, source, Candidate(url, kind_of(url), "seen", note))
    click.echo(f"{url} will be tried for {source.id}: run `jaiza run`")
