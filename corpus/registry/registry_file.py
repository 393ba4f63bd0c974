"""The registry of a review: reading, checking and extending its sources.toml."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, fields
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

import tomli_w

from corpus.datafile import only_keys, read_toml, to_dataclass
from corpus.errors import DataFileError, choose
from corpus.json_table import JsonTable
from corpus.registry.extra_candidates import with_further
from corpus.registry.naming import ID
from corpus.registry.sources import Candidate, OtherWork, PrintedReference, Source
from corpus.urls import canonical, is_web_address
from corpus.workspace import Workspace, write_atomic

FILE = "sources.toml"
FIRST_YEAR, LAST_YEAR = 1800, 2100  # a year outside is a slip of the pen
_SHIPPED = "the shipped registry"
_SOURCE_KEY = re.compile(rb"^[ \t]*[\"']?source[\"']?[ \t]*=", re.MULTILINE)


def load_sources(workspace: Workspace) -> tuple[Source, ...]:
    """The sources of the review: the shipped 25 if it starts from them, then those of its own sources.toml.

    Each with the addresses that candidates.toml adds to its own.

    Empty for a new review without sources. DataFileError names file, source and key of the first mistake.
    """
    own_file = workspace.own_file(FILE)
    shipped = _shipped(workspace)
    own = load_source_file(own_file) if own_file else ()
    _check_distinct([(source, _SHIPPED) for source in shipped] + [(source, str(own_file)) for source in own])
    return with_further(workspace, shipped + own)


def load_source_file(file: Path | Traversable) -> tuple[Source, ...]:
    """The sources in one file of [[source]] blocks, checked; DataFileError at the first mistake."""
    with as_file(file) as path:
        return _checked(read_toml(path), path)


def find_source(sources: Sequence[Source], source_id: str) -> Source:
    """The source with this id, or the only one whose id begins so; UnknownChoiceError lists the ids there are."""
    by_id = {source.id: source for source in sources}
    return by_id[choose("source", source_id, by_id)]


def add_source(workspace: Workspace, source: Source) -> Path:
    """Append one source; see `add_sources`."""
    return add_sources(workspace, [source])


def add_sources(workspace: Workspace, sources: Sequence[Source]) -> Path:
    """Append `sources` to the workspace's own sources.toml, made if missing; returns its path. See `with_added`."""
    path = workspace.root / FILE
    write_atomic(path, with_added(workspace, sources))
    return path


def with_added(workspace: Workspace, sources: Sequence[Source]) -> bytes:
    """The workspace's own sources.toml with `sources` appended; nothing is written.

    What stands in the file, comments too, is kept byte for byte. What is not known (None, empty) is left out.
    DataFileError: an id or label is taken, or a fact breaks a rule of the registry.
    """
    path = workspace.root / FILE
    before = path.read_bytes() if path.exists() else b""
    present = read_toml(path) if before else {}
    own = _checked(present, path) if present else ()  # a file of comments only is a good start
    placed = [(one, _SHIPPED) for one in _shipped(workspace)] + [(one, str(path)) for one in own]
    _check_distinct([*placed, *((source, "the source to add") for source in sources)])
    if _SOURCE_KEY.search(before):  # sources = [...] takes no block after it
        raise DataFileError(path, "", "nothing can be added", "Write each source as a [[source]] block")
    gap = b"" if not before else b"\n" if before.endswith(b"\n") else b"\n\n"
    blocks = "\n".join(_block(source) for source in sources).encode()
    _checked(tomllib.loads(blocks.decode()), path)
    return before + gap + blocks


def _shipped(workspace: Workspace) -> tuple[Source, ...]:
    return load_source_file(files("corpus") / FILE) if workspace.review.shipped_sources else ()


