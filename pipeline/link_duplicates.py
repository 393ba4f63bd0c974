"""Which sources of a review are one work: found after reading, linked where it is sure, told where it is not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from corpus.registry.edition_links import BY_MACHINE, Link, Links, link, load_links
from corpus.registry.sources import Source
from corpus.store.pdf_store import Holdings
from corpus.workspace import Workspace
from pipeline.stages import SourceResult

if TYPE_CHECKING:
    from corpus.registry.duplicates import DuplicatePair, TwinKind

# Signs that a person need not look at before the later source stops counting; a title may be a series'.
SURE: frozenset[TwinKind] = frozenset({"same file", "same DOI", "same text"})


def settle_twins(
    workspace: Workspace, sources: Sequence[Source], studied: Sequence[SourceResult], *, judged: Collection[str]
) -> tuple[DuplicatePair, ...]:
    """Link what is surely one work, if this run read anything; returns the pairs that a person should look at.

    `judged` holds the sources that people, or the publication, have coded.
    """
    if not any(done.did for done in studied):
        return ()
    _, unsettled = link_sure_twins(workspace, sources, load_links(workspace, sources), judged=judged)
    return unsettled


def open_twins(workspace: Workspace, sources: Sequence[Source], links: Links) -> tuple[DuplicatePair, ...]:
    """The pairs that look like one work and on which links.toml has no word."""
    from corpus.registry.duplicates import find_twins  # with NumPy, which a run without news does without
    from extract.text_sketches import load_sketch

    holdings = list(Holdings(workspace))
    sketches = {held.source_id: load_sketch(workspace, held.sha256) for held in holdings}
    known = {source_id: kept for source_id, kept in sketches.items() if kept is not None}
    twins = find_twins(sources, holdings, known)
    return tuple(twin for twin in twins if not links.settled(twin.first, twin.second))


def link_sure_twins(
    workspace: Workspace, sources: Sequence[Source], links: Links, *, judged: Collection[str]
) -> tuple[Links, tuple[DuplicatePair, ...]]:
    """Link every later source that is surely another edition of an earlier one; returns the links and what is open.

    A source in `judged` (people, or the publication, have coded it) is never linked by machine: its judgements would
    stop counting.
    """
    open_ones: list[DuplicatePair] = []
    for twin in open_twins(workspace, sources, links):
        if links.settled(twin.first, twin.second):  # by the link of another pair
            continue
        if twin.kind not in SURE or twin.second in judged:
            open_ones.append(twin)
            continue
        main = links.editions.get(twin.first, twin.first)
        if twin.second in links.editions or main == twin.second or twin.second in links.editions.values():
            open_ones.append(twin)
            continue
        links = link(workspace, links, sources, [Link(twin.second, main, f"{twin.kind}: {twin.note}", BY_MACHINE)])
    return links, tuple(open_ones)
