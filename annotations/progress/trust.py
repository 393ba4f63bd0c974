"""What can be trusted in this review: how right the machine is here, what it misses, and how often a theme occurs.

Passages are of two kinds for each theme: those for which the machine proposes it, which people answer, and those on
which it is silent, of which a part is read by lot. The number of passages with the theme is the sum of the two, each
with its exact interval, each at half of what the confidence leaves (Bonferroni), so that the interval of the sum holds
with the confidence stated, in small samples too. That is the stratified estimator of which prediction-powered inference
(Angelopoulos et al., Science 382:669, 2023) is the generalisation: the machine's count, put right by what people found.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from annotations.codebook_changes import JudgedThemes
from annotations.decision import Decision, Mark
from annotations.progress.corrected_recall import Stratum, both_counts, more_by_lot, recall_of
from annotations.progress.hypergeometric import CountRange, drawn_range
from annotations.progress.lot_sample import Draw, LotSample, Where, drawn_by_lot, fair_sample
from annotations.progress.passage_judgements import Judgements, Key, judgements
from extract.document import Document
from models.interval import Interval
from models.suggest.document_suggestions import SKIPPED
from models.suggestion import DocumentSuggestions, Suggestion

CONFIDENCE = 0.95
WIDTH = 0.2  # of the interval of a recall that is aimed for: ten points to either side
BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)  # groups of probabilities whose share of right ones is compared
FEWEST = 5  # answered suggestions in a group: of fewer the interval says next to nothing


@dataclass(frozen=True, slots=True)
class Calibration:
    """Suggestions of like probability, and how many of them were right."""

    theme: str  # empty: all themes
    answered: int
    accepted: int
    said: float  # the mean of their probabilities
    right: Interval  # the share of right ones among all such suggestions


@dataclass(frozen=True, slots=True)
class ThemeTrust:
    """What is known of one theme. None where nothing is."""

    theme: str
    proposed: int  # passages for which the machine proposes it, in all texts
    answered: int  # of them, by people on this model's suggestion
    accepted: int
    precision: Interval | None
    said: float | None  # mean probability of the answered
    by_lot: int  # passages read by lot on which the machine was silent about it
    missed: int  # of them with the theme
    silent: int  # passages it is silent on, of the studies that the lot speaks for
    count: CountRange | None = None  # passages with the theme in these studies
    of: int = 0  # passages in these studies
    recall: Interval | None = None  # share of the passages with the theme for which it is proposed
    undecided: int = 0  # suggestions in these studies that nobody answered
    more: int | None = None  # passages to be read by lot beyond these, until the recall is known as well as wanted

    @property
    def frequency(self) -> Interval | None:
        """Share of the passages with the theme, corrected for what is missed."""
        if self.count is None or not self.of:
            return None
        return Interval(*(number / self.of for number in (self.count.estimate, self.count.low, self.count.high)))


@dataclass(frozen=True, slots=True)
class ReviewTrust:
    """What can be trusted in a review."""

    share: float  # of the passages that come by lot
    lot: LotSample
    passages: int  # in the studies that the lot speaks for
    missing: CountRange | None  # of them those in which the machine misses at least one theme
    themes: tuple[ThemeTrust, ...]
    calibration: tuple[Calibration, ...]  # of all themes, by probability
    model_id: str = ""
    others: int = 0  # answers to suggestions of earlier models
    ranks: tuple[str, ...] = ()  # themes whose scores are ranks and no probabilities
    confidence: float = CONFIDENCE
    width: float = WIDTH  # of the interval of a recall that `more` is about


def trust_in_review(
    decisions: Sequence[Decision],
    marks: Sequence[Mark],
    documents: Mapping[str, Document],
    proposals: Mapping[str, DocumentSuggestions],
    *,
    assignment: Draw,
    themes: JudgedThemes,
    ranks: Sequence[str] = (),
    width: float = WIDTH,
) -> ReviewTrust:
    """What can be trusted; `decisions` and `marks` are what counts now, texts and proposals by source id.

    Nothing is loaded where nothing can be known: no passage comes by lot and nobody answered a suggestion.
    """
    if not assignment.lot_share and not any(decision.model_id for decision in decisions):
        documents, proposals = {}, {}
    passages, suggestions = {}, {}
    for source_id in documents:
        if source_id in proposals:
            passages[source_id] = [one.id for one in documents[source_id].passages if one.section not in SKIPPED]
            suggestions[source_id] = proposals[source_id].suggestions
    return measure_trust(
        suggestions,
        passages,
        judgements(decisions, marks, passages, themes),
        assignment=assignment,
        themes=themes.codes,
        ranks=ranks,
        width=width,
    )


def measure_trust(
    suggestions: Mapping[str, Sequence[Suggestion]],
    passages: Mapping[str, Sequence[str]],
    judged: Judgements,
    *,
    assignment: Draw,
    themes: Sequence[str],
    ranks: Sequence[str] = (),
    confidence: float = CONFIDENCE,
    width: float = WIDTH,
) -> ReviewTrust:
    """What can be trusted; `suggestions` and `passages` (ids, in text order) by source id, of the texts there are.

    `ranks` are themes whose scores are no probabilities. How well a model does is measured on answers to its own
    suggestions: of those of an earlier one the present model has learned.
    """
    proposed = {(source_id, one.passage_id, one.theme): one for source_id, own in suggestions.items() for one in own}
    lot = fair_sample(drawn_by_lot(passages, assignment), judged.left_out.keys(), passages.keys())
    inside = [(source_id, passage_id) for source_id in lot.studies for passage_id in passages[source_id]]
    model_id = next((one.model_id for one in proposed.values()), "")
    answered = {
        key: judged.given[key]
        for key, one in proposed.items()
        if key in judged.given and judged.answers[key].model_id == one.model_id
    }
    measured = tuple(
        _theme(theme, proposed, answered, judged, lot, inside, confidence=confidence, width=width) for theme in themes
    )
    return ReviewTrust(
        share=assignment.lot_share,
        lot=lot,
        passages=len(inside),
        missing=_missing(proposed, judged, lot, len(inside), confidence),
        themes=measured,
        calibration=tuple(_calibration(proposed, answered, set(ranks), confidence)),
        model_id=model_id,
        others=sum(bool(d.model_id) and d.model_id != model_id for d in judged.answers.values()),
        ranks=tuple(ranks),
        confidence=confidence,
        width=width,
    )


def _theme(
    theme: str,
    proposed: Mapping[Key, Suggestion],
    answered: Mapping[Key, bool],
    judged: Judgements,
    lot: LotSample,
    inside: Sequence[Where],
    *,
    confidence: float,
    width: float,
) -> ThemeTrust:
    own = [key for key in proposed if key[2] == theme]
    said = [key for key in own if key in answered]
    accepted = sum(answered[key] for key in said)
    shares = drawn_range(accepted, len(said), len(own), confidence) if said else None
    counted = [where for where in lot.counted if theme in judged.left_out[where]]
    by_machine = _stratum(theme, [w for w in inside if (*w, theme) in proposed], counted, judged)
    silent = _stratum(theme, [w for w in inside if (*w, theme) not in proposed], counted, judged)
    found = ThemeTrust(
        theme=theme,
        proposed=len(own),
        answered=len(said),
        accepted=accepted,
        precision=_share(shares, len(own)) if shares else None,
        said=sum(proposed[key].score for key in said) / len(said) if said else None,
        by_lot=silent.drawn,
        missed=silent.found,
        silent=silent.size,
    )
    if not silent.drawn:
        return found
    right, missed = both_counts(by_machine, silent, confidence)
    return replace(
        found,
        count=CountRange(right.estimate + missed.estimate, right.low + missed.low, right.high + missed.high),
        of=len(inside),
        recall=recall_of(right, missed),
        undecided=by_machine.size - by_machine.present - by_machine.absent,
        more=more_by_lot(by_machine, silent, width=width, confidence=confidence),
    )


def _stratum(theme: str, places: Sequence[Where], counted: Sequence[Where], judged: Judgements) -> Stratum:
    known = {where: held for where in places if (held := judged.holds(where, theme)) is not None}
    drawn = [known[where] for where in counted if where in known]
    present = sum(known.values())
    return Stratum(len(places), len(drawn), sum(drawn), present, len(known) - present)


def _missing(
    proposed: Mapping[Key, Suggestion], judged: Judgements, lot: LotSample, size: int, confidence: float
) -> CountRange | None:
    """Passages in which the machine misses at least one theme."""
    if not lot.counted:
        return None
    themes: dict[Where, set[str]] = defaultdict(set)
    for (source_id, passage_id, theme), held in judged.given.items():
        if held and (source_id, passage_id, theme) not in proposed:
            themes[source_id, passage_id].add(theme)
    return drawn_range(sum(bool(themes.get(where)) for where in lot.counted), len(lot.counted), size, confidence)


def _calibration(
    proposed: Mapping[Key, Suggestion], answered: Mapping[Key, bool], ranks: set[str], confidence: float
) -> list[Calibration]:
    found = []
    for low, high in itertools.pairwise(BINS):
        inside = [
            key
            for key, one in proposed.items()
            if low <= one.score and (one.score < high or high == BINS[-1]) and key[2] not in ranks
        ]
        said = [key for key in inside if key in answered]
        if len(said) >= FEWEST:
            right = sum(answered[key] for key in said)
            share = _share(drawn_range(right, len(said), len(inside), confidence), len(inside))
            found.append(Calibration("", len(said), right, sum(proposed[key].score for key in said) / len(said), share))
    return found


def _share(count: CountRange, of: int) -> Interval:
    return Interval(count.estimate / of, count.low / of, count.high / of)
