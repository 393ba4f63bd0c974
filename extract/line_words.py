"""The words of a line in a fifth of the memory: a long report has a million, and its layout needs them all at once."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from extract.words import Word


class LineWords:
    """Words as a sequence: one text, one array of places, and one style where all of them share it."""

    __slots__ = ("_count", "_places", "_styles", "text")

    def __init__(self, columns: Sequence[Sequence[Any]]) -> None:
        """Of one word or more, given as the fields of Word with their values for all; no text has a space in it."""
        texts, x0s, tops, x1s, bottoms, *styles = columns
        self.text = " ".join(texts)
        self._count = count = len(texts)
        self._places = array("d", (*x0s, *tops, *x1s, *bottoms))
        same = all(column.count(column[0]) == count for column in styles)
        self._styles = (tuple(column[0] for column in styles),) if same else tuple(zip(*styles, strict=True))

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Word]:
        return map(self._word, range(self._count), self.texts)

    def __getitem__(self, index: int) -> Word:
        return self._word(range(self._count)[index], self.texts[index])

    @property
    def texts(self) -> list[str]:
        """The text of each."""
        return self.text.split(" ")

    def span(self, first: int, end: int) -> tuple[int, int]:
        """Where words `first` to `end` (exclusive) stand in `text`."""
        if first == 0 and end == self._count:
            return 0, len(self.text)
        texts = self.texts
        start = sum(map(len, texts[:first])) + first
        return start, start + sum(map(len, texts[first:end])) + end - first - 1

    def around(self, first: int, end: int) -> tuple[float, float, float, float]:
        """The rectangle around words `first` to `end` (exclusive): x0, top, x1, bottom."""
        places, count = self._places, self._count
        return (
            min(places[first:end]),
            min(places[count + first : count + end]),
            max(places[2 * count + first : 2 * count + end]),
            max(places[3 * count + first : 3 * count + end]),
        )

    def _word(self, index: int, text: str) -> Word:
        style = self._styles[index if len(self._styles) > 1 else 0]
        return Word(text, *self._places[index :: self._count], *style)
