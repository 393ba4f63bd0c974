"""Which section of a document one is in: its headings one after another, and what is part of what."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from extract.document import SectionKind
from extract.text.section_kinds import Wording, section_wording

# Where a heading stands in front of the text: on a page of the cover, or as the title above the first paragraph.
Cover = Literal["", "page", "title"]

ON_TITLE_PAGE = "on the title page, before the first section"  # the rule of a section
# What comes below these in smaller type is no part of them: a foreword, an abstract set larger than the chapters.
_UNDIVIDED: tuple[SectionKind, ...] = ("front",)
_ABSTRACT = re.compile(r"\W*abstract\W*", re.IGNORECASE)
# A section of one of these inside another one, told by type alone, shows that type does not tell the parts of it.
_MAIN: frozenset[SectionKind] = frozenset({
    "introduction", "literature", "methods", "findings", "discussion", "conclusion", "recommendations", "references",
    "annex",
})  # fmt: skip
_NUMBER = re.compile(
    r"(?:(?:chapter|section|part)\s+)?(?P<number>\d{1,2}(?:[.\-]\s?\d{1,2}){0,4})\.?(?=[\s:)\-–—]|$)", re.IGNORECASE
)
_CHAPTER = re.compile(r"(?:chapter|part)\b", re.IGNORECASE)

Number = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The section that a heading opens."""

    heading: str = ""
    kind: SectionKind = "front"
    # Why it has this kind: "its words: results?", or what it is part of and why that has it, the nearest first,
    # "part of “4.1 Zakat”, by its type ← part of “4 Results”, by its number ← its words: results?".
    rule: str = "before the first heading"


@dataclass(slots=True)
class _Open:
    """A section that has not ended yet."""

    level: int
    number: Number
    section: Section
    chapter: bool = False  # "Chapter 3: Findings", whose parts may be numbered from 1 anew
    last_child: int = 0  # first number of the last part that has one
    by_type: bool = True  # do the styles of its parts tell that they are parts?


@dataclass(slots=True)
class Sections:
    """Follows the headings of a document and says under which heading and in which kind of section one is."""

    now: Section = field(default_factory=Section)
    _open: list[_Open] = field(default_factory=list)
    _last: int = 0  # number of the last section of the main sequence: 1, 2, 3 ...

    def enter(self, heading: str, level: int, *, cover: Cover = "") -> Section:
        """A heading of `level` begins. One that does not say its kind keeps the kind of the section it is part of.

        On the `cover` only words that name a usual section and nothing else count: a title names a subject.
        """
        number, wording = _leading_number(heading), section_wording(heading)
        above, why = self._above(number, level)
        if cover and not number and not _names_section(wording, cover):
            self.now = Section(heading, "other", ON_TITLE_PAGE)
        elif wording.kind != "other" or wording.pattern:
            self.now = Section(heading, wording.kind, f"its words: {wording.pattern}")
            if above and why == "type" and wording.kind in _MAIN and wording.kind != above.section.kind:
                above.by_type = False
        elif above:
            rule = f"part of “{above.section.heading}”, by its {why} ← {above.section.rule}"
            self.now = Section(heading, above.section.kind, rule)
        else:
            self.now = Section(heading, "other", "its words name no kind, and it is part of no section that has one")
        self._open.append(_Open(level, number, self.now, chapter=_CHAPTER.match(heading) is not None))
        return self.now

    def _above(self, number: Number, level: int) -> tuple[_Open | None, str]:
        """The open section that a heading hands its kind from, and whether number or type tells that it is part of it.

        What the heading ends is closed.
        """
        if len(number) > 1 and any(one.number and one.number == number[: len(one.number)] for one in self._open):
            while self._open[-1].number != number[: len(self._open[-1].number)] or not self._open[-1].number:
                self._open.pop()
            if self._open[-1].number == number:  # told again, such as on the next page
                self._open.pop()
            return (self._open[-1], "number") if self._open else (None, "")
        closed: list[_Open] = []
        while self._open and self._is_ended(self._open[-1], number, level):
            closed.append(self._open.pop())
        if not self._open:
            self._count(number)
            return None, ""
        above = self._open[-1]
        if number and not self._numbers_parts(above, number):
            self._open.clear()
            self._count(number)
            return None, ""
        if not number and above.number and any(one.number[: len(above.number)] == above.number for one in closed):
            return None, ""  # its parts are numbered, and this is not
        if above.section.kind in _UNDIVIDED or _ABSTRACT.fullmatch(above.section.heading) or not above.by_type:
            return None, ""
        return above, "type"

    @staticmethod
    def _is_ended(one: _Open, number: Number, level: int) -> bool:
        counted_anew = one.chapter and number[:1] == (one.last_child + 1,)
        return one.level >= level or bool(number and one.number and not counted_anew)

    def _count(self, number: Number) -> None:
        if number:
            self._last = number[0]

    def _numbers_parts(self, above: _Open, number: Number) -> bool:
        """Does `number` count the parts of the section `above`, rather than go on with the main sequence?

        The number of a chapter may stand by itself, so that 4.1 follows "Findings".
        """
        if above.section.kind in ("front", "abstract", "other"):
            return False
        deep = len(number) > 1
        if not deep and self._last and number[0] == self._last + 1:
            return False
        if above.last_child not in ((0, number[0]) if deep else (number[0] - 1,)):
            return False
        above.last_child = number[0]
        return True


def _names_section(wording: Wording, cover: Cover) -> bool:
    return wording.whole and (cover == "title" or wording.kind in ("front", "abstract"))


def _leading_number(heading: str) -> Number:
    match = _NUMBER.match(heading.strip())
    if not match:
        return ()
    parts = [int(part) for part in re.split(r"[.\-]\s?", match["number"])]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()  # "1.0 Origin"
    return tuple(parts)
