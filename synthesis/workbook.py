"""The review as an Excel workbook: the matrix, its views, every cell, frequencies, audit and studies."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as XlsxCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from synthesis.cell import VIEWS, Basis, Cell
from synthesis.frequency import frequencies, frequencies_table
from synthesis.matrix import FORMULA_STARTS, cells_table, supporting
from synthesis.narrative import limitations, method
from synthesis.result import ReviewResult
from synthesis.symbols import JUDGED_BY, LETTERS, UNKNOWN, graded_publication, is_tick
from synthesis.verdict import VERDICT_COUNTS

# Pale enough for black text; the letter beside the value says the same without colour.
FILLS: dict[Basis, str] = {
    "adjudicated": "C9E4DA", "agreed": "E0F1EA", "published": "DCE9F5", "proposed": "FBE7C2", "unknown": "F2F2F2",
}  # fmt: skip
FONT = "Calibri"
BOLD, WARNING = Font(name=FONT, bold=True), Font(name=FONT, bold=True, color="A00000")
HEAD_FILL, RULE = PatternFill("solid", fgColor="E8E8E8"), Border(bottom=Side("thin", color="808080"))
NOTED_QUOTES, NOTED_WORDS = 3, 300  # quotations in the note of a cell, and characters of each: more hides the matrix
CENTRED, WRAPPED = Alignment(horizontal="center"), Alignment(wrap_text=True, vertical="top")
WIDEST, NARROWEST = 60, 7  # columns, in characters
ON_A_PAGE = 220  # characters across that can still be read when they are printed on one page
ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a zip file can hold; the same for every file, so that bytes repeat


def render_workbook(result: ReviewResult, *, codings: pd.DataFrame | None = None) -> bytes:
    """The .xlsx file; the same bytes for the same result. `codings`, a row each, get a sheet that can be imported."""
    book = Workbook()
    _matrix(book.active, result)
    _views(book.create_sheet("Views"), result)
    cells = cells_table(result.cells, result.labels)
    if codings is not None:
        _table(book.create_sheet("Codings"), list(codings.columns), _rows(codings), result)
    _table(book.create_sheet("Cells"), list(cells.columns), _rows(cells), result)
    found = frequencies_table([item for view in VIEWS for item in frequencies(result.cells, view)])
    _table(book.create_sheet("Frequencies"), list(found.columns), _rows(found), result)
    _audit(book.create_sheet("Audit"), result)
    _sources(book.create_sheet("Sources"), result)
    _about(book.create_sheet("About"), result)
    made = datetime.fromisoformat(result.generated).replace(tzinfo=None)
    book.properties.created, book.properties.creator, book.properties.title = made, "Jaiza", result.title
    buffer = io.BytesIO()
    book.save(buffer)
    return _repeatable(buffer.getvalue(), made)


def _matrix(sheet: Worksheet, result: ReviewResult) -> None:
    sheet.title = "Matrix"
    first = _banner(sheet, result) + 1
    sums = 2 + len(result.themes)  # the column after the themes
    _head(sheet, first, ["Study", *result.themes, "Themes (formula)", "Strength (formula)"])
    graded = graded_publication(result.cells)
    rows = {source_id: first + 1 + place for place, source_id in enumerate(result.labels)}
    columns = {code: 2 + place for place, code in enumerate(result.themes)}
    for source_id, label in result.labels.items():
        _put(sheet.cell(rows[source_id], 1), label)
    for cell in result.cells:
        place = sheet.cell(rows[cell.source_id], columns[cell.theme])
        _value(place, cell, tick=is_tick(cell, "merged", graded=graded))
        _note(place, cell, result.themes[cell.theme])
    for row in rows.values():
        across = f"B{row}:{get_column_letter(sums - 1)}{row}"
        for column, formula in ((sums, f'=COUNTIF({across},">0")'), (sums + 1, f"=SUM({across})")):
            sheet.cell(row, column).value, sheet.cell(row, column).alignment = formula, CENTRED
    last = first + len(rows)
    counted = frequencies(result.cells, "merged", themes=list(columns))
    rows_of = f"{{0}}{first + 1}:{{0}}{last}"  # {0} stands for the letter of the column
    totals: list[tuple[str, str, list[object]]] = [
        ("Present (formula)", "0", [f'=COUNTIF({rows_of},">0")'] * len(columns)),
        ("Share of known (formula)", "0%", [f'=IFERROR({{0}}{last + 1}/COUNT({rows_of}),"")'] * len(columns)),
        ("Present (as counted when made)", "0", [item.present for item in counted]),
        ("Unknown (as counted when made)", "0", [item.unknown for item in counted]),
        ("Formula and count agree", "General", [f'=IF({{0}}{last + 1}={{0}}{last + 3},"yes","NO")'] * len(columns)),
    ]
    for down, (name, number_format, values) in enumerate(totals, start=1):
        _put(sheet.cell(last + down, 1), name, font=BOLD)
        for column, value in zip(columns.values(), values, strict=True):
            place = sheet.cell(last + down, column)
            place.value = value.format(get_column_letter(column)) if isinstance(value, str) else value
            place.font, place.alignment, place.number_format = BOLD, CENTRED, number_format
    _legend(sheet, last + len(totals) + 2)
    sheet.freeze_panes = sheet.cell(first + 1, 2)
    sheet.auto_filter.ref = f"A{first}:{get_column_letter(sums + 1)}{last}"
    _for_print(sheet, first)
    for column in range(2, sums + 2):
        sheet.cell(first, column).alignment = CENTRED
    for column in (sums, sums + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 18
    sheet.column_dimensions["A"].width = min(WIDEST, max([30, *map(len, result.labels.values())]))


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


def _legend(sheet: Worksheet, row: int) -> None:
    for down, (basis, meaning) in enumerate(JUDGED_BY.items()):
        mark = sheet.cell(row + down, 1)
        _put(mark, f"{LETTERS[basis]}  {meaning}".strip())
        mark.fill = PatternFill("solid", fgColor=FILLS[basis])
    _put(sheet.cell(row + len(JUDGED_BY), 1), "✓ ticked   1 mentioned   2 supported   ? not yet known   blank: absent")


def _views(sheet: Worksheet, result: ReviewResult) -> None:
    rows = []
    by_source: dict[str, list[Cell]] = {}
    for cell in result.cells:
        by_source.setdefault(cell.source_id, []).append(cell)
    for view in VIEWS:
        rows += [(view, label, *(cell.value(view) for cell in by_source[key])) for key, label in result.labels.items()]
    _table(sheet, ["View", "Study", *result.themes], rows, result)


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
    rows = []
    for source in result.sources:
        outcome, document = outcomes.get(source.id), documents.get(source.id)
        about = (source.id, source.label, "; ".join(source.authors), source.year, source.title, source.kind)
        had = (outcome.state, outcome.message, outcome.remedy) if outcome else ("", "", "")
        read = (document.state, document.pages, document.passages, document.suggestions) if document else (None,) * 4
        rows.append((*about, source.peer_reviewed, screenings.get(source.id, ""), *had, *read))
    _table(sheet, names, rows, result)


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
    _table(sheet, ["What", "Content"], facts, result)
    sheet.column_dimensions["B"].width = 110


def _table(sheet: Worksheet, names: Sequence[str], rows: Iterable[Iterable[object]], result: ReviewResult) -> None:
    """A sheet with a header row that stays in sight and can be filtered."""
    head = _banner(sheet, result) + 1
    _head(sheet, head, names)
    widths = [len(name) + 2 for name in names]
    last = head
    for last, row in enumerate(rows, start=head + 1):
        for column, value in enumerate(row):
            _put(sheet.cell(last, column + 1), value)
            widths[column] = max(widths[column], len(str(value)))
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = min(WIDEST, max(NARROWEST, width))
    sheet.freeze_panes = sheet.cell(head + 1, 1)
    if sum(min(WIDEST, width) for width in widths) <= ON_A_PAGE:
        _for_print(sheet, head)
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(names))}{last}"


def _banner(sheet: Worksheet, result: ReviewResult) -> int:
    """The number of rows taken above the table."""
    if not result.sample:
        return 0
    _put(sheet.cell(1, 1), "SAMPLE: studies, texts and judgements are invented", font=WARNING)
    return 1


def _head(sheet: Worksheet, number: int, names: Sequence[str]) -> None:
    """The row of headers: bold on grey, with a line below."""
    for column, name in enumerate(names, start=1):
        place = sheet.cell(number, column)
        _put(place, name, font=BOLD)
        place.fill, place.border = HEAD_FILL, RULE


def _for_print(sheet: Worksheet, head: int) -> None:
    """Across one page in landscape, with the headers on every page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{head}:{head}"


def _put(place: XlsxCell, value: object, *, font: Font | None = None) -> None:
    """A value as it is: text stays text, even where it begins like a formula."""
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


def _rows(frame: pd.DataFrame) -> Iterable[Iterable[object]]:
    return frame.astype(object).where(frame.notna(), None).itertuples(index=False)


def _repeatable(data: bytes, made: datetime) -> bytes:
    """The workbook with the dates that saving puts in set to `made`."""
    stamp = f">{made.isoformat(timespec='seconds')}Z</dcterms:modified>".encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb">[^<]*</dcterms:modified>", stamp, content)
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return buffer.getvalue()
