"""The tables of a paper on the review, as words and numbers: Word and LaTeX only set them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from synthesis.humanize import percent
from synthesis.matrix.cell import Cell
from synthesis.matrix.symbols import LEGEND, LETTERS, graded_publication, is_tick, symbol
from synthesis.matrix.tables import strongest
from synthesis.result import ReviewResult
from synthesis.statistics.frequency import Frequency, frequencies

SAMPLE = "SAMPLE: studies, texts and judgements are invented"
_LONGEST_QUOTE = 400  # characters
_SAYS_NOTHING = {"", "unknown", "not screened"}  # of a study


@dataclass(frozen=True, slots=True)
class TableText:
    """One table, ready to be set."""

    name: str  # short, for labels and file names: "matrix"
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""  # below the table
    centred: bool = False  # all columns but the first hold signs or numbers
    totals: int = 0  # so many rows at the end are sums


def tables(result: ReviewResult) -> list[TableText]:
    """Studies, matrix, frequencies, evidence and codebook, in the order of a paper."""
    return [studies(result), matrix(result), frequency(result), evidence(result), codebook(result)]


def studies(result: ReviewResult) -> TableText:
    """What is known of each study; a column that says nothing of any of them is left out."""
    verdicts = {one.source_id: one.verdict for one in result.screenings}
    columns: dict[str, list[str]] = {
        "Year": [str(source.year or "") for source in result.sources],
        "Kind": [source.kind for source in result.sources],
        "Method": [source.method for source in result.sources],
        "Peer reviewed": [source.peer_reviewed for source in result.sources],
        "Screening": [str(verdicts.get(source.id, "")) for source in result.sources],
    }
    told = {head: values for head, values in columns.items() if set(values) - _SAYS_NOTHING}
    rows = tuple(zip((source.label for source in result.sources), *told.values(), strict=True))
    return TableText("studies", "Studies of the review", ("Study", *told), rows)


def matrix(result: ReviewResult) -> TableText:
    """The merged matrix with its signs, and how many studies have each theme."""
    graded, cells = graded_publication(result.cells), _by_place(result)
    rows = [
        (label, *(_sign(cells[source_id, theme], graded=graded) for theme in result.themes))
        for source_id, label in result.labels.items()
    ]
    counted = frequencies(result.cells, "merged", themes=list(result.themes))
    rows.append(("Present", *(f"{item.present} of {item.known}" for item in counted)))
    signs = "; ".join(f"{sign}: {meaning}" for sign, meaning in LEGEND)
    letters = "; ".join(f"{letter}: {basis}" for basis, letter in LETTERS.items() if letter)
    head = ("Study", *result.themes)
    return TableText("matrix", "Themes by study", head, tuple(rows), f"{signs}. {letters}.", centred=True, totals=1)


def frequency(result: ReviewResult) -> TableText:
    """How many studies have each theme, and how sure that is."""
    counted = sorted(frequencies(result.cells, "merged", themes=list(result.themes)), key=lambda item: item.rank or 99)
    head = ("Theme", "Rank", "Studies", "Per cent", "95 % interval", "Not known", "If none or all of these")
    rows = tuple(
        (
            f"{result.themes[item.theme]} ({item.theme})",
            str(item.rank or ""),
            f"{item.present} of {item.known}",
            percent(item.share) if item.share is not None else "",
            _interval(item),
            str(item.unknown),
            f"{percent(item.least)} to {percent(item.most)}",
        )
        for item in counted
    )
    note = "Interval: Wilson, without continuity correction, of the studies for which the theme is known."
    return TableText("frequencies", "How many studies report each theme", head, rows, note, centred=True)


def evidence(result: ReviewResult) -> TableText:
    """For each study and theme that is present, the strongest passage with its place."""
    rows = tuple(
        (result.themes[cell.theme], result.labels[cell.source_id], quote, page, by)
        for theme in result.themes
        for cell in sorted(_present(result, theme), key=lambda cell: -(cell.merged or 0))
        for quote, page, by in _quoted(cell)
    )
    head = ("Theme", "Study", "Passage", "Page", "Coded by")
    return TableText("evidence", "The strongest passage behind each theme that was found", head, rows)


def codebook(result: ReviewResult) -> TableText:
    """The themes with their definitions."""
    rows = tuple(
        (theme.code, theme.name, theme.definition, f"under {theme.counts_under}" if theme.counts_under else "")
        for theme in result.codebook.themes
    )
    note = f"Revision {result.codebook.revision}."
    return TableText("codebook", "Codebook", ("Code", "Theme", "Definition", "Counted"), rows, note)


def _by_place(result: ReviewResult) -> dict[tuple[str, str], Cell]:
    return {(cell.source_id, cell.theme): cell for cell in result.cells}


def _sign(cell: Cell, *, graded: bool) -> str:
    sign = symbol(cell.merged, tick=is_tick(cell, "merged", graded=graded))
    letter = LETTERS[cell.basis] if sign else ""
    return f"{sign} {letter}".strip()


def _present(result: ReviewResult, theme: str) -> Sequence[Cell]:
    return [cell for cell in result.cells if cell.theme == theme and cell.merged]


def _quoted(cell: Cell) -> Iterator[tuple[str, str, str]]:
    best = strongest(cell)
    if best:
        quote = best.quote if len(best.quote) <= _LONGEST_QUOTE else f"{best.quote[: _LONGEST_QUOTE - 1]}…"
        yield (
            f"“{quote}”{' [not in the text]' if best.orphaned else ''}",
            best.page_label or str(best.page or ""),
            best.by,
        )


def _interval(item: Frequency) -> str:
    return "" if item.low is None or item.high is None else f"{percent(item.low)} to {percent(item.high)}"
