"""The reference of review.toml and of the environment variables, from the dataclasses that read them."""

from __future__ import annotations

import json
import re
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

from corpus.packages import PACKAGES
from corpus.workspace import Review
from docs.generator.markdown import code, page, table
from docs.generator.schema import field_comments

ROOT = Path(__file__).parent.parent.parent
# What each variable of the environment is for; a variable that the code reads and that is not here is an error.
VARIABLES = {
    "JAIZA_CACHE": "folder for the large sentence encoder, which all reviews share",
    "JAIZA_DATABASE_URL": "PostgreSQL in place of `annotations.db`, for example `postgresql://amina:secret@host/review`",
    "JAIZA_ENCODER": "folder with another sentence encoder, or `off` for none",
    "JAIZA_HOME": "where the list of reviews of the start page is kept (`~/.jaiza`)",
    "JAIZA_LARGE_ENCODER": "`off` does without the large sentence encoder",
    "JAIZA_OCR": "the program tesseract, where it is not found by itself; `off` does without it",
    "JAIZA_WORKSPACE": "folder of the review, where `--workspace` does not name one",
}
_INTERNAL = {"JAIZA_LIFELINE", "JAIZA_OWN_SERVER"}  # set by Jaiza for processes that it starts


def settings_page() -> str:
    """Every key of review.toml with type, default and what it does, table by table; then the environment."""
    hints = get_type_hints(Review)
    own = [field for field in fields(Review) if not is_dataclass(hints[field.name])]
    parts = [
        "`review.toml` in the folder of the review. Every key may be left out; an unknown key is an error. Its schema: "
        "[review.toml.json](schemas/review.toml.json). [workspace.md](../workspace.md#reviewtoml) says more on each.",
        "## At the top",
        _keys(Review, own),
    ]
    for field in fields(Review):
        type_ = hints[field.name]
        if is_dataclass(type_) and isinstance(type_, type):
            parts += [f"## \\[{field.name}\\]", type_.__doc__ or "", _keys(type_, fields(type_))]
    variables = [[code(name), said] for name, said in _environment()]
    parts += ["## The environment", table(["variable", "what it is for"], variables)]
    return page("Settings", *parts)


def _keys(type_: type, some: Any) -> str:
    said, hints = field_comments(type_), get_type_hints(type_)
    rows = [[code(one.name), _type_name(hints[one.name]), code(_default(one)), said.get(one.name, "")] for one in some]
    return table(["key", "type", "default", "what it does"], rows)


def _default(field: Field[Any]) -> str:
    value = field.default_factory() if field.default_factory is not MISSING else field.default
    return json.dumps(value, ensure_ascii=False)


def _type_name(hint: Any) -> str:
    if options := getattr(hint, "__args__", ()):
        if hint.__class__.__name__ == "_LiteralGenericAlias":
            return ", ".join(code(json.dumps(one)) for one in options)
        return f"list of {_type_name(options[0])}"
    return {str: "text", int: "whole number", float: "number", bool: "true or false"}.get(hint, str(hint))


def _environment() -> list[tuple[str, str]]:
    found = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            found |= set(re.findall(r"JAIZA_[A-Z_]+[A-Z]", path.read_text(encoding="utf-8")))
    return [(name, VARIABLES[name]) for name in sorted(found - _INTERNAL)]
