"""Training: from labelled passages to a model and its card.

The passages are split by document into folds. In each fold the vocabulary, the document frequencies and all scorers
are learned from the other folds alone; the held-out scores give the weights of the scorers, thresholds, calibration and
every figure on the card. The model itself is then fitted on all passages. The same data give the same model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from models.codebook.codebook import Codebook
from models.codebook.lexicon import Lexicon
from models.codebook.phrase_rules import PhraseRules
from models.encoder.sentence_encoder import SentenceEncoder, joined_id
from models.labelled_passages import LabelledPassage, revision_of
from models.metrics import Flags, Floats, Integers, best_threshold, calibration_error
from models.registry.model_card import ModelCard, StageCard, StrengthCard, ThemeCard
from models.registry.model_id import TRAINING, library_versions, model_id_of
from models.theme_model.cascade import choose_gate, through_gates
from models.theme_model.likeness import likeness_of
from models.theme_model.passage_inputs import EncodedPassages, encode_passages
from models.theme_model.rules_only import rule_scores
from models.theme_model.stacking import fit_stack, held_out_probabilities
from models.theme_model.theme_model import Learned, Model
from models.theme_model.voices import Voice, stages_for, voices_for
from models.training.feature_matrix import FOLDS, FeatureMatrix, gather
from models.training.out_of_fold import (
    HeldOut,
    calibration_rows,
    fit_scorers,
    fit_strength_on,
    score_held_out,
    trainable,
)
from models.training.theme_cards import Measured, mean_calibration_error, strength_card, trained_card, untrained_card

# How much a passage unlike real reports counts when the voices are weighed, against one that is like them: average
# precision on both kinds is best from .1 to 1, and calibration on the first kind suffers from .3 on.
OTHERS_COUNT = 0.3

Progress = Callable[[str, int, int], None]  # what is being done, steps done, steps in all


@dataclass(frozen=True, slots=True, eq=False)
class _Taught:
    """What training came to, where something could be trained."""

    learned: Learned
    stages: tuple[StageCard, ...]
    scores: Floats  # (passages, trained themes): held out, after the cascade
    basis: Flags  # (passages,)
    strength: StrengthCard


def train(
    codebook: Codebook,
    lexicon: Lexicon,
    passages: Sequence[LabelledPassage],
    *,
    progress: Progress | None = None,
    encoders: Mapping[str, SentenceEncoder] | None = None,
) -> Model:
    """A model for all themes of `codebook`. A theme with too few examples is left to likeness and the phrase rules.

    `encoders` are the sentence encoders at hand, by what they are (SMALL, LARGE); without any, words and phrases are
    all that it knows.
    """
    encoders = encoders or {}
    ordered = sorted(passages, key=lambda passage: passage.id)
    rules = PhraseRules(lexicon)
    material = gather(ordered, rules.find([passage.text for passage in ordered]), lexicon, codebook.codes)
    columns = trainable(material)
    trained = tuple(codebook.codes[at] for at in columns)
    likeness = likeness_of(codebook, [code for code in codebook.codes if code not in trained], encoders)
    taught = None
    if columns:
        material = replace(material, encoded=_encode(material, encoders, progress))
        # One thread: sums in another order move the last digits, and idle threads slow a busy machine down.
        with threadpool_limits(limits=1):
            taught = _teach(material, columns, encoders, progress)
    cards = _theme_cards(codebook, lexicon, material, columns, taught, alike=likeness is not None)
    card = ModelCard(
        model_id=model_id_of(codebook, lexicon, passages, encoder=joined_id(encoders)),
        codebook=codebook.revision,
        lexicon=lexicon.revision,
        seed=revision_of(passages),
        training=TRAINING,
        versions=library_versions(joined_id(encoders)),
        passages=len(ordered),
        groups=len({passage.group for passage in ordered}),
        folds=FOLDS,
        themes=cards,
        strength=taught.strength if taught else StrengthCard(False),
        error=_calibration_error(material, columns, taught) if taught else None,
        encoder=joined_id(encoders) if taught or likeness else "",
        stages=taught.stages if taught else (),
        trained=trained,
        by_document=material.by_document,
        calibrating=int(taught.basis.sum()) if taught else 0,
    )
    return Model(card, codebook, rules, taught.learned if taught else None, likeness, encoders)


def _teach(
    material: FeatureMatrix, columns: Sequence[int], encoders: Mapping[str, SentenceEncoder], progress: Progress | None
) -> _Taught:
    """Hold out and score, weigh the voices, choose the gates, and fit everything on all passages."""

    def step(done: int) -> None:
        if progress:
            progress("training", done, FOLDS + 1)

    step(0)
    voices = voices_for(encoders)
    held_out = score_held_out(material, columns, voices, step=step)
    basis = calibration_rows(material, columns)
    labels = material.labels[:, list(columns)]
    stages, scores = _weigh(material, held_out, labels, basis, stages_for(encoders))
    everything = np.ones(len(basis), dtype=np.bool_)
    inputs = material.learn(everything)
    strength = fit_strength_on(material, inputs, everything, columns)
    learned = Learned(inputs.vectoriser, fit_scorers(material, inputs, everything, columns, voices), strength)
    told = strength_card(held_out.strong, material.labels[:, list(columns)]) if strength else StrengthCard(False)
    step(FOLDS + 1)
    return _Taught(learned, stages, scores, basis, told)


def _weigh(
    material: FeatureMatrix,
    held_out: HeldOut,
    labels: Integers,
    basis: Flags,
    stages: Sequence[tuple[str, tuple[Voice, ...]]],
) -> tuple[tuple[StageCard, ...], Floats]:
    """The stages with their weights and gates, and the scores of held-out passages that they give together."""
    truth, known = labels > 0, labels >= 0
    counts = np.where(basis, 1.0, OTHERS_COUNT)[:, None] * known
    made: list[StageCard] = []
    by_stage: list[Floats] = []
    for encoder, voices in stages:
        names = tuple(voice.name for voice in voices)
        said = [held_out.log_odds[name] for name in names]
        stack = fit_stack(names, said, truth, counts=counts)
        by_stage.append(held_out_probabilities(names, said, truth, material.folds, counts=counts))
        weights = tuple(tuple(row) for row in stack.weights.tolist())
        made.append(StageCard(encoder, names, weights, tuple(stack.offsets.tolist())))
    asked = known & basis[:, None]
    thresholds = np.array(
        [
            best_threshold(scores[on], have[on])
            for scores, have, on in zip(by_stage[-1].T, truth.T, asked.T, strict=True)
        ]
    )
    proposed = by_stage[-1] >= thresholds
    gates = [choose_gate(scores[basis], proposed[basis]) for scores in by_stage[:-1]]
    for at, gate in enumerate(gates):
        made[at + 1] = replace(made[at + 1], gate=gate.probability, passed=gate.passed, lost=gate.lost)
    return tuple(made), through_gates(by_stage, [gate.probability for gate in gates], thresholds)


def _encode(
    material: FeatureMatrix, encoders: Mapping[str, SentenceEncoder], progress: Progress | None
) -> dict[str, EncodedPassages]:
    """All passages read by every encoder; by sentence only those on which the voices are weighed."""
    found = {}
    for name, encoder in encoders.items():
        if progress:
            progress(f"reading for meaning, {name} encoder", 0, len(material.texts))
        by_sentence = material.calibrating if material.calibrating.any() else None
        found[name] = encode_passages(encoder, material.texts, by_sentence=by_sentence)
    return found


def _theme_cards(
    codebook: Codebook,
    lexicon: Lexicon,
    material: FeatureMatrix,
    columns: Sequence[int],
    taught: _Taught | None,
    *,
    alike: bool,
) -> tuple[ThemeCard, ...]:
    by_rules = rule_scores(material.hits, codebook.codes)
    cards = []
    for at, code in enumerate(codebook.codes):
        labels = material.labels[:, at]
        if taught and at in columns:
            scores = taught.scores[:, list(columns).index(at)]
            measured = Measured(scores, labels, material.folds, taught.basis)
            cards.append(trained_card(codebook, lexicon, code, measured))
        else:
            cards.append(untrained_card(codebook, lexicon, code, by_rules[:, at], labels, alike=alike))
    return tuple(cards)


def _calibration_error(material: FeatureMatrix, columns: Sequence[int], taught: _Taught) -> float | None:
    labels = material.labels[taught.basis][:, list(columns)]
    return mean_calibration_error(
        [
            calibration_error(scores[said >= 0], said[said >= 0] > 0)
            for scores, said in zip(taught.scores[taught.basis].T, labels.T, strict=True)
        ]
    )
