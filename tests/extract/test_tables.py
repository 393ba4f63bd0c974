from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject

from extract.document import Box, Document, Table
from extract.read import read_document
from extract.tables.rows_over_pages import with_rows_whole
from support.pdf_pages import BOLD, PARAGRAPHS, Sheet, words_of

SHA = "0123456789ab" + "0" * 52
HEAD = ("District", "Families", "Paid in time")
ROWS = (HEAD, ("North Vaduria", "1,204", "71"), ("South Vaduria", "988", "64"), ("Islands", "310", "52"))


def blocks(document: Document, role: str) -> list[str]:
    return [document.text[slice(*block.span)] for block in document.blocks if block.role == role]


def grid(sheet: Sheet, rows: Sequence[Sequence[str]], *, x: float = 90, top: float = 200, wide: float = 110) -> None:
    """Set `rows` with a rule around every cell; a cell may have several lines."""
    tall = 22.0 + 13 * max(text.count("\n") for row in rows for text in row)
    columns = max(map(len, rows))
    for number in range(len(rows) + 1):
        y = sheet.height - top - number * tall
        sheet.canvas.line(x, y, x + columns * wide, y)
    for number in range(columns + 1):
        sheet.canvas.line(
            x + number * wide, sheet.height - top, x + number * wide, sheet.height - top - len(rows) * tall
        )
    write(sheet, rows, x=x, top=top, wide=wide, tall=tall)


def write(
    sheet: Sheet, rows: Sequence[Sequence[str]], *, x: float = 90, top: float = 200, wide: float = 110, tall: float = 22
) -> None:
    for down, row in enumerate(rows):
        for across, text in enumerate(row):
            for line, piece in enumerate(text.split("\n")):
                sheet.line(piece, x + across * wide + 5, top + down * tall + 15 + 13 * line, size=10)


def boxes(sheet: Sheet, rows: Sequence[Sequence[str]]) -> None:
    """A filled and a stroked rectangle for every cell."""
    for down in range(len(rows)):
        for across in range(len(HEAD)):
            sheet.canvas.setFillGray(0.9)
            sheet.canvas.rect(90 + 110 * across, sheet.height - 222 - 22 * down, 110, 22, stroke=1, fill=1)
    sheet.canvas.setFillGray(0)
    write(sheet, rows)


def thin(sheet: Sheet, rows: Sequence[Sequence[str]]) -> None:
    """Rules drawn as filled rectangles of half a point."""
    for down in range(len(rows) + 1):
        sheet.canvas.rect(90, sheet.height - 200 - 22 * down, 330.5, 0.5, stroke=0, fill=1)
    for across in range(len(HEAD) + 1):
        sheet.canvas.rect(90 + 110 * across, sheet.height - 200 - 22 * len(rows), 0.5, 22 * len(rows), stroke=0, fill=1)
    write(sheet, rows)


def one_path(sheet: Sheet, rows: Sequence[Sequence[str]]) -> None:
    """All rules in a single path."""
    path = sheet.canvas.beginPath()
    for down in range(len(rows) + 1):
        path.moveTo(90, sheet.height - 200 - 22 * down)
        path.lineTo(420, sheet.height - 200 - 22 * down)
    for across in range(len(HEAD) + 1):
        path.moveTo(90 + 110 * across, sheet.height - 200)
        path.lineTo(90 + 110 * across, sheet.height - 200 - 22 * len(rows))
    sheet.canvas.drawPath(path)
    write(sheet, rows)


def in_a_form(sheet: Sheet, rows: Sequence[Sequence[str]]) -> None:
    """The table drawn at half the size in a form within a form, then placed at its full size."""
    canvas = sheet.canvas
    canvas.beginForm("inner")
    canvas.scale(0.5, 0.5)
    grid(sheet, rows)
    canvas.endForm()
    canvas.beginForm("outer")
    canvas.translate(7, 9)
    canvas.doForm("inner")
    canvas.endForm()
    canvas.saveState()
    canvas.scale(2, 2)
    canvas.translate(-7, -9)
    canvas.doForm("outer")
    canvas.restoreState()


