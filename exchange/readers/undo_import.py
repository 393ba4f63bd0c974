"""Taking back what was brought in from a file: the log only grows, so that this is one more act in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from annotations.decision import Decision, place
from annotations.log.decision_log import DecisionLog, Recorded
from annotations.log.schema import Entry

UNDO = "undo: "  # before the name of the file, as the origin of the events that take its codings back
_PEOPLE = ("coder", "adjudicator")


def undo_import(log: DecisionLog, name: str) -> Recorded | None:
    """Take back what was last brought in from the file called `name`, in one transaction; None where nothing is left
    of it. What counted at a place before counts again; what was decided there since stays."""
    entries = [entry for entry in log.entries() if isinstance(entry.what, Decision)]
    newest = {place(entry.what): entry.event_id for entry in entries}
    standing = [entry for entry in entries if _from_file(entry, name) and newest[place(entry.what)] == entry.event_id]
    if not standing:
        return None
    act = standing[-1].recorded
    taken_back = {entry.event_id for entry in standing if entry.recorded == act}
    back: list[Decision] = []
    before: dict[tuple[str, ...], Decision] = {}
    for entry in entries:
        what = entry.what
        if not isinstance(what, Decision):
            continue
        if entry.event_id in taken_back:
            earlier = before.get(place(what)) or replace(what, value=None, note="")
            back.append(replace(earlier, origin=UNDO + name, act="", follows=""))
        before[place(what)] = what
    return log.record(back, key=f"{UNDO}{name} {act}")


def record_import(log: DecisionLog, decisions: Sequence[Decision], name: str) -> Recorded:
    """Record what a file brings, in one transaction. After an undo the very same decisions are to count again, though
    the log holds them already: then those that do not count now are recorded under a key of their own."""
    acts = sum(decision.origin == UNDO + name for decision in log.history())
    if not acts:
        return log.record(decisions)
    counts = {place(decision): (decision.value, decision.note) for decision in log.current()}
    again = [one for one in decisions if counts.get(place(one)) != (one.value, one.note)]
    digest = hashlib.sha256(repr(again).encode("utf-8", "backslashreplace")).hexdigest()
    recorded = log.record(again, key=f"import: {name} {digest} {acts}")
    return Recorded(recorded.added, len(decisions) - recorded.added)


def _from_file(entry: Entry, name: str) -> bool:
    what = entry.what
    return isinstance(what, Decision) and what.origin == name and what.role in _PEOPLE and what.value is not None
