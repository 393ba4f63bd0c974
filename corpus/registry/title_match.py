"""Is this file the right work? The registry's title and authors against the first pages of the file.

The title's distinctive words are looked for in order, close together, in the text of the first pages. Running text
about the same topic shares many words with a title, but not in its order and not within a few words of each other.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from corpus.registry.sources import Source
from corpus.store.pdf_store import TitleVerdict

# Shares of the title found, by weight; see `find_title`. Measured on 15 real reports: where the first pages have a
# title (14), it gave 0.64 to 1.0 in ten forms of writing it (a typing error, a word dropped ...); the other reports'
# titles gave 0.88 at most, 95 in 100 under 0.54; 21 titles of works on social protection gave 0.63 at most on pages
# made of passages on that topic. Where two works are that close, only an author or the entire title makes sure.
MATCH = 0.8
ENTIRE = 0.95
PROBABLE = 0.65
WITH_AUTHOR = 0.55  # enough for "probable" where an author is named too
SHORT_TITLE = 5  # so few distinctive words stand together in a citation too: a known author must be named for a match
FEWEST_WORDS = 3  # distinctive words; "Annual Report" is found in thousands of files
OTHER_WORK_LEAD = 0.1  # by so much another work's title must fit better than the source's own
ALIKE = 85.0  # per cent of letters (Indel similarity) for "programme" and "program", or a misread letter
_SLACK = 4  # a stretch of text has this many words more than the title: a series line or a footnote mark in between

_NOT_DISTINCTIVE = frozenset({
    "a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "is", "it", "its", "of", "on", "or", "the",
    "their", "this", "to", "under", "with", "within", "case", "study", "report", "paper", "working", "final", "draft",
    "volume", "vol", "no", "de", "la", "le", "les", "des", "du", "et", "el", "y",
})  # fmt: skip
_LINE_END_HYPHEN = re.compile("(?:[-\u2010\u00ad\u0002\ufffe])[ \t]*\r?\n\\s*")
_HIDDEN = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff\u0002\ufffe]")
_APOSTROPHE = re.compile("['’ʼ`´]")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class TitleCheck:
    """What comparing gave."""

    verdict: TitleVerdict
    note: str  # in words, for example "7 of 8 distinctive words of the title found together (not: framework)"


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """How much of a title a text has."""

    share: float  # 0 to 1, by the weight of the words
    of: int  # distinctive words of the title
    missing: tuple[str, ...]  # those not found


def check_title(source: Source, front_text: str) -> TitleCheck:
    """Whether `front_text`, the text of a file's first pages, belongs to `source`."""
    text = words(front_text)
    if not text:
        return TitleCheck("not checked", "the first pages have no text")
    own = find_title(source.title, text)
    for other in source.other_works:
        found = find_title(other.title, text)
        if found.of >= FEWEST_WORDS and found.share >= max(MATCH, own.share + OTHER_WORK_LEAD):
            return TitleCheck("other work", f"the first pages carry the title of another work: {other.title!r}")
    if not source.title:
        return TitleCheck("not checked", "the registry has no title for this source")
    if own.of < FEWEST_WORDS:
        return TitleCheck("not checked", f"the title {source.title!r} is too short to tell works apart")
    author = next((name for name in source.authors if author_found(name, text)), "")
    missing_years = [year for year in years(source.title) if year not in text]
    verdict = _verdict(own, named=bool(author), nameless=not source.authors, year_missing=bool(missing_years))
    return TitleCheck(verdict, _note(own, source.authors, author))


def _verdict(found: TitleMatch, *, named: bool, nameless: bool, year_missing: bool) -> TitleVerdict:
    """From how much was found, whether an author is named, and whether the registry has no author to look for."""
    short = found.of <= SHORT_TITLE
    if named:
        sure, enough = MATCH, WITH_AUTHOR
    else:
        sure, enough = (ENTIRE if nameless or not short else math.inf), (ENTIRE if short else PROBABLE)
    if found.share >= sure and not year_missing:
        return "match"
    return "probable" if found.share >= enough else "differs"


