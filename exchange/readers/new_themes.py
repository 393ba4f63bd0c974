"""Themes made of the codes of another program's codebook."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path

import tomli_w

from corpus.workspace import Workspace
from models.codebook.codebook import Theme, read_codebook

_LONGEST_CODE = 12  # characters that a theme's code may have
_KEPT = ("code", "name", "definition", "include", "exclude", "examples")


def propose_themes(names: Mapping[str, str], taken: Collection[str]) -> list[Theme]:
    """A theme for each name, with its description as definition and a short code that is not in `taken`."""
    used = set(taken)
    made: list[Theme] = []
    for name, description in names.items():
        code = _short(name, used)
        used.add(code)
        made.append(Theme(code, name, description.strip() or f"The passage speaks of: {name}.", (), (), ()))
    return made


def themes_toml(themes: Sequence[Theme]) -> str:
    """The themes as they stand in a codebook.toml."""
    return tomli_w.dumps({"theme": [{key: asdict(theme)[key] for key in _KEPT} for theme in themes]})


def add_themes(workspace: Workspace, themes: Sequence[Theme]) -> Path:
    """Write `themes` at the end of the review's own codebook.toml, which begins as a copy of the shipped one; what
    else stands there stays as it is, comments too."""
    own = workspace.own_file("codebook.toml")
    text = own.read_text("utf-8") if own else files("models").joinpath("codebook.toml").read_text("utf-8")
    path = workspace.root / "codebook.toml"
    part = path.with_suffix(".toml.part")
    part.write_text(f"{text.rstrip()}\n\n{themes_toml(themes)}", encoding="utf-8")
    try:
        read_codebook(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _short(name: str, used: Collection[str]) -> str:
    """A short code for a name: the initials of several words, the beginning of one; numbered where taken."""
    words = re.findall(r"[A-Za-z]+", name)
    base = ("".join(w[0] for w in words) if len(words) > 1 else "".join(words)[:4]).upper()[:_LONGEST_CODE] or "NEW"
    return next(code for n in range(1, 10_000) if (code := base if n == 1 else f"{base[:8]}{n}") not in used)
