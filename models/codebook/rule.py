"""One entry of the lexicon, and the cues that take a phrase back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from corpus.datafile import NO_UNKNOWN_KEYS

Cue = Literal["denied", "solved", "planned", "doubted", "defined"]
CUES: tuple[Cue, ...] = get_args(Cue)


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the lexicon, for example "TI.exclusion-error"."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    id: str  # shown to people beside what it moved
    theme: str  # a code of the codebook
    phrases: tuple[str, ...]  # after loading: every form written out, no braces and no groups
    example: str  # a sentence in which the rule must find its theme asserted
    counterexample: str  # a sentence in which it must not
    near: tuple[str, ...] = ()  # where given, one of these must stand close by in the same sentence
    despite: tuple[Cue, ...] = ()  # cues that do not take this rule's phrases back
