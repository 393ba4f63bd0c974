"""Storing what a coder does: each act once, in the order it came, on disk before it is answered."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from annotations.anchor import Finder
from annotations.decision import Act, Anchor, Decision, place
from annotations.following import following
from corpus.errors import UnknownChoiceError
from corpus.json_table import JsonTable
from review.acts.codebook_acts import CodebookActs
from review.acts.document_acts import LONGEST_NOTE, DocumentActs
from review.acts.note_acts import NoteActs
from review.acts.passage_acts import PassageActs
from review.acts.result import ActFunction, ActResult, Given
from review.acts.study_acts import StudyActs
from review.anchoring.late_acts import found_again, kept_for_later
from review.auth import Session
from review.coder_events import Moment
from review.context import ReviewContext
from review.pages.coding import CodingPage
from review.pages.document import DocumentPage
from review.pages.page_route import PageRoute
from review.review_items import ReviewItem

_KEY = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")
# A decision may come late, from a browser that had no connection for weeks; but not from the future.
_CLOCK_MAY_BE_OFF = timedelta(days=1)
_FOR_ADJUDICATORS = ("codebook",)
_MOST_SECONDS = 24 * 3600.0


class DecisionRoutes:
    """What the buttons of the review pages send: a method for each of its addresses."""

    def __init__(self, context: ReviewContext) -> None:
        self._context, self._coding, self._document = context, CodingPage(context), DocumentPage(context)
        self._acts: dict[str, ActFunction] = {
            **PassageActs(context).acts,
            **DocumentActs(context).acts,
            **StudyActs(context).acts,
            **NoteActs(context).acts,
            **CodebookActs(context).acts,
        }

    def routes(self) -> tuple[PageRoute, ...]:
        """Its addresses, and what answers each."""
        return (PageRoute("/act", self.act, as_json=True, method="POST"),)

    def act(self, request: Request, session: Session) -> Response:
        """Store one act, and answer with what to show next. An act that is known already is only answered."""
        given: Given = request.state.given
        answer = self._acted(given, session)
        if news := self._context.news:
            answer.headers["X-Jaiza-News"] = quote(news)
        return answer

    def _acted(self, given: Given, session: Session) -> Response:
        state = self._context.review_state
        moment = replace(self._moment(given, session.coder), role=session.role)
        with state.lock:
            state.catch_up()
            given, lost = found_again(self._context, given)
            at = None if lost else self._at(given, session.coder)
            before = self._before(given, session)
            if state.known(session.coder, moment.decided):  # sent again, for the answer to it was lost
                return self._answer(given, session, ActResult(say="Stored", at=at, stay=False), before)
            result = self._keep(given, moment, lost) if lost else self._act(given, session)(given, moment, at)
            if result.question:
                return JSONResponse({"question": result.question, "act": given.get("act")})
            if result.events.all or result.do:
                self._store(given, moment, result)
                state.catch_up()
            return self._answer(given, session, result, before)

    def _keep(self, given: Given, moment: Moment, lost: Anchor) -> ActResult:
        """An act on words that are no longer in the text: what it said is kept, for its coder to place."""
        events = kept_for_later(given, moment, lost)
        quoted = f"“{lost.quote[:80]}”"
        if not events.all:
            return ActResult(say=f"{quoted} is no longer in the text, and nothing was said of it to keep", stay=False)
        return ActResult(events, f"Kept: {quoted} is no longer in the text. Place it in the whole document", stay=False)

    def _store(self, given: Given, moment: Moment, result: ActResult) -> None:
        """Everything of one act in one transaction."""
        events, key = result.events, f"{moment.coder} {moment.decided}"
        if result.do:
            result.do()
        act = Act(
            key,
            moment.coder,
            str(given.get("act", "")),
            undoes=result.undoes,
            seconds=moment.seconds,
            decided=moment.decided,
            note=result.note or (result.say if result.do else ""),
        )
        self._context.review_state.log.record(
            [self._in_place(decision) for decision in events.decisions],
            events.marks,
            memos=events.memos,
            codes=events.codes,
            act=None if result.quiet else act,
            key=key,
        )

    def _in_place(self, decision: Decision) -> Decision:
        """A decision with the one that it replaces, where the words of that one stood on another page, or otherwise."""
        if decision.anchor is None or decision.role != "coder":
            return decision
        own = self._context.review_state.own(decision.coder, decision.source_id)
        there = own.by_passage.get(decision.anchor.passage_id, {})
        standing = [(where, one) for where, one in there.items() if where != place(decision)]
        if not any(one.theme == decision.theme for _, one in standing):
            return decision
        return following(decision, standing, Finder(self._context.review_items.document(decision.source_id)))

    def _act(self, given: Given, session: Session) -> ActFunction:
        name = str(given.get("act", ""))
        if name not in self._acts:
            raise UnknownChoiceError("act", name[:20], self._acts)
        if name in _FOR_ADJUDICATORS and not session.may("adjudicator"):
            raise ValueError("the themes of the codebook are changed by adjudicators and admins")
        return self._acts[name]

    def _before(self, given: Given, session: Session) -> set[str]:
        """The coder's codes as the page with the whole document shows them now."""
        source_id = str(given.get("source", ""))
        in_document = given.get("view") == "document" and source_id in self._context.review_items.documents
        return self._document.before(session.coder, source_id) if in_document else set()

    def _answer(self, given: Given, session: Session, result: ActResult, before: set[str]) -> Response:
        source_id = str(given.get("source", ""))
        if given.get("view") == "document" and source_id in self._context.review_items.documents:
            return self._document.stored(session, source_id, result, before)
        if given.get("view") == "form":
            return JSONResponse({"say": result.say, "reload": True})
        query = str(given.get("query", ""))
        return self._coding.stored(session.coder, query, result, study=source_id)

    def _at(self, given: Given, coder: str) -> ReviewItem | None:
        """The item that an act names; None where it names no passage."""
        source_id, passage_id = str(given.get("source", "")), str(given.get("passage") or "")
        if not passage_id:
            return None
        theme = str(given.get("theme") or "")
        self._context.review_items.passage(source_id, passage_id)
        if theme:
            self._context.review_items.codebook.theme(theme)
        return self._context.coder_items.item(coder, source_id, passage_id, theme)

    def _moment(self, given: JsonTable, coder: str) -> Moment:
        key, note, seconds = str(given.get("key", "")), given.get("note", ""), given.get("seconds")
        if not _KEY.fullmatch(key):
            raise ValueError("an act needs a key: the time of decision with microseconds, in UTC")
        if datetime.fromisoformat(key) - datetime.now(UTC) > _CLOCK_MAY_BE_OFF:
            raise ValueError("this device's clock is ahead by more than a day: set it right, then decide again")
        if not isinstance(note, str) or len(note) > LONGEST_NOTE:
            raise ValueError(f"a note has up to {LONGEST_NOTE} characters")
        timed = isinstance(seconds, int | float) and 0 <= seconds <= _MOST_SECONDS
        return Moment(
            coder,
            key,
            self._context.review_items.codebook,
            note.strip(),
            bool(given.get("shown")),
            round(float(seconds), 1) if timed and seconds is not None else None,
        )
