"""The review as an Excel workbook: the matrix, its views, every cell, frequencies, audit and studies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import pandas as pd

from exchange.writers.xlsx_sheets import BOLD, CENTRED, WIDEST, Book, Look, Sheet, letter, parts_of, temporary_file
from synthesis.audit.verdict import VERDICT_COUNTS
from synthesis.matrix.cell import VIEWS, Basis, Cell
from synthesis.matrix.symbols import JUDGED_BY, LETTERS, UNKNOWN, graded_publication, is_tick
from synthesis.matrix.tables import ROWS, cells_table, supporting
from synthesis.report.narrative import limitations, method
from synthesis.result import ReviewResult
from synthesis.statistics.frequency import Frequency, frequencies
from synthesis.statistics.frequency_table import frequencies_table

# Pale enough for black text; the letter beside the value says the same without colour.
FILLS: dict[Basis, str] = {
    "adjudicated": "#C9E4DA", "agreed": "#E0F1EA", "published": "#DCE9F5", "proposed": "#FBE7C2", "unknown": "#F2F2F2",
}  # fmt: skip
NOTED_QUOTES, NOTED_WORDS = 3, 300  # quotations in the note of a cell, and characters of each: more hides the matrix
NOTED_CELLS = 3_000  # a matrix of more cells has no notes: each takes memory here, and Excel opens it slowly


def render_workbook(result: ReviewResult, *, codings: pd.DataFrame | None = None) -> bytes:
    """The .xlsx file; the same bytes for the same result. `codings`, a row each, get a sheet that can be imported."""
    return b"".join(workbook_parts(result, codings=codings))


def workbook_parts(result: ReviewResult, *, codings: pd.DataFrame | None = None) -> Iterator[bytes]:
    """The bytes of the .xlsx file in parts of up to a megabyte."""
    made = datetime.fromisoformat(result.generated).replace(tzinfo=None)
    warning = "SAMPLE: studies, texts and judgements are invented" if result.sample else ""
    with temporary_file() as file:
        book = Book(file, title=result.title, made=made, warning=warning)
        _write_matrix(book.sheet("Matrix"), result)
        _write_views(book.sheet("Views"), result)
        if codings is not None:
            book.sheet("Codings").table(list(codings.columns), _rows(codings))
        book.sheet("Cells").table(list(cells_table((), {}).columns), _cells(result))
        found = frequencies_table([item for view in VIEWS for item in frequencies(result.cells, view)])
        book.sheet("Frequencies").table(list(found.columns), _rows(found))
        _write_audit(book.sheet("Audit"), result)
        _write_sources(book.sheet("Sources"), result)
        _write_about(book.sheet("About"), result)
        book.close()
        yield from parts_of(file)


def _write_matrix(sheet: Sheet, result: ReviewResult) -> None:
    sums = 1 + len(result.themes)  # the column after the themes, from 0
    label_width = min(WIDEST, max([30, *map(len, result.labels.values())]))
    sheet.width(0, label_width)
    sheet.width(sums, 18)
    sheet.width(sums + 1, 18)
    first = sheet.row
    across = label_width + 36 + 9 * len(result.themes)
    sheet.head(["Study", *result.themes, "Themes (formula)", "Strength (formula)"], frozen_columns=1, wide=across)
    graded, noted = graded_publication(result.cells), len(result.cells) <= NOTED_CELLS
    by_source = _by_source(result)
    for source_id, label in result.labels.items():
        own = {cell.theme: cell for cell in by_source.get(source_id, ())}
        sheet.put(0, label)
        for column, (theme, name) in enumerate(result.themes.items(), start=1):
            if cell := own.get(theme):
                value, look = _value(cell, tick=is_tick(cell, "merged", graded=graded))
                sheet.put(column, value, look)
                note = _note(cell, name) if noted else ""
                if note:
                    sheet.note(column, note)
        _write_sums(sheet, sums, [cell.merged for cell in own.values()])
        sheet.next_row()
    last = sheet.row - 1
    _write_totals(sheet, result, first + 1, last)
    sheet.next_row()
    _write_legend(sheet)
    sheet.filter(first, max(last, first), sums + 2)


def _write_sums(sheet: Sheet, column: int, values: Sequence[int | None]) -> None:
    """How many themes a study has, and how strong they are together; unknown where nothing is known of it."""
    known = [value for value in values if value is not None]
    across = f"B{sheet.row + 1}:{letter(column - 1)}{sheet.row + 1}"
    counted: list[tuple[str, int]] = [
        (f'COUNTIF({across},">0")', sum(value > 0 for value in known)),
        (f"SUM({across})", sum(known)),
    ]
    for place, (formula, value) in enumerate(counted, start=column):
        shown = value if known else UNKNOWN
        sheet.formula(place, f'=IF(COUNT({across})=0,"{UNKNOWN}",{formula})', shown, CENTRED)


def _write_totals(sheet: Sheet, result: ReviewResult, first: int, last: int) -> None:
    """The rows below the matrix, which stands on the rows `first` to `last`, counted from 0."""
    counted = frequencies(result.cells, "merged", themes=list(result.themes))
    above = [f"{letter(column)}{first + 1}:{letter(column)}{last + 1}" for column in range(1, len(result.themes) + 1)]
    present, made = last + 2, last + 4  # rows of the sums, as Excel numbers them

    def write(name: str, number_format: str, formulas: Sequence[str], values: Sequence[object]) -> None:
        look: Look = (*BOLD, *CENTRED, ("num_format", number_format))
        sheet.put(0, name, BOLD)
        for column, value in enumerate(values, start=1):
            if formulas:
                sheet.formula(column, formulas[column - 1], value, look)
            else:
                sheet.put(column, value, look)
        sheet.next_row()

    shares = [f'=IFERROR({letter(n)}{present}/COUNT({rows}),"")' for n, rows in enumerate(above, start=1)]
    agree = [f'=IF({letter(n)}{present}={letter(n)}{made},"yes","NO")' for n in range(1, len(above) + 1)]
    write("Present (formula)", "0", [f'=COUNTIF({rows},">0")' for rows in above], [item.present for item in counted])
    write("Share of known (formula)", "0%", shares, [_share(item) for item in counted])
    write("Present (as counted when made)", "0", [], [item.present for item in counted])
    write("Unknown (as counted when made)", "0", [], [item.unknown for item in counted])
    write("Formula and count agree", "General", agree, ["yes"] * len(counted))


def _share(item: Frequency) -> float | str:
    return item.present / item.known if item.known else ""


def _value(cell: Cell, *, tick: bool) -> tuple[object, Look]:
    """0, 1 or 2 as a number that shows as ✓, 1 or 2 with the letter of whose judgement it is; 0 shows as nothing."""
    said = f'" {LETTERS[cell.basis]}"' if LETTERS[cell.basis] else ""
    number_format = '[=0]"";"✓"' if tick else f'[=0]"";0{said}'
    look: Look = (("num_format", number_format), ("bg_color", FILLS[cell.basis]), *CENTRED)
    return UNKNOWN if cell.merged is None else cell.merged, look


def _note(cell: Cell, theme: str) -> str:
    """The strongest quotations behind a cell, whose they are and where they stand; "" where there are none."""
    quoted = [item for item in cell.evidence if item.quote and item.value and (item.by != "machine" or cell.merged)]
    if not quoted:
        return ""
    lines = [f"{theme}: {supporting(cell)} passages"]
    for item in quoted[:NOTED_QUOTES]:
        words = item.quote if len(item.quote) <= NOTED_WORDS else f"{item.quote[: NOTED_WORDS - 1]}…"
        where = f", p. {item.page_label or item.page}" if item.page else ""
        lines.append(f"{item.by} ({item.value}{where}): “{words}”{' [not in the text]' if item.orphaned else ''}")
    return "\n".join(lines)


def _write_legend(sheet: Sheet) -> None:
    for basis, meaning in JUDGED_BY.items():
        sheet.put(0, f"{LETTERS[basis]}  {meaning}".strip(), (("bg_color", FILLS[basis]),))
        sheet.next_row()
    sheet.put(0, "✓ ticked   1 mentioned   2 supported   ? not yet known   blank: absent")


def _write_views(sheet: Sheet, result: ReviewResult) -> None:
    by_source = _by_source(result)
    rows = (
        (view, label, *(cell.value(view) for cell in by_source[key]))
        for view in VIEWS
        for key, label in result.labels.items()
    )
    sheet.table(["View", "Study", *result.themes], rows)


def _by_source(result: ReviewResult) -> dict[str, list[Cell]]:
    found: dict[str, list[Cell]] = {}
    for cell in result.cells:
        found.setdefault(cell.source_id, []).append(cell)
    return found


def _cells(result: ReviewResult) -> Iterator[Iterable[object]]:
    labels = result.labels
    for start in range(0, len(result.cells), ROWS):
        yield from _rows(cells_table(result.cells[start : start + ROWS], labels))


def _write_audit(sheet: Sheet, result: ReviewResult) -> None:
    names = ["Verdict", "Claim", "Section", "Kind", "Theme", "Quote", "Claimed", "Recomputed", "Per cent", "Why"]
    rows = [
        (
            item.verdict,
            item.claim.id,
            item.claim.where,
            item.claim.kind,
            item.claim.theme,
            item.claim.quote,
            item.stated,
            item.count,
            item.percent,
            f"{item.why} {item.elsewhere}".strip(),
        )
        for verdict in VERDICT_COUNTS
        for item in (result.audit.findings if result.audit else ())
        if item.verdict == verdict
    ]
    sheet.table(names, rows)


def _write_sources(sheet: Sheet, result: ReviewResult) -> None:
    outcomes = {one.source_id: one for one in result.outcomes}
    documents = {one.source_id: one for one in result.documents}
    screenings = {one.source_id: one.verdict for one in result.screenings}
    names = [
        "Id",
        "Study",
        "Authors",
        "Year",
        "Title",
        "Kind",
        "Peer-reviewed",
        "Screening",
        "Outcome",
        "What happened",
        "What to do",
        "Text",
        "Pages",
        "Passages",
        "Suggestions",
    ]

    def rows() -> Iterator[Iterable[object]]:
        for source in result.sources:
            outcome, document = outcomes.get(source.id), documents.get(source.id)
            about = (source.id, source.label, "; ".join(source.authors), source.year, source.title, source.kind)
            had = (outcome.state, outcome.message, outcome.remedy) if outcome else ("", "", "")
            read = (
                (document.state, document.pages, document.passages, document.suggestions) if document else (None,) * 4
            )
            yield (*about, source.peer_reviewed, screenings.get(source.id, ""), *had, *read)

    sheet.table(names, rows())


def _write_about(sheet: Sheet, result: ReviewResult) -> None:
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
    sheet.table(["What", "Content"], facts, widths={1: 110})


def _rows(frame: pd.DataFrame) -> Iterable[Iterable[object]]:
    return frame.astype(object).where(frame.notna(), None).itertuples(index=False)
