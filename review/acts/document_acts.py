"""What a coder does with a whole document: words coded with several themes at once, codes changed and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from annotations.decision import Anchor, Decision, Mark
from annotations.log.acts import Events
from annotations.log.schema import place_key
from corpus.errors import UnknownChoiceError
from extract.document import Document
from review.acts.passage_acts import POSITIVE, taken_back, with_consequences
from review.acts.result import ActFunction, ActResult, Given, number_in, text_in
from review.anchoring.anchors import of_block, of_passage, of_selection, of_text
from review.anchoring.flowing_text import block_text
from review.anchoring.late_acts import told_words, words_now
from review.coder_events import Moment, value_of
from review.context import ReviewContext
from review.matrix.wording import spoken
from review.review_items import ReviewItem

_CODES_AT_ONCE = 20  # for one selection
_BATCH = 1000  # places coded at once after a search
LONGEST_NOTE = 4000


class DocumentActs:
    """The acts of the page with the whole document, and of a search."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context
        self.acts: Mapping[str, ActFunction] = {
            "code": self.code,
            "uncode": self.uncode,
            "restrength": self.restrength,
            "place": self.place,
            "passed": self.passed,
            "codeall": self.code_all,
        }

    def code(self, given: Given, moment: Moment, _at: ReviewItem | None) -> ActResult:
        """Give the selected words, or a whole passage, one theme or several."""
        source_id = str(given.get("source", ""))
        anchor = self.anchor(source_id, given)
        codes = given.get("codes")
        if not isinstance(codes, list) or not 1 <= len(codes) <= _CODES_AT_ONCE:
            raise ValueError(f"one to {_CODES_AT_ONCE} themes are given at once")
        chosen = [(str(one.get("to", "")), value_of(one.get("value"), allowed=POSITIVE)) for one in map(_object, codes)]
        moment = self._as_seen(moment, source_id, anchor)
        made = [self._context.judged(moment, source_id, to, value, anchor) for to, value in chosen]
        say = ", ".join(f"{self._context.short(to)}: {spoken(value)}" for to, value in chosen)
        return ActResult(with_consequences(self._context, moment, source_id, anchor, made), say)

    def uncode(self, given: Given, moment: Moment, _at: ReviewItem | None) -> ActResult:
        """Take one of one's own codes back."""
        decision = self._own(given, moment)
        made = [taken_back(decision, moment)]
        say = f"{self._context.short(decision.theme)} taken back"
        return ActResult(self._consequences(decision, moment, made), say)

    def restrength(self, given: Given, moment: Moment, _at: ReviewItem | None) -> ActResult:
        """Another strength or another note for one of one's own codes."""
        decision = self._own(given, moment)
        value = value_of(given.get("value"), allowed=POSITIVE)
        note = text_in(given, "note", most=LONGEST_NOTE) if "note" in given else decision.note
        made = [
            replace(
                decision,
                value=value,
                note=note,
                decided=moment.decided,
                codebook=moment.codebook.revision,
                seconds=moment.seconds,
            )
        ]
        say = f"{self._context.short(decision.theme)}: {spoken(value)}"
        return ActResult(self._consequences(decision, moment, made), say)

    def place(self, given: Given, moment: Moment, _at: ReviewItem | None) -> ActResult:
        """Put one of one's own codes, whose words are gone from the text, at the words selected."""
        decision = self._own(given, moment)
        assert decision.anchor is not None
        if not decision.anchor.orphaned:
            raise ValueError("its words stand in the text")
        anchor = self.anchor(decision.source_id, given)
        made = replace(
            decision,
            anchor=anchor,
            decided=moment.decided,
            codebook=moment.codebook.revision,
            seconds=moment.seconds,
            follows=decision.event_id,
        )
        events = self._consequences(made, moment, [made])
        own = self._context.review_state.own(moment.coder, decision.source_id)
        again = own.recorded.get(("look again", "", decision.theme))
        if again:
            events.add(replace(again, on=False, note="", decided=moment.decided))
        return ActResult(events, f"{self._context.short(decision.theme)} stands here now")

    def passed(self, given: Given, moment: Moment, _at: ReviewItem | None) -> ActResult:
        """Passages that were on the screen: passed over, where nothing was said of them."""
        source_id, passages = str(given.get("source", "")), given.get("passages")
        if not isinstance(passages, list) or len(passages) > _BATCH:
            raise ValueError(f"up to {_BATCH} passages at once")
        own = self._context.review_state.own(moment.coder, source_id)
        document = self._context.review_items.document(source_id)
        marks = []
        for passage_id in dict.fromkeys(map(str, passages)):
            anchor = of_passage(document, self._context.review_items.passage(source_id, passage_id))
            if not any((kind, passage_id, "") in own.marks for kind in ("seen", "passed over")):
                marks.append(
                    Mark(
                        source_id,
                        "passed over",
                        moment.coder,
                        anchor=anchor,
                        decided=moment.decided,
                        codebook=moment.codebook.revision,
                    )
                )
        return ActResult(Events([], marks), quiet=True)

    def code_all(self, given: Given, moment: Moment, _at: ReviewItem | None) -> ActResult:
        """Give every passage that was chosen among the hits of a search the same theme: one act, one undo."""
        to, value = str(given.get("to", "")), value_of(given.get("value"), allowed=POSITIVE)
        places = given.get("places")
        if not isinstance(places, list) or not 1 <= len(places) <= _BATCH:
            raise ValueError(f"one to {_BATCH} passages are coded at once")
        events = Events()
        for place in places:
            if not isinstance(place, list) or len(place) != 2:
                raise ValueError("a passage is told by its study and its id")
            source_id, passage_id = map(str, place)
            review_items = self._context.review_items
            anchor = of_passage(review_items.document(source_id), review_items.passage(source_id, passage_id))
            seen = replace(moment, shown=False)
            made = [self._context.judged(seen, source_id, to, value, anchor)]
            one = with_consequences(self._context, seen, source_id, anchor, made)
            events.decisions += one.decisions
            events.marks += one.marks
        say = f"{self._context.short(to)} given to {len(places)} {'passage' if len(places) == 1 else 'passages'}"
        return ActResult(Events(list(dict.fromkeys(events.decisions)), list(dict.fromkeys(events.marks))), say)

    def anchor(self, source_id: str, given: Given) -> Anchor:
        """What an act is about: the selected words, or a whole passage."""
        document = self._context.review_items.document(source_id)
        if isinstance(given.get("from"), dict) and "word" in given["from"] and "page" not in given["from"]:
            return self._in_text(document, given)
        if "from" in given:
            try:
                found = of_selection(document, self._context.selection_of(source_id, given))
            except UnknownChoiceError:
                if not told_words(given):
                    raise
                found = None  # in the text as it is now there is no such word
            found = words_now(document, given, found)
            if found is None:
                raise ValueError("these words are not in the text: select them again")
            return found
        return of_passage(document, self._context.review_items.passage(source_id, str(given.get("passage", ""))))

    def _in_text(self, document: Document, given: Given) -> Anchor:
        """Words of the flowing text: `from` and `to`, each with `passage` or `block`, and `word`."""
        first, last = _object(given.get("from")), _object(given.get("to"))
        begin, until = number_in(first.get("word")), number_in(last.get("word"))
        if "block" in first:
            number = number_in(first["block"])
            if number != last.get("block") or number >= len(document.blocks):
                raise ValueError("words of a table, a note or a heading are selected by themselves")
            block = document.blocks[number]
            return of_block(document, block, block_text(document, block), begin, until)
        review_items, source_id = self._context.review_items, str(given.get("source", ""))
        from_, to = (review_items.passage(source_id, str(one.get("passage", ""))) for one in (first, last))
        return of_text(document, (from_, begin), (to, until))

    def _as_seen(self, moment: Moment, source_id: str, anchor: Anchor) -> Moment:
        hidden = not anchor.passage_id or self._context.coder_items.hidden(source_id, anchor.passage_id)
        return replace(moment, shown=False) if hidden else moment

    def _consequences(self, decision: Decision, moment: Moment, made: list[Decision]) -> Events:
        assert decision.anchor is not None
        return with_consequences(self._context, moment, decision.source_id, decision.anchor, made)

    def _own(self, given: Given, moment: Moment) -> Decision:
        source_id, asked = str(given.get("source", "")), str(given.get("id", ""))
        own = self._context.review_state.own(moment.coder, source_id)
        found = {place_key(decision): decision for decision in own.decisions if decision.anchor}
        if asked not in found:
            raise UnknownChoiceError(
                "code of yours", asked[:40], [], "It may have been taken back: load the page again"
            )
        return found[asked]


def _object(given: object) -> Mapping[str, object]:
    if not isinstance(given, dict):
        raise ValueError("a theme with its strength is expected")
    return given
