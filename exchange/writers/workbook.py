"""The review as an Excel workbook: the matrix, its views, every cell, frequencies, audit and studies.

Rows are written as they are made and are not kept, so that ten thousand studies need no more memory than a hundred.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.cell.cell import Cell as XlsxCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from synthesis.audit.verdict import VERDICT_COUNTS
from synthesis.matrix.cell import VIEWS, Basis, Cell
from synthesis.matrix.symbols import JUDGED_BY, LETTERS, UNKNOWN, graded_publication, is_tick
from synthesis.matrix.tables import FORMULA_STARTS, ROWS, cells_table, supporting
from synthesis.report.narrative import limitations, method
from synthesis.result import ReviewResult
from synthesis.statistics.frequency import frequencies
from synthesis.statistics.frequency_table import frequencies_table

# Pale enough for black text; the letter beside the value says the same without colour.
FILLS: dict[Basis, str] = {
    "adjudicated": "C9E4DA", "agreed": "E0F1EA", "published": "DCE9F5", "proposed": "FBE7C2", "unknown": "F2F2F2",
}  # fmt: skip
FONT = "Calibri"
BOLD, WARNING = Font(name=FONT, bold=True), Font(name=FONT, bold=True, color="A00000")
HEAD_FILL, RULE = PatternFill("solid", fgColor="E8E8E8"), Border(bottom=Side("thin", color="808080"))
NOTED_QUOTES, NOTED_WORDS = 3, 300  # quotations in the note of a cell, and characters of each: more hides the matrix
NOTED_CELLS = 3_000  # a matrix of more cells has no notes: each takes 10 kB of memory here, and Excel opens it slowly
MEASURED = 2_000  # rows that a sheet's columns are made wide enough for
_PIECE = 1 << 20  # bytes that are handed on at a time
CENTRED, WRAPPED = Alignment(horizontal="center"), Alignment(wrap_text=True, vertical="top")
WIDEST, NARROWEST = 60, 7  # columns, in characters
ON_A_PAGE = 220  # characters across that can still be read when they are printed on one page
ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a zip file can hold; the same for every file, so that bytes repeat


def render_workbook(result: ReviewResult, *, codings: pd.DataFrame | None = None) -> bytes:
    """The .xlsx file; the same bytes for the same result. `codings`, a row each, get a sheet that can be imported."""
    return b"".join(workbook_parts(result, codings=codings))


def workbook_parts(result: ReviewResult, *, codings: pd.DataFrame | None = None) -> Iterator[bytes]:
    """The same in parts."""
    book = Workbook(write_only=True)
    _matrix(book.create_sheet("Matrix"), result)
    _views(book.create_sheet("Views"), result)
    if codings is not None:
        _table(book.create_sheet("Codings"), list(codings.columns), _rows(codings), result)
    names = list(cells_table((), {}).columns)
    _table(book.create_sheet("Cells"), names, _cells(result), result)
    found = frequencies_table([item for view in VIEWS for item in frequencies(result.cells, view)])
    _table(book.create_sheet("Frequencies"), list(found.columns), _rows(found), result)
    _audit(book.create_sheet("Audit"), result)
    _sources(book.create_sheet("Sources"), result)
    _about(book.create_sheet("About"), result)
    made = datetime.fromisoformat(result.generated).replace(tzinfo=None)
    book.properties.created = book.properties.modified = made
    book.properties.creator, book.properties.title = "Jaiza", result.title
    with tempfile.TemporaryFile() as file:
        ExcelWriter(book, _Undated(file, "w", zipfile.ZIP_DEFLATED)).save()
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _matrix(sheet: Worksheet, result: ReviewResult) -> None:
    first = _banner_rows(result) + 1
    sums = 2 + len(result.themes)  # the column after the themes
    last = first + len(result.labels)
    sheet.freeze_panes = f"B{first + 1}"
    _for_print(sheet, first)
    for column in (sums, sums + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 18
    sheet.column_dimensions["A"].width = min(WIDEST, max([30, *map(len, result.labels.values())]))
    _banner(sheet, result)
    head = _head(sheet, ["Study", *result.themes, "Themes (formula)", "Strength (formula)"])
    for place in head[1:]:
        place.alignment = CENTRED
    sheet.append(head)
    graded, noted = graded_publication(result.cells), len(result.cells) <= NOTED_CELLS
    by_source = _by_source(result)
    for row, (source_id, label) in enumerate(result.labels.items(), start=first + 1):
        own = {cell.theme: cell for cell in by_source.get(source_id, ())}
        places = [_put(sheet, label)]
        for theme, name in result.themes.items():
            cell = own.get(theme)
            place = WriteOnlyCell(sheet)
            if cell:
                _value(place, cell, tick=is_tick(cell, "merged", graded=graded))
                if noted:
                    _note(place, cell, name)
            places.append(place)
        across = f"B{row}:{get_column_letter(sums - 1)}{row}"
        for formula in (f'=COUNTIF({across},">0")', f"=SUM({across})"):
            place = WriteOnlyCell(sheet, formula)
            place.alignment = CENTRED
            places.append(place)
        sheet.append(places)
    _totals(sheet, result, first, last)
    sheet.append([])
    _legend(sheet)
    sheet.auto_filter.ref = f"A{first}:{get_column_letter(sums + 1)}{last}"


def _totals(sheet: Worksheet, result: ReviewResult, first: int, last: int) -> None:
    """The rows below the matrix, which stands between the rows `first` and `last`."""
    columns = range(2, 2 + len(result.themes))
    counted = frequencies(result.cells, "merged", themes=list(result.themes))
    rows_of = f"{{0}}{first + 1}:{{0}}{last}"  # {0} stands for the letter of the column
    totals: list[tuple[str, str, list[object]]] = [
        ("Present (formula)", "0", [f'=COUNTIF({rows_of},">0")'] * len(columns)),
        ("Share of known (formula)", "0%", [f'=IFERROR({{0}}{last + 1}/COUNT({rows_of}),"")'] * len(columns)),
        ("Present (as counted when made)", "0", [item.present for item in counted]),
        ("Unknown (as counted when made)", "0", [item.unknown for item in counted]),
        ("Formula and count agree", "General", [f'=IF({{0}}{last + 1}={{0}}{last + 3},"yes","NO")'] * len(columns)),
    ]
    for name, number_format, values in totals:
        places = [_put(sheet, name, font=BOLD)]
        for column, value in zip(columns, values, strict=True):
            told = value.format(get_column_letter(column)) if isinstance(value, str) else value
            place = WriteOnlyCell(sheet, told)
            place.font, place.alignment, place.number_format = BOLD, CENTRED, number_format
            places.append(place)
        sheet.append(places)


def _value(place: XlsxCell, cell: Cell, *, tick: bool) -> None:
    """0, 1 or 2 as a number that shows as ✓, 1 or 2 with the letter of whose judgement it is; 0 shows as nothing."""
    place.value = UNKNOWN if cell.merged is None else cell.merged
    letter = f'" {LETTERS[cell.basis]}"' if LETTERS[cell.basis] else ""
    place.number_format = '[=0]"";"✓"' if tick else f'[=0]"";0{letter}'
    place.fill, place.alignment = PatternFill("solid", fgColor=FILLS[cell.basis]), CENTRED


def _note(place: XlsxCell, cell: Cell, theme: str) -> None:
    """The strongest quotations behind a cell, whose they are and where they stand, as the cell's note."""
    quoted = [item for item in cell.evidence if item.quote and item.value and (item.by != "machine" or cell.merged)]
    if not quoted:
        return
    lines = [f"{theme}: {supporting(cell)} passages"]
    for item in quoted[:NOTED_QUOTES]:
        words = item.quote if len(item.quote) <= NOTED_WORDS else f"{item.quote[: NOTED_WORDS - 1]}…"
        where = f", p. {item.page_label or item.page}" if item.page else ""
        lines.append(f"{item.by} ({item.value}{where}): “{words}”{' [not in the text]' if item.orphaned else ''}")
    text = ILLEGAL_CHARACTERS_RE.sub(" ", "\n".join(lines))
    place.comment = Comment(text, "Jaiza", width=420, height=min(60 + len(text) // 3, 400))


def _legend(sheet: Worksheet) -> None:
    for basis, meaning in JUDGED_BY.items():
        mark = _put(sheet, f"{LETTERS[basis]}  {meaning}".strip())
        mark.fill = PatternFill("solid", fgColor=FILLS[basis])
        sheet.append([mark])
    sheet.append([_put(sheet, "✓ ticked   1 mentioned   2 supported   ? not yet known   blank: absent")])


def _views(sheet: Worksheet, result: ReviewResult) -> None:
    by_source = _by_source(result)
    rows = (
        (view, label, *(cell.value(view) for cell in by_source[key]))
        for view in VIEWS
        for key, label in result.labels.items()
    )
    _table(sheet, ["View", "Study", *result.themes], rows, result)


def _by_source(result: ReviewResult) -> dict[str, list[Cell]]:
    found: dict[str, list[Cell]] = {}
    for cell in result.cells:
        found.setdefault(cell.source_id, []).append(cell)
    return found


def _cells(result: ReviewResult) -> Iterator[Iterable[object]]:
    labels = result.labels
    for start in range(0, len(result.cells), ROWS):
        yield from _rows(cells_table(result.cells[start : start + ROWS], labels))


def _audit(sheet: Worksheet, result: ReviewResult) -> None:
    names = ["Verdict", "Claim", "Section", "Kind", "Theme", "Quote", "Claimed", "Recomputed", "Per cent", "Why"]
    rows = [
        (
            item.verdict, item.claim.id, item.claim.where, item.claim.kind, item.claim.theme, item.claim.quote,
            item.stated, item.count, item.percent, f"{item.why} {item.elsewhere}".strip(),
        )
        for verdict in VERDICT_COUNTS
        for item in (result.audit.findings if result.audit else ())
        if item.verdict == verdict
    ]  # fmt: skip
    _table(sheet, names, rows, result)


def _sources(sheet: Worksheet, result: ReviewResult) -> None:
    outcomes = {one.source_id: one for one in result.outcomes}
    documents = {one.source_id: one for one in result.documents}
    screenings = {one.source_id: one.verdict for one in result.screenings}
    names = [
        "Id", "Study", "Authors", "Year", "Title", "Kind", "Peer-reviewed", "Screening", "Outcome", "What happened",
        "What to do", "Text", "Pages", "Passages", "Suggestions",
    ]  # fmt: skip

    def rows() -> Iterator[Iterable[object]]:
        for source in result.sources:
            outcome, document = outcomes.get(source.id), documents.get(source.id)
            about = (source.id, source.label, "; ".join(source.authors), source.year, source.title, source.kind)
            had = (outcome.state, outcome.message, outcome.remedy) if outcome else ("", "", "")
            read = (
                (document.state, document.pages, document.passages, document.suggestions) if document else (None,) * 4
            )
            yield (*about, source.peer_reviewed, screenings.get(source.id, ""), *had, *read)

    _table(sheet, names, rows(), result)


def _about(sheet: Worksheet, result: ReviewResult) -> None:
    facts = [
        ("Review", result.title),
        ("Made", result.generated),
        ("Run", result.run_id),
        ("Codebook", f"{result.codebook.title} (revision {result.codebook.revision})"),
        ("Model", result.model.model_id if result.model else "none"),
        *((name, version) for name, version in result.versions.items()),
        *(("Method", sentence) for sentence in method(result)),
        *(("Limit", sentence) for sentence in limitations(result)),
        *((held.source_id, f"{held.sha256} {held.origin} {held.retrieved} {held.address}") for held in result.holdings),
    ]
    _table(sheet, ["What", "Content"], facts, result, widths={"B": 110})


def _table(
    sheet: Worksheet, names: Sequence[str], rows: Iterable[Iterable[object]], result: ReviewResult, *,
    widths: Mapping[str, int] | None = None,
) -> None:  # fmt: skip
    """A sheet with a header row that stays in sight and can be filtered."""
    every = iter(rows)
    measured = [tuple(row) for row in islice(every, MEASURED)]
    wide = [max([len(name) + 2, *(len(str(row[n])) for row in measured)]) for n, name in enumerate(names)]
    for column, width in enumerate(wide, start=1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = (widths or {}).get(letter, min(WIDEST, max(NARROWEST, width)))
    head = _banner_rows(result) + 1
    sheet.freeze_panes = f"A{head + 1}"
    if sum(min(WIDEST, width) for width in wide) <= ON_A_PAGE:
        _for_print(sheet, head)
    _banner(sheet, result)
    sheet.append(_head(sheet, names))
    last = head
    for row in chain(measured, every):
        sheet.append([_put(sheet, value) for value in row])
        last += 1
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(names))}{last}"


def _banner_rows(result: ReviewResult) -> int:
    """The number of rows taken above the table."""
    return 1 if result.sample else 0


def _banner(sheet: Worksheet, result: ReviewResult) -> None:
    if result.sample:
        sheet.append([_put(sheet, "SAMPLE: studies, texts and judgements are invented", font=WARNING)])


def _head(sheet: Worksheet, names: Sequence[str]) -> list[XlsxCell]:
    """The row of headers: bold on grey, with a line below."""
    places = [_put(sheet, name, font=BOLD) for name in names]
    for place in places:
        place.fill, place.border = HEAD_FILL, RULE
    return places


def _for_print(sheet: Worksheet, head: int) -> None:
    """Across one page in landscape, with the headers on every page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{head}:{head}"


def _put(sheet: Worksheet, value: object, *, font: Font | None = None) -> XlsxCell:
    """A value as it is: text stays text, even where it begins like a formula."""
    place = WriteOnlyCell(sheet)
    if isinstance(value, str):
        place.value = ILLEGAL_CHARACTERS_RE.sub(" ", value)
        place.data_type = "s"
        place.quotePrefix = value.startswith(FORMULA_STARTS)
        if len(value) > WIDEST:
            place.alignment = WRAPPED
    elif value is not None:
        place.value = value
    if font:
        place.font = font
    return place


def _rows(frame: pd.DataFrame) -> Iterable[Iterable[object]]:
    return frame.astype(object).where(frame.notna(), None).itertuples(index=False)


class _Undated(zipfile.ZipFile):
    """A zip file whose entries carry no date of today, so that bytes repeat."""

    def writestr(self, name: Any, data: Any, *_: Any, **__: Any) -> None:  # type: ignore[override]
        super().writestr(_entry(str(name)), data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        with Path(filename).open("rb") as source, self.open(_entry(str(arcname or filename)), "w") as target:
            shutil.copyfileobj(source, target)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
