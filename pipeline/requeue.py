"""Putting decisions that the codebook or a new text has overtaken back into their coders' queues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from annotations.anchor import Finder, fold
from annotations.codebook_changes import Touched, load_recoding, touched
from annotations.decision import Decision, Mark, place
from annotations.log.decision_log import DecisionLog
from annotations.log.texts import TextEvent
from corpus.workspace import Workspace
from extract.document import Document
from models.codebook.codebook import load_codebook
from models.codebook.revisions import known_revisions

GONE = "its words are no longer in the text"
CHANGED = "its words have changed"


def touched_now(workspace: Workspace, log: DecisionLog) -> tuple[Touched, ...]:
    """What the codebook as it is now puts in question; see `annotations.codebook_changes`. What its coder has looked
    at again since is not among it."""
    codebook = load_codebook(workspace)
    found = touched(log.current(), load_recoding(workspace), codebook, known_revisions(workspace))
    settled = _settled(log, codebook.revision)
    return tuple(one for one in found if not one.themes or any(place(m) not in settled for m in _marks(one, "")))


def mark_touched(workspace: Workspace, log: DecisionLog) -> int:
    """Mark it to be looked at again, for those who decided it, and take such marks back that are due no more.

    Returns how many are newly due. Marks that people set themselves, or that a new text has set, carry a time and are
    left alone.
    """
    revision = load_codebook(workspace).revision
    settled = _settled(log, revision)
    every = [mark for one in touched_now(workspace, log) for mark in _marks(one, revision)]
    due = [mark for mark in every if place(mark) not in settled]
    places = {place(mark) for mark in due}
    ours = [mark for mark in log.marks() if mark.kind == "look again" and not mark.decided]
    log.record([], [replace(mark, on=False) for mark in ours if place(mark) not in places])
    return log.record([], due).added


def mark_changed_words(log: DecisionLog, event: TextEvent, document: Document, *, revision: str) -> int:
    """After a new text of a source: mark the decisions whose words are gone from it, or are others now, to be looked
    at again by those who made them. Returns how many."""
    finder = Finder(document)
    marks = []
    for decision in log.current():
        if decision.source_id != event.source_id or decision.role == "published" or not decision.anchor:
            continue
        if why := _what_became(finder.anchored(decision), finder):
            made = Mark(event.source_id, "look again", decision.coder, decision.theme, decision.anchor, note=why)
            marks.append(replace(made, decided=event.recorded, codebook=revision))
    return log.record(marks=marks).added if marks else 0


def settle(log: DecisionLog, decisions: Iterable[Decision]) -> None:
    """Take back the marks to look again at what has just been decided anew."""
    by_id = {entry.event_id: entry.what for entry in log.entries() if isinstance(entry.what, Decision)}
    about = set()
    for decision in decisions:
        for one in (decision, by_id.get(decision.follows)):
            if one is not None:
                about.add(place(Mark(one.source_id, "look again", one.coder, one.theme, one.anchor)))
    looked_at = [mark for mark in log.marks() if mark.kind == "look again" and place(mark) in about]
    log.record(marks=[replace(mark, on=False) for mark in looked_at])


def _marks(one: Touched, revision: str) -> Iterator[Mark]:
    for theme in one.themes:
        made = one.decision
        yield Mark(made.source_id, "look again", made.coder, theme, made.anchor, note=one.why, codebook=revision)


def _settled(log: DecisionLog, revision: str) -> set[tuple[str, ...]]:
    """The places of marks to look again that somebody took back under this revision: they have looked."""
    newest = {
        place(entry.what): entry.what
        for entry in log.entries()
        if isinstance(entry.what, Mark) and entry.what.kind == "look again"
    }
    return {where for where, mark in newest.items() if not mark.on and mark.decided and mark.codebook == revision}


def _what_became(decision: Decision, finder: Finder) -> str:
    """What a new text made of the words of a decision; nothing where they stand as they were."""
    anchor = decision.anchor
    if anchor is None or (not anchor.passage_id and not anchor.orphaned):
        return ""
    if anchor.orphaned:
        return GONE
    text = finder.text_of(anchor.passage_id)
    if fold(anchor.quote) in fold(text) or finder.runs_on(anchor.quote):
        return ""
    return f"{CHANGED}: the passage reads now “{text}”"
