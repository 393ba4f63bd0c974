"""`jaiza sources add`: taking works into the registry, from whatever names them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from cli.attach_file import exit_if_unusable
from cli.command import Options, command
from cli.intake_output import print_intake
from corpus.errors import JaizaError, WorkspaceBusyError
from corpus.outcome import Outcome
from corpus.reference_lists.local_files import find_file
from corpus.reference_lists.read import SUFFIXES, read_reference_list
from corpus.reference_lists.records import ReferenceList
from corpus.registry.doi import bare_doi, is_doi
from corpus.registry.edition_links import load_links
from corpus.registry.intake import Intake, store_intake, take_in
from corpus.registry.registry_file import load_sources
from corpus.registry.work import Work
from corpus.store.pdf_store import Holdings, looks_like_pdf, sha256_of
from corpus.workspace import Workspace
from pipeline.intake.attach_file import attach_file, attach_listed
from pipeline.open_review import open_review


@dataclass(frozen=True, slots=True)
class _Given:
    """What the arguments come to."""

    works: tuple[Work, ...] = ()
    lists: tuple[tuple[Path, ReferenceList], ...] = ()
    pdf: Path | None = None  # of the one work


@command("add", example="jaiza sources add library.ris   (or a DOI, an address, a PDF, or --title ...)")
@click.argument("things", nargs=-1, metavar="[DOI|URL|FILE]...")
@click.option("--title", help="Title as on the title page; the PDF is checked against it.")
@click.option("--author", "authors", multiple=True, help='"Surname, Given" or an institution; once for each.')
@click.option("--year", type=int, help="Year of publication.")
@click.option("--url", "urls", multiple=True, help="Where to have it: the PDF, or a page that links to it.")
@click.option("--id", "source_id", help="Short name for it (made from author, year and title if left out).")
@click.option("--label", help="Name in the matrix (author and year if left out).")
@click.option("--file", "file", type=click.Path(path_type=Path), help="The PDF, if you have it already.")
@click.option("--anyway", is_flag=True, help="Add works that look like ones the registry has, as works of their own.")
def add_command(
    options: Options,
    *,
    things: tuple[str, ...],
    title: str | None,
    authors: tuple[str, ...],
    year: int | None,
    urls: tuple[str, ...],
    source_id: str | None,
    label: str | None,
    file: Path | None,
    anyway: bool,
) -> None:
    """Add sources: a reference list (RIS, BibTeX, PubMed, EndNote, Web of Science, CSL-JSON, Zotero RDF, a table), a
    DOI, an address, a PDF, or what the options say.

    Works that the registry has already are left out; another edition of one is added, linked to it, and not counted
    twice; one that only looks like another is added, and is to be checked. Every addition is screened.
    """
    if not things and not title:
        raise click.UsageError("say what to add: a reference list, a DOI, an address, a PDF, or --title")
    if len(things) > 1 and (title or authors or year or source_id or label or file):
        raise click.UsageError("--title and the like describe one work: add several without them, or one by one")
    workspace, sources = open_review(options.workspace)
    told = Work("the options", title or "", authors, year, urls=urls)
    given = _read_things(workspace, things, told, pdf=file)
    links = load_links(workspace, sources)
    taken = _named(take_in(given.works, sources, links=links, anyway=anyway), source_id=source_id, label=label)
    store_intake(workspace, sources, links, taken)
    added = [one.source for one in taken if one.source]
    outcome = attach_file(workspace, added[0], given.pdf, confirm=False) if given.pdf and len(added) == 1 else None
    attached, busy = [outcome] if outcome else [], None
    try:
        attached += _attach_files(workspace, taken, given.lists)
    except WorkspaceBusyError as error:
        busy = error
    print_intake(workspace, taken, given.lists, attached, json=options.json)
    if busy:
        raise busy
    if outcome:
        exit_if_unusable(outcome)


def _attach_files(
    workspace: Workspace, taken: Sequence[Intake], lists: Sequence[tuple[Path, ReferenceList]]
) -> list[Outcome]:
    """Attach the PDFs that the lists name, where they are here; those of known works too, as far as these have none."""
    files: dict[str, list[Path]] = {}
    for one in taken:
        for path in (path for path, _ in lists if one.work.place.startswith(f"{path.name}, ")):
            if found := [file for named in one.work.files if (file := find_file(named, path))]:
                files.setdefault(one.source.id if one.source else one.other, []).extend(found)
    named = [source for source in load_sources(workspace) if source.id in files] if files else []
    return attach_listed(workspace, files, named)


def _read_things(workspace: Workspace, things: Sequence[str], told: Work, *, pdf: Path | None) -> _Given:
    """The works that the arguments name; every file is read before anything is written."""
    works: list[Work] = [] if things else [told]
    lists: list[tuple[Path, ReferenceList]] = []
    for thing in things:
        path = Path(thing)
        if "://" in thing or is_doi(thing):
            if told.title:
                found = Work(thing, "", doi=bare_doi(thing), urls=() if is_doi(thing) else (thing,))
            else:
                found = _look_up(workspace, thing)
            works.append(_filled(told, found))
        elif _is_pdf(path):
            _refuse_known_file(workspace, path)
            pdf = path
            works.append(_filled(told, Work(thing, "" if told.title else _title_in_file(path))))
        elif path.exists() or path.suffix.lower() in SUFFIXES:
            read = read_reference_list(path)
            lists.append((path, read))
            works += [replace(work, place=f"{path.name}, {work.place}") for work in read.works]
        else:
            raise JaizaError(f"{thing!r} is no file here, no DOI and no web address (https://...)")
    return _Given(tuple(works), tuple(lists), pdf)


def _is_pdf(path: Path) -> bool:
    if path.suffix.lower() == ".pdf":
        return True
    try:
        return looks_like_pdf(path)
    except OSError:
        return False


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


def _look_up(workspace: Workspace, thing: str) -> Work:
    """The work behind a DOI or an address."""
    from corpus.discovery.describe_work import work_at, work_of_doi
    from corpus.discovery.open_indexes import Indexes
    from corpus.fetch.connection import Connections
    from corpus.fetch.download import Fetcher

    if not is_doi(thing) and not thing.startswith(("http://", "https://")):
        raise JaizaError(f"{thing!r} is no web address: it begins with http:// or https://")
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
    from extract.readers.ocr_engine import available
    from extract.title import title_of

    document = read_isolated(path, sha256_of(path), seconds=120, memory_mb=2048, find_engine=available)
    title = title_of(document)
    if not title:
        why = f" ({document.state}: {document.note})" if document.note else ""
        raise JaizaError(f"{path.name} does not show its title{why}: give it with --title")
    if not sys.stdin.isatty():
        raise JaizaError(f'the title page seems to say “{title}”: if that is right, add --title "{title}"')
    if not click.confirm(f"The title page seems to say “{title}”. Is that the title?", default=True):
        raise JaizaError("nothing was added: give the title with --title")
    return title
