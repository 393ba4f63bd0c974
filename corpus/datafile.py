"""Reading the files people edit: TOML into frozen dataclasses, every mistake named with file, place and key."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from corpus.errors import DataFileError
from corpus.json_table import JsonObject

T = TypeVar("T")

# Put on a dataclass as `__pydantic_config__` so that a misspelt key is an error and not silently ignored.
NO_UNKNOWN_KEYS = ConfigDict(extra="forbid")
_UNKNOWN_KEY = ("unexpected_keyword_argument", "extra_forbidden")  # pydantic's names for it
_MISSING_KEY = ("missing", "missing_argument")
_PLAIN = {
    "tuple_type": 'must be a list in square brackets, for example ["one", "two"]',
    "string_type": "must be text in quotation marks",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "dataclass_type": "must be a table of keys and values",
}
_ADAPTERS: dict[type, TypeAdapter[Any]] = {}  # building one costs milliseconds


def read_toml(path: Path) -> JsonObject:
    """The parsed TOML file; DataFileError names the line where it can't be parsed."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # Windows editors put a byte-order mark in front
    except FileNotFoundError:
        raise DataFileError(path, "", "there is no such file") from None
    except UnicodeDecodeError as error:
        raise DataFileError(path, f"byte {error.start}", "not UTF-8 text", "Save the file as UTF-8") from None
    except OSError as error:
        raise DataFileError(path, "", f"can't be read ({error.strerror})") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(path, "", f"not valid TOML: {error}") from None
    except RecursionError:
        raise DataFileError(path, "", "not valid TOML: lists or tables lie too deep in each other") from None
    except ValueError as error:  # a number of more digits than Python reads
        raise DataFileError(path, "", f"not valid TOML: {str(error).partition(';')[0]}") from None


def only_keys(table: Mapping[str, object], known: Iterable[str], *, file: object, where: str = "top level") -> None:
    """Raise DataFileError for the first key of `table` that is not one of `known`."""
    choices = list(known)
    for key in table:
        if key not in choices:
            raise DataFileError(file, where, f"unknown key {key!r}", _which_keys(key, choices))


def to_dataclass(type_: type[T], table: object, *, file: object, where: str) -> T:
    """`table` as an instance of the dataclass `type_`.

    `where` names the place for the message: "source 'gazdar-2011'" gives
    "corpus/sources.toml: source 'gazdar-2011': year: must be a whole number". Entries of a list are counted from 1.
    """
    try:
        return _adapter(type_).validate_python(table)
    except ValidationError as error:
        mistakes = error.errors(include_url=False)
        # A misspelt key is also a missing one; the word that stands there helps more.
        first = next((mistake for mistake in mistakes if mistake["type"] in _UNKNOWN_KEY), mistakes[0])
        *outer, key = ["", *first["loc"]]
        inside = ": ".join(part for part in (where, _place(outer)) if part)
        if first["type"] in _UNKNOWN_KEY:
            names = [f.name for f in fields(type_)] if is_dataclass(type_) and len(first["loc"]) == 1 else []
            raise DataFileError(file, inside, f"unknown key {key!r}", _which_keys(str(key), names)) from None
        if first["type"] in _MISSING_KEY:
            raise DataFileError(file, inside, f"key {key!r} is missing") from None
        at = ": ".join(part for part in (where, _place([*outer, key])) if part)
        raise DataFileError(file, at, _PLAIN.get(first["type"], first["msg"])) from None


def _place(parts: Iterable[str | int]) -> str:
    """("candidates", 0, "kind") is "candidates 1: kind"."""
    text = ""
    for part in parts:
        text += f" {part + 1}" if isinstance(part, int) else f"{': ' if text else ''}{part}"
    return text


def _adapter(type_: type[T]) -> TypeAdapter[T]:
    if type_ not in _ADAPTERS:
        _ADAPTERS[type_] = TypeAdapter(type_)
    return _ADAPTERS[type_]


def _which_keys(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"The keys are {', '.join(known)}" if known else ""
