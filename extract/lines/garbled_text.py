"""Pages whose text is no text: fonts that give codes instead of letters, or other letters than the ones shown.

Judged page by page and in any language: what a person would read must be there, not what we would understand.
"""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Sequence

from extract.text.language import is_latin
from extract.words import UNKNOWN

_SENSELESS_SHARE = 0.3  # of the characters: replacement characters, private codes and "(cid:12)"
_FEWEST_CODES = 10  # characters: a page with a lone bullet of a symbol font is an empty page
_MISREAD_SHARE = 0.15  # of the characters: French read as Latin-1 has 0.08 and can be read, Urdu has 0.8
_SIGN_SHARE = 0.5  # of the characters, leaders and bullets aside: a table of figures has at most 0.3
_LOOKED_AT = 150  # words, evenly over the page: enough to tell, and a third of the time for all of them
_FEWEST = 100  # characters, or pairs of letters, before signs and pairs of letters say anything ...
FEWEST_OF_SUSPECTS = 20  # ... and on a page of a document of which others are garbled

# UTF-8 shown as if it were Latin-1 or Windows-1252: a lead byte and its one to three continuation bytes.
_TAIL = (
    "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201a\u201c-\u201e"
    "\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122"
)
_MISREAD = re.compile(f"[\u00c2-\u00f4][{_TAIL}]{{1,3}}")
_PRIVATE = re.compile("[\ue000-\uf8ff\ufffd]")
_CID = re.compile(r"\(cid:\d+\)")
# Words whose blanks have no meaning either, so that all of a line is one: "SD\PHQWV\ufffdZDV\ufffdQRWHG\ufffdE\".
_RUN_TOGETHER = re.compile("(?:[^\\s\ufffd]+\ufffd+){3,}[^\\s\ufffd]+")
_FILLERS = re.compile(r"[.\-–—_=*•·…|\s]+")

# Pairs of letters that make 0.91 of the pairs of English text, and of other languages in Latin script, accents left
# out, from 0.59 (Welsh) and 0.72 (Turkish) to 0.87. Of 731 real pages the lowest, all abbreviations, has 0.59.
# English with its alphabet shifted has at most 0.41, and with its letters exchanged at random at most 0.46.
_COMMON_PAIRS = """
    ab ac ad ag ai al am an ar as at av ba be bl bo ca ce ch ci cl co ct cu da de di du ea ec ed ee ef eg el em en ep
    er es et ev ex fe ff fi fo ge gh gr ha he hi ho ia ic id ie if ig il im in io ir is it iv ke la ld le li ll lo ls
    ly ma me mi mo mp na nc nd ne ng ni no ns nt ob oc od of ol om on oo op or os ot ou ov ow oy pa pe pl po pr qu ra
    rc re ri rk rm rn ro rs rt ru rv ry se sh si so ss st su ta te th ti to tr ts tu ty ua uc ul um un up ur us ut va
    ve vi wa we wh wi wo ye
"""
_PAIRS = frozenset(_COMMON_PAIRS.split())
_PLAUSIBLE = 0.5
_ENGLISH = frozenset({"the", "of", "and", "to", "in", "for", "is"})  # on nearly every page of prose: no more to ask
_ENOUGH_ENGLISH = 3
_LATIN_WORD = re.compile("[A-Za-z]{2,}")
_ABBREVIATION = 5  # capitals by themselves: lists of abbreviations have pairs of letters that no language has


def is_garbled(words: Sequence[str], *, fewest: int = _FEWEST) -> bool:
    """Is the text of a page unusable, though it has characters?

    Signs and pairs of letters count from `fewest` on: from FEWEST_OF_SUSPECTS on a page beside others that are garbled.
    """
    some = words[:: max(1, len(words) // _LOOKED_AT)]
    text = " ".join(some)
    length = sum(map(len, some))
    if length < _FEWEST_CODES:
        return False
    if _senseless(text) > _SENSELESS_SHARE * length:
        return True
    if not text.isascii() and sum(len(found) for found in _MISREAD.findall(text)) > _MISREAD_SHARE * length:
        return True
    if len(_ENGLISH.intersection(text.split())) >= _ENOUGH_ENGLISH:
        return False
    return _is_signs(text, fewest) or _is_shifted(text, fewest)


def _senseless(text: str) -> int:
    if text.isascii():
        return sum(map(len, _CID.findall(text)))
    private = len(_PRIVATE.findall(text))
    together = _RUN_TOGETHER.findall(text) if UNKNOWN in text else []
    return private + sum(map(len, _CID.findall(text))) + sum(map(len, together))


def _is_signs(text: str, fewest: int) -> bool:
    """More signs than letters and figures: "7KH" has letters, "7+( *RY" less and less."""
    solid = _FILLERS.sub("", text)
    signs = sum(1 for letter in solid if not letter.isalnum() and unicodedata.category(letter)[0] in "PSC")
    return len(solid) >= fewest and signs > _SIGN_SHARE * len(solid)


def _is_shifted(text: str, fewest: int) -> bool:
    """Latin letters that no language puts side by side."""
    if not text.isascii():
        if not is_latin(filter(str.isalpha, text)):
            return False
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    pairs = known = 0
    for word in _LATIN_WORD.findall(text):
        if len(word) > _ABBREVIATION or not word.isupper():
            pairs += len(word) - 1
            word = word.lower()
            known += sum(map(_PAIRS.__contains__, map(operator.add, word, word[1:])))
    return pairs >= fewest and known < _PLAUSIBLE * pairs
