"""Which suggestions a coder goes through, and in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from annotations.decision import BY_LOT
from annotations.progress.review_queue import review_order
from corpus.errors import UnknownChoiceError
from models.suggestion import Suggestion
from review.coder_items import CoderItems
from review.review_items import ReviewItem, ReviewItems
from review.review_state import Own, ReviewState

ORDERS = (
    ("study", "By study"),
    ("next", "What to review next"),
    ("theme", "By theme, likeliest"),
    ("lot", "By lot: what the machine misses"),
    ("conflict", "Where you and the machine differ"),
    ("again", "To be looked at again"),
    ("unsure", "Unsure"),
    ("skipped", "Skipped"),
    ("decided", "Decided by me"),
)
# The order of what to review next is made anew after so many decisions: one decision hardly changes it, and coders
# do not want it to jump under their hands.
ORDERED_ANEW = 25
_LIKELY = 0.5
_KEPT = 64  # lists in memory; the longest, of 20,000 items, takes 3 MB
_MARKED = {"again": "look again", "unsure": "unsure", "skipped": "skipped"}
_CHANGING = {"conflict", "decided", *_MARKED}  # orders of which a decision changes what is in them


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a coder chose to see: the query of the coding page."""

    by: str = "study"
    study: str = ""
    theme: str = ""
    least: float = 0.0  # probability
    most: float = 1.0
    words: str = ""


def wanted(query: Mapping[str, str], review_items: ReviewItems) -> Wanted:
    """The choice in a query; UnknownChoiceError where it names what is not there."""
    by, study, theme = query.get("by") or "study", query.get("study", ""), query.get("theme", "")
    if by not in dict(ORDERS):
        raise UnknownChoiceError("order", by[:40], dict(ORDERS))
    if study:
        review_items.source(study)
    if theme:
        review_items.codebook.theme(theme)
    words = " ".join(query.get("words", "").casefold().split())[:200]
    return Wanted(by, study, theme, _share(query.get("least"), 0.0), _share(query.get("most"), 1.0), words)


class Listed:
    """A list of items, with what is needed to walk it quickly."""

    def __init__(self, items: Sequence[ReviewItem]) -> None:
        self.items = items
        self.number = {item.key: number for number, item in enumerate(items)}
        self.by_study: dict[str, list[ReviewItem]] = {}
        for item in items:
            self.by_study.setdefault(item.source_id, []).append(item)
        self.waiting: dict[str, tuple[int, int]] = {}  # study -> version of what was said of it, how many wait


