"""The words of a line in a fifth of the memory: a long report has a million, and its layout needs them all at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.words import Floats, Style, Word


class LineWords:
    """Words as a sequence: one text, their part of the places of the page, and one style where all of them share it."""

    __slots__ = ("_count", "_first", "_places", "_styles", "text")

    def __init__(self, texts: Sequence[str], places: Floats, first: int, styles: Sequence[Style]) -> None:
        """Of one word or more, none with a space in it, whose places are those from column `first` on.

        `styles` is one for all of them or one for each.
        """
        self.text = " ".join(texts)
        self._count = len(texts)
        self._places, self._first = places, first
        self._styles = styles

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
        x0s, tops, x1s, bottoms = self._places[:, self._first + first : self._first + end].tolist()
        return min(x0s), min(tops), max(x1s), max(bottoms)

    def _word(self, index: int, text: str) -> Word:
        style = self._styles[index if len(self._styles) > 1 else 0]
        x0, top, x1, bottom = self._places[:, self._first + index].tolist()
        return Word(text, x0, top, x1, bottom, *style)
