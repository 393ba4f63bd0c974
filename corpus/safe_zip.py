"""Reading zip files and XML that strangers made: nothing is unpacked to disk, nothing expands without limit."""

from __future__ import annotations

import hashlib
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from lxml import etree

from corpus.errors import DataFileError

# A project of 25 studies and 20,000 codings has 20 MB of XML and texts of 1 MB; a hundred times that is a trap.
MOST_XML, MOST_TEXT, MOST_MEDIA = 500 << 20, 50 << 20, 2 << 30  # bytes, unpacked
MOST_ENTRIES = 100_000
_RATIO, _SUSPECT = 200, 20 << 20  # text packs to a tenth at best; more than this, in a big entry, is a zip bomb
_CHUNK = 1 << 20
# What Python's readers raise where an archive is damaged: a place before its beginning is a ValueError or an OSError.
DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, ValueError, OSError,
)  # fmt: skip
_DECLARATION = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)", re.IGNORECASE)


class Archive:
    """A zip file, open for reading. Use it in a `with`. DataFileError for whatever is wrong with it."""

    def __init__(self, path: Path, data: bytes | None = None) -> None:
        """The file at `path`, or its content in `data`; `path` then names it in errors."""
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path if data is None else io.BytesIO(data))
        except OSError as error:
            raise DataFileError(path, "", f"can't be read ({error.strerror})") from None
        except DAMAGED:
            raise DataFileError(path, "", "is not a zip file, or is cut off", "Export or download it again") from None
        self._entries = {}
        for entry in self._zip.infolist():
            name = entry.filename.replace("\\", "/")
            if ".." in PurePosixPath(name).parts or name.startswith("/") or re.match(r"[A-Za-z]:", name):
                raise DataFileError(
                    path,
                    "",
                    f"holds {name[:80]!r}, a name that leads out of it, which no program writes by itself",
                    "Nothing was read; get it from where you trust it",
                )
            self._entries[name] = entry
        if len(self._entries) > MOST_ENTRIES:
            raise DataFileError(path, "", f"holds {len(self._entries):,} files, more than {MOST_ENTRIES:,}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        """The files in it, folders left out."""
        return [name for name in self._entries if not name.endswith("/")]

    def check(self, *, most: int = MOST_XML) -> None:
        """DataFileError where what it holds would unpack to more than `most` bytes, or hides a document type."""
        total = 0
        for name in self.names:
            data = self.read(name, most=most)
            total += len(data)
            if total > most:
                raise DataFileError(self.path, "", f"would unpack to more than {most / 1e6:,.0f} MB: a zip bomb")
            if name.endswith((".xml", ".rels")) and _DECLARATION.search(data):
                raise _declares(self.path, name)

    def read(self, name: str, *, most: int = MOST_TEXT) -> bytes:
        """The bytes of one file, at most `most` of them whatever its header says."""
        return b"".join(self._chunks(name, most))

    def sha256(self, name: str) -> str:
        """The hash of one file, read piece by piece."""
        digest = hashlib.sha256()
        for chunk in self._chunks(name, MOST_MEDIA):
            digest.update(chunk)
        return digest.hexdigest()

    def _chunks(self, name: str, most: int) -> Iterator[bytes]:
        entry = self._entries[name]
        if entry.flag_bits & 1:
            raise DataFileError(self.path, name, "is locked with a password", "Export it without one")
        if entry.file_size > most or (
            entry.file_size > _SUSPECT and entry.file_size > _RATIO * max(entry.compress_size, 1)
        ):
            raise DataFileError(
                self.path,
                name,
                f"would unpack to {entry.file_size / 1e6:,.0f} MB from "
                f"{entry.compress_size / 1e6:,.1f}: a zip bomb, or nothing that can be a text",
            )
        size = 0
        try:
            with self._zip.open(entry) as file:
                while chunk := file.read(_CHUNK):
                    size += len(chunk)
                    if size > most:
                        raise DataFileError(self.path, name, f"unpacks to more than {most / 1e6:,.0f} MB")
                    yield chunk
        except DAMAGED as error:
            raise DataFileError(self.path, name, f"is damaged ({error})", "Export or download it again") from None


def parse_xml(data: bytes, *, file: object, where: str = "") -> etree._Element:
    """The root of an XML document. Entities are not resolved, nothing outside is read, and a document type, which
    exchange formats do not use, is refused because it can hide both."""
    if _DECLARATION.search(data):
        raise _declares(file, where)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=len(data) > 10 << 20,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise DataFileError(file, where, f"is not well-formed XML ({error})", "Export it again") from None
    return root


def _declares(file: object, where: str) -> DataFileError:
    return DataFileError(
        file,
        where,
        "declares a document type or entities, which can make a reader open other files",
        "Nothing was read; export it again from the program that made it",
    )


def local(element: etree._Element) -> str:
    """The name of an element without its namespace, which differs between versions and programs."""
    return etree.QName(element).localname


def children(element: etree._Element, *names: str) -> list[etree._Element]:
    """The children with one of these names."""
    return [child for child in element if isinstance(child.tag, str) and child.tag.rpartition("}")[2] in names]
