"""A REFI-QDA project as another program might write it, small enough to read."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

CODES = """<Code guid="{AA000000-0000-0000-0000-000000000001}" name="Governance Weaknesses" isCodable="true">
<Code guid="AA000000-0000-0000-0000-000000000002" name="ghost workers" isCodable="true"/></Code>
<Code guid="aa000000-0000-0000-0000-000000000003" name="Trust" isCodable="true"/>"""
USER = "bb000000-0000-0000-0000-000000000001"


def coding(code: int, number: int = 1) -> str:
    """A <Coding> with the code of that number; its id is in capitals and braces, as some programs write it."""
    return (
        f'<Coding guid="cc000000-0000-0000-0000-0000000{number:05}" creatingUser="{USER}">'
        f'<CodeRef targetGUID="{{AA000000-0000-0000-0000-00000000000{code}}}"/></Coding>'
    )


def selection(start: int, end: int, inside: str, number: int = 1, name: str = "") -> str:
    """A coded stretch of text."""
    return (
        f'<PlainTextSelection guid="dd000000-0000-0000-0000-0000000{number:05}" name="{name}" '
        f'startPosition="{start}" endPosition="{end}">{inside}</PlainTextSelection>'
    )


def text_source(inside: str, *, name: str = "khan.docx", path: str = "internal://text.txt") -> str:
    """A document with a plain text."""
    return (
        f'<TextSource guid="ee000000-0000-0000-0000-000000000001" name="{name}" plainTextPath="{path}">'
        f"{inside}</TextSource>"
    )


def project(sources: str, *, before: str = "", codes: str = CODES) -> bytes:
    """The project.qde."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{before}<Project name="p" origin="Other 1" '
        f'xmlns="urn:QDA-XML:project:1.0"><Users><User guid="{USER}" name="Nadia"/></Users>'
        f"<CodeBook><Codes>{codes}</Codes></CodeBook><Sources>{sources}</Sources></Project>"
    ).encode()


def packed(path: Path, qde: bytes, files: Mapping[str, bytes] | None = None) -> Path:
    """The .qdpx file; the folder is written with a capital, as NVivo does."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("My project.qde", qde)
        for name, data in (files or {}).items():
            archive.writestr(name, data)
    return path
