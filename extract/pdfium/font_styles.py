"""Is a font bold, is it italic? By its name, and where that says nothing by its weight beside that of the page's body.

pdfium's weight is no weight: it is five times the width of the stems that the font declares (from 140 on four times,
and 140 more). LaTeX's CMBX has 545 to 570, Noto Sans Regular 625, Helvetica 0, and Ghostscript writes its own,
605 to 1,400 for regular fonts.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import pypdfium2.raw as pdfium

from extract.pdfium import bindings
from extract.pdfium.bindings import Address
from extract.pdfium.handles import PdfiumTextPage

_BOLD_WEIGHT = 600  # of pdfium, where the name of the font says nothing
_HEAVIER = 1.25  # times the weight of most of the page's letters: so much more at least has a bold among regular fonts
_ITALIC_FLAG = 1 << 6  # of a font descriptor (ISO 32000-1, table 123)
_STROKED_TOO = 2  # way to show text: filled and outlined, which makes any font a bold one

_SUBSET = re.compile(r"^[A-Z]{6}\+")
# Parts of names of fonts, in any case where they are words of their own ("Arial,Bold", "FrutigerLTStd-BoldCn").
_BOLD = re.compile(
    r"(?i:bold|black|heavy|(?<![a-z])semi(?![a-z])|\bdemi|-medi(?!um))|(?:^|[-, \d])(?:Bd|Blk|Hv)(?![a-z])"
    r"|^(?i:rm-lmbx|(?:cm|ec|sf)(?:ss)?bx|cmb\d|cmmib|cmbsy|ecrb|ecsx|sfsx|ecxi|sfxi|ecbi|sfbi|ecbl|sfbl)"
)
_REGULAR = re.compile(
    r"(?i:regular|roman|light|thin|(?:^|[-, ])(?:book|regu|reg)(?![a-z]))|(?:^|[-, \d])(?:Rm|Lt)(?![a-z])"
    r"|^(?i:(?:cm|ec|sf)(?:r|ss|ti|tt|sl|csc|rm|si)\d)"
)
_ITALIC = re.compile(
    r"(?i:italic|oblique|slanted|kursiv)|(?<=[-, a-z\d])(?:It|Ital|Obl)(?![a-z])"
    r"|^(?i:(?:cm|ec|sf)(?:bx)?(?:ti|sl|si|xi|bi|ssi|mi)b?\d)"
)


class _Font(NamedTuple):
    """What a font declares."""

    named_bold: bool | None  # None: the name says nothing
    italic: bool
    weight: int


def font_styles(
    text_page: PdfiumTextPage, indices: Sequence[int], shown: Sequence[Address | None], lengths: Sequence[int]
) -> list[tuple[bool, bool]]:
    """Bold and italic of each text object of `shown`, told by a character in it (`indices`); asked once for every font.

    `lengths` are how many words each has: the font with most of them is that of the page's body.
    """
    fonts = list(map(bindings.font_of, shown))
    declared: dict[Address | None, _Font] = {}
    words: Counter[Address | None] = Counter()
    for font, index, length in zip(fonts, indices, lengths, strict=True):
        words[font] += length
        if font not in declared:
            declared[font] = _declared(text_page, font, index)
    body = declared[words.most_common(1)[0][0]].weight if words else 0
    styles = {font: (_is_bold(one, body), one.italic) for font, one in declared.items()}
    outlined = [shown_at is not None and bindings.render_mode(shown_at) == _STROKED_TOO for shown_at in shown]
    if not any(outlined):
        return [styles[font] for font in fonts]
    return [(styles[font][0] or fat, styles[font][1]) for font, fat in zip(fonts, outlined, strict=True)]


def is_bold_name(name: str) -> bool:
    """Does the name of a font say that it is bold? "ABCDEF+CMBX10" and "Arial,Bold" do."""
    return _BOLD.search(_SUBSET.sub("", name)) is not None


def is_italic_name(name: str) -> bool:
    """Does the name of a font say that it is italic? "CMTI10" and "Georgia-Italic" do."""
    return _ITALIC.search(_SUBSET.sub("", name)) is not None


def _is_bold(font: _Font, body: int) -> bool:
    if font.named_bold is not None:
        return font.named_bold
    return font.weight >= max(_BOLD_WEIGHT, _HEAVIER * body) if body else font.weight >= _BOLD_WEIGHT


def _declared(text_page: PdfiumTextPage, font: Address | None, index: int) -> _Font:
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    length = pdfium.FPDFText_GetFontInfo(text_page, index, name, len(name), flags)
    text = _SUBSET.sub("", name.value.decode("latin-1")) if 0 < length <= len(name) else ""
    italic = bool(_ITALIC.search(text)) or bool(flags.value > 0 and flags.value & _ITALIC_FLAG)
    named = True if _BOLD.search(text) else False if _REGULAR.search(text) else None
    return _Font(named, italic, pdfium.FPDFText_GetFontWeight(text_page, index))
