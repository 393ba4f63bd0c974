"""Abstracts that no list brought, asked for from the open indexes: OpenAlex, and Crossref for what is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from corpus.discovery.open_indexes import Indexes
from corpus.discovery.openalex_works import OpenAlexWorks
from corpus.errors import PullError
from corpus.fetch.connection import Connections
from corpus.fetch.download import Fetcher
from corpus.registry.registry_file import load_sources
from corpus.registry.source_details import FILE, SourceDetails, load_details, to_lines
from corpus.registry.sources import Source
from corpus.registry.title_match import check_title
from corpus.store.json_lines import with_lines
from corpus.workspace import Workspace, write_atomic
from pipeline.open_review import at_work

_SAME = frozenset({"match", "probable"})  # verdicts of the title check: a DOI in a list may be another work's


@dataclass(frozen=True, slots=True)
class AskedAbstracts:
    """What asking for missing abstracts came to."""

    missing: int  # records without an abstract
    without_doi: int  # of them, which were not asked for: an index would have to guess which work is meant
    found: int
    problems: tuple[str, ...] = ()  # why an index gave no answer, each once

    def __str__(self) -> str:
        """In a sentence or two."""
        said = f"{self.missing} records without an abstract; {self.found} found"
        left = f", {self.without_doi} not asked for, for they have no DOI" if self.without_doi else ""
        return f"{said}{left}." + "".join(f" {problem}." for problem in self.problems)


def lacking_abstracts(sources: Iterable[Source], details: Mapping[str, SourceDetails]) -> list[Source]:
    """The sources of which no list brought an abstract."""
    return [source for source in sources if not (source.id in details and details[source.id].abstract)]


def ask_for_abstracts(workspace: Workspace) -> AskedAbstracts:
    """Ask for every abstract that is missing, and keep what is found in records.jsonl with the index it came from.

    What a list said stays. WorkspaceBusyError: the review is at work.
    """
    lacking = lacking_abstracts(load_sources(workspace), load_details(workspace))
    asked = {source.doi.casefold(): source for source in lacking if source.doi}
    found: dict[str, SourceDetails] = {}
    problems: list[str] = []
    workspace.pdfs.mkdir(parents=True, exist_ok=True)
    connections = Connections(workspace.review.pull, {})
    try:
        fetcher = Fetcher(connections, workspace.review.pull, workspace.pdfs)
        for given in (_of_openalex, _of_crossref):
            left = {doi: source for doi, source in asked.items() if source.id not in found}
            try:
                for one in given(workspace, fetcher, left):
                    found[one.source] = one
            except PullError as error:
                problems.append(str(error))
    finally:
        connections.close()
    if found:
        with at_work(workspace, "abstracts"):
            path = workspace.root / FILE
            write_atomic(path, with_lines(path, to_lines(found.values())))
    return AskedAbstracts(len(lacking), len(lacking) - len(asked), len(found), tuple(dict.fromkeys(problems)))


def _of_openalex(workspace: Workspace, fetcher: Fetcher, asked: Mapping[str, Source]) -> Iterator[SourceDetails]:
    index = OpenAlexWorks(fetcher, workspace.review.resolve)
    for one in index.of_dois(list(asked)) if asked else ():
        source = asked.get(one.work.doi.casefold())
        described = "\n".join((one.work.title, *one.work.authors, str(one.work.year or "")))
        if source and one.work.abstract and check_title(source, described).verdict in _SAME:
            origin = f"OpenAlex, {one.openalex_id}"
            yield SourceDetails(source.id, one.work.abstract, one.work.keywords, origin=origin)


def _of_crossref(workspace: Workspace, fetcher: Fetcher, asked: Mapping[str, Source]) -> Iterator[SourceDetails]:
    index = Indexes(fetcher, workspace.review.resolve)
    for doi, source in asked.items():
        described, abstract = index.crossref_abstract(doi)
        if abstract and check_title(source, described).verdict in _SAME:
            yield SourceDetails(source.id, abstract, origin=f"Crossref, {doi}")
