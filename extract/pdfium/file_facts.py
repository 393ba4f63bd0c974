"""What a PDF says and pdfium does not tell: read from the file's own objects through pdfminer, where it is asked for.

Slow beside pdfium (a tenth of a second to open a file), so nothing here is asked of a page that has no need of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from io import BytesIO
from pathlib import Path

from pdfminer.encodingdb import name2unicode
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.psparser import PSLiteral
from pdfminer.utils import decode_text

from corpus.json_table import JsonTable

_LONGEST_CHAIN = 20  # steps of a role map; one that runs in a circle has no end
_DEEPEST = 6  # levels of an object: page, resources, fonts, font
_TYPE_1_CODE = re.compile(rb"dup\s+(\d+)\s*/([^\s/]+)\s+put")
_SUBSET = re.compile(r"^[A-Z]{6}\+")


class FileFacts:
    """The objects of one PDF; whatever is wrong with the file, an answer is empty and no error."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def glyph_text(self, font: str, code: int) -> str:
        """What the glyph of `code` in the font called `font` reads by its name, "ffi" for /f_f_i; "" if unknown."""
        return self._glyphs.get(font, {}).get(code, "")

    def role(self, kind: str) -> str:
        """The standard type that the role map of the tags leads to from the type `kind`, in any number of steps."""
        for _ in range(_LONGEST_CHAIN):
            if kind not in self._role_map:
                break
            kind = self._role_map[kind]
        return kind

    @cached_property
    def layers_off(self) -> frozenset[str]:
        """The names of the layers (optional content groups) that are off when the file is opened."""
        properties = resolve1(self._catalog.get("OCProperties"))
        default = resolve1(properties.get("D")) if isinstance(properties, dict) else None
        if not isinstance(default, dict):
            return frozenset()
        off, on = _layer_names(default.get("OFF")), _layer_names(default.get("ON"))
        every_off = _name(default.get("BaseState")) == "OFF"
        return (_layer_names(properties.get("OCGs")) - on) | off if every_off else off

    @cached_property
    def _role_map(self) -> dict[str, str]:
        root = resolve1(self._catalog.get("StructTreeRoot"))
        roles = resolve1(root.get("RoleMap")) if isinstance(root, dict) else None
        roles = roles if isinstance(roles, dict) else {}
        return {name: _name(role) for name, role in roles.items() if _name(role)}

    @cached_property
    def _glyphs(self) -> dict[str, dict[int, str]]:
        found: dict[str, dict[int, str]] = {}
        for font in self._fonts():
            name = _name(font.get("BaseFont"))
            if name:
                glyphs = found.setdefault(name, {})
                for code, glyph in _glyph_names(font):
                    if text := _glyph_reads(glyph):
                        glyphs.setdefault(code, text)
        return found

    def _fonts(self) -> Iterator[JsonTable]:
        """Every font of the file."""
        document = self._document
        numbers = sorted({n for xref in document.xrefs for n in xref.get_objids()}) if document else []
        for number in numbers:
            try:
                one = document.getobj(number)  # type: ignore[union-attr]
            except Exception:  # a broken object is none
                continue
            yield from _fonts_in(one, 0)

    @cached_property
    def _document(self) -> PDFDocument | None:
        try:
            return PDFDocument(PDFParser(BytesIO(self._path.read_bytes())))
        except Exception:  # pdfminer raises what its parser stumbles over, from TypeError to struct.error
            return None

    @cached_property
    def _catalog(self) -> JsonTable:
        return self._document.catalog if self._document else {}


def _fonts_in(value: object, depth: int) -> Iterator[JsonTable]:
    """The fonts among the parts of an object that are written out in it, such as those in the resources of a page."""
    if isinstance(value, dict) and depth <= _DEEPEST:
        if _name(value.get("Type")) == "Font":
            yield value
        for part in value.values():
            yield from _fonts_in(part, depth + 1)


def facts_of(path: Path) -> FileFacts:
    """The facts of the file at `path` as it is now; those of the last file asked for are kept."""
    stat = path.stat()
    return _facts_of(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=1)
def _facts_of(path: Path, _changed: int, _size: int) -> FileFacts:
    return FileFacts(path)


def _glyph_names(font: JsonTable) -> Iterator[tuple[int, str]]:
    """Code and name of each glyph that a simple font renames, or that its own program names."""
    encoding = resolve1(font.get("Encoding"))
    differences = resolve1(encoding.get("Differences")) if isinstance(encoding, dict) else None
    code = 0
    for item in differences if isinstance(differences, list) else ():
        item = resolve1(item)
        if isinstance(item, int):
            code = item
        elif name := _name(item):
            yield code, name
            code += 1
    descriptor = resolve1(font.get("FontDescriptor"))
    program = resolve1(descriptor.get("FontFile")) if isinstance(descriptor, dict) else None
    if isinstance(program, PDFStream):
        for number, glyph in _TYPE_1_CODE.findall(program.get_data().partition(b"eexec")[0]):
            yield int(number), glyph.decode("latin-1")


def _glyph_reads(name: str) -> str:
    """What a glyph reads by its name (Adobe Glyph List): "ffi" for "f_f_i", "" for "a30"."""
    if re.fullmatch(r"[a-zA-Z]{1,2}\d+", name):
        return ""  # counts the glyphs
    try:
        return name2unicode(name)
    except (KeyError, ValueError):
        return ""


def _layer_names(groups: object) -> frozenset[str]:
    """The names of layers that stand in a list."""
    found = resolve1(groups)
    layers = map(resolve1, found if isinstance(found, list) else ())
    names = (resolve1(layer.get("Name")) for layer in layers if isinstance(layer, dict))
    return frozenset(decode_text(name) for name in names if isinstance(name, bytes))


def _name(value: object) -> str:
    found = resolve1(value)
    return str(found.name) if isinstance(found, PSLiteral) else ""
