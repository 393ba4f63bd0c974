"""Where sentences end in readable English text.

Rules, not a model: a stop ends a sentence unless an abbreviation, an initial or a list mark explains it.
"""

from __future__ import annotations

import re

from extract.document import Span

# A stop, what closes with it, a raised note mark (by itself where a sentence seems to follow), white space, and
# what comes next.
_NOTE = r"\[?\d{1,3}(?:[,–-]\d{1,3})*\]?"
_STOP = re.compile(rf"([.!?…۔؟।።]+)([\"'”’»)\]]*)((?:{_NOTE}|\s{_NOTE}(?=\s+[\"“‘(]?[A-Z]))?)\s+(?=[\"'“‘«(\[•]*(\S))")
_TOKEN = re.compile(r"[\w.&’'-]*$")
_LONGEST_TOKEN = 64  # characters: looking through a whole sentence for its last word takes longer than all else here

# Never the end, whatever follows.
_TITLES = frozenset({
    "mr", "mrs", "ms", "dr", "prof", "rs", "st", "hon", "gen", "col", "capt", "messrs", "rev", "sr", "jr", "maj",
    "lt", "e.g", "i.e", "cf", "viz", "vs", "v", "c", "ca", "approx", "resp", "esp", "incl", "excl", "gov", "govt",
    "dept", "assoc", "eds", "ed", "tr", "transl",
})  # fmt: skip
# Not the end where a number or a bracket follows.
_BEFORE_NUMBER = frozenset({
    "no", "nos", "p", "pp", "fig", "figs", "vol", "vols", "eq", "eqs", "sec", "secs", "art", "arts", "para",
    "paras", "ch", "chap", "chaps", "tab", "app", "sect", "cl", "col", "ref", "refs", "rs", "pkr", "usd", "tk",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "al", "approx", "ver",
    "par", "pt", "fn", "n", "s",
})  # fmt: skip
# Not the end where a Roman number follows, "Vol. II" and "Art. V"; behind the others "I" may be a person.
_BEFORE_ROMAN = frozenset({
    "vol", "vols", "art", "arts", "ch", "chap", "chaps", "pt", "sec", "sect", "app", "par", "para", "cl", "tab", "fig",
    "ser", "bk",
})  # fmt: skip
_ROMAN = re.compile(r"[IVXLC]{1,7}\b")
# The end only where the next word usually starts a sentence.
_MAY_END = frozenset({
    "al", "etc", "inc", "ltd", "co", "corp", "u.s", "u.k", "u.n", "u.s.a", "u.a.e", "e.u", "a.m", "p.m", "ph.d",
    "m.a", "b.a", "m.sc", "b.sc", "pvt", "bros", "ibid", "op.cit", "est",
})  # fmt: skip
_STARTERS = frozenset({
    "the", "this", "that", "these", "those", "it", "in", "on", "at", "a", "an", "as", "for", "from", "if", "we",
    "they", "he", "she", "there", "however", "although", "while", "when", "where", "moreover", "furthermore",
    "addition", "since", "despite", "after", "before", "under", "with", "to", "by", "but", "and", "also", "such",
    "some", "many", "most", "both", "each", "our", "their", "its", "another", "other", "only", "one", "two",
    "three", "no", "not", "thus", "hence", "therefore", "then", "according",
})  # fmt: skip
_LIST_MARK = re.compile(r"\W*(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})")
_INITIAL = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")


def sentences(text: str) -> list[Span]:
    """Spans of the sentences of `text`, white space between them left out: "A. Khan left. Rs. 5 remain." has two."""
    spans: list[Span] = []
    start = 0
    for stop in _STOP.finditer(text):
        end = stop.end(3)
        if _is_end(text, start, stop):
            spans.append((start, end))
            start = stop.end()
    rest = text[start:].rstrip()
    if rest:
        spans.append((start, start + len(rest)))
    return spans


def _is_end(text: str, start: int, stop: re.Match[str]) -> bool:
    mark, closing, note, follower = stop.groups()
    if follower.islower():
        return False
    before = text[start : stop.start()]
    if note and not note[0].isspace() and not (before[-1:].isalpha() or closing or before[-1:] in ")%”"):
        return False
    if mark in "۔؟।።":  # of Urdu, Arabic, Hindi and Amharic, where no abbreviation has them
        return True
    if "?" in mark or "!" in mark or len(mark) > 1:
        return True
    if closing and not closing.startswith(")"):
        return True
    token_match = _TOKEN.search(before, max(0, len(before) - _LONGEST_TOKEN))
    token = token_match.group().strip("'’").lower() if token_match else ""
    if _LIST_MARK.fullmatch(before):
        return False
    if token in _TITLES:
        return False
    numbered = follower.isdigit() or text[stop.end() : stop.end() + 1] in "(["
    if token in _BEFORE_NUMBER and numbered:
        return False
    if token in _BEFORE_ROMAN and _ROMAN.match(text, stop.end()):
        return False
    if token in _MAY_END or _INITIAL.fullmatch(token):
        return _starts_sentence(text, stop.end())
    return True


def _starts_sentence(text: str, position: int) -> bool:
    match = re.match(r"[\"'“‘«(\[]*([^\W\d_]+)", text[position : position + 40])
    return bool(match and match.group(1).lower() in _STARTERS)
