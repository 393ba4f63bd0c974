"""records.jsonl: what lists say of sources beyond the registry (abstracts, keywords, earlier screening, local files).

One JSON object a line, at the end of the file as lists come in. Of two lines on one source, the later fills in what the
first leaves out; screening decisions add up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace

from pydantic import TypeAdapter

from corpus.registry.work import PriorScreening, Work
from corpus.store.json_lines import read_lines
from corpus.workspace import Workspace

FILE = "records.jsonl"


@dataclass(frozen=True, slots=True)
class SourceDetails:
    """What the lists say of one source that is too long for the registry."""

    source: str  # its id
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    screenings: tuple[PriorScreening, ...] = ()  # decided elsewhere, see `PriorScreening`
    files: tuple[str, ...] = ()  # PDFs on the disk of who made the list, in its words
    origin: str = ""  # where it comes from, for example "library.ris, record 3 (line 41)"


_ADAPTER = TypeAdapter(SourceDetails)


def load_details(workspace: Workspace) -> Mapping[str, SourceDetails]:
    """Source id -> what lists say of it; sources of which no list says anything are not there.

    DataFileError: a line is not what this module writes.
    """
    path = workspace.own_file(FILE)
    if path is None:
        return {}
    found: dict[str, SourceDetails] = {}
    for one in read_lines(path, _ADAPTER):
        found[one.source] = _joined(found[one.source], one) if one.source in found else one
    return found


def details_of(work: Work, source_id: str, *, origin: str) -> SourceDetails | None:
    """What is kept of `work` for the source it became, or is; None where it says nothing of the kind."""
    if not (work.abstract or work.keywords or work.screenings or work.files):
        return None
    return SourceDetails(source_id, work.abstract, work.keywords, work.screenings, work.files, origin)


def adds_to(new: SourceDetails, known: SourceDetails | None) -> bool:
    """Does `new` say anything of its source that is not known?"""
    return known is None or _joined(known, new) != known


def to_lines(details: Iterable[SourceDetails]) -> bytes:
    """`details` as lines of the file; what is empty is left out."""
    rows = ({key: value for key, value in asdict(one).items() if value} for one in details)
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def _joined(first: SourceDetails, later: SourceDetails) -> SourceDetails:
    return replace(
        first,
        abstract=first.abstract or later.abstract,
        keywords=first.keywords or later.keywords,
        screenings=tuple(dict.fromkeys((*first.screenings, *later.screenings))),
        files=tuple(dict.fromkeys((*first.files, *later.files))),
        origin=first.origin or later.origin,
    )
