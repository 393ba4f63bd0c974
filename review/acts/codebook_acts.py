"""Changing the codebook: told what it does first, then done, and on the record."""

from __future__ import annotations

from collections.abc import Mapping

from annotations.codebook_edits import KINDS, CodebookEdit, EditKind, carry_out, effect_of, outcome_of, with_cells
from corpus.errors import UnknownChoiceError
from review.acts.result import ActFunction, ActResult, Given, text_in
from review.codables import nearly_same
from review.coder_events import Moment
from review.context import ReviewContext
from review.review_items import ReviewItem

_FIELDS = (
    "title", "name", "definition", "include", "exclude", "examples", "borderline", "colour", "counts_under",
    "in_matrix",
)  # fmt: skip
_LONGEST = 20_000
_CELLS_NAMED = 8  # in a question; the rest is counted


class CodebookActs:
    """The act "codebook", for adjudicators and admins."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context
        self.acts: Mapping[str, ActFunction] = {"codebook": self.change}

    def change(self, given: Given, moment: Moment, _at: ReviewItem | None) -> ActResult:
        """One edit. Without "sure" it is only told what it would do."""
        context = self._context
        edit = _edit(given, moment)
        before = context.review_items.codebook
        outcome = outcome_of(context.workspace, before, edit)
        if not given.get("sure"):
            return ActResult(question=self._question(edit, given, moment))

        def do() -> None:
            carry_out(context.workspace, outcome, before=before)
            context.reload_codebook()

        return ActResult(say=f"Codebook: {_told(edit)}. It is revision {outcome.codebook.revision} now", do=do)

    def _question(self, edit: CodebookEdit, given: Given, moment: Moment) -> str:
        context = self._context
        seen = context.visible(moment)
        outcome = outcome_of(context.workspace, context.review_items.codebook, edit)
        every = context.matrix.log_decisions()
        decisions = [d for d in every if d.coder == moment.coder or d.source_id in seen]
        effect, _, _ = effect_of(outcome, context.review_items.codebook, decisions, context.changes, edit)
        later = (*context.changes, outcome.recoding) if outcome.recoding else context.changes
        cells = [] if edit.kind == "move" else context.matrix.cells_changed(outcome.codebook, later, seen)
        told = list(with_cells(effect, cells).sentences)
        if cells:
            more = f" and {len(cells) - _CELLS_NAMED} more" if len(cells) > _CELLS_NAMED else ""
            told.append(f"{'; '.join(cells[:_CELLS_NAMED])}{more}.")
        if len(seen) < len(context.review_items.sources):
            told.append("Studies that you code without seeing others' work are left out of this.")
        name = str(given.get("name", ""))
        near = nearly_same(name, context.codables()) if edit.kind in ("add", "begin", "split") and name else ""
        if near:
            told.append(f"There is “{near}” already.")
        return f"{_told(edit)[0].upper()}{_told(edit)[1:]}? {' '.join(told)}"


def _edit(given: Given, moment: Moment) -> CodebookEdit:
    kind = next((kind for kind in KINDS if kind == given.get("kind")), None)
    if kind is None:
        raise UnknownChoiceError("change of the codebook", str(given.get("kind"))[:20], KINDS)
    fields = {name: text_in(given, name, most=_LONGEST) for name in _FIELDS if name in given}
    chosen: EditKind = kind
    because = text_in(given, "because", most=4000)
    theme, into = str(given.get("theme", "")).strip(), str(given.get("into", "")).strip()
    return CodebookEdit(chosen, theme, into, fields, because=because, by=moment.coder, decided=moment.decided)


def _told(edit: CodebookEdit) -> str:
    return {
        "begin": f"begin a codebook of your own with {edit.theme}",
        "add": f"add the theme {edit.theme}",
        "describe": f"change {edit.theme}",
        "recode": f"give {edit.theme} the code {edit.into}",
        "merge": f"merge {edit.theme} into {edit.into}",
        "split": f"split {edit.theme} into {edit.theme} and {edit.into}",
        "remove": f"take {edit.theme} out of the codebook",
        "move": f"move {edit.theme} {edit.into}",
    }[edit.kind]
