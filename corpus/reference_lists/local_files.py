"""PDFs on a disk that a reference list names beside a work: where they are here, if they are here."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from corpus.store.pdf_store import looks_like_pdf

_ENDNOTE = "internal-pdf://"  # in EndNote's lists: below "<library>.Data/PDF"
_DRIVE = re.compile(r"^[A-Za-z]:")
_DEEPEST = 6  # folders of a path that may lie beside the list, where the list comes from another machine


def find_file(named: str, beside: Path) -> Path | None:
    """The PDF that the list at `beside` calls `named`; None where there is none here.

    Looked for where a whole path leads, then beside the list, in its folders ("files/12/a.pdf" of Zotero) and in the
    folder that EndNote keeps. A path that leads out of the list's folder by ".." is not followed.
    """
    text = unquote(named) if "://" in named else named
    inner = text.removeprefix(_ENDNOTE)
    plain = re.sub(r"^file:/*(?=/|[A-Za-z]:)", "", inner.replace("\\", "/"))
    parts = [part for part in PurePosixPath(_DRIVE.sub("", plain)).parts if part not in ("/", ".")]
    if ".." in parts or not parts:
        return None
    whole = [Path(plain).expanduser()] if plain.startswith(("/", "~/")) or _DRIVE.match(plain) else []
    folders = [beside.parent / f"{beside.stem}.Data" / "PDF", beside.parent]
    tails = [parts[-number:] for number in range(min(len(parts), _DEEPEST), 0, -1)]
    tried = [*whole, *(folder.joinpath(*tail) for folder in folders for tail in tails)]
    return next((path for path in tried if _is_pdf(path)), None)


def _is_pdf(path: Path) -> bool:
    try:
        return looks_like_pdf(path)
    except (OSError, ValueError):
        return False
