"""Reading REFI-QDA projects (.qdpx), whichever program wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from corpus.errors import DataFileError
from corpus.safe_zip import Archive, children, local, parse_xml
from exchange.coded_review import MACHINE, Kind
from exchange.memo_facts import from_memo
from exchange.readers.foreign_codings import Contents, ForeignCoding, Origin, Region
from exchange.readers.positions import Selected, way_to_cut
from exchange.readers.refi_codes import FoundCode, bare, codes_in, project_file
from exchange.readers.refi_texts import ProjectTexts

_WHOLE = 0.97  # of a text: a selection of that much is a coding of the study as a whole
_SHOWN = 60  # characters of a name in a message
_LARGEST = 1e6  # points: no page is as large
_NO_PERSON = {"machine": "suggestions of a machine", "published": "of the published coding (see published.csv)"}
_ON_A_CASE = "on cases (people, places), which are no themes"


@dataclass(frozen=True, slots=True)
class _User:
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Habits:
    """In what programs differ, told by the name of the one that wrote the project."""

    inclusive: bool  # the end of a selection is its last character, as Potato counts; else the one after it
    from_top: bool  # rectangles are measured from the top of the page, as QualCoder does; else from its foot


@dataclass(slots=True)
class _Project:
    texts: ProjectTexts
    habits: _Habits
    users: Mapping[str, _User]
    codes: Mapping[str, FoundCode]
    cases: frozenset[str]  # ids
    notes: Mapping[str, etree._Element]
    default_user: str
    contents: Contents = field(default_factory=Contents)
    # A selection's id in its document, code and user -> its place in the codings: ATLAS.ti gives a selection in a PDF
    # as a rectangle and as a stretch of text, under one id.
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    """What a coding is on: a stretch of text, a rectangle, or a whole document."""

    origin: Origin
    within: tuple[etree._Element, ...]  # the selection, if any, and the source
    quote: str = ""
    region: Region | None = None

    @property
    def guid(self) -> str:
        """The id of the selection; "" on a whole document."""
        return bare(self.within[0].get("guid", "")) if self.quote or self.region else ""


def read_project(path: Path) -> Contents:
    """Every coding of a project. DataFileError where the file itself can't be read."""
    with Archive(path) as archive:
        root = parse_xml(project_file(archive), file=path, where="project.qde")
        if local(root) != "Project":
            raise DataFileError(path, "", f"holds <{local(root)}> where a REFI-QDA project has <Project>")
        parts = {local(child): child for child in root if isinstance(child.tag, str)}
        project = _Project(
            ProjectTexts(archive),
            _habits(root),
            users={bare(user.get("guid", "")): _user(user) for user in _within(parts, "Users")},
            codes={code.guid: code for code in codes_in(parts.get("CodeBook"))},
            cases=frozenset(bare(case.get("guid", "")) for case in _within(parts, "Cases")),
            notes={bare(note.get("guid", "")): note for note in _within(parts, "Notes")},
            default_user=bare(root.get("creatingUserGUID", "")),
        )
        project.contents.by_jaiza = root.get("origin", "").startswith("Jaiza")
        for source in _within(parts, "Sources"):
            _read_source(project, source)
        return project.contents


def _habits(root: etree._Element) -> _Habits:
    """QualCoder's projects are folders whose names end in .qda, which is their name in a file of whatever version."""
    origin, name = root.get("origin", "").casefold(), root.get("name", "").casefold()
    return _Habits(inclusive=origin.startswith("potato"), from_top="qualcoder" in origin or name.endswith(".qda"))


def _within(parts: Mapping[str, etree._Element], name: str) -> list[etree._Element]:
    return [child for child in parts[name] if isinstance(child.tag, str)] if name in parts else []


def _user(element: etree._Element) -> _User:
    name, kind = element.get("name", "").strip(), element.get("id", "")
    if name.endswith("(suggestions)") and name.startswith(MACHINE):
        return _User(name, "machine")
    if name == "published":
        return _User(name, "published")
    if kind == "adjudicator" or name.endswith(" (adjudicator)"):
        return _User(name.removesuffix(" (adjudicator)"), "adjudicator")
    return _User(name, "coder")


def _read_source(project: _Project, source: etree._Element) -> None:
    kind, name = local(source), source.get("name", "") or source.get("guid", "")
    if kind not in ("TextSource", "PDFSource"):
        made = sum(local(element) == "Coding" for element in source.iter() if isinstance(element.tag, str))
        if made:
            project.contents.left_out[f"in pictures, sound or film (“{name[:_SHOWN]}”)"] += made
        return
    sha256 = project.texts.sha256(source.get("path", "")) if kind == "PDFSource" else ""
    origin = Origin(name, bare(source.get("guid", "")), sha256)
    for coding in children(source, "Coding"):
        _take(project, coding, _Place(origin, (source,)))
    # Texts before rectangles: the words of a text are those that positions are counted in.
    for text_source in [source] if kind == "TextSource" else children(source, "Representation"):
        _read_text(project, text_source, origin)
    for selection in children(source, "PDFSelection"):
        _read_rectangle(project, selection, origin, source)


