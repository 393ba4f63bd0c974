"""From what people decided to passages that a model can learn from.

A passage's label for a theme is settled as in the matrix: an adjudicator's ruling counts; else what all coders who
judged it agree on (where all say present, the lowest strength); where they disagree on presence nothing is learned
from the passage. A coder who marked the study as done said no to every theme they left out, also where another coder
gave it. One who marked the passage as seen, without finishing the study, said no only where nobody gave a theme: they
may not have been asked about the others yet. Who marked it as unsure or skipped it said nothing. A quote that lies in
no passage of the text as it is now is learned from by its own words.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from annotations.anchor import anchored, fold
from annotations.decision import Anchor, Decision, Mark
from extract.document import Document, Passage
from extract.text.language import ENGLISH
from models.codebook.codebook import Codebook
from models.evaluation.champion_challenger import HUMAN, PICKED
from models.labelled_passages import LabelledPassage
from models.suggest.document_suggestions import SKIPPED

# One human judgement weighs as much as so many seed passages; a passage merely passed over in a finished study as
# much as one, since a report has far more of these.
JUDGED_WEIGHT = 3.0
PASSED_OVER_WEIGHT = 1.0
FEWEST_WORDS = 4  # of a quote: fewer say nothing
Value = Literal[0, 1, 2]


@dataclass(frozen=True, slots=True)
class TrainingLabels:
    """What there is to learn from people's decisions."""

    passages: tuple[LabelledPassage, ...]
    positive: int  # passages with at least one theme
    rejected: int  # passages judged, and left without any theme
    passed_over: int  # passages seen and left uncoded
    disputed: int  # passages left out because coders disagree
    picked: int  # passages that only answers to suggestions speak of
    older_codebook: int  # decisions made under an earlier revision of the codebook; they count
    said: Mapping[str, tuple[Decision, ...]]  # passage id -> the decisions its labels come from
    silent: Mapping[str, tuple[str, ...]]  # passage id -> coders who saw it; what they did not code is a no


def training_labels(
    decisions: Sequence[Decision],
    marks: Sequence[Mark],
    documents: Mapping[str, Document],
    codebook: Codebook,
) -> TrainingLabels:
    """Labelled passages from what counts now (`DecisionLog.current()` and `.marks()`); documents by source id.

    Judgements on a whole study and published codings say nothing about a passage and are left out.
    """
    passages: list[LabelledPassage] = []
    said: dict[str, tuple[Decision, ...]] = {}
    silent: dict[str, tuple[str, ...]] = {}
    disputed = rejected = passed_over = 0
    told = [d for d in decisions if d.anchor and d.role != "published" and d.value is not None]
    told = [d for d in told if d.theme in codebook.codes]
    by_source: dict[str, list[Decision]] = defaultdict(list)
    for decision in told:
        by_source[decision.source_id].append(decision)
    marked: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        marked[mark.source_id].append(mark)
    for source_id in sorted({*by_source, *marked}):
        document = documents.get(source_id)
        judged, texts = _by_passage(by_source[source_id], document)
        looks = _looks(marked[source_id], document)
        for key in sorted({*judged, *looks.read}, key=str):
            here = judged.get(key, [])
            labels = _settle(here, looks.silent(key), codebook)
            if labels is None:
                disputed += 1
                continue
            if not here and not looks.silent(key) and not looks.seen_by(key):
                continue  # only those who were unsure looked at it
            rejected += bool(here) and not labels
            passed_over += not here
            name = f"{source_id}:{key}"
            said[name], silent[name] = tuple(here), tuple(sorted(looks.silent(key) | looks.seen_by(key)))
            passages.append(
                LabelledPassage(
                    id=name,
                    group=f"study:{source_id}",
                    text=texts[key] if key in texts else looks.read[key],
                    labels=labels,
                    weight=JUDGED_WEIGHT if here else PASSED_OVER_WEIGHT,
                    genre="this review",
                    # In a finished study nobody picked the passages. Elsewhere a coder who added or quoted did.
                    origin=HUMAN if looks.done or not all(_answer(d) for d in here) else PICKED,
                )
            )
    return TrainingLabels(
        passages=tuple(passages),
        positive=sum(bool(passage.labels) for passage in passages),
        rejected=rejected,
        passed_over=passed_over,
        disputed=disputed,
        picked=sum(passage.origin == PICKED for passage in passages),
        older_codebook=sum(d.codebook not in ("", codebook.revision) for d in told),
        said=said,
        silent=silent,
    )


def with_seed(seed: Iterable[LabelledPassage], human: Sequence[LabelledPassage]) -> tuple[LabelledPassage, ...]:
    """Seed and human passages together; where both have the same text, the human judgement counts."""
    own = {fold(passage.text) for passage in human}
    return (*(passage for passage in seed if fold(passage.text) not in own), *human)


