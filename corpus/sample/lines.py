"""Breaking a paragraph into lines, with hyphens where the list of word divisions allows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]

MARK_SIZE = 0.65  # of a footnote mark, as a part of the size of the text
_MARK = re.compile(r"\[\^(\d+)\]")


@dataclass(frozen=True, slots=True)
class Style:
    """Font and spacing of a block, in points."""

    font: str
    size: float
    leading: float
    before: float = 0.0
    after: float = 0.0
    left: float = 0.0
    right: float = 0.0
    justify: bool = False
    bullet: bool = False
    keep: bool = False  # with the block that follows


@dataclass(frozen=True, slots=True)
class TypesetLine:
    """The words of a line; a footnote mark is still in its word, as "[^3]"."""

    words: tuple[str, ...]
    last: bool = True  # of its paragraph: not stretched to the full width

    @property
    def plain(self) -> str:
        """The line as a string, without its footnote marks."""
        return _MARK.sub("", " ".join(self.words))

    @property
    def marks(self) -> list[str]:
        """The numbers of the footnotes called in this line."""
        return _MARK.findall(" ".join(self.words))

    @property
    def runs(self) -> list[tuple[str, bool]]:
        """The line cut where footnote marks stand: (text, is it a mark)."""
        return [(part, bool(n % 2)) for n, part in enumerate(_MARK.split(" ".join(self.words))) if part]

    def width(self, font: str, size: float) -> float:
        """Width in points, unstretched."""
        return sum(text_width(text, font, size * MARK_SIZE if mark else size) for text, mark in self.runs)


def text_width(text: str, font: str, size: float) -> float:
    """Width of `text` in points."""
    return float(pdfmetrics.stringWidth(text, font, size))


def break_lines(text: str, style: Style, width: float, hyphens: Mapping[str, str]) -> list[TypesetLine]:
    """`text` in lines no wider than `width` less the style's own indents."""
    room = width - style.left - style.right
    lines: list[TypesetLine] = []
    current: list[str] = []
    for word in text.split():
        if not current or _fits([*current, word], style, room):
            current.append(word)
            continue
        if parts := _divide(word, current, style, room, hyphens):
            current.append(parts[0])
            word = parts[1]
        lines.append(TypesetLine(tuple(current), last=False))
        current = [word]
    return [*lines, TypesetLine(tuple(current))]


def _fits(words: list[str], style: Style, room: float) -> bool:
    return TypesetLine(tuple(words)).width(style.font, style.size) <= room


def _divide(
    word: str, before: list[str], style: Style, room: float, hyphens: Mapping[str, str]
) -> tuple[str, str] | None:
    """The longest first part of `word`, with its hyphen, that fits after `before`, and the rest (3 letters or more)."""
    match = re.match(r"[A-Za-z]+", word)
    if not match or match[0].lower() not in hyphens:
        return None
    cut, best = 0, None
    for syllable in hyphens[match[0].lower()].split("-")[:-1]:
        cut += len(syllable)
        if len(match[0]) - cut >= 3 and _fits([*before, word[:cut] + "-"], style, room):
            best = (word[:cut] + "-", word[cut:])
    return best
