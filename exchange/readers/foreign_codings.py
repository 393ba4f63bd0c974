"""Codings as another program's file holds them, in its own words, before anything is matched to the review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from annotations.decision import Role
from extract.document import Box


@dataclass(frozen=True, slots=True)
class Origin:
    """The document a coding belongs to, as the file names it."""

    name: str
    guid: str = ""
    sha256: str = ""  # of its PDF, where the file carries one


@dataclass(frozen=True, slots=True)
class ForeignCodings:
    """One coding of a file."""

    where: str  # for messages: "line 3", "a coding in “Interview 3”"
    origin: Origin
    codes: tuple[str, ...]  # the code's name, then the names of the codes above it
    value: Literal[0, 1, 2] | None = 1  # None takes a judgement back
    guid: str = ""  # of the code
    coder: str = ""
    role: Role = "coder"
    quote: str = ""  # empty: the document as a whole
    page: int | None = None
    region: Box | None = None  # a rectangle without words; top and bottom measured from the foot of the page
    note: str = ""
    decided: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)  # what Jaiza itself wrote


@dataclass(slots=True)
class Contents:
    """Everything of a file that bears on decisions."""

    codings: list[ForeignCodings] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)  # what, in words -> how many
    problems: list[str] = field(default_factory=list)  # a line each
    unused: list[str] = field(default_factory=list)  # columns that mean nothing here
    rows: bool = False  # a table, in which two rows on the same are a mistake
    by_jaiza: bool = False  # the file is one of its exports
