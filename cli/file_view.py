"""`jaiza extract FILE`: what is read of one PDF, as text, JSON or a page to look at. Nothing is stored."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from cli.command import INCOMPLETE
from corpus.errors import JaizaError
from corpus.store.pdf_store import sha256_of
from corpus.workspace import ExtractSettings, write_atomic

_MOST_PAGES = 60  # of a page to look at: more make it slow to open
_SHOWN = frozenset({"read", "partial", "no text layer"})  # states in which there are pages to look at


def looks_like_a_file(argument: str) -> bool:
    """Is the argument of a command a file rather than the id of a source?"""
    return argument.lower().endswith(".pdf") or Path(argument).is_file()


def show_file(path: Path, form: str, out: Path | None, pages: str | None, *, strict: bool) -> None:
    """Read the PDF at `path` and write it as `form` to `out` or standard output.

    The form is "text", "json", "html", or "explain" for the rule behind each block and passage.

    JaizaError: there is nothing to show, for a reason that the message tells.
    """
    if form == "html" and out is None and sys.stdout.isatty():
        raise click.UsageError("say where to write the page: --out report.html")
    if form == "json" and pages:
        raise click.UsageError("--pages goes with text and html: the JSON is always of the whole document")
    from extract.cache import document_to_json
    from extract.isolation.isolated_read import read_isolated
    from extract.readers.ocr_engine import available
    from extract.views.document_view import readable_text
    from extract.views.explanation import explained

    limits, place = ExtractSettings(), path.absolute()  # the process that reads may have started elsewhere
    try:
        sha256 = sha256_of(path)
    except OSError as error:
        raise JaizaError(f"{path} can't be read ({error.strerror})") from None
    document = read_isolated(place, sha256, seconds=limits.seconds, memory_mb=limits.memory_mb, find_engine=available)
    if form != "json" and (document.state not in _SHOWN or (form == "text" and not document.text)):
        raise JaizaError(f"{path}: {document.state}: {document.note}")
    if document.note:
        click.echo(f"{document.state}: {document.note}", err=True)
    wanted = _wanted(pages, len(document.pages))
    if form == "json":
        _write(document_to_json(document) + b"\n", out)
    elif form == "text":
        _write(readable_text(document, wanted if pages else None).encode(), out)
    elif form == "explain":
        _write(explained(document, wanted if pages else None).encode(), out)
    else:
        from extract.views.document_view import render_view
        from extract.views.evidence_image import page_pictures_isolated

        drawn = wanted[:_MOST_PAGES]
        pictures = page_pictures_isolated(place, drawn, seconds=limits.seconds, memory_mb=limits.memory_mb)
        left_out = [] if pages and len(wanted) == len(drawn) else wanted[_MOST_PAGES:]
        _write(render_view(document, pictures, title=path.name, left_out=left_out), out)
    if strict and document.state != "read":
        sys.exit(INCOMPLETE)


def _wanted(pages: str | None, count: int) -> list[int]:
    """The numbers of the pages that "7" or "3-9" names, all where it is None."""
    if pages is None:
        return list(range(1, count + 1))
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", pages.strip())
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 1 <= first <= last:
        raise click.UsageError(f"--pages {pages}: write it as 7 or 3-9")
    if first > count:
        raise click.UsageError(f"--pages {pages}: the file has {count} pages")
    return list(range(first, min(last, count) + 1))


def _write(data: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(data)
        return
    try:
        write_atomic(out, data)
    except OSError as error:
        raise JaizaError(f"{out} can't be written ({error.strerror})") from None
    click.echo(str(out))
