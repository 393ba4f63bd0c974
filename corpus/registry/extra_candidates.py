"""candidates.toml: further addresses of sources, adopted by a person after the registry was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import ClassVar, Literal

import tomli_w

from corpus.datafile import NO_UNKNOWN_KEYS, only_keys, read_toml, to_dataclass
from corpus.errors import DataFileError, JaizaError
from corpus.json_table import JsonObject
from corpus.registry.sources import Candidate, Source
from corpus.urls import canonical
from corpus.workspace import Workspace, write_atomic

FILE = "candidates.toml"


@dataclass(frozen=True, slots=True)
class FurtherCandidate:
    """One more address at which a source may be had; tried after those of the registry."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    source: str
    url: str
    kind: Literal["pdf", "landing"]
    note: str = ""  # who found it, and what the title check said


def with_further(workspace: Workspace, sources: Sequence[Source]) -> tuple[Source, ...]:
    """`sources` with the addresses that were adopted for them. DataFileError: one is for a source that is not there."""
    more = load_further(workspace)
    known = {source.id for source in sources}
    for number, one in enumerate(more, start=1):
        if one.source not in known:
            place = workspace.root / FILE
            raise DataFileError(place, f"candidate {number}", f"there is no source {one.source!r}", "Correct its id")
    added = {
        source_id: tuple(Candidate(one.url, one.kind, "seen", one.note) for one in more if one.source == source_id)
        for source_id in {one.source for one in more}
    }
    return tuple(
        replace(source, candidates=source.candidates + added[source.id]) if source.id in added else source
        for source in sources
    )


def load_further(workspace: Workspace) -> tuple[FurtherCandidate, ...]:
    """What candidates.toml says; empty where there is none."""
    path = workspace.own_file(FILE)
    if path is None:
        return ()
    data = read_toml(path)
    only_keys(data, ["candidate"], file=path)
    return tuple(
        to_dataclass(FurtherCandidate, table, file=path, where=f"candidate {number}")
        for number, table in enumerate(data.get("candidate", []), start=1)
    )


def adopt(workspace: Workspace, source: Source, candidate: Candidate) -> None:
    """Let `candidate` be tried for `source` from now on. JaizaError: it is known, or is of a different work."""
    wanted = canonical(candidate.url)
    if any(canonical(one.url) == wanted for one in source.candidates):
        raise JaizaError(f"{candidate.url} is among the addresses of {source.id!r} already")
    for other in source.other_works:
        if other.url and canonical(other.url) == wanted:
            raise JaizaError(f"{candidate.url} is a different work ({other.reason}): not fetched for {source.id!r}")
    rows = [*load_further(workspace), FurtherCandidate(source.id, candidate.url, candidate.kind, candidate.note)]
    tables: list[JsonObject] = [{key: value for key, value in asdict(row).items() if value} for row in rows]
    write_atomic(workspace.root / FILE, tomli_w.dumps({"candidate": tables}).encode())
