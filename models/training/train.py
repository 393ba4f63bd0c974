"""Training: from labelled passages to a model and its card.

The passages are split by document into folds. In each fold the vocabulary, the document frequencies and the
regressions are learned from the other folds alone; the held-out scores give thresholds, calibration and every
figure on the card. The model itself is then fitted on all passages. The same data give the same model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from models.codebook.codebook import Codebook
from models.codebook.lexicon import Lexicon
from models.codebook.phrase_rules import PhraseRules
from models.encoder.minilm import Vectors
from models.encoder.sentence_encoder import SentenceEncoder
from models.labelled_passages import LabelledPassage, revision_of
from models.metrics import (
    Flags,
    Floats,
    Integers,
    average_precision,
    count,
    proposing_threshold,
    threshold_for_rate,
    threshold_for_recall,
    upper_rate,
)
from models.registry.model_card import Blend, ModelCard, Operating, StrengthCard, ThemeCard
from models.registry.model_id import TRAINING, library_versions, model_id_of
from models.theme_model.calibration import Calibration, read_in_two_steps
from models.theme_model.rules_only import PROPOSED_FROM, STRONG_FROM, rule_scores
from models.theme_model.theme_model import Model
from models.training.feature_matrix import FOLDS, FeatureMatrix, gather
from models.training.out_of_fold import calibrate, fit_classifier, fit_vectors, score_held_out, trainable

WIDE_RECALL = 0.95  # of the aim "recall95"
STRONG_RATE = 0.005  # false positive rate at which a few hits already speak for a study
ASSUMED_RATE = 0.05  # false positive rate of rules that could be tried on no passage

Progress = Callable[[str, int, int], None]  # what is being done, steps done, steps in all


def train(
    codebook: Codebook,
    lexicon: Lexicon,
    passages: Sequence[LabelledPassage],
    *,
    progress: Progress | None = None,
    encoder: SentenceEncoder | None = None,
) -> Model:
    """A model for all themes of `codebook`. A theme with too few examples is left to the phrase rules.

    With an `encoder` it also learns from what it makes of each passage; without, from words and phrases alone.
    """
    ordered = sorted(passages, key=lambda passage: passage.id)
    texts = [passage.text for passage in ordered]
    rules = PhraseRules(lexicon)
    hits = rules.find(texts)
    material = gather(ordered, hits, lexicon, codebook.codes)
    columns = trainable(material)
    scored = rule_scores(hits, codebook.codes)
    cards = {
        code: _rules_card(codebook, lexicon, code, scored[:, at], material.labels[:, at])
        for at, code in enumerate(codebook.codes)
    }
    strength, calibration, vectoriser, classifier = StrengthCard(False), None, None, None
    meaning, steps_taken = None, None
    if columns and encoder is not None:
        material = replace(material, vectors=_encode(encoder, texts, progress))
    if columns:
        steps = FOLDS + 1

        def step(done: int) -> None:
            if progress:
                progress("training", done, steps)

        step(0)
        # One thread: sums in another order move the last digits, and idle threads slow a busy machine down.
        with threadpool_limits(limits=1):
            held_out = score_held_out(material, columns, step=step)
            truth = material.labels[:, list(columns)]
            calibration = calibrate(held_out.log_odds, truth, material.folds, meaning=held_out.meaning)
            everything = np.ones(len(ordered), dtype=np.bool_)
            vectoriser, rows = material.learn(everything)
            classifier = fit_classifier(material, rows, everything, columns)
            if material.vectors is not None:
                meaning = fit_vectors(material, everything, columns, texts=texts)
        scores = calibration.by_words(held_out.log_odds)
        if held_out.meaning is not None:
            by_both = calibration.probabilities(held_out.log_odds, held_out.meaning)
            steps_taken = read_in_two_steps(scores, by_both, truth)
            scores = steps_taken.scores
        for at, column in enumerate(columns):
            code = codebook.codes[column]
            cards[code] = _trained_card(codebook, lexicon, code, scores[:, at], material, column, calibration, at)
        if classifier.strength is not None:
            strength = _strength_card(held_out.strong, material.labels[:, list(columns)])
        step(steps)
    card = ModelCard(
        model_id=model_id_of(codebook, lexicon, passages, encoder=encoder.id if encoder else ""),
        codebook=codebook.revision,
        lexicon=lexicon.revision,
        seed=revision_of(passages),
        training=TRAINING,
        versions=library_versions(encoder.id if encoder else ""),
        passages=len(ordered),
        groups=len({passage.group for passage in ordered}),
        folds=FOLDS,
        themes=tuple(cards[code] for code in codebook.codes),
        strength=strength,
        calibrated=bool(calibration and calibration.used),
        error_before=calibration.error_before if calibration else None,
        error_after=calibration.error_after if calibration else None,
        encoder=encoder.id if encoder and steps_taken else "",
        gate=steps_taken.gate if steps_taken else 0.0,
        encoded=steps_taken.encoded if steps_taken else None,
        lost=steps_taken.lost if steps_taken else None,
    )
    return Model(card, codebook, rules, vectoriser, classifier, meaning=meaning, encoder=encoder)


def _encode(encoder: SentenceEncoder, texts: Sequence[str], progress: Progress | None) -> Vectors:
    def step(done: int) -> None:
        if progress:
            progress("reading for meaning", done, len(texts))

    step(0)
    return encoder.encode(texts, step=step)


def _trained_card(
    codebook: Codebook,
    lexicon: Lexicon,
    code: str,
    scores: Floats,
    material: FeatureMatrix,
    column: int,
    calibration: Calibration,
    at: int,
) -> ThemeCard:
    known = material.labels[:, column] >= 0
    labels, folds, scores = material.labels[known, column], material.folds[known], scores[known]
    truth = labels > 0
    proposed = np.zeros(len(truth), dtype=np.bool_)
    for fold in range(FOLDS):
        away = folds == fold
        if away.any():
            proposed[away] = scores[away] >= proposing_threshold(scores[~away], truth[~away])
    threshold = proposing_threshold(scores, truth)
    strong = max(threshold, threshold_for_rate(scores, truth, STRONG_RATE))
    return ThemeCard(
        code=code,
        name=codebook.theme(code).name,
        how="trained",
        examples=int(truth.sum()),
        strong_examples=int(np.sum(labels == 2)),
        rules=sum(rule.theme == code for rule in lexicon.rules),
        proposed=_operating(scores, truth, threshold),
        strong=_operating(scores, truth, strong),
        average_precision=average_precision(scores, truth),
        f1=count(proposed, truth).f1,
        slope=float(calibration.slopes[at]),
        offset=float(calibration.offsets[at]),
        blend=None if calibration.blends is None else Blend(*(float(part) for part in calibration.blends[at])),
        wide=_operating(scores, truth, min(threshold, threshold_for_recall(scores, truth, WIDE_RECALL))),
    )


def _rules_card(codebook: Codebook, lexicon: Lexicon, code: str, scores: Floats, labels: Integers) -> ThemeCard:
    scores, labels = scores[labels >= 0], labels[labels >= 0]
    truth: Flags = labels > 0
    rules = sum(rule.theme == code for rule in lexicon.rules)
    return ThemeCard(
        code=code,
        name=codebook.theme(code).name,
        how="rules only" if rules else "nothing",
        examples=int(truth.sum()),
        strong_examples=int(np.sum(labels == 2)),
        rules=rules,
        proposed=_operating(scores, truth, PROPOSED_FROM),
        strong=_operating(scores, truth, STRONG_FROM),
        average_precision=None,
        f1=None,
        wide=_operating(scores, truth, PROPOSED_FROM),
    )


def _operating(scores: Floats, truth: Flags, threshold: float) -> Operating:
    found = count(scores >= threshold, truth)
    without = found.false_positives + found.true_negatives
    chance = upper_rate(found.false_positives, without) if without else ASSUMED_RATE
    return Operating(threshold, found.precision, found.recall, found.false_positives, without, chance)


def _strength_card(called_strong: Flags, labels: Integers) -> StrengthCard:
    passages, columns = np.nonzero(labels > 0)
    truth = labels[passages, columns] == 2
    called = called_strong[passages]
    found = count(called, truth)
    return StrengthCard(
        trained=True,
        examples=len(truth),
        accuracy=float(np.mean(called == truth)),
        majority=float(max(np.mean(truth), np.mean(~truth))),
        mistaken=upper_rate(found.false_positives, found.false_positives + found.true_negatives),
    )
