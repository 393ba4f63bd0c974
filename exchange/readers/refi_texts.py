"""The texts of a REFI-QDA project: inside its zip file, beside it, or in a Word file only."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml import etree

from corpus.errors import DataFileError
from corpus.safe_zip import MOST_TEXT, Archive, children
from exchange.readers.positions import decode

_SCHEME = re.compile(r"(internal|relative|absolute|file):/*", re.IGNORECASE)
_SHOWN = 60  # characters of a path in a message


class ProjectTexts:
    """Looks up the files that a project names."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._names = {name.casefold(): name for name in archive.names}

    def text_of(self, source: etree._Element) -> tuple[str | None, str]:
        """The plain text of a source, or why there is none. Where there is a Word file only, its text, with the line
        ends that Windows counts."""
        for content in children(source, "PlainTextContent"):
            return content.text or "", ""
        plain, rich = source.get("plainTextPath", ""), source.get("richTextPath", "")
        if not plain and not rich:
            return None, "has no text"
        path = plain or rich
        data = self._read(path)
        if data is None:
            return None, f"its text {path[:_SHOWN]!r} {self._why_missing(path)}"
        if not plain:
            return _word_text(data, path)
        try:
            return decode(data), ""
        except UnicodeDecodeError:
            return None, f"its text {path[:_SHOWN]!r} is not UTF-8"

    def sha256(self, path: str) -> str:
        """The hash of a file in the archive; "" where it is not there."""
        name = self._entry(path)
        return self._archive.sha256(name) if name else ""

    def _read(self, path: str) -> bytes | None:
        if name := self._entry(path):
            return self._archive.read(name)
        beside = self._beside(path)
        if beside is None or beside.stat().st_size > MOST_TEXT:
            return None
        try:
            return beside.read_bytes()
        except OSError:
            return None

    def _entry(self, path: str) -> str | None:
        """The file in the archive that a path means; programs write sources, Sources or no folder at all, and some
        leave out the "internal://" before its name."""
        scheme = _SCHEME.match(path)
        if not path or (scheme and scheme[1].casefold() in ("absolute", "file")):
            return None
        wanted = unquote(_SCHEME.sub("", path, count=1)).replace("\\", "/").removeprefix("./").casefold()
        found = self._names.get(wanted) or self._names.get(f"sources/{wanted}")
        return found or self._names.get(f"sources/{PurePosixPath(wanted).name}")

    def _beside(self, path: str) -> Path | None:
        """A file that lies beside the project or in a folder there, and nowhere else: a stranger's project may not
        have other files of this computer read."""
        scheme = _SCHEME.match(path)
        if not scheme or scheme[1].casefold() != "relative":
            return None
        folder = self._archive.path.resolve().parent
        inside = PurePosixPath(unquote(_SCHEME.sub("", path, count=1)).replace("\\", "/"))
        if inside.is_absolute() or ".." in inside.parts:
            return None
        found = (folder / inside).resolve()
        return found if found.is_relative_to(folder) and found.is_file() else None

    def _why_missing(self, path: str) -> str:
        scheme = _SCHEME.match(path)
        kind = scheme[1].casefold() if scheme else "internal"
        if kind == "internal":
            return "is missing"
        return "lies outside of the file" + (" and not beside it" if kind == "relative" else "")


def _word_text(data: bytes, path: str) -> tuple[str | None, str]:
    """The text of a .docx file, a line for each paragraph."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MOST_TEXT:
                return None, f"its text {path[:_SHOWN]!r} would unpack to more than {MOST_TEXT / 1e6:,.0f} MB"
        document = Document(io.BytesIO(data))
        lines = [Paragraph(found, document).text for found in document.element.body.iter(qn("w:p"))]
    except DataFileError:
        raise
    except Exception as error:  # python-docx hands on whatever zip, XML and its own look-ups stumble over
        return None, f"its text {path[:_SHOWN]!r} is no Word file that can be read ({type(error).__name__})"
    return "\r\n".join(lines), ""
