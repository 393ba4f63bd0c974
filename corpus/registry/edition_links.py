"""links.toml: which source is another edition of which, and which only look like it. People may edit it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar, Protocol, TypeVar

import tomli_w

from corpus.datafile import NO_UNKNOWN_KEYS, only_keys, read_toml, to_dataclass
from corpus.errors import DataFileError
from corpus.registry.sources import Source
from corpus.workspace import Workspace, write_atomic

FILE = "links.toml"
BY_MACHINE = "jaiza"  # linked by a sign of `corpus.registry.duplicates`; a person's link names the person, or nobody


class SourcePair(Protocol):
    """Two sources that may be one work: their ids, the earlier of the registry first."""

    @property
    def first(self) -> str:
        """Id of the source that comes earlier in the registry."""

    @property
    def second(self) -> str:
        """Id of the other source."""


PairT = TypeVar("PairT", bound=SourcePair)


@dataclass(frozen=True, slots=True)
class Link:
    """`source` is an edition of the work that `edition_of` stands for: it is kept and read, and not counted."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    source: str
    edition_of: str
    why: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Distinct:
    """Two sources that are two works, whatever the signs say."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    sources: tuple[str, str]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """All that links.toml says."""

    links: tuple[Link, ...] = ()
    distinct: tuple[Distinct, ...] = ()

    @property
    def editions(self) -> Mapping[str, str]:
        """Source id -> id of the source that is counted for it."""
        return {link.source: link.edition_of for link in self.links}

    def unsettled(self, pairs: Iterable[PairT]) -> tuple[PairT, ...]:
        """Those of `pairs` of which it is not known whether they are one work."""
        apart = {frozenset(pair.sources) for pair in self.distinct}
        editions = self.editions
        return tuple(
            pair
            for pair in pairs
            if frozenset((pair.first, pair.second)) not in apart
            and editions.get(pair.first, pair.first) != editions.get(pair.second, pair.second)
        )

    def settled(self, one: str, other: str) -> bool:
        """Is it known of these two whether they are one work?"""
        apart = any({one, other} == set(pair.sources) for pair in self.distinct)
        editions = self.editions
        return apart or editions.get(one, one) == editions.get(other, other)


def load_links(workspace: Workspace, sources: Iterable[Source]) -> Links:
    """The links of the review. DataFileError: one names a source that is not there, or an edition of an edition."""
    path = workspace.own_file(FILE)
    if path is None:
        return Links()
    data = read_toml(path)
    only_keys(data, ["link", "distinct"], file=path)
    links = tuple(
        to_dataclass(Link, table, file=path, where=f"link {number}")
        for number, table in enumerate(data.get("link", []), start=1)
    )
    distinct = tuple(
        to_dataclass(Distinct, table, file=path, where=f"distinct {number}")
        for number, table in enumerate(data.get("distinct", []), start=1)
    )
    found = Links(links, distinct)
    _check(found, {source.id for source in sources}, path)
    return found


def counted(sources: Sequence[Source], links: Links) -> tuple[Source, ...]:
    """The sources that stand for a work of their own: the rows of the matrix."""
    return tuple(source for source in sources if source.id not in links.editions)


def link(workspace: Workspace, known: Links, sources: Sequence[Source], added: Iterable[Link]) -> Links:
    """Store further links; an earlier word on the same pair no longer counts. Returns what counts now."""
    new = tuple(added)
    pairs = [{one.source, one.edition_of} for one in new]
    names = {one.source for one in new}
    return _store(
        workspace,
        Links(
            (*(one for one in known.links if one.source not in names), *new),
            tuple(pair for pair in known.distinct if set(pair.sources) not in pairs),
        ),
        sources,
    )


def unlink(
    workspace: Workspace, known: Links, sources: Sequence[Source], one: str, other: str, *, why: str = ""
) -> Links:
    """Let two sources count each for itself, and remember that they are two works."""
    pair = {one, other}
    kept = tuple(link for link in known.links if {link.source, link.edition_of} != pair)
    apart = tuple(two for two in known.distinct if set(two.sources) != pair)
    return _store(workspace, Links(kept, (*apart, Distinct((one, other), why))), sources)


def _store(workspace: Workspace, links: Links, sources: Iterable[Source]) -> Links:
    write_atomic(workspace.root / FILE, links_toml(workspace, links, sources))
    return links


def settle_all(
    workspace: Workspace,
    known: Links,
    sources: Sequence[Source],
    pairs: Iterable[SourcePair],
    *,
    one_work: bool,
    why: str = "",
) -> Links:
    """Say of every pair that it is one work, or that it is two; in one write. Returns what counts now.

    Of one work, the later source becomes an edition of the one that counts for the earlier.
    """
    if not one_work:
        apart = (Distinct((pair.second, pair.first), why) for pair in known.unsettled(pairs))
        return _store(workspace, Links(known.links, (*known.distinct, *apart)), sources)
    editions = dict(known.editions)
    for pair in known.unsettled(pairs):
        root, other = editions.get(pair.first, pair.first), editions.get(pair.second, pair.second)
        if root != other:
            editions = {edition: root if of == other else of for edition, of in editions.items()} | {other: root}
    stated = {link.source: link for link in known.links}
    links = (
        stated[source] if source in stated and stated[source].edition_of == of else Link(source, of, why)
        for source, of in editions.items()
    )
    return _store(workspace, Links(tuple(links), known.distinct), sources)


def links_toml(workspace: Workspace, links: Links, sources: Iterable[Source]) -> bytes:
    """links.toml as it is with `links`; nothing is written. DataFileError: a link does not fit `sources`."""
    _check(links, {source.id for source in sources}, workspace.root / FILE)
    tables = {"link": [asdict(one) for one in links.links], "distinct": [asdict(one) for one in links.distinct]}
    said = {
        name: [{key: value for key, value in row.items() if value} for row in rows]
        for name, rows in tables.items()
        if rows
    }
    return tomli_w.dumps(said).encode()


def _check(links: Links, ids: Collection[str], path: Path) -> None:
    editions = links.editions
    for one in links.links:
        for name in (one.source, one.edition_of):
            if name not in ids:
                raise DataFileError(path, f"link of {one.source!r}", f"there is no source {name!r}", "Correct its id")
        if one.edition_of in editions:
            counts = editions[one.edition_of]
            raise DataFileError(
                path, f"link of {one.source!r}", f"{one.edition_of!r} is an edition itself", f"Link it to {counts!r}"
            )
    times = Counter(one.source for one in links.links)
    if twice := next((name for name, count in times.items() if count > 1), None):
        raise DataFileError(path, f"link of {twice!r}", "is there twice", "Keep one of the two")
