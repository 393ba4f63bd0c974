"""The words of a page as data: one by one, and all of them as columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, overload

import numpy as np
import numpy.typing as npt
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

Style = tuple[float, float, bool, int, int, bool]  # base, size, bold, turn, mark and italic of a Word
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]

# In place of a marked content id: text outside the tags; running heads and page numbers by the tags; text that is in
# the file and can't be seen on the page (clipped, covered, in a layer that is off); text that is struck out.
UNMARKED, ARTIFACT, HIDDEN, STRUCK = -1, -2, -3, -4

SOFT_HYPHEN = "\u00ad"
UNKNOWN = "\ufffd"  # in place of what is drawn and has no meaning in the file
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
# pdfium puts U+FFFE (older builds U+0002) in place of a hyphen at a line end, with no line break after it.
LINE_END_HYPHENS = "\ufffe\x02"
# Control characters say nothing and are forbidden in XML; the mark at a line end becomes Unicode's own soft hyphen.
CLEAN: dict[int, str | None] = dict.fromkeys([*range(32), *range(127, 160), 0xFEFF, 0xFFFF])
CLEAN |= dict.fromkeys(map(ord, LINE_END_HYPHENS), SOFT_HYPHEN)
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def runs_right_to_left(word: str) -> bool:
    """Is `word` written from right to left? Told by its letters; False for figures."""
    return not word.isascii() and _RIGHT_TO_LEFT.search(word) is not None


class Word(NamedTuple):
    """One word as it stands on the page; coordinates as in extract.document."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    base: float  # position of its baseline down the reading direction; y where the word is upright
    size: float  # of the font, in points on the page
    bold: bool
    turn: int  # quarter turns clockwise as shown: 0 upright, 1 reads downwards, 3 reads upwards
    mark: int = UNMARKED  # marked content id on its page; ARTIFACT, HIDDEN or STRUCK where that says more
    italic: bool = False


def along(word: Word) -> tuple[float, float]:
    """Where a word starts and ends in reading direction."""
    if word.turn == 0:
        return word.x0, word.x1
    if word.turn == 1:
        return word.top, word.bottom
    return (-word.x1, -word.x0) if word.turn == 2 else (-word.bottom, -word.top)


class Words(Sequence[Word]):
    """The words of a page in columns; a Word is made only where one is asked for."""

    __slots__ = ("_columns", "_made", "places", "style", "styles", "texts")

    def __init__(
        self, texts: list[str], places: Floats, style: Places, styles: Sequence[Style], columns: Floats | None = None
    ) -> None:
        self.texts = texts
        self.places = places  # x0, top, x1 and bottom, a row each
        self.style = style  # number of the style of each word in `styles`, where no style stands twice
        self.styles = styles
        self._columns = np.array(styles, dtype=np.float64).reshape(-1, 6).T if columns is None else columns
        self._made: list[Word] | None = None

    @classmethod
    def of(cls, words: Iterable[Word]) -> Words:
        """`words` in columns."""
        words = list(words)
        numbers: dict[Style, int] = {}
        style = [numbers.setdefault(word[5:], len(numbers)) for word in words]
        places = np.array([word[1:5] for word in words], dtype=np.float64).reshape(-1, 4).T
        return cls([word.text for word in words], places, np.array(style, dtype=np.intp), list(numbers))

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        words = handler(list[Word])  # as JSON, a list of them
        written = core_schema.plain_serializer_function_ser_schema(list, return_schema=words)
        return core_schema.no_info_after_validator_function(cls.of, words, serialization=written)

    def taken(self, chosen: Sequence[int]) -> Words:
        """The words with the numbers `chosen`, in that order."""
        numbers = np.array(chosen, dtype=np.intp)
        texts = self.texts
        places, style = self.places[:, numbers], self.style[numbers]
        return Words([texts[n] for n in chosen], places, style, self.styles, self._columns)

    def word(self, number: int) -> Word:
        """The word at `number` as a Word."""
        x0, top, x1, bottom = self.places[:, number].tolist()
        return Word(self.texts[number], x0, top, x1, bottom, *self.styles[self.style[number]])

    @property
    def bases(self) -> Floats:
        """Of each word, the position of its baseline down the reading direction."""
        return self._column(0)

    @property
    def sizes(self) -> Floats:
        """Of each word, the size of its font in points."""
        return self._column(1)

    @property
    def turns(self) -> Places:
        """Of each word, its quarter turns clockwise."""
        return self._column(3).astype(np.intp)

    @property
    def marks(self) -> Places:
        """Of each word, its marked content id or what stands in place of one."""
        return self._column(4).astype(np.intp)

    def remarked(self, chosen: Sequence[int], mark: int) -> Words:
        """The same words, those with the numbers `chosen` with another mark."""
        style, numbers = self.style.copy(), {known: n for n, known in enumerate(self.styles)}
        for number in chosen:
            base, size, bold, turn, _, italic = self.styles[style[number]]
            style[number] = numbers.setdefault((base, size, bold, turn, mark, italic), len(numbers))
        return Words(self.texts, self.places, style, list(numbers))

    def _column(self, field: int) -> Floats:
        column: Floats = self._columns[field][self.style]
        return column

    def __len__(self) -> int:
        return len(self.texts)

    def __iter__(self) -> Iterator[Word]:
        return iter(self._all())

    @overload
    def __getitem__(self, index: int) -> Word: ...
    @overload
    def __getitem__(self, index: slice) -> list[Word]: ...
    def __getitem__(self, index: int | slice) -> Word | list[Word]:
        return self._all()[index]

    def _all(self) -> list[Word]:
        if self._made is None:
            styles = map(self.styles.__getitem__, self.style.tolist())
            rows = zip(self.texts, *self.places.tolist(), styles, strict=True)
            self._made = [Word(text, x0, top, x1, bottom, *style) for text, x0, top, x1, bottom, style in rows]
        return self._made
