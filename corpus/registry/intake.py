"""Taking works into the registry: new ones, those it has already, editions of those, and those to be checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.registry.edition_links import BY_MACHINE, Link, Links, links_toml
from corpus.registry.edition_links import FILE as LINKS_FILE
from corpus.registry.intake_record import FILE as INTAKES_FILE
from corpus.registry.intake_record import intake_lines
from corpus.registry.naming import SourceNames
from corpus.registry.registry_file import FILE as SOURCES_FILE
from corpus.registry.registry_file import with_added
from corpus.registry.same_work import Likeness, Sign, WorkIndex, fingerprint
from corpus.registry.source_details import (
    FILE as DETAILS_FILE,
)
from corpus.registry.source_details import (
    SourceDetails,
    adds_to,
    details_of,
    load_details,
    to_lines,
)
from corpus.registry.sources import Source
from corpus.registry.work import Work, as_source
from corpus.store.json_lines import with_lines
from corpus.workspace import Workspace
from corpus.write_together import write_together

IntakeState = Literal["new", "edition", "to check", "known"]
_STATE_OF: Mapping[Likeness, IntakeState] = {"same": "known", "edition": "edition", "alike": "to check"}
_HAPPENED: Mapping[IntakeState, str] = {
    "new": "added",
    "edition": "added as an edition of {}",
    "to check": "to check: like {}",
    "known": "known already as {}",
}
# Of several records, behind how many.
COUNTED: Mapping[IntakeState, str] = {
    "new": "added",
    "edition": "added as editions",
    "to check": "to check",
    "known": "known already",
}
_SUREST: Sequence[Likeness] = ("same", "edition", "alike")


@dataclass(frozen=True, slots=True)
class Intake:
    """What becomes of one work.

    new: added to the registry. edition: added, and linked to the source it is an edition of. to check: added as a work
    of its own, and told with the source it looks like, for a person to decide. known: not added, the registry has it.
    """

    work: Work
    state: IntakeState
    source: Source | None  # the entry to add; None for a known work
    other: str = ""  # id of the source that it is, is an edition of, or looks like
    why: str = ""  # by what, for example "the same DOI (10.1234/x)"

    @property
    def happened(self) -> str:
        """What became of it, in words."""
        return _HAPPENED[self.state].format(self.other)


def take_in(
    works: Iterable[Work], sources: Sequence[Source], *, links: Links | None = None, anyway: bool = False
) -> tuple[Intake, ...]:
    """What becomes of each of `works`, in their order; later ones are compared with earlier ones too.

    `corpus.registry.same_work` says when two are one work. An edition of an edition counts as one of the first of the
    chain, by `links` and by the editions found here. `anyway`: all are new.
    """
    names, index = SourceNames(sources), WorkIndex()
    roots = dict(links.editions) if links else {}
    for present in sources:
        index.add(present.id, fingerprint(present))
    taken: list[Intake] = []
    for work in works:
        print_ = fingerprint(work)
        other, sign = ("", None) if anyway else _surest(index, work)
        state: IntakeState = _STATE_OF[sign.likeness] if sign else "new"
        if state == "edition":
            other = roots.get(other, other)
        source = _entry(work, names) if state != "known" else None
        taken.append(Intake(work, state, source, other, sign.why if sign else ""))
        if source is not None:
            index.add(source.id, print_)
            if state == "edition":
                roots[source.id] = other
    return tuple(taken)


def store_intake(
    workspace: Workspace, sources: Sequence[Source], links: Links, taken: Sequence[Intake], *, origin: str = ""
) -> None:
    """Write what `take_in` gave: the sources added, the links of editions, and abstracts, keywords and decisions.

    All or nothing: where anything can't be written, or the program is stopped, the registry is as it was.
    DataFileError, and nothing written: an id or label is taken, or a fact breaks a rule of the registry.
    """
    added = [one.source for one in taken if one.source]
    files: dict[str, bytes] = {}
    if added:
        files[SOURCES_FILE] = with_added(workspace, added)
    new = [
        Link(one.source.id, one.other, one.why, BY_MACHINE) for one in taken if one.source and one.state == "edition"
    ]
    if new:
        everything = Links((*links.links, *new), links.distinct)
        files[LINKS_FILE] = links_toml(workspace, everything, (*sources, *added))
    if details := list(_details(taken, origin, load_details(workspace))):
        files[DETAILS_FILE] = with_lines(workspace.root / DETAILS_FILE, to_lines(details))
    if taken:
        lines = intake_lines((one.work.place, one.state) for one in taken)
        files[INTAKES_FILE] = with_lines(workspace.root / INTAKES_FILE, lines)
    if files:
        workspace.root.mkdir(parents=True, exist_ok=True)
        write_together(workspace.root, files)


def _surest(index: WorkIndex, work: Work) -> tuple[str, Sign | None]:
    """The source that `work` most surely is, is an edition of, or looks like, with the sign; of several, the first."""
    best: tuple[str, Sign | None] = ("", None)
    for key, sign in index.signs(fingerprint(work)):
        if sign.likeness == _SUREST[0]:
            return key, sign
        if best[1] is None or _SUREST.index(sign.likeness) < _SUREST.index(best[1].likeness):
            best = key, sign
    return best


def _details(taken: Iterable[Intake], origin: str, present: Mapping[str, SourceDetails]) -> Iterable[SourceDetails]:
    for one in taken:
        source_id = one.source.id if one.source else one.other
        place = f"{origin}, {one.work.place}" if origin else one.work.place
        kept = details_of(one.work, source_id, origin=place)
        if kept and adds_to(kept, present.get(source_id)):
            yield kept


def _entry(work: Work, names: SourceNames) -> Source:
    first = work.authors[0].split(",")[0] if work.authors else work.title
    return as_source(work, source_id=names.new_id(first, work.year), label=names.new_label(first, work.year))
