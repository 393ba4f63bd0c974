"""`jaiza sources duplicates`, `link` and `unlink`: one work counts once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from annotations.decision import PUBLISHED
from cli.commands.sources.group import sources_command
from cli.main import Options, command
from cli.output import print_json, print_table
from corpus.errors import JaizaError
from corpus.registry.edition_links import Link, link, load_links, settle_all, unlink
from corpus.registry.registry_file import find_source
from corpus.registry.sources import Source
from corpus.workspace import Workspace
from pipeline.open_review import open_review

if TYPE_CHECKING:
    from corpus.registry.duplicates import DuplicatePair


@command("duplicates", example="jaiza sources duplicates   (then --all different, or link and unlink one by one)",
         group=sources_command)  # fmt: skip
@click.option("--all", "verdict", type=click.Choice(["same", "different"]),
              help="Say of every open pair that it is one work (same) or two (different).")  # fmt: skip
@click.option("--why", default="", help="The reason, for the record.")
def _duplicates_command(options: Options, *, verdict: str | None, why: str) -> None:
    """Sources that seem to be one work: the same file, DOI, title or text, or a title that is merely alike."""
    from pipeline.link_duplicates import open_duplicates

    workspace, sources = open_review(options.workspace)
    links = load_links(workspace, sources)
    pairs = open_duplicates(workspace, sources, links)
    if verdict:
        _settle(workspace, sources, pairs, one_work=verdict == "same", why=why)
        return
    if options.json:
        print_json({"links": [asdict(one) for one in links.links], "open": [asdict(one) for one in pairs]})
        return
    print_table(
        ("source", "edition of", "by", "why"),
        [(one.source, one.edition_of, one.by or "-", one.why) for one in links.links],
    )
    if links.links:
        click.echo(f"{len(links.links)} linked: read, but not counted\n")
    print_table(("source", "and", "sign", "why"), [(one.second, one.first, one.kind, one.note) for one in pairs])
    if pairs:
        click.echo(
            f"{len(pairs)} to check: `jaiza sources link SECOND FIRST` where they are one work, "
            "`jaiza sources unlink SECOND FIRST` where they are two; of all at once: --all different or --all same"
        )
    else:
        click.echo("no other pair looks like one work")


def _settle(
    workspace: Workspace, sources: Sequence[Source], pairs: Sequence[DuplicatePair], *, one_work: bool, why: str
) -> None:
    """Settle every pair; of those that are said to be one work, not where people have judged the later source."""
    from pipeline.merged_review import coded_sources

    judged = coded_sources(workspace, sources) if one_work else set()
    sure = [pair for pair in pairs if pair.second not in judged]
    settle_all(
        workspace, load_links(workspace, sources), sources, sure, one_work=one_work, why=why or "settled by hand"
    )
    click.echo(f"{len(sure)} pairs are {'one work each' if one_work else 'two works each'}")
    for pair in pairs:
        if pair.second in judged:
            click.echo(f"left open: people have judged {pair.second}: `jaiza sources link` with --confirm")


@command("link", example="jaiza sources link khan-report-2015 khan-2016", group=sources_command)
@click.argument("source_id", metavar="EDITION")
@click.argument("main_id", metavar="SOURCE")
@click.option("--why", default="", help="The reason, for the record.")
@click.option("--confirm", is_flag=True, help="Also where people have judged EDITION, which then no longer counts.")
def _link_command(options: Options, *, source_id: str, main_id: str, why: str, confirm: bool) -> None:
    """EDITION is another edition of SOURCE: it stays in the review and is no longer counted."""
    from annotations.decisions_csv import published_decisions
    from annotations.log.open_log import open_log
    from models.codebook.codebook import load_codebook

    workspace, sources = open_review(options.workspace)
    for one in (source_id, main_id):
        find_source(sources, one)
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


@command("unlink", example="jaiza sources unlink khan-report-2015 khan-2016", group=sources_command)
@click.argument("source_id", metavar="EDITION")
@click.argument("main_id", metavar="SOURCE")
@click.option("--why", default="", help="The reason, for the record.")
def _unlink_command(options: Options, *, source_id: str, main_id: str, why: str) -> None:
    """EDITION and SOURCE are two works: both count, and they are not proposed as one again."""
    workspace, sources = open_review(options.workspace)
    for one in (source_id, main_id):
        find_source(sources, one)
    unlink(workspace, load_links(workspace, sources), sources, source_id, main_id, why=why)
    click.echo(f"{source_id} and {main_id} are two works, and both are counted")