class Listing:
    """The lists of the coders. A decision changes one study: what follows from the others is kept."""

    def __init__(self, review_items: ReviewItems, review_state: ReviewState, coder_items: CoderItems) -> None:
        self._review_items, self._review_state, self._coder_items = review_items, review_state, coder_items
        self._lists: dict[tuple[str, Wanted], tuple[int, Listed]] = {}
        self._parts: dict[tuple[str, str, str], tuple[int, list[ReviewItem]]] = {}

    def listed(self, coder: str, wanted: Wanted) -> Listed:
        """Everything that fits `wanted`, decided or not."""
        if wanted.by in _CHANGING:
            found = (
                item for study in self._coder_items.by_study(coder) for item in self._part(coder, wanted.by, study)
            )
            return Listed([item for item in found if self._fits(item, wanted)])
        decided = len(self._review_state.reviewed(coder))
        kept = self._lists.get((coder, wanted))
        if kept and (wanted.by != "next" or decided - kept[0] < ORDERED_ANEW):
            return kept[1]
        items = [item for item in self._coder_items.items(coder) if self._fits(item, wanted)]
        if wanted.by == "next":
            items = self._by_value(coder, items)
        elif wanted.by == "lot":
            items = [
                item for item in items if not item.theme and self._coder_items.by_lot(item.source_id, item.passage_id)
            ]
            items.sort(key=lambda i: self._coder_items.assignment.lot(i.source_id, i.passage_id))
        elif wanted.by == "theme":
            codes = {code: number for number, code in enumerate(self._review_items.codebook.codes)}
            items.sort(key=lambda i: (codes.get(i.theme, -1), -(i.suggestion.score if i.suggestion else 0)))
        if len(self._lists) >= _KEPT:  # searches are many; the lists are long
            self._lists.pop(next(iter(self._lists)), None)
        self._lists[coder, wanted] = decided, Listed(items)
        return self._lists[coder, wanted][1]

    def open(self, coder: str, item: ReviewItem) -> bool:
        """Has `coder` not yet decided on it?"""
        own = self._review_state.own(coder, item.source_id)
        if not item.theme:
            mark = own.marks.get(("seen", item.passage_id, ""))
            return mark is None or (mark.note != BY_LOT and self._coder_items.by_lot(item.source_id, item.passage_id))
        decisions = own.by_passage.get(item.passage_id)
        return not decisions or all(decision.theme != item.theme for decision in decisions.values())

    def waiting(self, coder: str, item: ReviewItem, wanted: Wanted) -> bool:
        """Is it to be put before `coder` now? What was skipped or is unsure is not, unless that is what is wanted."""
        if wanted.by in _MARKED:
            return True
        if not self.open(coder, item):
            return False
        own = self._review_state.own(coder, item.source_id)
        aside = any(own.marked(kind, item.passage_id, item.theme) for kind in ("unsure", "skipped"))
        return not aside and self._coder_items.waits(coder, item)

    def how_many_wait(self, coder: str, listed: Listed, wanted: Wanted) -> int:
        """How many of a list wait for `coder`."""
        total = 0
        for study, items in listed.by_study.items():
            version = self._review_state.own(coder, study).version
            kept = listed.waiting.get(study)
            if kept is None or kept[0] != version:
                kept = version, self._count_waiting(coder, study, items, wanted)
                listed.waiting[study] = kept
            total += kept[1]
        return total

    def _count_waiting(self, coder: str, study: str, items: Sequence[ReviewItem], wanted: Wanted) -> int:
        """For how many items of a study `waiting` holds; a study has hundreds, and they are counted after each act."""
        own = self._review_state.own(coder, study)
        if wanted.by in _MARKED:
            return len(items)
        if self._coder_items.finished(coder, study):
            return 0
        said, aside = _said(own), {(place, theme) for kind, place, theme in own.marks if kind in ("unsure", "skipped")}

        def waits(item: ReviewItem) -> bool:
            if (item.passage_id, item.theme) in aside or (item.passage_id, "") in aside:
                return False
            if own.done and not self._coder_items.waits(coder, item):
                return False
            return (item.passage_id, item.theme) not in said if item.theme else self.open(coder, item)

        return sum(map(waits, items))

    def following(
        self, coder: str, listed: Listed, wanted: Wanted, after: tuple[str, str, str] | None
    ) -> Iterator[ReviewItem]:
        """What waits in a list behind `after`, then from the beginning; never `after` itself. In a list of what was
        decided or put aside everything is gone through, decided or not."""
        at = listed.number.get(after, -1) if after else -1
        count = len(listed.items)
        for step in range(1, count + (at < 0)):
            item = listed.items[(at + step) % count]
            if wanted.by in _CHANGING or self.waiting(coder, item, wanted):
                yield item

    def decided(self, coder: str, study: str) -> int:
        """How many of a study's items `coder` has decided on."""
        return len(self._part(coder, "decided", study))

    def _part(self, coder: str, by: str, study: str) -> list[ReviewItem]:
        """A study's part of a list that changes with every decision."""
        version = self._review_state.own(coder, study).version
        kept = self._parts.get((coder, by, study))
        if kept is None or kept[0] != version:
            items = self._coder_items.by_study(coder).get(study, ())
            kept = self._parts[coder, by, study] = version, self._fitting(coder, by, study, items)
        return kept[1]

    def _fitting(self, coder: str, by: str, study: str, items: Sequence[ReviewItem]) -> list[ReviewItem]:
        if by == "decided":
            said = _said(self._review_state.own(coder, study))
            return [
                item
                for item in items
                if ((item.passage_id, item.theme) in said if item.theme else not self.open(coder, item))
            ]
        fits = self._differs if by == "conflict" else self._marked(_MARKED[by])
        return [item for item in items if fits(coder, item)]

    def _by_value(self, coder: str, items: list[ReviewItem]) -> list[ReviewItem]:
        found = Counter(decision.theme for decision in self._review_state.reviewed(coder) if decision.value)
        suggested: list[tuple[ReviewItem, Suggestion]] = [(item, item.suggestion) for item in items if item.suggestion]
        # What is decided keeps a place behind the rest: one can step back to it.
        waiting = [number for number, (item, _) in enumerate(suggested) if self.open(coder, item)]
        order = review_order([suggested[number][1] for number in waiting], judged=(), themes_found=found)
        first = [suggested[waiting[number]][0] for number in order]
        chosen = {waiting[number] for number in order}
        rest = [item for number, (item, _) in enumerate(suggested) if number not in chosen]
        return _spread(first, [item for item in items if not item.suggestion]) + rest

    def _differs(self, coder: str, item: ReviewItem) -> bool:
        """Did `coder` reject what the machine finds likelier than not, or accept what it finds less likely?"""
        decisions = self._review_state.own(coder, item.source_id).by_passage.get(item.passage_id)
        if not item.suggestion or not decisions:
            return False
        likely = item.suggestion.score >= _LIKELY
        return any(d.theme == item.theme and bool(d.value) != likely for d in decisions.values())

    def _marked(self, kind: str) -> Callable[[str, ReviewItem], bool]:
        def is_marked(coder: str, item: ReviewItem) -> bool:
            return self._review_state.own(coder, item.source_id).marked(kind, item.passage_id, item.theme) is not None

        return is_marked

    def _fits(self, item: ReviewItem, wanted: Wanted) -> bool:
        if wanted.study and item.source_id != wanted.study:
            return False
        if wanted.theme and item.theme != wanted.theme:
            return False
        score = item.suggestion.score if item.suggestion else None
        if (wanted.least > 0 or wanted.most < 1) and (score is None or not wanted.least <= score <= wanted.most):
            return False
        return not wanted.words or wanted.words in self._review_items.folded(item)


def _said(own: Own) -> set[tuple[str, str]]:
    """The places on which a coder has decided: passage and theme."""
    return {(passage, one.theme) for passage, made in own.by_passage.items() for one in made.values()}


def _spread(items: list[ReviewItem], among: list[ReviewItem]) -> list[ReviewItem]:
    """`items` with `among` put in at even distances: passages without a suggestion have no worth to be ordered by."""
    if not among:
        return items
    places = [(number + 0.5) / len(items) for number in range(len(items))]
    between = [(number + 0.5) / len(among) for number in range(len(among))]
    return [
        item
        for _, _, item in sorted(
            [(place, n, item) for n, (place, item) in enumerate(zip(places, items, strict=True))]
            + [(place, n - len(among), item) for n, (place, item) in enumerate(zip(between, among, strict=True))],
            key=lambda one: one[:2],
        )
    ]


def _share(given: str | None, otherwise: float) -> float:
    try:
        value = float(given) if given else otherwise
    except ValueError:
        return otherwise
    return min(1.0, max(0.0, value)) if value == value else otherwise
