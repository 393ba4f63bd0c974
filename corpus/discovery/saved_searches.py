"""The searches of a review, to be repeated: searches.toml says what is asked, searches.jsonl what each time brought."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Annotated, ClassVar, Literal

import tomlkit
from pydantic import Field, TypeAdapter

from corpus.datafile import NO_UNKNOWN_KEYS, only_keys, read_toml, to_dataclass
from corpus.errors import DataFileError, JaizaError, UnknownChoiceError
from corpus.store.json_lines import read_lines, with_lines
from corpus.workspace import Workspace, write_atomic

FILE, HISTORY = "searches.toml", "searches.jsonl"
MOST = 10_000  # works that a list of OpenAlex can be read through to
USUAL_MOST = 2000  # works that are taken of a search, where nobody says otherwise
_LONGEST_NAME = 80
Citations = Literal["", "citing", "cited"]  # works that cite the included records, or that these cite; "": by words


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """One search of OpenAlex, or one way along the citations of the records that were included."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    name: str  # unique; stands in the PRISMA diagram
    query: str = ""  # words, AND, OR, NOT, "phrases"
    filter: str = ""  # as OpenAlex writes it: "publication_year:2015-2026"
    citations: Citations = ""
    most: Annotated[int, Field(ge=1, le=MOST)] = USUAL_MOST  # works that are taken, the newest

    def __post_init__(self) -> None:
        """JaizaError: it asks for nothing, or for two things at once."""
        if not self.name.strip() or len(self.name) > _LONGEST_NAME:
            raise JaizaError(f"a search needs a name of up to {_LONGEST_NAME} characters")
        if bool(self.query.strip()) == bool(self.citations):
            raise JaizaError(f"the search {self.name!r} needs either words to look for or a way along citations")
        if self.citations and self.filter:
            raise JaizaError(f"the search {self.name!r} follows citations: it takes no filter")


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """What one search brought at one time."""

    at: str  # ISO 8601, UTC
    name: str
    asked: str  # the query and filter of that time, or the way along citations
    total: int = 0  # works that OpenAlex has
    taken: int = 0  # of them, that were looked at
    added: int = 0  # new in the registry
    known: int = 0  # in the registry before, and found by this search for the first time
    new: tuple[str, ...] = ()  # OpenAlex ids that this search had not brought before
    problem: str = ""  # why it brought nothing; then all else is empty
    note: str = ""  # what was left out


_RECORD = TypeAdapter(SearchRecord)


def load_searches(workspace: Workspace) -> tuple[SavedSearch, ...]:
    """The saved searches. DataFileError: one of them has a mistake."""
    path = workspace.own_file(FILE)
    if path is None:
        return ()
    data = read_toml(path)
    only_keys(data, ["search"], file=path)
    found = []
    for number, table in enumerate(data.get("search", []), start=1):
        try:
            found.append(to_dataclass(SavedSearch, table, file=path, where=f"search {number}"))
        except DataFileError:
            raise
        except JaizaError as error:
            raise DataFileError(path, f"search {number}", str(error)) from None
    return tuple(found)


def add_search(workspace: Workspace, search: SavedSearch) -> None:
    """Save a search. JaizaError: there is one of that name."""
    present = load_searches(workspace)
    if any(one.name == search.name for one in present):
        raise JaizaError(f"there is a search {search.name!r} already: choose another name")
    _store(workspace, [*present, search])


def remove_search(workspace: Workspace, name: str) -> None:
    """Forget a search; what it brought stays. UnknownChoiceError: there is none of that name."""
    present = load_searches(workspace)
    if all(one.name != name for one in present):
        raise UnknownChoiceError("search", name[:_LONGEST_NAME], [one.name for one in present])
    _store(workspace, [one for one in present if one.name != name])


def load_search_history(workspace: Workspace) -> tuple[SearchRecord, ...]:
    """What the searches brought, oldest first. DataFileError: a line is not what this module writes."""
    path = workspace.own_file(HISTORY)
    return tuple(read_lines(path, _RECORD)) if path else ()


def note_search(workspace: Workspace, record: SearchRecord) -> None:
    """Add a line to what the searches brought."""
    path = workspace.root / HISTORY
    line = json.dumps(asdict(record), ensure_ascii=False).encode() + b"\n"
    write_atomic(path, with_lines(path, line))


def _store(workspace: Workspace, searches: Sequence[SavedSearch]) -> None:
    file = tomlkit.document()
    file.add(tomlkit.comment("Repeated by `jaiza sources search`, on the page Searches, or by schedule."))
    tables = tomlkit.aot()
    for search in searches:
        table = tomlkit.table()
        for field in fields(search):
            value = getattr(search, field.name)
            if value != field.default:
                table.add(field.name, value)
        tables.append(table)
    if searches:
        file.add("search", tables)
    write_atomic(workspace.root / FILE, tomlkit.dumps(file).encode())
