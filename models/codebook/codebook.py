"""The codebook: the themes, what belongs to each and what does not."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import ClassVar

from corpus.datafile import NO_UNKNOWN_KEYS, only_keys, read_toml, to_dataclass
from corpus.errors import DataFileError, UnknownChoiceError
from corpus.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme of the codebook."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    code: str  # short, for example "GW"
    name: str  # "Governance weaknesses"
    definition: str
    include: tuple[str, ...]  # rules: what is coded with it
    exclude: tuple[str, ...]  # rules: what is not
    examples: tuple[str, ...]  # typical sentences, written for the codebook
    borderline: tuple[str, ...] = ()  # sentences near the border, with the decision
    counts_under: str = ""  # the matrix column in which it is counted, where that is another theme's
    in_matrix: bool = True  # False: coded, but not a column and not folded into one
    colour: str = ""  # on the pages, "#0072b2"; empty: one by its place. No part of the revision: nobody codes by it


@dataclass(frozen=True, slots=True)
class Codebook:
    """All themes, in the order of the matrix."""

    title: str
    themes: tuple[Theme, ...]

    @property
    def revision(self) -> str:
        """First 12 hex digits of the sha256 of the content: stamped on suggestions and decisions."""
        table = asdict(self)
        for theme in table["themes"]:
            del theme["colour"]
        content = json.dumps(table, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of all themes."""
        return tuple(theme.code for theme in self.themes)

    @property
    def columns(self) -> tuple[str, ...]:
        """Codes of the themes that are columns of the matrix: the six of the shipped codebook."""
        return tuple(theme.code for theme in self.themes if theme.in_matrix and not theme.counts_under)

    def theme(self, code: str) -> Theme:
        """The theme `code`; UnknownChoiceError names those there are."""
        for theme in self.themes:
            if theme.code == code:
                return theme
        raise UnknownChoiceError("theme", code, self.codes)

    def column_of(self, code: str) -> str | None:
        """The column in which a theme is counted ("COV" -> "TI"), or None ("REC")."""
        theme = self.theme(code)
        if theme.counts_under:
            return theme.counts_under
        return theme.code if theme.in_matrix else None


def load_codebook(workspace: Workspace) -> Codebook:
    """The workspace's own codebook.toml, or else the shipped one; DataFileError names the theme with a mistake."""
    own = workspace.own_file("codebook.toml")
    return read_codebook(own) if own else shipped_codebook()


@cache
def shipped_codebook() -> Codebook:
    """The codebook that comes with Jaiza: the eight themes of the paper's method; read once."""
    with as_file(files("models") / "codebook.toml") as path:
        return read_codebook(path)


def read_codebook(path: Path) -> Codebook:
    """The codebook in the file at `path`."""
    table = read_toml(path)
    only_keys(table, ("title", "theme"), file=path)
    entries = table.get("theme", [])
    if not isinstance(entries, list) or not entries:
        raise DataFileError(path, "", "has no themes", "Write at least one [[theme]] with a code and a definition")
    themes: list[Theme] = []
    for number, entry in enumerate(entries, start=1):
        code = entry.get("code", "") if isinstance(entry, dict) else ""
        where = f"theme {code!r}" if code else f"theme number {number}"
        theme = to_dataclass(Theme, entry, file=path, where=where)
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,11}", theme.code):
            raise DataFileError(path, f"{where}: code", "is not a short code", "Use up to 12 letters and digits")
        if theme.code in {known.code for known in themes}:
            raise DataFileError(path, where, "the code is used twice", "Give each theme a code of its own")
        themes.append(theme)
    columns = {theme.code for theme in themes if not theme.counts_under and theme.in_matrix}
    for theme in themes:
        if theme.counts_under and theme.counts_under not in columns:
            raise DataFileError(
                path,
                f"theme {theme.code!r}: counts_under",
                f"{theme.counts_under!r} is not a column of the matrix",
                f"The columns are {', '.join(sorted(columns)) or 'none'}",
            )
    if not columns:
        raise DataFileError(path, "", "no theme is a column of the matrix", "Leave in_matrix out of at least one")
    title = table.get("title", "")
    if not isinstance(title, str):
        raise DataFileError(path, "title", "is not text in quotes")
    return Codebook(title, tuple(themes))
