"""Taking works into the registry: new ones, those it has already, and further editions of those."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.registry.bibliography import Work, as_source
from corpus.registry.duplicates import same_title
from corpus.registry.registry_file import new_source_id
from corpus.registry.sources import Source


@dataclass(frozen=True, slots=True)
class Intake:
    """What becomes of one work.

    new: added to the registry; edition: added, and linked to the source it is an edition of; known: not added.
    """

    work: Work
    state: Literal["new", "edition", "known"]
    source: Source | None  # the entry to add; None for a known work
    other: str = ""  # id of the source it is an edition of, or is
    why: str = ""


def take_in(works: Iterable[Work], sources: Sequence[Source], *, anyway: bool = False) -> tuple[Intake, ...]:
    """What becomes of each of `works`, in their order; later ones are compared with earlier ones too.

    The same DOI, or the same title and year, is the same work. Nearly the same title in another year, or with another
    DOI, is another edition. An entry without authors is compared by title alone. `anyway`: all are new.
    """
    present = list(sources)
    taken: list[Intake] = []
    for work in works:
        if anyway:
            source = _entry(work, present)
            taken.append(Intake(work, "new", source))
            present.append(source)
            continue
        known = next((one for one in present if work.doi and one.doi.lower() == work.doi), None)
        if known is not None:
            taken.append(Intake(work, "known", None, known.id, f"the DOI {work.doi} is that of {known.id}"))
            continue
        source = _entry(work, present)
        twins = [one for one in present if same_title(one, source)]
        same = next((one for one in twins if _same_year(one, source) and not (one.doi and source.doi)), None)
        if same is not None:
            taken.append(Intake(work, "known", None, same.id, f"title and year are those of {same.id}"))
            continue
        twin = twins[0] if twins else None
        state: Literal["new", "edition"] = "edition" if twin else "new"
        why = f"nearly the same title as {twin.id} ({twin.label})" if twin else ""
        taken.append(Intake(work, state, source, twin.id if twin else "", why))
        present.append(source)
    return tuple(taken)


def _same_year(one: Source, other: Source) -> bool:
    return one.year is None or other.year is None or one.year == other.year


def _entry(work: Work, present: Sequence[Source]) -> Source:
    first = work.authors[0].split(",")[0] if work.authors else work.title
    return as_source(
        work,
        source_id=new_source_id(first, work.year, [one.id for one in present]),
        label=_label(first, work.year, {one.label for one in present}),
    )


def _label(first: str, year: int | None, taken: set[str]) -> str:
    """ "Khan (2016)", or, where that is taken, "Khan (2016b)"."""
    when = str(year) if year is not None else "n.d."
    short = first if len(first) <= 60 else f"{first[:57].rstrip()}..."
    if f"{short} ({when})" not in taken:
        return f"{short} ({when})"
    for number in range(2, 10_000):
        mark = chr(ord("a") + number - 1) if number <= 26 else f"-{number}"
        if f"{short} ({when}{mark})" not in taken:
            return f"{short} ({when}{mark})"
    return f"{short} ({when}, {len(taken)})"