def _read_text(project: _Project, source: etree._Element, origin: Origin) -> None:
    selections = [s for s in children(source, "PlainTextSelection") if children(s, "Coding")]
    if source.getparent() is not None and local(source) == "Representation":
        for coding in children(source, "Coding"):
            _take(project, coding, _Place(origin, (source,)))
    if not selections:
        return
    passed_over, named = project.contents.passed_over, f"“{origin.name[:_SHOWN]}”"
    text, problem = project.texts.text_of(source)
    if text is None:
        count = sum(len(children(selection, "Coding")) for selection in selections)
        passed_over.append(f"{named}: {problem}; {count} codings in it")
        return
    spans = [_span(selection, inclusive=project.habits.inclusive) for selection in selections]
    cut, length = way_to_cut(text, [span for span in spans if span])
    for selection, span in zip(selections, spans, strict=True):
        at = f"{selection.get('startPosition', '')[:20]} to {selection.get('endPosition', '')[:20]}"
        if span and span.start == span.end and 0 <= span.start <= length:
            passed_over.append(f"{named}: a coding at positions {at} is on no words at all")
        elif span is None or not 0 <= span.start < span.end <= length:
            passed_over.append(f"{named}: a coding at positions {at} is outside of its text of {length:,} characters")
        else:
            whole = span.end - span.start >= _WHOLE * length
            quote = "" if whole else cut(span.start, span.end)
            if not whole and not quote.strip():
                passed_over.append(f"{named}: a coding at positions {at} is on no words at all")
                continue
            for coding in children(selection, "Coding"):
                _take(project, coding, _Place(origin, (selection, source), quote))


def _read_rectangle(project: _Project, selection: etree._Element, origin: Origin, source: etree._Element) -> None:
    """A rectangle on a page, pages counted from 0; its words where the program gives them."""
    words = next((text for r in children(selection, "Representation") if (text := project.texts.text_of(r)[0])), "")
    names = ("page", "firstX", "firstY", "secondX", "secondY")
    try:
        page, x0, y0, x1, y1 = (float(selection.get(name, "")) for name in names)
    except ValueError:
        page = x0 = y0 = x1 = y1 = float("nan")
    if not all(abs(number) < _LARGEST for number in (page, x0, y0, x1, y1)):
        project.contents.passed_over.append(f"“{origin.name[:_SHOWN]}”: a rectangle without proper numbers")
        return
    region = Region(int(page) + 1, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), from_top=project.habits.from_top)
    for coding in children(selection, "Coding"):
        _take(project, coding, _Place(origin, (selection, source), words, region))


def _take(project: _Project, coding: etree._Element, place: _Place) -> None:
    """One coding, or a word on why it is none of a person's decisions."""
    contents, places = project.contents, (coding, *place.within)
    user = _who(project, places)
    target = next((bare(ref.get("targetGUID", "")) for ref in children(coding, "CodeRef")), "")
    again = (place.origin.guid or place.origin.name, place.guid, target, user.name if user else "")
    if place.guid and again in project.seen:
        _add_page(contents, project.seen[again], place)
        return
    if user and user.kind in _NO_PERSON:
        contents.left_out[_NO_PERSON[user.kind]] += 1
        project.seen[again] = -1
        return
    code = project.codes.get(target)
    if target in project.cases:
        contents.left_out[_ON_A_CASE] += 1
        return
    where = f"a coding in “{place.origin.name[:_SHOWN]}”"
    if code is None:
        contents.passed_over.append(f"{where} refers to a code that the file does not have ({target[:40] or 'none'})")
        return
    note, facts = from_memo("\n\n".join(_memos(project, places)))
    given = facts.get("quote")
    decided = facts.get("decided") or next((d for p in places[:2] if (d := p.get("creationDateTime"))), "")
    project.seen[again] = len(contents.codings)
    contents.codings.append(
        ForeignCoding(
            where,
            place.origin,
            (code.name, *code.parents),
            guid=code.guid,
            coder=user.name if user else "",
            role="adjudicator" if user and user.kind == "adjudicator" else "coder",
            quote=given if isinstance(given, str) else place.quote,
            page=place.region.page if place.region else None,
            region=place.region,
            note=note,
            decided=str(decided),
            facts=facts,
        )
    )


def _add_page(contents: Contents, number: int, place: _Place) -> None:
    """What a selection that is given a second time says more: the page."""
    if number < 0 or place.region is None or contents.codings[number].page:
        return
    contents.codings[number] = replace(contents.codings[number], page=place.region.page)


def _who(project: _Project, places: Iterable[etree._Element]) -> _User | None:
    guids = [bare(p.get("creatingUser") or p.get("modifyingUser") or "") for p in places]
    return next((project.users[g] for g in (*guids, project.default_user) if g in project.users), None)


def _memos(project: _Project, places: Iterable[etree._Element]) -> Iterator[str]:
    """What was written to a coding and to its selection; a document's own memo is no coding's."""
    for place in places:
        if local(place) in ("TextSource", "PDFSource", "Representation"):
            return
        yield from (child.text for child in children(place, "Description") if child.text)
        for reference in children(place, "NoteRef"):
            note = project.notes.get(bare(reference.get("targetGUID", "")))
            text = project.texts.text_of(note)[0] if note is not None else None
            if text:
                yield text.removeprefix("\ufeff").replace("\r\n", "\n")


def _span(selection: etree._Element, *, inclusive: bool) -> Selected | None:
    try:
        start, end = int(selection.get("startPosition", "")), int(selection.get("endPosition", ""))
    except ValueError:
        return None
    return Selected(start, end + inclusive, selection.get("name", ""))
