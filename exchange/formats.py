"""The formats a review can be exported to. A new one is a function and an entry in FORMATS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    from corpus.registry.source_details import SourceDetails
    from exchange.coded_review import CodedReview
    from models.codebook.codebook import Codebook
    from synthesis.result import ReviewResult


class ExportSource(Protocol):
    """A review to be written for another program; each part is gathered when it is asked for."""

    @property
    def profile(self) -> str:
        """Of a REFI-QDA project: "text" or "pdf"."""

    @property
    def codebook(self) -> Codebook:
        """The codebook of the review as it is now."""

    @property
    def coded(self) -> CodedReview:
        """Every coding, with the texts."""

    @property
    def coded_by_code(self) -> CodedReview:
        """The same with codes of people's own as such, where `coded` has them as the themes they stand under."""

    @property
    def details(self) -> Mapping[str, SourceDetails]:
        """Abstracts and keywords by source id, where a reference list gave them."""

    @property
    def result(self) -> ReviewResult:
        """The merged matrix, and everything the report tells."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format of export."""

    file: str  # its name where the user gives none
    opens_in: str  # for the list of formats
    write: Callable[[ExportSource, BinaryIO], None]
    by_coding: bool = False  # made of codings, which can be chosen by theme, study and coder
    one_study: str = ""  # ending of the file's name where one study is chosen, if that differs


def _pdf(source: ExportSource, stream: BinaryIO) -> None:
    from exchange.writers.annotated_pdf import write_annotated_pdfs

    write_annotated_pdfs(source.coded, stream)


def _quotations(source: ExportSource, stream: BinaryIO) -> None:
    from exchange.writers.quotations import quotations_docx

    stream.write(quotations_docx(source.coded))


def _qdpx(source: ExportSource, stream: BinaryIO) -> None:
    from exchange.writers.refi_project import write_project

    write_project(source.coded_by_code, stream, profile="pdf" if source.profile == "pdf" else "text")


def _qdc(source: ExportSource, stream: BinaryIO) -> None:
    from exchange.writers.refi_codebook import codebook_qdc

    stream.write(codebook_qdc(source.codebook))


def _csv(source: ExportSource, stream: BinaryIO) -> None:
    from exchange.writers.coding_table import coding_table
    from synthesis.matrix.tables import to_csv

    stream.write(to_csv(coding_table(source.coded)))


def _parquet(source: ExportSource, stream: BinaryIO) -> None:
    from exchange.writers.coding_table import codings_parquet

    stream.write(codings_parquet(source.coded))


def _annotations(source: ExportSource, stream: BinaryIO) -> None:
    from exchange.writers.web_annotation import write_annotations

    write_annotations(source.coded, stream)


def _label_studio(source: ExportSource, stream: BinaryIO) -> None:
    from exchange.writers.labelling_tools import write_label_studio

    write_label_studio(source.coded, stream)


def _label_studio_config(source: ExportSource, stream: BinaryIO) -> None:
    from exchange.writers.labelling_tools import label_studio_config

    stream.write(label_studio_config(source.codebook).encode())


def _doccano(source: ExportSource, stream: BinaryIO) -> None:
    from exchange.writers.labelling_tools import write_doccano

    write_doccano(source.coded, stream)


def _ris(source: ExportSource, stream: BinaryIO) -> None:
    from exchange.writers.references import references_ris

    stream.write(references_ris(source.result, source.details))


def _bibtex(source: ExportSource, stream: BinaryIO) -> None:
    from exchange.writers.references import references_bibtex

    stream.write(references_bibtex(source.result, source.details))


def _csl(source: ExportSource, stream: BinaryIO) -> None:
    from exchange.writers.references import references_csl

    stream.write(references_csl(source.result, source.details))


def _latex(source: ExportSource, stream: BinaryIO) -> None:
    from exchange.writers.latex import tables_latex

    stream.write(tables_latex(source.result))


def _docx(source: ExportSource, stream: BinaryIO) -> None:
    from exchange.writers.word import review_docx
    from synthesis.report.figures import draw_figures

    result = source.result
    figures = draw_figures(result.cells, result.labels, result.themes, sample=result.sample)
    stream.write(review_docx(result, figures))


def _xlsx(source: ExportSource, stream: BinaryIO) -> None:
    from exchange.writers.coding_table import coding_table
    from exchange.writers.workbook import render_workbook

    stream.write(render_workbook(source.result, codings=coding_table(source.coded)))


FORMATS = {
    "qdpx": Format(
        "review.qdpx", "NVivo, ATLAS.ti, MAXQDA, QualCoder: texts or PDFs with every coding", _qdpx, by_coding=True
    ),
    "qdc": Format("codebook.qdc", "NVivo, ATLAS.ti, MAXQDA, QualCoder: the codebook", _qdc),
    "pdf": Format(
        "annotated-pdfs.zip", "any PDF viewer: the studies with highlights", _pdf, by_coding=True, one_study=".pdf"
    ),
    "quotations": Format("quotations.docx", "Word: the quotations by theme and study", _quotations, by_coding=True),
    "xlsx": Format("review.xlsx", "Excel, LibreOffice: matrix, frequencies, every coding, audit, studies", _xlsx),
    "docx": Format("review.docx", "Word: tables that can be edited, figures, method and limits", _docx),
    "latex": Format("tables.tex", "LaTeX: the tables, for \\input", _latex),
    "ris": Format("studies.ris", "Zotero, EndNote, Mendeley: the studies", _ris),
    "bibtex": Format("studies.bib", "JabRef, Zotero, LaTeX: the studies", _bibtex),
    "csl-json": Format("studies.json", "Zotero, pandoc, Word add-ins: the studies", _csl),
    "csv": Format("codings.csv", "Excel, R, jaiza import: every coding in a row", _csv, by_coding=True),
    "parquet": Format(
        "codings.parquet", "R (arrow), pandas, DuckDB: the same, columns typed", _parquet, by_coding=True
    ),
    "jsonld": Format("annotations.jsonld", "programs that read W3C Web Annotations", _annotations, by_coding=True),
    "label-studio": Format(
        "label-studio.json", "Label Studio: tasks with annotations and predictions", _label_studio, by_coding=True
    ),
    "label-studio-config": Format(
        "label-studio-config.xml", "Label Studio: the labelling interface for them", _label_studio_config
    ),
    "doccano": Format("doccano.jsonl", "doccano: sequence labelling", _doccano, by_coding=True),
}
