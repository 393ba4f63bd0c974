"""Confident learning: planted mistakes are found, sound labels left alone."""

from __future__ import annotations

import numpy as np

from models.evaluation.label_issues import implausible


def test_planted_mistakes_are_found_worst_first() -> None:
    rng = np.random.default_rng(0)
    right = rng.random(400) < 0.3
    scores = np.clip(np.where(right, 0.85, 0.1) + rng.normal(0, 0.08, 400), 0.01, 0.99)
    given, wrong = right.copy(), rng.choice(400, 20, replace=False)
    given[wrong] = ~given[wrong]
    doubts = implausible(scores[:, None], given[:, None], ("GW",))
    found = [doubt.row for doubt in doubts]
    # Those beyond the mean of the other class: about half of them, and next to none that are no mistakes.
    assert len(set(found) & set(wrong.tolist())) >= 9
    assert len(set(found) - set(wrong.tolist())) <= 1
    assert [doubt.margin for doubt in doubts] == sorted((doubt.margin for doubt in doubts), reverse=True)
    assert all(doubt.given == bool(given[doubt.row]) for doubt in doubts)


def test_where_scores_tell_nothing_no_label_is_doubted() -> None:
    given = np.arange(100) % 2 == 0
    assert implausible(np.full((100, 1), 0.5), given[:, None], ("GW",)) == ()


def test_a_theme_with_few_examples_is_left_alone() -> None:
    given = np.arange(100) < 9
    assert implausible(np.where(given, 0.1, 0.9)[:, None], given[:, None], ("GW",)) == ()
