"""What coders said of a study before they knew what others had said of it.

Once all who code a study blindly are done with it, it is revealed to them. What a coder decides on it afterwards is no
independent judgement: agreement between coders is computed from what stood before.
"""

from __future__ import annotations

from collections.abc import Iterable

from annotations.decision import Decision, Mark
from annotations.log.schema import Entry
from annotations.log.view import Newest


def independent(entries: Iterable[Entry]) -> tuple[tuple[Decision, ...], tuple[Mark, ...]]:
    """The decisions and marks of a log, in its order, as they counted when each study was revealed to their coder.

    Rulings and the published coding are nobody's blind judgements, and all of them count.
    """
    decisions, marks = Newest[Decision](), Newest[Mark]()
    revealed: set[tuple[str, str]] = set()
    for entry in entries:
        what = entry.what
        if isinstance(what, Mark):
            if what.kind == "revealed" and what.on:
                revealed.add((what.coder, what.source_id))
            if what.kind == "revealed" or (what.coder, what.source_id) not in revealed:
                marks.take(what)
        elif isinstance(what, Decision) and (what.role != "coder" or (what.coder, what.source_id) not in revealed):
            decisions.take(what)
    return (
        tuple(decision for decision in decisions.all() if decision.counts),
        tuple(mark for mark in marks.all() if mark.on),
    )


def was_revealed(marks: Iterable[Mark], coder: str, source_id: str) -> bool:
    """Whether a study has been revealed to a coder."""
    return any(m.kind == "revealed" and m.on and (m.coder, m.source_id) == (coder, source_id) for m in marks)
