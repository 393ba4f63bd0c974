"""What the codes of TeX's own fonts mean, for bitmap fonts that do not say so themselves.

Without outlines of a font LaTeX writes a Type 3 font whose glyphs are named by number (/a30), with neither a name nor a
table to Unicode, and pdfium gives the bare code. Letters and figures have the codes of ASCII; the rest has not.
Sources: the encodings EC (T1), TC (TS1), OT1 and OMS as in the LaTeX2e Font Encodings guide (encguide.pdf).
"""

from __future__ import annotations

from collections.abc import Mapping

_ACCENTS = "`´ˆ˜¨˝˚ˇ˘¯˙¸˛"

# T1, the encoding of text: from U+0080 on European letters, below U+0020 accents, quotes, dashes and ligatures.
_T1_LOW = [*_ACCENTS, *"‚‹›“”„«»–—", "", "₀", "ı", "ȷ", "ff", "fi", "fl", "ffi", "ffl"]
_T1_HIGH = (
    "ĂĄĆČĎĚĘĞĹĽŁŃŇŊŐŔŘŚŠŞŤŢŰŮŸŹŽŻĲİđ§ăąćčďěęğĺľłńňŋőŕřśšşťţűůÿźžżĳ¡¿£ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖŒØÙÚÛÜÝÞẞ"
    "àáâãäåæçèéêëìíîïðñòóôõöœøùúûüýþß"
)
T1: Mapping[int, str] = {
    **dict(enumerate(_T1_LOW)), 0x27: "’", 0x60: "‘", 0x7F: "-", **dict(enumerate(_T1_HIGH, 0x80)),
}  # fmt: skip

# OT1, the encoding of text in the oldest fonts: nothing from U+0080 on.
_OT1_LOW = [*"ΓΔΘΛΞΠΣΥΦΨΩ", "ff", "fi", "fl", "ffi", "ffl", "ı", "ȷ", *"`´ˇ˘¯˚¸ßæœøÆŒØ"]
OT1: Mapping[int, str] = {
    **dict(enumerate(_OT1_LOW)), 0x27: "’", 0x5C: "“", 0x5E: "ˆ", 0x5F: "˙", 0x60: "‘", 0x7B: "–", 0x7C: "—",
    0x7D: "˝", 0x7E: "˜", 0x7F: "¨",
}  # fmt: skip

# TS1, signs of text (from U+0080 on), and OMS, signs of mathematics (below U+0020), in fonts without letters.
_TS1_HIGH = {
    0x84: "†", 0x85: "‡", 0x86: "‖", 0x87: "‰", 0x88: "•", 0x89: "℃", 0x8A: "$", 0x8B: "¢", 0x8C: "ƒ", 0x8D: "₡",
    0x8E: "₩", 0x8F: "₦", 0x90: "₲", 0x91: "₱", 0x92: "₤", 0x93: "℞", 0x94: "‽", 0x96: "₫", 0x97: "™", 0x98: "‱",
    0x99: "¶", 0x9A: "฿", 0x9B: "№", 0x9D: "℮", 0x9E: "◦", 0x9F: "℠", 0xA2: "¢", 0xA3: "£", 0xA4: "¤", 0xA5: "¥",
    0xA6: "¦", 0xA7: "§", 0xA8: "¨", 0xA9: "©", 0xAA: "ª", 0xAC: "¬", 0xAD: "℗", 0xAE: "®", 0xAF: "¯", 0xB0: "°",
    0xB1: "±", 0xB2: "²", 0xB3: "³", 0xB4: "´", 0xB5: "µ", 0xB6: "¶", 0xB7: "·", 0xB8: "※", 0xB9: "¹", 0xBA: "º",
    0xBB: "√", 0xBC: "¼", 0xBD: "½", 0xBE: "¾", 0xBF: "€", 0xD6: "×", 0xF6: "÷",
}  # fmt: skip
_OMS_LOW = {
    0x00: "−", 0x01: "·", 0x02: "×", 0x03: "∗", 0x04: "÷", 0x05: "⋄", 0x06: "±", 0x0E: "◦", 0x0F: "•", 0x14: "≤",
    0x15: "≥", 0x18: "∼", 0x19: "≈",
}  # fmt: skip
SIGNS: Mapping[int, str] = {**_OMS_LOW, **_TS1_HIGH}

_OT1_LIGATURES = range(0x0B, 0x10)  # where T1 has accents and quotes that stand in no English word
_T1_LIGATURES = range(0x1B, 0x20)


def encoding_of(codes: frozenset[int]) -> Mapping[int, str]:
    """The table of a bitmap font of TeX, judged by the `codes` of it that a page uses.

    A font without letters and figures is one of signs. T1 is the rule where text has this kind of font: the older OT1
    is told by its ligatures alone.
    """
    if not any(chr(code).isalnum() for code in codes if 0x20 < code < 0x7F):
        return SIGNS
    oldest = any(code in codes for code in _OT1_LIGATURES) and max(codes) < 0x80
    return OT1 if oldest and not any(code in codes for code in _T1_LIGATURES) else T1
