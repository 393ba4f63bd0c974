"""Texts that an earlier version of Jaiza read: after an upgrade they count as absent until a run reads them anew."""

from __future__ import annotations

from collections import defaultdict

from corpus.store.pdf_store import Holdings
from corpus.workspace import Workspace
from extract.version import EXTRACTOR, OCR_EXTRACTOR


def outdated_texts(workspace: Workspace) -> tuple[str, ...]:
    """Ids of the sources whose text is there, but of an earlier reader only. Looks at names of files, not into them.

    Empty where texts lie in a shared store: there other machines may be of other versions.
    """
    folder = workspace.root / "text"
    if workspace.review.store.url or not folder.is_dir():
        return ()
    readers: defaultdict[str, set[str]] = defaultdict(set)
    for path in folder.iterdir():
        sha256, _, rest = path.name.partition(".")
        if rest.endswith(".json"):
            readers[sha256].add(rest.removesuffix(".json"))
    now = {EXTRACTOR, OCR_EXTRACTOR}
    return tuple(held.source_id for held in Holdings(workspace) if (found := readers[held.sha256]) and not found & now)


def in_words(outdated: tuple[str, ...]) -> str:
    """A sentence for people; "" where nothing is outdated."""
    if not outdated:
        return ""
    if len(outdated) == 1:
        return "1 study was read by an earlier version of Jaiza and counts as not read until a run reads it anew"
    return (
        f"{len(outdated)} studies were read by an earlier version of Jaiza and count as not read until a run reads "
        "them anew"
    )
