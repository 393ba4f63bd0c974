"""Storing what a coder decides: each act once, in the order it came, on disk before it is answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from annotations.decision import Decision, Mark
from corpus.errors import UnknownChoiceError
from review.anchors import of_passage, of_words
from review.auth import Session
from review.coder_events import Events, Moment, completing, judged, marked, settling, undoing, value_of
from review.context import ReviewContext, spoken
from review.pages.coding import CodingPage
from review.review_items import ReviewItem
from review.review_state import Event, Own

_KEY = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")
_LONGEST_NOTE = 4000
# A decision may come late, from a browser that had no connection for weeks; but not from the future.
_CLOCK_MAY_BE_OFF = timedelta(days=1)
_MOST_SECONDS = 24 * 3600.0
POSITIVE = {1: "mentioned", 2: "with evidence"}


class Deciding:
    """Its requests."""

    def __init__(self, room: ReviewContext, coding: CodingPage) -> None:
        self._room, self._coding = room, coding

    def act(self, request: Request, session: Session) -> Response:
        """Store one act, and answer with what to show next. An act that is known already is only answered."""
        given: Mapping[str, Any] = request.state.given
        standing = self._room.standing
        query = str(given.get("query", ""))
        moment = self._moment(given, session.coder)
        with standing.lock:
            standing.catch_up()
            at = self._at(given, session.coder)
            if standing.known(session.coder, moment.decided):  # sent again, for the answer to it was lost
                return self._coding.stored(session.coder, query, at, "Stored", stay=False)
            events, say, at, stay = self._events(str(given.get("act", "")), given, moment, at)
            if not events.decisions and not events.marks:
                return self._coding.stored(session.coder, query, at, say, stay=stay)
            self._room.standing.log.record(events.decisions, events.marks, key=f"{session.coder} {moment.decided}")
            standing.catch_up()
            return self._coding.stored(session.coder, query, at, say, stay=stay)

    def _events(
        self, act: str, given: Mapping[str, Any], moment: Moment, at: ReviewItem | None
    ) -> tuple[Events, str, ReviewItem | None, bool]:
        """What to store, what to say of it, what was acted on, and whether to stay there."""
        if act == "undo":
            return self._undo(moment, at)
        if act in ("done", "reopen"):
            return self._finish(act == "done", moment, at)
        if act in ("seen", "unsure", "skip"):
            return self._put_aside(act, moment, at)
        if act not in ("value", "change", "add", "words", "remove"):
            raise UnknownChoiceError("act", act[:20], ["value", "change", "add", "words", "remove", "undo", "done"])
        return self._judge(act, given, moment, at)

    def _judge(
        self, act: str, given: Mapping[str, Any], moment: Moment, at: ReviewItem | None
    ) -> tuple[Events, str, ReviewItem | None, bool]:
        shelf = self._room.shelf
        source_id = str(given.get("source", ""))
        document = shelf.document(source_id)
        own = self._room.standing.own(moment.coder, source_id)
        if act == "words":
            page, first, last = (_whole(given.get(name)) for name in ("page", "first", "last"))
            anchor = of_words(document, page, self._room.selection(source_id, page, first, last))
        elif at is None:
            raise ValueError("which passage is it about?")
        else:
            anchor = of_passage(document, shelf.passage(source_id, at.passage_id))
        elsewhere = at is None or anchor.passage_id != at.passage_id
        if elsewhere or self._room.sight.hidden(source_id, anchor.passage_id):
            moment = replace(moment, shown=False)  # whatever the browser says

        def made(theme: str, value: Any) -> Decision:
            item = shelf.by_place.get((source_id, anchor.passage_id, theme))
            return judged(moment, source_id, theme, value, anchor, item.suggestion if item else None)

        to = str(given.get("to", ""))
        if act == "value":
            assert at is not None
            value = value_of(given.get("value"))
            if not at.theme:
                raise ValueError("which theme is it about?")
            decisions, say = [made(at.theme, value)], f"{at.theme}: {spoken(value)}"
        elif act == "change":
            assert at is not None
            value = value_of(given.get("value"), allowed=POSITIVE)
            decisions = [made(at.theme, 0), made(to, value)]
            say = f"{at.theme} changed to {to}: {spoken(value)}"
        elif act == "remove":
            decisions = [
                Decision(
                    source_id, d.theme, None, moment.coder, anchor=d.anchor, decided=moment.decided,
                    codebook=moment.codebook.revision, origin=d.origin, model_id=d.model_id, score=d.score,
                    shown=d.shown,
                )
                for d in own.by_passage.get(anchor.passage_id, {}).values()
                if d.theme == to and d.anchor and d.anchor.quote == given.get("quote")
            ]  # fmt: skip
            say = f"{to} taken back"
        else:
            value = value_of(given.get("value"), allowed=POSITIVE)
            decisions, say = [made(to, value)], f"{to} added: {spoken(value)}"
        marks = [mark for d in decisions for mark in settling(own, moment, source_id, d.theme, anchor)]
        whole = self._room.sight.assignment.codes_whole(moment.coder, source_id)
        decisions += completing(own, moment, source_id, made=decisions, done=own.done and whole)
        stay = act in ("add", "words", "remove") or bool(given.get("stay"))
        return Events(decisions, list(dict.fromkeys(marks))), say, at, stay

    def _put_aside(
        self, act: str, moment: Moment, at: ReviewItem | None
    ) -> tuple[Events, str, ReviewItem | None, bool]:
        if at is None:
            raise ValueError("which passage is it about?")
        own = self._room.standing.own(moment.coder, at.source_id)
        document = self._room.shelf.document(at.source_id)
        anchor = of_passage(document, self._room.shelf.passage(at.source_id, at.passage_id))
        if act == "seen":
            return Events([], settling(own, moment, at.source_id, "", anchor)), "Seen", at, False
        kind, say = ("unsure", "Put aside as unsure") if act == "unsure" else ("skipped", "Skipped")
        mark = marked(moment, at.source_id, "unsure" if kind == "unsure" else "skipped", theme=at.theme, anchor=anchor)
        return Events([], [mark]), say, at, False

    def _undo(self, moment: Moment, at: ReviewItem | None) -> tuple[Events, str, ReviewItem | None, bool]:
        step = self._room.standing.last_step(moment.coder)
        if step is None:
            return Events(), "There is nothing to undo", at, True
        about = [event for _, event in step.changes]
        place = next((event for event in about if event.anchor and event.anchor.passage_id), None)
        item = self._item(place) if place else at
        return undoing(step, moment), f"Undone: {self._told(about)}", item, True

    def _finish(self, done: bool, moment: Moment, at: ReviewItem | None) -> tuple[Events, str, ReviewItem | None, bool]:
        if at is None:
            raise ValueError("which study is it about?")
        own: Own = self._room.standing.own(moment.coder, at.source_id)
        label = self._room.shelf.source(at.source_id).label
        if done == own.done:
            return Events(), f"{label} is {'done' if done else 'open'} already", at, True
        mark = Mark(
            at.source_id, "done", moment.coder, on=done, decided=moment.decided, codebook=moment.codebook.revision
        )
        # Whoever codes a part of a study only can't say that it does not discuss a theme.
        whole = self._room.sight.assignment.codes_whole(moment.coder, at.source_id)
        decisions = completing(own, moment, at.source_id, made=[], done=done and whole)
        absent = ", ".join(decision.theme for decision in decisions)
        if not done:
            return Events(decisions, [mark]), f"{label} is open again", at, True
        return (
            Events(decisions, [mark]),
            f"{label} is done" + (f"; not discussed: {absent}" if absent else ""),
            at,
            False,
        )

    def _item(self, event: Event) -> ReviewItem:
        assert event.anchor is not None
        key = (event.source_id, event.anchor.passage_id, event.theme)
        return self._room.sight.item(event.coder, *key)

    def _told(self, events: list[Event]) -> str:
        event = events[0]
        if isinstance(event, Mark):
            return {"done": "study done"}.get(event.kind, event.kind) if event.on else "opening the study again"
        return f"{event.theme} {spoken(event.value)}" if event.value is not None else f"{event.theme} taken back"

    def _at(self, given: Mapping[str, Any], coder: str) -> ReviewItem | None:
        """The item that an act names; None where it names no passage."""
        source_id, passage_id = str(given.get("source", "")), str(given.get("passage") or "")
        if not passage_id:
            return None
        theme = str(given.get("theme") or "")
        self._room.shelf.passage(source_id, passage_id)
        if theme:
            self._room.shelf.codebook.theme(theme)
        return self._room.sight.item(coder, source_id, passage_id, theme)

    def _moment(self, given: Mapping[str, Any], coder: str) -> Moment:
        key, note, seconds = str(given.get("key", "")), given.get("note", ""), given.get("seconds")
        if not _KEY.fullmatch(key):
            raise ValueError("an act needs a key: the time of decision with microseconds, in UTC")
        if datetime.fromisoformat(key) - datetime.now(UTC) > _CLOCK_MAY_BE_OFF:
            raise ValueError("this device's clock is ahead by more than a day: set it right, then decide again")
        if not isinstance(note, str) or len(note) > _LONGEST_NOTE:
            raise ValueError(f"a note has up to {_LONGEST_NOTE} characters")
        timed = isinstance(seconds, int | float) and 0 <= seconds <= _MOST_SECONDS
        return Moment(
            coder, key, self._room.shelf.codebook, note.strip(), bool(given.get("shown")),
            round(float(seconds), 1) if timed and seconds is not None else None,
        )  # fmt: skip


def _whole(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or given < 0:
        raise ValueError("a number is expected")
    return given
