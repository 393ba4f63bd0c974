"""From what people decided to passages that a model can learn from.

A passage's label for a theme is settled as in the matrix: an adjudicator's ruling counts; else what all coders who
judged it agree on (where all say present, the lowest strength); where they disagree on presence nothing is learned
from the passage. A coder who marked the study as done said no to every theme they left out of a passage they were
shown, also where another coder gave it. One who marked the passage as seen, without finishing the study, said no only
where nobody gave a theme: they may not have been asked about the others yet. Who marked it as unsure or skipped it said
nothing. Nobody has said no to a theme that was not in the codebook yet, or that is a part of one that was split: such a
label is unknown. Passages that were drawn by lot to measure the machine are not learned from. A quote that lies in no
passage of the text as it is now is learned from by its own words.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from annotations.anchor import anchored, fold
from annotations.codebook_changes import JudgedThemes
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
_QUOTE = "quote-"  # begins the key of words that lie in no passage
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
    by_lot: int = 0  # judged passages that were drawn to measure the machine, and are not learned from


@dataclass(frozen=True, slots=True)
class _Settled:
    """A passage with what people hold of it."""

    passage: LabelledPassage | None  # None: coders disagree on the presence of a theme
    said: tuple[Decision, ...] = ()
    silent: tuple[str, ...] = ()


def training_labels(
    decisions: Sequence[Decision],
    marks: Sequence[Mark],
    documents: Mapping[str, Document],
    codebook: Codebook,
    judged_themes: JudgedThemes | None = None,
    *,
    by_lot: Callable[[str, str], bool] = lambda _source_id, _passage_id: False,
) -> TrainingLabels:
    """Labelled passages from what counts now (`annotations.standing`); documents by source id.

    Judgements on a whole study and published codings say nothing about a passage and are left out. `judged_themes`
    tells which of today's themes somebody judged who judged under an earlier revision; without, all of them. `by_lot`
    tells of source and passage id whether the passage measures the machine: then it is left out.
    """
    made = [
        d for d in decisions if d.anchor and d.role != "published" and d.value is not None and d.theme in codebook.codes
    ]
    by_source: dict[str, tuple[list[Decision], list[Mark]]] = defaultdict(lambda: ([], []))
    for decision in made:
        by_source[decision.source_id][0].append(decision)
    for mark in marks:
        by_source[mark.source_id][1].append(mark)
    themes = judged_themes or JudgedThemes(codebook.codes)
    settled = [
        one
        for source_id, (own, noted) in sorted(by_source.items())
        for one in _of_study(source_id, own, noted, documents.get(source_id), codebook, themes)
    ]
    kept = [one for one in settled if not one.passage or not _is_drawn(one.passage, by_lot)]
    summed = _summed(kept, older=sum(d.codebook not in ("", codebook.revision) for d in made))
    return replace(summed, by_lot=len(settled) - len(kept))


def _summed(settled: Sequence[_Settled], *, older: int) -> TrainingLabels:
    learned = [(one, one.passage) for one in settled if one.passage is not None]
    passages = tuple(passage for _, passage in learned)
    return TrainingLabels(
        passages=passages,
        positive=sum(bool(passage.labels) for passage in passages),
        rejected=sum(bool(one.said) and not passage.labels for one, passage in learned),
        passed_over=sum(not one.said for one, _ in learned),
        disputed=sum(one.passage is None for one in settled),
        picked=sum(passage.origin == PICKED for passage in passages),
        older_codebook=older,
        said={passage.id: one.said for one, passage in learned},
        silent={passage.id: one.silent for one, passage in learned},
    )


def _is_drawn(passage: LabelledPassage, by_lot: Callable[[str, str], bool]) -> bool:
    source_id, key = passage.id.split(":", 1)
    return not key.startswith(_QUOTE) and by_lot(source_id, key)


def with_seed(seed: Iterable[LabelledPassage], human: Sequence[LabelledPassage]) -> tuple[LabelledPassage, ...]:
    """Seed and human passages together; where both have the same text, the human judgement counts."""
    own = {fold(passage.text) for passage in human}
    return (*(passage for passage in seed if fold(passage.text) not in own), *human)


def _of_study(
    source_id: str,
    decisions: Sequence[Decision],
    marks: Sequence[Mark],
    document: Document | None,
    codebook: Codebook,
    themes: JudgedThemes,
) -> Iterator[_Settled]:
    """The passages of one study that somebody judged."""
    judged, texts = _by_passage(decisions, document)
    looks = _looks(marks, document)
    for key in sorted({*judged, *looks.read}, key=str):
        here = judged.get(key, [])
        silent, seen = looks.silent(key), looks.seen_by(key)
        if not here and not silent and not seen:
            continue  # only those who were unsure looked at it
        labels = _settle(here, silent, codebook, themes)
        if labels is None:
            yield _Settled(None)
            continue
        known = themes.of_any([*here, *silent.values(), *seen.values()])
        # In a finished study nobody picked the passages. Elsewhere a coder who added or quoted did.
        origin = HUMAN if looks.finished(key) or not all(_is_answer(d) for d in here) else PICKED
        passage = LabelledPassage(
            id=f"{source_id}:{key}",
            group=f"study:{source_id}",
            text=texts[key] if key in texts else looks.read[key],
            labels=labels,
            weight=JUDGED_WEIGHT if here else PASSED_OVER_WEIGHT,
            genre="this review",
            origin=origin,
            calibrates=looks.finished(key),  # nothing is more like the text of this review
            unknown=tuple(code for code in codebook.codes if code not in known and code not in labels),
        )
        yield _Settled(passage, tuple(here), tuple(sorted({*silent, *seen})))


def _by_passage(
    decisions: Sequence[Decision], document: Document | None
) -> tuple[dict[str, list[Decision]], dict[str, str]]:
    """Decisions by passage id, or by the hash of a quote that lies in none; and the text of each."""
    passages = {passage.id: passage for passage in document.passages} if document else {}
    judged: dict[str, list[Decision]] = defaultdict(list)
    texts: dict[str, str] = {}
    for decision in decisions:
        anchor = _find(decision, passages, document)
        if anchor.passage_id in passages:
            key, text = anchor.passage_id, passages[anchor.passage_id].text
        elif len(anchor.quote.split()) >= FEWEST_WORDS:
            key, text = _QUOTE + hashlib.sha256(fold(anchor.quote).encode()).hexdigest()[:16], anchor.quote
        else:
            continue
        judged[key].append(decision)
        texts[key] = text
    return judged, texts


def _find(what: Decision | Mark, passages: Mapping[str, Passage], document: Document | None) -> Anchor:
    """Where a decision or mark belongs in the text as it is now."""
    anchor = what.anchor or Anchor("")
    passage = passages.get(anchor.passage_id)
    if passage and fold(anchor.quote) in fold(passage.text):  # nearly always; `anchored` searches the whole text
        return anchor
    place = Decision(what.source_id, what.theme, None, what.coder, anchor=anchor)  # a mark is found as a decision is
    return anchored(place, document).anchor or anchor


@dataclass(frozen=True, slots=True)
class _Looks:
    """Who looked at which passages of a study without needing to say anything."""

    read: Mapping[str, str]  # passages that anyone looked at -> text
    done: Mapping[str, Mark]  # coder who finished the study -> the mark that says so
    covered: Mapping[str, frozenset[str]]  # coder who finished it -> passages that they were shown
    seen: Mapping[str, Mapping[str, Mark]]  # passage id -> coder who marked it as seen -> that mark
    unsure: Mapping[str, frozenset[str]]  # passage id -> coders who left it open

    def finished(self, key: str) -> bool:
        """Whether somebody who finished the study was shown the passage."""
        return any(key in own for own in self.covered.values())

    def silent(self, key: str) -> dict[str, Mark]:
        """Coders whose silence on the passage is a no, even where others gave it a theme: they finished the study."""
        open_ = self.unsure.get(key, frozenset())
        return {who: mark for who, mark in self.done.items() if key in self.covered[who] and who not in open_}

    def seen_by(self, key: str) -> dict[str, Mark]:
        """Coders who looked at the passage; where nobody gave it a theme, that is a no."""
        if key not in self.read:
            return {}
        open_ = self.unsure.get(key, frozenset())
        return {who: mark for who, mark in self.seen.get(key, {}).items() if who not in open_}


def _looks(marks: Sequence[Mark], document: Document | None) -> _Looks:
    on = [mark for mark in marks if mark.on]
    passages = {passage.id: passage for passage in document.passages} if document else {}
    coded = {passage.id: passage.text for passage in passages.values() if _is_coded(passage)}
    done = {mark.coder: mark for mark in on if mark.kind == "done"}
    covered = {coder: frozenset(mark.judged(coded)) for coder, mark in done.items()}
    seen: dict[str, dict[str, Mark]] = defaultdict(dict)
    unsure: dict[str, set[str]] = defaultdict(set)
    for mark in on:
        if not mark.anchor or mark.kind not in ("seen", "unsure", "skipped"):
            continue
        key = _find(mark, passages, document).passage_id
        if key and mark.kind == "seen":
            seen[key][mark.coder] = mark
        elif key:
            unsure[key].add(mark.coder)
    looked_at = {*seen, *(key for own in covered.values() for key in own)}
    read = {key: text for key, text in coded.items() if key in looked_at}
    return _Looks(read, done, covered, seen, {key: frozenset(coders) for key, coders in unsure.items()})


def _is_coded(passage: Passage) -> bool:
    return passage.section not in SKIPPED and passage.language == ENGLISH


def _settle(
    here: Sequence[Decision], silent: Mapping[str, Mark], codebook: Codebook, themes: JudgedThemes
) -> dict[str, int] | None:
    """The labels of a passage, or None where coders disagree on the presence of a theme."""
    labels: dict[str, int] = {}
    for theme in codebook.codes:
        about = [decision for decision in here if decision.theme == theme]
        silent_on_it = [coder for coder, mark in silent.items() if theme in themes.of(mark)]
        value = _value(about, silent_on_it)
        if value is None:
            return None
        if value:
            labels[theme] = value
    return labels


def _value(about: Sequence[Decision], silent: Iterable[str]) -> int | None:
    """What a passage's label for one theme is by the decisions on it; None where coders disagree on its presence."""
    rulings = sorted((d for d in about if d.role == "adjudicator"), key=lambda d: d.number)
    if rulings:
        return rulings[-1].value or 0
    said: dict[str, int] = {}
    for decision in about:
        if decision.role == "coder":
            said[decision.coder] = max(said.get(decision.coder, 0), decision.value or 0)
    stances = [*said.values(), *(0 for coder in silent if coder not in said)]
    if stances and min(stances) == 0 < max(stances):
        return None
    return min(stances, default=0)


def _is_answer(decision: Decision) -> bool:
    """Whether it answers a suggestion that the coder was shown."""
    return bool(decision.model_id) and decision.shown is not False
