"""Texts and suggestions of the sources, loaded when they are asked for: a run over ten thousand holds one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from extract.document import Document
from models.suggestion import DocumentSuggestions
from pipeline.documents.source_result import SourceResult
from pipeline.documents.stages import Stages

T = TypeVar("T")


class _LoadedOnDemand(Mapping[str, T]):
    """Source id -> what `load` gives for its PDF's sha256; the last one is kept."""

    def __init__(self, shas: Mapping[str, str], load: Callable[[str], T]) -> None:
        self._shas, self._load = shas, load
        self._last: tuple[str, T] | None = None

    def __getitem__(self, source_id: str) -> T:
        sha256, last = self._shas[source_id], self._last
        if last is None or last[0] != sha256:
            last = self._last = sha256, self._load(sha256)
        return last[1]

    def __contains__(self, source_id: object) -> bool:
        return source_id in self._shas

    def __iter__(self) -> Iterator[str]:
        return iter(self._shas)

    def __len__(self) -> int:
        return len(self._shas)


class LazyDocuments:
    """Loads the texts and suggestions of a run's sources from what its stages stored."""

    def __init__(self, stages: Stages) -> None:
        self._stages = stages
        self._last: Document | None = None  # texts and suggestions of a source are asked for one after the other

    def texts(self, results: Sequence[SourceResult]) -> Mapping[str, Document]:
        """Source id -> Document, for every source that has one."""
        return _LoadedOnDemand(_shas(one for one in results if one.has_text), self._load_text)

    def suggestions(self, results: Sequence[SourceResult]) -> Mapping[str, DocumentSuggestions]:
        """Source id -> what the machine proposes under the review's aim, for every source that was coded."""
        return _LoadedOnDemand(
            _coded(results), lambda sha256: self._stages.shown(self._stages.suggest(self._load_text(sha256))[0])
        )

    def kept_suggestions(self, results: Sequence[SourceResult]) -> Mapping[str, DocumentSuggestions]:
        """Source id -> everything that was kept for every aim, with how many passages have which score."""
        return _LoadedOnDemand(_coded(results), lambda sha256: self._stages.suggest(self._load_text(sha256))[0])

    def _load_text(self, sha256: str) -> Document:
        last = self._last
        if last is None or last.sha256 != sha256:
            last = self._last = self._stages.extract(sha256)[0]
        return last


def _coded(results: Sequence[SourceResult]) -> dict[str, str]:
    return _shas(one for one in results if one.has_text and one.is_coded)


def _shas(results: Iterable[SourceResult]) -> dict[str, str]:
    return {one.outcome.source_id: one.reading.sha256 for one in results if one.reading}
