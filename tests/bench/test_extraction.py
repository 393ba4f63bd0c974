"""The scorer of bench.extraction: the truth from tags, texts compared, columns found, tags taken away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pdfminer.pdftypes import PDFObjRef
from pdfminer.psparser import LIT
from pypdf import PdfReader
from reportlab.lib.utils import simpleSplit

from bench.extraction import means, run_tool, stripped, worst
from bench.readers import READERS, available
from bench.tagged_truth import (
    Truth,
    as_printed,
    flowing,
    folded,
    ordered,
    page_score,
    reading_order,
    score,
    truths,
    two_columns,
)
from support.pdf_pages import PARAGRAPHS
from support.tagged_pages import Part, tagged


def chars(text: str, x: float = 72, bottom: float = 100, **more: Any) -> list[dict[str, Any]]:
    """Characters of 5 points each, one after the other."""
    return [
        {"text": c, "x0": x + 5 * n, "x1": x + 5 * n + 5, "top": bottom - 10, "bottom": bottom, "size": 10} | more
        for n, c in enumerate(text)
    ]


def two_column_pdf(path: Path) -> Path:
    left = Part("P", tuple(simpleSplit(PARAGRAPHS[0], "Times-Roman", 11, 220)), 60, 100, place=1)
    right = Part("P", tuple(simpleSplit(PARAGRAPHS[1], "Times-Roman", 11, 220)), 310, 100, place=2)
    head = Part("Artifact", ("Annual review",), 60, 40)
    return tagged(path, [[right, head, left]])


def test_the_truth_is_the_text_in_the_order_of_the_tags_without_artifacts(tmp_path: Path) -> None:
    (truth,), poor = truths(two_column_pdf(tmp_path / "a.pdf"))
    assert (truth.page, truth.text, truth.two_column, poor) == (1, " ".join(PARAGRAPHS[:2]), True, 0)


def test_a_page_whose_tags_hold_little_of_its_text_is_left_out_and_counted(tmp_path: Path) -> None:
    parts = [
        Part("P", ("A line of the text that is tagged, and the only one.",), 72, 100),
        Part("", tuple(simpleSplit(PARAGRAPHS[0], "Times-Roman", 11, 440)), 72, 200),
    ]
    assert truths(tagged(tmp_path / "a.pdf", [parts])) == ([], 1)


def test_taking_the_tags_away_leaves_the_text_and_no_truth(tmp_path: Path) -> None:
    whole = two_column_pdf(tmp_path / "a.pdf")
    bare = stripped(whole, tmp_path / "b.pdf")
    assert truths(bare) == ([], 0)
    assert PdfReader(bare).pages[0].extract_text() == PdfReader(whole).pages[0].extract_text()


def test_a_link_keeps_its_place_in_its_paragraph_and_pages_are_told_apart() -> None:
    first, second = PDFObjRef(None, 7), PDFObjRef(None, 8)
    link, note = {"S": LIT("Link"), "K": 1}, {"S": LIT("Note"), "Pg": second, "K": [{"MCID": 4}]}
    start = {"S": LIT("P"), "Pg": first, "K": [0, link, 2, {"Pg": second, "MCID": 0}]}
    order = reading_order({"K": {"S": LIT("Document"), "K": [start, note]}})
    assert {page: [content for content, _ in found] for page, found in order.items()} == {7: [0, 1, 2], 8: [0, 4]}
    assert len({block for _, block in order[7]}) == 1
    assert len({block for _, block in order[8]}) == 2


def test_only_tagged_characters_count_in_tree_order() -> None:
    page = [*chars("bb", mcid=1, tag="P"), *chars("aa", mcid=0, tag="P"), *chars("xx", mcid=None, tag=None)]
    page += chars("7", mcid=2, tag="Artifact")
    blocks = ordered(page, [(0, 1), (1, 1), (2, 2)])
    assert ["".join(char["text"] for char in block) for block in blocks] == ["aabb", ""]


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ([chars("one"), chars("two", x=87)], "onetwo"),
        ([chars("one"), chars("two", x=92)], "one two"),  # a gap
        ([chars("one"), chars("two", bottom=115)], "one two"),  # the next line
        ([chars("one", x=200), chars("two", x=72)], "one two"),  # back on the same line
        ([chars("a "), chars("b", x=82)], "a b"),
        ([], ""),
    ],
)
def test_spaces_come_from_the_place_of_characters(runs: list[list[dict[str, Any]]], text: str) -> None:
    assert flowing([char for run in runs for char in run]) == text


@pytest.mark.parametrize(
    ("text", "same"),
    [("a \n b", "a b"), ("\ufb01rst", "first"), ("co\u00adop", "co-op"), ("co\ufffeop", "co-op"), (" x ", "x")],
)
def test_texts_are_compared_folded(text: str, same: str) -> None:
    assert folded(text) == same
    assert score(same, text) == 1.0


def test_a_wrong_order_and_a_lost_word_cost_score() -> None:
    truth = "the left column and the right column"
    assert 0 < score(truth, "the right column the left column and") < score(truth, "the left and the right column") < 1
    assert score(truth, "") == 0.0


def test_two_columns_are_prose_side_by_side() -> None:
    left = [c for row in range(20) for c in chars("x" * 40, x=60, bottom=100 + 14 * row)]
    right = [c for row in range(20) for c in chars("x" * 40, x=310, bottom=100 + 14 * row)]
    cells = [c for row in range(20) for x in (60, 200, 310, 450) for c in chars("12.5", x=x, bottom=100 + 14 * row)]
    full = [c for row in range(20) for c in chars("x" * 90, x=60, bottom=100 + 14 * row)]
    assert two_columns([*left, *right], 595)
    assert not any(two_columns(page, 595) for page in (left, cells, full, []))


def test_means_count_a_missing_page_as_nothing_read() -> None:
    truth = {"a.pdf": [Truth(1, "one", False), Truth(2, "two", True)]}
    assert means(truth, {"a.pdf": ["one", "two"]}) == (1.0, 1.0)
    assert means(truth, {"a.pdf": ["one"]}) == (0.5, 0.0)
    assert worst(truth, {"a.pdf": ["one"]})[0] == "a.pdf p. 2 0.000"


def test_every_tool_here_reads_the_words_in_a_process_of_its_own(tmp_path: Path) -> None:
    path = two_column_pdf(tmp_path / "a.pdf")
    assert set(available()) <= set(READERS)
    for name in ("jaiza", "pypdfium2 words", "pypdfium2 characters"):
        run = run_tool(name, [path], None)
        assert sorted(" ".join(run.texts["a.pdf"]).replace("Annual review", "").split()) == sorted(
            " ".join(PARAGRAPHS[:2]).split()
        )
        assert run.cpu > 0
        assert run.peak > 1_000_000


def test_a_note_may_be_read_at_its_reference_or_where_it_is_printed(tmp_path: Path) -> None:
    lines = tuple(simpleSplit(PARAGRAPHS[0], "Times-Roman", 11, 440))
    note = Part("Note", ("1 The register of the year before last.",), 72, 760, place=2, size=9)
    parts = [Part("P", lines, 72, 100, place=1), Part("P", (PARAGRAPHS[1][:80],), 72, 300, place=3), note]
    (truth,), _ = truths(tagged(tmp_path / "a.pdf", [parts]))
    first, last, foot = PARAGRAPHS[0], PARAGRAPHS[1][:80].strip(), note.lines[0]
    assert page_score(truth, f"{first} {foot} {last}") == 1.0
    assert page_score(truth, f"{first} {last} {foot}") == 1.0
    assert page_score(truth, f"{foot} {first} {last}") < 1.0
    assert page_score(truth, f"{last} {first} {foot}") < 1.0


def test_a_note_is_printed_below_the_last_line_of_its_column() -> None:
    left, right = chars("left", x=60, bottom=100), chars("right", x=310, bottom=100)
    note = chars("note", x=60, bottom=700)
    blocks = as_printed([[*left, *right], note, chars("more", x=310, bottom=120)], [False, True, False])
    assert ["".join(char["text"] for char in block) for block in blocks] == ["left", "note", "right", "more"]
