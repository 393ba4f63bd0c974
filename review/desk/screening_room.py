"""What the pages of screening share: the records as they stand, read anew only where a file or the log has changed."""

from __future__ import annotations

from threading import Lock

from annotations.decision import ScreeningStage
from corpus.registry.edition_links import FILE as LINKS_FILE
from corpus.registry.registry_file import FILE as SOURCES_FILE
from corpus.registry.source_details import FILE as DETAILS_FILE
from pipeline.screening.record_order import RecordOrder
from pipeline.screening.screening_state import RecordRegistry, ScreeningState, read_registry, read_screening
from review.context import ReviewContext

_FILES = (SOURCES_FILE, LINKS_FILE, DETAILS_FILE)


class ScreeningRoom:
    """The records of the review that is served, and the order in which they are screened."""

    def __init__(self, context: ReviewContext) -> None:
        self._context, self._guard = context, Lock()
        self._registry: RecordRegistry | None = None
        self._read: tuple[int, ...] = ()
        self.order = RecordOrder()

    def state(self) -> ScreeningState:
        """Where every record stands now."""
        workspace = self._context.workspace
        with self._guard:
            times = tuple(self._changed(name) for name in _FILES)
            if self._registry is None or times != self._read:
                self._registry, self._read = read_registry(workspace), times
            return read_screening(workspace, self._context.review_state.log, self._registry)

    def queue(self, state: ScreeningState, coder: str, stage: ScreeningStage, words: str = "") -> list[str]:
        """The records that wait for `coder`, the likeliest first; with `words`, those that have all of them."""
        with self._guard:
            found = self.order.queue(state, coder, stage)
        return [record for record in found if state.has_words(record, words)]

    def _changed(self, name: str) -> int:
        try:
            return (self._context.workspace.root / name).stat().st_mtime_ns
        except OSError:
            return 0
