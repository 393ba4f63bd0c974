"""Reading REFI-QDA projects (.qdpx) and codebooks (.qdc), whichever program wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from lxml import etree

from corpus.errors import DataFileError
from exchange.coded_review import MACHINE, Kind
from exchange.memo_facts import from_memo
from exchange.readers.foreign_codings import Contents, ForeignCodings, Origin
from exchange.readers.positions import Selected, decode, way_to_cut
from exchange.readers.safe_zip import MOST_XML, Archive, children, local, parse_xml
from extract.document import Box

_INSIDE = re.compile(r"internal:/+", re.IGNORECASE)
_WHOLE = 0.97  # of a text: a selection of that much is a coding of the study as a whole
_SHOWN = 60  # characters of a name in a message


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A code of a foreign codebook."""

    guid: str
    name: str
    parents: tuple[str, ...] = ()  # names, the nearest first
    description: str = ""
    codable: bool = True


@dataclass(frozen=True, slots=True)
class _User:
    name: str
    kind: Kind


@dataclass(slots=True)
class _Project:
    archive: Archive
    users: Mapping[str, _User]
    codes: Mapping[str, FoundCode]
    notes: Mapping[str, etree._Element]
    default_user: str
    contents: Contents = field(default_factory=Contents)


def read_project(path: Path) -> Contents:
    """Every coding of a project. DataFileError where the file itself can't be read."""
    with Archive(path) as archive:
        root = parse_xml(_project_file(archive), file=path, where="project.qde")
        if local(root) != "Project":
            raise DataFileError(path, "", f"holds <{local(root)}> where a REFI-QDA project has <Project>")
        parts = {local(child): child for child in root if isinstance(child.tag, str)}
        project = _Project(
            archive,
            users={_bare(user.get("guid", "")): _user(user) for user in _within(parts, "Users")},
            codes={code.guid: code for code in _codes(_codes_element(parts))},
            notes={_bare(note.get("guid", "")): note for note in _within(parts, "Notes")},
            default_user=_bare(root.get("creatingUserGUID", "")),
        )
        project.contents.by_jaiza = root.get("origin", "").startswith("Jaiza")
        for source in _within(parts, "Sources"):
            _read_source(project, source)
        return project.contents


def read_codebook(path: Path) -> list[FoundCode]:
    """The codes of a .qdc file, or of a project's codebook."""
    if path.suffix.casefold() == ".qdpx":
        with Archive(path) as archive:
            root = parse_xml(_project_file(archive), file=path)
    else:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise DataFileError(path, "", f"can't be read ({error.strerror})") from None
        root = parse_xml(data, file=path)
    if local(root) not in ("CodeBook", "Project"):
        raise DataFileError(path, "", f"holds <{local(root)}> where a REFI-QDA codebook has <CodeBook>")
    return list(_codes(root if local(root) == "CodeBook" else _codes_element({local(c): c for c in root})))


def _project_file(archive: Archive) -> bytes:
    found = [name for name in archive.names if name.casefold().endswith(".qde") and not name.startswith("__MACOSX/")]
    if len(found) > 1:
        found = [name for name in found if PurePosixPath(name).name.casefold() == "project.qde"]
    if len(found) != 1:
        raise DataFileError(
            archive.path, "", "holds no project.qde, so it is not a REFI-QDA project", "Export it again"
        )
    return archive.read(found[0], most=MOST_XML)


def _within(parts: Mapping[str, etree._Element], name: str) -> list[etree._Element]:
    return [child for child in parts[name] if isinstance(child.tag, str)] if name in parts else []


def _codes_element(parts: Mapping[str, etree._Element]) -> etree._Element | None:
    return parts.get("CodeBook")


def _codes(codebook: etree._Element | None) -> Iterator[FoundCode]:
    groups = children(codebook, "Codes") if codebook is not None else []
    waiting: list[tuple[etree._Element, tuple[str, ...]]] = [
        (c, ()) for group in groups for c in children(group, "Code")
    ]
    waiting.reverse()
    while waiting:
        element, parents = waiting.pop()
        name = element.get("name", "")
        description = next((child.text or "" for child in children(element, "Description")), "")
        codable = element.get("isCodable", "true") in ("true", "1")
        yield FoundCode(_bare(element.get("guid", "")), name, parents, description, codable)
        waiting += [(child, (name, *parents)) for child in reversed(children(element, "Code"))]


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
    origin = Origin(name, _bare(source.get("guid", "")), _hash_of_pdf(project, source))
    for coding in children(source, "Coding"):
        _take(project, coding, origin, context=(source,))
    texts = [source] if kind == "TextSource" else children(source, "Representation")
    for text_source in texts:
        _read_text(project, text_source, origin)
    for selection in children(source, "PDFSelection"):
        _read_rectangle(project, selection, origin, source)


def _read_text(project: _Project, source: etree._Element, origin: Origin) -> None:
    selections = [s for s in children(source, "PlainTextSelection") if children(s, "Coding")]
    if source.getparent() is not None and local(source) == "Representation":
        for coding in children(source, "Coding"):
            _take(project, coding, origin, context=(source,))
    if not selections:
        return
    text, problem = _text_of(project, source)
    if text is None:
        project.contents.problems.append(f"“{origin.name[:_SHOWN]}”: {problem}; {len(selections)} codings in it")
        return
    spans = [_span(selection) for selection in selections]
    cut, length = way_to_cut(text, [span for span in spans if span])
    for selection, span in zip(selections, spans, strict=True):
        if span is None or not 0 <= span.start < span.end <= length:
            at = f"{selection.get('startPosition')} to {selection.get('endPosition')}"
            project.contents.problems.append(
                f"“{origin.name[:_SHOWN]}”: a coding at positions {at} is outside of its text of {length:,} characters"
            )
            continue
        whole = span.end - span.start >= _WHOLE * length
        _take_selection(project, selection, origin, source, quote="" if whole else cut(span.start, span.end))


