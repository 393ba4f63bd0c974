"""The notes of a REFI-QDA project: what coders said of a study as a whole, and their memos."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from annotations.decision import Memo
from exchange.coded_review import NOT_IN_TEXT, CodedPassage, CodedReview, Study, User
from exchange.plain_text import clean
from exchange.refi_qda import XmlFile, guid, user_guid
from exchange.writers.refi_elements import element, qualified, text_element

NO_DATE = "1980-01-01T00:00:00Z"  # of a note nobody dated: QualCoder can't read one without a date
_NAME = 80  # characters of a memo that name it in lists


@dataclass(slots=True)
class Notes:
    """Notes gathered while a project is written, their texts by id among those of the project."""

    texts: dict[str, str]  # id -> text, of everything that the project has as a file
    made: list[etree._Element] = field(default_factory=list)

    def add(self, note_id: str, name: str, text: str, date: str, user: User) -> str:
        """Keep a note; its id."""
        self.texts[note_id] = text
        self.made.append(
            element(
                "Note",
                guid=note_id,
                name=name,
                plainTextPath=f"internal://{note_id}.txt",
                creatingUser=user_guid(user),
                creationDateTime=date or NO_DATE,
            )
        )
        return note_id

    def memo(self, memo: Memo, *, words: str = "") -> str:
        """Keep a memo; `words` are those it is about, where they are not in the text."""
        text = f"{words}\n\n{memo.text}" if words else memo.text
        name = " ".join(clean(memo.text).split())
        name = name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
        date = memo.decided.replace("+00:00", "Z")
        return self.add(guid("memo", memo.memo_id), name, clean(text), date, User(memo.coder, "coder"))

    def write(self, xml: XmlFile) -> None:
        """The <Notes> element, where there is a note."""
        if self.made:
            with xml.element(qualified("Notes")):
                for note in self.made:
                    xml.write(note)


def refer(note_id: str) -> etree._Element:
    """What leads to a note."""
    return element("NoteRef", targetGUID=note_id)


def notes_on_codes(review: CodedReview, notes: Notes) -> dict[str, list[str]]:
    """The memos on themes and codes: ids of their notes by code."""
    found: dict[str, list[str]] = {}
    for memo in review.memos:
        if memo.theme:
            found.setdefault(memo.theme, []).append(notes.memo(memo))
    return found


def notes_on_review(review: CodedReview, notes: Notes) -> list[str]:
    """The memos on the review as a whole: ids of their notes."""
    return [notes.memo(memo) for memo in review.memos if not memo.theme]


def memo_selections(study: Study, notes: Notes) -> Iterator[tuple[CodedPassage, etree._Element]]:
    """The memos on words of the text as selections without a code; positions in the study's plain text."""
    for memo, place in study.noted:
        if place.span is None:
            continue
        start, end = place.span
        made = element(
            "PlainTextSelection",
            guid=guid("memo words", memo.memo_id),
            name=" ".join(clean(place.quote).split())[:_NAME],
            creatingUser=user_guid(place.user),
            startPosition=str(start),
            endPosition=str(end),
        )
        made.append(text_element("Description", ""))
        made.append(refer(notes.memo(memo)))
        yield place, made


def memos_on_study(study: Study, notes: Notes) -> Iterator[etree._Element]:
    """The memos on the study as a whole, and those on words that are not in its text."""
    for memo, place in study.noted:
        if place.span is None:
            words = f"{NOT_IN_TEXT} {place.quote}" if place.quote else ""
            yield refer(notes.memo(memo, words=words))
