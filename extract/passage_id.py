"""The id of a passage: its words, not where they stand nor in which bytes.

A file that was stamped when it was downloaded, a page that moved and a new extraction leave a passage the same as long
as its words are. So what people decided on it, who codes it and what they are shown stay as they were.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable

_DIGITS = 16  # hex digits: two passages of one document share them with a chance of 1 in 10^13


def passage_ids(texts: Iterable[str]) -> list[str]:
    """The ids of the passages of one document, whose texts are given in reading order.

    Letters and digits count, in one case: hyphens at line ends and spaces are read now so, now so. Where the same words
    come again, the second is "3f2a9c1d5b7e8a01-2".
    """
    seen: Counter[str] = Counter()
    ids = []
    for text in texts:
        key = hashlib.sha256(_letters(text).encode()).hexdigest()[:_DIGITS]
        seen[key] += 1
        ids.append(key if seen[key] == 1 else f"{key}-{seen[key]}")
    return ids


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(filter(str.isalnum, folded)) or folded
