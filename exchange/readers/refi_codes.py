"""The codes of a REFI-QDA codebook (.qdc) or project (.qdpx), whichever program wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lxml import etree

from corpus.errors import DataFileError
from corpus.safe_zip import MOST_XML, Archive, children, local, parse_xml


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A code of a foreign codebook."""

    guid: str
    name: str
    parents: tuple[str, ...] = ()  # names, the nearest first
    description: str = ""
    codable: bool = True


def read_codebook(path: Path) -> list[FoundCode]:
    """The codes of a .qdc file, or of a project's codebook."""
    if path.suffix.casefold() == ".qdpx":
        with Archive(path) as archive:
            root = parse_xml(project_file(archive), file=path)
    else:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise DataFileError(path, "", f"can't be read ({error.strerror})") from None
        root = parse_xml(data, file=path)
    if local(root) not in ("CodeBook", "Project"):
        raise DataFileError(path, "", f"holds <{local(root)}> where a REFI-QDA codebook has <CodeBook>")
    return list(codes_in(root if local(root) == "CodeBook" else next(iter(children(root, "CodeBook")), None)))


def project_file(archive: Archive) -> bytes:
    """The XML of a project: the one .qde file, by whatever name."""
    found = [name for name in archive.names if name.casefold().endswith(".qde") and not name.startswith("__MACOSX/")]
    if len(found) > 1:
        found = [name for name in found if PurePosixPath(name).name.casefold() == "project.qde"]
    if len(found) != 1:
        raise DataFileError(
            archive.path, "", "holds no project.qde, so it is not a REFI-QDA project", "Export it again"
        )
    return archive.read(found[0], most=MOST_XML)


def codes_in(codebook: etree._Element | None) -> Iterator[FoundCode]:
    """The codes below a <CodeBook>, each before those under it; none where there is no codebook."""
    groups = children(codebook, "Codes") if codebook is not None else []
    waiting: list[tuple[etree._Element, tuple[str, ...]]] = [
        (code, ()) for group in groups for code in children(group, "Code")
    ]
    waiting.reverse()
    while waiting:
        element, parents = waiting.pop()
        name = element.get("name", "")
        description = next((child.text or "" for child in children(element, "Description")), "")
        codable = element.get("isCodable", "true") in ("true", "1")
        yield FoundCode(bare(element.get("guid", "")), name, parents, description, codable)
        waiting += [(child, (name, *parents)) for child in reversed(children(element, "Code"))]


def bare(guid: str) -> str:
    """An id without braces and in small letters: programs differ in both."""
    return guid.strip("{} ").casefold()
