"""The history of a cell, a study or a coder, out of the record: every event, and whether it still counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from annotations.decision import Decision, Mark, place
from annotations.log.schema import Entry


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event of a history."""

    entry: Entry
    what: Decision | Mark  # of the entry
    counts: bool  # nothing later of the same coder stands in its place, and it takes nothing back


def history(
    entries: Sequence[Entry], *, source_id: str = "", themes: Collection[str] = (), coder: str = ""
) -> tuple[HistoryLine, ...]:
    """The events about a study, some themes, a coder, or all of these; in the order of the log.

    With `themes`, a mark on a passage that names none is left out, and "done", which bears on every theme, is not.
    """
    judged = [(entry, entry.what) for entry in entries if isinstance(entry.what, Decision | Mark)]
    newest = {place(what): entry.event_id for entry, what in judged}
    followed = {what.follows for _, what in judged if isinstance(what, Decision)}
    return tuple(
        HistoryLine(
            entry,
            what,
            newest[place(what)] == entry.event_id and entry.event_id not in followed and not _takes_back(what),
        )
        for entry, what in judged
        if (not source_id or what.source_id == source_id)
        and (not coder or what.coder == coder)
        and (not themes or what.theme in themes or (isinstance(what, Mark) and what.kind == "done"))
    )


def _takes_back(what: Decision | Mark) -> bool:
    return not what.counts if isinstance(what, Decision) else not what.on
