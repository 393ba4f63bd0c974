"""Challenger against champion: is a retrained model better on documents that neither has seen?

Both are trained anew without the held-out documents, the champion on its own passages, the challenger on its own, and
tried on the same ones: those of the challenger, whose labels are the newest. Documents are drawn again in pairs, so
that what is easy or hard about a document falls out of the difference.

Answers to a machine's suggestions are not fair test cases: the passages were picked by the champion, so that every
rejection is one of its mistakes and none is the challenger's. They are learned from, but not tried on, unless their
coder saw all passages of the study.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from models.bootstrap import ROUNDS, Flags, Floats, average_precisions, draws, interval, rates
from models.codebook.codebook import Codebook
from models.codebook.lexicon import Lexicon
from models.encoder.sentence_encoder import SentenceEncoder
from models.evaluation.comparison_record import ChampionComparison, ThemeTrial
from models.evaluation.cross_validation import Done, held_out_folds, try_held_out
from models.evaluation.defaults import FOLDS, WORKERS
from models.interval import Interval
from models.labelled_passages import LabelledPassage

PICKED = "answers to suggestions"  # origin of passages that a model picked: learned from, not tried on
HUMAN = "decisions"  # origin of other passages that people judged
FEWEST = 10  # passages with a theme among those tried on, for the theme to be compared
SURE = 0.9  # probability, over the draws, that the challenger is better
MARGIN = 0.03  # of average precision that a theme may lose: about the standard error of one with 100 examples
# Human passages together weigh at least as much as this many times the seed's when models are compared: the review's
# own literature is what the model is for. But no human passage weighs more than MOST seed passages.
HUMAN_SHARE = 1.0
MOST = 10.0


def compare(
    codebook: Codebook,
    lexicon: Lexicon,
    champion: tuple[str, Sequence[LabelledPassage]],
    challenger: tuple[str, Sequence[LabelledPassage]],
    *,
    folds: int = FOLDS,
    rounds: int = ROUNDS,
    workers: int = WORKERS,
    done: Done | None = None,
    encoders: Mapping[str, SentenceEncoder] | None = None,
) -> ChampionComparison:
    """Try both; each is (model id, passages it learns from).

    Where nobody has finished a study yet and there is no seed, they can't be tried fairly: then the one that learned
    from more passages is to be promoted, and the reason says so.
    """
    tried = tuple(passage for passage in challenger[1] if passage.origin != PICKED)
    if not any(passage.labels for passage in tried):
        return _untried(champion, challenger)
    where = held_out_folds(tried, folds)
    old, new = try_held_out(
        codebook,
        lexicon,
        [(champion[1], tried, where), (challenger[1], tried, where)],
        workers=workers,
        done=done,
        encoders=encoders,
    )
    truth = np.array([[code in passage.labels for code in codebook.codes] for passage in tried], dtype=np.bool_)
    drawn = draws([passage.group for passage in tried], weights=trial_weights(tried), rounds=rounds)
    # A passage of which nobody knows whether it has a theme is no test of it.
    weights = [drawn * np.array([code not in passage.unknown for passage in tried]) for code in codebook.codes]
    counted = [at for at in range(truth.shape[1]) if truth[:, at].sum() >= FEWEST]
    if not counted and all(passage.origin != "seed" for passage in challenger[1]):
        return _untried(champion, challenger)
    before = np.array([average_precisions(old.scores[:, at], truth[:, at], weights[at]) for at in counted])
    after = np.array([average_precisions(new.scores[:, at], truth[:, at], weights[at]) for at in counted])
    themes = _theme_trials(codebook, truth, counted, before, after)
    gain = np.nanmean(after - before, axis=0) if counted else np.zeros(rounds + 1)
    f1 = _macro_f1(new.proposed, truth, weights, counted) - _macro_f1(old.proposed, truth, weights, counted)
    overall, better = interval(gain), float(np.mean(gain[1:] > 0))
    human = sum(passage.origin == HUMAN for passage in tried)
    promote, why = verdict(overall, better, themes, human=human)
    return ChampionComparison(
        champion=champion[0],
        challenger=challenger[0],
        documents=len({passage.group for passage in tried}),
        passages=len(tried),
        human=human,
        overall=overall,
        f1=interval(f1),
        better=better,
        themes=tuple(themes),
        promote=promote,
        why=why,
    )


def _theme_trials(
    codebook: Codebook, truth: Flags, counted: Sequence[int], before: Floats, after: Floats
) -> list[ThemeTrial]:
    """Of each theme in `counted`; `before` and `after` are average precisions, (counted themes, draws)."""
    themes = []
    for number, at in enumerate(counted):
        difference = interval(after[number] - before[number])
        themes.append(
            ThemeTrial(
                theme=codebook.codes[at],
                examples=int(truth[:, at].sum()),
                champion=float(before[number, 0]),
                challenger=float(after[number, 0]),
                difference=difference,
                worse=difference.value < -MARGIN,
            )
        )
    return themes


def _untried(
    champion: tuple[str, Sequence[LabelledPassage]], challenger: tuple[str, Sequence[LabelledPassage]]
) -> ChampionComparison:
    """Of two models for which there is nothing to be tried on, the one that knows more."""
    known, new = len(champion[1]), len(challenger[1])
    nothing = Interval(0.0, 0.0, 0.0)
    why = (
        "not compared: there is nothing yet on which the two could be tried fairly (finish a study). The new one "
        f"learned from {new} passages, the one in use from {known or 'none'}"
    )
    return ChampionComparison(
        champion=champion[0],
        challenger=challenger[0],
        documents=0,
        passages=0,
        human=0,
        overall=nothing,
        f1=nothing,
        better=0.0,
        themes=(),
        promote=new > known,
        why=why,
    )


def verdict(overall: Interval, better: float, themes: Sequence[ThemeTrial], *, human: int) -> tuple[bool, str]:
    """Promoted only if better overall and no theme worse beyond the margin; and the reason in words."""
    figures = (
        f"macro average precision {overall.value:+.3f} (95 % interval {overall.low:+.3f} to {overall.high:+.3f}), "
        f"better in {better:.0%} of the draws"
    )
    if not themes:
        return False, "no theme has enough examples in held-out documents to compare the two"
    worse = [f"{theme.theme} ({theme.champion:.2f} to {theme.challenger:.2f})" for theme in themes if theme.worse]
    if overall.value > 0 and better >= SURE and not worse:
        return True, f"better overall: {figures}; no theme lost more than {MARGIN:.2f}"
    reasons = [f"worse by more than {MARGIN:.2f} on {', '.join(worse)}"] if worse else []
    if overall.value <= 0:
        reasons.append(f"not better overall: {figures}")
    elif better < SURE:
        reasons.append(f"perhaps better, but not surely ({SURE:.0%} of the draws are asked for): {figures}")
    if not human:
        reasons.append(
            "all that people decided were answers to suggestions, which can't be tried on fairly: finish some studies"
        )
    return False, "; ".join(reasons)


def trial_weights(tried: Sequence[LabelledPassage]) -> Floats:
    """Weights in the comparison: people's passages together count as much as the seed's, as far as MOST allows."""
    human = np.array([passage.origin == HUMAN for passage in tried], dtype=np.bool_)
    share = min(MOST, HUMAN_SHARE * float(np.sum(~human)) / max(float(np.sum(human)), 1.0))
    return np.where(human, max(1.0, share), 1.0)


def _macro_f1(proposed: Flags, truth: Flags, weights: Sequence[Floats], counted: Sequence[int]) -> Floats:
    if not counted:
        return np.zeros(len(weights[0]))
    every = [np.nan_to_num(rates(proposed[:, at], truth[:, at], weights[at]).f1) for at in counted]
    return np.asarray(np.mean(every, axis=0))
