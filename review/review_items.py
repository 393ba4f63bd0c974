"""What there is to decide on: the texts of a review and what the machine proposes for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from annotations.codebook_changes import Recoding, codes_now
from corpus.errors import UnknownChoiceError
from corpus.registry.sources import Source
from extract.document import Document, Passage
from models.codebook.codebook import Codebook
from models.suggestion import DocumentSuggestions, Suggestion


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One thing put before a coder: a suggestion, or a whole passage."""

    source_id: str
    passage_id: str
    theme: str = ""  # empty: the passage, whatever themes are in it
    suggestion: Suggestion | None = None  # None where there is none, or the coder must not see it

    @property
    def key(self) -> tuple[str, str, str]:
        """By this it is found again."""
        return self.source_id, self.passage_id, self.theme


class ReviewItems:
    """The texts and suggestions of a review. Nothing in it changes while the page is served."""

    def __init__(
        self,
        sources: Sequence[Source],
        documents: Mapping[str, Document],
        proposals: Mapping[str, DocumentSuggestions],
        codebook: Codebook,
    ) -> None:
        """`documents` and `proposals` are keyed by source id and hold only what could be read."""
        self.sources, self.documents, self.proposals, self.codebook = sources, documents, proposals, codebook
        self._sources = {source.id: source for source in sources}
        self._passages = {
            source_id: {passage.id: (number, passage) for number, passage in enumerate(document.passages)}
            for source_id, document in documents.items()
        }
        self._texts: dict[tuple[str, str], str] = {}
        self.suggested = tuple(item for source in sources for item in self._suggested(source.id))
        self.by_place = {item.key: item for item in self.suggested}
        self.by_study: dict[str, list[ReviewItem]] = {}
        for item in self.suggested:
            self.by_study.setdefault(item.source_id, []).append(item)

    def under(self, codebook: Codebook, changes: Sequence[Recoding]) -> ReviewItems:
        """The same texts under another codebook: what was proposed for a theme that has become another is proposed for
        that one; what was for one that is gone, or was split, is left out.
        """
        now = {code: codes_now(code, changes, codebook) for code in self.codebook.codes}
        becomes = {code: code if code in codebook.codes else codes[0] for code, codes in now.items() if codes}
        proposals = {}
        for source_id, proposed in self.proposals.items():
            best: dict[tuple[str, str], Suggestion] = {}
            for one in proposed.suggestions:
                if one.theme in becomes:
                    key = (one.passage_id, becomes[one.theme])
                    if key not in best or best[key].score < one.score:
                        best[key] = replace(one, theme=key[1])
            studies = tuple(replace(s, theme=becomes[s.theme]) for s in proposed.studies if s.theme in becomes)
            proposals[source_id] = replace(proposed, suggestions=tuple(best.values()), studies=studies)
        return ReviewItems(self.sources, self.documents, proposals, codebook)

    def source(self, source_id: str) -> Source:
        """UnknownChoiceError where there is none of that id."""
        if source_id not in self._sources:
            raise UnknownChoiceError("study", source_id, list(self._sources))
        return self._sources[source_id]

    def document(self, source_id: str) -> Document:
        """The text of a study; UnknownChoiceError where it has none."""
        self.source(source_id)
        if source_id not in self.documents:
            raise UnknownChoiceError("text of study", source_id, list(self.documents))
        return self.documents[source_id]

    def passage(self, source_id: str, passage_id: str) -> Passage:
        """UnknownChoiceError where the study has none of that id."""
        self.document(source_id)
        if passage_id not in self._passages[source_id]:
            raise UnknownChoiceError("passage", passage_id[:80], list(self._passages[source_id])[:3])
        return self._passages[source_id][passage_id][1]

    def has(self, source_id: str, passage_id: str) -> bool:
        """Is there such a passage?"""
        return passage_id in self._passages.get(source_id, {})

    def number(self, source_id: str, passage_id: str) -> int:
        """Place of a passage in its study, from 0."""
        return self._passages[source_id][passage_id][0]

    def neighbour(self, source_id: str, passage_id: str, by: int) -> Passage:
        """The passage `by` further on, or the last on that side."""
        self.passage(source_id, passage_id)
        passages = self.documents[source_id].passages
        return passages[max(0, min(len(passages) - 1, self.number(source_id, passage_id) + by))]

    def folded(self, item: ReviewItem) -> str:
        """The text of an item's passage in small letters, for searching."""
        place = (item.source_id, item.passage_id)
        if place not in self._texts:
            self._texts[place] = " ".join(self.passage(*place).text.casefold().split())
        return self._texts[place]

    def _suggested(self, source_id: str) -> list[ReviewItem]:
        """A study's suggestions in the order of the text, strongest theme of a passage first."""
        if source_id not in self.proposals or source_id not in self.documents:
            return []
        places = self._passages[source_id]
        made = [s for s in self.proposals[source_id].suggestions if s.passage_id in places]
        made.sort(key=lambda s: (places[s.passage_id][0], -s.score, s.theme))
        return [ReviewItem(source_id, s.passage_id, s.theme, s) for s in made]
