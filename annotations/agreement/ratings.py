"""What each coder said of each passage and study, theme by theme: decisions and marks as one array.

A coder judged a passage if they decided on it, marked it as seen, or marked its study as done when it was there and
had been shown to them. A theme they left out of a passage they judged is a 0, if it was in the codebook then. Of a
study a coder's value is their judgement on it as a whole, else the highest of its passages, else 0 where they marked it
as done, all of it had been shown to them, and nothing has come to its text since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.assignment import Assignment
from annotations.agreement.coefficients import MISSING, Rated
from annotations.anchor import fold
from annotations.codebook_changes import JudgedThemes
from annotations.decision import Anchor, Decision, Mark
from extract.document import Document
from models.suggestion import DocumentSuggestions

Level = Literal["passage", "study"]
MACHINE, PEOPLE = "machine", "people"  # raters that are no single coder


@dataclass(frozen=True, slots=True)
class Place:
    """What is judged: a passage, or a study as a whole."""

    source_id: str
    passage_id: str = ""  # empty for a study, and for a quote that is not in the text as it is now extracted
    quote: str = ""
    page: int | None = None
    gone: bool = False  # a quote whose words are nowhere in the text: then the page is where somebody judged them


@dataclass(frozen=True, slots=True)
class Ratings:
    """Who gave what a value of 0, 1 or 2, or MISSING where they did not judge it."""

    level: Level
    raters: tuple[str, ...]
    themes: tuple[str, ...]
    places: tuple[Place, ...]
    values: Rated  # [rater, place, theme]

    def only(self, raters: Sequence[str]) -> Ratings:
        """The ratings of some of the raters, in the order given."""
        rows = [self.raters.index(rater) for rater in raters]
        return replace(self, raters=tuple(raters), values=self.values[rows])

    def beside(self, other: Ratings) -> Ratings:
        """These ratings and those of `other`, which must be of the same places and themes."""
        values = np.concatenate([self.values, other.values])
        return replace(self, raters=(*self.raters, *other.raters), values=values)


def passage_ratings(
    decisions: Iterable[Decision],
    marks: Iterable[Mark],
    documents: Mapping[str, Document],
    *,
    themes: Sequence[str],
    assignment: Assignment | None = None,
    judged_themes: JudgedThemes | None = None,
) -> Ratings:
    """The coders' ratings of passages.

    `decisions` and `marks` are those that count now, anchored in `documents`, which are keyed by source id. Who marks
    a study as done has judged the passages that the mark covers, and where `assignment` names coders those of them
    that are theirs. `judged_themes` tells which of `themes` could be given at the time; without, all of them.
    """
    could_give = _Columns(themes, judged_themes)
    made = [d for d in decisions if d.role == "coder" and d.anchor and d.theme in themes]
    seen = [mark for mark in marks if mark.kind == "seen" and mark.anchor]
    done = [mark for mark in marks if mark.kind == "done" and not mark.anchor]
    at = _passages(documents, [*made, *seen])
    placed: list[Decision | Mark] = [*seen, *made]
    raters = tuple(sorted({said.coder for said in placed} | {mark.coder for mark in done}))
    row = {rater: number for number, rater in enumerate(raters)}
    column = {theme: number for number, theme in enumerate(themes)}
    values = np.full((len(raters), len(at), len(themes)), MISSING, np.int8)
    for mark in done:
        document = documents.get(mark.source_id)
        ids = [passage.id for passage in document.passages] if document else []
        if assignment:
            ids = [one for one in ids if assignment.codes(mark.coder, mark.source_id, one)]
        places = np.array([at[mark.source_id, one][0] for one in mark.judged(ids)], int)
        own = values[row[mark.coder]]
        own[np.ix_(places, could_give.at(mark))] = 0
    for said in placed:
        whole = values[row[said.coder], at[identity_of(said)][0]]
        whole[could_give.at(said)] = np.maximum(whole[could_give.at(said)], 0)
        if isinstance(said, Decision):  # several quotes in one passage: the strongest counts
            whole[column[said.theme]] = max(whole[column[said.theme]], said.value or 0)
    return Ratings("passage", raters, tuple(themes), tuple(place for _, place in at.values()), values)


class _Columns:
    """The columns of the themes that could be given when something was said."""

    def __init__(self, themes: Sequence[str], judged: JudgedThemes | None) -> None:
        self._themes, self._judged = themes, judged
        self._known: dict[frozenset[str], NDArray[np.int64]] = {}
        self._all = np.arange(len(themes))

    def at(self, said: Decision | Mark) -> NDArray[np.int64]:
        """Their numbers."""
        judged = self._judged or (JudgedThemes(tuple(self._themes)) if isinstance(said, Mark) and said.themes else None)
        if judged is None:
            return self._all
        known = judged.of(said)
        if known not in self._known:
            self._known[known] = np.array([n for n, theme in enumerate(self._themes) if theme in known], np.int64)
        return self._known[known]


def study_ratings(
    decisions: Iterable[Decision],
    marks: Iterable[Mark],
    *,
    sources: Sequence[str],
    themes: Sequence[str],
    documents: Mapping[str, Document] = MappingProxyType({}),
    assignment: Assignment | None = None,
    judged_themes: JudgedThemes | None = None,
) -> Ratings:
    """The coders' ratings of studies, by their ids. Where `assignment` gives a coder only passages of a study, these
    add up to no value for the study: only what they say of it as a whole counts. A study is 0 in what its coder left
    out when it was done, as long as its text in `documents` holds no passage that was not there, or not shown, then."""
    could_give = _Columns(themes, judged_themes)
    made = [d for d in decisions if d.role == "coder" and d.theme in themes and d.source_id in sources]
    done = [mark for mark in marks if mark.kind == "done" and mark.anchor is None and mark.source_id in sources]
    raters = tuple(sorted({decision.coder for decision in made} | {mark.coder for mark in done}))
    row = {rater: number for number, rater in enumerate(raters)}
    column = {theme: number for number, theme in enumerate(themes)}
    at = {source: number for number, source in enumerate(sources)}
    values = np.full((len(raters), len(sources), len(themes)), MISSING, np.int8)
    for mark in done:
        document = documents.get(mark.source_id)
        covered = mark.judged_all(passage.id for passage in document.passages) if document else not mark.not_shown
        if covered and (not assignment or assignment.codes_whole(mark.coder, mark.source_id)):
            values[row[mark.coder], at[mark.source_id], could_give.at(mark)] = 0
    for decision in sorted(made, key=lambda d: d.anchor is None):  # the judgement on the whole study comes last
        where = row[decision.coder], at[decision.source_id], column[decision.theme]
        if decision.anchor is None:
            values[where] = MISSING if decision.value is None else decision.value
        elif decision.value and (not assignment or assignment.codes_whole(decision.coder, decision.source_id)):
            values[where] = max(values[where], decision.value)
    return Ratings("study", raters, tuple(themes), tuple(Place(source) for source in sources), values)


class Said(Protocol):
    """What was said and counts: of a whole log, or of what was said before studies were revealed."""

    @property
    def decisions(self) -> Sequence[Decision]:
        """Anchored in the texts as they are."""

    @property
    def marks(self) -> Sequence[Mark]:
        """Likewise."""


def coder_ratings(
    said: Said,
    *,
    sources: Sequence[str],
    themes: Sequence[str],
    documents: Mapping[str, Document],
    assignment: Assignment | None,
    judged_themes: JudgedThemes | None,
) -> tuple[Ratings, Ratings]:
    """The coders' ratings of passages, and of the studies `sources`: see `passage_ratings` and `study_ratings`.
    What was said of studies that are no longer in the review is left out."""
    here = set(sources)
    decisions = [decision for decision in said.decisions if decision.source_id in here]
    marks = [mark for mark in said.marks if mark.source_id in here]
    passages = passage_ratings(
        decisions, marks, documents, themes=themes, assignment=assignment, judged_themes=judged_themes
    )
    studies = study_ratings(
        decisions,
        marks,
        sources=sources,
        themes=themes,
        documents=documents,
        assignment=assignment,
        judged_themes=judged_themes,
    )
    return passages, studies


def machine_ratings(like: Ratings, proposals: Mapping[str, DocumentSuggestions]) -> Ratings:
    """The machine's ratings of the places of `like`; MISSING where it read nothing."""
    column = {theme: number for number, theme in enumerate(like.themes)}
    values = np.full((1, len(like.places), len(like.themes)), MISSING, np.int8)
    known = {source: [column[s.theme] for s in p.studies if s.theme in column] for source, p in proposals.items()}
    at = {(place.source_id, place.passage_id): number for number, place in enumerate(like.places)}
    for number, place in enumerate(like.places):
        if place.source_id in known and (like.level == "study" or place.passage_id):
            values[0, number, known[place.source_id]] = 0
    for source, proposed in proposals.items():
        if like.level == "study":
            for study in proposed.studies:
                if study.theme in column and (source, "") in at:
                    values[0, at[source, ""], column[study.theme]] = study.value
            continue
        for made in proposed.suggestions:
            if made.theme in column and (source, made.passage_id) in at:
                values[0, at[source, made.passage_id], column[made.theme]] = made.strength
    return replace(like, raters=(MACHINE,), values=values)


