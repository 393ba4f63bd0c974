"""Does the machine show for a study what is in it? `python -m bench.study_level [FOLDER]`.

Each held-out document of the seed passages in the register of real reports is taken for a study: what the passages of
it are labelled with is there. Models learn from the other documents. Where a FOLDER of PDFs on other subjects is named,
each study is filled up with FILL of their passages, as a report has many that say nothing.

A line gives the share of the themes that are there that is shown, and of those that are not: with the usual rate of
false alarms, and with the rate that the labels of the other half of the studies tell, as decisions of a review would.
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from corpus.workspace import open_workspace
from extract.read import read_document
from extract.text.language import ENGLISH
from models.codebook.codebook import shipped_codebook
from models.codebook.lexicon import shipped_lexicon
from models.encoder.sentence_encoder import open_encoders
from models.labelled_passages import LabelledPassage, load_labelled
from models.metrics import split_groups
from models.registry.model_card import Aim, ModelCard
from models.suggest.calibrate import JudgedStudy, calibrate_themes
from models.suggest.document_suggestions import as_shown
from models.suggest.review_calibration import ReviewCalibration, kept_from
from models.suggest.score_counts import count_scores
from models.suggestion import DocumentSuggestions, Suggestion
from models.theme_model.theme_model import Model
from models.training.train import train

FOLDS = 5
FEWEST = 5  # passages of a document that is taken for a study
FILL = 100  # passages of other PDFs that are added to each
SEED = 1
AIMS: tuple[Aim, ...] = ("sure", "balanced", "find more")


@dataclass(frozen=True, slots=True)
class Study:
    """A held-out document, as the machine left it."""

    made: DocumentSuggestions
    truth: Mapping[str, frozenset[str]]  # by theme: passages that have it
    card: ModelCard


def main(folder: Path | None) -> None:
    """Print the table."""
    codebook = shipped_codebook()
    with tempfile.TemporaryDirectory() as place:
        workspace = open_workspace(Path(place))
        passages = load_labelled(workspace, codebook)
        encoders = open_encoders(workspace)
        filling = other_passages(folder) if folder else []
        folds = split_groups([passage.group for passage in passages], FOLDS)
        studies: list[Study] = []
        rng = np.random.default_rng(SEED)
        for fold in range(FOLDS):
            away = [passage for passage, at in zip(passages, folds, strict=True) if at == fold and passage.calibrates]
            learned = [passage for passage, at in zip(passages, folds, strict=True) if at != fold]
            model = replace(train(codebook, shipped_lexicon(), learned, encoders=encoders), encoders=encoders)
            studies += held_out_studies(model, away, filling, rng)
            print(f"fold {fold + 1} of {FOLDS}", file=sys.stderr)
    print(f"{len(studies)} studies of {np.mean([one.made.passages for one in studies]):.0f} passages on the mean")
    for aim in AIMS:
        print(f"{aim:10} usual rate: {found_and_false(studies, aim, {})}")
        halves = {0: calibrated(studies[1::2]), 1: calibrated(studies[::2])}
        told = {at: halves[at % 2] for at in range(len(studies))}
        print(f"{'':10} rate and thresholds from the other half: {found_and_false(studies, aim, told)}")


def held_out_studies(
    model: Model, passages: Sequence[LabelledPassage], filling: Sequence[str], rng: np.random.Generator
) -> list[Study]:
    """The documents of `passages` that have enough of them, coded."""
    by_document: dict[str, list[LabelledPassage]] = defaultdict(list)
    for passage in passages:
        by_document[passage.id.rpartition("-")[0] or passage.group].append(passage)
    keeping = model.proposing_from(kept_from(model.card, model.aim))
    made = []
    for own in by_document.values():
        if len(own) < FEWEST:
            continue
        added = (
            [filling[at] for at in rng.choice(len(filling), min(FILL, len(filling)), replace=False)] if filling else []
        )
        texts = [(passage.id, passage.text) for passage in own] + [(f"+{at}", text) for at, text in enumerate(added)]
        kept: list[Suggestion] = list(keeping.suggest(texts))
        counts = count_scores(model.scores([text for _, text in texts]))
        made.append(
            Study(
                DocumentSuggestions(
                    "",
                    "",
                    model.coding_id,
                    "",
                    tuple(kept),
                    (),
                    len(texts),
                    dict(zip(model.codebook.codes, counts, strict=True)),
                ),
                {code: frozenset(p.id for p in own if code in p.labels) for code in model.codebook.codes},
                model.card,
            )
        )
    return made


def other_passages(folder: Path) -> list[str]:
    """The English passages of the PDFs in `folder`."""
    found: list[str] = []
    for path in sorted(folder.glob("*.pdf")):
        found += [p.text for p in read_document(path, "0" * 64).passages if p.language == ENGLISH]
    return found


def calibrated(studies: Sequence[Study]) -> ReviewCalibration:
    """What a review would know in which these studies are finished."""
    card = studies[0].card
    counts = {code: [study.made.counts[code] for study in studies] for code in studies[0].truth}
    return ReviewCalibration("", "", "", 0, 0, 0, 0, calibrate_themes(card, counts, [_judged(one) for one in studies]))


def _judged(study: Study) -> JudgedStudy:
    decided: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for one in study.made.suggestions:
        decided[one.theme].append((one.score, one.passage_id in study.truth[one.theme]))
    kept = {(one.passage_id, one.theme) for one in study.made.suggestions}
    missed = {code: sum((id_, code) not in kept for id_ in having) for code, having in study.truth.items()}
    return JudgedStudy(study.made.passages, study.made.counts, decided, missed, finished=True)


def found_and_false(studies: Sequence[Study], aim: Aim, told: Mapping[int, ReviewCalibration]) -> str:
    """ "72 % of 343 shown, 5 % of 409 shown wrongly": over themes and studies."""
    shown = {True: 0, False: 0}
    every = {True: 0, False: 0}
    for at, study in enumerate(studies):
        for proposal in as_shown(study.made, card=study.card, aim=aim, calibration=told.get(at)).studies:
            there = bool(study.truth[proposal.theme])
            every[there] += 1
            shown[there] += proposal.value > 0
    return (
        f"{shown[True] / every[True]:.0%} of {every[True]} that are there shown, "
        f"{shown[False] / every[False]:.1%} of {every[False]} others"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