def _checked(data: JsonTable, path: Path) -> tuple[Source, ...]:
    only_keys(data, ["source"], file=path)
    tables = data.get("source", [])
    if not isinstance(tables, list):
        raise DataFileError(path, "source", "is one table", "Write [[source]] with two brackets on each side")
    sources = []
    for position, table in enumerate(tables, start=1):
        where = _where(table, position)
        source = to_dataclass(Source, table, file=path, where=where)
        for key, problem, remedy in _mistakes(source):
            raise DataFileError(path, f"{where}: {key}", problem, remedy)
        sources.append(source)
    _check_distinct([(source, f"{path}, block {position}") for position, source in enumerate(sources, start=1)])
    return tuple(sources)


def _where(table: object, position: int) -> str:
    source_id = table.get("id") if isinstance(table, dict) else None
    return f"source {source_id!r}" if isinstance(source_id, str) and source_id else f"source {position}"


def _mistakes(source: Source) -> Iterator[tuple[str, str, str]]:
    """Key, problem and remedy of each fact that breaks a rule of the registry."""
    if not ID.fullmatch(source.id):
        yield "id", f"{source.id!r} can't name a file", 'Use 2 to 60 of a-z, 0-9 and "-"'
    if not source.label.strip():
        yield "label", "is empty", "Give the name the source has in the matrix"
    if source.year is not None and not FIRST_YEAR <= source.year <= LAST_YEAR:
        yield "year", f"{source.year} is not a year of {FIRST_YEAR}-{LAST_YEAR}", "Leave the key out if it is not known"
    others = {canonical(other.url): number for number, other in enumerate(source.other_works, start=1) if other.url}
    addresses = [(f"candidates {number}", one.url) for number, one in enumerate(source.candidates, start=1)]
    addresses += [(f"other_works {number}", one.url) for number, one in enumerate(source.other_works, start=1)]
    for key, url in [*addresses, ("reference", source.reference.url if source.reference else "")]:
        wanted = bool(url) or key.startswith("candidates")
        if wanted and not is_web_address(url):
            yield f"{key}: url", f"{url!r} is not a web address", "Begin it with http:// or https://, without spaces"
        elif key.startswith("candidates") and canonical(url) in others:
            yield (
                f"{key}: url",
                f"{url} is also listed as a different work (other_works {others[canonical(url)]})",
                "Take it out of one of the two",
            )
    for number, other in enumerate(source.other_works, start=1):
        if other.title and other.title.casefold() == source.title.casefold():
            yield f"other_works {number}: title", "is the title of the source itself", "Leave it out and give the url"


def _check_distinct(placed: Sequence[tuple[Source, str]]) -> None:
    """DataFileError where two sources share an id or a label; each comes with the place it stands at."""
    for key in ("id", "label"):
        first: dict[str, str] = {}
        for source, place in placed:
            value = getattr(source, key)
            if value in first:
                where, problem = f"source {source.id!r}: {key}", f"{value!r} is already in {first[value]}"
                raise DataFileError(place, where, problem, "Change one of the two")
            first[value] = place


def _block(source: Source) -> str:
    """`source` as a [[source]] block, with only the keys that say something."""
    lines = ["[[source]]"]
    for spec in fields(source):
        value = getattr(source, spec.name)
        if spec.default is MISSING or value != spec.default:
            lines.append(f"{spec.name} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    """`value` as TOML on one line, but a list of addresses on one line each; empty facts of an address are left out."""
    if isinstance(value, Candidate | OtherWork | PrintedReference):
        said = ((spec.name, getattr(value, spec.name)) for spec in fields(value))
        return "{ " + ", ".join(f"{name} = {_toml(fact)}" for name, fact in said if fact) + " }"
    if isinstance(value, tuple) and isinstance(value[0], Candidate | OtherWork):
        return "[\n" + "".join(f"    {_toml(one)},\n" for one in value) + "]"
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    if isinstance(value, str):  # a string of JSON is one of TOML, but for DEL; tomli_w takes ten times as long
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return tomli_w.dumps({"v": value}).removeprefix("v = ").rstrip("\n")
