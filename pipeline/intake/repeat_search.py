"""Repeating the saved searches of a review: what is new joins the registry, and waits to be screened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from annotations.log.open_log import open_log
from annotations.screening.verdicts import KEPT
from corpus.clock import now
from corpus.discovery.openalex_works import FoundWork, FoundWorks, OpenAlexWorks
from corpus.discovery.saved_searches import (
    SavedSearch,
    SearchRecord,
    load_search_history,
    load_searches,
    note_search,
)
from corpus.errors import PullError, UnknownChoiceError
from corpus.fetch.connection import Connections
from corpus.fetch.download import Fetcher
from corpus.registry.edition_links import load_links
from corpus.registry.intake import store_intake, take_in
from corpus.registry.registry_file import load_sources
from corpus.registry.sources import Source
from corpus.workspace import Workspace
from pipeline.open_review import at_work
from pipeline.screening.screening_state import read_screening

_WAYS = {"citing": "works that cite the included records", "cited": "works that the included records cite"}


def repeat_searches(
    workspace: Workspace, names: Sequence[str] = (), *, tell: Callable[[SearchRecord], None] = lambda _: None
) -> tuple[SearchRecord, ...]:
    """Do the searches named, or all; one that fails is told of in its record, and the next is done.

    UnknownChoiceError: there is no search of that name. WorkspaceBusyError: the review is at work.
    """
    searches = load_searches(workspace)
    for name in names:
        if all(one.name != name for one in searches):
            raise UnknownChoiceError("search", name, [one.name for one in searches])
    workspace.pdfs.mkdir(parents=True, exist_ok=True)
    connections = Connections(workspace.review.pull, {})
    done = []
    try:
        index = OpenAlexWorks(Fetcher(connections, workspace.review.pull, workspace.pdfs), workspace.review.resolve)
        for search in searches:
            if not names or search.name in names:
                done.append(_repeat(workspace, search, index))
                tell(done[-1])
    finally:
        connections.close()
    return tuple(done)


def asked_of(search: SavedSearch) -> str:
    """What a search asks for, in words."""
    return _WAYS.get(search.citations) or " · ".join(filter(None, (search.query, search.filter)))


def _repeat(workspace: Workspace, search: SavedSearch, index: OpenAlexWorks) -> SearchRecord:
    record = SearchRecord(now(), search.name, asked_of(search))
    try:
        found, note = _found(workspace, search, index)
    except PullError as error:
        record = replace(record, problem=str(error))
        note_search(workspace, record)
        return record
    before = {one for past in load_search_history(workspace) if past.name == search.name for one in past.new}
    new = [one for one in found.works if one.openalex_id not in before and one.work.title]
    works = [replace(one.work, place=f"{search.name}, record {one.openalex_id}") for one in new]
    with at_work(workspace, "search"):
        sources = load_sources(workspace)
        links = load_links(workspace, sources)
        taken = take_in(works, sources, links=links)
        store_intake(workspace, sources, links, taken)
        states = Counter(one.state for one in taken)
        if found.total > len(found.works):
            left = f"{found.total:,} works fit, only the newest {len(found.works):,} were taken: narrow it down"
            note = "; ".join(filter(None, (note, left)))
        record = replace(
            record,
            total=found.total,
            taken=len(found.works),
            added=len(taken) - states["known"],
            known=states["known"],
            new=tuple(one.openalex_id for one in new),
            note=note,
        )
        note_search(workspace, record)
    return record


def _found(workspace: Workspace, search: SavedSearch, index: OpenAlexWorks) -> tuple[FoundWorks, str]:
    """What it finds now, and a note on what could not be asked for."""
    if not search.citations:
        return index.search(search.query, search.filter, most=search.most), ""
    included = _included(workspace)
    dois = [source.doi for source in included if source.doi]
    roots = index.of_dois(dois)
    missing = len(included) - len(roots)
    note = f"{missing} of {len(included)} included records are not known to OpenAlex by their DOI" if missing else ""
    if search.citations == "citing":
        return index.citing([one.openalex_id for one in roots], most=search.most), note
    ids = list(dict.fromkeys(cited for one in roots for cited in one.references))
    works: tuple[FoundWork, ...] = index.of_ids(ids[: search.most])
    return FoundWorks(len(ids), works), note


def _included(workspace: Workspace) -> list[Source]:
    """The records that screening has kept; all of them where nobody has screened any."""
    with open_log(workspace) as log:
        state = read_screening(workspace, log)
        if not log.screened():
            return list(state.sources.values())
    out = {key for key, one in state.full_texts.items() if one.standing == "exclude"}
    return [state.sources[key] for key, one in state.abstracts.items() if one.standing in KEPT and key not in out]
