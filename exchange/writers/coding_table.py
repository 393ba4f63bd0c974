"""Codings as a table: a row each, for R, pandas, a spreadsheet, or `jaiza import` in another review."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Literal

import pandas as pd
from arro3.core import Array, DataType, Table
from arro3.io import write_parquet

from corpus.json_table import JsonObject
from exchange.coded_review import CodedPassage, CodedReview, Study

Kind = Literal["text", "whole", "number", "yes or no"]
# The first nine are the columns of a decisions file, with its meaning; the rest says more on the same coding.
COLUMNS: dict[str, Kind] = {
    "source": "text", "theme": "text", "value": "whole", "coder": "text", "role": "text", "quote": "text",
    "page": "whole", "note": "text", "decided": "text", "label": "text", "column": "text", "model_id": "text",
    "score": "number", "shown": "yes or no", "seconds": "number", "codebook": "text", "passage_id": "text",
    "start": "whole", "end": "whole", "heading": "text", "pdf_sha256": "text", "why": "text", "in_text": "yes or no",
}  # fmt: skip
_PANDAS = {"text": "string", "whole": "Int64", "number": "Float64", "yes or no": "boolean"}
_PARQUET = {
    "text": DataType.utf8(), "whole": DataType.int64(), "number": DataType.float64(), "yes or no": DataType.bool(),
}  # fmt: skip


def coding_table(review: CodedReview) -> pd.DataFrame:
    """One row per coding, people's and the machine's (role "machine"); what is not known is missing.

    `start` and `end` are positions in the study's text as a REFI-QDA export has it; `in_text` tells whether the quote
    is in it.
    """
    rows = _rows(review)
    columns = {name: [row[name] for row in rows] for name in COLUMNS}
    return pd.DataFrame(columns).astype({name: _PANDAS[kind] for name, kind in COLUMNS.items()})


def codings_parquet(review: CodedReview) -> bytes:
    """The same table as a Parquet file, its columns typed; the same bytes for the same review."""
    rows = _rows(review)
    columns: Any = {name: Array([row[name] for row in rows], type=_PARQUET[kind]) for name, kind in COLUMNS.items()}
    buffer = io.BytesIO()
    write_parquet(Table.from_pydict(columns), buffer, compression="snappy")
    return buffer.getvalue()


def _rows(review: CodedReview) -> Sequence[JsonObject]:
    columns = {code: review.codebook.column_of(code) for code in review.codebook.codes}
    return [_row(study, coding, columns.get(coding.theme)) for study, coding in review.codings]


def _row(study: Study, coding: CodedPassage, column: str | None) -> JsonObject:
    decision, suggestion, passage = coding.decision, coding.suggestion, coding.passage
    given = decision.anchor if decision else None
    start, end = coding.span or (None, None)
    row: JsonObject = {
        "source": study.source.id,
        "theme": coding.theme,
        "value": coding.value,
        "coder": coding.user.name,
        "role": coding.user.kind,
        "quote": coding.quote,
        "label": study.source.label,
        "column": column or "",
        "page": coding.page if suggestion else given.page if given else None,
        "passage_id": passage.id if passage else "",
        "start": start,
        "end": end,
        "heading": passage.heading if passage else "",
        "pdf_sha256": study.document.sha256 if study.document and coding.quote else "",
    }
    row["in_text"] = None if not coding.quote else not coding.orphaned
    if decision:
        row |= {
            "note": decision.note,
            "decided": decision.decided,
            "codebook": decision.codebook,
            "why": "",
            "model_id": decision.model_id,
            "score": decision.score,
            "shown": decision.shown,
            "seconds": decision.seconds,
        }
    elif suggestion:
        why = "; ".join(f"{reason.text} {reason.weight:+.1f}" for reason in suggestion.reasons)
        row |= {
            "note": "",
            "decided": "",
            "codebook": suggestion.codebook,
            "why": why,
            "shown": None,
            "seconds": None,
            "model_id": suggestion.model_id,
            "score": round(suggestion.score, 4),
        }
    return row
