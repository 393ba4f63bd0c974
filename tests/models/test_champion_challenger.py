"""Challenger against champion: bootstrap by document, and who is promoted."""

from __future__ import annotations

import random
import re
import warnings
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from models.bootstrap import average_precisions, draws, interval, rates
from models.codebook.codebook import Codebook, Theme
from models.codebook.lexicon import Lexicon
from models.evaluation.champion_challenger import HUMAN, MOST, PICKED, ThemeTrial, compare, trial_weights, verdict
from models.evaluation.cross_validation import held_out_folds, try_held_out
from models.interval import Interval
from models.labelled_passages import LabelledPassage

CODEBOOK = Codebook("Roads", tuple(Theme(code, code, "What it is.", (), (), ()) for code in ("HOLE", "KERB")))
LEXICON = Lexicon((), {})
WORDS = {"HOLE": ("pothole", "crater", "pit"), "KERB": ("kerb", "pavement", "edge")}
FILLER = ("council", "minutes", "budget", "street", "lamp", "tree", "report", "item", "vote", "agreed", "noted")


def passages(documents: int, *, seed: int, named: str = "doc", wrong: float = 0.0) -> tuple[LabelledPassage, ...]:
    """Eight passages a document; half have a theme that its words tell. `wrong`: share of labels that are not so."""
    rng = random.Random(seed)
    made = []
    for number in range(documents * 8):
        theme = rng.choice(["HOLE", "KERB", "", ""])
        words = rng.sample(FILLER, 6) + ([rng.choice(WORDS[theme])] if theme else [])
        rng.shuffle(words)
        told = theme if rng.random() >= wrong else rng.choice(["HOLE", "KERB", ""])
        group = f"{named}-{number // 8}"
        made.append(LabelledPassage(f"{named}-{number}", group, " ".join(words), {told: 1} if told else {}))
    return tuple(made)


def test_average_precision_of_a_draw_is_that_of_the_weighted_passages() -> None:
    rng = np.random.default_rng(0)
    scores, truth = rng.integers(0, 20, 200) / 20, rng.random(200) < 0.2
    weights = np.vstack([np.ones(200), rng.integers(0, 4, (5, 200))])
    expected = [average_precision_score(truth, scores, sample_weight=row) for row in weights]
    assert average_precisions(scores, truth, weights) == pytest.approx(expected)


def test_a_draw_without_any_true_passage_has_no_figure() -> None:
    truth, weights = np.array([True, False]), np.array([[1.0, 1.0], [0.0, 2.0], [2.0, 0.0]])
    values = average_precisions(np.array([0.9, 0.1]), truth, weights)
    assert np.isnan(values[1])
    assert interval(values) == Interval(1.0, 1.0, 1.0)


def test_whole_documents_are_drawn() -> None:
    weights = draws(["a", "a", "b", "c"], rounds=50)
    assert (weights[0] == 1).all()
    assert (weights[:, 0] == weights[:, 1]).all()
    assert {row[[0, 2, 3]].sum() for row in weights} == {3.0}


def test_intervals_are_as_wide_as_documents_differ() -> None:
    """Sixty passages of three documents, one of them all missed, say less than sixty of sixty."""
    truth = np.ones(60, dtype=np.bool_)
    found = np.repeat([True, False, True], 20)
    few = interval(rates(found, truth, draws([f"{n // 20}" for n in range(60)])).recall)
    many = interval(rates(found, truth, draws([f"{n}" for n in range(60)])).recall)
    assert few.value == many.value == pytest.approx(2 / 3)
    assert few.high - few.low > 2 * (many.high - many.low)


def theme(code: str = "HOLE", *, worse: bool = False) -> ThemeTrial:
    return ThemeTrial(code, 50, 0.7, 0.6 if worse else 0.72, Interval(0, 0, 0), worse)


