"""Decisions that a model which has not seen the study finds implausible, to be looked at again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from annotations.decision import Anchor, Mark
from annotations.log.open_log import open_log
from annotations.training_labels import with_seed
from corpus.errors import ModelError
from corpus.workspace import Workspace
from models.codebook.codebook import load_codebook
from models.codebook.lexicon import load_lexicon
from models.encoder.sentence_encoder import open_encoders
from models.evaluation.cross_validation import held_out_folds, try_held_out
from models.evaluation.defaults import FOLDS, WORKERS
from models.evaluation.label_issues import implausible
from models.labelled_passages import load_labelled
from pipeline.learning.retrain import learn_from_decisions


@dataclass(frozen=True, slots=True)
class SecondLook:
    """One decision, or silence, to look at again."""

    source_id: str
    coder: str
    theme: str
    given: str  # "1", "2", "0", or "not coded"
    expected: str  # "absent" or "present"
    probability: float  # of the theme, by models that did not see the study
    quote: str
    page: int | None
    passage_id: str


def second_looks(
    workspace: Workspace, *, folds: int = FOLDS, workers: int = WORKERS, done: Callable[[int, int], None] | None = None
) -> tuple[SecondLook, ...]:
    """The most implausible first. Models are trained on seed and decisions, each without the studies it scores.

    ModelError: nobody has decided on a passage yet.
    """
    codebook = load_codebook(workspace)
    learned = learn_from_decisions(workspace, codebook)
    if not learned.passages:
        raise ModelError("there are no decisions on passages to look at again yet")
    passages = with_seed(load_labelled(workspace, codebook), learned.passages)
    (tried,) = try_held_out(
        codebook,
        load_lexicon(workspace, codebook),
        [(passages, passages, held_out_folds(passages, folds))],
        workers=workers,
        done=done,
        encoders=open_encoders(workspace),
    )
    truth = np.array([[code in passage.labels for code in codebook.codes] for passage in passages], dtype=np.bool_)
    looks: list[SecondLook] = []
    for doubt in implausible(tried.scores, truth, codebook.codes):
        passage = passages[doubt.row]
        if passage.id not in learned.said:  # of the seed
            continue
        source_id, passage_id = passage.id.split(":", 1)
        said = learned.said[passage.id]
        given = [(d.coder, str(d.value), d.anchor) for d in said if d.theme == doubt.theme and d.role != "published"]
        if not given:  # nobody gave the theme: ask those who read the passage
            coders = sorted({d.coder for d in said} | set(learned.silent[passage.id]))
            given = [(coder, "not coded", said[0].anchor if said else None) for coder in coders]
        for coder, value, anchor in given:
            if value != "not coded" and (value != "0") != doubt.given:
                continue  # a coder whom the others, or an adjudicator, overruled
            looks.append(
                SecondLook(
                    source_id,
                    coder,
                    doubt.theme,
                    value,
                    "absent" if doubt.given else "present",
                    round(doubt.probability, 4),
                    anchor.quote if anchor else passage.text,
                    anchor.page if anchor else None,
                    passage_id,
                )
            )
    return tuple(looks)


def mark_second_looks(workspace: Workspace, looks: tuple[SecondLook, ...]) -> int:
    """Mark them to be looked at again by those who decided; returns how many marks are new."""
    codebook = load_codebook(workspace)
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    with open_log(workspace) as log:
        marked = {
            (mark.source_id, mark.coder, mark.theme, mark.anchor.quote if mark.anchor else "")
            for mark in log.marks()
            if mark.on and mark.kind == "look again"
        }
        marks = [
            Mark(
                source_id=look.source_id,
                kind="look again",
                coder=look.coder,
                theme=look.theme,
                anchor=Anchor(look.quote, look.page, look.passage_id),
                note=f"a model that has not seen this study expects {look.theme} to be {look.expected} "
                f"(probability {look.probability:.2f})",
                decided=now,
                codebook=codebook.revision,
            )
            for look in looks
            if (look.source_id, look.coder, look.theme, look.quote) not in marked
        ]
        return log.record([], marks).added if marks else 0
