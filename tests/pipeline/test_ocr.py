"""A scan in a run: before the OCR program is there, and after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from reportlab.lib.utils import simpleSplit

from corpus.outcome import Outcome
from corpus.store.pdf_store import pdf_path
from corpus.workspace import open_workspace
from extract.version import EXTRACTOR, OCR_EXTRACTOR
from pipeline.documents.document_record import DocumentRecord
from pipeline.documents.source_result import outcome_after_reading
from pipeline.documents.stages import Stages
from support.pdf_pages import PARAGRAPHS
from support.scans import hocr, program, scan

SET = [(90 + 14.0 * n, line) for n, line in enumerate(simpleSplit(PARAGRAPHS[1], "Times-Roman", 11, 330))]
SCAN = Outcome("a-2013", "no text layer", "pulled from a place", "do something", "a" * 64)


def test_once_the_program_is_there_the_scanned_page_is_read_and_coded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_model: Callable[[Path], Path]
) -> None:
    workspace = open_workspace(with_model(tmp_path / "w"))
    made = scan(tmp_path / "a.pdf", "ts", PARAGRAPHS[0])
    name = sha256(made.read_bytes()).hexdigest()
    pdf_path(workspace, name).parent.mkdir(parents=True, exist_ok=True)
    made.rename(pdf_path(workspace, name))
    engine = program(tmp_path / "reader", hocr(SET))
    with Stages(workspace) as stages:
        before = [stages.extract(name) for _ in range(2)]
        stages.suggest(before[0][0])
    monkeypatch.setenv("JAIZA_OCR", engine.program)
    with Stages(workspace) as stages:
        after = [stages.extract(name) for _ in range(2)]
        suggestions, anew = stages.suggest(after[0][0])
    assert [(document.state, fresh) for document, fresh in before] == [("partial", True), ("partial", False)]
    assert [(document.state, fresh) for document, fresh in after] == [("read", True), ("read", False)]
    assert (anew, suggestions.extractor) == (True, OCR_EXTRACTOR)


def test_a_scan_that_was_read_is_no_failure_and_says_how_it_was_read() -> None:
    note = "2 of 2 pages read by OCR (tesseract 9.9.9) (1, 2): check what you quote"
    outcome = outcome_after_reading(SCAN, DocumentRecord(SCAN.sha256, OCR_EXTRACTOR, "read", note))
    assert (outcome.state, outcome.remedy) == ("cached", "")
    assert note in outcome.warnings


@pytest.mark.parametrize(("extractor", "remedy"), [(EXTRACTOR, "do something"), (OCR_EXTRACTOR, "look for a version")])
def test_a_scan_that_could_not_be_read_stays_one(extractor: str, remedy: str) -> None:
    outcome = outcome_after_reading(SCAN, DocumentRecord(SCAN.sha256, extractor, "no text layer", "a note"))
    assert outcome.state == "no text layer"
    assert outcome.remedy.startswith(remedy)


def test_a_note_on_languages_is_a_warning_and_said_once() -> None:
    pulled = replace(SCAN, state="pulled", remedy="")
    reading = DocumentRecord(
        SCAN.sha256, EXTRACTOR, "read", "1 of 4 passages is not in English (fr 1): kept, not coded"
    )
    once = outcome_after_reading(pulled, reading)
    assert (once.state, once.warnings) == ("pulled", (reading.note,))
    assert outcome_after_reading(once, reading) == once
