"""The characters of a page as pdfium counts them, put right where it gives a code, or a wrong sign, for what is drawn.

Most pages have none of these and pay for one look at a table. What is mended, and by what it is told:

- Windows-1252 codes that a font gives for dashes and quotes: pdfium counts U+0093 to U+0098 and does not write them.
- Bitmap fonts of TeX, with neither names nor a table to Unicode: by TeX's own tables (extract.pdfium.tex_fonts).
- Glyphs with a telling name that pdfium does not know, such as /f_f_i: by the name (extract.pdfium.file_facts).
- Accents drawn by themselves over a letter ("Z¨urich"), by their place.
- Copies by Ghostscript 10.00, in which dashes and quotes became figures ("12315" for 12-15): by the height of what is
  drawn (extract.pdfium.added_bytes).
- A mark of a list that is a lone code without a meaning.

Everything else that is drawn and has no meaning becomes U+FFFD, so that no two numbers run together.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

from extract.pdfium import bindings
from extract.pdfium.added_bytes import Drawn, greek_letters, may_be_added, sign_of
from extract.pdfium.bindings import Address
from extract.pdfium.handles import PdfiumTextPage
from extract.pdfium.tex_fonts import encoding_of
from extract.words import SUPERSCRIPTS, UNKNOWN

Codes = npt.NDArray[np.unsignedinteger[Any]]
GlyphText = Callable[[str, int], str]  # font name and code -> what the glyph of that name reads; "" where unknown

_BULLET = "•"
_SPACE, _LINE_ENDS = 0x20, (0x0A, 0x0D)
_LAST = 0xFFFF
_FIRST_OF_1252, _LAST_OF_1252 = 0x80, 0x9F
_SOFT_HYPHEN = 0xAD

# Accents that stand by themselves, and what joins them with a letter.
_JOINING = {
    0x60: "\u0300", 0xB4: "\u0301", 0x5E: "\u0302", 0x2C6: "\u0302", 0x7E: "\u0303", 0x2DC: "\u0303", 0xA8: "\u0308",
    0x2DD: "\u030b", 0x2DA: "\u030a", 0x2C7: "\u030c", 0x2D8: "\u0306", 0xAF: "\u0304", 0x2C9: "\u0304",
    0x2D9: "\u0307", 0xB8: "\u0327", 0x2DB: "\u0328",
}  # fmt: skip
_DOTLESS = {"ı": "i", "ȷ": "j"}
_BLANK = 0.1  # of the height of its line: narrower is no blank between words
_FAR = 100  # characters: a line, behind which its accents may be written
_CLOSE = 0.5  # of the height of a letter, from it to its accent
_REACH = 2  # characters from an accent to its letter: pdfium may put a blank between them

# Controls but for tab and line ends; U+0002, which pdfium writes for a hyphen at a line end, is none of them.
_CONTROLS = [code for code in (*range(32), *range(0x7F, 0xA0)) if code not in (0x02, 0x09, *_LINE_ENDS)]
_FIRST_BEYOND_ASCII = 0xA0
_ODD = np.zeros(_LAST + 1, dtype=bool)
_ODD[[*_CONTROLS, *_JOINING, _SOFT_HYPHEN, *map(ord, SUPERSCRIPTS)]] = True
_LATIN_1 = np.zeros(_LAST + 1, dtype=bool)
_LATIN_1[_FIRST_BEYOND_ASCII:0x100] = True


class Characters(NamedTuple):
    """The characters of a page by their number in pdfium."""

    codes: Codes  # as pdfium gives them, but for blanks that it gives as something else
    spelled: Mapping[int, str]  # what those read that are put right, by number; "" for nothing
    superscripts: tuple[int, ...] = ()  # numbers of raised figures that are characters of their own, "²"


def characters_of(text_page: PdfiumTextPage, *, glyph_text: GlyphText, adds_bytes: bool) -> Characters:
    """The characters of a page; `adds_bytes` for copies by Ghostscript 10.00 (see the module)."""
    codes = _codes(text_page)
    odd = np.flatnonzero(_ODD[np.minimum(codes, _LAST)]).tolist()
    if not odd and not adds_bytes:
        return Characters(codes, {})
    mended = _Mended(text_page, codes, glyph_text)
    if adds_bytes:
        mended.take_figures_for_signs()
    if odd:
        mended.read_codes(odd)
        mended.join_accents(odd)
    superscripts = [n for n in odd if chr(codes[n]) in SUPERSCRIPTS and n not in mended.spelled]
    return Characters(mended.codes, mended.spelled, tuple(superscripts))


def _codes(text_page: PdfiumTextPage) -> Codes:
    """The code of every character: in UTF-16 units in one call, or one by one where pdfium leaves some out of that."""
    count = pdfium.FPDFText_CountChars(text_page)
    if count <= 0:
        return np.empty(0, dtype=np.uint16)
    buffer = (ctypes.c_ushort * (count + 1))()
    written = max(0, pdfium.FPDFText_GetText(text_page, 0, count, buffer) - 1)
    if written == count:
        return np.frombuffer(bytes(buffer), dtype=np.uint16)[:written]
    at = bindings.address(text_page)
    return np.array([bindings.char_code(at, number) for number in range(count)], dtype=np.uint32)


class _Mended:
    """The characters of one page while they are put right."""

    def __init__(self, text_page: PdfiumTextPage, codes: Codes, glyph_text: GlyphText) -> None:
        self.codes = codes
        self.spelled: dict[int, str] = {}
        self._at = bindings.address(text_page)
        self._of = bindings.reference(text_page)
        self._text_page = text_page
        self._glyph_text = glyph_text
        self._names: dict[Address | None, str] = {}
        self._tables: dict[Address | None, Mapping[int, str]] = {}

    def read_codes(self, odd: Iterable[int]) -> None:
        """Put right the codes that are no characters, and those of TeX's fonts that are others."""
        odd = list(odd)
        font_of_codes = {n for n in odd if self.codes[n] not in _JOINING}
        if any(self._is_code(n) and not self._font_name(n) for n in font_of_codes):
            # TeX's fonts are at work: what looks like a letter of Latin-1 may be another one.
            odd += np.flatnonzero(_LATIN_1[np.minimum(self.codes, _LAST)]).tolist()
        for number in dict.fromkeys(odd):
            code = int(self.codes[number])
            if self._is_code(number):
                self._read_code(number, code)
            elif code == _SOFT_HYPHEN:
                if self._is_drawn(number) and chr(self._code(number + 1)).isalnum():
                    self.spelled[number] = "-"  # a hyphen within a line
            elif code in _CONTROL_SET:
                self._read_control(number, code)

    def _read_code(self, number: int, code: int) -> None:
        """What a character reads whose font has no word on it: pdfium gives its code."""
        name = self._font_name(number)
        if name:
            found = self._glyph_text(name, code)
            if not found and code not in _CONTROL_SET:
                return
        else:
            found = self._table(number).get(code, "" if code in _CONTROL_SET else chr(code))
        self._write(number, found)

    def _read_control(self, number: int, code: int) -> None:
        """What a control character reads that a font names itself: Windows-1252, as in old web pages."""
        text = bytes([code]).decode("cp1252", "ignore") if _FIRST_OF_1252 <= code <= _LAST_OF_1252 else ""
        self._write(number, text, known=bool(text) or not self._is_drawn(number))

    def _write(self, number: int, text: str, *, known: bool = False) -> None:
        if not self._is_drawn(number):
            self._make_blank(number)
        elif self._begins_item(number) and text not in ("–", "—", "-", "◦", "·", "∗", "†", "‡", "*"):
            self.spelled[number] = _BULLET
        else:
            self.spelled[number] = text or ("" if known else UNKNOWN)

    def _make_blank(self, number: int) -> None:
        """Nothing is drawn: a blank where it takes up room, as of fonts whose blank has no name, and else nothing."""
        self.spelled[number] = ""
        box = pdfium.FS_RECTF()
        pdfium.FPDFText_GetLooseCharBox(self._text_page, number, box)
        if box.right - box.left < _BLANK * abs(box.top - box.bottom):
            return
        self.codes = self.codes.copy() if not self.codes.flags.writeable else self.codes
        self.codes[number] = _SPACE

    def _begins_item(self, number: int) -> bool:
        """Does it stand alone where a line begins?"""
        if self._code(number + 1) != _SPACE:
            return False
        before = number - 1
        while before >= 0 and self._code(before) == _SPACE:
            before -= 1
        return before < 0 or self._code(before) in _LINE_ENDS

    def join_accents(self, odd: Iterable[int]) -> None:
        """Join accents with the letters they are drawn over or under."""
        for number in odd:
            mark = _JOINING.get(int(self.codes[number]))
            if mark is None or number in self.spelled:
                continue
            for letter in self._letters_near(number):
                here = self.spelled.get(letter) or chr(self.codes[letter])
                joined = unicodedata.normalize("NFC", _DOTLESS.get(here, here) + mark)
                if len(joined) == 1 and self._stands_over(number, letter):
                    self.spelled[letter], self.spelled[number] = joined, ""
                    if abs(number - letter) <= _REACH:
                        for between in range(min(number, letter) + 1, max(number, letter)):
                            self.spelled[between] = ""
                    break

    def _letters_near(self, number: int) -> Iterable[int]:
        yield from self._letters_beside(number)
        if self._code(number) >= _FIRST_BEYOND_ASCII:
            # Some programs write the accents of a line behind its letters.
            box = self._box(number)
            for letter in range(number - 1, max(-1, number - _FAR), -1):
                if chr(self._code(letter)).isalpha() and _is_close(box, self._box(letter)):
                    yield letter

    def _letters_beside(self, number: int) -> Iterable[int]:
        for step in (1, -1):
            for letter in range(number + step, number + step * (_REACH + 1), step):
                code = self._code(letter)
                if code != _SPACE:
                    if chr(code).isalpha():
                        yield letter
                    break

    def _stands_over(self, accent: int, letter: int) -> bool:
        x0, y0, x1, y1 = self._box(accent)
        left, foot, right, top = self._box(letter)
        middle = (x0 + x1) / 2
        return left <= middle <= right and (y0 >= (foot + top) / 2 or y1 <= (foot + top) / 2) and x1 > x0

    def take_figures_for_signs(self) -> None:
        """Put right the dashes, quotes and Greek letters that Ghostscript 10.00 wrote as figures and other signs."""
        fonts: dict[Address | None, dict[int, Drawn]] = {}
        for number in may_be_added(self.codes.tolist()):
            size, base = self._size_and_base(number)
            _, foot, _, top = self._box(number)
            if not size:
                continue
            drawn = Drawn(int(self.codes[number]), (foot - base) / size, (top - base) / size)
            if sign := sign_of(drawn):
                self.spelled[number] = sign
            else:
                fonts.setdefault(self._font(number), {})[number] = drawn
        for font in fonts.values():
            for number, letter in greek_letters(font).items():
                self.spelled[number] = letter or UNKNOWN

    def _code(self, number: int) -> int:
        return int(self.codes[number]) if 0 <= number < len(self.codes) else _LINE_ENDS[0]

    def _is_code(self, number: int) -> bool:
        return bindings.has_map_error(self._at, number) == 1

    def _font(self, number: int) -> Address | None:
        shown = bindings.text_object(self._of, number)
        return bindings.font_of(shown) if shown else None

    def _font_name(self, number: int) -> str:
        font = self._font(number)
        if font not in self._names:
            self._names[font] = bindings.font_name(font) if font else ""
        return self._names[font]

    def _table(self, number: int) -> Mapping[int, str]:
        font = self._font(number)
        if font not in self._tables:
            used = frozenset(
                int(code)
                for n, code in enumerate(self.codes)
                if code < 0x100 and self._font(n) == font and self._is_code(n)
            )
            self._tables[font] = encoding_of(used)
        return self._tables[font]

    def _box(self, number: int) -> tuple[float, float, float, float]:
        """Left, bottom, right and top of what is drawn, in the user space of the page."""
        sides = [ctypes.c_double() for _ in range(4)]
        pdfium.FPDFText_GetCharBox(self._text_page, number, sides[0], sides[2], sides[1], sides[3])
        return sides[0].value, sides[1].value, sides[2].value, sides[3].value

    def _is_drawn(self, number: int) -> bool:
        x0, y0, x1, y1 = self._box(number)
        return x1 > x0 and y1 > y0

    def _size_and_base(self, number: int) -> tuple[float, float]:
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(self._text_page, number, x, y)
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self._text_page, number, matrix)
        return bindings.font_size(self._of, number) * abs(matrix.d), y.value


def _is_close(accent: tuple[float, float, float, float], letter: tuple[float, float, float, float]) -> bool:
    """Does an accent stand right on top of a letter, or right below it? Both as left, bottom, right and top."""
    height = letter[3] - letter[1]
    return abs(accent[1] - letter[3]) <= _CLOSE * height or abs(letter[1] - accent[3]) <= _CLOSE * height


_CONTROL_SET = frozenset(_CONTROLS)