@pytest.mark.parametrize(
    ("gain", "better", "themes", "promoted", "why"),
    [
        (0.02, 0.97, [theme()], True, "better overall"),
        (0.02, 0.97, [theme(), theme("KERB", worse=True)], False, r"worse by more than 0.03 on KERB \(0.70 to 0.60\)"),
        (0.01, 0.80, [theme()], False, "perhaps better, but not surely"),
        (-0.01, 0.20, [theme()], False, "not better overall"),
        (0.0, 0.0, [], False, "no theme has enough examples"),
    ],
)
def test_promoted_only_if_better_overall_and_no_theme_worse(
    gain: float, better: float, themes: list[ThemeTrial], promoted: bool, why: str
) -> None:
    said, words = verdict(Interval(gain, gain - 0.01, gain + 0.01), better, themes, human=20)
    assert said == promoted
    assert re.search(why, words)


def test_a_challenger_that_learned_more_is_promoted() -> None:
    few, more = passages(2, seed=1), tuple(replace(p, origin=HUMAN) for p in passages(24, seed=2, named="new"))
    trial = compare(CODEBOOK, LEXICON, ("old", few), ("new", (*few, *more)), folds=2, rounds=200, workers=1)
    assert trial.promote, trial.why
    assert trial.overall.low > 0
    assert trial.human == len(more)
    assert (trial.passages, trial.documents) == (len(few) + len(more), 26)


def test_a_challenger_that_learned_nonsense_is_not() -> None:
    good = passages(16, seed=1)
    bad = tuple(replace(p, weight=5.0, origin=PICKED) for p in passages(16, seed=2, named="new", wrong=1.0))
    trial = compare(CODEBOOK, LEXICON, ("old", good), ("new", (*good, *bad)), folds=2, rounds=200, workers=1)
    assert not trial.promote
    assert trial.overall.value < 0
    assert "answers to suggestions" in trial.why


def test_answers_to_suggestions_are_not_tried_on() -> None:
    picked = tuple(replace(p, origin=PICKED) for p in passages(4, seed=3, named="new"))
    seed = passages(8, seed=1)
    trial = compare(CODEBOOK, LEXICON, ("old", seed), ("new", (*seed, *picked)), folds=2, rounds=20, workers=1)
    assert (trial.passages, trial.human) == (len(seed), 0)


def test_the_same_data_give_no_difference_and_no_promotion() -> None:
    seed = passages(8, seed=1)
    trial = compare(CODEBOOK, LEXICON, ("old", seed), ("new", seed), folds=2, rounds=20, workers=1)
    assert trial.overall == Interval(0.0, 0.0, 0.0)
    assert not trial.promote


def test_folds_split_no_document() -> None:
    made = passages(9, seed=1)
    pairs = {(passage.group, fold) for passage, fold in zip(made, held_out_folds(made, 3).tolist(), strict=True)}
    assert len(pairs) == 9


def test_peoples_passages_weigh_as_much_as_the_seeds_but_not_without_limit() -> None:
    seed, human = passages(5, seed=1), tuple(replace(p, origin=HUMAN) for p in passages(1, seed=2, named="n"))
    weights = trial_weights((*seed, *human))
    assert weights[: len(seed)].sum() == pytest.approx(weights[len(seed) :].sum())
    assert trial_weights((*passages(100, seed=1), *human)).max() == MOST
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (trial_weights(seed) == 1).all()


def test_models_trained_side_by_side_say_the_same() -> None:
    made = passages(4, seed=1)
    where = held_out_folds(made, 2)
    (alone,), (beside,) = (
        try_held_out(CODEBOOK, LEXICON, [(made, made, where)], workers=workers) for workers in (1, 2)
    )
    assert (alone.scores == beside.scores).all()
    assert (alone.proposed == beside.proposed).all()


def test_first_decisions_on_a_topic_of_ones_own_make_the_model_that_counts() -> None:
    picked = tuple(replace(p, origin=PICKED) for p in passages(4, seed=3))
    trial = compare(CODEBOOK, LEXICON, ("old", ()), ("new", picked), folds=2, rounds=20, workers=1)
    assert trial.promote
    assert f"learned from {len(picked)} passages, the one in use from none" in trial.why


def test_without_a_finished_study_fewer_decisions_do_not_replace_more() -> None:
    picked = tuple(replace(p, origin=PICKED) for p in passages(4, seed=3))
    trial = compare(CODEBOOK, LEXICON, ("old", picked), ("new", picked[:5]), folds=2, rounds=20, workers=1)
    assert not trial.promote
    assert "finish a study" in trial.why
