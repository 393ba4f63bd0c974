"""`jaiza sources add`: taking works into the registry, from whatever names them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import click

from cli.attach_file import attach_file, exit_if_unusable, tell_attached
from cli.commands.sources.group import sources_command
from cli.main import Options, command
from cli.output import print_json, print_table
from corpus.errors import JaizaError
from corpus.outcome import Outcome
from corpus.registry.bibliography import SUFFIXES, Work, read_bibliography
from corpus.registry.doi import bare_doi, is_doi
from corpus.registry.edition_links import BY_MACHINE, Link, link, load_links
from corpus.registry.intake import Intake, take_in
from corpus.registry.registry_file import add_sources
from corpus.registry.screening import load_criteria, screen_all
from corpus.registry.sources import Source
from corpus.store.pdf_store import Holdings, sha256_of
from corpus.workspace import Workspace
from pipeline.open_review import open_review


@command("add", example="jaiza sources add library.ris   (or a DOI, an address, a PDF, or --title ...)",
         group=sources_command)  # fmt: skip
@click.argument("things", nargs=-1, metavar="[DOI|URL|FILE]...")
@click.option("--title", help="Title as on the title page; the PDF is checked against it.")
@click.option("--author", "authors", multiple=True, help='"Surname, Given" or an institution; once for each.')
@click.option("--year", type=int, help="Year of publication.")
@click.option("--url", "urls", multiple=True, help="Where to have it: the PDF, or a page that links to it.")
@click.option("--id", "source_id", help="Short name for it (made from author, year and title if left out).")
@click.option("--label", help="Name in the matrix (author and year if left out).")
@click.option("--file", "file", type=click.Path(path_type=Path), help="The PDF, if you have it already.")
@click.option("--anyway", is_flag=True, help="Add works that look like ones the registry has, as works of their own.")
def _add_command(
    options: Options, *, things: tuple[str, ...], title: str | None, authors: tuple[str, ...], year: int | None,
    urls: tuple[str, ...], source_id: str | None, label: str | None, file: Path | None, anyway: bool,
) -> None:  # fmt: skip
    """Add sources: a reference list (.ris, .bib), a DOI, an address, a PDF, or what the options say.

    Works that the registry has already are left out; another edition of one is added, linked to it, and not counted
    twice. Every addition is screened.
    """
    workspace, sources = open_review(options.workspace)
    told = Work("the options", title or "", authors, year, urls=urls)
    if not things and not title:
        raise click.UsageError("say what to add: a .ris or .bib file, a DOI, an address, a PDF, or --title")
    if len(things) > 1 and (title or authors or year or source_id or label or file):
        raise click.UsageError("--title and the like describe one work: add several without them, or one by one")
    pdf = file
    works: list[Work] = [] if things else [told]
    unusable: list[str] = []
    for thing in things:
        path = Path(thing)
        if path.suffix.lower() in SUFFIXES:
            read = read_bibliography(path)
            works += read.works
            unusable += [f"{path.name}, {problem}" for problem in read.unusable]
        elif "://" not in thing and not is_doi(thing) and (path.exists() or path.suffix.lower() == ".pdf"):
            _refuse_known_file(workspace, path)
            pdf = path
            works.append(_filled(told, Work(thing, "" if title else _title_in_file(path))))
        elif title:
            works.append(_filled(told, Work(thing, "", doi=bare_doi(thing), urls=() if is_doi(thing) else (thing,))))
        else:
            works.append(_filled(told, _looked_up(workspace, thing)))
    taken = _named(take_in(works, sources, anyway=anyway), source_id=source_id, label=label)
    added = [one.source for one in taken if one.source]
    if added:
        add_sources(workspace, added)
        _link_editions(workspace, (*sources, *added), taken)
    outcome = attach_file(workspace, added[0], pdf, confirm=False) if pdf and len(added) == 1 else None
    _tell(workspace, taken, unusable, outcome, options)
    if outcome:
        exit_if_unusable(outcome)


def _filled(told: Work, found: Work) -> Work:
    """`found`, with what the options say in its place."""
    return replace(
        found,
        title=told.title or found.title,
        authors=told.authors or found.authors,
        year=told.year or found.year,
        urls=(*told.urls, *found.urls),
    )


def _named(taken: Sequence[Intake], *, source_id: str | None, label: str | None) -> tuple[Intake, ...]:
    if not source_id and not label:
        return tuple(taken)
    return tuple(
        replace(one, source=replace(one.source, id=source_id or one.source.id, label=label or one.source.label))
        if one.source
        else one
        for one in taken
    )


def _link_editions(workspace: Workspace, sources: Sequence[Source], taken: Sequence[Intake]) -> None:
    known = load_links(workspace, sources)
    new = [
        Link(one.source.id, known.editions.get(one.other, one.other), one.why, BY_MACHINE)
        for one in taken
        if one.state == "edition" and one.source
    ]
    if new:
        link(workspace, known, sources, new)


def _looked_up(workspace: Workspace, thing: str) -> Work:
    """The work behind a DOI or an address."""
    from corpus.discovery.describe_work import work_at, work_of_doi
    from corpus.discovery.open_indexes import Indexes
    from corpus.fetch.connection import Connections
    from corpus.fetch.download import Fetcher

    if not is_doi(thing) and not thing.startswith(("http://", "https://")):
        raise JaizaError(f"{thing!r} is no file here, no DOI and no web address (https://...)")
    workspace.pdfs.mkdir(parents=True, exist_ok=True)
    connections = Connections(workspace.review.pull, {})
    try:
        fetcher = Fetcher(connections, workspace.review.pull, workspace.pdfs)
        if is_doi(thing):
            return work_of_doi(bare_doi(thing), Indexes(fetcher, workspace.review.resolve))
        return work_at(thing, fetcher, read_title=_title_in_file)
    finally:
        connections.close()


def _refuse_known_file(workspace: Workspace, path: Path) -> None:
    if not path.is_file():
        raise JaizaError(f"{path}: there is no such file: check the name")
    sha256 = sha256_of(path)
    for held in Holdings(workspace):
        if held.sha256 == sha256:
            raise JaizaError(f"{path} is the file of {held.source_id!r} already: nothing was added")


def _title_in_file(path: Path) -> str:
    """The title on the first pages, which a person has seen and agreed to."""
    from extract.isolation.isolated_read import read_isolated
    from extract.title import title_of

    document = read_isolated(path, sha256_of(path), seconds=120, memory_mb=2048)
    title = title_of(document)
    if not title:
        why = f" ({document.state}: {document.note})" if document.note else ""
        raise JaizaError(f"{path.name} does not show its title{why}: give it with --title")
    if not sys.stdin.isatty():
        raise JaizaError(f'the title page seems to say “{title}”: if that is right, add --title "{title}"')
    if not click.confirm(f"The title page seems to say “{title}”. Is that the title?", default=True):
        raise JaizaError("nothing was added: give the title with --title")
    return title


def _tell(
    workspace: Workspace, taken: Sequence[Intake], unusable: Sequence[str], outcome: Outcome | None, options: Options
) -> None:
    added = [one.source for one in taken if one.source]
    verdicts = {one.source_id: one.verdict for one in screen_all(added, load_criteria(workspace))}
    if options.json:
        print_json(
            {
                "works": [
                    {
                        "place": one.work.place, "state": one.state, "why": one.why, "of": one.other,
                        "source": asdict(one.source) if one.source else None,
                        "screening": verdicts[one.source.id] if one.source else None,
                    }
                    for one in taken
                ],
                "unusable": list(unusable),
                "attached": asdict(outcome) if outcome else None,
            }
        )  # fmt: skip
        return
    rows = [
        (
            one.source.id if one.source else "-",
            {"new": "added", "edition": f"added as an edition of {one.other}", "known": "known already"}[one.state],
            verdicts[one.source.id] if one.source else "",
            f"{one.work.title}" + (f" ({one.why})" if one.why else ""),
        )
        for one in taken
    ]
    print_table(("source", "what happened", "screening", "title"), rows)
    for problem in unusable:
        click.echo(f"not usable: {problem}")
    known = sum(one.state == "known" for one in taken)
    click.echo(f"{len(added)} added, {known} known already, {len(unusable)} not usable")
    if outcome:
        tell_attached(outcome)