def agreed_ratings(coders: Ratings, decisions: Iterable[Decision]) -> Ratings:
    """What people hold together: the last ruling of an adjudicator among `decisions`, by the order of the log, else
    what all coders say who judged; MISSING where they differ on presence and nobody has ruled. Where they differ in
    strength only, the lower one, as in the matrix."""
    judged = coders.values != MISSING
    lowest = np.where(judged, coders.values, 2).min(axis=0, initial=2)
    highest = coders.values.max(axis=0, initial=MISSING)
    values = np.where(judged.any(axis=0) & ((lowest > 0) == (highest > 0)), lowest, MISSING).astype(np.int8)
    study = coders.level == "study"
    at = {(place.source_id,) if study else identity(place): number for number, place in enumerate(coders.places)}
    for ruling in sorted((d for d in decisions if d.role == "adjudicator"), key=lambda d: d.number):
        place = at.get((ruling.source_id,) if study else identity_of(ruling))
        if place is not None and ruling.theme in coders.themes and (ruling.anchor is None) is study:
            values[place, coders.themes.index(ruling.theme)] = MISSING if ruling.value is None else ruling.value
    return replace(coders, raters=(PEOPLE,), values=values[None])


def _passages(
    documents: Mapping[str, Document], said: Iterable[Decision | Mark]
) -> dict[tuple[str, ...], tuple[int, Place]]:
    """Every passage there is and every quote that is in none of them, numbered, by its key."""
    places = [Place(source, p.id, p.text, p.page) for source, document in documents.items() for p in document.passages]
    at = {identity(place): (number, place) for number, place in enumerate(places)}
    for one in said:
        if one.anchor and identity_of(one) not in at:
            at[identity_of(one)] = len(at), _place_of(one)
    return at


def identity_of(said: Decision | Mark) -> tuple[str, ...]:
    """What a decision or mark is about, the same for whoever made it."""
    return identity(_place_of(said))


def _place_of(said: Decision | Mark) -> Place:
    anchor = said.anchor or Anchor("")
    gone = said.anchor is not None and anchor.orphaned
    return Place(said.source_id, anchor.passage_id, anchor.quote, anchor.page, gone)


def identity(place: Place) -> tuple[str, ...]:
    """The same of a place: its passage, or its words where they are in no passage. Words that are gone are the same on
    whichever page each coder judged them."""
    found = (place.source_id, place.passage_id)
    page = "" if place.gone else str(place.page or "")
    return found if place.passage_id else (*found, fold(place.quote), page)
