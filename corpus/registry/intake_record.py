"""intakes.jsonl: what every list, search or single addition brought, so that a flow diagram can tell where from.

One JSON object a line, at the end of the file as things come in. Nothing in it is ever changed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from pydantic import TypeAdapter

from corpus.clock import now
from corpus.store.json_lines import read_lines
from corpus.workspace import Workspace

FILE = "intakes.jsonl"
ONE_BY_ONE = "added one by one"
_IN_A_LIST = re.compile(r"^(.+?), (?:record|entry|item|row) ")  # "library.ris, record 3 (line 41)"


@dataclass(frozen=True, slots=True)
class IntakeRecord:
    """What one list or search brought, or one addition by hand."""

    at: str  # ISO 8601, UTC
    origin: str  # name of the file or of the search
    records: int
    known: int  # of them, that the registry had already
    editions: int = 0  # added, as editions of another source
    to_check: int = 0  # added, and like another source


_STORED = TypeAdapter(IntakeRecord)


def load_intakes(workspace: Workspace) -> tuple[IntakeRecord, ...]:
    """All of them, oldest first; none in a review that was filled before they were kept, or by hand.

    DataFileError: a line is not what this module writes.
    """
    path = workspace.own_file(FILE)
    return tuple(read_lines(path, _STORED)) if path else ()


def intake_lines(happened: Iterable[tuple[str, str]], *, at: str = "") -> bytes:
    """Lines for `happened`: of each record where it stands ("library.ris, record 3") and what became of it."""
    counts: dict[str, Counter[str]] = {}
    for place, state in happened:
        listed = _IN_A_LIST.match(place)
        origin = listed[1] if listed else ONE_BY_ONE
        counts.setdefault(origin, Counter())[state] += 1
    moment = at or now()
    made = [
        IntakeRecord(moment, origin, states.total(), states["known"], states["edition"], states["to check"])
        for origin, states in counts.items()
    ]
    return b"".join(json.dumps(asdict(one), ensure_ascii=False).encode() + b"\n" for one in made)


def identified(workspace: Workspace, sources: int) -> tuple[Mapping[str, int], int]:
    """Where the records of a review come from, how many each brought, and how many of all were known already.

    `sources` is how many there are in the registry: those of which no intake tells are counted as the registry's.
    """
    found: Counter[str] = Counter()
    added = known = 0
    for one in load_intakes(workspace):
        found[one.origin] += one.records
        added, known = added + one.records - one.known, known + one.known
    if sources > added:
        found["the registry, as it was begun"] += sources - added
    return dict(found), known
