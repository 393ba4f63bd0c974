"""How the decision log and the agreement bear a large review: `python -m bench.record [SQLAlchemy URL]`.

20,000 decisions of eight coders on 5,000 passages; then one decision after the other on top, what counts now, and every
coefficient with 1,000 bootstrap draws. With no URL, SQLite in a temporary folder, each decision written through to
the disk. Times are of this process; read them as ratios on a machine that others use.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from statistics import median
from typing import TypeVar

import numpy as np

from annotations.agreement.intercoder_agreement import SCALES, agreements, disagreements
from annotations.agreement.ratings import passage_ratings
from annotations.anchor import anchored_all
from annotations.decision import Anchor, Decision
from annotations.log.decision_log import DecisionLog
from extract.document import Box, Document, Page, Passage

T = TypeVar("T")
THEMES = ("GW", "IF", "TI", "FS", "DIG", "CGL", "COV", "REC")
STUDIES, PASSAGES, CODERS, SINGLE = 25, 200, 8, 300


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        log = DecisionLog(sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/annotations.db")
        documents = {f"study-{n}": _document(n) for n in range(STUDIES)}
        decisions = _decisions(documents)
        print(
            f"{len(decisions)} decisions on {STUDIES * PASSAGES} passages, {CODERS} coders, {log.engine.dialect.name}"
        )
        _timed("recorded in one batch", lambda: log.record(decisions))
        one, acknowledged = decisions[0], []
        for number in range(SINGLE):
            started = time.perf_counter()
            log.record([Decision("study-0", "GW", 1, f"late-{number}", anchor=one.anchor)], key=str(number))
            acknowledged.append(time.perf_counter() - started)
        print(f"{1000 * median(acknowledged):9.1f} ms  one decision on top, median of {SINGLE}")
        print(f"{1000 * max(acknowledged):9.1f} ms  the slowest of them")
        _timed("current(), the first time", log.current)
        _timed("current(), again", log.current)
        fresh = log.current()
        placed = _timed("all of them found in their texts", lambda: anchored_all(fresh, documents))
        ratings = _timed("as ratings", lambda: passage_ratings(placed, [], documents, themes=THEMES))
        eight = ratings.only([f"coder-{n}" for n in range(CODERS)])
        for scale in SCALES:
            _timed(f"agreement on {scale}, all eight, 1,000 draws", lambda: agreements(eight, scale=scale))  # noqa: B023
        two = ratings.only(["coder-0", "coder-1"])
        _timed("agreement on strength, two, 1,000 draws", lambda: agreements(two, scale="strength"))
        _timed("the disagreements", lambda: list(disagreements(eight)))
        log.close()


def _document(study: int) -> Document:
    words = [f"Sentence {n} of study {study} says that funds reached the offices late." for n in range(PASSAGES)]
    starts = np.cumsum([0, *(len(w) + 1 for w in words)])
    passages = tuple(
        Passage(f"{study}-{n}", text, ((int(at), int(at) + len(text)),), (Box(n // 10 + 1, 0, 0, 9, 9),))
        for n, (text, at) in enumerate(zip(words, starts, strict=False))
    )
    pages = (Page(1, "1", 9, 9, True),)
    return Document(f"{study:064d}", "x", "read", pages=pages, text=" ".join(words), passages=passages)


def _decisions(documents: dict[str, Document]) -> list[Decision]:
    """Four decisions on every passage, by two of the coders."""
    drawn = np.random.default_rng(7)
    made = []
    for source_id, document in documents.items():
        for passage in document.passages:
            anchor = Anchor(passage.text, passage.page, passage.id, sha256=document.sha256)
            truth = drawn.integers(0, 3, 2)
            for coder in drawn.choice(CODERS, 2, replace=False):
                for theme, value in zip(drawn.choice(THEMES, 2, replace=False), truth, strict=True):
                    said = int(value) if drawn.random() < 0.8 else int(drawn.integers(0, 3))
                    made.append(
                        Decision(source_id, str(theme), said, f"coder-{coder}", anchor=anchor, decided="2026-03-01")  # type: ignore[arg-type]
                    )
    return made


def _timed(what: str, work: Callable[[], T]) -> T:
    started = time.perf_counter()
    made = work()
    print(f"{1000 * (time.perf_counter() - started):9.1f} ms  {what}")
    return made


if __name__ == "__main__":
    main()
