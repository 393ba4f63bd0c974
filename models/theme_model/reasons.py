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
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from models.codebook.phrase_rules import PhraseHit
from models.suggestion import Reason
from models.theme_model.rules_only import DENIED, SCORES
from models.theme_model.tfidf import Floats, SparseMatrix, Vectoriser, letter_runs, words_of

MOST = 6
UNSAID = 0.05  # what a theme is taken to be likely in a passage in which no rule is found
SMALLEST = 0.05  # of the log-odds; less is noise
DIGITS = 4


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
    score = SCORES[min(len(first), len(SCORES) - 1)]
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
    text: str, row: SparseMatrix, weights: Floats, vectoriser: Vectoriser, hits: Sequence[PhraseHit]
) -> list[Reason]:
    """All reasons: their weights and the intercept add up to the log-odds.

    `row` is the passage (1, columns), `weights` are those of the theme on the scale of its calibrated log-odds.
    """
    parts = dict(zip(row.indices.tolist(), (row.data * weights[row.indices]).tolist(), strict=True))
    return _phrases(text, parts, vectoriser, hits) + _terms(text, parts, vectoriser)


def _phrases(text: str, parts: Mapping[int, float], vectoriser: Vectoriser, hits: Sequence[PhraseHit]) -> list[Reason]:
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
        weight = parts.get(column, 0.0) / sharing[hit.rule.theme, hit.asserted]
        if hit.asserted:
            weight += parts.get(rule_at[hit.rule.id], 0.0)
        kind: Literal["phrase", "denial"] = "phrase" if hit.asserted else "denial"
        reasons.append(Reason(kind, _as_found(text, hit.start, hit.end), round(weight, DIGITS), hit.rule.id))
    return reasons


def _terms(text: str, parts: Mapping[int, float], vectoriser: Vectoriser) -> list[Reason]:
    """Every word and pair of words of the vocabulary, as first found in the text."""
    found = words_of(text)
    times = Counter(word for word, _, _ in found)
    place: dict[str, tuple[int, int]] = {}
    for number, (word, start, end) in enumerate(found):
        place.setdefault(word, (start, end))
        if number and (pair := f"{found[number - 1][0]} {word}") in vectoriser.words.index:
            place.setdefault(pair, (found[number - 1][1], end))
    index, offset = vectoriser.letters.index, len(vectoriser.words.terms)
    words = list(times)
    held = [[index[run] for run in letter_runs(word) if run in index] for word in words]
    owners = np.repeat(np.arange(len(words)), [len(one) for one in held])
    runs, which = np.unique(np.array([run for one in held for run in one], dtype=np.int64), return_inverse=True)
    often = np.array([times[word] for word in words], dtype=np.float64)
    totals = np.bincount(which, weights=often[owners], minlength=len(runs))
    added = np.array([parts.get(offset + run, 0.0) for run in runs.tolist()]) / np.maximum(totals, 1.0)
    through_letters = np.bincount(owners, weights=added[which], minlength=len(words)) * often
    weights = dict(zip(words, through_letters.tolist(), strict=True))
    for term in place:
        if (column := vectoriser.words.index.get(term)) is not None:
            weights[term] = weights.get(term, 0.0) + parts.get(column, 0.0)
    return [Reason("term", _as_found(text, *place[term]), round(weight, DIGITS)) for term, weight in weights.items()]


def _says_something(term: str) -> bool:
    words = term.casefold().split()
    return any(len(word) > 2 and word not in ENGLISH_STOP_WORDS and not word.isdigit() for word in words)


def _as_found(text: str, start: int, end: int) -> str:
    return " ".join(text[start:end].split())