@pytest.mark.parametrize("draw", [grid, boxes, thin, one_path, in_a_form], ids=lambda draw: draw.__name__)
def test_a_ruled_table_is_kept_as_cells_however_it_is_drawn(
    tmp_path: Path, draw: Callable[[Sheet, Sequence[Sequence[str]]], None]
) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    draw(sheet, ROWS)
    sheet.save()
    (table,) = read_document(tmp_path / "a.pdf", SHA).tables
    assert table.rows == ROWS
    assert (table.box.x0, table.box.top, table.box.x1, table.box.bottom) == pytest.approx((90, 200, 420, 288), abs=1.5)
    cell = table.cells[2][1]
    assert cell is not None
    assert (cell.x0, cell.top, cell.x1, cell.bottom) == pytest.approx((200, 244, 310, 266), abs=1.5)


def test_a_table_is_one_block_of_readable_rows_and_no_passage(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    base = sheet.paragraph(PARAGRAPHS[0], 72, 90)
    sheet.line("Table 2: Families by district", 72, 190, font=BOLD)
    rows = [("District", "Files\nexamined", "No inquiry\non file"), *ROWS[1:]]
    grid(sheet, rows)
    sheet.line("Source: Treasury of Vaduria", 72, 360, size=9)
    sheet.paragraph(PARAGRAPHS[2], 72, 390)
    sheet.save()
    assert base < 180
    document = read_document(tmp_path / "a.pdf", SHA)
    assert blocks(document, "table") == [
        "District | Files examined | No inquiry on file\nNorth Vaduria | 1,204 | 71\nSouth Vaduria | 988 | 64\n"
        "Islands | 310 | 52"
    ]
    assert blocks(document, "caption") == ["Table 2: Families by district", "Source: Treasury of Vaduria"]
    assert [passage.text for passage in document.passages] == [PARAGRAPHS[0], PARAGRAPHS[2]]
    assert document.tables[0].rows[0] == ("District", "Files examined", "No inquiry on file")


@pytest.mark.parametrize("columns_first", [False, True])
def test_no_word_is_lost_or_doubled_whatever_the_order_of_the_stream(tmp_path: Path, columns_first: bool) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.line("1 Results", 72, 80, font=BOLD, size=14)
    grid(sheet, [("",) * 3] * 4)
    places = [(row, column) for row in range(4) for column in range(3)]
    for row, column in sorted(places, key=lambda place: place[::-1]) if columns_first else places:
        sheet.line(ROWS[row][column], 95 + 110 * column, 215 + 22 * row, size=10)
        if (row, column) == (1, 1):
            sheet.paragraph(PARAGRAPHS[1], 72, 400)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    cells = " ".join(text for row in ROWS for text in row)
    expected = words_of(f"1 Results {PARAGRAPHS[1]} {cells}")
    assert sorted(word for word in words_of(document.text) if word) == sorted(expected)
    assert document.tables[0].rows == ROWS
    assert [passage.text for passage in document.passages] == [PARAGRAPHS[1]]
    assert all(document.text[slice(*span)].split() for passage in document.passages for span in passage.spans)


def test_a_merged_cell_leaves_none_where_it_covers(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    for x, y, wide, tall in [(90, 200, 110, 44), (200, 200, 220, 22), (200, 222, 110, 22), (310, 222, 110, 22)]:
        sheet.canvas.rect(x, sheet.height - y - tall, wide, tall)
    for across in range(3):
        sheet.canvas.rect(90 + 110 * across, sheet.height - 266, 110, 22)
    write(sheet, [("District", "Families", ""), ("", "2015", "2019"), ("North", "12", "15")])
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    (table,) = document.tables
    assert table.rows == (("District", "Families", None), (None, "2015", "2019"), ("North", "12", "15"))
    assert [[cell is None for cell in row] for row in table.cells] == [
        [text is None for text in row] for row in table.rows
    ]
    assert blocks(document, "table") == ["District | Families\n2015 | 2019\nNorth | 12 | 15"]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_boxes_of_a_table_lie_on_the_page_as_shown(tmp_path: Path, turn: int) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    grid(sheet, ROWS)
    sheet.save()
    writer = PdfWriter()
    page = PdfReader(tmp_path / "a.pdf").pages[0]
    page.cropbox = RectangleObject((50, 100, 550, 800))
    writer.add_page(page.rotate(turn))
    writer.write(tmp_path / "b.pdf")
    document = read_document(tmp_path / "b.pdf", SHA)
    # 90 to 420 across and 200 to 288 down the sheet, of which 50 are cut off at the left and 42 at the top.
    expected = {0: (40, 158, 370, 246), 90: (454, 40, 542, 370), 180: (130, 454, 460, 542), 270: (158, 130, 246, 460)}
    (table,) = document.tables
    assert (table.box.x0, table.box.top, table.box.x1, table.box.bottom) == pytest.approx(expected[turn], abs=1.5)
    assert table.rows == ROWS
    assert blocks(document, "table")[0].splitlines()[1] == "North Vaduria | 1,204 | 71"


def test_two_tables_on_a_page_are_two(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    grid(sheet, ROWS)
    grid(sheet, ROWS[:3], top=320)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert [table.rows for table in document.tables] == [ROWS, ROWS[:3]]
    assert [len(text.splitlines()) for text in blocks(document, "table")] == [4, 3]


def test_cells_of_sentences_are_read_as_prose_cell_by_cell(tmp_path: Path) -> None:
    left = ["The register is old and leaves out", "many of those who need it most.", "It was renewed nine years ago."]
    right = ["The ministry should renew it every", "third year and publish what each", "renewal has cost the state."]
    sheet = Sheet(tmp_path / "a.pdf")
    head, body = ("Finding", "Recommendation"), ("\n".join(left), "\n".join(right))
    grid(sheet, [head, body, body], wide=200)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    text = " ".join(passage.text for passage in document.passages)
    assert text == " ".join([*left, *right] * 2)
    assert document.tables[0].rows[1] == (" ".join(left), " ".join(right))
    assert blocks(document, "table") == ["Finding", "Recommendation"]


def framed(sheet: Sheet) -> None:
    sheet.canvas.rect(60, sheet.height - 300, 470, 240)
    sheet.paragraph(PARAGRAPHS[0], 72, 90)


def titled_box(sheet: Sheet) -> None:
    sheet.canvas.rect(60, sheet.height - 300, 470, 205)
    sheet.canvas.rect(60, sheet.height - 95, 235, 25)
    sheet.canvas.rect(295, sheet.height - 95, 235, 25)
    sheet.line("Box 1: The register", 300, 87, size=10)
    sheet.paragraph(PARAGRAPHS[0], 72, 120)


def underlined(sheet: Sheet) -> None:
    for number in range(4):
        sheet.line(f"{number + 1} Findings of the audit", 72, 90 + 150 * number, font=BOLD, size=14)
        sheet.canvas.line(72, sheet.height - 94 - 150 * number, 300, sheet.height - 94 - 150 * number)
        sheet.paragraph(PARAGRAPHS[0], 72, 120 + 150 * number)


def page_border(sheet: Sheet) -> None:
    for inset in (8, 16):
        sheet.canvas.rect(inset, inset, 595 - 2 * inset, 842 - 2 * inset)
    sheet.canvas.line(8, 790, 587, 790)
    sheet.canvas.line(297, 8, 297, 834)
    sheet.line("Annual review", 42, 45, size=9)
    sheet.line("Ministry of Welfare", 306, 45, size=9)
    for text, base in zip(PARAGRAPHS, (90, 200, 310), strict=True):
        sheet.paragraph(text, 42, base, width=240, size=8)
        sheet.paragraph(text, 306, base, width=240, size=8)


def stripes(sheet: Sheet) -> None:
    for number in range(8):
        sheet.canvas.setFillGray(0.92)
        sheet.canvas.rect(72, sheet.height - 94 - 13.75 * number, 450, 13.75, stroke=0, fill=1)
        sheet.canvas.rect(52, sheet.height - 94 - 13.75 * number, 20, 13.75, stroke=0, fill=1)
    sheet.canvas.setFillGray(0)


def numbered_lines(sheet: Sheet) -> None:
    """Each line of a paragraph on a stripe, with its number in a box beside it."""
    stripes(sheet)
    sheet.paragraph(" ".join(PARAGRAPHS[:2]), 74, 90)
    for number in range(8):
        sheet.line(str(number + 1), 58, 90 + 13.75 * number, size=8)


def listing(sheet: Sheet) -> None:
    """Lines of a program on stripes, with a bar down their side."""
    stripes(sheet)
    sheet.lines([f"Cost in {2010 + number}" for number in range(8)], 74, 90)
    sheet.paragraph(PARAGRAPHS[0], 72, 300)


def chart(sheet: Sheet) -> None:
    for number in range(6):
        sheet.canvas.line(100, sheet.height - 100 - 30 * number, 400, sheet.height - 100 - 30 * number)
        sheet.canvas.line(100 + 60 * number, sheet.height - 100, 100 + 60 * number, sheet.height - 250)
        sheet.line(f"{50 - 10 * number}", 80, 103 + 30 * number, size=9)
        sheet.line(f"{2010 + number}", 92 + 60 * number, 265, size=9)
        sheet.line(f"{7 + number}.5", 105 + 50 * number, 115 + 22 * number, size=9)
    sheet.canvas.circle(200, sheet.height - 180, 20)
    sheet.paragraph(PARAGRAPHS[0], 72, 300)


@pytest.mark.parametrize(
    "draw",
    [framed, titled_box, underlined, page_border, numbered_lines, listing, chart],
    ids=lambda draw: draw.__name__,
)
def test_what_is_drawn_around_prose_is_no_table(tmp_path: Path, draw: Callable[[Sheet], None]) -> None:
    plain, drawn = Sheet(tmp_path / "plain.pdf"), Sheet(tmp_path / "drawn.pdf")
    draw(drawn)
    for name in ("line", "rect", "circle"):
        setattr(plain.canvas, name, lambda *_, **__: None)
    draw(plain)
    plain.save()
    drawn.save()
    document, without = (read_document(tmp_path / name, SHA) for name in ("drawn.pdf", "plain.pdf"))
    assert document.tables == ()
    assert document.passages
    assert document.passages == without.passages


def test_lists_in_small_letters_beside_short_cells_are_a_table(tmp_path: Path) -> None:
    places = "province, district and sector, rural or urban"
    rows = [("Round", "Recorded", "Linked"), *((f"Round {number}", places, "Yes") for number in range(1, 6))]
    sheet = Sheet(tmp_path / "a.pdf")
    grid(sheet, rows, x=20, wide=185)
    sheet.save()
    (table,) = read_document(tmp_path / "a.pdf", SHA).tables
    assert list(table.rows) == rows


def test_between_the_lines_of_double_rules_no_text_is_missed(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    rows = [("", "Needy", "Total"), ("Urban", "81.8", "100.0"), ("", "", "")]
    grid(sheet, rows)
    for number in range(4):
        y = sheet.height - 200 - 22 * number - 3.5
        sheet.canvas.line(90, y, 420, y)
    for upright in range(4):
        sheet.canvas.line(90 + 110 * upright, sheet.height - 266, 90 + 110 * upright, sheet.height - 269.5)
    sheet.save()
    (table,) = read_document(tmp_path / "a.pdf", SHA).tables
    assert [text for row in table.rows for text in row if text] == ["Needy", "Total", "Urban", "81.8", "100.0"]


def test_a_running_head_in_a_ruled_box_is_furniture(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    for number in range(4):
        head = [("Ministry of Welfare", "Annual review"), ("Office of the audit", f"Page {number + 1} of 4")]
        grid(sheet, head, top=30, wide=200)
        sheet.paragraph(PARAGRAPHS[number % 3], 72, 130)
        sheet.page()
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert document.tables == ()
    assert blocks(document, "table") == []
    assert "Ministry of Welfare | Annual review" in blocks(document, "furniture")[0]


def test_words_where_an_edge_is_missing_stay_with_the_table(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    grid(sheet, [("",) * 3] * 3)
    sheet.canvas.rect(90, sheet.height - 288, 110, 22)
    write(sheet, [*ROWS[:3], ("Islands", "", "not yet known")])
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert document.tables[0].rows[3] == ("Islands", None, None)
    (block,) = blocks(document, "table")
    assert block.splitlines()[3] == "Islands | not yet known"
    assert document.text.count("not yet known") == 1


def test_a_title_that_runs_out_of_its_cell_is_whole(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.canvas.rect(90, sheet.height - 200, 110, 22)
    grid(sheet, ROWS)
    sheet.line("Table 4: Families by district and year", 95, 193, font=BOLD, size=10)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert document.tables[0].rows[0] == ("Table 4: Families by district and year", None, None)
    assert blocks(document, "caption") == ["Table 4: Families by district and year"]


def test_a_table_set_sideways_is_read_along_its_lines(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.canvas.rotate(90)
    sheet.canvas.translate(0, -842)
    grid(sheet, ROWS, x=150, top=300)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert [table.rows for table in document.tables] == [ROWS]
    assert blocks(document, "table")[0].splitlines()[3] == "Islands | 310 | 52"


def test_a_title_in_a_row_of_its_own_is_a_caption(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.canvas.rect(90, sheet.height - 200, 330, 22)
    grid(sheet, ROWS)
    sheet.line("Table 4: Families by district", 95, 193, font=BOLD, size=10)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert blocks(document, "caption") == ["Table 4: Families by district"]
    assert document.tables[0].rows == (("Table 4: Families by district", None, None), *ROWS)


def test_a_table_within_a_cell_of_another_keeps_its_words(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    for across in range(2):
        for down in range(2):
            sheet.canvas.rect(60 + 235 * across, sheet.height - 300 - 200 * down, 235, 200)
    for text, x, base in [("North", 70, 120), ("South", 305, 120), ("Coast", 70, 320), ("Islands", 305, 320)]:
        sheet.line(text, x, base)
    grid(sheet, [("Year", "Cost"), ("2015", "12")], x=320, top=350, wide=80)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert [table.rows for table in document.tables] == [
        (("North", "South"), ("Coast", "Islands")), (("Year", "Cost"), ("2015", "12")),
    ]  # fmt: skip
    assert sorted(word for word in words_of(document.text) if word) == sorted(
        ["North", "South", "Coast", "Islands", "Year", "Cost", "2015", "12"]
    )


def test_among_a_hundred_thousand_strokes_no_table_is_looked_for(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.paragraph(PARAGRAPHS[0], 72, 90)
    grid(sheet, ROWS)
    sheet.canvas._code.append(
        "\n".join(f"{n % 500} {n % 700} m {n % 500 + 9} {n % 700 + 9} l S" for n in range(100_000))
    )
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert document.tables == ()
    assert [passage.text for passage in document.passages] == [PARAGRAPHS[0]]


def test_a_word_broken_at_the_end_of_a_line_is_whole_in_its_cell(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    grid(sheet, [("District", "Files exam-\nined"), *(row[:2] for row in ROWS[1:])])
    sheet.save()
    assert read_document(tmp_path / "a.pdf", SHA).tables[0].rows[0] == ("District", "Files examined")


def test_short_answers_in_cells_are_no_passage_even_where_they_read_like_one(tmp_path: Path) -> None:
    rows = [
        ("Who pays for the fund?", "It is paid by the state."),
        ("Who keeps the register?", "The offices of the districts."),
        ("Who can add a name to it?", "The offices, with a consent."),
        ("Who hears of a complaint?", "It is not known to all."),
    ]
    sheet = Sheet(tmp_path / "a.pdf")
    grid(sheet, rows, wide=180)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert document.tables[0].rows == tuple(rows)
    assert document.passages == ()


def test_a_sentence_does_not_run_on_from_one_cell_into_the_next(tmp_path: Path) -> None:
    left = [
        "The register is old. It leaves out",
        "many of those who need it the most",
        "and each of those who has moved in",
    ]
    right = [
        "The ministry should renew it every",
        "third year and publish what each",
        "renewal has cost the state. It pays.",
    ]
    done = ["This has been done in the islands.", "It was not difficult or expensive."]
    sheet = Sheet(tmp_path / "a.pdf")
    rows = [("\n".join(left), "\n".join(right)), ("\n".join(done), "\n".join(done))]
    grid(sheet, rows, wide=180)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert [passage.text for passage in document.passages][:1] == [" ".join(left)]


def test_a_row_that_a_page_end_cuts_is_whole_and_the_head_is_told_once() -> None:
    document = read_document(Path(__file__).parent / "data/reading/split_row_over_a_page.pdf", SHA)
    rows = [row for table in document.tables for row in table.rows]
    assert ("Measure 10", "Short finding number 10 of the review.", "20 %") in rows
    assert not [row for row in rows if row[1] and row[1].startswith("number 10")]
    assert "\n".join(blocks(document, "table")).count("What was found") == 1


@pytest.mark.parametrize(
    ("rest", "left", "whole"),
    [
        (("", "of the review.", ""), 1, "A finding of the review."),
        (("Next", "of the review.", ""), 2, "A finding"),
        (("", "", ""), 2, "A finding"),
    ],
)
def test_only_a_row_without_a_label_goes_on_from_the_page_before(rest: tuple[str, ...], left: int, whole: str) -> None:
    def table(page: int, *rows: tuple[str, ...]) -> Table:
        cells = tuple(
            tuple(Box(page, 100 * x, 20 * y, 100 * x + 90, 20 * y + 18) for x in range(3)) for y in range(len(rows))
        )
        return Table(Box(page, 0, 0, 300, 100), rows, cells)

    head = ("Measure", "What was found", "Share")
    first, second, third = with_rows_whole([
        table(1, head, ("Last", "A finding", "20 %")), table(2, head, rest), table(4, head, ("", "of another.", "")),
    ])  # fmt: skip
    assert first.rows[-1][1] == whole
    assert (len(second.rows), len(second.cells)) == (left, left)
    assert len(third.rows) == 2
