"""When a coder is done with a study: what it covers, what has come since, and what follows from it.

"Done" is about the passages and themes that were there. What came later, a chapter of a new edition or a theme that
the codebook got since, nobody has judged: it opens the study again, and is unknown until somebody has. A study of which
passages were never shown may be marked as done; then a theme without a passage stays unknown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from annotations.agreement.assignment import Assignment
from annotations.anchor import fold
from annotations.codebook_changes import Recoding, codes_now, recoded, themes_now
from annotations.codes import place_codes
from annotations.decision import DONE, Code, Decision, Mark, place
from extract.document import Document
from models.codebook.codebook import Codebook
from models.suggestion import Suggestion


@dataclass(frozen=True, slots=True)
class StudyState:
    """How far a coder is with a study, as its text and the codebook are now. Passages by their ids, in text order."""

    passages: tuple[str, ...]  # that are the coder's to judge
    seen: tuple[str, ...]  # they were before the coder to be judged, or were decided on
    passed_over: tuple[str, ...]  # they were on the screen, and nobody asked
    not_shown: tuple[str, ...]  # the rest
    undecided: tuple[tuple[str, str], ...]  # (passage, theme) of suggestions without an answer
    marked_done: bool  # the coder has marked the study as done, whatever came since
    new_passages: tuple[str, ...]  # that were not there when it was
    new_themes: tuple[str, ...]  # that were not in the codebook when it was
    changed: tuple[Decision, ...]  # found again with other words than were decided on: to be confirmed
    gone: tuple[Decision, ...]  # whose words are no longer in the text

    @property
    def reopened(self) -> bool:
        """Whether something has come since the coder was done."""
        return self.marked_done and bool(self.new_passages or self.new_themes)

    @property
    def done(self) -> bool:
        """Whether the coder is done with all there is now."""
        return self.marked_done and not self.reopened

    @property
    def question(self) -> str:
        """What to ask before it is marked as done, for example "17 undecided, 40 of 212 passages seen"; empty where
        every suggestion has its answer and every passage was shown."""
        shown = len(self.seen) + len(self.passed_over)
        parts = [f"{len(self.undecided)} undecided"] if self.undecided else []
        if self.not_shown:
            parts.append(f"{shown} of {len(self.passages)} passages seen")
        return ", ".join(parts)

    @property
    def news(self) -> str:
        """What to tell of what came since, for example "21 new passages, 7 decisions whose words are gone"; or
        nothing."""
        told = [
            (len(self.new_passages) if self.marked_done else 0, "new passage", "new passages"),
            (len(self.new_themes) if self.marked_done else 0, "new theme", "new themes"),
            (len(self.gone), "decision whose words are gone", "decisions whose words are gone"),
            (len(self.changed), "decision found again with changed words", "decisions found again with changed words"),
        ]
        return ", ".join(f"{number} {one if number == 1 else many}" for number, one, many in told if number)


def study_state(
    coder: str,
    source_id: str,
    document: Document | None,
    decisions: Iterable[Decision],
    marks: Iterable[Mark],
    *,
    assignment: Assignment,
    codebook: Codebook,
    suggestions: Sequence[Suggestion] = (),
    changes: Sequence[Recoding] = (),
) -> StudyState:
    """How far `coder` is with a study. `changes` are what became of themes: one that was renamed is no new one.

    `decisions` and `marks` are those that count now, anchored in `document`; those of others and of other studies are
    passed by. `suggestions` are what the machine proposes there, as far as the coder is shown it.
    """
    own = [d for d in decisions if d.coder == coder and d.source_id == source_id and d.role == "coder"]
    noted = [mark for mark in marks if mark.coder == coder and mark.source_id == source_id and mark.on]
    every = {passage.id: passage.text for passage in document.passages} if document else {}
    passages = tuple(key for key in every if assignment.codes(coder, source_id, key))
    on_passages = {(d.anchor.passage_id, d.theme) for d in own if d.anchor}
    seen = {key for key, _ in on_passages} | _marked(noted, "seen")
    passed_over = _marked(noted, "passed over") - seen
    done = next((mark for mark in reversed(noted) if mark.kind == "done"), None)
    covered = set(passages if done is None or done.covers is None else done.covers)
    known = themes_covered(done, changes, codebook) if done else codebook.codes
    return StudyState(
        passages=passages,
        seen=tuple(key for key in passages if key in seen),
        passed_over=tuple(key for key in passages if key in passed_over),
        not_shown=tuple(key for key in passages if key not in seen and key not in passed_over),
        undecided=tuple(
            (one.passage_id, one.theme)
            for one in suggestions
            if one.passage_id in passages and (one.passage_id, one.theme) not in on_passages
        ),
        marked_done=done is not None,
        new_passages=tuple(key for key in passages if key not in covered),
        new_themes=tuple(code for code in codebook.codes if code not in known),
        changed=tuple(d for d in own if _has_changed(d, every)),
        gone=tuple(d for d in own if document and d.anchor and d.anchor.orphaned),
    )


def themes_covered(done: Mark, changes: Sequence[Recoding], codebook: Codebook) -> Collection[str]:
    """The themes of `codebook` that a mark "done" says something of; all where nobody knows which there were."""
    return codebook.codes if done.themes is None else themes_now(done.themes, changes, codebook.codes)


def _marked(marks: Iterable[Mark], kind: str) -> set[str]:
    return {mark.anchor.passage_id for mark in marks if mark.kind == kind and mark.anchor and mark.anchor.passage_id}


def _has_changed(decision: Decision, passages: Mapping[str, str]) -> bool:
    """Whether the words decided on stand there otherwise now. `passages` are the texts by id, in their order."""
    if decision.anchor is None or decision.anchor.passage_id not in passages:
        return False
    quote, text = decision.anchor.quote, passages[decision.anchor.passage_id]
    if quote in text or fold(quote) in fold(text):
        return False
    return fold(quote) not in " ".join(map(fold, passages.values()))  # nor do they run over several passages


def done_mark(
    state: StudyState, source_id: str, coder: str, *, codebook: Codebook, decided: str, note: str = ""
) -> Mark:
    """The mark that a coder is done with a study, with what it covers."""
    return Mark(
        source_id,
        "done",
        coder,
        note=note,
        decided=decided,
        codebook=codebook.revision,
        covers=state.passages,
        not_shown=state.not_shown,
        themes=codebook.codes,
    )


def completing(
    own: Sequence[Decision],
    made: Sequence[Decision],
    *,
    source_id: str,
    coder: str,
    codebook: Codebook,
    decided: str,
    done: bool,
    all_shown: bool,
    codes: Iterable[Code] = (),
    undoable: Collection[str] = (DONE,),
    changes: Sequence[Recoding] = (),
    covered: Collection[str] | None = None,
) -> list[Decision]:
    """The judgements on the study that go with `done`, given what is being `made` of its passages just now.

    `own` are the coder's decisions on the study that count now; `codes` are those of people's own, which count under
    their themes. In a finished study of which every passage had been shown (`all_shown`) a theme without a positive
    passage is not discussed (0). A theme with one must not be: the coder's own 0 is taken back, so that it does not
    overrule the passage. In an open study every 0 that came from finishing it (`undoable`: the origins by which that is
    known) is taken back. Other judgements on the study stay. `changes` are what became of themes: what was said of one
    that was renamed or merged is said of what it is now. `covered` are the themes of which the study is finished; all
    of them where it is None.
    """
    every = _after(own, made)
    now = recoded(place_codes(every, codes), changes, codebook)
    positive = {d.theme for d in now if d.anchor and d.value}
    said = {d.theme for d in now if d.anchor is None and d.counts}
    zero = Decision(source_id, "", 0, coder, decided=decided, codebook=codebook.revision, origin=DONE)
    found = [
        replace(zero, theme=theme)
        for theme in (codebook.codes if done and all_shown else ())
        if theme not in positive and theme not in said and (covered is None or theme in covered)
    ]
    for decision in every:
        if decision.anchor is None and decision.value == 0:
            became = codes_now(decision.theme, changes, codebook) or (decision.theme,)
            if not positive.isdisjoint(became) or (not done and decision.origin in undoable):
                found.append(replace(decision, value=None, note="", decided=decided, origin=DONE))
    return found


def _after(own: Sequence[Decision], made: Sequence[Decision]) -> list[Decision]:
    """What counts of `own` once `made` is recorded."""
    return list({place(decision): decision for decision in (*own, *made)}.values())


def without_overtaken_zeros(
    decisions: Sequence[Decision],
    marks: Iterable[Mark],
    documents: Mapping[str, Document],
    *,
    assignment: Assignment,
) -> list[Decision]:
    """`decisions` without each 0 on a study that follows from being done with it, where its text has passages now that
    were not there then, or had not been shown: of these nobody knows."""
    done = {(mark.coder, mark.source_id): mark for mark in marks if mark.kind == "done" and mark.on}
    stands: dict[tuple[str, str], bool] = {}

    def holds(decision: Decision) -> bool:
        where = decision.coder, decision.source_id
        if decision.origin != DONE or decision.anchor or decision.value != 0 or where not in done:
            return True
        if where not in stands:
            document = documents.get(decision.source_id)
            own = [p.id for p in document.passages if assignment.codes(*where, p.id)] if document else []
            stands[where] = done[where].judged_all(own)
        return stands[where]

    return [decision for decision in decisions if holds(decision)]
