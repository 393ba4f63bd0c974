"""Where coders differ, side by side, the rulings on it, and who was overruled and why.

A ruling is one more event of the log, by an adjudicator, on the same place and theme. What the coders decided stays.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from annotations.agreement.intercoder_agreement import Scale, disagreements
from annotations.agreement.ratings import Level, Place, Ratings, identity, identity_of
from annotations.decision import Anchor, Decision
from corpus.errors import JaizaError

ORIGIN = "adjudication"
_ID = 8  # hex digits of a dispute's id


@dataclass(frozen=True, slots=True)
class Side:
    """What one coder holds."""

    coder: str
    value: int
    # None: they left the theme out of a passage that was shown to them, or of the study.
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    """A place and theme on which coders differ."""

    id: str  # stays the same as long as the place does; for naming it in a command
    level: Level
    place: Place
    theme: str
    scale: Scale  # the coarsest on which they differ: presence, or only strength
    sides: tuple[Side, ...]
    ruling: Decision | None = None  # the latest that counts

    @property
    def overruled(self) -> tuple[Side, ...]:
        """Those whose value is not the one that was ruled."""
        ruled = self.ruling.value if self.ruling else None
        return tuple(side for side in self.sides if ruled is not None and side.value != ruled)


def disputes(coders: Ratings, decisions: Sequence[Decision]) -> tuple[Dispute, ...]:
    """Every disagreement in `coders`, ruled on or not, in the order of the places. Of studies only those on which
    somebody judged the study as a whole: where passages alone make the difference, the passages are what to rule on.

    `decisions` are those that count now, anchored as they were for `coders`.
    """
    study = coders.level == "study"
    made: dict[tuple[tuple[str, ...], str], list[Decision]] = defaultdict(list)
    for decision in decisions:
        if (decision.anchor is None) is study:
            made[identity_of(decision), decision.theme].append(decision)
    found = []
    for one in disagreements(coders):
        about = made.get((identity(one.place), one.theme), [])
        rulings = sorted((d for d in about if d.role == "adjudicator"), key=lambda d: d.number)
        if study and not any(d.role == "coder" for d in about):
            continue
        found.append(
            Dispute(
                id=_id(coders.level, one.place, one.theme),
                level=coders.level,
                place=one.place,
                theme=one.theme,
                scale=one.scale,
                sides=tuple(Side(coder, value, _said(coder, value, about)) for coder, value in one.ratings),
                ruling=rulings[-1] if rulings else None,
            )
        )
    return tuple(found)


def ruling(
    dispute: Dispute, value: Literal[0, 1, 2], *, because: str, by: str, codebook: str, decided: str = ""
) -> Decision:
    """The decision that settles a dispute. `codebook` is the revision under which it is ruled.

    JaizaError: no reason was given, or the adjudicator is one of the coders who differ.
    """
    if not because.strip():
        raise JaizaError("a ruling needs its reason: those who are overruled will read it")
    if by in [side.coder for side in dispute.sides]:
        raise JaizaError(f"{by} is one of those who differ: somebody else has to rule")
    anchors = [side.decision.anchor for side in dispute.sides if side.decision and side.decision.anchor]
    place = dispute.place
    anchor = None
    if dispute.level == "passage":
        anchor = anchors[0] if anchors else Anchor(place.quote, place.page, place.passage_id)
    return Decision(
        source_id=place.source_id,
        theme=dispute.theme,
        value=value,
        coder=by,
        role="adjudicator",
        anchor=anchor,
        note=because.strip(),
        decided=decided or datetime.now(UTC).isoformat(timespec="microseconds"),
        codebook=codebook,
        origin=ORIGIN,
    )


def after_rulings(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """`decisions` without the coders' judgements of passages on which an adjudicator has ruled, which stands in their
    place: for what a study adds up to. The record itself keeps them."""
    ruled = {(identity_of(d), d.theme) for d in decisions if d.role == "adjudicator" and d.anchor}
    return tuple(
        d for d in decisions if not (d.role == "coder" and d.anchor and ruled and (identity_of(d), d.theme) in ruled)
    )


def _said(coder: str, value: int, about: Iterable[Decision]) -> Decision | None:
    """The decision by which `coder` holds `value`: the latest of theirs that says so."""
    own = [d for d in about if d.coder == coder and d.role == "coder" and d.value == value]
    return max(own, key=lambda d: d.number) if own else None


def _id(level: str, place: Place, theme: str) -> str:
    return hashlib.sha256(json.dumps([level, *identity(place), theme]).encode()).hexdigest()[:_ID]
