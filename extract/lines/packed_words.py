"""The words of a line in a tenth of the memory: a long report has a million, and its layout needs them all at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from extract.words import Floats, Style, Word

PER_POINT = 100  # steps in which places are kept, those of the boxes of a Document
Packed = npt.NDArray[np.int32]  # places of the words of a page in such steps
_FARTHEST = 2**31 - 1


def packed(places: Floats) -> Packed:
    """Places as they are kept."""
    return np.clip(np.rint(places * PER_POINT), -_FARTHEST, _FARTHEST).astype(np.int32)


class LineWords:
    """Words as a sequence: one text, their part of the places of the page, and one style where all of them share it."""

    __slots__ = ("_count", "_first", "_places", "_styles", "text")

    def __init__(self, texts: Sequence[str], places: Packed, first: int, styles: Style | list[Style]) -> None:
        """Of one word or more, none with a space in it, whose places are those from column `first` on.

        `styles` is the one of all of them, or a list with one for each.
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
        return min(x0s) / PER_POINT, min(tops) / PER_POINT, max(x1s) / PER_POINT, max(bottoms) / PER_POINT

    @property
    def places(self) -> Packed:
        """The place of each word, a column each: x0, top, x1, bottom in steps of 1 / PER_POINT points."""
        return self._places[:, self._first : self._first + self._count]

    def _word(self, index: int, text: str) -> Word:
        style = self._styles[index] if isinstance(self._styles, list) else self._styles
        x0, top, x1, bottom = self._places[:, self._first + index].tolist()
        return Word(text, x0 / PER_POINT, top / PER_POINT, x1 / PER_POINT, bottom / PER_POINT, *style)
