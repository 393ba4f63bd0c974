"""Themes by programme, method, year, kind and country; and where the studies of a group agree or differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from corpus.datafile import NO_UNKNOWN_KEYS, only_keys, read_toml, to_dataclass
from corpus.registry.sources import Source
from corpus.workspace import Workspace
from synthesis.matrix.cell import Cell, View

SHIPPED = Path(__file__).with_name("programmes.toml")
UNKNOWN = "not known"
YEARS_IN_A_PERIOD = 5
FEWEST = 3  # studies of which it can be said that they agree; two may do so by accident
By = Literal["programme", "method", "period", "kind", "country", "peer reviewed"]


@dataclass(frozen=True, slots=True)
class Programme:
    """A row of the table by programme."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    name: str
    also: tuple[str, ...] = ()  # other names in the registry


@dataclass(frozen=True, slots=True)
class Part:
    """One theme among the studies of one group."""

    theme: str
    present: tuple[str, ...]  # source ids
    absent: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def known(self) -> int:
        """Studies with a value."""
        return len(self.present) + len(self.absent)

    @property
    def share(self) -> float | None:
        """Present of known."""
        return len(self.present) / self.known if self.known else None

    @property
    def stance(self) -> Literal["all report it", "none reports it", "they differ", "too few"]:
        """Whether the studies agree."""
        if self.known < FEWEST:
            return "too few"
        return "they differ" if self.present and self.absent else "all report it" if self.present else "none reports it"


@dataclass(frozen=True, slots=True)
class StudyGroup:
    """The studies with one answer, and every theme among them."""

    by: By
    name: str
    studies: tuple[str, ...]
    parts: tuple[Part, ...]


def crosstab(
    cells: Sequence[Cell], sources: Sequence[Source], view: View, by: By, *, programmes: Sequence[Programme] = ()
) -> tuple[StudyGroup, ...]:
    """The groups by one fact of the registry; a study with two programmes is in two groups. Unknown comes last."""
    members: dict[str, list[str]] = {programme.name: [] for programme in programmes} if by == "programme" else {}
    for source in sources:
        for name in _answers(source, by, programmes):
            members.setdefault(name, []).append(source.id)
    themes = list(dict.fromkeys(cell.theme for cell in cells))
    values = {(cell.source_id, cell.theme): cell.value(view) for cell in cells}

    def part(theme: str, ids: Sequence[str]) -> Part:
        def having(wanted: Callable[[int | None], bool]) -> tuple[str, ...]:
            return tuple(source for source in ids if wanted(values.get((source, theme))))

        return Part(theme, having(bool), having(lambda v: v == 0), having(lambda v: v is None))

    order = sorted(members, key=lambda name: name == UNKNOWN)
    if by == "period":
        order = sorted(members, key=lambda name: (name == UNKNOWN, name))
    return tuple(
        StudyGroup(by, name, tuple(members[name]), tuple(part(theme, members[name]) for theme in themes))
        for name in order
    )


def load_programmes(workspace: Workspace) -> tuple[Programme, ...]:
    """The rows of the table by programme: those of the paper in its review, else as the registry names them."""
    return read_programmes(SHIPPED) if workspace.review.shipped_sources else ()


def read_programmes(path: Path) -> tuple[Programme, ...]:
    """The programmes in a file of [[programme]] blocks."""
    data = read_toml(path)
    only_keys(data, ["programme"], file=path)
    return tuple(
        to_dataclass(Programme, table, file=path, where=f"programme {n}")
        for n, table in enumerate(data.get("programme", []), start=1)
    )


def _answers(source: Source, by: By, programmes: Sequence[Programme]) -> Sequence[str]:
    if by == "programme":
        called: Mapping[str, str] = {
            name.casefold(): programme.name for programme in programmes for name in (programme.name, *programme.also)
        }
        return list(dict.fromkeys(called.get(name.casefold(), name) for name in source.programmes)) or [UNKNOWN]
    if by == "country":
        return list(source.countries) or [UNKNOWN]
    if by == "period":
        if source.year is None:
            return [UNKNOWN]
        first = source.year - source.year % YEARS_IN_A_PERIOD
        return [f"{first}–{first + YEARS_IN_A_PERIOD - 1}"]
    answer = {"method": source.method, "kind": source.kind, "peer reviewed": source.peer_reviewed}[by]
    return [UNKNOWN if answer in ("", "unknown") else answer]
