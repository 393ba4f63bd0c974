"""Project files made to harm are refused in one line, before anything is taken from them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import DataFileError
from exchange.readers.refi_codes import read_codebook
from exchange.readers.refi_project import read_project
from support.refi_project import coding, packed, project, selection, text_source

GOOD = project(text_source(selection(0, 5, coding(1))))
BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
OUTSIDE = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
IN_UTF16 = project("", before=OUTSIDE).decode().replace("utf-8", "utf-16").encode("utf-16")


def _renamed(path: Path) -> None:
    packed(path, GOOD, {"../../evil.txt": b"x"})


def _on_windows(path: Path) -> None:
    packed(path, GOOD, {"sources\\..\\..\\evil.txt": b"x", "C:\\evil.txt": b"x"})


def _zip_bomb(path: Path) -> None:
    packed(path, GOOD, {"sources/text.txt": b"0" * (60 << 20)})


def _lying_header(path: Path) -> None:
    packed(path, GOOD, {"sources/text.txt": b"0" * (51 << 20)})
    data = path.read_bytes()
    small = (1000).to_bytes(4, "little")
    path.write_bytes(data.replace((51 << 20).to_bytes(4, "little"), small))


def _cut_off(path: Path) -> None:
    packed(path, GOOD, {"sources/text.txt": b"Hello"})
    path.write_bytes(path.read_bytes()[:-40])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_renamed, "a name that leads out of it"),
        (_on_windows, "a name that leads out of it"),
        (_zip_bomb, "zip bomb"),
        (_lying_header, "text.txt"),
        (_cut_off, "is not a zip file, or is cut off"),
        (lambda path: packed(path, project("", before=BOMB)), "declares a document type or entities"),
        (lambda path: packed(path, project("", before=OUTSIDE)), "declares a document type or entities"),
        (lambda path: packed(path, IN_UTF16), "declares a document type or entities"),
        (lambda path: packed(path, b"<Project"), "is not well-formed XML"),
        (lambda path: packed(path, b"<CodeBook/>"), "holds <CodeBook> where a REFI-QDA project has <Project>"),
        (lambda path: path.write_bytes(b"%PDF-1.7"), "is not a zip file"),
        (lambda path: zipfile.ZipFile(path, "w").close(), "holds no project.qde"),
        (lambda path: None, "can't be read (No such file or directory)"),
    ],
    ids=["parent folder", "Windows paths", "zip bomb", "header that lies", "cut off", "expanding entities",
         "external entity", "in UTF-16", "broken XML", "codebook", "no zip", "empty zip", "no file"],
)  # fmt: skip
def test_a_harmful_file_is_refused(tmp_path: Path, make: Callable[[Path], object], message: str) -> None:
    path = tmp_path / "p.qdpx"
    make(path)
    with pytest.raises(DataFileError) as refused:
        read_project(path)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_codebook_with_an_external_entity_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c.qdc").write_bytes(f"{OUTSIDE}<CodeBook>&e;</CodeBook>".encode())
    with pytest.raises(DataFileError, match="declares a document type"):
        read_codebook(tmp_path / "c.qdc")
