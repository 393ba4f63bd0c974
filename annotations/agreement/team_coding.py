"""What the people of a review hold of its studies, where the passages of a study are given out to several coders.

Then nobody's own passages say what is in the study: one coder's part may hold what another's does not. The coders of a
review that gives out passages (`[coding]` in review.toml) count as one, the *team*: what a study says on a theme is the
highest value of the passages on which those who judged them agree, or which were ruled on. Where there is none, but a
passage on which they differ, they differ on the study. Where there is neither, and all whose passages it has have
marked it as done, with every passage shown to them, it is 0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from annotations.agreement.adjudication import after_rulings
from annotations.agreement.assignment import Assignment
from annotations.agreement.coefficients import MISSING
from annotations.agreement.ratings import agreed_ratings, identity, identity_of, passage_ratings
from annotations.codebook_changes import JudgedThemes
from annotations.decision import Decision, Mark
from extract.document import Document

TEAM = "team"  # the name of the coders taken together; no reviewer may be called so


def counting_for_studies(
    decisions: Sequence[Decision],
    marks: Sequence[Mark],
    documents: Mapping[str, Document],
    *,
    assignment: Assignment,
    themes: Sequence[str],
    judged_themes: JudgedThemes | None = None,
) -> tuple[Decision, ...]:
    """The decisions that the people's value of a study is to be read from: `decisions` after the rulings on passages,
    and where passages are given out, the team's in the place of those of the coders named.

    Decisions and marks are those that count now, anchored in `documents`. A view: nothing of it is recorded.
    """
    coders = assignment.settings.coders
    if not coders or assignment.settings.unit == "study":
        return after_rulings(decisions)
    said: dict[str, list[Decision]] = defaultdict(list)
    noted: dict[str, list[Mark]] = defaultdict(list)
    for decision in decisions:
        said[decision.source_id].append(decision)
    for mark in marks:
        if mark.coder in coders:
            noted[mark.source_id].append(mark)
    return tuple(
        decision
        for source_id in dict.fromkeys((*said, *noted))
        for decision in _of_study(
            source_id,
            said[source_id],
            noted[source_id],
            documents.get(source_id),
            assignment=assignment,
            themes=themes,
            judged_themes=judged_themes,
        )
    )


def _of_study(
    source_id: str,
    decisions: Sequence[Decision],
    marks: Sequence[Mark],
    document: Document | None,
    *,
    assignment: Assignment,
    themes: Sequence[str],
    judged_themes: JudgedThemes | None,
) -> list[Decision]:
    own: list[Decision] = []
    rulings: list[Decision] = []
    rest: list[Decision] = []
    for decision in after_rulings(decisions):
        theirs = decision.role == "coder" and decision.coder in assignment.settings.coders
        kind = rest if not decision.anchor else own if theirs else rulings if decision.role == "adjudicator" else rest
        kind.append(decision)
    coders = passage_ratings(
        own,
        marks,
        {source_id: document} if document else {},
        themes=themes,
        assignment=assignment,
        judged_themes=judged_themes,
    )
    agreed = agreed_ratings(coders, rulings).values[0]
    differ = (coders.values != MISSING).any(axis=0) & (agreed == MISSING)
    at = {identity(place): number for number, place in enumerate(coders.places)}
    finished = _finished(
        source_id, marks, document, assignment=assignment, judged_themes=judged_themes or JudgedThemes(tuple(themes))
    )
    for column, theme in enumerate(themes):
        ruled = [d for d in rulings if d.theme == theme]
        places = [at[identity_of(d)] for d in ruled if identity_of(d) in at]
        by_ruling = max((d.value for d in ruled if d.value), default=0)
        among = np.delete(agreed[:, column], places).max(initial=MISSING)
        if by_ruling > max(among, 0):
            rest += ruled
        elif among > 0:
            rest.append(Decision(source_id, theme, int(among), TEAM))  # type: ignore[arg-type]
        elif differ[:, column].any():
            place = int(np.argmax(differ[:, column]))
            values = coders.values[:, place, column]
            rest += [
                Decision(source_id, theme, int(value), f"{TEAM}: {coder}")  # type: ignore[arg-type]
                for coder, value in zip(coders.raters, values, strict=True)
                if value != MISSING
            ]
        elif theme in finished:
            rest.append(Decision(source_id, theme, 0, TEAM))
    return rest


def _finished(
    source_id: str,
    marks: Sequence[Mark],
    document: Document | None,
    *,
    assignment: Assignment,
    judged_themes: JudgedThemes,
) -> frozenset[str]:
    """The themes of which the study is finished: all who have passages of it have marked it as done when these were
    there and had been shown to them, and the theme was in the codebook."""
    done = {mark.coder: mark for mark in marks if mark.kind == "done" and mark.anchor is None}
    if not done or document is None:
        return frozenset()
    theirs: dict[str, list[str]] = defaultdict(list)
    for passage in document.passages:
        for coder in assignment.coders_of(source_id, passage.id):
            theirs[coder].append(passage.id)
    if not all(coder in done and done[coder].judged_all(own) for coder, own in theirs.items()):
        return frozenset()
    return frozenset(judged_themes.codes).intersection(*(judged_themes.of(done[coder]) for coder in theirs))
