"""Which sources of a review are one work: found after reading, linked where it is sure, told where it is not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from corpus.registry.edition_links import BY_MACHINE, Link, Links, link, load_links
from corpus.registry.sources import Source
from corpus.store.pdf_store import Holdings
from corpus.workspace import Workspace
from pipeline.documents.source_result import SourceResult

if TYPE_CHECKING:
    from corpus.registry.duplicates import DuplicatePair, DuplicateSign

# Signs that a person need not look at before the later source stops counting; a title may be a series'.
SURE: frozenset[DuplicateSign] = frozenset({"same file", "same DOI", "same text"})


def settle_duplicates(
    workspace: Workspace, sources: Sequence[Source], results: Sequence[SourceResult], *, judged: Collection[str]
) -> tuple[DuplicatePair, ...]:
    """Link what is surely one work, if this run read anything; returns the pairs that a person should look at.

    `judged` holds the sources that people, or the publication, have coded.
    """
    if not any(done.did for done in results):
        return ()
    _, unsettled = link_sure_duplicates(workspace, sources, load_links(workspace, sources), judged=judged)
    return unsettled


def open_duplicates(workspace: Workspace, sources: Sequence[Source], links: Links) -> tuple[DuplicatePair, ...]:
    """The pairs that look like one work and on which links.toml has no word."""
    from corpus.registry.duplicates import find_duplicates  # with NumPy, which a run without news does without
    from extract.text_sketches import load_sketch

    holdings = list(Holdings(workspace))
    sketches = {held.source_id: load_sketch(workspace, held.sha256) for held in holdings}
    known = {source_id: kept for source_id, kept in sketches.items() if kept is not None}
    pairs = find_duplicates(sources, holdings, known)
    return links.unsettled(pairs)


def link_sure_duplicates(
    workspace: Workspace, sources: Sequence[Source], links: Links, *, judged: Collection[str]
) -> tuple[Links, tuple[DuplicatePair, ...]]:
    """Link every later source that is surely another edition of an earlier one; returns the links and what is open.

    A source in `judged` (people, or the publication, have coded it) is never linked by machine: its judgements would
    stop counting.
    """
    open_ones: list[DuplicatePair] = []
    for pair in open_duplicates(workspace, sources, links):
        if links.settled(pair.first, pair.second):  # by the link of another pair
            continue
        if pair.kind not in SURE or pair.second in judged:
            open_ones.append(pair)
            continue
        main = links.editions.get(pair.first, pair.first)
        if pair.second in links.editions or main == pair.second or pair.second in links.editions.values():
            open_ones.append(pair)
            continue
        links = link(workspace, links, sources, [Link(pair.second, main, f"{pair.kind}: {pair.note}", BY_MACHINE)])
    return links, tuple(open_ones)
