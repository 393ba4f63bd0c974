"""Running text told from labels, cells, forms and references, by its words."""

from __future__ import annotations

import re

from extract.text.language import ENGLISH, bare_words, common_words

FEWEST_WORDS = 20  # of a passage, where there is a neighbour to join
SHORTEST_SENTENCE = 4  # words; fewer may be a label, even with a stop
_FEWEST_ALONE = 8  # words of a passage that has no neighbour to join
_NOTE_WORDS = 20  # a shorter footnote is a reference, not evidence

# Share of the words that are among the commonest of their language: running text has plenty of them, tables and
# forms next to none. Where endings do the work of small words, as in Turkish, the share is less, and in the items of
# a list, which name things one after the other and end with a stop.
_FUNCTION_SHARE, _FUNCTION_SHARE_ELSEWHERE = 0.12, 0.08
_LABEL_WORDS = 8  # a shorter line without a stop is a label
# "Laid before the Assembly on 9 March 2020", "By Mirel Soren of the Forum for Work and Welfare": no sentences.
_IMPRINT_WORDS = 15
_IMPRINT = re.compile(
    r"by [^\W\d_]|.*\b(?:january|february|march|april|may|june|july|august|september|october|november|december),?"
    r" (?:19|20)\d\d$",
    re.IGNORECASE,
)
_DENSE_SHARE = 0.2  # in the items of a list, which often end without a stop
_ALPHABETIC_SHARE = 0.6  # of the words
# A stop between digits is one only behind a year: "in 2018.4" has a note, "US$205.11" is a price.
_ENDS_SENTENCE = re.compile(r"(?:[!?:;…۔؟।።]|(?<!\d)\.|(?<=(?:19|20)\d\d)\.|\.(?!\d))[\"'”’»)\]-]*(?:\[?\d{1,3}\]?)?$")
_LEADER = re.compile(r"\.{4,}|(?:\. ){3,}\.?|…{2,}|_{4,}\s*\d+$")
# No sentence ends with one of these.
_MIDDLE_WORDS = frozenset({
    "a", "an", "the", "of", "and", "or", "to", "in", "for", "with", "by", "at", "from", "on", "as", "than", "that",
    "which", "who", "whose", "into", "between", "through", "including", "is", "are", "was", "were", "be", "been",
    "has", "have", "had", "its", "their", "his", "her", "our", "this", "these", "per",
    "under", "each", "every", "such", "if", "when", "where", "because", "while", "will", "shall", "may", "must",
    "would",
})  # fmt: skip
_TAIL = 24  # characters: a stop and what follows it are a few, and a whole paragraph takes longer to look at
_CITATION = re.compile(r"\(?(?:19|20)\d\d[a-z]?\)?[.,:]|\bpp?\.\s?\d|\bet al\b|https?://|\bvol\.|\bibid", re.IGNORECASE)


def ends_sentence(text: str) -> bool:
    """Does `text` end with a stop, and what may follow one: "way.”", "way.12"?"""
    return bool(_ENDS_SENTENCE.search(text, max(0, len(text) - _TAIL)))


def goes_on(text: str) -> bool:
    """Does `text` end with a word that no sentence ends with, such as "of" or "the"?"""
    return text.rsplit(None, 1)[-1].lower() in _MIDDLE_WORDS


def has_leaders(text: str) -> bool:
    """Are there dots that lead to a page number, or that are to be written on?"""
    # Each of them has one of these in it; looking for those takes a fifth of the time.
    return any(part in text for part in (". .", "...", "……", "___")) and bool(_LEADER.search(text))


def is_label(text: str) -> bool:
    """A few words without a verb to be seen and without an end: a label in a chart, a cell, a stray line."""
    words = bare_words(text)
    if ends_sentence(text):
        return len(words) < SHORTEST_SENTENCE
    if len(words) <= _IMPRINT_WORDS and _IMPRINT.match(text):
        return True
    language, function = common_words(text)
    return len(words) < _LABEL_WORDS or function < _share(language) * len(words)


def reads_as_prose(text: str, *, note: bool, item: bool) -> bool:
    """Sentences rather than a row of cells, a form or a reference."""
    bare = bare_words(text)
    if len(bare) < (_NOTE_WORDS if note else _FEWEST_ALONE):
        return False
    language, function = common_words(text)
    enough = _ALPHABETIC_SHARE * len(bare)
    if sum(map(str.isalpha, bare)) < enough and sum(map(_is_word, bare)) < enough:
        return False
    if note and len(_CITATION.findall(text)) * 12 > len(bare):
        return False
    if function < (_FUNCTION_SHARE_ELSEWHERE if item and ends_sentence(text) else _share(language)) * len(bare):
        return False
    if item and function >= _DENSE_SHARE * len(bare):
        return True
    # The recitals of a resolution are paragraphs that end in a comma.
    stopped = ". " in text or any(map(ends_sentence, text.split())) or text.endswith(",")
    return stopped and (len(bare) >= FEWEST_WORDS or ends_sentence(text))


def _share(language: str) -> float:
    return _FUNCTION_SHARE if language == ENGLISH else _FUNCTION_SHARE_ELSEWHERE


def _is_word(word: str) -> bool:
    """Letters only; the vowel signs of Arabic and Indian scripts are marks, not letters."""
    plain = word.replace("-", "").replace("’", "").replace("'", "")
    return plain.isalpha() or (not plain.isascii() and plain.isprintable() and any(map(str.isalpha, plain)))
