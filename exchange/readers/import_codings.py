"""Codings of a file as decisions: matched to themes and sources, put back into our passages, and accounted for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal, cast

from annotations.anchor import Finder
from annotations.decision import PUBLISHED, Decision, place
from corpus.errors import UnknownChoiceError
from exchange.memo_facts import anchor_of, decision_facts
from exchange.readers.code_matching import CodeBookOfOthers, CodeMatch, Sources
from exchange.readers.foreign_codings import Contents, ForeignCoding, Region
from extract.document import Box, Document, Passage
from models.codebook.codebook import Codebook

Placed = Literal["exact", "fuzzy", "not found", "no text here yet", "whole study"]
_LONGEST_NAME = 100  # characters of a coder's name in the decision log
_INSIDE = 0.5  # share of a passage's lines that lie in a rectangle for it to be what was marked
_WEIGHTS = {"0": 0, "1": 1, "2": 2}  # of another program that are values here as they stand


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
    passed_over: list[str] = field(default_factory=list)  # codings that could not be brought in, a line each
    problems: list[str] = field(default_factory=list)  # nothing may be recorded while there are any
    unknown_codes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # name -> where
    unknown_sources: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True)
class Names:
    """What the names of a file are here."""

    codes: CodeBookOfOthers
    sources: Sources
    people: Mapping[str, str] = field(default_factory=dict)  # the file's name -> ours, "" to leave them out
    weights: Mapping[str, str] = field(default_factory=dict)  # "50" -> "2", "" to leave them out
    coder: str = ""  # for codings whose file names nobody


@dataclass(frozen=True, slots=True)
class _Matched:
    """A coding whose theme, source and coder are known."""

    found: ForeignCoding
    match: CodeMatch
    source_id: str
    coder: str


def import_codings(
    contents: Contents, *, names: Names, documents: Mapping[str, Document], codebook: Codebook, origin: str
) -> ImportResult:
    """The decisions in `contents`. `documents` are the texts by source id, `origin` is the name of the file."""
    result = ImportResult(
        left_out=Counter(contents.left_out),
        passed_over=list(contents.passed_over),
        problems=list(contents.problems),
    )
    finders: dict[str, Finder] = {}
    revision = codebook.revision
    placed: list[tuple[str, Decision, Placed]] = []
    for matched in _match(contents, names, result):
        document = documents.get(matched.source_id)
        decision = _build(matched, document, revision, origin, result, by_jaiza=contents.by_jaiza)
        if decision is None:
            continue
        if document and matched.source_id not in finders:
            finders[matched.source_id] = Finder(document)
        decision, how = _place(decision, finders.get(matched.source_id))
        placed.append((matched.found.where, decision, how))
    _drop_repetitions(placed, result, rows=contents.rows)
    for name, places in result.unknown_codes.items():
        result.problems.append(_unknown("theme", name, places, codebook.codes, "--map"))
    for name, places in result.unknown_sources.items():
        result.problems.append(_unknown("source", name, places, names.sources.ids, "--source"))
    return result


def _match(contents: Contents, names: Names, result: ImportResult) -> Iterator[_Matched]:
    """The codings whose names are known; the others are noted in `result`."""
    nameless: list[str] = []
    meaning, find = cache(names.codes.meaning), cache(names.sources.find)
    for found in contents.codings:
        match, source_id = meaning(found.codes, found.guid), find(found.origin)
        if match is None:
            result.unknown_codes[found.codes[0]].append(found.where)
        if source_id is None:
            result.unknown_sources[found.origin.name].append(found.where)
        if match is None or source_id is None:
            continue
        result.codes[found.codes[0]], result.sources[found.origin.name] = match, source_id
        said = (found.coder or names.coder).strip()
        coder = names.people.get(said, said)
        if not match.theme or not source_id or (said and not coder):
            result.left_out["as told"] += 1
        elif not coder:
            nameless.append(found.where)
        elif coder == PUBLISHED or len(coder) > _LONGEST_NAME:
            result.problems.append(f"{found.where}: {coder[:60]!r} can't be the name of a coder")
        elif (weighed := _weigh(found, names.weights, result)) is not None:
            yield _Matched(weighed, match, source_id, coder)
    if nameless:
        result.problems.append(f"{nameless[0]}: no coder is named, in {len(nameless)} codings. --coder NAME gives one")


def _weigh(found: ForeignCoding, weights: Mapping[str, str], result: ImportResult) -> ForeignCoding | None:
    """The coding with its weight as its value; None where such weights are to be left out."""
    if not found.weight:
        return found
    meant = weights.get(found.weight, found.weight)
    if not meant:
        result.left_out["as told"] += 1
        return None
    if meant not in _WEIGHTS:
        result.left_out[f"weights other than 1 and 2, which mean nothing here ({meant}: taken as mentioned)"] += 1
        return found
    return replace(found, value=cast(Literal[0, 1, 2], _WEIGHTS[meant]))


def _build(
    matched: _Matched,
    document: Document | None,
    revision: str,
    origin: str,
    result: ImportResult,
    *,
    by_jaiza: bool,
) -> Decision | None:
    """The decision as it was given; None, and a word in `result`, for a rectangle in which there are no words."""
    found, match = matched.found, matched.match
    value = found.value if match.value is None else match.value
    quote, page = found.quote, None if by_jaiza else found.page
    if not quote.strip() and found.region:
        if document is None:
            result.passed_over.append(
                f"{found.where}: a rectangle on page {found.region.page}, whose text is not here yet"
            )
            return None
        passages = _passages_in(found.region, document)
        if not passages:
            result.passed_over.append(f"{found.where}: a rectangle on page {found.region.page} with no passage in it")
            return None
        quote, page = " ".join(passage.text for passage in passages), found.page
    anchor = anchor_of(quote, found.facts, page=page) if quote.strip() else None
    kept = {"codebook": revision, "decided": found.decided, **decision_facts(found.facts), "origin": origin}
    return Decision(matched.source_id, match.theme, value, matched.coder, found.role, anchor, found.note, **kept)


def _place(decision: Decision, finder: Finder | None) -> tuple[Decision, Placed]:
    """The decision pointing into our text, its quote and page as they were given, so that it stays the same one."""
    if decision.anchor is None:
        return decision, "whole study"
    if finder is None:
        return decision, "no text here yet"
    anchor, match = finder.placed(decision.anchor)
    if match == "none":
        return decision, "not found"
    return replace(decision, anchor=replace(anchor, page=decision.anchor.page)), match


def _drop_repetitions(placed: Sequence[tuple[str, Decision, Placed]], result: ImportResult, *, rows: bool) -> None:
    """Keep one decision for each place, the one with the higher value; in a table of decisions two are a mistake."""
    made: dict[tuple[str, ...], Decision] = {}
    told: dict[tuple[str, ...], str] = {}
    for where, decision, how in placed:
        key = place(decision)
        if key in made and rows:
            result.problems.append(f"{where} judges the same as {told[key]} by the same coder. Keep one of the two")
        if key in made:
            result.left_out["said twice of the same words: the higher value counts"] += 1
            if (made[key].value or 0) >= (decision.value or 0):
                continue
        else:
            result.placed[how] += 1
        made[key] = decision
        told.setdefault(key, where)
        if how in ("fuzzy", "not found"):
            (result.fuzzy if how == "fuzzy" else result.not_found).append(
                (where, decision.anchor.quote if decision.anchor else "")
            )
    result.decisions = list(made.values())


def _passages_in(region: Region, document: Document) -> list[Passage]:
    """The passages most of whose lines lie in a rectangle."""
    height = next((page.height for page in document.pages if page.number == region.page), None)
    if height is None:
        return []
    around = region.box(height)

    def inside(box: Box) -> bool:
        x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
        return box.page == region.page and around.x0 <= x <= around.x1 and around.top <= y <= around.bottom

    return [p for p in document.passages if sum(map(inside, p.boxes)) >= _INSIDE * len(p.boxes)]


def _unknown(what: str, name: str, places: Sequence[str], choices: Sequence[str], option: str) -> str:
    told, out = (f'{option} "{name}={meant}"' for meant in (f"{what.upper()}", ""))
    hint = f"In {len(places)} codings; {told} says what it is, {out} leaves it out"
    return f"{places[0]}: {UnknownChoiceError(what, name, choices, hint)}"
