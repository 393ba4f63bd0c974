"""Where each record of a review stands after what its screeners said of it.

Several people may screen a record, none of them seeing what the others said. Who would keep it (include, maybe) and who
would leave it out differ: an adjudicator rules, or one of them changes their mind knowing what the other said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from annotations.decision import Screened, ScreeningStage, ScreeningVerdict
from corpus.errors import JaizaError

STAGES: tuple[ScreeningStage, ...] = ("abstract", "full text")
Standing = Literal["waiting", "include", "maybe", "exclude", "conflict"]
KEPT: frozenset[Standing] = frozenset({"include", "maybe"})


@dataclass(frozen=True, slots=True)
class ScreenedRecord:
    """One record at one stage of screening."""

    source_id: str
    said: tuple[Screened, ...] = ()  # a screener each, in the order of the log
    ruling: Screened | None = None  # an adjudicator's, which stands in the place of what was said
    elsewhere: ScreeningVerdict | Literal[""] = ""  # decided in another program, before the record came here
    needed: int = 1  # screeners

    @property
    def standing(self) -> Standing:
        """What it comes to. Two who differ on include and maybe both keep it: with "include" it goes on."""
        if self.ruling and self.ruling.verdict:
            return self.ruling.verdict
        if not self.said and self.elsewhere in ("include", "exclude"):
            return self.elsewhere
        if len(self.said) < self.needed:
            return "waiting"
        verdicts = {one.verdict for one in self.said}
        if "exclude" in verdicts:
            return "exclude" if len(verdicts) == 1 else "conflict"
        return "include" if "include" in verdicts else "maybe"

    @property
    def reason(self) -> str:
        """Of one that is left out: the reason that was given first; "" where none was."""
        if self.standing != "exclude":
            return ""
        said = [self.ruling] if self.ruling else [one for one in self.said if one.verdict == "exclude"]
        return next((one.reason for one in said if one and one.reason), "")

    def of(self, coder: str) -> Screened | None:
        """What `coder` said of it; None where nothing."""
        return next((one for one in self.said if one.coder == coder), None)

    def waits_for(self, coder: str) -> bool:
        """Is it still to be screened, and may it be `coder` who does it?"""
        return self.standing == "waiting" and self.of(coder) is None

    def others(self, coder: str) -> tuple[Screened, ...]:
        """What others than `coder` said and may be seen: nothing before all who are needed have said it."""
        return () if self.standing == "waiting" else tuple(one for one in self.said if one.coder != coder)

    @property
    def is_kept(self) -> bool:
        """Does it go on, or may it? One in dispute counts as if it did: rather too careful than too sure."""
        return self.standing in KEPT or self.standing == "conflict"


def screen_records(
    records: Iterable[str],
    verdicts: Iterable[Screened],
    *,
    stage: ScreeningStage = "abstract",
    needed: int = 1,
    elsewhere: Mapping[str, ScreeningVerdict] | None = None,
) -> dict[str, ScreenedRecord]:
    """Where each of `records` (ids of sources) stands at a stage, in their order; `verdicts` are those that count."""
    said: dict[str, list[Screened]] = defaultdict(list)
    rulings: dict[str, Screened] = {}
    for one in verdicts:
        if one.stage != stage or not one.verdict:
            continue
        if one.role == "adjudicator":
            rulings[one.source_id] = one
        else:
            said[one.source_id].append(one)
    before = elsewhere or {}
    return {
        record: ScreenedRecord(record, tuple(said.get(record, ())), rulings.get(record), before.get(record, ""), needed)
        for record in records
    }


def last_of(history: Sequence[Screened], coder: str, stage: ScreeningStage) -> tuple[Screened, ...]:
    """What `coder` said last at a stage and has not taken back, to be taken back with `taking_back`.

    Of a group that was screened at once it is all of it: these were decided in the same moment.
    """
    standing: dict[str, Screened] = {}
    for one in history:
        if (one.coder, one.stage, one.role) == (coder, stage, "coder"):
            standing.pop(one.source_id, None)  # so that the newest stands last
            if one.verdict:
                standing[one.source_id] = one
    last = next(reversed(standing.values()), None)
    if last is None or not last.decided:
        return (last,) if last else ()
    return tuple(one for one in standing.values() if one.decided == last.decided)


def screened_by(
    coder: str,
    record: ScreenedRecord,
    verdict: ScreeningVerdict | Literal[""],
    *,
    stage: ScreeningStage,
    decided: str,
    reason: str = "",
    note: str = "",
) -> Screened:
    """What a screener says of a record; "" takes it back. JaizaError: it is settled by a ruling."""
    if record.ruling:
        raise JaizaError("somebody has ruled on this record: it is settled")
    informed = bool(record.others(coder))
    return Screened(
        record.source_id, verdict, coder, stage, reason=reason, note=note, informed=informed, decided=decided
    )


def taking_back(said: Screened, *, decided: str) -> Screened:
    """The event that takes a verdict back."""
    return replace(said, verdict="", reason="", note="", score=None, seconds=None, decided=decided)


def in_order_screened(records: Mapping[str, ScreenedRecord]) -> list[ScreenedRecord]:
    """The records that were screened here and by enough people, in the order in which that was done."""
    done = [one for one in records.values() if one.standing != "waiting" and (one.said or one.ruling)]
    return sorted(done, key=lambda one: max(said.number for said in one.said) if one.said else 0)
