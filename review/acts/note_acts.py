"""What a coder writes down and names: memos, and codes of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from annotations.codes import theme_of
from annotations.decision import OWN_CODE, Anchor, Code, Memo
from annotations.log.acts import Events
from corpus.errors import UnknownChoiceError
from review.acts.document_acts import DocumentActs
from review.acts.passage_acts import with_consequences
from review.acts.result import ActFunction, ActResult, Given, text_in
from review.codables import nearly_same
from review.coder_events import Moment, value_of
from review.context import ReviewContext
from review.review_items import ReviewItem

_MEMO = re.compile(r"[0-9a-f]{32}")
_CODE = re.compile(re.escape(OWN_CODE) + r"[0-9a-f]{12}")
LONGEST_MEMO, LONGEST_NAME = 20_000, 100
STRENGTHS = {1: "mentioned", 2: "with evidence"}
_COLOUR = re.compile(r"#[0-9a-f]{6}|")


class NoteActs:
    """Memos, and codes of one's own."""

    def __init__(self, context: ReviewContext) -> None:
        self._context, self._document = context, DocumentActs(context)
        self.acts: Mapping[str, ActFunction] = {
            "memo": self.memo,
            "newcode": self.new_code,
            "changecode": self.change_code,
        }

    def memo(self, given: Given, moment: Moment, _at: ReviewItem | None) -> ActResult:
        """Write a memo on words, a passage, a study, a theme or the review, or anew; without text remove it."""
        memo_id = str(given.get("id", ""))
        if not _MEMO.fullmatch(memo_id):
            raise ValueError("a memo has an id of 32 hex digits")
        text = text_in(given, "text", most=LONGEST_MEMO)
        known = next((memo for memo in self._context.review_state.memos if memo.memo_id == memo_id), None)
        if known:
            if known.coder != moment.coder:
                raise ValueError(f"this memo is {known.coder}'s: write one of your own")
            made = replace(known, text=text, decided=moment.decided, codebook=moment.codebook.revision)
            return ActResult(Events(memos=[made]), "Memo kept" if text else "Memo removed")
        if not text:
            raise ValueError("a memo needs a text")
        source_id, theme = str(given.get("source", "")), str(given.get("about", ""))
        anchor: Anchor | None = None
        if source_id:
            self._context.review_items.source(source_id)
            if "from" in given or given.get("passage"):
                anchor = self._document.anchor(source_id, given)
        if theme:
            self._context.codable(theme)
        revision = moment.codebook.revision
        made = Memo(memo_id, moment.coder, text, source_id, theme, anchor, decided=moment.decided, codebook=revision)
        return ActResult(Events(memos=[made]), "Memo kept")

    def new_code(self, given: Given, moment: Moment, at: ReviewItem | None) -> ActResult:
        """A code of one's own: free, or under a theme or another code; what is selected is coded with it."""
        name = " ".join(text_in(given, "name", most=LONGEST_NAME).split())
        under = str(given.get("under", ""))
        code_id = str(given.get("code") or "")
        if not _CODE.fullmatch(code_id):
            raise ValueError("a code has an id of 12 hex digits")
        if not name:
            raise ValueError("a code needs a name")
        if under:
            self._context.codable(under)
        near = nearly_same(name, self._context.codables())
        if near and not given.get("sure"):
            question = f"There is “{near}” already. Make “{name}” beside it all the same?"
            return ActResult(question=question)
        code = Code(
            code_id,
            name,
            moment.coder,
            under,
            definition=text_in(given, "definition", most=LONGEST_MEMO),
            decided=moment.decided,
            codebook=moment.codebook.revision,
        )
        events = Events(codes=[code])
        if "from" in given or given.get("passage"):
            source_id = str(given.get("source", ""))
            anchor = self._document.anchor(source_id, given)
            made = replace(
                self._context.judged(moment, source_id, moment.codebook.codes[0], 1, anchor),
                theme=code_id,
                value=value_of(given.get("value", 1), allowed=STRENGTHS),
                model_id="",
                score=None,
                shown=None,
            )
            events = with_consequences(self._context, moment, source_id, anchor, [made], codes=[code])
            events.codes.append(code)
        where = f" under {self._context.short(under)}" if under else ", free: it counts nowhere until it is placed"
        return ActResult(events, f"Code “{name}” made{where}", at)

    def change_code(self, given: Given, moment: Moment, _at: ReviewItem | None) -> ActResult:
        """Rename, move, colour, merge or take away a code of one's own; what it does is told before."""
        code_id = str(given.get("code", ""))
        known = next((code for code in self._context.review_state.codes if code.code_id == code_id), None)
        if known is None:
            raise UnknownChoiceError("code", code_id[:20], [])
        under, into = str(given.get("under", known.under)), str(given.get("into", ""))
        for one in filter(None, (under, into)):
            if self._context.codable(one).code == code_id or self._context.stands_under(one, code_id):
                raise ValueError(f"“{known.name}” can't stand under itself")
        colour = str(given.get("colour", known.colour)).lower()
        if not _COLOUR.fullmatch(colour):
            raise ValueError("a colour is written as # and six digits or letters a to f")
        made = replace(
            known,
            name=" ".join(text_in(given, "name", most=LONGEST_NAME).split()) or known.name,
            under=under,
            colour=colour,
            merged_into=into,
            on=not given.get("remove"),
            note=moment.note,
            coder=moment.coder,
            definition=text_in(given, "definition", most=LONGEST_MEMO) if "definition" in given else known.definition,
            decided=moment.decided,
            codebook=moment.codebook.revision,
        )
        question = "" if given.get("sure") else effect_of_code(self._context, known, made, moment)
        if question:
            return ActResult(question=question)
        return ActResult(Events(codes=[made]), f"Code “{made.name}” {'changed' if made.on else 'taken away'}")


def effect_of_code(context: ReviewContext, before: Code, after: Code, moment: Moment) -> str:
    """What a change of a code does to what is coded with it, as a question; "" where it does nothing. What others
    coded blindly is not told of."""
    seen = context.visible(moment)
    made = [
        d
        for d in context.review_state.decisions()
        if d.theme == before.code_id and (d.coder == moment.coder or d.source_id in seen)
    ]
    codes = {code.code_id: code for code in context.review_state.codes}
    old = theme_of(before.code_id, codes)
    new = theme_of(before.code_id, {**codes, before.code_id: after})
    if not made or old == new:
        return ""
    who = ", ".join(sorted({d.coder for d in made}))
    counted = f"{len(made)} {'place' if len(made) == 1 else 'places'}, coded by {who},"
    then = f"would count under {new}" if new in context.review_items.codebook.codes else "would count nowhere"
    now = f"under {old}" if old in context.review_items.codebook.codes else "nowhere"
    return f"{counted} count {now} now and {then}. They stay in the record. Go on?"
