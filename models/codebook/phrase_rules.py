"""Finding the lexicon's phrases in passages, and whether each asserts its theme.

A phrase is taken back where the sentence denies it, says it is solved, plans it or defines it. This is small
logic over word positions, not grammar: it is one more thing the classifier weighs, and it is shown to people.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import spacy
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from models.codebook.lexicon import Lexicon
from models.codebook.rule import CUES, Cue, Rule

NEAR_WORDS = 10  # between a phrase and what must stand near it
DENIAL_WORDS = 6  # between a denial and the phrase it takes back
CLAUSE_BREAKS = frozenset({";", ":", "but", "although", "though", "however", "yet", "while", "whereas", "(", ")"})
BEFORE: frozenset[Cue] = frozenset({"denied", "planned"})  # cues that only count before the phrase
# One character for one, so that positions stay those of the text.
_SAME_LENGTH = str.maketrans({**dict.fromkeys("-‐‑‒–—\n\t\r\u00a0", " "), "’": "'", "‘": "'", "“": '"', "”": '"'})
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[^\w\s]")
_ENDS = frozenset(".?!")
_OTHER = "_"
_OPENING = re.compile(r"[\"')\]]*\s+[\"'(\[]*[^\W\d_a-z]|[\"')\]\s]*$")  # after a full stop: a capital, or the end


@dataclass(frozen=True, slots=True)
class PhraseHit:
    """A phrase of the lexicon found in a passage."""

    rule: Rule
    start: int  # span of characters in the passage, end exclusive
    end: int
    taken_back: Cue | None = None  # None: the passage asserts it

    @property
    def asserted(self) -> bool:
        """False where the sentence denies, solves, plans or defines what the phrase says."""
        return self.taken_back is None


class PhraseRules:
    """A lexicon ready to be matched: one PhraseMatcher for all rules and cues."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._nlp = spacy.blank("en")
        self._guard = threading.Lock()  # spaCy's vocabulary is not made for several threads
        self._matcher = PhraseMatcher(self._nlp.vocab, attr="LOWER")
        self._known: set[str] = set()  # every word of the lexicon
        self._meaning: dict[int, tuple[str, Any]] = {}  # key of a match -> ("phrase" or "near", rule) or ("cue", name)
        for rule in lexicon.rules:
            self._add("phrase", rule.id, rule, rule.phrases)
            self._add("near", rule.id, rule, rule.near)
        for cue, phrases in lexicon.cues.items():
            self._add("cue", cue, cue, phrases)

    def _add(self, kind: str, name: str, meaning: object, phrases: Iterable[str]) -> None:
        written = [_TOKEN.findall(phrase.translate(_SAME_LENGTH).lower()) for phrase in phrases]
        docs = [Doc(self._nlp.vocab, words=words) for words in written]
        self._known.update(*written)
        if docs:
            key = f"{kind} {name}"
            self._matcher.add(key, docs)
            self._meaning[self._nlp.vocab.strings[key]] = (kind, meaning)

    def find(self, texts: Iterable[str]) -> list[tuple[PhraseHit, ...]]:
        """The hits in each text, by position; of one rule's overlapping hits, the first and longest."""
        with self._guard:
            return [self._read(text.translate(_SAME_LENGTH)) for text in texts]

    def _read(self, text: str) -> tuple[PhraseHit, ...]:
        # spaCy's own tokenizer is three times slower (12,000 against 27,000 passages a CPU second). A word that no
        # phrase holds becomes a blank: making spaCy learn it would take most of the time.
        known = self._known
        words = [lower if (lower := word.lower()) in known else _OTHER for word in _TOKEN.findall(text)]
        doc = Doc(self._nlp.vocab, words=words)
        phrases: dict[str, list[tuple[int, int, Rule]]] = defaultdict(list)
        near: dict[str, list[tuple[int, int]]] = defaultdict(list)
        cues: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for key, start, end in self._matcher(doc):
            kind, meaning = self._meaning[key]
            if kind == "phrase":
                phrases[meaning.id].append((start, end, meaning))
            elif kind == "near":
                near[meaning.id].append((start, end))
            else:
                cues[meaning].append((start, end))
        if not phrases:
            return ()
        tokens = list(_TOKEN.finditer(text))
        sentence_of = _sentences(text, tokens)
        hits: list[PhraseHit] = []
        for rule_id, places in phrases.items():
            for first, last, rule in _longest(places, near.get(rule_id, ()), sentence_of):
                taken_back = _taken_back(tokens, rule, first, last, sentence_of, cues)
                hits.append(PhraseHit(rule, tokens[first].start(), tokens[last - 1].end(), taken_back))
        return tuple(sorted(hits, key=lambda hit: (hit.start, hit.end, hit.rule.id)))


def _sentences(text: str, tokens: list[re.Match[str]]) -> list[int]:
    """The number of the sentence in which each token stands."""
    numbers: list[int] = []
    number = 0
    for at, token in enumerate(tokens):
        numbers.append(number)
        if token[0] in _ENDS and (at + 1 == len(tokens) or _OPENING.match(text, token.end())):
            number += 1
    return numbers


def _longest(
    places: list[tuple[int, int, Rule]], near: Sequence[tuple[int, int]], sentence_of: Sequence[int]
) -> Iterator[tuple[int, int, Rule]]:
    """Of one rule's hits, each joined with the nearest companion it needs, those that no earlier one overlaps.

    Hits that would run over the end of a sentence are left out.
    """
    joined: list[tuple[int, int, Rule]] = []
    companions = sorted(near)
    reach = NEAR_WORDS + max((end - start for start, end in companions), default=0)
    for start, end, rule in places:
        spans = [(start, end)]
        if rule.near:
            # Only those in reach are looked at: a passage of ten thousand words may hold thousands.
            low = bisect_left(companions, (start - reach, 0))
            high = bisect_left(companions, (end + NEAR_WORDS + 1, 0))
            spans = [
                (min(start, other), max(end, other_end))
                for other, other_end in companions[low:high]
                if other >= end or other_end <= start <= other_end + NEAR_WORDS
            ]
        spans = [span for span in spans if sentence_of[span[0]] == sentence_of[span[1] - 1]]
        if spans:
            joined.append((*min(spans, key=lambda span: (span[1] - span[0], span[0])), rule))
    taken_until = -1
    for start, end, rule in sorted(joined, key=lambda span: (span[0], -span[1])):
        if start >= taken_until:
            yield start, end, rule
            taken_until = end


def _taken_back(
    tokens: Sequence[re.Match[str]],
    rule: Rule,
    first: int,
    last: int,
    sentence_of: Sequence[int],
    cues: Mapping[str, Sequence[tuple[int, int]]],
) -> Cue | None:
    """The cue that takes back the phrase in tokens `first` to `last`, or None."""
    for cue in CUES:
        if cue in rule.despite:
            continue
        for start, end in cues.get(cue, ()):
            outside = end <= first or start >= last
            if not outside or sentence_of[start] != sentence_of[first]:
                continue
            if cue in BEFORE and end > first:
                continue
            if cue == "denied" and (
                first - end > DENIAL_WORDS or any(tokens[at][0].lower() in CLAUSE_BREAKS for at in range(end, first))
            ):
                continue
            return cue
    if "defined" not in rule.despite:
        number = sentence_of[first]
        closing = last - 1
        while closing + 1 < len(tokens) and sentence_of[closing + 1] == number:
            closing += 1
        if tokens[closing][0] == "?":
            return "defined"
    return None
