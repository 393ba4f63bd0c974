"""The words of English: which of two halves at a line end are words by themselves, and whether a page reads as English.

118,568 words in lower case, American and British, from the SCOWL lists up to size 70 (see english_words.LICENSE.txt).
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LONG_ENOUGH = 3  # letters: two of them make a word by chance


def is_english(word: str) -> bool:
    """Is `word` (in lower case) a word of English? True for "unemployment", False for "unemploy" and for names."""
    return word in _words()


def english_share(texts: Iterable[str]) -> tuple[float, int]:
    """How many of the words in `texts` are English, as a share, and how many words there are; names count as none."""
    found = [part for text in texts for part in _WORD.findall(text.lower()) if len(part) >= _LONG_ENOUGH]
    known = sum(all(map(is_english, re.split("['’-]s?", word))) for word in found)
    return (known / len(found) if found else 0.0), len(found)


@cache
def _words() -> frozenset[str]:
    data = (Path(__file__).with_name("english_words.txt.gz")).read_bytes()
    return frozenset(gzip.decompress(data).decode("ascii").split())
