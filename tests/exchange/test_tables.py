"""Tables of codings, from Excel or another program: read as they are meant, or refused with place and remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from corpus.errors import DataFileError
from exchange.readers.tables.layouts import read_table

HEAD = ["source", "theme", "value", "coder", "quote", "page"]
ROW = ["khan", "GW", 2, "Nadia", "=late", 3]


def _book(path: Path, *rows: list[Any], title: str = "Sheet", change: Any = None) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    if change:
        change(sheet)
    book.save(path)
    return path


def test_a_workbook_is_read_below_its_title(tmp_path: Path) -> None:
    path = _book(tmp_path / "c.xlsx", ["My codings"], [], HEAD, ROW, [None] * 6, ["khan", "TI", None, "Nadia", "", ""])
    found = read_table(path).codings
    assert [(f.where, f.codes, f.value, f.quote, f.page) for f in found] == [
        ("sheet 'Sheet', row 4", ("GW",), 2, "=late", 3), ("sheet 'Sheet', row 6", ("TI",), None, "", None),
    ]  # fmt: skip


def test_a_list_of_segments_of_another_program_is_read(tmp_path: Path) -> None:
    path = tmp_path / "segments.csv"
    path.write_text(
        '\ufeffDocument name;Code;Created by;Segment;Colour\r\nkhan;GW;Nadia;"late;\r\nlate";red\r\n', "utf-8"
    )
    contents = read_table(path)
    (found,) = contents.codings
    assert (found.origin.name, found.codes, found.coder, found.value) == ("khan", ("GW",), "Nadia", 1)
    assert found.quote.split() == ["late;", "late"]
    assert contents.unused == ["Colour"]


@pytest.mark.parametrize(
    ("rows", "change", "message"),
    [
        ([HEAD, ROW, ROW], lambda s: s.merge_cells("A2:A3"), "the cells A2:A3 are merged"),
        ([HEAD, ROW], lambda s: s.__setitem__("C2", "=1+1"), "C2 holds a formula"),
        (
            [HEAD, ["khan", "GW", "#N/A", "Nadia"]],
            lambda s: setattr(s["C2"], "data_type", "e"),
            "C2 holds the error #N/A",
        ),
        ([HEAD, ["khan", "GW", 5, "Nadia"]], None, "sheet 'Sheet', row 2: value is '5'. Write 0, 1 or 2"),
        ([HEAD, ["khan", "GW", 1, "Nadia", "", 3]], None, "a page without a quote"),
        ([HEAD, ["", "GW", 1, "Nadia"]], None, "row 2: source is empty"),
    ],
    ids=["merged", "formula", "error", "value", "page", "source"],
)
def test_a_doubtful_row_is_a_problem(tmp_path: Path, rows: list[list[Any]], change: Any, message: str) -> None:
    contents = read_table(_book(tmp_path / "c.xlsx", *rows, change=change))
    assert any(message in problem for problem in contents.problems)


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (["Sourc", "theme", "value"], "no column 'Sourc': did you mean 'source'?"),
        (["source", "value"], "column 'theme' is missing"),
        (["source", "theme", "code"], "the headers 'theme' and 'code' both mean theme"),
        (["Name", "Age"], "no sheet has a row of headers with the columns source and theme"),
    ],
    ids=["misspelt", "missing", "twice", "another table"],
)
def test_wrong_headers_are_named(tmp_path: Path, head: list[str], message: str) -> None:
    with pytest.raises(DataFileError) as refused:
        read_table(_book(tmp_path / "c.xlsx", head, ["a", "b", "c"]))
    assert message in str(refused.value)


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c.xlsx").write_bytes(b"source,theme\n")
    with pytest.raises(DataFileError, match="is not a zip file"):
        read_table(tmp_path / "c.xlsx")


def test_the_apostrophe_against_formulas_is_taken_off(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("source,theme,coder,quote,note\nk,GW,'=N,'-5 per cent,'Twas late\n", "utf-8")
    (found,) = read_table(tmp_path / "c.csv").codings
    assert (found.coder, found.quote, found.note) == ("=N", "-5 per cent", "'Twas late")


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Dokumentname;Code;Segment\ntorrand-2021;GW;late, very late, and, so, on, and, on, and on\n", "late, very"),
        ("Study;GW;IF;Said\ntorrand-2021;1;0;a, b, c, d, e, f\nkhan-2016;0;1;a, b, c, d, e, f\n", ""),
        ("document\ttag\tcontent\ntorrand-2021\tGW\tone; two; three; four, five, six, seven\n", "one; two"),
        ('source,theme,value,coder,quote\ntorrand-2021,GW,1,a,"one; two; three; four; five; six"\n', "one; two"),
        ("My codings; made in May; by hand; and so on\nsource,theme,value,coder\ntorrand-2021,GW,1,a\n", ""),
    ],
)
def test_the_signs_in_a_text_are_not_taken_for_those_between_the_cells(tmp_path: Path, text: str, quote: str) -> None:
    (tmp_path / "table.csv").write_text(text, "utf-8")
    first = read_table(tmp_path / "table.csv", is_code={"GW", "IF"}.__contains__).codings[0]
    assert (first.origin.name, first.codes, first.value) == ("torrand-2021", ("GW",), 1)
    assert first.quote.startswith(quote)
