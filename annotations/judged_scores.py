"""The machine's scores beside what people decided: what a review is calibrated on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from annotations.agreement.adjudication import after_rulings
from annotations.decision import Decision, Mark
from models.suggest.calibrate import JudgedStudy
from models.suggestion import DocumentSuggestions


def judged_studies(
    decisions: Sequence[Decision], marks: Sequence[Mark], proposals: Mapping[str, DocumentSuggestions]
) -> Iterator[JudgedStudy]:
    """Every study in which people judged a passage, or with which somebody is done.

    `decisions` and `marks` are what counts now, anchored in the texts as they are; `proposals` are all suggestions that
    were kept, by source id. Where coders disagree on a passage, and nobody ruled, nothing is said of it.
    """
    said: dict[str, dict[tuple[str, str], list[int]]] = defaultdict(lambda: defaultdict(list))
    for decision in after_rulings(decisions):
        if decision.of_passage and decision.anchor and decision.value is not None:
            said[decision.source_id][decision.anchor.passage_id, decision.theme].append(decision.value)
    done = {mark.source_id for mark in marks if mark.kind == "done" and mark.on and not mark.not_shown}
    for source_id in [one for one in proposals if one in said or one in done]:
        made = proposals[source_id]
        if made.counts:
            yield _judged(made, said.get(source_id, {}), finished=source_id in done)


def _judged(made: DocumentSuggestions, said: Mapping[tuple[str, str], Sequence[int]], *, finished: bool) -> JudgedStudy:
    scores = {(one.passage_id, one.theme): one.score for one in made.suggestions}
    decided: defaultdict[str, list[tuple[float, bool]]] = defaultdict(list)
    missed: defaultdict[str, int] = defaultdict(int)
    for (passage, theme), values in said.items():
        if min(values) == 0 < max(values):
            continue
        if (passage, theme) in scores:
            decided[theme].append((scores[passage, theme], min(values) > 0))
        elif min(values) > 0:
            missed[theme] += 1
    return JudgedStudy(made.passages, made.counts, decided, missed, finished)
