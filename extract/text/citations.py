"""Bibliographic entries and notes that only cite, told from sentences by the signs in citations.toml."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

_SIGNS = Path(__file__).with_name("citations.toml")
_FEWEST = 2  # signs: a year by itself stands in many a sentence
_WORDS_A_SIGN = 12  # and more of the words are a sentence with a citation in it
_WORDS_A_VERB = 10  # of a title; sentences have a verb or the like for fewer words
_IN_TEXT = re.compile(r"\([A-Z][^()]{2,60}?(?:19|20)\d\d[a-z]?[^()]{0,20}\)")  # "(Khan, 2010, p. 4)" in a sentence
# How an entry of a list begins: "Khan, M. A.", "Adel R, Bonn", "[12] ", "World Bank. 2019."
_ENTRY = re.compile(
    r"(?:\[?\d{1,3}[\].)]?\s+|[-–•*]\s+)?"
    r"(?:[A-Z][\w’'-]+(?:[ -][A-Z][\w’'-]+)?,? (?:[A-Z]\.?[ -]?){1,3}(?:[,.;(&]|\s|$)"
    r"|[A-Z][\w’'-]+, [A-Z][\w’'-]+|(?:—|–|-|_){2,}"
    r"|(?:[A-Z][\w’'.&-]*\s(?:of\s|the\s|for\s|and\s|on\s)*){1,7}\(?(?:19|20)\d\d[a-z]?\)?[.,:])"
)


def is_citation(text: str) -> bool:
    """Does `text`, a note or the entry of a list, only name works: "Khan, M. (2010). Tax and aid. Journal of ..."?"""
    words = len(text.split())
    text = _IN_TEXT.sub("", text)
    signs = sum(len(sign.findall(text)) for sign in _signs())
    if signs < _FEWEST or signs * _WORDS_A_SIGN < words:
        return False
    return len(_saying().findall(text)) * _WORDS_A_VERB <= words


def is_reference_entry(text: str) -> bool:
    """Does `text` begin and read like an entry of a list of references?"""
    return _ENTRY.match(text) is not None and is_citation(text)


@cache
def _signs() -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, _tables()["signs"]))


@cache
def _saying() -> re.Pattern[str]:
    return re.compile(str(_tables()["saying"]), re.IGNORECASE)


@cache
def _tables() -> dict[str, list[str]]:
    return tomllib.loads(_SIGNS.read_text(encoding="utf-8"))
