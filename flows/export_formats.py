"""The formats a review can be exported to. A new one is a function and an entry in FORMATS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO

from corpus.registry import load_sources
from corpus.store import pdf_path
from corpus.workspace import Workspace

if TYPE_CHECKING:
    from annotations.exchange.codings import CodedReview
    from synthesis.result import ReviewResult


@dataclass(frozen=True)
class Material:
    """What an export is made from; each part is gathered when a format asks for it."""

    workspace: Workspace
    profile: str = "text"  # of a REFI-QDA project: "text" or "pdf"
    suggestions: bool = True  # the machine's codings too
    include_proposed: bool = False  # its values fill the cells of the matrix that nobody has judged

    @cached_property
    def coded(self) -> CodedReview:
        """Every coding, with the texts."""
        from annotations.exchange.codings import CodedReview, Study
        from annotations.log import DecisionLog
        from annotations.table import published_decisions
        from flows.judging import stored_studies
        from flows.stages import Stages
        from models.codebook import load_codebook

        sources, codebook = load_sources(self.workspace), load_codebook(self.workspace)
        log = DecisionLog(self.workspace.database_url)
        try:
            log.record(published_decisions(self.workspace, codebook, sources=[source.id for source in sources]))
            decisions = log.current()
        finally:
            log.close()
        with Stages(self.workspace) as stages:
            studied = {done.outcome.source_id: done for done in stored_studies(stages, sources)}
        studies = []
        for source in sources:
            done = studied[source.id]
            made = done.suggestions.suggestions if done.suggestions and self.suggestions else ()
            own = tuple(decision for decision in decisions if decision.source_id == source.id)
            pdf = pdf_path(self.workspace, done.document.sha256) if done.document else None
            studies.append(Study(source, done.document, own, made, pdf))
        return CodedReview(self.workspace.review.title, codebook, studies, sample=self.workspace.review.sample)

    @cached_property
    def result(self) -> ReviewResult:
        """The merged matrix, and everything the report tells."""
        from flows.results import stored_result
        from flows.stages import Stages

        with Stages(self.workspace) as stages:
            return stored_result(stages, include_proposed=self.include_proposed)


@dataclass(frozen=True, slots=True)
class Format:
    """One format of export."""

    file: str  # its name where the user gives none
    opens_in: str  # for the list of formats
    write: Callable[[Material, BinaryIO], None]


def _qdpx(material: Material, stream: BinaryIO) -> None:
    from annotations.exchange.refi_project import write_project

    write_project(material.coded, stream, profile="pdf" if material.profile == "pdf" else "text")


def _qdc(material: Material, stream: BinaryIO) -> None:
    from annotations.exchange.refi_codebook import codebook_qdc
    from models.codebook import load_codebook

    stream.write(codebook_qdc(load_codebook(material.workspace)))


def _csv(material: Material, stream: BinaryIO) -> None:
    from annotations.exchange.coding_table import coding_table
    from synthesis.matrix import to_csv

    stream.write(to_csv(coding_table(material.coded)))


def _parquet(material: Material, stream: BinaryIO) -> None:
    from annotations.exchange.coding_table import codings_parquet

    stream.write(codings_parquet(material.coded))


def _annotations(material: Material, stream: BinaryIO) -> None:
    from annotations.exchange.web_annotation import write_annotations

    write_annotations(material.coded, stream)


def _label_studio(material: Material, stream: BinaryIO) -> None:
    from annotations.exchange.labelling import write_label_studio

    write_label_studio(material.coded, stream)


def _label_studio_config(material: Material, stream: BinaryIO) -> None:
    from annotations.exchange.labelling import label_studio_config
    from models.codebook import load_codebook

    stream.write(label_studio_config(load_codebook(material.workspace)).encode())


def _doccano(material: Material, stream: BinaryIO) -> None:
    from annotations.exchange.labelling import write_doccano

    write_doccano(material.coded, stream)


def _ris(material: Material, stream: BinaryIO) -> None:
    from synthesis.exports.references import references_ris

    stream.write(references_ris(material.result))


def _bibtex(material: Material, stream: BinaryIO) -> None:
    from synthesis.exports.references import references_bibtex

    stream.write(references_bibtex(material.result))


def _latex(material: Material, stream: BinaryIO) -> None:
    from synthesis.exports.latex import tables_latex

    stream.write(tables_latex(material.result))


def _docx(material: Material, stream: BinaryIO) -> None:
    from synthesis.exports.word import review_docx
    from synthesis.figures import draw_figures

    result = material.result
    figures = draw_figures(result.cells, result.labels, result.themes, sample=result.sample)
    stream.write(review_docx(result, figures))


def _xlsx(material: Material, stream: BinaryIO) -> None:
    from annotations.exchange.coding_table import coding_table
    from synthesis.workbook import render_workbook

    stream.write(render_workbook(material.result, codings=coding_table(material.coded)))


FORMATS = {
    "qdpx": Format("review.qdpx", "NVivo, ATLAS.ti, MAXQDA, QualCoder: texts or PDFs with every coding", _qdpx),
    "qdc": Format("codebook.qdc", "NVivo, ATLAS.ti, MAXQDA, QualCoder: the codebook", _qdc),
    "xlsx": Format("review.xlsx", "Excel, LibreOffice: matrix, frequencies, every coding, audit, studies", _xlsx),
    "docx": Format("review.docx", "Word: tables that can be edited, figures, method and limits", _docx),
    "latex": Format("tables.tex", "LaTeX: the tables, for \\input", _latex),
    "ris": Format("studies.ris", "Zotero, EndNote, Mendeley: the studies", _ris),
    "bibtex": Format("studies.bib", "JabRef, Zotero, LaTeX: the studies", _bibtex),
    "csv": Format("codings.csv", "Excel, R, jaiza import: every coding in a row", _csv),
    "parquet": Format("codings.parquet", "R (arrow), pandas, DuckDB: the same, columns typed", _parquet),
    "jsonld": Format("annotations.jsonld", "programs that read W3C Web Annotations", _annotations),
    "label-studio": Format("label-studio.json", "Label Studio: tasks with annotations and predictions", _label_studio),
    "label-studio-config": Format(
        "label-studio-config.xml", "Label Studio: the labelling interface for them", _label_studio_config
    ),
    "doccano": Format("doccano.jsonl", "doccano: sequence labelling", _doccano),
}
