"""What Ghostscript 10.00 made of dashes, quotes and Greek letters, told from what is drawn.

Its PDF reader joins the two bytes of the first of a run of neighbouring characters and counts on from there: U+2013 and
U+2014 became U+0033 and U+0034, "3" and "4", and U+03B1 became U+00B3. What is drawn stands at another height than the
figure or the letter that the copy names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

# With the parts of the font size between which what is drawn stands above the base line: a figure fills 0 to .7 and a
# bracket .1 to .6, so nothing else is taken for a dash; "f" reaches up to .66 and more, and "g" below the line.
_SIGNS = {
    "0": ("-", 0.1, 0.45), "1": ("-", 0.1, 0.45), "2": ("‒", 0.1, 0.45), "3": ("–", 0.1, 0.45),
    "4": ("—", 0.1, 0.45), "5": ("―", 0.1, 0.45), "8": ("‘", 0.35, 1.0), "9": ("’", 0.35, 1.0),
    "<": ("“", 0.35, 1.0), "=": ("”", 0.35, 1.0), ":": ("‚", -0.3, 0.25), ">": ("„", -0.3, 0.25),
    "B": ("•", 0.1, 0.6), "F": ("…", -0.1, 0.25), "f": ("≤", -0.05, 0.64), "g": ("≥", -0.05, 0.64),
}  # fmt: skip

# The small letters from alpha on: does each reach above the letter x, and below the base line? None: it may or not.
_ALPHA, _OMEGA = 0x3B1, 0x3C9
_UP = (False, True, False, True, False, True, False, True, False, False, True, False, False, True, False, False, False,
       False, False, False, False, None, False, None, False)  # fmt: skip
_DOWN = (False, True, True, False, False, True, True, False, False, False, False, True, False, True, False, False, True,
         True, False, False, False, True, True, True, False)  # fmt: skip
_X_HEIGHT, _DEPTH = 0.62, -0.12  # of the font size: letters reach higher, and lower
_RAISED = 0.25  # of the font size above the base line: where the superscripts and accents stand that the copy names
_TALL = 0.78  # capitals with accents are taller, and no small Greek letter is
_STEPS = (2, 1, 0, 3)  # from a letter to its sign, where a run begins with alpha, beta, gamma; the usual ones first


class Drawn(NamedTuple):
    """A character as drawn: how far it reaches above the base line, as parts of its font size."""

    code: int
    foot: float
    top: float


def sign_of(drawn: Drawn) -> str:
    """The dash, quote or other sign that is drawn; "" where the code may be right."""
    sign, lowest, highest = _SIGNS.get(chr(drawn.code), ("", 0.0, 0.0))
    return sign if sign and lowest <= drawn.foot and drawn.top <= highest else ""


def greek_letters(drawn: Mapping[int, Drawn]) -> dict[int, str]:
    """The Greek letters among the characters of one font, by their keys; "" for one that can be none of them."""
    odd = {key: one for key, one in drawn.items() if _is_no_latin(one)}
    for step in _STEPS:
        letters = {key: 0x300 + one.code - step for key, one in odd.items()}
        if odd and all(_looks_like(letters[key], one) for key, one in odd.items()):
            return {key: chr(letter) for key, letter in letters.items()}
    return dict.fromkeys(odd, "")


def may_be_added(codes: Iterable[int]) -> Sequence[int]:
    """The positions of the codes that a copy may have made of others."""
    return [number for number, code in enumerate(codes) if code in _WATCHED]


def _is_no_latin(one: Drawn) -> bool:
    """Superscripts, fractions and signs stand higher than a letter, or lower; capitals with accents are taller."""
    sign = chr(one.code)
    if sign in "³´¹º":
        return one.foot < _RAISED
    if sign == "·":
        return one.foot < _RAISED / 2 or one.top > _X_HEIGHT
    return sign in "ÀÁÂÃÄÅÆÇÈÉ" and one.top < _TALL


def _looks_like(letter: int, one: Drawn) -> bool:
    if not _ALPHA <= letter <= _OMEGA:
        return False
    up, down = _UP[letter - _ALPHA], _DOWN[letter - _ALPHA]
    return up in (None, one.top > _X_HEIGHT) and down in (None, one.foot < _DEPTH)


_GREEK_CODES = "³´¹º·ÀÁÂÃÄÅÆÇÈÉ"
_WATCHED = frozenset(map(ord, [*_SIGNS, *_GREEK_CODES]))
