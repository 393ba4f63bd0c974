"""Makes the PDFs of the sample review from their texts: `python -m corpus.sample.make [FOLDER]`.

Without FOLDER they go to `site/` beside this file, which is what is shipped. The texts are in `texts/`, titles and
authors come from `sources.toml`, everything else about a document from `documents.toml`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar, Literal

import reportlab  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]

from corpus.datafile import NO_UNKNOWN_KEYS, read_toml, to_dataclass
from corpus.registry.sources import Source
from corpus.sample.draw import draw_pdf
from corpus.sample.manuscript import read_manuscript
from corpus.sample.page import Front, Layout
from corpus.sample.scan import scan_pdf
from corpus.sample.tagging import add_structure
from corpus.sample.typeset import set_pages
from corpus.workspace import write_atomic

HERE = Path(__file__).parent
SITE = HERE / "site"
LayoutName = Literal["single column", "two columns", "running heads", "ruled table", "tagged", "scan"]
_times = partial(Layout, "Times-Roman", "Times-Bold", "Times-Italic")
_helvetica = partial(Layout, "Helvetica", "Helvetica-Bold", "Helvetica-Oblique")
# reportlab brings the Vera fonts with it; the tagged PDF embeds them, as accessible PDFs must.
_vera = partial(Layout, "Vera", "Vera-Bold", "Vera-Italic")
LAYOUTS: dict[LayoutName, Layout] = {
    "single column": _helvetica(size=10.6, margin=90.0),
    "two columns": _times(size=10.0, columns=2, margin=56.0, justify=True, hyphenate=True),
    "running heads": _times(size=11.0, margin=86.0, justify=True, hyphenate=True, running_heads=True),
    "ruled table": _helvetica(size=9.8),
    "tagged": _vera(size=9.5, margin=80.0, running_heads=True),
    "scan": _vera(size=11.0, margin=84.0),
}


@dataclass(frozen=True, slots=True)
class SampleDocument:
    """One table of documents.toml."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    source: str  # id in sources.toml; also the name of its text
    file: str  # below site/
    layout: LayoutName
    strap: str  # series and number, above the title and in the running heads
    date: str
    head: str  # short title, in the running heads
    first_page: int = 1


def sample_documents() -> list[SampleDocument]:
    """The documents of the sample, in the order of documents.toml."""
    path = HERE / "documents.toml"
    tables = read_toml(path)["document"]
    return [
        to_dataclass(SampleDocument, table, file=path, where=f"document {number}")
        for number, table in enumerate(tables, 1)
    ]


def sample_sources() -> dict[str, Source]:
    """The sources of the sample by id."""
    path = HERE / "sources.toml"
    loaded = [
        to_dataclass(Source, table, file=path, where=f"source {number}")
        for number, table in enumerate(read_toml(path)["source"], 1)
    ]
    return {source.id: source for source in loaded}


def make_pdf(document: SampleDocument, source: Source) -> bytes:
    """The PDF of one document; the same bytes on every call with the same versions of reportlab, pypdf and Pillow."""
    _register_fonts()
    byline = ", ".join(" ".join(reversed(author.split(", "))) for author in source.authors)
    front = Front(document.strap, source.title, byline, document.date, document.head)
    manuscript = read_manuscript((HERE / "texts" / f"{document.source}.md").read_text(encoding="utf-8"))
    hyphens = {word.replace("-", ""): word for word in (HERE / "hyphens.txt").read_text(encoding="utf-8").split()}
    layout = LAYOUTS[document.layout]
    sheets = set_pages(manuscript, front, layout, first_page=document.first_page, hyphens=hyphens)
    if document.layout == "scan":
        return scan_pdf(sheets, front)
    tagged = document.layout == "tagged"
    pdf, marks = draw_pdf(sheets, front, first_page=document.first_page, tagged=tagged)
    return add_structure(pdf, marks, title=front.title) if tagged else pdf


def make_all(folder: Path) -> list[Path]:
    """Write every PDF of the sample below `folder`."""
    sources, written = sample_sources(), []
    for document in sample_documents():
        path = folder / document.file
        write_atomic(path, make_pdf(document, sources[document.source]))
        written.append(path)
    return written


def _register_fonts() -> None:
    for name, file in (("Vera", "Vera.ttf"), ("Vera-Bold", "VeraBd.ttf"), ("Vera-Italic", "VeraIt.ttf")):
        pdfmetrics.registerFont(TTFont(name, Path(reportlab.__file__).parent / "fonts" / file))


if __name__ == "__main__":
    for made in make_all(Path(sys.argv[1]) if len(sys.argv) > 1 else SITE):
        print(f"{made}  {made.stat().st_size:,} bytes")
