"""What an export is made from: the coding and the results of a review, gathered when a format asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from corpus.registry.registry_file import load_sources
from corpus.registry.source_details import SourceDetails, load_details
from corpus.store.pdf_store import pdf_path
from corpus.workspace import Workspace
from models.codebook.codebook import Codebook, load_codebook

if TYPE_CHECKING:
    from annotations.decision import Code, Decision
    from exchange.coded_review import CodedReview
    from synthesis.result import ReviewResult


@dataclass(frozen=True)
class ExportMaterial:
    """What an export is made from; each part is gathered when a format asks for it."""

    workspace: Workspace
    profile: str = "text"  # of a REFI-QDA project: "text" or "pdf"
    suggestions: bool = True  # the machine's codings too
    include_proposed: bool = False  # its values fill the cells of the matrix that nobody has judged
    themes: tuple[str, ...] = ()  # only codings of these; empty: of all
    studies: tuple[str, ...] = ()  # only these, by id
    coders: tuple[str, ...] = ()  # only theirs, by name
    values: tuple[int, ...] = ()  # only of these strengths: 0 judged absent, 1 mentioned, 2 with evidence

    @cached_property
    def codebook(self) -> Codebook:
        """The codebook of the review as it is now."""
        return load_codebook(self.workspace)

    @cached_property
    def details(self) -> Mapping[str, SourceDetails]:
        """Abstracts and keywords by source id, where a reference list gave them."""
        return load_details(self.workspace)

    @cached_property
    def coded(self) -> CodedReview:
        """Every coding that was asked for, with the texts. Codes of people's own are the themes they stand under."""
        from annotations.codes import place_codes

        return self._coded(by_code=False, placing=place_codes)

    @cached_property
    def coded_by_code(self) -> CodedReview:
        """The same, with codes of people's own as such."""
        from annotations.codes import codes_at_hand

        return self._coded(by_code=True, placing=codes_at_hand)

    def _coded(
        self, *, by_code: bool, placing: Callable[[Sequence[Decision], Iterable[Code]], Sequence[Decision]]
    ) -> CodedReview:
        from annotations.codes import theme_of
        from annotations.decisions_csv import published_decisions
        from annotations.log.open_log import open_log
        from exchange.coded_review import CodedReview, Study, select_codings
        from pipeline.documents.stages import Stages
        from pipeline.documents.stored_sources import stored_sources
        from pipeline.lazy_documents import LazyDocuments
        from pipeline.screening.screening_state import sources_to_read

        codebook = self.codebook
        with open_log(self.workspace) as log:
            sources = sources_to_read(self.workspace, load_sources(self.workspace), log)
            log.record(published_decisions(self.workspace, codebook, sources=[source.id for source in sources]))
            held = log.contents()
            codes, decisions = held.codes, placing(held.decisions, held.codes)
            memos = [memo for memo in held.memos if not self.coders or memo.coder in self.coders]
        under = {code.code_id: theme_of(code.code_id, {one.code_id: one for one in codes}) for code in codes}
        wanted = {*self.themes, *(code for code, theme in under.items() if theme in self.themes)}
        with Stages(self.workspace) as stages:
            results, lazy = stored_sources(stages, sources), LazyDocuments(stages)
            texts, suggestions = lazy.texts(results), lazy.suggestions(results)
            studies = []
            for source in sources:
                if self.studies and source.id not in self.studies:
                    continue
                document = texts.get(source.id)
                made = suggestions[source.id].suggestions if self.suggestions and source.id in suggestions else ()
                own = tuple(decision for decision in decisions if decision.source_id == source.id)
                pdf = pdf_path(self.workspace, document.sha256) if document else None
                noted = tuple(memo for memo in memos if memo.source_id == source.id)
                studies.append(Study(source, document, own, made, pdf, noted))
        review = CodedReview(
            self.workspace.review.title,
            codebook,
            studies,
            sample=self.workspace.review.sample,
            codes=codes if by_code else (),
            memos=tuple(memo for memo in memos if not memo.source_id and memo.theme in (wanted or {memo.theme})),
        )
        return select_codings(review, themes=tuple(wanted), coders=self.coders, values=self.values)

    @cached_property
    def result(self) -> ReviewResult:
        """The merged matrix, and everything the report tells."""
        from pipeline.documents.stages import Stages
        from pipeline.runs.review_result import stored_result

        with Stages(self.workspace) as stages:
            return stored_result(stages, include_proposed=self.include_proposed)
