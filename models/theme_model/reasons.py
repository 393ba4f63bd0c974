"""Why a theme is proposed: the words and phrases that moved its score, computed from the model itself.

The log-odds of a passage are a sum of weight x value over its terms. A word is given its own part and the parts of
the runs of letters it holds; a pair of words its own; a phrase of the lexicon what its rule adds. What is left is
the intercept. So the reasons are the score taken apart, not a story told about it.

Where a sentence encoder read the passage too, its part is one more reason, of kind "meaning": how far the passage's
meaning moved the score from that of an average passage, beside the labelled passage nearest to it; and of kind
"sentence": the sentence that says the theme most. "denial" is a phrase that its sentence takes back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from models.codebook.phrase_rules import PhraseHit
from models.suggestion import RULE_SCORES, Reason
from models.theme_model.rules_only import DENIED
from models.theme_model.tfidf import Floats, Integers, SparseMatrix, Vectoriser, letter_runs, words_of

MOST = 6
UNSAID = 0.05  # what a theme is taken to be likely in a passage in which no rule is found
SMALLEST = 0.05  # of the log-odds; less is noise
DIGITS = 4
WORTH_TELLING = SMALLEST - 2 * 10.0**-DIGITS  # before rounding
_PASSAGES = 4  # whose words are kept apart: the themes of a passage are asked about one after the other


def rule_reasons(text: str, hits: Sequence[PhraseHit]) -> tuple[Reason, ...]:
    """Reasons of a theme that only the phrase rules know: each rule that asserts it, with its first phrase.

    The weight is one rule's part in the log-odds of the score, over those of a passage in which no rule is found.
    """
    first: dict[str, PhraseHit] = {}
    for hit in hits:
        if hit.asserted:
            first.setdefault(hit.rule.id, hit)
    if not first:  # what only takes the theme back
        return tuple(Reason("denial", _as_found(text, hit.start, hit.end), DENIED, hit.rule.id) for hit in hits[:1])
    score = RULE_SCORES[min(len(first), len(RULE_SCORES) - 1)]
    without = np.log(UNSAID / (1 - UNSAID))
    part = round(float(np.log(score / (1 - score)) - without) / len(first), DIGITS)
    return tuple(Reason("phrase", _as_found(text, hit.start, hit.end), part, hit.rule.id) for hit in first.values())[
        :MOST
    ]


def choose_reasons(parts: Sequence[Reason]) -> tuple[Reason, ...]:
    """The strongest of all that moved a score, whether they spoke for the theme or against it, strongest first.

    What several voices read out of the meaning is one reason. A phrase that the sentence takes back (denied, solved,
    planned, defined) is always told.
    """
    told = [part for part in parts if part.kind != "meaning"]
    meant = [part for part in parts if part.kind == "meaning"]
    if meant:
        text = next((part.text for part in meant if part.text), "")
        told.append(Reason("meaning", text, sum(part.weight for part in meant)))
    reasons = [replace(reason, weight=round(reason.weight, DIGITS)) for reason in told if _is_worth_telling(reason)]
    reasons.sort(key=lambda reason: (-abs(reason.weight), reason.text))
    chosen: list[Reason] = []
    for reason in reasons:
        # "targeting" after "targeting errors" of the same kind would tell the same thing twice.
        if not any(reason.text.casefold() in one.text.casefold() for one in chosen if one.kind == reason.kind):
            chosen.append(reason)
    denials = [reason for reason in chosen[MOST:] if reason.kind == "denial"][:1]
    return (*chosen[: MOST - len(denials)], *denials)


def _is_worth_telling(reason: Reason) -> bool:
    if reason.kind == "denial":
        return True
    if abs(reason.weight) < SMALLEST:
        return False
    return reason.kind != "term" or _says_something(reason.text)


def take_apart(
    text: str,
    row: SparseMatrix,
    weights: Floats,
    vectoriser: Vectoriser,
    hits: Sequence[PhraseHit],
    *,
    least: float = 0.0,
) -> list[Reason]:
    """All reasons: their weights and the intercept add up to the log-odds. Words below `least` are left out.

    `row` is the passage (1, columns), `weights` are those of the theme on the scale of its calibrated log-odds.
    """
    parts = np.zeros(len(weights))
    parts[row.indices] = row.data * weights[row.indices]
    return _phrases(text, parts, vectoriser, hits) + _terms(text, parts, _lay_out(text, vectoriser), least)


def _phrases(text: str, parts: Floats, vectoriser: Vectoriser, hits: Sequence[PhraseHit]) -> list[Reason]:
    """One reason for each rule found. What a theme's rules add together is shared among them equally."""
    base = len(vectoriser.words.terms) + len(vectoriser.letters.terms)
    rule_at = {rule.id: base + at for at, rule in enumerate(vectoriser.rules)}
    asserted_at = {theme: base + len(vectoriser.rules) + at for at, theme in enumerate(vectoriser.themes)}
    first: dict[tuple[str, bool], PhraseHit] = {}
    for hit in hits:
        first.setdefault((hit.rule.id, hit.asserted), hit)
    sharing = Counter((hit.rule.theme, hit.asserted) for hit in first.values())
    reasons = []
    for hit in first.values():
        column = asserted_at[hit.rule.theme] + (0 if hit.asserted else len(vectoriser.themes))
        weight = float(parts[column]) / sharing[hit.rule.theme, hit.asserted]
        if hit.asserted:
            weight += float(parts[rule_at[hit.rule.id]])
        kind: Literal["phrase", "denial"] = "phrase" if hit.asserted else "denial"
        reasons.append(Reason(kind, _as_found(text, hit.start, hit.end), round(weight, DIGITS), hit.rule.id))
    return reasons


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """The words and pairs of words of one passage, and the runs of letters in them."""

    places: Sequence[tuple[int, int]]  # of each term, where it is first found: the words, then the pairs
    columns: Integers  # (terms,): in the passage's row; -1 for a word that is no term
    words: int  # how many of the terms are words
    often: Floats  # (words,)
    runs: Integers  # (runs,): columns
    totals: Floats  # (runs,): how often each is in the passage
    owners: Integers  # (runs in words,): the word
    which: Integers  # (runs in words,): the run


