"""Cells as tables: the matrix of a view, and one row per cell with everything known about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import pandas as pd

from corpus.registry.screening import Screening
from corpus.registry.sources import Source
from synthesis.matrix.cell import VIEWS, Cell, Evidence, View

# Excel takes a CSV file for the local 8-bit character set unless it begins with this mark; labels have – and ü.
CSV_ENCODING = "utf-8-sig"
# A spreadsheet takes text that begins with one of these for a formula; a quotation from a PDF must never run.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
ROWS = 600  # of a table that is written in parts
NUMBER: Final = "Int64"  # pandas' whole numbers with a place for "unknown"


def matrix(cells: Sequence[Cell], view: View) -> pd.DataFrame:
    """Values 0, 1, 2 or missing (not yet known); index source ids, columns themes, both in the order of `cells`."""
    sources = list(dict.fromkeys(cell.source_id for cell in cells))
    themes = list(dict.fromkeys(cell.theme for cell in cells))
    values = {(cell.source_id, cell.theme): cell.value(view) for cell in cells}
    return pd.DataFrame(
        {theme: [values[source, theme] for source in sources] for theme in themes},
        index=pd.Index(sources, name="source"),
    ).astype(NUMBER)


def matrix_table(cells: Sequence[Cell], view: View, labels: Mapping[str, str]) -> pd.DataFrame:
    """The matrix as it is written to matrix.csv: id and label of each source before its values."""
    table = matrix(cells, view).reset_index()
    table.insert(1, "label", [labels[source] for source in table["source"]])
    return table


def cells_table(cells: Sequence[Cell], labels: Mapping[str, str]) -> pd.DataFrame:
    """One row per cell: all views, what the merged value rests on, who judged, and the strongest passage."""
    rows = [_row(cell, labels[cell.source_id]) for cell in cells]
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    return table.astype({name: kind for name, kind in _COLUMNS.items() if kind})


def cells_tables(
    cells: Sequence[Cell], sources: Sequence[Source], screenings: Sequence[Screening]
) -> Iterator[pd.DataFrame]:
    """The rows of cells.csv, some studies at a time: the table of all cells, with what the registry knows."""
    by_id = {source.id: source for source in sources}
    verdicts = {one.source_id: one for one in screenings}
    for start in range(0, max(1, len(cells)), ROWS):
        some = cells[start : start + ROWS]
        here = [by_id[key] for key in dict.fromkeys(cell.source_id for cell in some)]
        labels = {source.id: source.label for source in here}
        yield with_facts(cells_table(some, labels), here, [verdicts[one.id] for one in here if one.id in verdicts])


def with_facts(table: pd.DataFrame, sources: Sequence[Source], screenings: Sequence[Screening]) -> pd.DataFrame:
    """A table with a column `source`, and what the registry knows of each study after it; lists are joined by "; "."""
    verdicts = {one.source_id: one.verdict for one in screenings}
    facts = pd.DataFrame(
        {
            "source": [source.id for source in sources],
            "year": pd.array([source.year for source in sources], dtype=NUMBER),
            "kind": [source.kind for source in sources],
            "method": [source.method for source in sources],
            "programmes": ["; ".join(source.programmes) for source in sources],
            "countries": ["; ".join(source.countries) for source in sources],
            "peer_reviewed": [source.peer_reviewed for source in sources],
            "screening": [verdicts.get(source.id, "not screened") for source in sources],
        }
    )
    of_each_row = facts.set_index("source").reindex(table["source"]).reset_index(drop=True)
    return pd.concat([table, of_each_row], axis=1)


def strongest(cell: Cell) -> Evidence | None:
    """The passage to quote for a cell: the first human one that was not rejected, else the machine's first.

    None where people judged the theme absent: what the machine proposes is then no evidence of the cell.
    """
    return next((item for item in cell.evidence if item.value and item.quote and _speaks_for(item, cell)), None)


def _speaks_for(item: Evidence, cell: Cell) -> bool:
    return item.by != "machine" or cell.merged != 0


def supporting(cell: Cell) -> int:
    """How many passages speak for a theme in a study: marked by people and not rejected, or proposed."""
    return sum(1 for item in cell.evidence if item.by != "machine" and item.value and item.quote) + cell.machine_hits


def judgements(cells: Iterable[Cell]) -> Iterator[dict[str, str]]:
    """What cells.csv says of the judgements on each cell, without its evidence."""
    for cell in cells:
        values = {view: "" if (value := cell.value(view)) is None else str(value) for view in VIEWS}
        said = {"basis": cell.basis, "coders": coders_told(cell)}
        yield {"source": cell.source_id, "theme": cell.theme, **values, **said}


def coders_told(cell: Cell) -> str:
    """Each reviewer's own value: "Amina: 2; Bilal: no judgement"."""
    return "; ".join(f"{name}: {'no judgement' if value is None else value}" for name, value in cell.coders)


def to_csv(table: pd.DataFrame) -> bytes:
    """The table as a CSV file that opens in Excel with the right characters; the same bytes for the same table.

    Text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    return b"".join(csv_parts([table]))


def csv_parts(tables: Iterable[pd.DataFrame]) -> Iterator[bytes]:
    """The same of a table that comes in parts, so that it need not be in memory as a whole."""
    for number, table in enumerate(tables):
        written = _safe(table).to_csv(index=False, header=not number, lineterminator="\n")
        yield written.encode("utf-8" if number else CSV_ENCODING)


def _safe(table: pd.DataFrame) -> pd.DataFrame:
    safe = table.copy()
    for name in safe.columns:
        if safe[name].dtype == object or pd.api.types.is_string_dtype(safe[name].dtype):
            safe[name] = safe[name].map(as_text, na_action="ignore")
    return safe


def as_text(value: object) -> object:
    """`value`, with an apostrophe before text that a spreadsheet would run: "=1+1" gives "'=1+1"."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


_COLUMNS = {
    "source": "", "label": "", "theme": "", "merged": NUMBER, "basis": "", "published": NUMBER, "human": NUMBER,
    "machine": NUMBER, "coders": "", "disputed": "", "conflict": "", "passages": NUMBER, "quote": "", "quoted_by": "",
    "page": NUMBER, "page_label": "", "passage_id": "", "pdf_sha256": "", "machine_best": "float64",
    "machine_chance": "float64",
}  # fmt: skip


def _row(cell: Cell, label: str) -> dict[str, object]:
    best = strongest(cell)
    return {
        "source": cell.source_id,
        "label": label,
        "theme": cell.theme,
        "merged": cell.merged,
        "basis": cell.basis,
        "published": cell.published,
        "human": cell.human,
        "machine": cell.machine,
        "coders": coders_told(cell),
        "disputed": "yes" if cell.disputed else "no",
        "conflict": "yes" if cell.conflict else "no",
        "passages": supporting(cell),
        "quote": best.quote if best else "",
        "quoted_by": best.by if best else "",
        "page": best.page if best else None,
        "page_label": best.page_label if best else "",
        "passage_id": best.passage_id if best else "",
        "pdf_sha256": best.sha256 if best else "",
        "machine_best": cell.machine_best,
        "machine_chance": cell.machine_chance,
    }
