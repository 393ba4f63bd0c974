"""Section kinds from headings in their many wordings."""

from __future__ import annotations

import re

from extract.document import SectionKind

# Tried in order: the first that matches wins, so "Conclusions and recommendations" is a conclusion.
_KINDS: tuple[tuple[SectionKind, str], ...] = (
    ("references", r"references?|bibliograph(?:y|ies)|(?:works|literature|sources) cited|list of references"
                   r"|selected bibliography|references and further reading|reference list"),
    ("annex", r"(?:statistical |technical |methodological )?(?:annex(?:e|es|ure|ures)?|appendix|appendices)\b.*"
              r"|supplementary (?:material|data|tables?).*"),
    ("abstract", r"abstract|(?:executive )?summary|executive summary.*|summary of (?:findings|the report|main findings)"
                 r"|key messages|overview|synopsis|r[ée]sum[ée]|highlights"),
    ("front", r"acknowledge?ments?|foreword|preface|(?:list of )?(?:abbreviations|acronyms)(?: and .*)?|dedication"
              r"|(?:table of )?contents|list of (?:tables|figures|boxes|maps|charts).*|about the authors?|glossary"
              r"|declaration.*|disclaimer|key ?words.*|currency equivalents|conflicts? of interests?|funding"
              r"|author contributions?"),
    ("literature", r"(?:.*\b)?(?:literature (?:review|survey)|review of (?:the )?(?:\w+ )?literature"
                   r"|related (?:work|literature)|theoretical (?:framework|background|perspectives?|considerations)"
                   r"|conceptual framework|previous (?:studies|research)|existing literature|literature)(?:\b.*)?"
                   r"|state of knowledge"),
    ("methods", r"(?:.*\b)?(?:method(?:s|ology|ological)?|research design|data (?:and|sources?|collection)"
                r"|sampl(?:e|ing)(?: design| frame)?|survey (?:design|methodology)|study (?:design|area|site)"
                r"|empirical (?:strategy|approach|framework|model)|analytical framework|research questions?"
                r"|identification strategy|estimation (?:strategy|technique)s?|questionnaire|scope and coverage"
                r"|concepts? and definitions?|definitions? and (?:concepts|sources|measurement)|field ?work"
                r"|(?:geographical|sample|survey) coverage"
                r"|limitations? (?:of|to) (?:the )?(?:study|survey|data|comparability))(?:\b.*)?|data|scope|model"),
    ("conclusion", r"(?:.*\b)?(?:conclu(?:sion|sions|ding(?: remarks| observations| comments)?)"
                   r"|final (?:remarks|thoughts)|closing remarks|way forward|lessons learn(?:ed|t))(?:\b.*)?"),
    ("recommendations", r"(?:.*\b)?(?:recommendations?|policy (?:implications?|options?|lessons|proposals|agenda)"
                        r"|reform (?:options?|agenda|proposals?)|next steps|proposed (?:reforms|measures)"
                        r"|implications for policy|options for reform|action plan)(?:\b.*)?"),
    ("discussion", r"(?:.*\b)?(?:discussions?(?! paper)|interpretation)(?:\b.*)?"),
    ("findings", r"(?:.*\b)?(?:findings?|results?|empirical (?:evidence|analysis)|(?:data )?analysis|evidence)"
                 r"(?:\b.*)?"),
    ("introduction", r"(?:.*\b)?introduc(?:tion|tory)(?:\b.*)?|background(?: and .*| to .*| of .*)?|context(?: and .*)?"
                     r"|rationale|motivation|problem statement|statement of the problem"
                     r"|(?:(?:the|general|specific|main|overall|survey|study|research|review|evaluation) ){0,2}"
                     r"(?:objectives?|aims?|goals?|purposes?)(?: and (?:objectives|goals|purpose|scope))?(?: of .*)?"
                     r"|scope of (?:the |this )?(?:study|report|paper|survey|review|evaluation|assessment|research)"),
)  # fmt: skip
_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)
_NUMBERING = re.compile(
    r"^(?:(?:chapter|section|part)\s+)?(?:\d{1,2}(?:\.\d{1,2})*|[ivxlc]{1,5}(?=[.:)\s])|[a-z](?=[.)]\s))?[.:)]?\s*[-–—]?\s*",
    re.IGNORECASE,
)
_NUMBERING_WORDS = 4  # that a number may take: "Chapter 2 . -"
_LONGEST = 12  # words: "…" in a longer heading says less about its kind
_UNDIVIDED: tuple[SectionKind, ...] = ("front",)  # what comes below a foreword in smaller type is no part of it
_WHOLE = 4  # words of a heading that counts as known even where nothing else makes it stand out


def section_kind(heading: str) -> SectionKind:
    """The kind of section that `heading` opens, "other" where it does not say.

    "3. Data and Methodology" is "methods".
    """
    bare = _bare(heading)
    if not bare or len(bare.split()) > _LONGEST:
        return "other"
    kind = next((kind for kind, pattern in _PATTERNS if pattern.fullmatch(bare)), None)
    if kind == "abstract" and bare.lower() == "overview" and not heading.strip().lower().startswith("overview"):
        return "introduction"  # "1. Overview" is a chapter, "Overview" a summary
    return kind or "other"


def is_known_heading(text: str) -> bool:
    """Is `text` by itself a short heading of a usual section, such as "References"?"""
    words = text.split()
    if len(words) > _WHOLE + _NUMBERING_WORDS and max(map(len, words)) > 3:
        return False  # most lines: too long even without a number, and not set apart letter by letter
    bare = _bare(text)
    if not bare[:1].isupper() or len(bare.split()) > _WHOLE or bare.endswith((".", ",", ";")):
        return False
    return section_kind(text) != "other" and (len(bare.split()) <= 2 or bare.istitle() or bare.isupper())


class Sections:
    """Follows the headings of a document and says under which heading and in which kind of section one is."""

    def __init__(self) -> None:
        self.heading = ""
        self.kind: SectionKind = "front"
        self._open: list[tuple[int, SectionKind]] = []

    def enter(self, heading: str, level: int) -> None:
        """A heading of `level` begins. One that does not say its kind keeps the kind of the section it is part of."""
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
        kind = section_kind(heading)
        if kind == "other" and self._open and self._open[-1][1] not in _UNDIVIDED:
            kind = self._open[-1][1]
        self._open.append((level, kind))
        self.heading, self.kind = heading, kind


def _bare(heading: str) -> str:
    text = " ".join(heading.split()).strip(" :.–—-*")
    # "L I T E R A T U R E": letters set apart for effect
    if re.fullmatch(r"(?:\w ){3,}\w", text):
        text = text.replace(" ", "")
    return _NUMBERING.sub("", text, count=1).strip(" :")
