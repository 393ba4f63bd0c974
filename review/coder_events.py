"""What a coder does on the page, turned into the events of the decision log. Pure: nothing is stored here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast

from annotations.decision import Anchor, Decision, Mark, MarkKind, place
from annotations.log.acts import ORIGIN as UNDO
from annotations.log.reviewers import ReviewerRole
from models.codebook.codebook import Codebook
from models.suggestion import Suggestion
from review.review_state import DONE, ORIGIN, Own

Value = Literal[0, 1, 2]
_FROM_DONE = (DONE, UNDO, "review page, undo")  # the last is what logs of older versions have
SAID = {0: "rejected", 1: "mentioned", 2: "with evidence"}


@dataclass(frozen=True, slots=True)
class Moment:
    """Who decides, when, under which codebook, and how."""

    coder: str
    decided: str  # ISO 8601 with microseconds: the key of the act, too
    codebook: Codebook
    note: str = ""
    shown: bool | None = None
    seconds: float | None = None
    role: ReviewerRole = "coder"  # what they may do, and so what they may see of others' work


def judged(
    moment: Moment, source_id: str, theme: str, value: Value | None, anchor: Anchor, suggestion: Suggestion | None
) -> Decision:
    """A judgement of a passage; `suggestion` is the machine's, seen or not."""
    return Decision(
        source_id,
        theme,
        value,
        moment.coder,
        anchor=anchor,
        note=moment.note,
        decided=moment.decided,
        codebook=moment.codebook.revision,
        origin=ORIGIN,
        model_id=suggestion.model_id if suggestion else "",
        score=suggestion.score if suggestion else None,
        shown=moment.shown if suggestion else None,
        seconds=moment.seconds,
    )


def marked(moment: Moment, source_id: str, kind: MarkKind, *, theme: str = "", anchor: Anchor | None = None) -> Mark:
    """A mark on a passage, or on the study."""
    return Mark(
        source_id, kind, moment.coder, theme=theme, anchor=anchor, note=moment.note if kind == "unsure" else "",
        decided=moment.decided, codebook=moment.codebook.revision,
    )  # fmt: skip


def settling(own: Own, moment: Moment, source_id: str, theme: str, anchor: Anchor) -> list[Mark]:
    """The marks that follow from a decision on a passage: it was seen, and is no longer put off."""
    found = []
    if ("seen", anchor.passage_id, "") not in own.marks and anchor.passage_id:
        found.append(marked(moment, source_id, "seen", anchor=anchor))
    for kind in ("unsure", "skipped", "look again"):
        for about in (theme, ""):
            mark = own.marks.get((kind, anchor.passage_id, about))
            if mark:
                found.append(replace(mark, on=False, note="", decided=moment.decided))
    return found


def completing(
    own: Own, moment: Moment, source_id: str, *, made: list[Decision], done: bool, themes: Mapping[str, str]
) -> list[Decision]:
    """The judgements on the study that go with `done`, given what is being `made` of its passages just now. `themes`
    says under which theme each code of people's own stands.

    In a finished study a theme without a positive passage is not discussed (0). A theme with one must not be: the
    coder's own 0 is taken back, so that it does not overrule the passage. In an open study every 0 that came from
    finishing it is taken back. Other judgements on the study stay.
    """
    passages = {place(d): d for d in own.decisions if d.anchor} | {place(d): d for d in made if d.anchor}
    positive = {themes.get(decision.theme, decision.theme) for decision in passages.values() if decision.value}
    on_study = {d.theme: d for d in own.study.values()} | {d.theme: d for d in made if d.anchor is None}
    found = []
    for theme in moment.codebook.codes:
        stands = on_study.get(theme)
        value = stands.value if stands else None
        if done and theme not in positive and value is None and not (stands and stands.not_known):
            found.append(
                Decision(
                    source_id,
                    theme,
                    0,
                    moment.coder,
                    decided=moment.decided,
                    codebook=moment.codebook.revision,
                    origin=DONE,
                )
            )
        elif stands and value == 0 and (theme in positive or (not done and stands.origin in _FROM_DONE)):
            found.append(replace(stands, value=None, note="", decided=moment.decided, origin=DONE))
    return found


def value_of(given: object, *, allowed: Mapping[int, str] = SAID) -> Value:
    """`given` as a value; ValueError names those there are."""
    if isinstance(given, bool) or given not in allowed:
        raise ValueError(f"the value must be one of {', '.join(map(str, allowed))}, not {str(given)[:20]}")
    return cast(Value, given)
