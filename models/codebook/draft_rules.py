"""Draft rules: phrases taken from what a codebook of one's own says of its themes, until somebody writes a lexicon.

A phrase is two to four words of a theme's definition, rules of inclusion or examples that stand together between words
of grammar, as in automatic keyword extraction (Rose et al. 2010); or one long word that comes back in several of these
texts. What another theme says too tells nothing and is left out. Nothing of it was tried on labelled passages, so what
draft rules propose is marked as not calibrated.
"""

from __future__ import annotations

import re
import runpy
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

from models.codebook.codebook import Codebook, Theme
from models.codebook.rule import Rule

DRAFT = ".draft-"  # stands in the id of every draft rule, for example "NON.draft-3"
MOST = 40  # rules of a theme: a codebook with pages of examples must not become a lexicon of common words
_WORDS = (2, 4)  # in a phrase
_LONG, _TEXTS = 8, 3  # letters of a word that may stand alone, and in how many of the theme's texts it comes back
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\S")
# Words with which codebooks talk about passages and studies; they say nothing of a theme.
_ABOUT_CODING = """
passage passages text texts study studies report reports code coded coding theme themes example examples says say said
describes described mentions mention discusses discussed includes including included statement statements evidence etc
use used uses using given gives give much many several various certain
"""


def draft_rules(codebook: Codebook, codes: Sequence[str]) -> tuple[Rule, ...]:
    """Rules for the themes `codes`, in their order; the same codebook gives the same rules."""
    spoken = {theme.code: [list(_phrases(text)) for text in _texts(theme)] for theme in codebook.themes}
    owners = Counter(phrase for said in spoken.values() for phrase in {one for text in said for one in text})
    return tuple(rule for code in codes for rule in _rules(code, spoken[code], owners))


def is_draft(rule_id: str) -> bool:
    """Whether a rule was taken from the codebook and never tried."""
    return DRAFT in rule_id


def _rules(code: str, said: Sequence[Sequence[str]], owners: Counter[str]) -> Iterator[Rule]:
    texts = Counter(phrase for text in said for phrase in set(text))
    own = [
        phrase
        for phrase in texts
        if owners[phrase] == 1 and (" " in phrase or (len(phrase) >= _LONG and texts[phrase] >= _TEXTS))
    ]
    for number, phrase in enumerate(own[:MOST], start=1):
        yield Rule(f"{code}{DRAFT}{number}", code, _forms(phrase), "", "")


def _texts(theme: Theme) -> list[str]:
    return [text for text in (theme.name, theme.definition, *theme.include, *theme.examples) if text.strip()]


def _phrases(text: str) -> Iterator[str]:
    """Runs of words that are no grammar: each as a whole if it is short enough, else its neighbouring pairs; and each
    of its words."""
    run: list[str] = []
    for word in [*_WORD.findall(text.lower()), "."]:
        if word[0].isalpha() and word not in _grammar() and _is_word(word):
            run.append(word)
            continue
        if _WORDS[0] <= len(run) <= _WORDS[1]:
            yield " ".join(run)
        elif len(run) > _WORDS[1]:
            yield from (" ".join(pair) for pair in pairwise(run))
        yield from run
        run = []


def _is_word(word: str) -> bool:
    return len(word) > 1 and "'" not in word and "’" not in word  # "can't" ends a phrase


@cache
def _grammar() -> frozenset[str]:
    """spaCy's stop words of English, read from their file alone: to import spaCy takes a second, in every command."""
    spacy = find_spec("spacy")
    assert spacy is not None
    assert spacy.submodule_search_locations is not None
    words = runpy.run_path(str(Path(spacy.submodule_search_locations[0]) / "lang" / "en" / "stop_words.py"))
    return frozenset(words["STOP_WORDS"]) | frozenset(_ABOUT_CODING.split())


def _forms(phrase: str) -> tuple[str, ...]:
    """The phrase, and with its last word in the other number."""
    other = phrase[:-1] if phrase.endswith("s") and not phrase.endswith("ss") else f"{phrase}s"
    return (phrase, other)