def find_title(title: str, text: Sequence[str]) -> TitleMatch:
    """The distinctive words of `title` that stand in its order in one short stretch of the words `text`.

    A word weighs 1 / sqrt(how often `text` has it): "social" and "protection" on every line of a report tell little,
    and a word of the title that is nowhere in the text tells much.
    """
    wanted = distinctive(title)
    kept = [word for word in text if word not in _NOT_DISTINCTIVE]
    known = {word: _nearest(word, wanted) for word in set(kept)}
    mapped = [known[word] for word in kept]
    counts = Counter(mapped)
    weights = [1 / math.sqrt(max(1, counts[word])) for word in wanted]
    stretches = [mapped[place : place + len(wanted) + _SLACK] for place, word in enumerate(mapped) if word]
    sizes = [LCSseq.similarity(wanted, stretch) for stretch in stretches]
    longest = [stretch for stretch, size in zip(stretches, sizes, strict=True) if size == max(sizes)]
    places = [_places_found(wanted, stretch) for stretch in longest]
    best = max(places, key=lambda found: sum(weights[place] for place in found), default=frozenset())
    return TitleMatch(
        share=sum(weights[place] for place in best) / sum(weights) if wanted else 0.0,
        of=len(wanted),
        missing=tuple(word for place, word in enumerate(wanted) if place not in best),
    )


def _places_found(wanted: Sequence[str], stretch: Sequence[str]) -> frozenset[int]:
    same = (step for step in LCSseq.opcodes(wanted, stretch) if step.tag == "equal")
    return frozenset(place for step in same for place in range(step.src_start, step.src_end))


def author_found(author: str, text: Sequence[str]) -> bool:
    """Is this person's surname, or this institution's name or abbreviation, in `text`?"""
    if "," in author:
        return _follows(words(author.split(",")[0]), text)
    short = words(" ".join(re.findall(r"\(([^)]+)\)", author)))
    name = words(re.sub(r"\([^)]*\)|\bet al\b", "", author))
    return _follows(short, text) or _follows(name, text)


def distinctive(title: str) -> list[str]:
    """The words of `title` that tell it from other titles, in order."""
    return [word for word in words(title) if word not in _NOT_DISTINCTIVE and not (word.isdigit() and len(word) < 4)]


def years(title: str) -> list[str]:
    """The years a title names: the 2020 edition is not the 2013 one."""
    return re.findall(r"\b(?:19|20)\d\d\b", title)


def words(text: str) -> list[str]:
    """`text` as plain words: ligatures, case, accents, apostrophes and line-end hyphens make no difference."""
    joined = _HIDDEN.sub("", _LINE_END_HYPHEN.sub("", text))
    letters = unicodedata.normalize("NFKD", _APOSTROPHE.sub("", unicodedata.normalize("NFKC", joined)).casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter)).replace("ı", "i")
    return _WORD.findall(bare)


def _nearest(word: str, wanted: Sequence[str]) -> str:
    """The wanted word that `word` stands for, or ""; numbers and short words must be equal."""
    if word in wanted:
        return word
    if len(word) < 5 or not word.isalpha():
        return ""
    return next((want for want in wanted if len(want) >= 5 and fuzz.ratio(word, want) >= ALIKE), "")


def _follows(name: Sequence[str], text: Sequence[str]) -> bool:
    """Do the words of `name` stand one after the other in `text`? Particles ("de", "of") don't count."""
    wanted = [word for word in name if word not in _NOT_DISTINCTIVE]
    kept = [word for word in text if word not in _NOT_DISTINCTIVE]
    size = len(wanted)
    return size > 0 and any(
        kept[place : place + size] == wanted for place, word in enumerate(kept) if word == wanted[0]
    )


def _note(found: TitleMatch, authors: Sequence[str], author: str) -> str:
    missing = f" (not: {', '.join(found.missing)})" if found.missing else ""
    title = f"{found.of - len(found.missing)} of {found.of} distinctive words of the title found together{missing}"
    if author:
        return f"{title}; author {author.split(',')[0]} found"
    return f"{title}; no author found" if authors else title
