"""Coding any passages given as JSON lines: `jaiza suggest --passages in.jsonl --out out.jsonl`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from threadpoolctl import threadpool_limits

from corpus.errors import DataFileError
from models.suggest.calibrate import FEWEST_PASSAGES, own_thresholds
from models.suggest.score_counts import Counts, add_counts, count_scores
from models.theme_model.theme_model import BATCH, Model


def code_lines(model: Model, lines: Iterable[str], *, file: str = "passages") -> Iterator[str]:
    """One line of scores, proposed themes and reasons for every line {"id": ..., "text": ...}.

    {"id": "a", "scores": {"GW": 0.93, ...}, "themes": ["GW"],
     "reasons": {"GW": [{"text": "ghost beneficiaries", "weight": 0.81, "kind": "phrase", "rule_id": "GW.corruption"}]}}

    Thresholds are set on the passages themselves where there are enough of them (`review_calibration.own_threshold`).
    Of a passage of more than 60,000 characters the beginning is read. Empty lines are passed over. DataFileError
    names the first line that can't be read, before any is given out.
    """
    with threadpool_limits(limits=1):  # sums keep their order, and idle threads take no time
        yield from _code(model, list(read_lines(lines, file=file)))


def _code(model: Model, passages: Sequence[tuple[str, str]]) -> Iterator[str]:
    codes = model.codebook.codes
    if len(passages) >= FEWEST_PASSAGES:
        model = model.proposing_from(own_thresholds(model.card, model.aim, _count(model, passages)))
    rest = iter(passages)
    while chunk := list(islice(rest, BATCH)):
        (batch,) = model.batches([text for _, text in chunk])
        for row, (id_, _) in enumerate(chunk):
            themes = [code for column, code in enumerate(codes) if batch.proposed[row, column]]
            reasons = {
                theme: [
                    {"text": reason.text, "weight": reason.weight, "kind": reason.kind, "rule_id": reason.rule_id}
                    for reason in model.reasons(batch, row, theme)
                ]
                for theme in themes
            }
            scores = dict(zip(codes, batch.scores[row].tolist(), strict=True))
            coded = {"id": id_, "scores": scores, "themes": themes, "reasons": reasons}
            yield json.dumps(coded, ensure_ascii=False)


def _count(model: Model, passages: Sequence[tuple[str, str]]) -> dict[str, Counts]:
    """How many of the passages have which score, by theme."""
    found = [count_scores(batch.scores) for batch in model.batches(text for _, text in passages)]
    return {code: add_counts([counts[at] for counts in found]) for at, code in enumerate(model.codebook.codes)}


def read_lines(lines: Iterable[str], *, file: str) -> Iterator[tuple[str, str]]:
    """(id, text) of every line; DataFileError names the line with a mistake."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"line {number}"
        try:
            entry: Any = json.loads(line)
        except ValueError as error:
            raise DataFileError(file, where, f"not valid JSON: {error}", "Write one object a line") from None
        if not isinstance(entry, dict):
            raise DataFileError(file, where, "is not an object in braces { }", 'Write {"id": "...", "text": "..."}')
        if not isinstance(entry.get("id"), str) or not entry["id"]:
            raise DataFileError(file, f"{where}: id", "is missing or not text", "Give every passage an id in quotes")
        if not isinstance(entry.get("text"), str):
            raise DataFileError(file, f"{where}: text", "is missing or not text", 'Write "" for an empty passage')
        yield entry["id"], entry["text"]
