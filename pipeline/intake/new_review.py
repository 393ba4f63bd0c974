"""Beginning a review: its folder with settings, registry and codebook, ready to be filled."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tomli_w

from corpus.errors import JaizaError, WorkspaceError
from corpus.workspace import MARKER, PREPARED, Workspace, write_atomic
from pipeline.open_review import open_review

# What a new review begins with; what lies in templates/ counts once it is copied.
_BEGUN = Path(__file__).parent / "begun"
_CODE_LETTERS = 4  # of a code that is made from a theme's name


@dataclass(frozen=True, slots=True)
class NewTheme:
    """A theme as somebody first writes it down."""

    name: str
    definition: str = ""


def is_review(folder: Path) -> bool:
    """Does a review lie in the folder: one that Jaiza has opened, or one with its settings prepared?"""
    return (folder / MARKER).is_file() or (folder / "review.toml").is_file()


def begin_review(folder: Path, *, title: str, question: str = "", codebook: bytes | None = None) -> Workspace:
    """Make a review of one's own in `folder`, with templates to fill in; returns it opened.

    `codebook` is the content of its codebook.toml; without, that of the shipped one counts until it has its own.
    WorkspaceError: a review lies there already, or other things do. JaizaError: no title.
    """
    if folder.exists() and any(path.name in PREPARED | {MARKER} for path in folder.iterdir()):
        raise WorkspaceError(f"{folder} holds a review already: open it, or name a new folder")
    if not title.strip():
        raise JaizaError("give the review a title")
    folder.mkdir(parents=True, exist_ok=True)
    for template in sorted(path for path in _BEGUN.rglob("*") if path.is_file()):
        text = template.read_text(encoding="utf-8")
        if template.name == "review.toml":
            asked = "".join(f"# {line}\n" for line in question.strip().splitlines())
            text = asked + text.replace("TITLE", json.dumps(title.strip(), ensure_ascii=False))
        write_atomic(folder / template.relative_to(_BEGUN), text.encode())
    if codebook is not None:
        write_atomic(folder / "codebook.toml", codebook)
    return open_review(folder)[0]


def codebook_of(title: str, themes: Sequence[NewTheme]) -> bytes:
    """The content of a codebook.toml with `themes`, for the review `title`; JaizaError where there is none."""
    if not themes:
        raise JaizaError("write down at least one theme; more can be made while you read")
    taken: set[str] = set()
    tables = []
    for theme in themes:
        code = _code_of(theme.name, taken)
        taken.add(code)
        definition = theme.definition or f"Not defined yet: what is coded with {json.dumps(theme.name)}?"
        tables.append(
            {"code": code, "name": theme.name, "definition": definition, "include": [], "exclude": [], "examples": []}
        )
    return tomli_w.dumps({"title": f"Codebook of: {title.strip()}", "theme": tables}).encode()


def themes_in(text: str) -> tuple[NewTheme, ...]:
    """The themes in lines like "Name: what is coded with it"; empty lines are passed over."""
    found = []
    for line in text.splitlines():
        name, _, definition = line.partition(":")
        if name.strip():
            found.append(NewTheme(name.strip(), definition.strip()))
    return tuple(found)


def _code_of(name: str, taken: set[str]) -> str:
    """A short code out of a name: first letters of its words, or of its one word; with a number where it is taken."""
    words = re.findall(r"[A-Za-z][A-Za-z0-9]*", name)
    made = "".join(word[0] for word in words) if len(words) > 1 else "".join(words)[:_CODE_LETTERS]
    made = made.upper()[:_CODE_LETTERS] or "T"
    code, number = made, 2
    while code in taken:
        code, number = f"{made}{number}", number + 1
    return code
