"""Changing the codebook: what an edit makes of the file, and what it does to decisions made so far."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Literal, get_args

import tomlkit
from tomlkit.items import AoT, Table

from annotations.codebook_changes import Recoding, add_recoding, codes_now, recoded
from annotations.decision import Decision
from corpus.errors import DataFileError, UnknownChoiceError
from corpus.workspace import Workspace, write_atomic
from models.codebook.codebook import Codebook, read_codebook
from models.codebook.revisions import keep_revision

FILE = "codebook.toml"
EditKind = Literal["begin", "add", "describe", "recode", "merge", "split", "remove", "move"]
KINDS: tuple[EditKind, ...] = get_args(EditKind)
NO_CELL = "No cell of the matrix changes."
_COLOUR = re.compile(r"#[0-9a-f]{6}")
# What a coder goes by: after a change of these, decisions are to be looked at again.
_RULES = ("definition", "include", "exclude", "borderline")


@dataclass(frozen=True, slots=True)
class CodebookEdit:
    """One change that somebody wants.

    begin: a codebook of one's own, with this theme alone, in the place of the shipped one. add: one theme more.
    describe: name, definition, rules, colour and place in the matrix of `theme`. recode: `theme` gets the code `into`.
    merge: `theme` goes into the theme `into`. split: `theme` becomes itself and the new theme `into`. remove: `theme`
    leaves the codebook and nothing takes its place. move: `theme` goes one place up or down (`into` "up" or "down").
    """

    kind: EditKind
    theme: str  # its code
    into: str = ""
    fields: Mapping[str, str] = None  # type: ignore[assignment]  # name, definition, include, ... as typed
    because: str = ""
    by: str = ""
    decided: str = ""  # ISO 8601


@dataclass(frozen=True, slots=True)
class EditOutcome:
    """What an edit makes: the file and the codebook in it, and what it says of themes that went."""

    text: str  # of codebook.toml
    codebook: Codebook
    recoding: Recoding | None  # for recoding.toml


@dataclass(frozen=True, slots=True)
class EditEffect:
    """What an edit does to the decisions that count now."""

    decisions: int  # on the themes that it touches
    coders: tuple[str, ...]  # whose they are
    lost: int  # that would count for no theme any more
    again: int  # that their coders would be asked to look at again
    cells: tuple[str, ...]  # cells of the matrix that would change, for example "Khan (2016), GW: 2 becomes not known"

    @property
    def sentences(self) -> tuple[str, ...]:
        """It in words, to be read before it is done."""
        if not self.decisions:
            return ("No decision made so far is touched.",)
        told = [f"{_counted(self.decisions, 'decision')} of {', '.join(self.coders)} stand on what this changes."]
        if self.lost:
            told.append(
                f"{_counted(self.lost, 'decision')} would count for no theme any more; they stay in the record. "
                "Merge the theme into another to keep them."
            )
        if self.again:
            told.append(f"{_counted(self.again, 'decision')} would be put before their coders to be looked at again.")
        if self.cells:
            told.append(f"{_counted(len(self.cells), 'cell')} of the matrix would change.")
        elif not self.lost:
            told.append(NO_CELL)
        return tuple(told)


def outcome_of(workspace: Workspace, codebook: Codebook, edit: CodebookEdit) -> EditOutcome:
    """What the edit would make. DataFileError, UnknownChoiceError, ValueError: it can't be done, and why."""
    own = workspace.own_file(FILE)
    text = (own or files("models").joinpath(FILE)).read_text(encoding="utf-8")
    file = tomlkit.parse(text)
    themes = file["theme"]
    assert isinstance(themes, AoT)
    _EDITS[edit.kind](file, themes, edit, codebook)
    made = tomlkit.dumps(file)
    return EditOutcome(made, _read(made), _recoding_of(edit))


def effect_of(
    outcome: EditOutcome,
    codebook: Codebook,
    decisions: Sequence[Decision],
    changes: Sequence[Recoding],
    edit: CodebookEdit,
) -> tuple[EditEffect, Sequence[Decision], Sequence[Decision]]:
    """What an edit does to `decisions` (all that count now, as decided), but for `cells`; and the decisions before and
    after under the themes of the day, from which the caller makes the cells."""
    later = [*changes, outcome.recoding] if outcome.recoding else list(changes)
    # A decision on a theme of today stands there by an earlier change, too.
    on_theme = [d for d in decisions if edit.theme in codes_now(d.theme, changes, codebook) or d.theme == edit.theme]
    if edit.kind in ("add", "move"):
        on_theme = []
    if edit.kind == "begin":
        on_theme = list(decisions)
    before, after = recoded(decisions, changes, codebook), recoded(decisions, later, outcome.codebook)
    lost = sum(not codes_now(d.theme, later, outcome.codebook) for d in on_theme)
    again = 0
    if edit.kind == "split":
        again = sum(bool(d.value) and d.role != "published" for d in on_theme)
    elif edit.kind == "describe" and _rules_change(codebook, outcome.codebook, edit.theme):
        again = sum(d.role != "published" for d in on_theme)
    touched = on_theme if edit.kind != "describe" or again else []
    who = tuple(sorted({d.coder for d in touched}))
    return EditEffect(len(touched), who, lost, again, ()), before, after


def carry_out(workspace: Workspace, outcome: EditOutcome, *, before: Codebook) -> None:
    """Store an outcome: both revisions are kept, and what happened to the themes stands in recoding.toml."""
    keep_revision(workspace, before)
    if outcome.recoding:
        add_recoding(workspace, outcome.recoding, outcome.codebook)
    write_atomic(workspace.root / FILE, outcome.text.encode())
    keep_revision(workspace, outcome.codebook)


