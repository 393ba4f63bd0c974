"""What a change of the codebook does to the decisions made before it: themes merged, renamed or split; rules changed.

A decision is never rewritten. Where its theme is no longer in the codebook, `recoding.toml` says what became of it, and
the current view shows it so. What can't be told from it (which part of a split theme it would be now) and what was
decided under other rules is to be looked at again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import ClassVar, Literal

import tomli_w

from annotations.decision import Decision, place
from corpus.datafile import NO_UNKNOWN_KEYS, only_keys, read_toml, to_dataclass
from corpus.errors import DataFileError, UnknownChoiceError
from corpus.workspace import Workspace, write_atomic
from models.codebook.codebook import Codebook

FILE = "recoding.toml"
# What a coder goes by; a new name, example or place in the matrix changes no decision.
_RULES = ("definition", "include", "exclude", "borderline")
_THEME = 3  # where a place has the theme


@dataclass(frozen=True, slots=True)
class Recoding:
    """One merge or split, as `recoding.toml` has it."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    kind: Literal["merge", "split"]
    themes: tuple[str, ...]  # codes as they were: several merged (one: renamed), or one split
    into: tuple[str, ...]  # codes as they are: one, or the parts; may be among those that were
    because: str
    decided: str  # ISO 8601: what was decided later is not touched
    by: str = ""


@dataclass(frozen=True, slots=True)
class Touched:
    """A decision that the codebook as it is now puts in question."""

    decision: Decision
    themes: tuple[str, ...]  # of the codebook, under which to look at it again
    why: str


def load_recoding(workspace: Workspace) -> tuple[Recoding, ...]:
    """The merges and splits of a review, oldest first; DataFileError names the one with a mistake."""
    path = workspace.root / FILE
    return read_recoding(path) if path.exists() else ()


def read_recoding(path: Path) -> tuple[Recoding, ...]:
    """Those in the file at `path`."""
    table = read_toml(path)
    only_keys(table, ("change",), file=path)
    changes = table.get("change", [])
    if not isinstance(changes, list):
        raise DataFileError(path, "", "has no changes", "Write each as a table [[change]]")
    read = []
    for number, entry in enumerate(changes, start=1):
        where = f"change {number}"
        change = to_dataclass(Recoding, entry, file=path, where=where)
        one, several = ("into", "themes") if change.kind == "merge" else ("themes", "into")
        if len(getattr(change, one)) != 1 or not getattr(change, several):
            raise DataFileError(path, f"{where}: {one}", f"a {change.kind} has exactly one")
        if not change.because.strip():
            raise DataFileError(path, f"{where}: because", "is empty", "Say why: the record shows it")
        read.append(change)
    return tuple(read)


def add_recoding(workspace: Workspace, change: Recoding, codebook: Codebook) -> None:
    """Put a change at the end of the review's recoding.toml, keeping what stands there.

    UnknownChoiceError: a code it leads to is not in the codebook. DataFileError: one it leads from still is, or an
    earlier change has said already what became of it.
    """
    for code in change.into:
        if code not in codebook.codes:
            raise UnknownChoiceError("theme", code, codebook.codes, "Put the new theme into codebook.toml first")
    path = workspace.root / FILE
    said = {code for earlier in load_recoding(workspace) for code in earlier.themes if code not in earlier.into}
    for code in change.themes:
        if code in said:
            raise DataFileError(path, f"theme {code!r}", "has been merged or split already")
        if code in codebook.codes and code not in change.into:
            raise DataFileError(
                "codebook.toml", f"theme {code!r}", "is still there", "Take it out of the codebook, then say this again"
            )
    known = path.read_text(encoding="utf-8").rstrip("\n") + "\n\n" if path.exists() else ""
    table = {key: value for key, value in asdict(change).items() if value}
    write_atomic(path, (known + tomli_w.dumps({"change": [table]})).encode())
    read_recoding(path)


