"""What a coder does on the page, turned into the events of the decision log. Pure: nothing is stored here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from annotations.codebook_changes import Recoding
from annotations.decision import DONE, Anchor, Code, Decision, Mark, MarkKind
from annotations.finishing import completing, themes_covered
from annotations.log.acts import ORIGIN as UNDO
from annotations.log.reviewers import ReviewerRole
from models.codebook.codebook import Codebook
from models.suggestion import Suggestion
from review.review_state import ORIGIN, Own

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
        source_id,
        kind,
        moment.coder,
        theme=theme,
        anchor=anchor,
        note=moment.note if kind == "unsure" else "",
        decided=moment.decided,
        codebook=moment.codebook.revision,
    )


def settling(own: Own, moment: Moment, source_id: str, theme: str, anchor: Anchor) -> list[Mark]:
    """The marks that follow from a decision on a passage: it was seen, and is no longer put off."""
    found = []
    if ("seen", anchor.passage_id, "") not in own.marks and anchor.passage_id:
        found.append(marked(moment, source_id, "seen", anchor=anchor))
    for kind in ("unsure", "skipped", "look again"):
        for about in (theme, ""):
            # As it was recorded: its words may stand elsewhere now, and it is taken back where it was set.
            mark = own.recorded.get((kind, anchor.passage_id, about))
            if mark:
                found.append(replace(mark, on=False, note="", decided=moment.decided))
    return found


def following_from(
    own: Own,
    moment: Moment,
    source_id: str,
    made: Sequence[Decision],
    codes: Iterable[Code],
    *,
    done: Mark | None,
    changes: Sequence[Recoding] = (),
) -> list[Decision]:
    """The judgements on the study that follow from `made`, and from its being finished by the mark `done`: see
    `completing`."""
    if done is None and not own.study and all(decision.anchor for decision in made):
        return []  # nothing was said of the study as a whole: nothing there to be taken back
    return completing(
        own.decisions,
        made,
        source_id=source_id,
        coder=moment.coder,
        codebook=moment.codebook,
        decided=moment.decided,
        done=done is not None,
        all_shown=done is not None and not done.not_shown,
        codes=codes,
        undoable=_FROM_DONE,
        changes=changes,
        covered=themes_covered(done, changes, moment.codebook) if done else None,
    )


def value_of(given: object, *, allowed: Mapping[int, str] = SAID) -> Value:
    """`given` as a value; ValueError names those there are."""
    if not isinstance(given, int) or isinstance(given, bool) or given not in allowed:
        raise ValueError(f"the value must be one of {', '.join(map(str, allowed))}, not {str(given)[:20]}")
    return cast(Value, given)
