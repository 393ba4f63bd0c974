"""What became of the text of each source, as it is kept in the log: the first, another edition, read in another way.

Two things hang on it. `jaiza runs diff` says why a cell has changed. And the draw of who codes what: a passage is its
words, so that a stamped file or a moved page leaves it what it was; where an edition changes a passage's words, the
one that is most like it takes its place in the draw; and a review begun when passages were numbered by the bytes of
their file keeps the draw it had.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

import sqlalchemy as sa
from rapidfuzz import fuzz

from annotations.anchor import FOUND, fold
from annotations.log.database import reading, writing
from annotations.log.decision_log import DecisionLog
from annotations.log.schema import TEXTS
from annotations.log.storing import STEP, last_number
from extract.document import Document, Passage
from extract.passage_id import passage_ids

TextKind = Literal["first", "same words", "edition", "read anew"]
_BY_BYTES = re.compile(r"[0-9a-f]{12}-\d+-\d+")  # how passages were named before: hash of the file, and place
_FEWEST = 40  # letters of a passage that may be a part of another by more than chance


@dataclass(frozen=True, slots=True)
class TextEvent:
    """The text of a source as it is from here on."""

    source_id: str
    sha256: str  # of the file
    extractor: str
    words: str  # a hash over the ids of its passages
    kind: TextKind
    drawn: Mapping[str, str]  # passage id -> what stands for it in the draw, where that is not its id
    recorded: str = ""  # ISO 8601, UTC
    number: int = 0


def text_events(log: DecisionLog) -> dict[str, list[TextEvent]]:
    """What became of the text of each source, oldest first, by source id."""
    found: dict[str, list[TextEvent]] = {}
    with reading(log.engine) as connection:
        for row in connection.execute(sa.select(TEXTS).order_by(TEXTS.c.seq)):
            made = TextEvent(
                row.source_id,
                row.sha256,
                row.extractor,
                row.words,
                row.kind,
                json.loads(row.drawn),
                row.recorded,
                row.number,
            )
            found.setdefault(row.source_id, []).append(made)
    return found


def record_text(log: DecisionLog, event: TextEvent) -> TextEvent:
    """Add `event` to the log, unless somebody else has just added the same; as it stands there."""
    with writing(log.engine, TEXTS) as connection:
        query = sa.select(TEXTS).where(TEXTS.c.source_id == event.source_id).order_by(TEXTS.c.seq.desc())
        last = connection.execute(query.limit(1)).first()
        if last and (last.sha256, last.extractor, last.words) == (event.sha256, event.extractor, event.words):
            return replace(event, recorded=last.recorded, number=last.number)
        content = [event.source_id, event.sha256, event.extractor, event.words, last.event_id if last else ""]
        row = {
            "event_id": hashlib.sha256(json.dumps(["text", *content]).encode()).hexdigest(),
            "recorded": datetime.now(UTC).isoformat(timespec="microseconds"),
            "number": last_number(connection, [TEXTS]) + STEP,
            **{name: getattr(event, name) for name in ("source_id", "sha256", "extractor", "words", "kind")},
            "drawn": json.dumps(dict(event.drawn)),
        }
        connection.execute(sa.insert(TEXTS).values(**row))
        return replace(event, recorded=str(row["recorded"]), number=int(row["number"]))


def drawn_as(events: Mapping[str, Iterable[TextEvent]]) -> dict[tuple[str, str], str]:
    """(source, passage id) -> what stands for the passage in the draw, where that is not its id."""
    return {
        (source_id, passage): unit
        for source_id, own in events.items()
        for event in own
        for passage, unit in event.drawn.items()
    }


def new_text(
    source_id: str, document: Document, before: Sequence[TextEvent], earlier: Document | None = None
) -> TextEvent:
    """The event of a text that is not what it was. `before` are the earlier ones, and `earlier` the text as it was by
    the last of them, where it is still there."""
    words, last = words_of(document), before[-1] if before else None
    if last is None:
        kind: TextKind = "first"
    elif words == last.words:
        kind = "same words"
    else:
        kind = "edition" if document.sha256 != last.sha256 else "read anew"
    units = {passage: unit for event in before for passage, unit in event.drawn.items()}
    drawn = _inherited(earlier, document, units) if earlier and kind in ("edition", "read anew") else {}
    return TextEvent(source_id, document.sha256, document.extractor, words, kind, drawn)


def words_of(document: Document) -> str:
    """A short hash of the words of a text, passage by passage."""
    return hashlib.sha256(json.dumps([passage.id for passage in document.passages]).encode()).hexdigest()[:16]


def carried_over(source_id: str, document: Document) -> TextEvent:
    """The first event of a text in a review that was begun when passages were named by the bytes of their file.

    `document` is the text as it was read then, or now of the same file.
    """
    ids = passage_ids(passage.text for passage in document.passages)
    drawn = {new: _by_bytes(document, passage) for new, passage in zip(ids, document.passages, strict=True)}
    words = hashlib.sha256(json.dumps(list(drawn)).encode()).hexdigest()[:16]
    return TextEvent(source_id, document.sha256, document.extractor, words, "first", drawn)


def named_by_bytes(document: Document) -> bool:
    """Whether the text was read by a version that named passages by the bytes of their file."""
    return any(_BY_BYTES.fullmatch(passage.id) for passage in document.passages[:1])


def _by_bytes(document: Document, passage: Passage) -> str:
    """The id that the passage had when passages were named by the bytes of their file."""
    if _BY_BYTES.fullmatch(passage.id):
        return passage.id
    start, end = passage.whole_span
    return f"{document.sha256[:12]}-{start}-{end}"


def _inherited(earlier: Document, document: Document, units: Mapping[str, str]) -> dict[str, str]:
    """What stands in the draw for passages that are new in `document`, by the one of those gone that is most alike."""
    before = dict(zip(passage_ids(p.text for p in earlier.passages), earlier.passages, strict=True))
    now = {passage.id for passage in document.passages}
    gone = {old: fold(passage.text) for old, passage in before.items() if old not in now}
    found: dict[str, str] = {}
    for passage in document.passages:
        if passage.id in before or not gone:
            continue
        text = fold(passage.text)
        score, old = max((_likeness(text, other), old) for old, other in gone.items())
        if score >= FOUND:
            found[passage.id] = units.get(old, old)
    return found


def _likeness(text: str, other: str) -> float:
    """Per cent of letters that agree in order; of the shorter of the two, where it is long enough to be a part."""
    enough = min(len(text), len(other)) >= _FEWEST
    ratio: Callable[[str, str], float] = fuzz.partial_ratio if enough else fuzz.ratio
    return ratio(text, other)