def _read_rectangle(project: _Project, selection: etree._Element, origin: Origin, source: etree._Element) -> None:
    """A rectangle on a page, pages counted from 0; its words where the program gives them."""
    words = next((text for r in children(selection, "Representation") if (text := _text_of(project, r)[0])), "")
    try:
        page, x0, y0, x1, y1 = (
            int(float(selection.get(name, ""))) for name in ("page", "firstX", "firstY", "secondX", "secondY")
        )
    except ValueError:
        project.contents.problems.append(f"“{origin.name[:_SHOWN]}”: a rectangle without proper numbers")
        return
    region = Box(page + 1, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    _take_selection(project, selection, origin, source, quote=words, region=region)


def _take_selection(
    project: _Project, selection: etree._Element, origin: Origin, source: etree._Element, *, quote: str,
    region: Box | None = None,
) -> None:  # fmt: skip
    for coding in children(selection, "Coding"):
        _take(project, coding, origin, context=(selection, source), quote=quote, region=region)


def _take(
    project: _Project, coding: etree._Element, origin: Origin, *, context: Iterable[etree._Element], quote: str = "",
    region: Box | None = None,
) -> None:  # fmt: skip
    """One coding, or a word on why it is none of a person's decisions."""
    contents, places = project.contents, (coding, *context)
    user = _who(project, places)
    if user and user.kind in ("machine", "published"):
        what = "suggestions of a machine" if user.kind == "machine" else "of the published coding (see published.csv)"
        contents.left_out[what] += 1
        return
    target = next((_bare(ref.get("targetGUID", "")) for ref in children(coding, "CodeRef")), "")
    code = project.codes.get(target)
    where = f"a coding in “{origin.name[:_SHOWN]}”"
    if code is None:
        contents.problems.append(f"{where} refers to a code that the file does not have ({target or 'none'})")
        return
    note, facts = from_memo("\n\n".join(_memos(project, places)))
    given = facts.get("quote")
    decided = facts.get("decided") or next((d for p in places[:2] if (d := p.get("creationDateTime"))), "")
    contents.codings.append(
        ForeignCodings(
            where, origin, (code.name, *code.parents), guid=code.guid, coder=user.name if user else "",
            role="adjudicator" if user and user.kind == "adjudicator" else "coder",
            quote=given if isinstance(given, str) else quote, page=region.page if region else None,
            region=region, note=note, decided=str(decided), facts=facts,
        )
    )  # fmt: skip


def _who(project: _Project, places: Iterable[etree._Element]) -> _User | None:
    guids = [_bare(p.get("creatingUser") or p.get("modifyingUser") or "") for p in places]
    return next((project.users[g] for g in (*guids, project.default_user) if g in project.users), None)


def _memos(project: _Project, places: Iterable[etree._Element]) -> Iterator[str]:
    """What was written to a coding and to its selection; a document's own memo is no coding's."""
    for place in places:
        if local(place) in ("TextSource", "PDFSource", "Representation"):
            return
        yield from (child.text for child in children(place, "Description") if child.text)
        for reference in children(place, "NoteRef"):
            note = project.notes.get(_bare(reference.get("targetGUID", "")))
            text = _text_of(project, note)[0] if note is not None else None
            if text:
                yield text.removeprefix("\ufeff").replace("\r\n", "\n")


def _text_of(project: _Project, source: etree._Element) -> tuple[str | None, str]:
    """The plain text of a source, or why there is none."""
    for content in children(source, "PlainTextContent"):
        return content.text or "", ""
    path = source.get("plainTextPath", "")
    name = _entry(project, path)
    if not path:
        return None, "has no plain text (only a formatted one)" if source.get("richTextPath") else "has no text"
    if name is None:
        outside = not _INSIDE.match(path)
        return None, f"its text {path[:_SHOWN]!r} " + ("lies outside of the file" if outside else "is missing")
    try:
        return decode(project.archive.read(name)), ""
    except UnicodeDecodeError:
        return None, f"its text {path[:_SHOWN]!r} is not UTF-8"


def _hash_of_pdf(project: _Project, source: etree._Element) -> str:
    name = _entry(project, source.get("path", ""))
    return project.archive.sha256(name) if name and local(source) == "PDFSource" else ""


def _entry(project: _Project, path: str) -> str | None:
    """The entry of the zip file that an internal path means; programs write sources, Sources or no folder at all."""
    if not _INSIDE.match(path):
        return None
    wanted = _INSIDE.sub("", path).casefold()
    return next((n for n in project.archive.names if n.casefold() in (wanted, f"sources/{wanted}")), None)


def _span(selection: etree._Element) -> Selected | None:
    try:
        start, end = int(selection.get("startPosition", "")), int(selection.get("endPosition", ""))
    except ValueError:
        return None
    return Selected(start, end, selection.get("name", ""))


def _bare(guid: str) -> str:
    return guid.strip("{} ").casefold()
