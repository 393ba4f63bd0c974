"""What a passage can be coded with: the themes of the codebook, each with its colour and its letter on the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from models.codebook.codebook import Codebook

LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Told apart by most people who do not see all colours (Okabe and Ito 2008), then others that differ from them.
PALETTE = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c564b", "#6a3d9a", "#7f9a00", "#b2182b",
    "#01665e", "#555555",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Codable:
    """One theme or code as the pages offer it."""

    code: str  # what a decision carries
    short: str  # what stands in a margin, for example "GW"
    name: str
    colour: str  # "#0072b2"
    level: int = 0  # 0: a theme; 1, 2, ...: under another
    letter: str = ""  # the key that takes it; "" from the 27th on
    definition: str = ""


def codables_of(codebook: Codebook) -> tuple[Codable, ...]:
    """The themes in the order of the codebook."""
    return tuple(_lettered(_themes(codebook)))


def _themes(codebook: Codebook) -> Iterator[Codable]:
    for number, theme in enumerate(codebook.themes):
        colour = PALETTE[number % len(PALETTE)]
        yield Codable(theme.code, theme.code, theme.name, colour, definition=theme.definition)


def _lettered(codables: Iterator[Codable]) -> Iterator[Codable]:
    for number, one in enumerate(codables):
        letter = LETTERS[number] if number < len(LETTERS) else ""
        yield Codable(one.code, one.short, one.name, one.colour, one.level, letter, one.definition)
