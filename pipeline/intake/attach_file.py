"""Letting PDFs given by hand, or named by a reference list, stand for sources while nobody else is at work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from corpus.outcome import USABLE, Outcome
from corpus.registry.sources import Source
from corpus.store.pdf_store import Holdings
from corpus.workspace import Workspace
from pipeline.open_review import at_work


def attach_file(workspace: Workspace, source: Source, file: Path, *, confirm: bool) -> Outcome:
    """Let `file` stand for `source`; see `corpus.fetch.attach`."""
    from corpus.fetch.attach import attach
    from extract.isolation.isolated_read import front_pages_with_ocr

    with at_work(workspace, "jaiza sources attach"):
        return attach(
            workspace, source, file, Holdings(workspace), read_front_pages=front_pages_with_ocr, confirm=confirm
        )


def attach_listed(
    workspace: Workspace, files: Mapping[str, Sequence[Path]], sources: Sequence[Source]
) -> list[Outcome]:
    """Let the PDFs that a reference list names stand for their sources; those that have a file already keep it.

    `files` are the paths by source id; of several the first that can stand for the work counts.
    """
    held = {holding.source_id for holding in Holdings(workspace)} if files else set()
    outcomes = []
    for source in sources:
        for file in files.get(source.id, ()) if source.id not in held else ():
            outcomes.append(attach_file(workspace, source, file, confirm=False))
            if outcomes[-1].state in USABLE:
                break
    return outcomes
