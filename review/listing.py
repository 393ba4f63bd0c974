"""Which suggestions a coder goes through, and in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from annotations.queue import review_order
from corpus.errors import UnknownChoiceError
from models.suggestion import Suggestion
from review.shelf import Item, Shelf
from review.sight import Sight
from review.standing import Standing

ORDERS = (
    ("next", "What to review next"),
    ("study", "By study, in the order of the text"),
    ("theme", "By theme, likeliest first"),
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a coder chose to see: the query of the coding page."""

    by: str = "next"
    study: str = ""
    theme: str = ""
    least: float = 0.0  # probability
    most: float = 1.0
    words: str = ""


def wanted(query: Mapping[str, str], shelf: Shelf) -> Wanted:
    """The choice in a query; UnknownChoiceError where it names what is not there."""
    by, study, theme = query.get("by") or "next", query.get("study", ""), query.get("theme", "")
    if by not in dict(ORDERS):
        raise UnknownChoiceError("order", by[:40], dict(ORDERS))
    if study:
        shelf.source(study)
    if theme:
        shelf.codebook.theme(theme)
    words = " ".join(query.get("words", "").casefold().split())[:200]
    return Wanted(by, study, theme, _share(query.get("least"), 0.0), _share(query.get("most"), 1.0), words)


class Listing:
    """The lists of the coders. What does not change with every decision is kept."""

    def __init__(self, shelf: Shelf, standing: Standing, sight: Sight) -> None:
        self._shelf, self._standing, self._sight = shelf, standing, sight
        self._orders: dict[tuple[str, Wanted], tuple[int, int, list[Item]]] = {}

    def all(self, coder: str, wanted: Wanted) -> list[Item]:
        """Everything that fits `wanted`, decided or not."""
        items = [item for item in self._sight.items(coder) if self._fits(item, wanted)]
        if wanted.by == "next":
            return self._by_value(coder, wanted, items)
        if wanted.by == "theme":
            codes = {code: number for number, code in enumerate(self._shelf.codebook.codes)}
            return sorted(items, key=lambda i: (codes.get(i.theme, -1), -(i.suggestion.score if i.suggestion else 0)))
        if wanted.by == "conflict":
            return [item for item in items if self._differs(coder, item)]
        if wanted.by == "decided":
            return [item for item in items if not self.open(coder, item)]
        if wanted.by in _MARKED:
            return [i for i in items if self._marked(coder, i, _MARKED[wanted.by])]
        return items

    def open(self, coder: str, item: Item) -> bool:
        """Has `coder` not yet decided on it?"""
        own = self._standing.own(coder, item.source_id)
        if not item.theme:
            return ("seen", item.passage_id, "") not in own.marks
        decisions = own.by_passage.get(item.passage_id)
        return not decisions or all(decision.theme != item.theme for decision in decisions.values())

    def waiting(self, coder: str, item: Item, wanted: Wanted) -> bool:
        """Is it to be put before `coder` now? What was skipped or is unsure is not, unless that is what is wanted."""
        if wanted.by in ("again", "unsure", "skipped"):
            return True
        if not self.open(coder, item):
            return False
        own = self._standing.own(coder, item.source_id)
        return own.done is False and not any(
            own.marked(kind, item.passage_id, item.theme) for kind in ("unsure", "skipped")
        )

    def _by_value(self, coder: str, wanted: Wanted, items: list[Item]) -> list[Item]:
        decided = len(self._standing.reviewed(coder))
        kept = self._orders.get((coder, wanted))
        if kept and decided - kept[0] < ORDERED_ANEW and len(items) == kept[1]:
            return kept[2]
        found = Counter(decision.theme for decision in self._standing.reviewed(coder) if decision.value)
        suggested: list[tuple[Item, Suggestion]] = [(item, item.suggestion) for item in items if item.suggestion]
        # What is decided keeps a place behind the rest: one can step back to it.
        order = review_order(
            [suggestion for _, suggestion in suggested],
            judged={(i.passage_id, i.theme) for i, _ in suggested if not self.open(coder, i)},
            themes_found=found,
        )
        first = [suggested[number][0] for number in order]
        chosen = {item.key for item in first}
        made = _spread(first, [item for item in items if not item.suggestion]) + [
            item for item in items if item.suggestion and item.key not in chosen
        ]
        if len(self._orders) > 500:  # searches are many; the lists are long
            self._orders.clear()
        self._orders[coder, wanted] = (decided, len(items), made)
        return made

    def _differs(self, coder: str, item: Item) -> bool:
        """Did `coder` reject what the machine finds likelier than not, or accept what it finds less likely?"""
        decisions = self._standing.own(coder, item.source_id).by_passage.get(item.passage_id)
        if not item.suggestion or not decisions:
            return False
        likely = item.suggestion.score >= _LIKELY
        return any(d.theme == item.theme and bool(d.value) != likely for d in decisions.values())

    def _fits(self, item: Item, wanted: Wanted) -> bool:
        if wanted.study and item.source_id != wanted.study:
            return False
        if wanted.theme and item.theme != wanted.theme:
            return False
        score = item.suggestion.score if item.suggestion else None
        if (wanted.least > 0 or wanted.most < 1) and (score is None or not wanted.least <= score <= wanted.most):
            return False
        return not wanted.words or wanted.words in self._shelf.folded(item)

    def _marked(self, coder: str, item: Item, kind: str) -> bool:
        return self._standing.own(coder, item.source_id).marked(kind, item.passage_id, item.theme) is not None


_MARKED = {"again": "look again", "unsure": "unsure", "skipped": "skipped"}


def _spread(items: list[Item], among: list[Item]) -> list[Item]:
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


def following(items: Sequence[Item], after: tuple[str, str, str] | None, fits: Callable[[Item], bool]) -> Item | None:
    """The first of `items` that `fits` behind `after`, or else from the beginning; never `after` itself."""
    at = next((number for number, item in enumerate(items) if item.key == after), -1)
    around = (*items[at + 1 :], *items[: max(at, 0)])
    return next((item for item in around if fits(item)), None)


def _share(given: str | None, otherwise: float) -> float:
    try:
        value = float(given) if given else otherwise
    except ValueError:
        return otherwise
    return min(1.0, max(0.0, value)) if value == value else otherwise
