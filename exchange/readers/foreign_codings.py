"""Codings as another program's file holds them, in its own words, before anything is matched to the review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from annotations.decision import Role
from extract.document import Box


@dataclass(frozen=True, slots=True)
class Origin:
    """The document a coding belongs to, as the file names it."""

    name: str
    guid: str = ""
    sha256: str = ""  # of its PDF, where the file carries one


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle on a page, in points from one corner of the page as it is shown."""

    page: int  # 1-based
    left: float
    low: float  # the smaller of its two heights
    right: float
    high: float
    from_top: bool = False  # heights count from the top of the page; else from its foot, as REFI-QDA has it

    def box(self, height: float) -> Box:
        """The rectangle as Jaiza measures, from the top of a page that is `height` points high."""
        top, bottom = (self.low, self.high) if self.from_top else (height - self.high, height - self.low)
        return Box(self.page, self.left, top, self.right, bottom)


@dataclass(frozen=True, slots=True)
class ForeignCoding:
    """One coding of a file."""

    where: str  # for messages: "line 3", "a coding in “Interview 3”"
    origin: Origin
    codes: tuple[str, ...]  # the code's name, then the names of the codes above it
    value: Literal[0, 1, 2] | None = 1  # None takes a judgement back
    weight: str = ""  # what MAXQDA and Dedoose call a weight, "50"; "" where there is none
    guid: str = ""  # of the code
    coder: str = ""
    role: Role = "coder"
    quote: str = ""  # empty: the document as a whole
    page: int | None = None
    region: Region | None = None  # where on a page, for a rectangle without words
    note: str = ""
    decided: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)  # what Jaiza itself wrote


@dataclass(slots=True)
class Contents:
    """Everything of a file that bears on decisions."""

    codings: list[ForeignCoding] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)  # what, in words -> how many
    passed_over: list[str] = field(default_factory=list)  # codings that can't be brought in, a line each
    problems: list[str] = field(default_factory=list)  # a line each; nothing is brought in while there are any
    unused: list[str] = field(default_factory=list)  # columns that mean nothing here
    rows: bool = False  # a table of decisions, in which two rows on the same are a mistake
    by_jaiza: bool = False  # the file is one of its exports
    encoding: str = ""  # as which the file was read, where that had to be guessed
