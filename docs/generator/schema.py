"""What the code says of its types, as JSON schemas: fields, defaults, and the comment beside each field."""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter

_FIELD = re.compile(r"^    (?P<name>\w+): [^#]*?(?:  # (?P<said>.*))?$")
_ABOVE = re.compile(r"^    # (?P<said>.*)$")
JsonSchema = dict[str, Any]


@cache
def field_comments(type_: type) -> Mapping[str, str]:
    """Name of a field -> the comment behind it, or above it; fields without one are not there."""
    found: dict[str, str] = {}
    above: list[str] = []
    for line in inspect.getsource(type_).splitlines():
        if said := _ABOVE.match(line):
            above.append(said["said"])
            continue
        if (field := _FIELD.match(line)) and (words := field["said"] or " ".join(above)):
            found[field["name"]] = words
        above = []
    return found


def schema_of(type_: Any, *, title: str) -> JsonSchema:
    """The JSON schema of a type, with the comment of each field as its description."""
    made: JsonSchema = TypeAdapter(type_).json_schema()
    known = {one.__name__: one for one in _dataclasses_in(type_)}
    for name, part in made.get("$defs", {}).items():
        _describe(part, known.get(name))
    if is_dataclass(type_):
        _describe(made, type_ if isinstance(type_, type) else None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_without_titles(made), "title": title}


def of_tables(title: str, tables: Mapping[str, Any], *, required: tuple[str, ...] = ()) -> JsonSchema:
    """The schema of a TOML file whose top level has these keys and no others."""
    properties, definitions = {}, {}
    for key, type_ in tables.items():
        part = schema_of(type_, title=key)
        definitions |= part.pop("$defs", {})
        part.pop("$schema")
        part.pop("title")
        properties[key] = part
    made: JsonSchema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    if required:
        made["required"] = list(required)
    return {**made, "$defs": definitions} if definitions else made


def with_all_optional(made: JsonSchema, *, but: Mapping[str, tuple[str, ...]]) -> JsonSchema:
    """The schema where what a file may leave out is worked out: of each definition only `but` is required."""
    for name, keys in but.items():
        part = made["$defs"][name] if name else made
        part["required"] = list(keys)
    return made


def _describe(part: JsonSchema, type_: type | None) -> None:
    said = field_comments(type_) if type_ else {}
    for name, field in part.get("properties", {}).items():
        if name in said:
            field["description"] = said[name]


def _without_titles(part: Any) -> Any:
    """Pydantic repeats each key as its title."""
    if isinstance(part, dict):
        named = "properties" in part or "enum" in part or "type" in part or "anyOf" in part or "$ref" in part
        return {key: _without_titles(one) for key, one in part.items() if not (named and key == "title")}
    return [_without_titles(one) for one in part] if isinstance(part, list) else part


def _dataclasses_in(type_: Any) -> Iterator[type]:
    seen: set[Any] = set()
    waiting = [type_]
    while waiting:
        one = waiting.pop()
        if isinstance(one, (str, types.NoneType)) or one in seen:
            continue
        seen.add(one)
        waiting.extend(typing.get_args(one))
        if is_dataclass(one) and isinstance(one, type):
            yield one
            hints = typing.get_type_hints(one)
            waiting.extend(hints[field.name] for field in fields(one))
