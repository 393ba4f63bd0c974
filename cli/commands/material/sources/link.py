"""`jaiza sources link`: one work counts once."""

from __future__ import annotations

import click

from annotations.decision import PUBLISHED
from cli.command import Options, command
from corpus.errors import JaizaError
from corpus.registry.edition_links import Link, link, load_links
from corpus.registry.registry_file import find_source
from pipeline.open_review import open_review


@command("link", example="jaiza sources link khan-report-2015 khan-2016")
@click.argument("source_id", metavar="EDITION")
@click.argument("main_id", metavar="SOURCE")
@click.option("--why", default="", help="The reason, for the record.")
@click.option("--confirm", is_flag=True, help="Also where people have judged EDITION, which then no longer counts.")
def link_command(options: Options, *, source_id: str, main_id: str, why: str, confirm: bool) -> None:
    """EDITION is another edition of SOURCE: it stays in the review and is no longer counted."""
    from annotations.decisions_csv import published_decisions
    from annotations.log.open_log import open_log
    from models.codebook.codebook import load_codebook

    workspace, sources = open_review(options.workspace)
    source_id, main_id = (find_source(sources, one).id for one in (source_id, main_id))
    if source_id == main_id:
        raise JaizaError(f"{source_id!r} can't be an edition of itself")
    with open_log(workspace) as log:
        judged = [one for one in log.current() if one.source_id == source_id and one.coder != PUBLISHED]
    ticks = published_decisions(workspace, load_codebook(workspace), sources=[one.id for one in sources])
    printed = any(one.source_id == source_id for one in ticks)
    if (judged or printed) and not confirm:
        what = "a published coding" if printed else f"{len(judged)} judgements of people"
        raise JaizaError(f"{source_id!r} has {what}, which would no longer count: link the other one, or add --confirm")
    known = load_links(workspace, sources)
    link(workspace, known, sources, [Link(source_id, main_id, why or "linked by hand")])
    click.echo(f"{source_id} is an edition of {main_id}: read, and not counted")
