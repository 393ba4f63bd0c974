"""Keeping in the log what became of the text of each source, and the draw that hangs on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from pydantic import ValidationError

from annotations.agreement.assignment import Assignment
from annotations.codebook_changes import JudgedThemes, judged_themes, load_recoding
from annotations.decision import Mark
from annotations.log.decision_log import DecisionLog
from annotations.log.open_log import upgraded_from
from annotations.log.texts import (
    TextEvent,
    carried_over,
    drawn_as,
    named_by_bytes,
    new_text,
    record_text,
    text_events,
)
from corpus.workspace import Workspace
from extract.cache import document_from_json
from extract.document import Document
from models.codebook.codebook import Codebook, load_codebook
from models.codebook.revisions import known_revisions
from pipeline.documents.source_result import SourceResult
from pipeline.requeue import mark_changed_words

Read = Mapping[str, tuple[str, str]]  # source id -> hash of its file and extractor of its text, as they are now


def note_texts(workspace: Workspace, log: DecisionLog, read: Read, documents: Mapping[str, Document]) -> None:
    """Put into the log which texts are not what they were. A text is asked for only where file or extractor differ.

    In a review that was begun when passages were named by the bytes of their file, the first call carries over its
    draw, and what each study was when it was marked as done.
    """
    events = text_events(log)
    if not events and upgraded_from(log):
        _carry_over(workspace, log, read, documents)
        events = text_events(log)
    for source_id, (sha256, extractor) in read.items():
        before = events.get(source_id, [])
        if before and (before[-1].sha256, before[-1].extractor) == (sha256, extractor):
            continue
        document = documents[source_id]
        if document.passages or before:
            earlier = _as_it_was(workspace, before[-1]) if before and before[-1].sha256 != sha256 else None
            event = new_text(source_id, document, before, earlier or _older(workspace, before, document))
            event = record_text(log, event)
            if event.kind in ("edition", "read anew"):
                mark_changed_words(log, event, document, revision=load_codebook(workspace).revision)


def files_read(studied: Sequence[SourceResult]) -> dict[str, tuple[str, str]]:
    """The file and the extractor of every text there is, by source id."""
    return {
        done.outcome.source_id: (done.reading.sha256, done.reading.extractor)
        for done in studied
        if done.reading and done.has_text
    }


def open_assignment(workspace: Workspace, log: DecisionLog) -> Assignment:
    """Who codes what in this review, with passages standing in the draw for what they were when it was made."""
    return Assignment(workspace.review.coding, drawn_as(text_events(log)))


def themes_judged(workspace: Workspace, codebook: Codebook | None = None) -> JudgedThemes:
    """Which of today's themes were judged under each revision of this review's codebook."""
    return judged_themes(known_revisions(workspace), load_recoding(workspace), codebook or load_codebook(workspace))


def _carry_over(workspace: Workspace, log: DecisionLog, read: Read, documents: Mapping[str, Document]) -> None:
    """The first event of every text there is, with what its passages were called before."""
    covered: dict[str, Document] = {}
    for source_id, (sha256, _) in read.items():
        stored = list(_stored(workspace, sha256))
        # The run that upgrades has read the text anew before it comes here: the draw hangs on how it was read then.
        then = next((one for one in stored if named_by_bytes(one)), None)
        record_text(log, carried_over(source_id, then or documents[source_id]))
        covered[source_id] = documents[source_id]
    assignment = open_assignment(workspace, log)
    themes = {revision: kept.codes for revision, kept in known_revisions(workspace).items()}
    for mark in log.marks():
        if mark.kind == "done" and mark.covers is None and mark.source_id in covered:
            log.record(
                marks=[_covering(mark, covered[mark.source_id], assignment, themes)], key=f"{mark.event_id} covers"
            )


def _covering(mark: Mark, document: Document, assignment: Assignment, themes: Mapping[str, tuple[str, ...]]) -> Mark:
    """An old "done" mark with what it covered: the passages there are when the review is carried over."""
    own = tuple(p.id for p in document.passages if assignment.codes(mark.coder, mark.source_id, p.id))
    return replace(mark, covers=own, themes=themes.get(mark.codebook))


def _as_it_was(workspace: Workspace, event: TextEvent) -> Document | None:
    return next(_stored(workspace, event.sha256), None)


def _older(workspace: Workspace, before: Iterable[TextEvent], document: Document) -> Document | None:
    """The text of the same file as another extractor read it, where it is still there."""
    if not list(before):
        return None
    return next((one for one in _stored(workspace, document.sha256) if one.extractor != document.extractor), None)


def _stored(workspace: Workspace, sha256: str) -> Iterator[Document]:
    """The texts of a file that lie in the workspace, whichever extractor read them, the newest first."""
    paths = sorted(workspace.text.glob(f"{sha256}.*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in paths:
        with suppress(OSError, ValidationError):
            yield document_from_json(path.read_bytes())
