"""What became of themes of the codebook: merged, renamed or split, as the review's recoding.toml says.

Decisions, labelled passages and codes of one's own are never rewritten: they are read through these changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar, Literal

import tomli_w

from corpus.datafile import NO_UNKNOWN_KEYS, only_keys, read_toml, to_dataclass
from corpus.errors import DataFileError, UnknownChoiceError
from corpus.workspace import Workspace, write_atomic
from models.codebook.codebook import Codebook

FILE = "recoding.toml"


@dataclass(frozen=True, slots=True)
class Recoding:
    """One merge or split, as `recoding.toml` has it."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    kind: Literal["merge", "split"]
    themes: tuple[str, ...]  # codes as they were: several merged (one: renamed), or one split
    into: tuple[str, ...]  # codes as they are: one, or the parts; may be among those that were
    because: str
    decided: str  # ISO 8601; where `before` is empty, what was decided later is not touched
    by: str = ""
    before: tuple[str, ...] = ()  # revisions of the codebook there had been: what was decided under them is touched


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


def codes_now(code: str, changes: Sequence[Recoding], codebook: Codebook) -> tuple[str, ...]:
    """The codes of the codebook that a code has become: itself, one, the parts of a split, or none that is known."""
    for number, change in enumerate(changes):
        if code in change.themes:
            later = changes[number + 1 :]
            return tuple(dict.fromkeys(new for into in change.into for new in codes_now(into, later, codebook)))
    return (code,) if code in codebook.codes else ()


def themes_now(codes: Iterable[str], changes: Sequence[Recoding], today: Collection[str]) -> frozenset[str]:
    """The themes of `today` that somebody judged who could give `codes`."""
    judged = set(codes)
    for change in changes:
        old, new = set(change.themes), set(change.into)
        gone, come = old - new, new - old
        if not (old & judged) or (not gone and come <= judged) or (gone and not gone & judged):
            continue  # made before those themes were there, or after the change
        whole = change.kind == "merge" and old <= judged
        judged = (judged - old - new) | (new if whole else set())
    return frozenset(judged & set(today))
