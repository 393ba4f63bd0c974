"""Proposals for a whole document: as they are kept for every aim, and as they are shown under one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from extract.document import Document, SectionKind
from extract.text.language import ENGLISH
from models.registry.model_card import Aim, ModelCard
from models.suggest.review_calibration import ReviewCalibration, kept_from, thresholds_of
from models.suggest.score_counts import Counts, add_counts, count_scores, to_log_odds, to_probability
from models.suggest.study_proposal import propose_study
from models.suggestion import DocumentSuggestions, Suggestion

if TYPE_CHECKING:
    from models.theme_model.theme_model import Model

# A list of references names everything and asserts nothing. Front matter is read: forewords and summaries argue,
# and where no heading is recognised a whole article may count as front.
SKIPPED: frozenset[SectionKind] = frozenset({"references"})
DIGITS = 4  # of a score that is shown


def suggest_document(model: Model, document: Document) -> DocumentSuggestions:
    """What the model proposes for the English passages of `document` and for the study as a whole.

    Suggestions are kept from a score on that lies below the thresholds of every aim; the proposals for the study are
    those under the thresholds of the model's card.
    """
    from threadpoolctl import threadpool_limits  # not wanted where suggestions are only shown

    read = [one for one in document.passages if one.section not in SKIPPED and one.language == ENGLISH]
    keeping = model.proposing_from(kept_from(model.card, model.aim))
    counted: defaultdict[str, list[Counts]] = defaultdict(list)
    kept: list[Suggestion] = []
    ids = iter([passage.id for passage in read])
    # One thread: idle ones take four times the CPU time of these small products, and sums keep their order.
    with threadpool_limits(limits=1):
        for batch in keeping.batches(passage.text for passage in read):
            for theme, counts in zip(model.codebook.codes, count_scores(batch.scores), strict=True):
                counted[theme].append(counts)
            kept += keeping.suggestions(batch, [next(ids) for _ in batch.texts])
    made = DocumentSuggestions(
        sha256=document.sha256,
        extractor=document.extractor,
        model_id=model.coding_id,
        codebook=model.codebook.revision,
        suggestions=tuple(kept),
        studies=(),
        passages=len(read),
        counts={theme: add_counts(counted[theme]) for theme in model.codebook.codes},
    )
    return replace(made, studies=as_shown(made, card=model.card, aim=model.aim).studies)


def as_shown(
    made: DocumentSuggestions, *, card: ModelCard, aim: Aim, calibration: ReviewCalibration | None = None
) -> DocumentSuggestions:
    """What of the kept suggestions is shown under `aim`, and what that comes to for the study.

    With `calibration` thresholds, scores and false alarms are those of the review; without, those of the card.
    """
    if not made.counts:  # nothing was read
        return made
    own = {one.theme: one.shift for one in calibration.themes} if calibration else {}
    thresholds = thresholds_of(card, aim, calibration)
    shown = [one for one in made.suggestions if one.score >= thresholds[one.theme]]
    return replace(
        made,
        suggestions=tuple(_moved(one, own.get(one.theme, 0.0)) for one in shown),
        studies=propose_study(
            shown,
            passages=made.passages,
            card=card,
            aim=aim,
            measured=calibration.alarms(aim) if calibration else None,
        ),
    )


def _moved(suggestion: Suggestion, shift: float) -> Suggestion:
    """With the probability that decisions say its score stands for."""
    if not shift:
        return suggestion
    return replace(suggestion, score=round(to_probability(to_log_odds(suggestion.score) + shift), DIGITS))
