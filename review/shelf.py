"""What there is to decide on: the passages and suggestions of a review, and what was decided of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from annotations.anchor import anchored
from annotations.decision import Anchor, Decision
from annotations.log import DecisionLog
from corpus.errors import UnknownChoiceError
from corpus.sources import Source
from extract.document import Document, Passage
from models.codebook import Codebook
from models.suggestion import DocumentSuggestions, Suggestion
from synthesis.cell import Cell
from synthesis.merge import merge_cells

_CONTEXT = 40  # characters of prefix and suffix kept with a decision
ORIGIN = "review page"


@dataclass(frozen=True, slots=True)
class Question:
    """A suggestion put before a coder."""

    source: Source
    passage: Passage
    suggestion: Suggestion
    answer: Decision | None  # what this coder has said to it so far


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a coder is with one study."""

    source: Source
    suggestions: int
    answered: int


class Shelf:
    """The texts and suggestions of a review, and its decision log."""

    def __init__(
        self,
        sources: Sequence[Source],
        documents: Mapping[str, Document],
        proposals: Mapping[str, DocumentSuggestions],
        codebook: Codebook,
        log: DecisionLog,
    ) -> None:
        """`documents` and `proposals` are keyed by source id and hold only what could be read."""
        self.sources, self.documents, self.proposals = sources, documents, proposals
        self.codebook, self.log = codebook, log
        self._passages = {
            source_id: {passage.id: passage for passage in document.passages}
            for source_id, document in documents.items()
        }

    def progress(self, coder: str) -> list[Progress]:
        """Every study with how many of its suggestions `coder` has answered."""
        return [
            Progress(source, len(asked), sum(question.answer is not None for question in asked))
            for source in self.sources
            for asked in [self.questions(source.id, coder)]
        ]

    def questions(self, source_id: str, coder: str) -> list[Question]:
        """All suggestions for a study in the order of the text, strongest theme of a passage first."""
        source = self._source(source_id)
        if source_id not in self.proposals:
            return []
        passages = self._passages[source_id]
        answers = self._answers(source_id, coder)
        order = {passage_id: number for number, passage_id in enumerate(passages)}
        made = [s for s in self.proposals[source_id].suggestions if s.passage_id in passages]
        made.sort(key=lambda s: (order[s.passage_id], -s.score, s.theme))
        return [Question(source, passages[s.passage_id], s, answers.get((s.passage_id, s.theme))) for s in made]

    def answer(self, source_id: str, passage_id: str, theme: str, value: Literal[0, 1, 2] | None, coder: str) -> None:
        """Record what `coder` says: 0 rejects, 1 or 2 accepts with that strength, None takes the answer back."""
        self._source(source_id)
        self.codebook.theme(theme)
        passages = self._passages.get(source_id, {})
        if passage_id not in passages:
            raise UnknownChoiceError("passage", passage_id, list(passages)[:5])
        document, passage = self.documents[source_id], passages[passage_id]
        start, end = passage.whole_span
        anchor = Anchor(
            quote=passage.text,
            page=passage.page,
            passage_id=passage.id,
            prefix=document.text[max(0, start - _CONTEXT) : start],
            suffix=document.text[end : end + _CONTEXT],
            offset=start,
            sha256=document.sha256,
        )
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        decision = Decision(source_id, theme, value, coder, anchor=anchor, decided=now, origin=ORIGIN)
        self.log.record([replace(decision, codebook=self.codebook.revision)])

    def cells(self) -> tuple[Cell, ...]:
        """The matrix as it stands now."""
        return merge_cells(self.sources, self._current(), self.proposals, self.documents, self.codebook)

    def _answers(self, source_id: str, coder: str) -> dict[tuple[str, str], Decision]:
        return {
            (decision.anchor.passage_id, decision.theme): decision
            for decision in self._current()
            if decision.source_id == source_id and decision.coder == coder and decision.anchor
        }

    def _current(self) -> list[Decision]:
        return [anchored(decision, self.documents.get(decision.source_id)) for decision in self.log.current()]

    def _source(self, source_id: str) -> Source:
        for source in self.sources:
            if source.id == source_id:
                return source
        raise UnknownChoiceError("source", source_id, [source.id for source in self.sources])
