"""Putting decisions that the codebook has overtaken back into their coders' queues."""

from __future__ import annotations

from dataclasses import replace

from annotations.codebook_changes import Touched, load_recoding, touched
from annotations.decision import Mark, place
from annotations.log.decision_log import DecisionLog
from corpus.workspace import Workspace
from models.codebook.codebook import Codebook, load_codebook, shipped_codebook
from models.codebook.revisions import kept_revisions


def touched_now(workspace: Workspace, log: DecisionLog) -> tuple[Touched, ...]:
    """What the codebook as it is now puts in question; see `annotations.codebook_changes`."""
    codebook = load_codebook(workspace)
    return touched(log.current(), load_recoding(workspace), codebook, known_revisions(workspace))


def known_revisions(workspace: Workspace) -> dict[str, Codebook]:
    """Every revision of the codebook that can still be read, by its hash."""
    every = [kept.codebook for kept in kept_revisions(workspace)]
    return {codebook.revision: codebook for codebook in (shipped_codebook(), *every)}


def mark_touched(workspace: Workspace, log: DecisionLog) -> int:
    """Mark it to be looked at again, for those who decided it, and take such marks back that are due no more.

    Returns how many are newly due. Marks that people set themselves carry a time and are left alone.
    """
    due = [
        Mark(
            source_id=one.decision.source_id,
            kind="look again",
            coder=one.decision.coder,
            theme=theme,
            anchor=one.decision.anchor,
            note=one.why,
        )
        for one in touched_now(workspace, log)
        for theme in one.themes
    ]
    places = {place(mark) for mark in due}
    ours = [mark for mark in log.marks() if mark.kind == "look again" and not mark.decided]
    log.record([], [replace(mark, on=False) for mark in ours if place(mark) not in places])
    return log.record([], due).added
