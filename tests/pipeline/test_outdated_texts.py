"""After an upgrade nobody takes texts that are to be read anew for texts that are not there."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from cli.main import jaiza
from corpus.store.pdf_store import Holding, Holdings
from corpus.workspace import write_atomic
from extract.version import EXTRACTOR, OCR_EXTRACTOR
from pipeline.documents.outdated_texts import in_words, outdated_texts
from support.small_review import review_of

HASHES = {name: str(at) * 64 for at, name in enumerate(("old", "read-anew", "by-ocr", "never-read"))}


def test_only_what_an_earlier_reader_alone_has_read_is_outdated(tmp_path: Path) -> None:
    workspace = review_of(tmp_path / "mine", dict.fromkeys(HASHES, b"%PDF-1.4"))
    held = Holdings(workspace)
    for name, sha256 in HASHES.items():
        held.record(Holding(name, sha256, 8, "attached", "2026-11-30T00:00:00+00:00"))
    for name, extractor in (
        ("old", "3"), ("old", "3+ocr"), ("read-anew", "3"), ("read-anew", EXTRACTOR), ("by-ocr", OCR_EXTRACTOR),
    ):  # fmt: skip
        write_atomic(workspace.root / "text" / f"{HASHES[name]}.{extractor}.json", b"{}")
    assert outdated_texts(workspace) == ("old",)
    told = CliRunner().invoke(jaiza, ["matrix", "-w", str(workspace.root)]).stderr
    assert "1 study was read by an earlier version of Jaiza and counts as not read" in told
    assert "`jaiza run`" in told


def test_without_outdated_texts_nothing_is_said(tmp_path: Path) -> None:
    workspace = review_of(tmp_path / "mine", {"doc-0": b"%PDF-1.4"})
    assert in_words(outdated_texts(workspace)) == ""
    assert "earlier version" not in CliRunner().invoke(jaiza, ["progress", "-w", str(workspace.root)]).stderr
