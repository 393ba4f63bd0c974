"""Line-by-line coding: how much of findings and discussion was judged, passed over, or shown to nobody, and coded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from annotations.decision import Decision, Mark
from annotations.progress.shown import ShownPassages, shown_passages
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
    seen: int  # of them in passages that were judged, passed over, or in a study finished before that was recorded
    coded: int  # of them in passages that a person accepted a theme for
    proposed: int  # of them in passages that the machine proposes a theme for
    sections: bool  # False: the text shows no such section, or next to none of one, so all of its body counts
    scanned: int = 0  # pages read by OCR
    languages: Mapping[str, int] = field(default_factory=dict)  # passages that are not in English, by language
    judged: int = 0  # of those seen, in passages that a person decided on or was asked about
    passed_over: int = 0  # of them, in passages on the screen of a person who said nothing of them
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
    def unrecorded(self) -> int:
        """Sentences in a study that was finished before it was recorded what had been shown."""
        return self.seen - self.judged - self.passed_over

    @property
    def not_shown(self) -> int:
        """Sentences that were shown to nobody."""
        return self.sentences - self.seen

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

    What happened to a passage is told by `annotations.progress.shown`.
    """
    coded: dict[str, set[str]] = {}
    by_study: dict[str, list[Decision]] = {}
    marked: dict[str, list[Mark]] = {}
    for decision in decisions:
        by_study.setdefault(decision.source_id, []).append(decision)
        if decision.anchor and decision.anchor.passage_id and decision.role != "published" and decision.value:
            coded.setdefault(decision.source_id, set()).add(decision.anchor.passage_id)
    for mark in marks:
        marked.setdefault(mark.source_id, []).append(mark)
    return tuple(
        _of_study(
            source,
            document,
            found=shown_passages(
                [passage.id for passage in document.passages],
                by_study.get(source, ()),
                marked.get(source, ()),
                source_id=source,
            ),
            coded=coded.get(source, set()),
            proposed=suggested.get(source, set()),
        )
        for source, document in documents.items()
        if document.passages
    )


def _of_study(
    source_id: str, document: Document, *, found: ShownPassages, coded: Set[str], proposed: Set[str]
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
        seen=count(found.judged | found.passed_over | found.unrecorded),
        coded=count(coded),
        proposed=count(proposed),
        sections=enough,
        shown=shown,
        judged=count(found.judged),
        passed_over=count(found.passed_over),
        scanned=sum(page.reader == "OCR" for page in document.pages),
        languages=Counter(passage.language for passage in document.passages if passage.language != "en"),
    )
