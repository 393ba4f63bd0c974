"""A quote is found again in what the extraction gives now, or the decision is orphaned, never lost."""

from __future__ import annotations

import pytest

from annotations.anchor import anchored
from annotations.decision import Anchor, Decision
from extract.document import Box, Document, Passage

TEXTS = [
    "Payments to widows were delayed by more than five months in two districts.",
    "The registry has not been updated since 2011 and misses newly poor households.",
    "Payments to widows were delayed by more than five months in two districts.",
]


def _document() -> Document:
    text, passages = "", []
    for number, words in enumerate(TEXTS, start=1):
        start = len(text)
        text += words + "\n"
        span = (start, start + len(words))
        passages.append(Passage(f"abc-{span[0]}-{span[1]}", words, (span,), (Box(number, 10, 10, 90, 20),)))
    return Document("abc", "1", "read", text=text, passages=tuple(passages))


def _find(quote: str, page: int | None = None, passage_id: str = "") -> Anchor:
    found = anchored(Decision("s", "GW", 1, "amina", anchor=Anchor(quote, page, passage_id)), _document()).anchor
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("quote", "page", "found_on"),
    [
        ("delayed by more than five months", None, 1),
        ("delayed by more than five months", 3, 3),
        ("DELAYED  by more\nthan five months", 1, 1),
        ("has not been up-\ndated since 2011", None, 2),
        ("The registry was not updated since 2011 and misses newly poor households", None, 2),
    ],
    ids=["exact", "page decides between twins", "case and space", "line-end hyphen", "slightly misquoted"],
)
def test_a_quote_is_found(quote: str, page: int | None, found_on: int) -> None:
    assert _find(quote, page).page == found_on


def test_the_passage_it_came_from_wins_over_its_twin() -> None:
    twin = _document().passages[2]
    assert _find("delayed by more than five months", None, twin.id).passage_id == twin.id


def test_offset_and_context_point_into_the_document() -> None:
    found = _find("misses newly poor households")
    document = _document()
    assert document.text[found.offset or 0 :].startswith(TEXTS[1])
    assert document.text.index(found.prefix) < (found.offset or 0)


@pytest.mark.parametrize("quote", ["Zakat committees were dissolved in March.", "delayed", "   "], ids=str)
def test_what_is_not_there_is_orphaned_with_its_words_kept(quote: str) -> None:
    found = _find(quote, 1, "old-1-2")
    assert found.quote == quote
    assert (found.passage_id == "") == (quote != "delayed")


def test_a_judgement_on_the_study_and_a_missing_document_change_nothing() -> None:
    whole = Decision("s", "GW", 1, "amina")
    assert anchored(whole, _document()) == whole
    quoted = Decision("s", "GW", 1, "amina", anchor=Anchor("delayed", 1, "x"))
    assert anchored(quoted, None) == quoted


def test_a_quote_over_several_passages_is_found_in_the_first() -> None:
    quote = "five months in two districts. The registry has not been updated since 2011"
    assert _find(quote).page == 1
    with_page_head = f"{TEXTS[1]} 14 | Annual Report {TEXTS[2].replace('widows', 'widow')}"
    assert _find(with_page_head).page == 2