@lru_cache(maxsize=_PASSAGES)
def _lay_out(text: str, vectoriser: Vectoriser) -> _Words:
    """What of the reasons of a passage is the same for all themes."""
    found = words_of(text)
    times = Counter(word for word, _, _ in found)
    place: dict[str, tuple[int, int]] = {}
    for number, (word, start, end) in enumerate(found):
        place.setdefault(word, (start, end))
        if number and (pair := f"{found[number - 1][0]} {word}") in vectoriser.words.index:
            place.setdefault(pair, (found[number - 1][1], end))
    terms = [*times, *(term for term in place if term not in times)]
    index = vectoriser.letters.index
    held = [[index[run] for run in letter_runs(word) if run in index] for word in times]
    owners = np.repeat(np.arange(len(held)), [len(one) for one in held])
    runs, which = np.unique(np.array([run for one in held for run in one], dtype=np.int64), return_inverse=True)
    often = np.array([times[word] for word in times], dtype=np.float64)
    return _Words(
        places=[place[term] for term in terms],
        columns=np.array([vectoriser.words.index.get(term, -1) for term in terms], dtype=np.int64),
        words=len(times),
        often=often,
        runs=runs + len(vectoriser.words.terms),
        totals=np.bincount(which, weights=often[owners], minlength=len(runs)).astype(np.float64),
        owners=owners,
        which=which,
    )


def _terms(text: str, parts: Floats, words: _Words, least: float) -> list[Reason]:
    """Every word and pair of words of the vocabulary, as first found in the text."""
    added = parts[words.runs] / np.maximum(words.totals, 1.0)
    totals = np.where(words.columns >= 0, parts[words.columns], 0.0)
    through_letters = np.bincount(words.owners, weights=added[words.which], minlength=words.words) * words.often
    totals[: words.words] += through_letters
    return [
        Reason("term", _as_found(text, *words.places[at]), round(float(totals[at]), DIGITS))
        for at in np.flatnonzero(np.abs(totals) >= least).tolist()
    ]


def _says_something(term: str) -> bool:
    words = term.casefold().split()
    return any(len(word) > 2 and word not in ENGLISH_STOP_WORDS and not word.isdigit() for word in words)


def _as_found(text: str, start: int, end: int) -> str:
    return " ".join(text[start:end].split())
