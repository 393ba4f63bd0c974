"""Revisions of the codebook: every one a review has had is kept, so that an old decision can be read by its rules."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from corpus.errors import DataFileError, UnknownChoiceError
from corpus.workspace import Workspace, write_atomic
from models.codebook.codebook import Codebook, Theme, load_codebook, read_codebook, shipped_codebook

FOLDER = "codebooks"  # in the workspace: <revision>.json
SHIPPED, CURRENT = "shipped", "current"  # names that may stand for a revision
_SHORTEST = 4  # characters of a revision that may stand for all of it


@dataclass(frozen=True, slots=True)
class Kept:
    """A revision kept in the workspace."""

    first_seen: str  # ISO 8601, UTC
    codebook: Codebook


@dataclass(frozen=True, slots=True)
class CodebookChange:
    """One difference between two revisions."""

    theme: str  # its code; empty for the title and the order
    field: str  # "definition", "include", ...; empty where the whole theme came or went
    kind: Literal["added", "removed", "changed"]
    before: str
    after: str


_KEPT = TypeAdapter(Kept)


def keep_revision(workspace: Workspace, codebook: Codebook) -> None:
    """Keep `codebook` in the workspace unless that revision is there already."""
    path = _path(workspace, codebook.revision)
    if path.exists():
        return
    kept = Kept(datetime.now(UTC).isoformat(timespec="seconds"), codebook)
    write_atomic(path, json.dumps(asdict(kept), ensure_ascii=False, indent=1).encode() + b"\n")


def kept_revisions(workspace: Workspace) -> tuple[Kept, ...]:
    """All revisions of this review, oldest first; DataFileError where one is not what its name says."""
    paths = sorted((workspace.root / FOLDER).glob("*.json"))
    return tuple(sorted((_read(path) for path in paths), key=lambda kept: (kept.first_seen, kept.codebook.revision)))


def known_revisions(workspace: Workspace) -> dict[str, Codebook]:
    """Every revision of the codebook that can still be read, the shipped one too, by its hash."""
    every = [kept.codebook for kept in kept_revisions(workspace)]
    return {codebook.revision: codebook for codebook in (shipped_codebook(), *every)}


def find_revision(workspace: Workspace, name: str) -> Codebook:
    """The codebook called `name`: a revision or the beginning of one, "current", "shipped", or a file."""
    if name == CURRENT:
        return load_codebook(workspace)
    if name == SHIPPED:
        return shipped_codebook()
    if name.endswith(".toml"):
        return read_codebook(Path(name))
    every = {kept.codebook.revision: kept.codebook for kept in kept_revisions(workspace)}
    for codebook in (load_codebook(workspace), shipped_codebook()):
        every.setdefault(codebook.revision, codebook)
    found = [revision for revision in every if revision.startswith(name.lower())]
    if len(name) >= _SHORTEST and len(found) == 1:
        return every[found[0]]
    raise UnknownChoiceError("codebook revision", name, [*every, CURRENT, SHIPPED])


def differences(old: Codebook, new: Codebook) -> tuple[CodebookChange, ...]:
    """What changed from `old` to `new`, theme by theme in the order of `new`; rules and examples one by one."""
    changes: list[CodebookChange] = []
    if old.title != new.title:
        changes.append(CodebookChange("", "title", "changed", old.title, new.title))
    both = [code for code in new.codes if code in old.codes]
    if both != [code for code in old.codes if code in new.codes]:
        changes.append(CodebookChange("", "order", "changed", ", ".join(old.codes), ", ".join(new.codes)))
    changes += [
        CodebookChange(theme.code, "", "removed", theme.name, "") for theme in old.themes if theme.code not in new.codes
    ]
    for theme in new.themes:
        if theme.code in old.codes:
            changes += _of_theme(old.theme(theme.code), theme)
        else:
            changes.append(CodebookChange(theme.code, "", "added", "", f"{theme.name}: {theme.definition}"))
    return tuple(changes)


def _of_theme(old: Theme, new: Theme) -> list[CodebookChange]:
    changes: list[CodebookChange] = []
    for field in fields(Theme):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before == after:
            continue
        if isinstance(after, tuple):
            changes += _of_list(new.code, field.name, before, after)
        else:
            changes.append(CodebookChange(new.code, field.name, "changed", _word(before), _word(after)))
    return changes


def _of_list(code: str, field: str, before: Sequence[str], after: Sequence[str]) -> list[CodebookChange]:
    gone = [entry for entry in before if entry not in after]
    come = [entry for entry in after if entry not in before]
    if not gone and not come:
        return [CodebookChange(code, field, "changed", "", "another order")]
    return [CodebookChange(code, field, "removed", entry, "") for entry in gone] + [
        CodebookChange(code, field, "added", "", entry) for entry in come
    ]


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _path(workspace: Workspace, revision: str) -> Path:
    return workspace.root / FOLDER / f"{revision}.json"


def _read(path: Path) -> Kept:
    try:
        kept = _KEPT.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        raise DataFileError(path, "", "is no kept codebook (damaged)", "Delete it or restore it from a copy") from None
    if kept.codebook.revision != path.stem:
        raise DataFileError(
            path, "", f"was changed: its content is revision {kept.codebook.revision}", "Restore it from a copy"
        )
    return kept
