"""Section kinds from headings in their many wordings."""

from __future__ import annotations

import re

from extract.document import SectionKind

# Tried in order: the first that matches wins, so "Conclusions and recommendations" is a conclusion.
_KINDS: tuple[tuple[SectionKind, str], ...] = (
    ("references", r"references?|bibliograph(?:y|ies)|(?:works|literature|sources) cited|list of references"
                   r"|selected (?:bibliography|references)|references and further reading|reference list"
                   r"|(?:suggested |recommended )?further readings?|reading list|notes and references|endnotes"),
    ("annex", r"(?:statistical |technical |methodological )?(?:annex(?:e|es|ure|ures)?|appendix|appendices)\b.*"
              r"|supplementary (?:material|data|tables?|information).*"),
    ("abstract", r"abstract|(?:executive )?summary|executive summary.*|summary of"
                 r" (?:findings|the report|main findings)"
                 r"|(?:key|main) (?:messages|points|takeaways)|overview|synopsis|r[ée]sum[ée]|highlights"
                 r"|(?:.*\b)?(?:at a glance|in a nutshell)|in brief|summary for policy ?makers"),
    ("front", r"acknowledge?ments?|foreword|preface|(?:list of )?(?:abbreviations|acronyms)(?: and .*)?|dedication"
              r"|(?:table of )?contents|list of (?:tables|figures|boxes|maps|charts).*|about the authors?|glossary"
              r"|declaration.*|disclaimer|key ?words.*|currency equivalents|conflicts? of interests?|funding"
              r"|author contributions?|notes on (?:the )?(?:authors?|contributors)|data availability.*"),
    ("literature", r"(?:.*\b)?(?:literature (?:review|survey)|review of (?:the )?(?:\w+ )?literature"
                   r"|related (?:work|literature)|theoretical (?:framework|background|perspectives?|considerations)"
                   r"|conceptual framework|previous (?:studies|research)|existing literature|literature)(?:\b.*)?"
                   r"|state of (?:knowledge|the art)|(?:existing|earlier|prior) (?:evidence|research|studies|work)"
                   r"|what (?:we|is) (?:already )?known?(?: .*)?"
                   r"|(?:review of )?(?:the )?international"
                   r" (?:experiences?|evidence|practices?|comparisons?)"
                   r"|(?:lessons|evidence|experiences?) (?:from|in|of) (?:other|selected) (?:countries|regions|states)"
                   r"|(?:lessons|evidence) from (?:abroad|elsewhere)"),
    ("methods", r"(?:.*\b)?(?:method(?:s|ology|ological)?|research design|data (?:and|sources?|collection)"
                r"|sampl(?:e|ing)(?: design| frame)?|survey (?:design|methodology)|study (?:design|area|site)"
                r"|empirical (?:strategy|approach|framework|model)|analytical framework|research questions?"
                r"|identification strategy|estimation (?:strategy|technique)s?|questionnaire|scope and coverage"
                r"|concepts? and definitions?|definitions? and (?:concepts|sources|measurement)|field ?work"
                r"|(?:geographical|sample|survey) coverage"
                r"|limitations? (?:of|to) (?:the )?(?:study|survey|data|comparability))(?:\b.*)?|data|scope|model"
                r"|(?:our |the |study |research |evaluation )?approach|(?:sources|types) of data|data used"
                r"|how (?:we|the (?:study|survey|research|evaluation|data)) (?:did|conducted|measured|collected"
                r"|analysed|studied|was|were)\b.*|who (?:we|was|were) (?:asked|interviewed|surveyed)"
                r"|about the (?:data|survey)"),
    ("conclusion", r"(?:.*\b)?(?:conclu(?:sion|sions|ding(?: remarks| observations| comments)?)"
                   r"|final (?:remarks|thoughts)|closing (?:remarks|thoughts)|way forward"
                   r"|lessons learn(?:ed|t))(?:\b.*)?"
                   r"|(?:the )?(?:way|road|path) ahead|(?:looking|moving) (?:ahead|forward)|outlook|summing up"),
    ("recommendations", r"(?:.*\b)?(?:recommendations?|recommended (?:actions|measures|reforms)"
                        r"|policy (?:implications?|options?|lessons|proposals|agenda|choices|responses?|priorities"
                        r"|directions|actions|measures)|reform (?:options?|agenda|proposals?|priorities)|next steps"
                        r"|proposed (?:reforms|measures|actions)|implications for (?:policy|practice)|options for"
                        r" (?:reform|policy|action)|priorities for (?:reform|policy|action)|action plan)(?:\b.*)?"
                        r"|what (?:should|can|could|must|needs? to|is to|has to)\b.*\bdone?\b.*|call to action"
                        r"|what (?:governments?|policy ?makers|donors) (?:should|can|could|must) do\b.*"
                        r"|agenda for .*"),
    ("discussion", r"(?:.*\b)?(?:discussions?(?! paper)|interpretation)(?:\b.*)?|implications|caveats"
                   r"|(?:strengths and |study )?limitations|what (?:this|it|the findings|the results) means?\b.*"
                   r"|what does (?:this|it) mean\b.*"),
    ("findings", r"(?:.*\b)?(?:findings?|results?|empirical (?:evidence|analysis)|(?:data )?analysis|evidence)"
                 r"(?:\b.*)?|what (?:we|the (?:study|survey|evaluation|data|numbers|figures)) (?:found|finds?"
                 r"|learn(?:ed|t)|shows?|says?|tells?|reveals?)\b.*|what works\b.*|what the people (?:say|said)"),
    ("introduction", r"(?:.*\b)?introduc(?:tion|tory)(?:\b.*)?|background(?: and .*| to .*| of .*)?"
                     r"|context(?: and .*)?|rationale|motivation|problem statement|statement of the problem"
                     r"|(?:the )?(?:policy|country|historical|institutional|national|social|economic|project"
                     r"|programme) (?:and \w+ )?(?:background|context|setting)"
                     r"|(?:the )?(?:issue|challenge|policy problem)|why (?:this|it) matters"
                     r"|why this (?:report|study|paper|brief)\b.*|about this (?:report|study|paper|brief|review)"
                     r"|setting the (?:scene|stage)"
                     r"|(?:(?:the|general|specific|main|overall|survey|study|research|review|evaluation) ){0,2}"
                     r"(?:objectives?|aims?|goals?|purposes?)(?: and (?:objectives|goals|purpose|scope))?(?: of .*)?"
                     r"|scope of (?:the |this )?(?:study|report|paper|survey|review|evaluation|assessment|research)"),
)  # fmt: skip
_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)
_NUMBERING = re.compile(
    r"^(?:(?:chapter|section|part)\s+(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
    r"|(?:(?:chapter|section|part)\s+)?(?:\d{1,2}(?:\.\d{1,2})*|[ivxlc]{1,5}(?=[.:)\s])"
    r"|[a-z](?=[.)]\s))?)[.:)]?\s*[-–—]?\s*",
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
