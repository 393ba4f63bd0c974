"""Are two entries one work? What their DOIs, titles, years and authors say, and how sure that is.

Sure is only what identifies a work: a DOI or PubMed number, or the same title with the same year and an author, or with
nothing that differs. Titles that are merely alike are for people to look at: "round 1" and "round 2", "volume I" and
"volume II", ": Sindh" and ": Punjab" are titles of different works, and so are the annual reports of two ministries.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Literal, Protocol

from rapidfuzz import fuzz

from corpus.registry.title_match import words

# "same": one record twice. "edition": one work in two editions. "alike": a person has to look.
Likeness = Literal["same", "edition", "alike"]

DISTINCT_WORDS = 4  # of a title; "Annual Report" and "Labour Force Survey" say nothing without their author
SPELLING = 80.0  # per cent of letters (Indel similarity) for "programme" and "program"; such titles are "alike"
UNLIKE = 55.0  # two titles with the same DOI less alike than this (token set ratio): a book's DOI at its chapters
BLOCK = 300  # at most so many earlier entries are compared with one for the sake of one word of its title
MOST_OF = 0.7  # of the longer title's words the shorter must have, where it is not the beginning of it
FEWEST_WORDS = 3  # of the shorter of two titles that are merely alike
_PARTS = frozenset(["book chapter", "conference paper"])
RAREST = 4  # words of a title by which others like it are looked for

_STOP = re.compile(
    "a|an|and|as|at|by|for|from|in|into|is|it|its|of|on|or|the|their|this|to|under|upon|with|within"  # make no title
)
_EDITION = re.compile(
    r"\b(?:(?:\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|new|revised|updated)\s+(?:revised\s+)?ed(?:ition|n)?\b\.?"
    r"|revised\b|reprint(?:ed)?\b|working paper version\b)",
    re.IGNORECASE,
)
_NUMBERS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "i": "1", "ii": "2",
    "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10",
}  # fmt: skip
# What is numbered: "phase two", "second round".
_SERIES = re.compile(
    "annex|book|bulletin|chapter|edition|issue|module|no|note|number|paper|part|phase|quarter|report|round|section|series|"
    "stage|step|study|survey|tome|tranche|vol|volume|wave|year"
)


class Described(Protocol):
    """What is compared: an entry of the registry, or a record that may become one."""

    @property
    def title(self) -> str: ...
    @property
    def authors(self) -> tuple[str, ...]: ...
    @property
    def year(self) -> int | None: ...
    @property
    def publisher(self) -> str: ...
    @property
    def container_title(self) -> str: ...
    @property
    def volume(self) -> str: ...
    @property
    def doi(self) -> str: ...
    @property
    def pmid(self) -> str: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Sign:
    """What makes two entries look like one work."""

    likeness: Likeness
    why: str  # in words, for example "the same title, year and author"
    number: bool = False  # is it a DOI or a number in PubMed?


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What of an entry is compared."""

    words: tuple[str, ...]  # of the title, without small words and edition marks
    numbers: tuple[str, ...]  # among them, "two" and "II" as "2"
    people: frozenset[str]  # surnames of authors, and names of institutions
    has_person: bool  # is there an author with a surname and a given name?
    issuers: frozenset[str]  # publisher and journal
    year: int | None
    volume: str
    doi: str
    pmid: str
    is_part: bool  # of a book that may have lent it its DOI


def fingerprint(entry: Described) -> Fingerprint:
    """What of `entry` is compared with others."""
    plain = _title_words(entry.title)
    return Fingerprint(
        words=plain,
        numbers=_numbers_in(plain),
        people=frozenset(_surname(author) for author in entry.authors),
        has_person=any("," in author for author in entry.authors),
        issuers=frozenset(" ".join(words(name)) for name in (entry.publisher, entry.container_title) if name),
        year=entry.year,
        volume=entry.volume.strip(),
        doi=entry.doi.lower(),
        pmid=entry.pmid,
        is_part=entry.kind in _PARTS,
    )


def _numbers_in(title: Sequence[str]) -> tuple[str, ...]:
    """The numbers of a title; one in letters counts beside a word of a series, so "a first look" has none."""
    found = []
    for place, word in enumerate(title):
        if not word.isalpha() and any(letter.isdigit() for letter in word):
            found.append(word)
        elif word in _NUMBERS and any(
            map(_SERIES.fullmatch, (*title[max(0, place - 1) : place], *title[place + 1 : place + 2]))
        ):
            found.append(_NUMBERS[word])
    return tuple(found)


def _apart(one: Fingerprint, other: Fingerprint) -> bool:
    """Is there nothing to compare: other titles by other people, without a number in common? Quick, for the many."""
    return (
        one.words != other.words
        and not (one.doi and one.doi == other.doi)
        and not (one.pmid and one.pmid == other.pmid)
        and bool(one.people and other.people and one.people.isdisjoint(other.people))
    )


def compare(one: Fingerprint, other: Fingerprint) -> Sign | None:
    """What speaks for `one` and `other` being one work; None where nothing does."""
    number = "DOI" if one.doi and one.doi == other.doi else "PMID" if one.pmid and one.pmid == other.pmid else ""
    if number:
        told = f"the same {number} ({one.doi if number == 'DOI' else one.pmid})"
        if (one.is_part or other.is_part) and one.words and other.words and _alikeness(one, other) < UNLIKE:
            return Sign("alike", f"{told}, but another title: a number of the whole book?")
        return Sign("same", told, number=True)
    if not one.words or not other.words or one.numbers != other.numbers:
        return None
    return _same_title(one, other) if one.words == other.words else _like_title(one, other)


