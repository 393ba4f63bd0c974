"""Retraining: decisions to passages, a challenger from seed and passages, its trial against the champion.

Knows no Prefect: the command and the flow share it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from annotations.codebook_changes import load_recoding
from annotations.decision import Decision, Mark
from annotations.log.open_log import open_log
from annotations.standing import standing
from annotations.training_labels import TrainingLabels, training_labels, with_seed
from corpus.errors import ModelError, UnknownChoiceError
from corpus.registry.registry_file import load_sources
from corpus.store.pdf_store import Holdings
from corpus.workspace import Workspace
from extract.cache import load_document
from extract.document import Document
from models.codebook.codebook import Codebook, load_codebook
from models.codebook.lexicon import load_lexicon
from models.codebook.revisions import keep_revision
from models.encoder.sentence_encoder import joined_id, open_encoders
from models.evaluation.champion_challenger import compare
from models.evaluation.comparison_record import ChampionComparison
from models.evaluation.defaults import FOLDS, WORKERS
from models.labelled_passages import load_labelled
from models.model_list import read_trial
from models.model_store import load_model, store_model
from models.registry.model_folder import LEARNED, TRIAL, check_seal, read_card
from models.registry.model_id import model_id_of, model_in_use
from models.registry.promotion import promote
from models.registry.training_record import learned_lines, learned_passages
from models.training.train import train
from pipeline.learning.training_calls import count_decisions, note_training
from pipeline.screening.screening_state import counted_sources
from pipeline.text_history import note_texts, open_assignment, themes_judged

Told = Callable[[str, int, int], None]  # what is being done, steps done, steps in all
DECIDED_BY = "jaiza"  # in the history of promotions, where the comparison decided


@dataclass(frozen=True, slots=True)
class Retrained:
    """What a retraining came to."""

    model_id: str
    champion: str  # the model it was tried against
    known: bool  # this very model had been made before: nothing was trained
    promoted: bool  # it is the champion now
    learned: TrainingLabels
    seed: int  # passages of the seed that it learned from
    trial: ChampionComparison
    by_rules: Mapping[str, int]  # themes with too few examples to learn, left to the phrase rules -> examples


def retrain(
    workspace: Workspace,
    *,
    promote_if_better: bool = True,
    folds: int = FOLDS,
    workers: int = WORKERS,
    told: Told | None = None,
    decisions_of: Sequence[str] = (),
) -> Retrained:
    """Learn from seed and decisions, try the result against the champion, and promote it if it is better.

    `decisions_of` names the coders from whom it learns; where it is empty the review's setting counts, and without that
    everybody. What an adjudicator ruled is learned from in any case. ModelError: nobody has decided on a passage yet,
    or the champion was changed or damaged.
    """
    decisions = count_decisions(workspace)
    coders = tuple(decisions_of) or workspace.review.models.decisions_of
    done = _learn_and_try(workspace, promote_if_better, folds, workers, told, coders)
    note_training(workspace, decisions)
    return done


def _learn_and_try(
    workspace: Workspace,
    promote_if_better: bool,
    folds: int,
    workers: int,
    told: Told | None,
    coders: tuple[str, ...],
) -> Retrained:
    codebook = load_codebook(workspace)
    lexicon = load_lexicon(workspace, codebook)
    keep_revision(workspace, codebook)
    used = model_in_use(workspace)
    learned = learn_from_decisions(workspace, codebook, coders=coders)
    if not learned.passages:
        raise ModelError(_nothing(learned))
    seed = load_labelled(workspace, codebook)
    passages = with_seed(seed, learned.passages)
    encoders = open_encoders(workspace)
    model_id = model_id_of(codebook, lexicon, passages, encoder=joined_id(encoders))
    from_seed = len(passages) - len(learned.passages)
    report = partial(_report, learned=learned, seed=from_seed)
    folder = workspace.models / model_id
    if model_id == used.model_id:
        trial = read_trial(folder)
        if trial is None:
            raise ModelError("there is nothing to learn beyond what the model in use knows")
        return report(workspace, codebook, trial, known=True, promoted=True)
    trial = _earlier_trial(folder)
    if trial is not None and trial.champion == used.model_id:
        return report(workspace, codebook, trial, known=True, promoted=False)
    champions_own = learned_passages(workspace, used.model_id, codebook) if used.promoted else seed
    trial = compare(
        codebook,
        lexicon,
        (used.model_id, champions_own),
        (model_id, passages),
        folds=folds,
        workers=workers,
        done=(lambda done, of: told("trying challenger and champion", done, of)) if told else None,
        encoders=encoders,
    )
    model = train(codebook, lexicon, passages, progress=told, encoders=encoders)
    model = replace(model, card=replace(model.card, decisions_of=coders))
    trial_text = json.dumps(asdict(trial), indent=1, ensure_ascii=False).encode() + b"\n"
    shutil.rmtree(folder, ignore_errors=True)  # the same model, tried against another champion, or damaged since
    store_model(workspace, model, beside={LEARNED: learned_lines(passages), TRIAL: trial_text})
    promoted = promote_if_better and trial.promote
    if promoted:
        load_model(workspace, model_id, codebook=codebook, lexicon=lexicon)
        promote(workspace, model_id, by=DECIDED_BY, why=trial.why)
    return report(workspace, codebook, trial, known=False, promoted=promoted)


def learn_from_decisions(workspace: Workspace, codebook: Codebook, *, coders: Sequence[str] = ()) -> TrainingLabels:
    """What people's decisions and marks teach, with the texts that are here: of everybody, or of `coders` alone and of
    adjudicators. UnknownChoiceError: one of them has decided nothing here.
    """
    sources = load_sources(workspace)
    here = {source.id for source in counted_sources(workspace, sources)}
    documents = {source: text for source, text in documents_here(workspace).items() if source in here}
    with open_log(workspace) as log:
        note_texts(workspace, log, {s: (text.sha256, text.extractor) for s, text in documents.items()}, documents)
        held = log.contents()
        assignment = open_assignment(workspace, log)
    said, marks = held.decisions, held.marks
    if coders:
        said, marks = _of_coders(said, marks, coders)
    now = standing(
        [decision for decision in said if decision.source_id in here],
        marks,
        held.codes,
        documents,
        codebook=codebook,
        changes=load_recoding(workspace),
        assignment=assignment,
    )
    return training_labels(
        now.decisions,
        now.marks,
        documents,
        codebook,
        themes_judged(workspace, codebook),
        by_lot=assignment.by_lot,
    )


def _of_coders(
    said: Sequence[Decision], marks: Sequence[Mark], coders: Sequence[str]
) -> tuple[tuple[Decision, ...], tuple[Mark, ...]]:
    known = sorted(
        {decision.coder for decision in said if decision.role != "published"} | {mark.coder for mark in marks}
    )
    for name in coders:
        if name not in known:
            raise UnknownChoiceError("coder", name, known)
    return (
        tuple(decision for decision in said if decision.role == "adjudicator" or decision.coder in coders),
        tuple(mark for mark in marks if mark.coder in coders),
    )


def documents_here(workspace: Workspace) -> dict[str, Document]:
    """The texts that were read, by source id."""
    found = {held.source_id: load_document(workspace, held.sha256) for held in Holdings(workspace)}
    return {source_id: document for source_id, document in found.items() if document}


def _earlier_trial(folder: Path) -> ChampionComparison | None:
    """The trial of the same model if it was made before and is sound."""
    try:
        check_seal(folder)
        return read_trial(folder)
    except ModelError:
        return None


def _report(
    workspace: Workspace,
    codebook: Codebook,
    trial: ChampionComparison,
    *,
    known: bool,
    promoted: bool,
    learned: TrainingLabels,
    seed: int,
) -> Retrained:
    card = read_card(workspace.models / trial.challenger)
    return Retrained(
        model_id=trial.challenger,
        champion=trial.champion,
        known=known,
        promoted=promoted,
        learned=learned,
        seed=seed,
        trial=trial,
        by_rules={theme.code: theme.examples for theme in card.themes if theme.how != "trained"},
    )


def _nothing(learned: TrainingLabels) -> str:
    if learned.disputed:
        return (
            f"there is nothing to learn from: on all {learned.disputed} passages that people judged they disagree. "
            "Adjudicate some first"
        )
    return (
        "there are no decisions on passages to learn from yet: decide on some suggestions (`jaiza review`), or add "
        "decisions with quotes (`jaiza import decisions.csv`)"
    )
