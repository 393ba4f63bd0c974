"""How far the review is: suggestions reviewed, accepted, and what share of the true codes has been found at least."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotations.decision import Decision, Mark
from annotations.progress.stopping_rule import POINTS, WINDOWS, RecallEstimate, recall_estimate
from models.suggestion import Suggestion

Key = tuple[str, str]  # passage id, theme
RICHER = 0.02  # mean probability by which what is left may exceed what was reviewed last: two decimals are noise


@dataclass(frozen=True, slots=True)
class ReviewProgress:
    """How far a study, or the whole review, is."""

    source_id: str  # empty: the whole review
    suggestions: int
    reviewed: int
    accepted: int
    recall: RecallEstimate
    left: float | None  # mean probability of what is left; None where nothing is
    last: float | None  # mean probability of what was reviewed last

    @property
    def holds(self) -> bool:
        """Does the bound hold: is what is left no likelier to hold codes than what was reviewed last?"""
        return self.left is None or (self.last is not None and self.left <= self.last + RICHER)


@dataclass(frozen=True, slots=True)
class _Reviewed:
    number: int  # place in the order of the log
    at: int  # place among the decisions given, for those that are not of a log
    accepted: bool
    score: float


def coverage(
    suggestions: Mapping[str, Sequence[Suggestion]],
    decisions: Sequence[Decision],
    marks: Sequence[Mark],
    *,
    confidence: float = 0.95,
    target: float = 0.95,
) -> tuple[ReviewProgress, tuple[ReviewProgress, ...]]:
    """The whole review, and every study in the order of `suggestions` (by source id).

    `decisions` and `marks` are what counts now, anchored in the texts as they are. A suggestion is reviewed when
    somebody judged that theme in that passage, or saw the passage, or finished the study; it is accepted when an
    adjudicator's ruling, or else any coder, gave it a value above 0.
    """
    judged: dict[tuple[str, str, str], list[tuple[int, Decision]]] = {}
    for number, decision in enumerate(decisions):
        if decision.anchor and decision.anchor.passage_id and decision.role != "published":
            key = (decision.source_id, decision.anchor.passage_id, decision.theme)
            judged.setdefault(key, []).append((number, decision))
    looked: dict[str, list[Mark]] = {}
    for mark in marks:
        if mark.on and (mark.kind == "done" or (mark.kind == "seen" and mark.anchor)):
            looked.setdefault(mark.source_id, []).append(mark)
    studies, everything, open_ = [], list[_Reviewed](), list[float]()
    for source_id, asked in suggestions.items():
        done, left = _reviewed(source_id, asked, judged, _seen(asked, looked.get(source_id, ())))
        studies.append(_coverage(source_id, done, left, confidence, target, points=0))
        everything += done
        open_ += left
    return _coverage("", everything, open_, confidence, target, points=POINTS), tuple(studies)


def _seen(asked: Sequence[Suggestion], marks: Sequence[Mark]) -> dict[str, int]:
    """Passage id -> where in the log somebody first said that they had looked at it, of those asked about."""
    passages = {one.passage_id for one in asked}
    found: dict[str, int] = {}
    for mark in marks:
        for passage in mark.judged(passages) if not mark.anchor else [mark.anchor.passage_id]:
            found[passage] = min(found.get(passage, mark.number), mark.number)
    return found


def _reviewed(
    source_id: str,
    asked: Sequence[Suggestion],
    judged: Mapping[tuple[str, str, str], Sequence[tuple[int, Decision]]],
    seen: Mapping[str, int],
) -> tuple[list[_Reviewed], list[float]]:
    done, left = [], []
    for one in asked:
        here = judged.get((source_id, one.passage_id, one.theme), ())
        if here:
            rulings = [d for _, d in here if d.role == "adjudicator"]
            accepted = any(d.value for d in (rulings or [d for _, d in here]))
            done.append(_Reviewed(min(d.number for _, d in here), here[0][0], accepted, one.score))
        elif one.passage_id in seen:
            done.append(_Reviewed(seen[one.passage_id], len(judged), False, one.score))
        else:
            left.append(one.score)
    return done, left


def _coverage(
    source_id: str, done: Sequence[_Reviewed], left: Sequence[float], confidence: float, target: float, *, points: int
) -> ReviewProgress:
    ordered = sorted(done, key=lambda one: (one.number, one.at))
    last = [one.score for one in ordered][-max(1, round(len(ordered) * min(WINDOWS))) :]
    return ReviewProgress(
        source_id=source_id,
        suggestions=len(done) + len(left),
        reviewed=len(done),
        accepted=sum(one.accepted for one in done),
        recall=recall_estimate(
            [one.accepted for one in ordered],
            total=len(done) + len(left),
            confidence=confidence,
            target=target,
            points=points,
        ),
        left=sum(left) / len(left) if left else None,
        last=sum(last) / len(last) if last else None,
    )