def _by_passage(
    decisions: Sequence[Decision], document: Document | None
) -> tuple[dict[str, list[Decision]], dict[str, str]]:
    """Decisions by passage id, or by the hash of a quote that lies in none; and the text of each."""
    passages = {passage.id: passage for passage in document.passages} if document else {}
    judged: dict[str, list[Decision]] = defaultdict(list)
    texts: dict[str, str] = {}
    for decision in decisions:
        anchor = _found(decision, passages, document)
        if anchor.passage_id in passages:
            key, text = anchor.passage_id, passages[anchor.passage_id].text
        elif len(anchor.quote.split()) >= FEWEST_WORDS:
            key, text = "quote-" + hashlib.sha256(fold(anchor.quote).encode()).hexdigest()[:16], anchor.quote
        else:
            continue
        judged[key].append(decision)
        texts[key] = text
    return judged, texts


def _found(decision: Decision, passages: Mapping[str, Passage], document: Document | None) -> Anchor:
    """Where the decision belongs in the text as it is now."""
    anchor = decision.anchor or Anchor("")
    passage = passages.get(anchor.passage_id)
    if passage and fold(anchor.quote) in fold(passage.text):  # nearly always; `anchored` searches the whole text
        return anchor
    return anchored(decision, document).anchor or anchor


@dataclass(frozen=True, slots=True)
class _Looks:
    """Who looked at which passages of a study without needing to say anything."""

    read: Mapping[str, str]  # passages that anyone looked at -> text
    done: frozenset[str]  # coders who finished the study
    seen: Mapping[str, frozenset[str]]  # passage id -> coders who marked it as seen
    unsure: Mapping[str, frozenset[str]]  # passage id -> coders who left it open

    def silent(self, key: str) -> frozenset[str]:
        """Coders whose silence on the passage is a no, even where others gave it a theme: they finished the study."""
        return self.done - self.unsure.get(key, frozenset()) if key in self.read else frozenset()

    def seen_by(self, key: str) -> frozenset[str]:
        """Coders who looked at the passage; where nobody gave it a theme, that is a no."""
        return self.seen.get(key, frozenset()) - self.unsure.get(key, frozenset()) if key in self.read else frozenset()


def _looks(marks: Sequence[Mark], document: Document | None) -> _Looks:
    on = [mark for mark in marks if mark.on]
    passages = {passage.id: passage for passage in document.passages} if document else {}
    coded = {passage.id: passage.text for passage in passages.values() if _is_coded(passage)}
    done = frozenset(mark.coder for mark in on if mark.kind == "done")
    seen: dict[str, set[str]] = defaultdict(set)
    unsure: dict[str, set[str]] = defaultdict(set)
    for mark in on:
        if not mark.anchor or mark.kind not in ("seen", "unsure", "skipped"):
            continue
        # A mark finds its passage again as a decision does.
        place = Decision(mark.source_id, mark.theme, None, mark.coder, anchor=mark.anchor)
        found = _found(place, passages, document)
        if found.passage_id:
            (seen if mark.kind == "seen" else unsure)[found.passage_id].add(mark.coder)
    read = coded if done else {key: coded[key] for key in seen if key in coded}
    return _Looks(
        read,
        done,
        {key: frozenset(coders) for key, coders in seen.items()},
        {key: frozenset(coders) for key, coders in unsure.items()},
    )


def _is_coded(passage: Passage) -> bool:
    return passage.section not in SKIPPED and passage.language == ENGLISH


def _settle(here: Sequence[Decision], silent: frozenset[str], codebook: Codebook) -> dict[str, int] | None:
    """The labels of a passage, or None where coders disagree on the presence of a theme."""
    coders = {d.coder for d in here if d.role == "coder"} | silent
    labels: dict[str, int] = {}
    for theme in codebook.codes:
        rulings = sorted((d for d in here if d.theme == theme and d.role == "adjudicator"), key=lambda d: d.decided)
        value: int
        if rulings:
            value = rulings[-1].value or 0
        else:
            said: dict[str, int] = {}
            for decision in here:
                if decision.theme == theme and decision.role == "coder":
                    said[decision.coder] = max(said.get(decision.coder, 0), decision.value or 0)
            stances = [*said.values(), *(0 for coder in coders & silent if coder not in said)]
            if stances and min(stances) == 0 < max(stances):
                return None
            value = min(stances, default=0)
        if value:
            labels[theme] = value
    return labels


def _answer(decision: Decision) -> bool:
    """Was this an answer to a suggestion that the coder was shown?"""
    return bool(decision.model_id) and decision.shown is not False