def recoded(decisions: Sequence[Decision], changes: Sequence[Recoding], codebook: Codebook) -> tuple[Decision, ...]:
    """The decisions that count now, under the themes of `codebook`; those that were mapped come last.

    Of merged themes the highest value counts; a study is 0 only where each of them was 0 in it. A split theme's 0 is a
    0 of every part; its 1 or 2 counts for no new part, for which one it is is not known. What was decided after the
    change stands by itself. A theme of which nothing is said keeps its code and stands in no column.
    """
    kept: dict[tuple[str, ...], Decision] = {}
    mapped: dict[tuple[str, ...], list[Decision]] = defaultdict(list)
    for decision in decisions:
        parts = codes_now(decision.theme, changes, codebook)
        change = _change_of(decision, changes, codebook)
        if change is None or not parts or (change.kind == "split" and decision.theme in parts):
            kept[place(decision)] = decision
        if change and (len(parts) == 1 or decision.value == 0):
            for code in parts:
                mapped[place(replace(decision, theme=code))].append(decision)
    for where, found in mapped.items():
        if where in kept:
            continue
        best = max(found, key=lambda decision: decision.value or 0)
        code = where[_THEME]
        every = {old for change in changes for old in change.themes if code in codes_now(old, changes, codebook)}
        if best.value or best.anchor or every <= {decision.theme for decision in found}:
            kept[where] = replace(best, theme=code)
    return tuple(kept.values())


def codes_now(code: str, changes: Sequence[Recoding], codebook: Codebook) -> tuple[str, ...]:
    """The codes of the codebook that a code has become: itself, one, the parts of a split, or none that is known."""
    for number, change in enumerate(changes):
        if code in change.themes:
            later = changes[number + 1 :]
            return tuple(dict.fromkeys(new for into in change.into for new in codes_now(into, later, codebook)))
    return (code,) if code in codebook.codes else ()


def touched(
    decisions: Iterable[Decision],
    changes: Sequence[Recoding],
    codebook: Codebook,
    revisions: Mapping[str, Codebook],
) -> tuple[Touched, ...]:
    """Which of the decisions that count now are to be looked at again, and why. `revisions` are those that are kept.

    A decision whose revision is not kept is not touched: nobody can say what its coder went by.
    """
    made = [decision for decision in decisions if decision.role != "published"]
    there = {place(decision) for decision in made if _change_of(decision, changes, codebook) is None}
    known: dict[tuple[str, str], str] = {}
    found = []
    for decision in made:
        code = decision.theme
        parts = codes_now(code, changes, codebook)
        change = _change_of(decision, changes, codebook)
        why = ""
        if not parts:
            why = f"{code} is no longer in the codebook"
        elif change and change.kind == "split" and decision.value:
            # Decided again since, under one of the parts: that is the answer.
            if not any(place(replace(decision, theme=part)) in there for part in parts):
                why = f"{code} was split into {', '.join(parts)}"
        elif code in codebook.codes and decision.codebook in revisions:
            if (decision.codebook, code) not in known:
                known[decision.codebook, code] = _difference(revisions[decision.codebook], codebook, code)
            why = known[decision.codebook, code]
        if why:
            found.append(Touched(decision, parts, why))
    return tuple(found)


def _change_of(decision: Decision, changes: Sequence[Recoding], codebook: Codebook) -> Recoding | None:
    """The change that the theme of a decision went through after it was decided."""
    for change in changes:
        if decision.theme in change.themes:
            # A publication is as old as its themes, whenever its ticks were read.
            if decision.theme not in codebook.codes or decision.role == "published":
                return change
            since = decision.decided > change.decided if decision.decided else decision.codebook == codebook.revision
            return None if since else change
    return None


def _difference(old: Codebook, new: Codebook, code: str) -> str:
    if code not in old.codes:
        return ""
    before, after = old.theme(code), new.theme(code)
    changed = [field for field in _RULES if getattr(before, field) != getattr(after, field)]
    return f"{code}: {', '.join(changed)} changed since revision {old.revision}" if changed else ""
