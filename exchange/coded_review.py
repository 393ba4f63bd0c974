"""Everything that people and the machine coded, in one form, ready to be written for another program."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from annotations.anchor import Finder
from annotations.decision import Code, Decision, Memo
from corpus.registry.sources import Source
from exchange.plain_text import PlainText, clean, lines_of, place, read
from extract.document import Box, Document, Passage, Span
from models.codebook.codebook import Codebook
from models.suggestion import Suggestion

Kind = Literal["coder", "adjudicator", "published", "machine"]
MACHINE = "machine"
NOT_IN_TEXT = "[not in the text]"  # beside a quote that is not in the text as it was read


@dataclass(frozen=True, slots=True)
class User:
    """Whose coding it is. One person who codes and adjudicates is two users, so that the two can be told apart."""

    name: str  # a coder's name, "published", or "machine" and the id of its model
    kind: Kind

    @property
    def label(self) -> str:
        """The name as other programs show it."""
        if self.kind == "adjudicator":
            return f"{self.name} (adjudicator)"
        return f"{self.name} (suggestions)" if self.kind == "machine" else self.name


@dataclass(frozen=True, slots=True)
class CodedPassage:
    """One theme given to a passage or to a whole study."""

    user: User
    theme: str
    value: int  # 0 judged not to be there, 1 mentioned, 2 with evidence
    quote: str  # as the coder gave it; the passage for a suggestion; "" for a coding of the whole study
    page: int | None = None  # on which the place starts; as the coder gave it where the quote was not found
    span: Span | None = None  # of the words in the study's `PlainText`; None: on the whole study, or not found
    boxes: Sequence[Box] = ()  # its printed lines
    passage: Passage | None = None
    decision: Decision | None = None  # as it was recorded; None for a suggestion
    suggestion: Suggestion | None = None

    @property
    def orphaned(self) -> bool:
        """A quote that is not in the text as it is read now."""
        return bool(self.quote) and self.span is None

    @property
    def key(self) -> str:
        """Names this coding for ever: the same coding has the same key in every export."""
        if self.suggestion:
            return f"{self.user.name}/{self.suggestion.passage_id}/{self.theme}"
        page = self.decision.anchor.page if self.decision and self.decision.anchor else None
        return f"{self.user.kind}/{self.user.name}/{self.theme}/{page or ''}/{self.quote}"


@dataclass(frozen=True)
class Study:
    """One source with its text, and everything coded in it."""

    source: Source
    document: Document | None = None  # None: its text is not here
    decisions: Sequence[Decision] = ()  # those that count, as they were recorded
    suggestions: Sequence[Suggestion] = ()
    pdf: Path | None = None
    memos: Sequence[Memo] = ()  # on the study, or on words of it

    @cached_property
    def reading(self) -> PlainText:
        """Its text as it is handed out; empty where there is none."""
        return read(self.document) if self.document else PlainText("", {})

    @cached_property
    def codings(self) -> Sequence[CodedPassage]:
        """People's first, in the order they were recorded, then the machine's in the order of the text."""
        passages = {p.id: p for p in self.document.passages} if self.document else {}
        finder = Finder(self.document) if self.document else None
        made = [_judged(decision, self, passages, finder) for decision in self.decisions]
        order = {passage_id: number for number, passage_id in enumerate(passages)}
        proposed = [s for s in self.suggestions if s.passage_id in passages]
        proposed.sort(key=lambda s: (order[s.passage_id], s.theme))
        return (*made, *(_proposed(s, passages[s.passage_id], self) for s in proposed))

    @cached_property
    def noted(self) -> Sequence[tuple[Memo, CodedPassage]]:
        """Its memos, each with its place, found as that of a coding is."""
        passages = {p.id: p for p in self.document.passages} if self.document else {}
        finder = Finder(self.document) if self.document else None
        return [(memo, _judged(_at_memo(memo), self, passages, finder)) for memo in self.memos]


@dataclass(frozen=True, slots=True)
class CodedReview:
    """What an export of codings is made from."""

    title: str
    codebook: Codebook
    studies: Sequence[Study]
    sample: bool = False  # an invented review: every file says so
    codes: Sequence[Code] = ()  # people's own, where decisions name them; else each counts as its theme
    memos: Sequence[Memo] = ()  # on themes, codes and the review as a whole

    @property
    def codings(self) -> Iterator[tuple[Study, CodedPassage]]:
        """Every coding with its study."""
        return ((study, coding) for study in self.studies for coding in study.codings)

    @property
    def users(self) -> Sequence[User]:
        """Everyone who coded: people by name, then the published coding, then the machine."""
        order: Mapping[Kind, int] = {"coder": 0, "adjudicator": 0, "published": 1, "machine": 2}
        found = {coding.user for _, coding in self.codings}
        memos = [*self.memos, *(memo for study in self.studies for memo in study.memos)]
        found |= {User(memo.coder, "coder") for memo in memos}
        return sorted(found, key=lambda user: (order[user.kind], user.name, user.kind))


def select_codings(
    review: CodedReview,
    *,
    themes: Collection[str] = (),
    studies: Collection[str] = (),
    coders: Collection[str] = (),
    values: Collection[int] = (),
) -> CodedReview:
    """The review with the codings of these themes, studies (by id), coders and strengths (0, 1, 2) only; an empty list
    chooses all. A coder is chosen by name, the machine as "machine"; what it suggests has no strength."""

    def wanted(decision: Decision) -> bool:
        fits = not themes or decision.theme in themes, not coders or decision.coder in coders
        return all(fits) and (not values or decision.value in values)

    machine = not values and (not coders or MACHINE in coders)
    chosen = [
        replace(
            study,
            decisions=[decision for decision in study.decisions if wanted(decision)],
            suggestions=[s for s in study.suggestions if machine and (not themes or s.theme in themes)],
        )
        for study in review.studies
        if not studies or study.source.id in studies
    ]
    return replace(review, studies=chosen)


def _judged(decision: Decision, study: Study, passages: Mapping[str, Passage], finder: Finder | None) -> CodedPassage:
    user = User(decision.coder, decision.role)
    value = decision.value or 0
    if decision.anchor is None:
        return CodedPassage(user, decision.theme, value, "", decision=decision)
    quote = decision.anchor.quote
    passage = finder.find(decision.anchor)[0] if finder else None
    if passage is None or study.document is None:
        return CodedPassage(user, decision.theme, value, quote, decision.anchor.page, decision=decision)
    span = place(quote, passage, study.reading)
    boxes: list[Box] = []
    for other_id, (start, end) in study.reading.touched(span):
        part = max(span[0] - start, 0), min(span[1], end) - start
        boxes += lines_of(part, passages[other_id], study.document)
    return CodedPassage(user, decision.theme, value, quote, boxes[0].page, span, boxes, passage, decision)


def _at_memo(memo: Memo) -> Decision:
    """A decision at the place of a memo: found in the text in the same way."""
    return Decision(memo.source_id, memo.theme, None, memo.coder, anchor=memo.anchor)


def _proposed(suggestion: Suggestion, passage: Passage, study: Study) -> CodedPassage:
    user = User(f"{MACHINE} {suggestion.model_id}", "machine")
    return CodedPassage(
        user,
        suggestion.theme,
        suggestion.strength,
        clean(passage.text),
        passage.page,
        study.reading.spans[passage.id],
        passage.boxes,
        passage,
        suggestion=suggestion,
    )
