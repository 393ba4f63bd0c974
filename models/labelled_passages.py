"""Labelled passages: what a model learns from. The shipped ones are invented and are training data, never evidence."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from corpus.datafile import only_keys
from corpus.errors import DataFileError
from corpus.workspace import Workspace
from models.codebook.codebook import Codebook, shipped_codebook
from models.codebook.recoding import Recoding, codes_now, load_recoding
from models.codebook.revisions import kept_revisions

_KEYS = ("id", "doc", "group", "genre", "text", "labels", "calibrate")


@dataclass(frozen=True, slots=True)
class LabelledPassage:
    """A passage and the themes a person gave it."""

    id: str
    # The document it comes from, or several that rest on one source: a group is never split between training and
    # held-out passages.
    group: str
    text: str
    labels: Mapping[str, int] = field(default_factory=dict)  # theme -> 1 asserted, 2 supported with evidence
    weight: float = 1.0  # in training; more where a judgement counts more
    genre: str = ""  # for example "public expenditure review"
    origin: str = "seed"  # "seed", or where else the labels come from
    unknown: tuple[str, ...] = ()  # themes of which nobody knows whether it has them: no example for or against these
    calibrates: bool = False  # like the text of real reports: thresholds and calibration are set on such passages


def load_labelled(workspace: Workspace, codebook: Codebook) -> tuple[LabelledPassage, ...]:
    """The workspace's own seed/*.jsonl, or else the shipped passages as far as they fit `codebook`.

    A shipped label fits where the review has had its theme under the same code and the same name: another review may
    use "FS" for food security. Where no label fits, nothing is returned. Labels are read through the changes of the
    codebook: a theme that was renamed or merged keeps its examples, those of a split theme are unknown of its parts.
    """
    own, changes = workspace.root / "seed", load_recoding(workspace)
    if paths := sorted(own.glob("*.jsonl")):
        earlier = (code for change in changes for code in change.themes)
        passages = read_labelled(paths, themes=dict.fromkeys((*codebook.codes, *earlier)))
        known = {code for passage in passages for code in passage.labels} | set(codebook.codes)
        return relabelled(passages, known, changes, codebook)
    shipped = shipped_codebook()
    here = [codebook, *(kept.codebook for kept in kept_revisions(workspace))]
    fitting = {
        theme.code
        for theme in shipped.themes
        if any(
            theme.code in one.codes and one.theme(theme.code).name.casefold() == theme.name.casefold() for one in here
        )
    }
    passages = tuple(
        replace(passage, labels={code: value for code, value in passage.labels.items() if code in fitting})
        for passage in shipped_passages()
    )
    found = relabelled(passages, fitting, changes, codebook)
    return found if any(passage.labels for passage in found) else ()


def relabelled(
    passages: Iterable[LabelledPassage], known: Iterable[str], changes: Sequence[Recoding], codebook: Codebook
) -> tuple[LabelledPassage, ...]:
    """`passages`, which were labelled with the themes `known`, under the themes of `codebook`.

    A theme that came to the codebook later is unknown of all of them; a part of a split theme of those that had it.
    """
    became = {code: codes_now(code, changes, codebook) for code in known}
    judged = {new for parts in became.values() for new in parts}
    never = tuple(code for code in codebook.codes if code not in judged)
    return tuple(_relabelled(passage, became, never) for passage in passages)


def _relabelled(
    passage: LabelledPassage, became: Mapping[str, tuple[str, ...]], never: tuple[str, ...]
) -> LabelledPassage:
    labels: dict[str, int] = {}
    unknown = list(never)
    for code, value in passage.labels.items():
        parts = became.get(code, ())
        if len(parts) == 1 or code in parts:
            new = code if code in parts else parts[0]
            labels[new] = max(labels.get(new, 0), value)
        unknown += [part for part in parts if len(parts) > 1 and part != code]
    return replace(passage, labels=labels, unknown=tuple(code for code in dict.fromkeys(unknown) if code not in labels))


@cache
def shipped_passages() -> tuple[LabelledPassage, ...]:
    """The passages that come with Jaiza: invented, training data, never evidence."""
    with as_file(files("models") / "seed") as folder:
        return read_labelled(sorted(folder.glob("*.jsonl")), themes=shipped_codebook().codes)


def read_labelled(paths: Iterable[Path], *, themes: Iterable[str]) -> tuple[LabelledPassage, ...]:
    """The passages in JSON lines files; DataFileError names file, line and key of the first mistake."""
    known = tuple(themes)
    seen: dict[str, str] = {}
    passages: list[LabelledPassage] = []
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise DataFileError(path, "", f"can't be read ({error})", "Save the file as UTF-8") from None
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            where = f"line {number}"
            passage = _read_line(line, known, file=path, where=where)
            if passage.id in seen:
                raise DataFileError(path, f"{where}: id", f"{passage.id!r} is used twice (first in {seen[passage.id]})")
            seen[passage.id] = f"{path.name} {where}"
            passages.append(passage)
    return tuple(passages)


def revision_of(passages: Iterable[LabelledPassage]) -> str:
    """First 12 hex digits of the sha256 over everything a model can learn from `passages`."""
    digest = hashlib.sha256()
    for p in sorted(passages, key=lambda passage: passage.id):
        content: list[object] = [p.id, p.group, p.text, sorted(p.labels.items()), p.weight, p.calibrates]
        content += [sorted(p.unknown)] if p.unknown else []
        digest.update(json.dumps(content, ensure_ascii=False).encode() + b"\n")
    return digest.hexdigest()[:12]


def _read_line(line: str, themes: tuple[str, ...], *, file: Path, where: str) -> LabelledPassage:
    try:
        entry: Any = json.loads(line)
    except ValueError as error:
        raise DataFileError(file, where, f"not valid JSON: {error}") from None
    if not isinstance(entry, dict):
        raise DataFileError(file, where, "is not an object in braces { }")
    only_keys(entry, _KEYS, file=file, where=where)
    for key in ("id", "doc", "text"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise DataFileError(file, f"{where}: {key}", "is missing or empty", "Give it as text in quotes")
    labels = entry.get("labels")
    if not isinstance(labels, dict):
        raise DataFileError(file, f"{where}: labels", "is missing", 'Give themes and strengths, or {} for "no theme"')
    for theme, strength in labels.items():
        if theme not in themes:
            raise DataFileError(file, f"{where}: labels", f"unknown theme {theme!r}", f"There is {', '.join(themes)}")
        if type(strength) is not int or strength not in (1, 2):
            raise DataFileError(file, f"{where}: labels: {theme}", f"strength {strength!r} is neither 1 nor 2")
    if not isinstance(calibrates := entry.get("calibrate", False), bool):
        raise DataFileError(file, f"{where}: calibrate", "is neither true nor false")
    return LabelledPassage(
        id=entry["id"],
        group=str(entry.get("group", "")) or entry["doc"],
        text=entry["text"],
        labels=labels,
        genre=str(entry.get("genre", "")),
        calibrates=calibrates,
    )
