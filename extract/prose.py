"""Running text told from labels, cells, forms and references, by its words."""

from __future__ import annotations

import re

FEWEST_WORDS = 20  # of a passage, where there is a neighbour to join
SHORTEST_SENTENCE = 4  # words; fewer may be a label, even with a stop
_FEWEST_ALONE = 8  # words of a passage that has no neighbour to join
_NOTE_WORDS = 20  # a shorter footnote is a reference, not evidence

# The commonest words of English: running text has plenty of them, tables and forms next to none.
_FUNCTION_WORDS = frozenset({
    "the", "of", "and", "to", "in", "a", "is", "that", "for", "are", "on", "as", "with", "by", "it", "be", "was",
    "were", "this", "from", "at", "or", "an", "which", "has", "have", "not", "their", "its", "been", "but", "they",
    "also", "can", "will", "may", "such", "more", "than", "these", "there", "all", "other", "between", "under",
    "who",
})  # fmt: skip
_PUNCTUATION = ".,;:!?()[]\"'“”‘’•"
_FUNCTION_SHARE = 0.12  # of the words
_LABEL_WORDS = 8  # a shorter line without a stop is a label
_DENSE_SHARE = 0.2  # in the items of a list, which often end without a stop
_ALPHABETIC_SHARE = 0.6  # of the words
ENDS_SENTENCE = re.compile(r"[.!?:;…][\"'”’»)\]-]*(?:\[?\d{1,3}\]?)?$")
_CITATION = re.compile(r"\(?(?:19|20)\d\d[a-z]?\)?[.,:]|\bpp?\.\s?\d|\bet al\b|https?://|\bvol\.|\bibid", re.IGNORECASE)


def is_label(text: str) -> bool:
    """A few words without a verb to be seen and without an end: a label in a chart, a cell, a stray line."""
    words = text.lower().split()
    if ENDS_SENTENCE.search(text):
        return len(words) < SHORTEST_SENTENCE
    function = sum(1 for word in words if word.strip(_PUNCTUATION) in _FUNCTION_WORDS)
    return len(words) < _LABEL_WORDS or function < _FUNCTION_SHARE * len(words)


def reads_as_prose(text: str, *, note: bool, item: bool) -> bool:
    """Sentences rather than a row of cells, a form or a reference."""
    words = text.lower().split()
    if len(words) < (_NOTE_WORDS if note else _FEWEST_ALONE):
        return False
    bare = [word.strip(_PUNCTUATION) for word in words]
    alphabetic = sum(1 for word in bare if word.replace("-", "").replace("’", "").replace("'", "").isalpha())
    if alphabetic < _ALPHABETIC_SHARE * len(words):
        return False
    if note and len(_CITATION.findall(text)) * 12 > len(words):
        return False
    function = sum(1 for word in bare if word in _FUNCTION_WORDS)
    if function < _FUNCTION_SHARE * len(words):
        return False
    if item and function >= _DENSE_SHARE * len(words):
        return True
    # The recitals of a resolution are paragraphs that end in a comma.
    stopped = any(ENDS_SENTENCE.search(word) for word in words) or text.endswith(",")
    return stopped and (len(words) >= FEWEST_WORDS or bool(ENDS_SENTENCE.search(text)))
