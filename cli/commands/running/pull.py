"""`jaiza pull`: the PDFs of the sources fetched."""

from __future__ import annotations

import sys

import click

from cli.command import INCOMPLETE, SOURCE_IDS, STRICT, Options, command
from cli.outcome_output import print_outcomes
from cli.source_selection import open_sources, process_each
from corpus.outcome import USABLE
from corpus.registry.registry_file import load_sources
from pipeline.open_review import at_work


@command("pull", example="jaiza pull gazdar-2011 bari-2005")
@SOURCE_IDS
@click.option("--refresh", is_flag=True, help="Ask every host again whether its file has changed.")
@STRICT
def pull_command(options: Options, *, source_ids: tuple[str, ...], refresh: bool, strict: bool) -> None:
    """Fetch the sources' PDFs, and take up the files in the inbox."""
    from corpus.fetch.attach import strangers
    from pipeline.documents.stages import Stages
    from pipeline.outcomes import save_outcomes

    workspace, sources = open_sources(options, source_ids)
    with at_work(workspace, "jaiza pull"), Stages(workspace, refresh=refresh) as stages:
        pulled = process_each(sources, stages.pull, "pull", show=not options.json)
        outcomes = [stages.in_hindsight(source, outcome) for source, outcome in zip(sources, pulled, strict=True)]
        save_outcomes(workspace, outcomes)
    print_outcomes(outcomes, options)
    for path in strangers(workspace, load_sources(workspace)):
        click.echo(f"warning: {path} names no source: call it <source-id>.pdf (`jaiza sources list`)", err=True)
    if strict and any(outcome.state not in USABLE for outcome in outcomes):
        sys.exit(INCOMPLETE)
