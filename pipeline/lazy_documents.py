"""Texts and suggestions of the sources, loaded when they are asked for: a run over ten thousand holds one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from extract.document import Document
from models.suggestion import DocumentSuggestions
from pipeline.stages import SourceResult


class Texts(Mapping[str, Document]):
    """Source id -> Document, for every source that has one."""

    def __init__(self, studied: Sequence[SourceResult]) -> None:
        self._studied = {
            done.outcome.source_id: done
            for done in studied
            if done.reading and done.reading.text_bytes and not done.reading.failure
        }

    def __getitem__(self, source_id: str) -> Document:
        document = self._studied[source_id].document
        if document is None:
            raise KeyError(source_id)
        return document

    def __contains__(self, source_id: object) -> bool:
        return source_id in self._studied

    def __iter__(self) -> Iterator[str]:
        return iter(self._studied)

    def __len__(self) -> int:
        return len(self._studied)


class Proposals(Mapping[str, DocumentSuggestions]):
    """Source id -> what the machine proposes, for every source that was coded. Keeps the last one."""

    def __init__(self, studied: Sequence[SourceResult]) -> None:
        self._studied = {done.outcome.source_id: done for done in studied if done.is_coded}
        self._last: tuple[str, DocumentSuggestions] | None = None

    def __getitem__(self, source_id: str) -> DocumentSuggestions:
        done, last = self._studied[source_id], self._last
        if last is not None and last[0] == source_id:
            return last[1]
        found = done.suggestions
        if found is None:
            raise KeyError(source_id)
        self._last = source_id, found
        return found

    def __contains__(self, source_id: object) -> bool:
        return source_id in self._studied

    def __iter__(self) -> Iterator[str]:
        return iter(self._studied)

    def __len__(self) -> int:
        return len(self._studied)
