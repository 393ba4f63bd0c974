"""How good a model is, measured on documents it has not seen: everything that its evaluation card shows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.errors import ModelError
from models.bootstrap import ROUNDS, Flags, Floats, average_precisions, draws, interval, rates
from models.codebook.codebook import Codebook
from models.codebook.lexicon import Lexicon
from models.encoder.sentence_encoder import SentenceEncoder
from models.evaluation.champion_challenger import PICKED
from models.evaluation.confusion import confusion
from models.evaluation.cross_validation import Done, Tried, held_out_folds, try_held_out
from models.evaluation.defaults import WORKERS
from models.interval import Interval
from models.labelled_passages import LabelledPassage
from models.metrics import BINS, calibration_error

FOLDS = 5
FRACTIONS = (0.25, 0.5)  # of the documents, for the learning curve; all of them are measured anyway
WORST = 20
SMALLEST_GENRE = 10  # passages; of fewer a share says nothing
MOST_GENRES = 24  # listed by name: the weakest
OTHER_GENRES = "all others"
_NEARLY = 1e-4


@dataclass(frozen=True, slots=True)
class Bin:
    """One tenth of the passages, by probability."""

    probability: float  # mean
    frequency: float  # share that has the theme
    passages: int


@dataclass(frozen=True, slots=True)
class ThemeResult:
    """One theme on held-out documents."""

    theme: str
    name: str
    examples: int
    precision: Interval
    recall: Interval
    f1: Interval
    average_precision: Interval
    calibration_error: float
    reliability: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class CurveStep:
    """The learning curve: what would have come out with fewer documents to learn from."""

    documents: int
    passages: int
    average_precision: float  # mean over themes
    f1: float


@dataclass(frozen=True, slots=True)
class GenreResult:
    """Passages of one kind of text; precision, recall and F1 over all themes together."""

    genre: str
    passages: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Mistake:
    """A passage on which the models were most surprised."""

    passage_id: str
    genre: str
    theme: str
    given: bool  # does the passage have the theme?
    probability: float
    text: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """How good a model is."""

    model_id: str
    codebook: str  # revision
    data: str  # revision of the passages
    passages: int  # tried on
    documents: int
    human: int  # of the passages, judged by people of the review
    folds: int
    average_precision: Interval  # means over themes
    f1: Interval
    calibration_error: float
    silent: float  # share of the passages without a theme for which nothing is proposed
    themes: tuple[ThemeResult, ...]
    curve: tuple[CurveStep, ...]
    codes: tuple[str, ...]  # of all themes of the codebook
    confusion: tuple[tuple[int, ...], ...]  # rows: themes present and "none"; columns: proposed and "none"
    genres: tuple[GenreResult, ...]
    mistakes: tuple[Mistake, ...]


def assess(
    codebook: Codebook,
    lexicon: Lexicon,
    model_id: str,
    passages: Sequence[LabelledPassage],
    *,
    data: str,
    folds: int = FOLDS,
    fractions: Sequence[float] = FRACTIONS,
    rounds: int = ROUNDS,
    workers: int = WORKERS,
    done: Done | None = None,
    encoders: Mapping[str, SentenceEncoder] | None = None,
) -> Assessment:
    """Cross-validation by document of a model that learns from `passages`.

    Answers to suggestions are learned from but not tried on (see `champion_challenger`). `fractions` of the documents
    give the learning curve.
    """
    tried = _to_try_on(passages)
    where = held_out_folds(tried, folds)
    parts = [_part(passages, fraction) for fraction in (*fractions, 1.0)]
    outcomes = try_held_out(
        codebook, lexicon, [(part, tried, where) for part in parts], workers=workers, done=done, encoders=encoders
    )
    truth, whole = _true_labels(tried, codebook.codes), outcomes[-1]
    weights = draws([passage.group for passage in tried], rounds=rounds)
    counted = _measured(truth, codebook, tried)
    themes = tuple(
        _theme(codebook, at, whole.scores[:, at], whole.proposed[:, at], truth[:, at], weights) for at in counted
    )
    empty: Flags = np.logical_not(np.any(truth, axis=1))
    return Assessment(
        model_id=model_id,
        codebook=codebook.revision,
        data=data,
        passages=len(tried),
        documents=len({passage.group for passage in tried}),
        human=sum(passage.origin != "seed" for passage in tried),
        folds=folds,
        average_precision=interval(_macro_ap(whole.scores, truth, weights, counted)),
        f1=interval(_macro_f1(whole.proposed, truth, weights, counted)),
        calibration_error=float(np.mean([theme.calibration_error for theme in themes])) if themes else 0.0,
        silent=float(np.mean(~whole.proposed[empty].any(axis=1))) if empty.any() else 1.0,
        themes=themes,
        curve=tuple(
            _curve_step(part, outcome, truth, weights[:1], counted)
            for part, outcome in zip(parts, outcomes, strict=True)
        ),
        codes=codebook.codes,
        confusion=confusion(whole.proposed, truth),
        genres=_genres(tried, whole.proposed, truth),
        mistakes=_mistakes(tried, codebook.codes, whole.scores, truth),
    )


def _true_labels(tried: Sequence[LabelledPassage], codes: Sequence[str]) -> Flags:
    """(passages, themes): whether a passage has a theme."""
    truth: Flags = np.array([[code in passage.labels for code in codes] for passage in tried], dtype=np.bool_)
    return truth.reshape(len(tried), len(codes))


def _curve_step(
    part: Sequence[LabelledPassage], outcome: Tried, truth: Flags, weights: Floats, counted: Sequence[int]
) -> CurveStep:
    """What comes out where only `part` is learned from; `weights` (1, passages) counts each passage once."""
    return CurveStep(
        len({passage.group for passage in part}),
        len(part),
        float(_macro_ap(outcome.scores, truth, weights, counted)[0]),
        float(_macro_f1(outcome.proposed, truth, weights, counted)[0]),
    )


def _measured(truth: Flags, codebook: Codebook, tried: Sequence[LabelledPassage]) -> list[int]:
    """Positions of the themes that some passage has and that are known of every passage."""
    unsure = {code for passage in tried for code in passage.unknown}
    return [at for at in range(truth.shape[1]) if np.any(truth[:, at]) and codebook.codes[at] not in unsure]


def _to_try_on(passages: Sequence[LabelledPassage]) -> tuple[LabelledPassage, ...]:
    """The passages that no model picked."""
    tried = tuple(passage for passage in passages if passage.origin != PICKED)
    if not any(passage.labels for passage in tried):
        raise ModelError(
            "there is nothing yet to measure a model on: answers to suggestions can't be tried on fairly. Mark a study "
            "as done when all its passages have been looked at, or add labelled passages to seed/"
        )
    return tried


def _part(passages: Sequence[LabelledPassage], fraction: float) -> tuple[LabelledPassage, ...]:
    """The passages of a share of the documents, the same ones each time, smaller shares within larger."""
    groups = sorted({p.group for p in passages}, key=lambda group: hashlib.sha256(group.encode()).hexdigest())
    kept = set(groups[: round(len(groups) * fraction)])
    return tuple(passage for passage in passages if passage.group in kept)


def _theme(codebook: Codebook, at: int, scores: Floats, proposed: Flags, truth: Flags, weights: Floats) -> ThemeResult:
    found = rates(proposed, truth, weights)
    order = np.argsort(scores, kind="stable")
    return ThemeResult(
        theme=codebook.codes[at],
        name=codebook.themes[at].name,
        examples=int(truth.sum()),
        precision=interval(found.precision),
        recall=interval(found.recall),
        f1=interval(found.f1),
        average_precision=interval(average_precisions(scores, truth, weights)),
        calibration_error=calibration_error(scores, truth),
        reliability=tuple(
            Bin(float(scores[part].mean()), float(truth[part].mean()), len(part))
            for part in np.array_split(order, BINS)
            if len(part)
        ),
    )


def _macro_ap(scores: Floats, truth: Flags, weights: Floats, counted: Sequence[int]) -> Floats:
    every = [average_precisions(scores[:, at], truth[:, at], weights) for at in counted]
    return np.asarray(np.nanmean(every, axis=0)) if every else np.full(len(weights), np.nan)


def _macro_f1(proposed: Flags, truth: Flags, weights: Floats, counted: Sequence[int]) -> Floats:
    every = [np.nan_to_num(rates(proposed[:, at], truth[:, at], weights).f1) for at in counted]
    return np.asarray(np.mean(every, axis=0)) if every else np.full(len(weights), np.nan)


def _genres(tried: Sequence[LabelledPassage], proposed: Flags, truth: Flags) -> tuple[GenreResult, ...]:
    """The kinds of text with the lowest F1, lowest first; at the end all others together."""
    rows: dict[str, list[int]] = {}
    for row, passage in enumerate(tried):
        rows.setdefault(passage.genre, []).append(row)
    large = {genre: here for genre, here in rows.items() if genre and len(here) >= SMALLEST_GENRE}
    results = sorted(
        (_genre(genre, here, proposed, truth) for genre, here in large.items()), key=lambda one: (one.f1, one.genre)
    )[:MOST_GENRES]
    named = {one.genre for one in results}
    rest = [row for genre, here in rows.items() if genre not in named for row in here]
    return (*results, _genre(OTHER_GENRES, rest, proposed, truth)) if rest else tuple(results)


def _genre(genre: str, here: Sequence[int], proposed: Flags, truth: Flags) -> GenreResult:
    said, right = proposed[here], truth[here]
    both, all_said, all_right = int(np.sum(said & right)), int(said.sum()), int(right.sum())
    return GenreResult(
        genre,
        len(here),
        both / all_said if all_said else 0.0,
        both / all_right if all_right else 0.0,
        2 * both / (all_said + all_right) if all_said + all_right else 0.0,
    )


def _mistakes(
    tried: Sequence[LabelledPassage], codes: Sequence[str], scores: Floats, truth: Flags
) -> tuple[Mistake, ...]:
    """The labels given the lowest probability, one a passage."""
    given = np.where(truth, scores, 1 - scores)
    surprise = -np.log(np.clip(given, _NEARLY, 1.0))
    column = surprise.argmax(axis=1) if len(tried) else np.zeros(0, dtype=np.int64)
    worst = np.argsort(-surprise[np.arange(len(tried)), column], kind="stable")[:WORST]
    return tuple(
        Mistake(
            passage_id=tried[row].id,
            genre=tried[row].genre,
            theme=codes[column[row]],
            given=bool(truth[row, column[row]]),
            probability=float(scores[row, column[row]]),
            text=tried[row].text,
        )
        for row in worst.tolist()
        if given[row, column[row]] < 0.5
    )
