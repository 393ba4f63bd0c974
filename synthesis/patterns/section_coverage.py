"""Line-by-line coding: how much of the findings and the discussion was looked at, and how much of that was coded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from annotations.decision import Decision, Mark
from extract.document import Document, SectionKind
from extract.text.sentences import sentences

# The sections that the method codes line by line. A conclusion restates both and is no part of either.
LINE_BY_LINE: tuple[SectionKind, ...] = ("findings", "discussion")
_NEXT_TO_NONE = 0.05  # of the sentences of a text: with fewer in such sections its headings don't show where they are


@dataclass(frozen=True, slots=True)
class SectionCoverage:
    """One study; sentences are those of passages in English, in the sections above."""

    source_id: str
    sentences: int  # to be coded line by line
    seen: int  # of them in passages that a person looked at
    coded: int  # of them in passages that a person accepted a theme for
    proposed: int  # of them in passages that the machine proposes a theme for
    sections: bool  # False: the text shows no such section, or next to none of one, so all of its body counts
    scanned: int = 0  # pages read by OCR
    languages: Mapping[str, int] = field(default_factory=dict)  # passages that are not in English, by language
    shown: int = 0  # sentences in such sections, also where they are next to none

    @property
    def remark(self) -> str:
        """What is to be said where the whole text counts; "" where such sections do."""
        if self.sections:
            return ""
        if not self.shown:
            return "no findings or discussion by its headings: the whole text"
        return f"next to no findings or discussion by its headings ({self.shown} sentences): the whole text"

    @property
    def seen_share(self) -> float | None:
        """Seen of all; None where there is nothing to see."""
        return self.seen / self.sentences if self.sentences else None

    @property
    def coded_share(self) -> float | None:
        """Coded of those seen."""
        return self.coded / self.seen if self.seen else None


def coverage(
    documents: Mapping[str, Document],
    decisions: Sequence[Decision],
    marks: Sequence[Mark],
    suggested: Mapping[str, Set[str]],
) -> tuple[SectionCoverage, ...]:
    """One per study with a text. `suggested` maps a source id to the passages with a suggestion.

    A passage counts as seen where a person marked it so or judged it, and where it had been shown to a person who was
    done with the study.
    """
    seen: dict[str, set[str]] = {}
    coded: dict[str, set[str]] = {}
    for decision in decisions:
        if decision.anchor and decision.anchor.passage_id and decision.role != "published":
            seen.setdefault(decision.source_id, set()).add(decision.anchor.passage_id)
            if decision.value:
                coded.setdefault(decision.source_id, set()).add(decision.anchor.passage_id)
    finished = [mark for mark in marks if mark.kind == "done" and mark.on and mark.anchor is None]
    for mark in marks:
        if mark.kind == "seen" and mark.on and mark.anchor and mark.anchor.passage_id:
            seen.setdefault(mark.source_id, set()).add(mark.anchor.passage_id)
    return tuple(
        _of_study(
            source,
            document,
            seen=seen.get(source, set()).union(
                *(mark.judged(p.id for p in document.passages) for mark in finished if mark.source_id == source)
            ),
            coded=coded.get(source, set()),
            proposed=suggested.get(source, set()),
        )
        for source, document in documents.items()
        if document.passages
    )


def _of_study(
    source_id: str, document: Document, *, seen: Set[str], coded: Set[str], proposed: Set[str]
) -> SectionCoverage:
    english = [passage for passage in document.passages if passage.language == "en"]
    chosen = [passage for passage in english if passage.section in LINE_BY_LINE]
    every = {passage.id: len(sentences(passage.text)) for passage in english}
    shown = sum(every[passage.id] for passage in chosen)
    enough = shown > 0 and shown >= _NEXT_TO_NONE * sum(every.values())
    lines = {passage.id: every[passage.id] for passage in (chosen if enough else english)}

    def count(ids: Set[str]) -> int:
        return sum(lines[key] for key in ids & lines.keys())

    return SectionCoverage(
        source_id,
        sentences=sum(lines.values()),
        seen=count(seen),
        coded=count(coded),
        proposed=count(proposed),
        sections=enough,
        shown=shown,
        scanned=sum(page.reader == "OCR" for page in document.pages),
        languages=Counter(passage.language for passage in document.passages if passage.language != "en"),
    )
