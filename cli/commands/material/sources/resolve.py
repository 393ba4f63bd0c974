"""`jaiza sources resolve`: sources that their own addresses don't give, looked for in open indexes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from cli.command import Options, command
from cli.output import print_json, print_table
from corpus.errors import JaizaError
from corpus.registry.extra_candidates import adopt
from corpus.registry.registry_file import find_source
from corpus.registry.sources import Candidate, Source
from corpus.store.pdf_store import Holdings
from corpus.workspace import Workspace
from pipeline.open_review import open_review
from pipeline.progress import progress

if TYPE_CHECKING:
    from corpus.discovery.resolve import Resolved, Resolver


_SAID = {"file": "{} (file seen)", "record": "{} (file not seen)", "refused": "refused: {}"}


@command("resolve", example="jaiza sources resolve gazdar-2011")
@click.argument("source_ids", nargs=-1, metavar="[SOURCE]...")
@click.option("--adopt", "adopt_all", is_flag=True, help="Adopt every PDF whose own first pages carry the title.")
def resolve_command(options: Options, *, source_ids: tuple[str, ...], adopt_all: bool) -> None:
    """Look for sources that could not be had: in OpenAlex, Crossref, Unpaywall and the web archive.

    Without ids, for every source whose PDF is not here. Each hit has to pass the title check, and nothing is adopted
    unless you say so.
    """
    workspace, sources = open_review(options.workspace)
    held = Holdings(workspace)
    wanted = [find_source(sources, one) for one in source_ids] or [s for s in sources if held.get(s.id) is None]
    found: list[Resolved] = []
    with _resolver(workspace) as resolver, progress("looking for", len(wanted), show=not options.json) as tick:
        for source in wanted:
            found.append(resolver.resolve(source))
            tick(source.id)
            if resolver.offline:
                raise JaizaError("there is no network: no index could be asked. Run this again when there is one")
    adopted = _adopt_seen(workspace, wanted, found) if adopt_all else []
    if options.json:
        print_json({"found": [asdict(one) for one in found], "adopted": adopted})
        return
    rows = [
        (
            one.source_id,
            proposal.found_by,
            _SAID[proposal.basis].format(proposal.verdict),
            f"{proposal.url}  {proposal.note}",
        )
        for one in found
        for proposal in one.proposals
    ]
    print_table(("source", "found by", "title check", "address"), rows)
    for one in found:
        if one.doi:
            click.echo(f"{one.source_id}: the indexes give it the DOI {one.doi}")
        if not any(proposal.basis != "refused" for proposal in one.proposals):
            why = f" ({'; '.join(one.notes)})" if one.notes else ""
            click.echo(f"{one.source_id}: nothing found that passes the title check{why}")
    for url in adopted:
        click.echo(f"adopted: {url}")
    if any(proposal.basis != "refused" for one in found for proposal in one.proposals) and not adopt_all:
        click.echo("Nothing was adopted. To use an address: jaiza sources adopt SOURCE ADDRESS, then jaiza run")


@contextmanager
def _resolver(workspace: Workspace) -> Iterator[Resolver]:
    from corpus.discovery.resolve import Resolver
    from corpus.fetch.connection import Connections
    from extract.isolation.isolated_read import front_pages_isolated

    connections = Connections(workspace.review.pull, {})
    try:
        yield Resolver(workspace, connections, read_front_pages=front_pages_isolated)
    finally:
        connections.close()


def _adopt_seen(workspace: Workspace, sources: Sequence[Source], found: Sequence[Resolved]) -> list[str]:
    adopted: list[str] = []
    for source, resolved in zip(sources, found, strict=True):
        for one in resolved.proposals:
            if one.basis == "file" and one.verdict == "match":
                adopt(workspace, source, Candidate(one.url, one.kind, "seen", f"{one.found_by}: {one.note}"))
                adopted.append(one.url)
                break
    return adopted
