"""Whole models tried on documents they have not seen: trained without them, threshold and calibration included.

`train` already holds documents out to choose its thresholds. Here another round is laid around it, so that nothing
about a passage, not even its part in a threshold, reaches the model that scores it.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context, parent_process

import numpy as np
from numpy.typing import NDArray

from models.bootstrap import Flags, Floats
from models.codebook.codebook import Codebook
from models.codebook.lexicon import Lexicon
from models.encoder.sentence_encoder import SentenceEncoder
from models.evaluation.defaults import FOLDS, WORKERS
from models.labelled_passages import LabelledPassage
from models.metrics import split_groups
from models.training.train import train

Integers = NDArray[np.int64]

Done = Callable[[int, int], None]  # models trained, of how many


@dataclass(frozen=True, slots=True)
class HeldOutJob:
    """One model to train, and the passages to try it on."""

    learn: tuple[LabelledPassage, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """What models said about passages whose documents they had not seen."""

    scores: Floats  # (passages, themes of the codebook)
    proposed: Flags  # (passages, themes)


def held_out_folds(passages: Sequence[LabelledPassage], folds: int = FOLDS) -> Integers:
    """The fold in which each passage is held out; a document lies in one fold."""
    return split_groups([passage.group for passage in passages], folds)


def try_held_out(
    codebook: Codebook,
    lexicon: Lexicon,
    trials: Sequence[tuple[Sequence[LabelledPassage], Sequence[LabelledPassage], Integers]],
    *,
    workers: int = WORKERS,
    done: Done | None = None,
    encoders: Mapping[str, SentenceEncoder] | None = None,
) -> tuple[Tried, ...]:
    """For each (learn from, tried on, folds): every fold of `tried on` scored by a model that learned from the
    passages of `learn from` whose documents are not in that fold.

    Models are trained side by side in `workers` processes (1: in this one); `done` is told after each.
    """
    jobs: list[HeldOutJob] = []
    places: list[tuple[int, Flags]] = []
    for number, (learn, tried, folds) in enumerate(trials):
        for fold in np.unique(folds).tolist():
            away = folds == fold
            unseen = {passage.group for passage, out in zip(tried, away, strict=True) if out}
            kept = tuple(passage for passage in learn if passage.group not in unseen)
            jobs.append(HeldOutJob(kept, tuple(p.text for p, out in zip(tried, away, strict=True) if out)))
            places.append((number, away))
    width = len(codebook.codes)
    made = [
        Tried(np.zeros((len(tried), width)), np.zeros((len(tried), width), dtype=np.bool_)) for _, tried, _ in trials
    ]
    for at, outcome in enumerate(_run(codebook, lexicon, jobs, workers, encoders)):
        number, away = places[at]
        made[number].scores[away], made[number].proposed[away] = outcome
        if done:
            done(at + 1, len(jobs))
    return tuple(made)


def _run(  # type: ignore[no-untyped-def]
    codebook: Codebook,
    lexicon: Lexicon,
    jobs: Sequence[HeldOutJob],
    workers: int,
    encoders: Mapping[str, SentenceEncoder] | None,
):
    if workers < 2 or len(jobs) < 2:
        yield from (_score(codebook, lexicon, job, encoders) for job in jobs)
        return
    # Fresh processes, not forks: numerical libraries keep threads that a fork would lose.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_end_with_parent) as pool:
        yield from pool.map(_score, [codebook] * len(jobs), [lexicon] * len(jobs), jobs, [encoders] * len(jobs))


def _end_with_parent() -> None:
    """A worker stops at Ctrl-C without a word, and when the process that started it is killed."""
    signal.signal(signal.SIGINT, lambda _number, _frame: os._exit(1))
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _score(
    codebook: Codebook, lexicon: Lexicon, job: HeldOutJob, encoders: Mapping[str, SentenceEncoder] | None
) -> tuple[Floats, Flags]:
    model = train(codebook, lexicon, job.learn, encoders=encoders)
    batches = list(model.batches(job.texts))
    if not batches:
        empty = np.zeros((0, len(codebook.codes)))
        return empty, empty.astype(np.bool_)
    return np.concatenate([batch.scores for batch in batches]), np.concatenate([batch.proposed for batch in batches])
