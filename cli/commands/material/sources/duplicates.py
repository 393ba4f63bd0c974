"""`jaiza sources duplicates`: sources that seem to be one work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from cli.command import Options, command
from cli.output import print_json, print_table
from corpus.registry.edition_links import load_links, settle_all
from corpus.registry.sources import Source
from corpus.workspace import Workspace
from pipeline.open_review import open_review

if TYPE_CHECKING:
    from corpus.registry.duplicates import DuplicatePair


@command("duplicates", example="jaiza sources duplicates   (then --all different, or link and unlink one by one)")
@click.option("--all", "verdict", type=click.Choice(["same", "different"]),
              help="Say of every open pair that it is one work (same) or two (different).")  # fmt: skip
@click.option("--why", default="", help="The reason, for the record.")
def duplicates_command(options: Options, *, verdict: str | None, why: str) -> None:
    """Sources that seem to be one work: the same file, DOI, title or text, or a title that is merely alike."""
    from pipeline.runs.link_duplicates import open_duplicates

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
