"""What this review's texts and decisions say of the machine's scores: made when something is new, kept, and used.

`models/calibration.json` has the thresholds of each aim, by how much decisions move the scores, and the false alarms
that were counted, with what it was made from.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from corpus.digest import digest
from corpus.workspace import Workspace, write_atomic
from models.suggest.review_calibration import ReviewCalibration
from models.suggestion import DocumentSuggestions

if TYPE_CHECKING:
    from annotations.standing import StandingLog
    from models.suggest.score_counts import Counts
    from pipeline.documents.current_model import CurrentModel

FILE = "calibration.json"
METHOD = "1"  # raise when the same texts and decisions give another calibration
_CALIBRATION = TypeAdapter(ReviewCalibration)


def load_calibration(workspace: Workspace, coding: str) -> ReviewCalibration | None:
    """The calibration of the suggestions called `coding`; None where there is none, or it can't be read: the next run
    makes it again.
    """
    try:
        found = _CALIBRATION.validate_json((workspace.models / FILE).read_bytes())
    except (OSError, ValidationError):
        return None
    return found if found.coding == coding else None


def calibration_key(coding: str, texts: Iterable[tuple[str, str]], log_head: str, codebook: str) -> str:
    """Of what a calibration is made from: model, texts (hash and extractor), decisions, revision of the codebook."""
    return digest([METHOD, coding, sorted(texts), log_head, codebook])


def make_calibration(
    workspace: Workspace,
    key: str,
    model: CurrentModel,
    proposals: Iterable[tuple[str, DocumentSuggestions]],
    now: StandingLog,
) -> ReviewCalibration | None:
    """Calibrate the review, and keep what came of it; None where no text has scores.

    `proposals` are all suggestions that were kept, by source id: those of one text are
    held at a time, and those of the texts that people judged.
    """
    from annotations.judged_scores import judged_studies
    from models.suggest.calibrate import calibrate_themes

    judged = {decision.source_id for decision in now.decisions} | {mark.source_id for mark in now.marks}
    counts: defaultdict[str, list[Counts]] = defaultdict(list)
    theirs: dict[str, DocumentSuggestions] = {}
    studies = passages = 0
    for source_id, made in proposals:
        studies, passages = studies + 1, passages + made.passages
        for theme, found in made.counts.items():
            counts[theme].append(found)
        if source_id in judged:
            theirs[source_id] = made
    if not counts:
        return None
    said = tuple(judged_studies(now.decisions, now.marks, theirs))
    calibration = ReviewCalibration(
        key=key,
        coding=model.coding_id,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        studies=studies,
        passages=passages,
        finished=sum(study.finished for study in said),
        decided=sum(len(found) for study in said for found in study.decided.values()),
        themes=calibrate_themes(model.card, counts, said),
    )
    workspace.models.mkdir(parents=True, exist_ok=True)
    write_atomic(workspace.models / FILE, json.dumps(asdict(calibration), indent=1).encode() + b"\n")
    return calibration
