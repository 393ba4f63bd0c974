"""Section kinds from headings in their many wordings, which stand in section_kinds.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from extract.document import SectionKind

_WORDINGS = Path(__file__).with_name("section_kinds.toml")
_NUMBERING = re.compile(
    r"^(?:(?:chapter|section|part)\s+(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
    r"|(?:(?:chapter|section|part)\s+)?(?:\d{1,2}(?:\.\d{1,2})*|[ivxlc]{1,5}(?=[.:)\s])"
    r"|[a-z](?=[.)]\s))?)[.:)]?\s*[-–—]?\s*",
    re.IGNORECASE,
)
_NUMBERING_WORDS = 4  # that a number may take: "Chapter 2 . -"
_LONGEST = 12  # words: "…" in a longer heading says less about its kind
_WHOLE = 4  # words of a heading that counts as known even where nothing else makes it stand out
_LETTER_SPACED = re.compile(r"(?:\w ){3,}\w")  # "L I T E R A T U R E": letters set apart for effect


@dataclass(frozen=True, slots=True)
class Wording:
    """What the words of a heading say of its section."""

    kind: SectionKind
    pattern: str = ""  # as it stands in section_kinds.toml; "" where none fits
    whole: bool = False  # it covers the heading from its first to its last word
    styled: bool = False  # it counts only where the type sets the heading apart


_UNKNOWN = Wording("other")


@dataclass(frozen=True, slots=True)
class _Group:
    """The patterns of one kind, as one expression to try first and one by one to name the one that fits."""

    kind: SectionKind
    any_of: re.Pattern[str]
    close: re.Pattern[str]  # the same for a heading whose blanks are lost
    patterns: tuple[tuple[str, re.Pattern[str], str], ...]  # as written, to match all of a heading, list it stands in


def section_kind(heading: str) -> SectionKind:
    """The kind of section that `heading` opens, "other" where it does not say.

    "3. Data and Methodology" is "methods".
    """
    return section_wording(heading).kind


@lru_cache(maxsize=1024)  # a heading is asked about as a line, as a paragraph and as the title of its section
def section_wording(heading: str) -> Wording:
    """The kind of section that `heading` opens, and the pattern that says so."""
    bare, close = _bare(heading)
    if not bare or len(bare.split()) > _LONGEST:
        return _UNKNOWN
    found = next((group for group in _groups() if (group.close if close else group.any_of).fullmatch(bare)), None)
    if found is None:
        return _UNKNOWN
    if found.kind == "abstract" and bare.lower() == "overview" and not heading.strip().lower().startswith("overview"):
        return Wording("introduction", "overview", whole=True)  # "1. Overview" is a chapter, "Overview" a summary
    pattern, _, form = next(((p, e, f) for p, e, f in found.patterns if e.fullmatch(bare)), ("", None, "whole"))
    return Wording(found.kind, pattern, whole=form != "part" and ".*" not in pattern, styled=form == "styled")


def find_pattern(pattern: str, kind: SectionKind | None = None) -> int:
    """The line of section_kinds.toml, from 1, on which `pattern` first stands in a group of `kind` (None: of any kind);
    0 where it does not.
    """
    written, group = '"' + pattern.replace("\\", "\\\\") + '"', ""
    for number, line in enumerate(_WORDINGS.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("kind = "):
            group = line.removeprefix("kind = ").strip('"')
        elif kind in (None, group) and written in line:
            return number
    return 0


def is_known_heading(text: str) -> bool:
    """Is `text` by itself a short heading of a usual section, such as "References"?"""
    words = text.split()
    if len(words) > _WHOLE + _NUMBERING_WORDS and max(map(len, words)) > 3:
        return False  # most lines: too long even without a number, and not set apart letter by letter
    bare, close = _bare(text)
    if not (bare[:1].isupper() or close) or len(bare.split()) > _WHOLE or bare.endswith((".", ",", ";")):
        return False
    if not (close or len(bare.split()) <= 2 or bare.istitle() or bare.isupper()):
        return False
    wording = section_wording(text)
    return wording.kind != "other" and not wording.styled


def is_letter_spaced(text: str) -> bool:
    """Are the letters of `text` set apart one by one: "r e f e r e n c e s"?"""
    return len(text) > 6 and text[1:2] == " " and _LETTER_SPACED.fullmatch(_folded(text)) is not None


@cache
def _groups() -> tuple[_Group, ...]:
    return tuple(_read_group(table) for table in tomllib.loads(_WORDINGS.read_text(encoding="utf-8"))["group"])


def _read_group(table: dict[str, list[str]]) -> _Group:
    kind: SectionKind = table["kind"]  # type: ignore[assignment]
    written = [(pattern, form) for form in ("whole", "styled", "part") for pattern in table.get(form, [])]
    full = [rf"(?:.*\b)?(?:{pattern})(?:\b.*)?" if form == "part" else pattern for pattern, form in written]
    every = "|".join(f"(?:{pattern})" for pattern in full)
    whole = "|".join(f"(?:{pattern})" for pattern, form in written if form != "part") or "(?!)"
    return _Group(
        kind,
        re.compile(every, re.IGNORECASE),
        re.compile(whole.replace(" ", r"\s*"), re.IGNORECASE),
        tuple(
            (pattern, re.compile(expression, re.IGNORECASE), form)
            for (pattern, form), expression in zip(written, full, strict=True)
        ),
    )


def _bare(heading: str) -> tuple[str, bool]:
    """The heading without its number, and whether its letters stood apart, so that its blanks are lost."""
    text = _folded(heading)
    close = _LETTER_SPACED.fullmatch(text) is not None
    if close:
        text = text.replace(" ", "")
    return _NUMBERING.sub("", text, count=1).strip(" :"), close


def _folded(heading: str) -> str:
    return " ".join(heading.split()).strip(" :.–—-*")
