"""What a run has to say about the model: that another one counts than last time, and why."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpus.workspace import Workspace
from models.codebook.codebook import load_codebook
from models.encoder.sentence_encoder import LARGE, encoder_ids
from models.labelled_passages import load_labelled
from models.registry.model_id import ModelInUse, coding_id, model_in_use
from models.registry.promotion import history
from synthesis.humanize import counted

FEWEST_EXAMPLES = 5  # as in training: see `models.training.out_of_fold`, which takes a second to load

# Micro average precision on held-out documents of the seed passages in the register of reports: words .72, with the
# small encoder .79, with both .84.
LARGE_MISSING = (
    "the large sentence encoder is not here; with it the right passages are ranked better (average precision .84 "
    "instead of .79 on held-out passages like those of reports): `jaiza models fetch-encoder`, 404 MB, once"
)
NONE_THERE = (
    "no sentence encoder: the model knows words and phrases alone (average precision .72 instead of .79 or, with the "
    "large encoder, .84): `make setup`, then `jaiza models fetch-encoder`"
)

if TYPE_CHECKING:
    from pipeline.documents.source_result import SourceResult


def model_news(workspace: Workspace, results: Sequence[SourceResult]) -> str:
    """A sentence where the suggestions come from another model than those of the latest run; else nothing.

    To be asked before the new results replace the latest ones.
    """
    used = model_in_use(workspace)
    now = {done.reading.model_id for done in results if done.reading} - {""}
    before = _models_of_latest(workspace) - now
    said = [_passed_over(used)] if used.passed_over else []
    if now and before:
        again = sum("suggest" in done.did for done in results)
        aim = workspace.review.models.aim
        other_aim = all(one.partition("-")[0] == used.model_id for one in before)
        why = f"because its aim is {aim} now ([models] aim in review.toml)" if other_aim else _why(workspace, used)
        said.insert(0, f"{coding_id(used.model_id, aim)} instead of {', '.join(sorted(before))}, {why}")
        if again:
            said.append(f"{counted(again, 'document')} coded again")
    return "; ".join(said)


def missing_encoder() -> str:
    """A sentence where the model could read with a better sentence encoder than it does; nothing where that is wanted.

    Weights of one's own, and an encoder that was switched off, are as somebody wants them.
    """
    if os.environ.get("JAIZA_ENCODER") or os.environ.get("JAIZA_LARGE_ENCODER") == "off":
        return ""
    found = encoder_ids()
    return "" if LARGE in found else LARGE_MISSING if found else NONE_THERE


def without_examples(workspace: Workspace) -> str:
    """A sentence where themes have too few labelled passages for the model of the seed, which has them for others: a
    theme is new, was split, or its code has become another without a word in recoding.toml."""
    if model_in_use(workspace).promoted:
        return ""
    codebook = load_codebook(workspace)
    found = Counter(code for passage in load_labelled(workspace, codebook) for code in passage.labels)
    few = [code for code in codebook.codes if found[code] < FEWEST_EXAMPLES]
    if not found or not few:
        return ""
    return (
        f"{', '.join(few)} {'has' if len(few) == 1 else 'have'} too few example passages and "
        f"{'is' if len(few) == 1 else 'are'} left to phrase rules: code some passages and run `jaiza retrain`; of a "
        "theme with a new code say so with `jaiza recode merge OLD --into NEW`, and it keeps its examples"
    )


def _why(workspace: Workspace, used: ModelInUse) -> str:
    events = history(workspace)
    last = events[-1] if events else None
    if used.promoted and last:
        word = "promoted" if last.event == "promoted" else "back in place since a rollback"
        return f"{word} {last.at[:10]} by {last.by} ({last.why})"
    if last and last.event == "rolled back" and not used.passed_over:
        return f"the seed's again since a rollback {last.at[:10]} by {last.by} ({last.why})"
    return "because codebook, lexicon, labelled passages or program are others now"


def _passed_over(used: ModelInUse) -> str:
    return (
        f"the promoted model {used.passed_over} is passed over ({used.why}), the model of the seed passages counts: "
        "`jaiza retrain` makes one that fits"
    )


def passed_over(workspace: Workspace) -> str:
    """A sentence where a promoted model can't be used; else nothing."""
    used = model_in_use(workspace)
    return _passed_over(used) if used.passed_over else ""


def _models_of_latest(workspace: Workspace) -> set[str]:
    try:
        record = json.loads((workspace.out / "latest" / "run.json").read_text(encoding="utf-8"))
        return {str(facts[3]) for facts in record["inputs"]["documents"].values()} - {""}
    except (OSError, ValueError, KeyError, IndexError, AttributeError):
        return set()
