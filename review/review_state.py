"""How the review stands: a view of the decision log, carried on event by event and never made anew per request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from threading import RLock

from annotations.anchor import anchored_all, fold
from annotations.decision import Act, Code, Decision, Mark, Memo, place
from annotations.log.acts import ActHistory
from annotations.log.decision_log import DecisionLog, Position
from review.review_items import ReviewItems

ORIGIN = "review page"
# Acts by which coders choose whether they judge before they see the machine's label.
LABEL_ACTS = {"judgefirst": True, "labelfirst": False}

Place = tuple[str, ...]
Event = Decision | Mark


@dataclass(slots=True)
class Own:
    """What one coder has said of one study, as it counts now."""

    by_passage: dict[str, dict[Place, Decision]] = field(default_factory=lambda: defaultdict(dict))
    study: dict[Place, Decision] = field(default_factory=dict)  # judgements on the study as a whole
    unplaced: dict[Place, Decision] = field(default_factory=dict)  # whose quote is in no passage
    marks: dict[tuple[str, str, str], Mark] = field(default_factory=dict)  # by kind, passage id ("": study), theme
    recorded: dict[tuple[str, str, str], Mark] = field(
        default_factory=dict
    )  # the same, with the words they were set on
    lost: dict[Place, Mark] = field(default_factory=dict)  # marks on words that are in no passage any more
    version: int = 0  # grows with every event

    @property
    def decisions(self) -> list[Decision]:
        """All of them."""
        placed = [decision for own in self.by_passage.values() for decision in own.values()]
        return [*self.study.values(), *self.unplaced.values(), *placed]

    @property
    def every_mark(self) -> list[Mark]:
        """Those on words that are gone too."""
        return [*self.marks.values(), *self.lost.values()]

    @property
    def done(self) -> bool:
        """Has the coder finished the study?"""
        return ("done", "", "") in self.marks

    @property
    def looked_at(self) -> set[str]:
        """The passages that the coder said something of, or had on the screen."""
        return self.judged | {passage_id for kind, passage_id, _ in self.marks if passage_id and kind == "passed over"}

    @property
    def judged(self) -> set[str]:
        """The passages that the coder decided on, or had before them to be judged."""
        marked = {passage_id for kind, passage_id, _ in self.marks if passage_id and kind == "seen"}
        return marked | {passage_id for passage_id, made in self.by_passage.items() if made}

    def marked(self, kind: str, passage_id: str, theme: str) -> Mark | None:
        """The mark of that kind on the theme in the passage, or on the passage as a whole."""
        return self.marks.get((kind, passage_id, theme)) or self.marks.get((kind, passage_id, ""))


class ReviewState:
    """The current judgements and marks, by coder and study; what each coder can undo."""

    def __init__(self, review_items: ReviewItems, log: DecisionLog) -> None:
        self.review_items, self.log = review_items, log
        self.lock = RLock()
        self.version = 0  # grows with every event
        self.changed: dict[str, int] = defaultdict(int)  # study -> version at its last event
        self._seen = Position()
        self._own: dict[tuple[str, str], Own] = defaultdict(Own)
        self.acts = ActHistory()
        self.codes: tuple[Code, ...] = ()  # of people's own, those taken away too
        self.memos: tuple[Memo, ...] = ()
        self.judge_first: dict[str, bool] = {}  # of those who chose whether the machine's label comes after their own
        self._moments: set[tuple[str, str]] = set()
        self._decided: dict[str, list[Decision]] = defaultdict(list)
        self._history: dict[str, list[Decision]] = defaultdict(list)
        self.catch_up()

    def catch_up(self) -> None:
        """Take in what was recorded since, here or by another program."""
        with self.lock:
            news = self.log.news(self._seen)
            self._seen, entries = news.position, news.entries
            if news.rewound:  # a copy was brought in: what is known here has to be made anew
                self._forget()
                entries = self.log.entries()
            for entry in entries:
                self.acts.take(entry)
                if isinstance(entry.what, Act) and entry.what.kind in LABEL_ACTS:
                    self.judge_first[entry.what.coder] = LABEL_ACTS[entry.what.kind]
            if any(isinstance(entry.what, Memo) for entry in entries):
                self.memos = self.log.memos()
            if any(isinstance(entry.what, Code) for entry in entries):
                self.codes = self.log.codes()
                self.touch()  # what counts where follows from them
            self._moments.update((e.what.coder, e.what.decided) for e in entries if isinstance(e.what, Act | Memo))
            events = [entry.what for entry in entries if isinstance(entry.what, Decision | Mark)]
            for event, found in zip(events, self._anchored(events), strict=True):
                self._take(event, found)

    def begin_again(self) -> None:
        """Read the whole log once more, for the texts under it are others now."""
        with self.lock:
            self._forget()
            self._seen = Position()
            self.touch()
            self.catch_up()

    def touch(self) -> None:
        """What was made of any study is to be made anew: the codebook has changed."""
        self.version += 1
        for source in self.review_items.sources:
            self.changed[source.id] = self.version

    def _forget(self) -> None:
        self.acts = ActHistory()
        for view in (self._own, self._moments, self._decided, self._history):
            view.clear()

    def own(self, coder: str, source_id: str) -> Own:
        """What `coder` said of a study, as coder (rulings of an adjudicator are not among it)."""
        return self._own.get((coder, source_id)) or Own()

    def known(self, coder: str, moment: str) -> bool:
        """Is there an event of `coder` that was decided at that very moment?"""
        return (coder, moment) in self._moments

    def reviewed(self, coder: str) -> Sequence[Decision]:
        """The decisions of `coder` on this page in the order made, taken back or not."""
        return self._decided[coder]

    def counting(self, coder: str) -> list[Decision]:
        """The decisions of `coder` on passages that count now, in the order of the log."""
        own = [one for (who, _), one in self._own.items() if who == coder]
        return sorted((d for one in own for d in one.decisions if d.anchor), key=lambda decision: decision.number)

    def history(self, source_id: str) -> Sequence[Decision]:
        """Every judgement ever made of a study, oldest first."""
        return self._history[source_id]

    def of_study(self, source_id: str) -> list[Decision]:
        """Everybody's judgements of a study that count now, published coding and rulings too."""
        return [decision for coder in self._people(source_id) for decision in self._own[coder, source_id].decisions]

    def decisions(self) -> list[Decision]:
        """Everybody's judgements that count now, published coding and rulings too."""
        return [decision for own in self._own.values() for decision in own.decisions]

    def marks(self) -> list[Mark]:
        """Everybody's marks that count now."""
        return [mark for own in self._own.values() for mark in own.every_mark]

    def marks_of(self, source_id: str) -> list[Mark]:
        """Those on one study."""
        return [mark for coder in self._people(source_id) for mark in self._own[coder, source_id].every_mark]

    def coders_of(self, source_id: str) -> set[str]:
        """Who has coded or marked something in a study, as coder."""
        return {coder for coder in self._people(source_id) if not coder.startswith("\0")}

    def _people(self, source_id: str) -> Iterable[str]:
        return [coder for coder, study in self._own if study == source_id]

    def _take(self, event: Event, found: Event) -> None:
        """Take in one event; `found` is the same, anchored in the text as it is now."""
        self.version += 1
        self.changed[event.source_id] = self.version
        if isinstance(found, Decision):
            self._judge(place(event), found)
        else:
            self._mark(event, found)
        self._moments.add((event.coder, event.decided))

    def _judge(self, where: Place, decision: Decision) -> None:
        self._history[decision.source_id].append(decision)
        # Rulings and the published coding stand beside a person's own judgements, not among them.
        who = decision.coder if decision.role == "coder" else f"\0{decision.role} {decision.coder}"
        own = self._own[who, decision.source_id]
        own.version += 1
        if decision.anchor is None:
            kept = own.study
        elif decision.anchor.passage_id:
            kept = own.by_passage[decision.anchor.passage_id]
        else:
            kept = own.unplaced
        if decision.follows:  # it stands in the place of one whose words stood elsewhere
            for one in (own.study, own.unplaced, *own.by_passage.values()):
                for old in [at for at, made in one.items() if made.event_id == decision.follows]:
                    del one[old]
        if not decision.counts:
            kept.pop(where, None)
            own.unplaced.pop(where, None)
        else:
            kept[where] = decision
        if decision.role == "coder" and decision.origin == ORIGIN and decision.value is not None:
            self._decided[decision.coder].append(decision)

    def _mark(self, event: Event, mark: Mark) -> None:
        own = self._own[mark.coder, mark.source_id]
        own.version += 1
        if mark.anchor and not mark.anchor.passage_id and mark.kind != "look again":
            own.lost.pop(place(event), None)
            if mark.on:
                own.lost[place(event)] = mark
            return
        key = (mark.kind, mark.anchor.passage_id if mark.anchor else "", mark.theme)
        if mark.on and isinstance(event, Mark):
            own.marks[key], own.recorded[key] = mark, event
        else:
            own.marks.pop(key, None)
            own.recorded.pop(key, None)

    def _anchored(self, events: Sequence[Event]) -> list[Event]:
        """`events` in the texts as they are now; the usual case, that a text is as it was, without a search."""
        found = list(events)
        moved = [number for number, event in enumerate(events) if not self._stands(event)]
        documents = self.review_items.documents
        decisions = {number: event for number in moved if isinstance(event := events[number], Decision)}
        marks = {number: event for number in moved if isinstance(event := events[number], Mark)}
        for number, decision in zip(decisions, anchored_all(decisions.values(), documents), strict=True):
            found[number] = decision
        for number, mark in zip(marks, anchored_all(marks.values(), documents), strict=True):
            found[number] = mark
        return found

    def _stands(self, event: Event) -> bool:
        """Is the quote of an event still in the passage that the event names?"""
        anchor = event.anchor
        if anchor is None or event.source_id not in self.review_items.documents:
            return True
        if not self.review_items.has(event.source_id, anchor.passage_id):
            return False
        text = self.review_items.passage(event.source_id, anchor.passage_id).text
        return anchor.quote in text or fold(anchor.quote) in fold(text)
