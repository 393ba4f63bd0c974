"""What happens in a year of a review, one thing at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bench.year.texts import Parts


@dataclass(frozen=True, slots=True)
class Text:
    """A study has another file, or its file is read in another way."""

    study: str
    passages: tuple[Parts, ...]  # as the reader of the time parts them
    why: Literal["first", "stamped", "edition"]


@dataclass(frozen=True, slots=True)
class Decide:
    """A coder gives a passage a theme, says that it is not there, or takes back what they said of it."""

    coder: str
    study: str
    parts: Parts
    theme: str
    value: Literal[0, 1, 2] | None  # None: taken back
    clock: str  # ISO 8601
    on_copy: bool = False


@dataclass(frozen=True, slots=True)
class Pass:
    """A coder has every passage of theirs in a study on the screen."""

    coder: str
    study: str
    clock: str
    on_copy: bool = False


@dataclass(frozen=True, slots=True)
class Finish:
    """A coder is done with a study, or opens it again."""

    coder: str
    study: str
    clock: str
    on: bool = True
    on_copy: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """Somebody rules on a passage on which coders differ."""

    study: str
    parts: Parts
    theme: str
    value: Literal[0, 1, 2]
    clock: str


@dataclass(frozen=True, slots=True)
class Codebook:
    """The codebook is changed."""

    kind: Literal["extend", "rename", "merge", "split", "reword"]
    themes: tuple[str, ...]
    into: tuple[str, ...]
    clock: str


@dataclass(frozen=True, slots=True)
class Upgrade:
    """Another version of Jaiza is installed; `texts` are the studies that it reads in another way."""

    to: int  # 1: from a log of format 3; 2: from a log of format 4 and an earlier reader
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class TakeCopy:
    """Somebody takes a copy of the whole review along."""


@dataclass(frozen=True, slots=True)
class BringBack:
    """The copy is brought in."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run; `number` from 1."""

    number: int


Step = Text | Decide | Pass | Finish | Rule | Codebook | Upgrade | TakeCopy | BringBack | Run
