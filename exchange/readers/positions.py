"""Cutting a text at positions that another program counted.

Programs disagree on what counts: a byte-order mark, the two characters of a Windows line end, characters outside the
first plane of Unicode. Where a text has any of these, the way is taken by which the selections begin and end like
words, and agree with the names the program gave them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from annotations.anchor import fold

Cut = Callable[[int, int], str]
_ENOUGH = 300  # selections to judge a way by


@dataclass(frozen=True, slots=True)
class Selected:
    """A stretch of a text as the file gives it."""

    start: int
    end: int
    name: str = ""  # often the first words of the stretch


def decode(data: bytes) -> str:
    """The text of a file in UTF-8 or, where its mark says so, UTF-16; UnicodeDecodeError for anything else. A
    byte-order mark stays."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "\ufeff" + data.decode("utf-16")
    return data.decode("utf-8")


def way_to_cut(text: str, selections: Sequence[Selected]) -> tuple[Cut, int]:
    """How to cut `text`, and how long it is when counted that way."""
    ways: list[tuple[Cut, int]] = []
    for variant in _variants(text):
        ways.append(_by_characters(variant))
        if not variant.isascii() and len(variant.encode("utf-16-le", "surrogatepass")) > 2 * len(variant):
            ways.append(_by_utf16(variant))
    if len(ways) == 1:
        return ways[0]
    judged = selections[:: max(1, len(selections) // _ENOUGH)]
    return max(ways, key=lambda way: sum(_fits(way, selection) for selection in judged))


def _variants(text: str) -> list[str]:
    """Without what programs may not count, the likeliest first."""
    unmarked, unix = text.removeprefix("\ufeff"), text.replace("\r\n", "\n")
    return list(dict.fromkeys([text, unix.removeprefix("\ufeff"), unmarked, unix]))


def _by_characters(text: str) -> tuple[Cut, int]:
    return (lambda start, end: text[start:end]), len(text)


def _by_utf16(text: str) -> tuple[Cut, int]:
    units = text.encode("utf-16-le")
    return (lambda start, end: units[2 * start : 2 * end].decode("utf-16-le", "replace")), len(units) // 2


def _fits(way: tuple[Cut, int], selection: Selected) -> float:
    cut, length = way
    start, end = selection.start, selection.end
    if not 0 <= start < end <= length:
        return 0.0
    words = cut(start, end)
    around = (cut(start - 1, start) if start else " ") + words[:1], words[-1:] + cut(end, end + 1)
    inside_a_word = sum(len(pair) == 2 and pair.isalnum() for pair in around)
    name = fold(selection.name).rstrip(".… ")
    return 2 * bool(name and fold(words).startswith(name)) + 1 - 0.5 * inside_a_word - 0.2 * (words != words.strip())
