"""Codings of a file as decisions: matched to themes and sources, put back into our passages, and accounted for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from annotations.anchor import Finder
from annotations.decision import PUBLISHED, Decision, place
from corpus.errors import UnknownChoiceError
from exchange.memo_facts import anchor_of, decision_facts
from exchange.readers.code_matching import CodeBookOfOthers, CodeMatch, Sources
from exchange.readers.foreign_codings import Contents, ForeignCodings
from extract.document import Box, Document, Passage
from models.codebook.codebook import Codebook

Placed = Literal["exact", "fuzzy", "not found", "no text here yet", "whole study"]
_LONGEST_NAME = 100  # characters of a coder's name in the decision log
_INSIDE = 0.5  # share of a passage's lines that lie in a rectangle for it to be what was marked


@dataclass(slots=True)
class ImportResult:
    """What a file brings."""

    decisions: list[Decision] = field(default_factory=list)
    placed: Counter[Placed] = field(default_factory=Counter)
    codes: dict[str, CodeMatch] = field(default_factory=dict)  # the file's name -> what it was taken for
    sources: dict[str, str] = field(default_factory=dict)  # the file's name -> source id
    left_out: Counter[str] = field(default_factory=Counter)
    fuzzy: list[tuple[str, str]] = field(default_factory=list)  # where, and the words of the quote
    not_found: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)  # nothing may be recorded while there are any


def import_codings(
    contents: Contents,
    *,
    codes: CodeBookOfOthers,
    sources: Sources,
    documents: Mapping[str, Document],
    codebook: Codebook,
    origin: str,
    coder: str = "",
) -> ImportResult:
    """The decisions in `contents`. `coder` is the name for codings whose file names none; `documents` by source id."""
    arrival = ImportResult(left_out=Counter(contents.left_out), problems=list(contents.problems))
    finders: dict[str, Finder] = {}
    unknown_codes: dict[str, list[str]] = defaultdict(list)  # name -> where
    unknown_sources: dict[str, list[str]] = defaultdict(list)
    nameless: list[str] = []
    made: dict[tuple[str, ...], Decision] = {}
    told: dict[tuple[str, ...], str] = {}
    for found in contents.codings:
        meaning, source_id = codes.meaning(found.codes, found.guid), sources.find(found.origin)
        if meaning is None:
            unknown_codes[found.codes[0]].append(found.where)
        if source_id is None:
            unknown_sources[found.origin.name].append(found.where)
        if meaning is None or source_id is None:
            continue
        arrival.codes[found.codes[0]], arrival.sources[found.origin.name] = meaning, source_id
        if not meaning.theme or not source_id:
            arrival.left_out["as told"] += 1
            continue
        name = (found.coder or coder).strip()
        if not name:
            nameless.append(found.where)
            continue
        if name == PUBLISHED or len(name) > _LONGEST_NAME:
            arrival.problems.append(f"{found.where}: {name[:60]!r} can't be the name of a coder")
            continue
        document = documents.get(source_id)
        decision = _decision(found, meaning, source_id, name, codebook, origin, by_jaiza=contents.by_jaiza)
        if not found.quote and found.region:
            passages = _in_region(found.region, document) if document else []
            if not passages:
                arrival.problems.append(f"{found.where}: a rectangle on page {found.region.page} with no passage in it")
                continue
            quote = " ".join(passage.text for passage in passages)
            decision = replace(decision, anchor=anchor_of(quote, found.facts, page=found.page))
        if document and source_id not in finders:
            finders[source_id] = Finder(document)
        decision, how = _placed(decision, finders.get(source_id))
        where = place(decision)
        if where in made and contents.rows:
            arrival.problems.append(
                f"{found.where} judges the same as {told[where]} by the same coder. Keep one of the two"
            )
        if where in made:
            arrival.left_out["said twice of the same words: the higher value counts"] += 1
            if (made[where].value or 0) >= (decision.value or 0):
                continue
        else:
            arrival.placed[how] += 1
        made[where] = decision
        told.setdefault(where, found.where)
        if how in ("fuzzy", "not found"):
            (arrival.fuzzy if how == "fuzzy" else arrival.not_found).append(
                (found.where, decision.anchor.quote if decision.anchor else "")
            )
    arrival.decisions = list(made.values())
    for name, places in unknown_codes.items():
        arrival.problems.append(_unknown("theme", name, places, codebook.codes, "--map"))
    for name, places in unknown_sources.items():
        arrival.problems.append(_unknown("source", name, places, sources.ids, "--source"))
    if nameless:
        arrival.problems.append(f"{nameless[0]}: no coder is named, in {len(nameless)} codings. --coder NAME gives one")
    return arrival


def _decision(
    found: ForeignCodings,
    meaning: CodeMatch,
    source_id: str,
    coder: str,
    codebook: Codebook,
    origin: str,
    *,
    by_jaiza: bool,
) -> Decision:
    value = found.value if meaning.value is None else meaning.value
    page = None if by_jaiza else found.page
    anchor = anchor_of(found.quote, found.facts, page=page) if found.quote.strip() else None
    kept = {"codebook": codebook.revision, "decided": found.decided, **decision_facts(found.facts), "origin": origin}
    return Decision(source_id, meaning.theme, value, coder, found.role, anchor, found.note, **kept)


def _placed(decision: Decision, finder: Finder | None) -> tuple[Decision, Placed]:
    """The decision pointing into our text, its quote and page as they were given, so that it stays the same one."""
    if decision.anchor is None:
        return decision, "whole study"
    if finder is None:
        return decision, "no text here yet"
    passage, match = finder.find(decision.anchor)
    if passage is None or match == "none":
        return decision, "not found"
    anchor = finder.anchored(decision).anchor
    assert anchor is not None
    return replace(decision, anchor=replace(anchor, page=decision.anchor.page)), match


def _in_region(region: Box, document: Document) -> list[Passage]:
    """The passages that lie in a rectangle, measured from the foot of its page."""
    height = next((page.height for page in document.pages if page.number == region.page), None)
    if height is None:
        return []
    top, bottom = height - region.bottom, height - region.top

    def inside(box: Box) -> bool:
        x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
        return box.page == region.page and region.x0 <= x <= region.x1 and top <= y <= bottom

    return [p for p in document.passages if sum(map(inside, p.boxes)) >= _INSIDE * len(p.boxes)]


def _unknown(what: str, name: str, places: Sequence[str], choices: Sequence[str], option: str) -> str:
    told, out = (f'{option} "{name}={meant}"' for meant in (f"{what.upper()}", ""))
    hint = f"In {len(places)} codings; {told} says what it is, {out} leaves it out"
    return f"{places[0]}: {UnknownChoiceError(what, name, choices, hint)}"
