"""The reference of file formats: schemas, examples, and the columns of the tables that a run writes."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from docs.generator.formats import FileFormat, file_formats, file_name
from docs.generator.markdown import code, page, table
from docs.generator.schema import JsonSchema
from synthesis.matrix.cell import Cell
from synthesis.matrix.coding import codings_table
from synthesis.matrix.tables import cells_tables
from synthesis.runs.run_changes import Changes, changes_table
from synthesis.statistics.frequency import frequencies
from synthesis.statistics.frequency_table import frequencies_table
from synthesis.statistics.robustness import robustness

COLUMNS = Path(__file__).parent / "columns.toml"


def files_page() -> str:
    """What people write and programs may read, each with its schema; then the tables of a run, column by column."""
    parts = [
        "Each file has a JSON schema in `docs/reference/schemas`: editors that know schemas complete and check keys by "
        "it. The program checks the files too, and names file, place and key of a mistake. Of JSON lines the schema is "
        "that of a line, of CSV that of a row.",
        table(["file", "form", "what it is for", "schema"], [_row(one) for one in file_formats()]),
        "## Examples",
        "Whole files, the smallest that are of use.",
    ]
    for one in file_formats():
        if one.example:
            fence = {"TOML": "toml", "CSV": "text"}.get(one.syntax, "json")
            parts += [f"### {one.name}", f"```{fence}\n{one.example.rstrip()}\n```"]
    parts += ["## Tables that a run writes", "In `out/latest/`. UTF-8 with a mark that Excel reads; text that a "
              "spreadsheet would take for a formula has an apostrophe before it. `matrix.csv` has a column for each "
              "theme behind `source` and `label`."]  # fmt: skip
    for name, rows in table_columns():
        parts += [
            f"### {name}",
            f"[Schema of a row](schemas/{name}.json).",
            table(["column", "what stands in it"], [[code(one), said] for one, said in rows]),
        ]
    return page("File formats", *parts)


def schema_files() -> Iterator[tuple[str, str]]:
    """Name and content of every schema."""
    for one in file_formats():
        yield file_name(one), _as_text(one.schema)
    for name, columns in table_columns():
        yield f"{name}.json", _as_text(_row_schema(name, columns))


def table_columns() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Name of each table that a run writes, and its columns as the code writes them. KeyError: one is not explained."""
    said = tomllib.loads(COLUMNS.read_text(encoding="utf-8"))
    cell = Cell("a", "GW", None, None, None, None, "unknown", (), False, False, ())
    made = {
        "cells.csv": next(cells_tables([], [], [])),
        "codings.csv": codings_table([], {}),
        "frequencies.csv": frequencies_table(frequencies([cell], "merged"), robustness([cell], "merged")),
        "changes.csv": changes_table(Changes("", "", (), ())),
    }
    for name, frame in made.items():
        known = said["shared"] | said[name]
        yield name, [(column, known[column]) for column in frame.columns]


def _row(one: FileFormat) -> list[str]:
    return [code(one.name), one.syntax, one.said,
            f"[{file_name(one)}](schemas/{file_name(one)})"]  # fmt: skip


def _row_schema(name: str, columns: Sequence[tuple[str, str]]) -> JsonSchema:
    """A CSV file has text in every cell."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A row of {name}",
        "type": "object",
        "properties": {column: {"type": "string", "description": said} for column, said in columns},
        "required": [column for column, _ in columns],
        "additionalProperties": False,
    }


def _as_text(schema: JsonSchema) -> str:
    return json.dumps(_with_empty_left_out(schema), indent=1, ensure_ascii=False) + "\n"


def _with_empty_left_out(schema: JsonSchema) -> JsonSchema:
    return {key: value for key, value in schema.items() if value not in ({}, [])}