def _same_title(one: Fingerprint, other: Fingerprint) -> Sign | None:
    """Titles with the same words."""
    told = "the same title"
    two_dois = bool(one.doi and other.doi)
    shared = one.people & other.people
    telling = len(one.words) >= DISTINCT_WORDS
    strangers = bool(one.people and other.people and not shared)
    others = bool(one.issuers and other.issuers and not one.issuers & other.issuers)
    if strangers or (not shared and others):
        return (
            Sign("alike", f"{told} of {len(one.words)} words, by others") if len(one.words) > DISTINCT_WORDS else None
        )
    if one.volume and other.volume and one.volume != other.volume and one.year == other.year and not two_dois:
        return Sign("alike", f"{told}, another volume") if telling else None
    if one.year == other.year and not two_dois:
        if shared and one.year is not None:
            return Sign("same", f"{told}, year and author")
        if one.people == other.people and (one.issuers == other.issuers or (shared and not others)):
            return Sign("same", f"{told}, and nothing that differs")
        return Sign("alike", f"{told} and year")
    what = "DOI" if one.year == other.year else "year"
    if shared and telling and one.has_person and other.has_person and None not in (one.year, other.year):
        return Sign("edition", f"the same title and author, another {what}")
    return (
        Sign("alike", f"{told}, another {'DOI' if one.year == other.year else 'year'}") if telling or shared else None
    )


def _like_title(one: Fingerprint, other: Fingerprint) -> Sign | None:
    """Titles that differ in the spelling of words, or in words that one of them has besides (a subtitle, say).

    A word in the place of another one ("Sindh" for "Punjab") makes another title, and so do two DOIs.
    """
    if (one.people and other.people and not one.people & other.people) or (one.doi and other.doi):
        return None
    shorter, longer = sorted((one.words, other.words), key=len)
    missing, spare = _without(shorter, longer), _without(longer, shorter)
    near = longer[: len(shorter)] == shorter or len(shorter) >= MOST_OF * len(longer)
    if len(shorter) < FEWEST_WORDS or not near:
        return None
    if not all(any(fuzz.ratio(word, another) >= SPELLING for another in spare) for word in missing):
        return None
    if missing:
        return Sign("alike", f"titles that differ in spelling ({missing[0]})")
    return Sign("alike", f"one title has more words ({' '.join(spare[:6])})")


def _without(some: Sequence[str], others: Sequence[str]) -> list[str]:
    """The words of `some` that are not in `others`, in their order."""
    left = Counter(others)
    kept = []
    for word in some:
        left[word] -= 1
        if left[word] < 0:
            kept.append(word)
    return kept


def _alikeness(one: Fingerprint, other: Fingerprint) -> float:
    return float(fuzz.token_set_ratio(" ".join(one.words), " ".join(other.words)))


@lru_cache(maxsize=65536)
def _title_words(title: str) -> tuple[str, ...]:
    plain = words(_EDITION.sub(" ", title))
    return tuple(word for word in plain if not _STOP.fullmatch(word)) or tuple(plain)


@lru_cache(maxsize=65536)
def _surname(author: str) -> str:
    return " ".join(words(author.split(",")[0]))


class WorkIndex:
    """Entries by what may make another one the same work, so that each is compared with a few and not with all."""

    def __init__(self) -> None:
        self._prints: dict[str, Fingerprint] = {}
        self._order: dict[str, int] = {}
        self._by_number: defaultdict[str, list[str]] = defaultdict(list)
        self._by_title: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        # A word, all numbers of the title, and whether there is a DOI -> entries.
        self._by_word: defaultdict[tuple[str, tuple[str, ...], bool], list[str]] = defaultdict(list)
        self._spread: Counter[str] = Counter()

    def add(self, key: str, print_: Fingerprint) -> None:
        """Let entries that come later be compared with this one."""
        self._order[key] = len(self._prints)
        self._prints[key] = print_
        for number in _numbers(print_):
            self._by_number[number].append(key)
        if print_.words:
            self._by_title[print_.words].append(key)
        for word in set(print_.words):
            self._spread[word] += 1
            self._by_word[word, print_.numbers, bool(print_.doi)].append(key)

    def signs(self, print_: Fingerprint) -> Iterator[tuple[str, Sign]]:
        """The entries that look like one work with `print_`: their keys, in the order they were added, with the sign.

        Titles are compared that have a rare word and all numbers in common; of two that are merely alike, one may have
        a DOI.
        """
        near: set[str] = set(chain.from_iterable(self._by_number.get(number, ()) for number in _numbers(print_)))
        near.update(self._by_title.get(print_.words, ()) if print_.words else ())
        for word in sorted(set(print_.words), key=lambda word: (self._spread[word], word))[:RAREST]:
            for with_doi in (False,) if print_.doi else (False, True):
                block = self._by_word.get((word, print_.numbers, with_doi), ())
                near.update(block if len(block) <= BLOCK else ())
        for key in sorted(near, key=self._order.__getitem__):
            if not _apart(self._prints[key], print_) and (sign := compare(self._prints[key], print_)):
                yield key, sign


def _numbers(print_: Fingerprint) -> list[str]:
    return [f"{name}:{value}" for name, value in (("doi", print_.doi), ("pmid", print_.pmid)) if value]
