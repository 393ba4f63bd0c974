"""What people hold of a review as it stands: the log read under today's codebook and in today's texts.

The log keeps what was decided, of which words, under which theme. Between it and the matrix lie: codes of one's own,
which count under a theme; themes that were merged, renamed or split since; words that stand elsewhere or otherwise
now; and what an edition has overtaken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from annotations.agreement.assignment import Assignment
from annotations.anchor import Finder
from annotations.codebook_changes import Recoding, recoded
from annotations.codes import place_codes
from annotations.decision import Code, Decision, Mark
from annotations.finishing import study_state, without_overtaken_zeros
from annotations.following import without_replaced
from extract.document import Document
from models.codebook.codebook import Codebook


@dataclass(frozen=True, slots=True)
class StandingLog:
    """The decisions and marks of a review as they count today, in the order of the log."""

    decisions: tuple[Decision, ...]
    marks: tuple[Mark, ...]


def standing(
    decisions: Sequence[Decision],
    marks: Sequence[Mark],
    codes: Iterable[Code],
    documents: Mapping[str, Document],
    *,
    codebook: Codebook,
    changes: Sequence[Recoding],
    assignment: Assignment,
) -> StandingLog:
    """What `DecisionLog.current()`, `.marks()` and `.codes()` come to.

    `documents` are keyed by source id; one text is asked for at a time. Decisions are anchored in them, under the
    themes of `codebook`; one in whose place a later one stands is left out, and so is a 0 that followed from being
    done with a study whose text has grown since, or of which passages had not been shown.
    """
    placed = recoded(place_codes(decisions, codes), changes, codebook)
    by_source: dict[str, tuple[list[Decision], list[Mark]]] = defaultdict(lambda: ([], []))
    for decision in placed:
        by_source[decision.source_id][0].append(decision)
    for mark in marks:
        by_source[mark.source_id][1].append(mark)
    found, noted = list[Decision](), list[Mark]()
    for source_id, (own, own_marks) in by_source.items():
        if source_id in documents:
            document = documents[source_id]
            finder = Finder(document)
            own = without_replaced([finder.anchored(decision) for decision in own], document)
            own_marks = [finder.anchored(mark) for mark in own_marks]
            own = without_overtaken_zeros(own, own_marks, {source_id: document}, assignment=assignment)
        found += own
        noted += own_marks
    return StandingLog(
        tuple(sorted(found, key=lambda decision: decision.number)), tuple(sorted(noted, key=lambda mark: mark.number))
    )


def reopened(
    now: StandingLog,
    documents: Mapping[str, Document],
    assignment: Assignment,
    codebook: Codebook,
    changes: Sequence[Recoding],
) -> Iterator[tuple[str, str, str]]:
    """Study, coder and what is new, of the studies to which something has come since one of their coders was done, or
    whose decisions have lost their words."""
    for source_id in dict.fromkeys(mark.source_id for mark in now.marks if mark.kind == "done"):
        own = [decision for decision in now.decisions if decision.source_id == source_id]
        marks = [mark for mark in now.marks if mark.source_id == source_id]
        document = documents.get(source_id)
        for coder in sorted({mark.coder for mark in marks if mark.kind == "done"}):
            state = study_state(
                coder, source_id, document, own, marks, assignment=assignment, codebook=codebook, changes=changes
            )
            if state.news:
                yield source_id, coder, state.news
