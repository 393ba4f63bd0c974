"""The coded passages of a review: which words, in which study, carry which theme, and by whose judgement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

from annotations.decision import Decision
from extract.document import Document, Passage
from models.suggestion import DocumentSuggestions, Suggestion

if TYPE_CHECKING:  # half a second to load, and a run without news does without it
    import pandas as pd

Standing = Literal["accepted", "proposed"]
ROWS = 2000  # of codings.csv that are made at a time


@dataclass(frozen=True, slots=True)
class Coding:
    """One theme in one passage of one study."""

    source_id: str
    theme: str  # a code of the codebook, before folding
    value: int  # 1 or 2: the lower of what its coders gave; the machine's strength where it is proposed only
    standing: Standing
    coders: tuple[str, ...]  # who accepted it; empty where it is proposed only
    quote: str  # the words a person marked, else the passage
    text: str  # the whole passage, as far as it is known
    page: int | None
    passage_id: str  # empty where the quote is not in the text as now read
    section: str = ""  # kind of the section it stands in, for example "findings"
    codes: tuple[str, ...] = ()  # first-level codes: the phrase rules that found the theme there, "TI.exclusion-error"
    score: float | None = None  # the machine's probability, where it proposes the theme there too

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it one coding: study, theme and place."""
        return self.source_id, self.theme, self.passage_id or " ".join(self.quote.split()).casefold()


def accepted(
    decisions: Sequence[Decision],
    documents: Mapping[str, Document],
    proposals: Mapping[str, DocumentSuggestions],
) -> tuple[Coding, ...]:
    """The passages that people accepted, each theme of a passage once, by study, theme and place in the text.

    An adjudicator who rejects a passage takes it out; two coders who accept the same one share a coding.
    """
    made: dict[tuple[str, str, str], list[Decision]] = {}
    for decision in decisions:
        if decision.anchor and decision.value is not None:
            place = decision.anchor.passage_id or " ".join(decision.anchor.quote.split()).casefold()
            made.setdefault((decision.source_id, decision.theme, place), []).append(decision)
    passages = {source: _passages(document) for source, document in documents.items()}
    hits = {source: _by_place(found) for source, found in proposals.items()}
    found = []
    for (source, theme, _), judged in made.items():
        rulings = [decision for decision in judged if decision.role == "adjudicator"]
        standing = [decision for decision in rulings or judged if decision.value]
        if not standing or (rulings and not rulings[-1].value):
            continue
        anchor = standing[0].anchor
        passage = passages.get(source, {}).get(anchor.passage_id) if anchor else None
        hit = hits.get(source, {}).get((anchor.passage_id, theme)) if anchor else None
        found.append(
            Coding(
                source,
                theme,
                value=min(decision.value or 0 for decision in standing),
                standing="accepted",
                coders=tuple(sorted({decision.coder for decision in standing})),
                quote=anchor.quote if anchor else "",
                text=passage.text if passage else anchor.quote if anchor else "",
                page=passage.page if passage else anchor.page if anchor else None,
                passage_id=anchor.passage_id if anchor and passage else "",
                section=passage.section if passage else "",
                codes=_codes(hit),
                score=hit.score if hit else None,
            )
        )
    return tuple(sorted(found, key=lambda coding: (coding.source_id, coding.theme, coding.page or 0, coding.key)))


def proposed(documents: Mapping[str, Document], proposals: Mapping[str, DocumentSuggestions]) -> tuple[Coding, ...]:
    """Every passage and theme that the machine proposes."""
    found = []
    for source, made in proposals.items():
        document = documents.get(source)
        passages = _passages(document) if document else {}
        found += [
            Coding(
                source,
                hit.theme,
                hit.strength,
                "proposed",
                (),
                passage.text,
                passage.text,
                passage.page,
                passage.id,
                passage.section,
                _codes(hit),
                hit.score,
            )
            for hit in made.suggestions
            if (passage := passages.get(hit.passage_id))
        ]
    return tuple(sorted(found, key=lambda coding: (coding.source_id, coding.theme, coding.page or 0, coding.key)))


def codings_tables(codings: Iterable[Coding], labels: Mapping[str, str]) -> Iterator[pd.DataFrame]:
    """The rows of codings.csv, some at a time."""
    every = iter(codings)
    some = list(islice(every, ROWS))
    yield codings_table(some, labels)
    while some := list(islice(every, ROWS)):
        yield codings_table(some, labels)


def codings_table(codings: Sequence[Coding], labels: Mapping[str, str]) -> pd.DataFrame:
    """The rows of codings.csv."""
    import pandas as pd

    return pd.DataFrame(
        {
            "source": [coding.source_id for coding in codings],
            "label": [labels.get(coding.source_id, "") for coding in codings],
            "theme": [coding.theme for coding in codings],
            "value": [coding.value for coding in codings],
            "standing": [coding.standing for coding in codings],
            "coders": ["; ".join(coding.coders) for coding in codings],
            "page": pd.array([coding.page for coding in codings], dtype="Int64"),
            "section": [coding.section for coding in codings],
            "codes": ["; ".join(coding.codes) for coding in codings],
            "score": [None if coding.score is None else round(coding.score, 4) for coding in codings],
            "passage_id": [coding.passage_id for coding in codings],
            "quote": [coding.quote for coding in codings],
        }
    )


def _codes(hit: Suggestion | None) -> tuple[str, ...]:
    rules = [reason.rule_id for reason in hit.reasons if reason.rule_id and reason.weight > 0] if hit else []
    return tuple(dict.fromkeys(rules))


def _passages(document: Document) -> dict[str, Passage]:
    return {passage.id: passage for passage in document.passages}


def _by_place(found: DocumentSuggestions) -> dict[tuple[str, str], Suggestion]:
    return {(hit.passage_id, hit.theme): hit for hit in found.suggestions}
