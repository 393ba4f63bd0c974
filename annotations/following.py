"""Which decision stands in the place of an earlier one, where its words are no longer what they were.

A decision replaces the same coder's earlier one on the same theme and words. After a new edition or another extraction
the words may stand on another page, or be others: what is decided then of the words as they are is about the same
thing, and the later one counts. Two quotes that both still stand in a passage are two decisions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from annotations.anchor import Finder, fold
from annotations.decision import Decision, place
from extract.document import Document

Place = tuple[str, ...]  # see `annotations.decision.place`
_HALF = 0.5  # of the shorter of two quotes that must stand in both to be about the same words


@dataclass(frozen=True, slots=True)
class _Words:
    """Where a quote stands in a passage, in its folded text."""

    quote: str  # folded
    start: int
    end: int
    exact: bool  # word for word

    def followed_by(self, later: _Words) -> bool:
        """Whether a later decision on `later` is about the same words."""
        if self.quote == later.quote:
            return True
        shared = min(self.end, later.end) - max(self.start, later.start)
        shorter = min(self.end - self.start, later.end - later.start)
        return not self.exact and shared >= _HALF * shorter > 0


def without_replaced(decisions: Sequence[Decision], document: Document) -> list[Decision]:
    """`decisions` on one study without those in whose place a later one stands.

    They are in the order of the log and anchored in `document`.
    """
    groups: dict[tuple[str, ...], list[Decision]] = defaultdict(list)
    for decision in decisions:
        if decision.anchor and decision.anchor.passage_id:
            groups[_about(decision)].append(decision)
    crowded = [group for group in groups.values() if len(group) > 1]
    if not crowded:
        return list(decisions)
    texts = {passage.id: fold(passage.text) for passage in document.passages}
    replaced = {
        id(earlier)
        for group in crowded
        for number, earlier in enumerate(group)
        if any(_stands_in_place(later, earlier, texts) for later in group[number + 1 :])
    }
    return [decision for decision in decisions if id(decision) not in replaced]


def following(decision: Decision, standing: Iterable[tuple[Place, Decision]], finder: Finder) -> Decision:
    """A decision that is about to be recorded, with the one that it replaces where that is at another place.

    `standing` are the decisions that count now, anchored in the text of `finder`, each with the place at which the log
    has it. So a judgement is taken back, too, whose words have changed or moved to another page since it was made.
    """
    anchored = finder.anchored(decision)
    if anchored.anchor is None or not anchored.anchor.passage_id:
        return decision
    texts = {anchored.anchor.passage_id: fold(finder.text_of(anchored.anchor.passage_id))}
    others = [one for where, one in standing if where != place(decision) and _about(one) == _about(anchored)]
    found = [one for one in others if one.event_id and _stands_in_place(anchored, one, texts)]
    return replace(decision, follows=found[-1].event_id) if found else decision


def _about(decision: Decision) -> tuple[str, ...]:
    passage = decision.anchor.passage_id if decision.anchor else ""
    return decision.coder, decision.role, decision.source_id, decision.theme, passage


def _stands_in_place(later: Decision, earlier: Decision, texts: Mapping[str, str]) -> bool:
    assert later.anchor is not None
    assert earlier.anchor is not None
    text = texts.get(earlier.anchor.passage_id, "")
    return _words(earlier.anchor.quote, text).followed_by(_words(later.anchor.quote, text))


def _words(quote: str, text: str) -> _Words:
    folded = fold(quote)
    start = text.find(folded)
    if start >= 0:
        return _Words(folded, start, start + len(folded), exact=True)
    found = fuzz.partial_ratio_alignment(folded, text)
    return _Words(folded, found.dest_start, found.dest_end, exact=False) if found else _Words(folded, 0, 0, exact=False)