def with_cells(effect: EditEffect, cells: Sequence[str]) -> EditEffect:
    """The effect with the cells that change."""
    return replace(effect, cells=tuple(cells))


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _rules_change(before: Codebook, after: Codebook, code: str) -> bool:
    return code in after.codes and any(getattr(before.theme(code), f) != getattr(after.theme(code), f) for f in _RULES)


def _recoding_of(edit: CodebookEdit) -> Recoding | None:
    if edit.kind not in ("recode", "merge", "split"):
        return None
    if not edit.because.strip():
        raise ValueError("say why: the record shows it")
    into = (edit.theme, edit.into) if edit.kind == "split" else (edit.into,)
    kind: Literal["merge", "split"] = "split" if edit.kind == "split" else "merge"
    return Recoding(kind, (edit.theme,), into, edit.because.strip(), edit.decided, edit.by)


def _read(text: str) -> Codebook:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        path.write_text(text, encoding="utf-8")
        try:
            return read_codebook(path)
        except DataFileError as error:
            raise DataFileError(FILE, error.where, error.problem, error.remedy) from None


def _at(themes: AoT, code: str) -> int:
    codes = [str(theme["code"]) for theme in themes]
    if code not in codes:
        raise UnknownChoiceError("theme", code[:20], codes)
    return codes.index(code)


def _begin(file: tomlkit.TOMLDocument, _themes: AoT, edit: CodebookEdit, _codebook: Codebook) -> None:
    file["theme"] = tomlkit.aot()
    file["title"] = edit.fields.get("title", "") or "Codebook"
    made = file["theme"]
    assert isinstance(made, AoT)
    made.append(_table(edit.theme, edit.fields))


def _add(_file: tomlkit.TOMLDocument, themes: AoT, edit: CodebookEdit, _codebook: Codebook) -> None:
    themes.append(_table(edit.theme, edit.fields))


def _describe(_file: tomlkit.TOMLDocument, themes: AoT, edit: CodebookEdit, _codebook: Codebook) -> None:
    table = themes[_at(themes, edit.theme)]
    for key, value in _table(edit.theme, edit.fields).items():
        if key in edit.fields and table.get(key) != value:
            table[key] = value
    for key in ("colour", "counts_under"):  # taken away again
        if key in edit.fields and not edit.fields[key] and key in table:
            del table[key]


def _recode(_file: tomlkit.TOMLDocument, themes: AoT, edit: CodebookEdit, codebook: Codebook) -> None:
    if edit.into in codebook.codes:
        raise ValueError(f"{edit.into} is a theme already: merge the two instead")
    themes[_at(themes, edit.theme)]["code"] = edit.into
    _point(themes, edit.theme, edit.into)


def _merge(_file: tomlkit.TOMLDocument, themes: AoT, edit: CodebookEdit, _codebook: Codebook) -> None:
    if edit.theme == edit.into:
        raise ValueError("a theme can't be merged into itself")
    _at(themes, edit.into)
    del themes[_at(themes, edit.theme)]
    _point(themes, edit.theme, edit.into)


def _split(_file: tomlkit.TOMLDocument, themes: AoT, edit: CodebookEdit, _codebook: Codebook) -> None:
    at = _at(themes, edit.theme)
    themes.insert(at + 1, _table(edit.into, edit.fields))


def _remove(_file: tomlkit.TOMLDocument, themes: AoT, edit: CodebookEdit, _codebook: Codebook) -> None:
    del themes[_at(themes, edit.theme)]


def _move(_file: tomlkit.TOMLDocument, themes: AoT, edit: CodebookEdit, _codebook: Codebook) -> None:
    at = _at(themes, edit.theme)
    to = max(0, min(len(themes) - 1, at + (-1 if edit.into == "up" else 1)))
    table = themes[at].copy()
    del themes[at]
    themes.insert(to, table)


_EDITS = {
    "begin": _begin, "add": _add, "describe": _describe, "recode": _recode, "merge": _merge, "split": _split,
    "remove": _remove, "move": _move,
}  # fmt: skip


def _point(themes: AoT, old: str, new: str) -> None:
    """What is counted under the theme `old` is counted under `new`."""
    for table in themes:
        if table.get("counts_under") == old:
            if table["code"] == new:
                del table["counts_under"]
            else:
                table["counts_under"] = new


def _table(code: str, fields: Mapping[str, str]) -> Table:
    """A theme as its table in the file, from what was typed: rules and examples a line each."""
    table = tomlkit.table()
    table["code"] = code
    table["name"] = " ".join(fields.get("name", "").split()) or code
    table["definition"] = " ".join(fields.get("definition", "").split())
    for key in ("include", "exclude", "examples", "borderline"):
        lines = [" ".join(line.split()) for line in fields.get(key, "").splitlines() if line.strip()]
        table[key] = _lines(lines)
    if fields.get("counts_under"):
        table["counts_under"] = fields["counts_under"]
    if fields.get("in_matrix") == "no":
        table["in_matrix"] = False
    colour = fields.get("colour", "").strip().lower()
    if colour:
        if not _COLOUR.fullmatch(colour):
            raise ValueError("a colour is written as # and six digits or letters a to f, for example #0072b2")
        table["colour"] = colour
    return table


def _lines(lines: Sequence[str]) -> tomlkit.items.Array:
    made = tomlkit.array()
    made.extend(lines)
    return made.multiline(len(lines) > 1)
