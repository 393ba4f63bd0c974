"""The words of English: which of two halves at a line end are words by themselves.

118,568 words in lower case, American and British, from the SCOWL lists up to size 70 (see english_words.LICENSE.txt).
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path


def is_english(word: str) -> bool:
    """Is `word` (in lower case) a word of English? True for "unemployment", False for "unemploy" and for names."""
    return word in _words()


@cache
def _words() -> frozenset[str]:
    data = (Path(__file__).with_name("english_words.txt.gz")).read_bytes()
    return frozenset(gzip.decompress(data).decode("ascii").split())
