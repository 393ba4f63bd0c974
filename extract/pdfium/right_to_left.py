"""Words of scripts that run from right to left, Urdu and Arabic, in the order they are read in.

A browser's PDF shows their letters from left to right, as they lie on the page, and pdfium turns only some of them:
"کا" comes as "اک", and the words of a phrase the wrong way round. Where they stand on the page tells how they read.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from extract.words import Words, runs_right_to_left

_SAME_LINE = 0.5  # of the font size between two baselines
_APART = 6.0  # of the font size: farther off stands another column


def turned(text_page: Any, text: str, first: int) -> str:
    """`text`, whose first character has the number `first`, with its letters in reading order."""
    if text.isascii():
        return text
    inside = [number for number, letter in enumerate(text) if runs_right_to_left(letter)]
    if len(inside) < 2:
        return text
    begin, end = inside[0], inside[-1] + 1
    if any(letter.isascii() or letter.isdigit() for letter in text[begin:end]):
        return text  # figures run from left to right within the word
    places: list[float] = []
    for offset in range(begin, end):  # a vowel sign stays behind its letter
        sign = places and unicodedata.combining(text[offset])
        places.append(places[-1] if sign else -_left(text_page, first + offset))
    ordered = sorted(range(end - begin), key=places.__getitem__)
    return text[:begin] + "".join(text[begin + offset] for offset in ordered) + text[end:]


def reading_order(words: Words) -> Words:
    """The words with each run of such words on a line from the right to the left."""
    if not runs_right_to_left("".join(words.texts)):
        return words
    leftwards = _among(words.texts)
    bases, sizes, turns = words.bases, words.sizes, words.turns
    starts, ends = words.places[0], words.places[2]
    gaps = np.maximum(starts[1:] - ends[:-1], starts[:-1] - ends[1:])
    joined = (np.abs(np.diff(bases)) <= _SAME_LINE * sizes[1:]) & (gaps <= _APART * sizes[1:])
    joined &= (turns[1:] == 0) & (turns[:-1] == 0)
    joined &= np.logical_and(leftwards[1:], leftwards[:-1])
    run = np.concatenate(([0], np.cumsum(~joined)))
    order = sorted(range(len(words)), key=lambda number: (run[number], -ends[number]))
    return words.taken(order)


def _among(texts: Sequence[str]) -> list[bool]:
    """Which words run from right to left; what has no letters, such as a year, goes with the words around it."""
    found = [runs_right_to_left(text) for text in texts]
    for number in range(1, len(texts) - 1):
        if found[number - 1] and not any(map(str.isalpha, texts[number])):
            found[number] = found[number + 1]
    return found


def _left(text_page: Any, number: int) -> float:
    """The left side of a character, in points."""
    sides = [ctypes.c_double() for _ in range(4)]
    pdfium.FPDFText_GetCharBox(text_page, number, *sides)
    return sides[0].value
