"""Readable text from words as they stand on the page: hyphens at line ends mended, ligatures spelled out."""

from __future__ import annotations

import itertools
import operator
import re
from collections.abc import Sequence
from dataclasses import dataclass

from extract.text.english_words import is_english
from extract.words import SOFT_HYPHEN

_SPELLED: dict[int, str | None] = {
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st",
    # the bullets of the Symbol and Wingdings fonts
    0xF0B7: "•", 0xF0A7: "•", 0xF0D8: "•", 0xF076: "•", 0xF0FC: "•",
    0x2010: "-", 0x2011: "-",  # the hyphen that is no minus, and the one at which no line ends
    0x200B: None, 0x200C: None, 0x200D: None, 0x2060: None,
}  # fmt: skip
_LINE = re.compile(r"[^\n]+")
_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CORE = re.compile(r"[^\W_].*[^\W_]|[^\W_]")
_HYPHENS = (SOFT_HYPHEN, "-", "\u2010")
# Parts of compounds that are no words: "pre-primary" keeps its hyphen where nothing says that "preprimary" is written.
_PREFIXES = frozenset({
    "agro", "anti", "bi", "co", "counter", "cyber", "de", "eco", "euro", "extra", "geo", "hydro", "infra", "inter",
    "intra", "macro", "mega", "meso", "meta", "micro", "mid", "mini", "mono", "multi", "neo", "non", "para", "poly",
    "post", "pre", "pro", "pseudo", "quasi", "re", "semi", "socio", "sub", "supra", "tele", "trans", "tri", "ultra",
    "un", "uni",
})  # fmt: skip
_OTHER_SIGNS = "/.@"  # in a half: no word is broken there


@dataclass(frozen=True, slots=True)
class Mended:
    """Readable text, and where each of the words it was made from starts in it."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]  # exclusive


def vocabulary(text: str) -> frozenset[str]:
    """The words of a document in lower case, those with a hyphen inside a line as they are.

    Halves of words at line ends are left out: they are no evidence that the halves are words.
    """
    whole: set[str] = set()
    broken = False
    for found in _LINE.finditer(text):  # line by line, for the text of a long report is large
        line = found.group().lower()
        if broken:
            line = line.partition(" ")[2]
        before, _, last = line.rpartition(" ")
        broken = last[-1:] in _HYPHENS and len(last) > 1
        whole.update((before if broken else line).split())
    return frozenset(_WORDS.findall(" ".join(whole).replace("\u2010", "-")))


def mend(words: Sequence[tuple[str, bool]], known: frozenset[str]) -> Mended:
    """Join words, each given with whether it ends its line, into readable text.

    (("unemploy\\u00ad", True), ("ment", False)) gives "unemployment" with starts (0, 8) and ends (8, 12).
    """
    pieces = [raw for raw, _ in words]
    special = [index for index, raw in enumerate(pieces) if not raw.isascii() or raw[-1] == "-"]  # few
    glued: list[int] = []  # to their followers
    for index in special:
        raw, ends_line = words[index]
        follower = words[index + 1][0] if index + 1 < len(words) else ""
        piece = spelled(raw)
        if follower and raw[-1] in _HYPHENS:
            tail, space = _joint(raw, spelled(follower), ends_line=ends_line, known=known)
            piece = piece.rstrip("-") + tail
            if not space:
                glued.append(index)
        elif raw[-1] == SOFT_HYPHEN:
            piece += "-"
        pieces[index] = piece
    lengths = list(map(len, pieces))
    steps = [length + 1 for length in lengths]
    for index in glued:
        steps[index] -= 1
    starts = list(itertools.accumulate(steps, initial=0))[: len(pieces)]
    return Mended(_joined(pieces, glued), tuple(starts), tuple(map(operator.add, starts, lengths)))


def _joined(pieces: Sequence[str], glued: Sequence[int]) -> str:
    """The pieces with spaces between them, but for those that are glued to the next one."""
    borders = [0, *(index + 1 for index in glued), len(pieces)]
    parts = [" ".join(pieces[first:end]) for first, end in itertools.pairwise(borders)]
    return "".join(parts).rstrip(" ")


def spelled(raw: str) -> str:
    """One word without ligatures, soft hyphens and characters of no width."""
    if raw.isascii():
        return raw
    return raw.translate(_SPELLED).replace(SOFT_HYPHEN, "")


def _joint(raw: str, follower: str, *, ends_line: bool, known: frozenset[str]) -> tuple[str, str]:
    """What to put between a word that ends in a hyphen and its follower: the hyphen or not, a space or not."""
    certain = raw[-1] == "-"  # pdfium has its own mark where it takes a hyphen for a break
    left = spelled(raw).rstrip("-")
    if not left or not left[-1].isalnum() or not (ends_line or raw[-1] == SOFT_HYPHEN):
        return "-" * (len(raw) - len(raw.rstrip("-\u2010")) or 1), " "
    if not ends_line or not _goes_on(left, follower):
        return "-", ""
    one, two = _core(left), _core(follower)
    whole, hyphenated = (one + two) in known, f"{one}-{two}" in known
    if whole or hyphenated:
        return ("-", "") if hyphenated else ("", "")
    return ("-", "") if certain or _is_compound(left, one, two, known) else ("", "")


def _is_compound(left: str, one: str, two: str, known: frozenset[str]) -> bool:
    """Is the hyphen between the halves `one` and `two` part of a compound? "means-tested" is one, "unemploy-ment" not.

    By the document's words and those of English: a compound is written as one word nowhere, and its parts are words.
    """
    if any(sign in one for sign in _OTHER_SIGNS):
        return True
    last, first = one.rpartition("-")[2], two.partition("-")[0]
    if last + first in known or is_english(last + first):
        return False
    if "-" in one or "-" in two:
        return _is_part(last, known) and _is_part(first, known)
    if left[:1].isupper() and not left.isupper():
        return last in known and _is_part(first, known)  # "Lahore-based"; names are no words: "Rah-man"
    return (last in _PREFIXES or _is_part(last, known)) and _is_part(first, known)


def _is_part(word: str, known: frozenset[str]) -> bool:
    return is_english(word) or (word in known and len(word) > 1) or word.isdigit()


def _goes_on(left: str, follower: str) -> bool:
    """Could `follower` be the rest of the word `left`? "Foster-Greer-" "Thorbecke" could not."""
    return follower[:1].islower() or (follower[:2].isupper() and left[-2:].isupper())


def _core(word: str) -> str:
    match = _CORE.search(word)
    return match.group().lower() if match else ""
