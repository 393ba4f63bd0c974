"""Every figure of a review at one moment, as plain values, whoever worked them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

BLIND = 0.3  # share of passages on which the machine would be hidden: drawn for the figures alone
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run came to."""

    cells: Mapping[Key, object]  # (study, column) -> value, basis, whether coders differ
    counts: Mapping[Key, object]  # (column,) -> studies that have it, studies of which that is known
    agreement: Mapping[Key, object]  # (theme or "", coefficient) -> value to 9 digits
    labels: Mapping[Key, object]  # (study, words) -> what a model learns of it
    draw: Mapping[Key, object]  # (study, words, repetition) -> coders, whether the machine is shown
    news: Mapping[Key, object]  # (study, coder) -> new passages, new themes, gone and changed decisions
    why: Mapping[Key, object]  # (study, column) -> reasons of a change since the run before
    page: Mapping[Key, object]  # (study, column) -> value on the page that was opened long ago

    def differing(self, other: Figures) -> list[str]:
        """Where two differ, in words."""
        return [
            f"{field.name} {key}: {mine.get(key)!r}, by hand {theirs.get(key)!r}"
            for field in fields(self)
            for mine, theirs in [(getattr(self, field.name), getattr(other, field.name))]
            for key in sorted({*mine, *theirs}, key=str)
            if mine.get(key) != theirs.get(key)
        ]
