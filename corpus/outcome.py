"""What happened to a source, in the words of the outcome table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

OutcomeState = Literal[
    "pulled",
    "cached",
    "attached",
    "unreachable",
    "not allowed",
    "not a PDF",
    "wrong work",
    "no URL known",
    "password",
    "no text layer",
    "damaged",
    "timed out",
    "too large",
    "failed",
    "not pulled",
]
USABLE: frozenset[OutcomeState] = frozenset({"pulled", "cached", "attached"})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One address tried, and what came of it in words, for example "404 Not Found"."""

    url: str
    result: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to one source, and what to do about it."""

    source_id: str
    state: OutcomeState
    message: str  # what happened, for example "3 addresses tried, none gave the work"
    remedy: str = ""  # what to do, for example "put the PDF in inbox/naseer-2021.pdf"
    sha256: str = ""  # of the stored file, where there is one
    warnings: tuple[str, ...] = ()  # for example "the file at the address changed: new version stored"
    attempts: tuple[Attempt, ...] = ()


NOT_CHECKED = "could not check whether the file changed"  # how a warning of a source begins whose host failed now


@dataclass(frozen=True, slots=True)
class FrontPages:
    """What a quick look into a PDF gives: is it readable, and what do its first pages say?"""

    state: Literal["read", "no text layer", "password", "damaged", "timed out", "too large"]
    note: str = ""
    pages: int = 0
    text: str = ""  # of the first three pages, in stream order


# Reads the first pages of a PDF without letting it hurt this process; `extract.isolation.isolated_read` has one.
FrontPageReader = Callable[[Path], FrontPages]
