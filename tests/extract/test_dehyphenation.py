from __future__ import annotations

import pytest

from extract.text.dehyphenation import mend, vocabulary

KNOWN = vocabulary(
    "the well-being of self-employed households and unemployment among targeting errors state owned 1990"
)


@pytest.mark.parametrize(
    ("lines", "mended"),
    [
        (("of unemploy\u00ad", "ment rose"), "of unemployment rose"),
        (("the well\u00ad", "being of"), "the well-being of"),
        (("by self-", "employed people"), "by self-employed people"),
        (("mass unemploy-", "ment rose"), "mass unemployment rose"),
        (("a proxy-", "means test"), "a proxy-means test"),
        (("large state\u00ad", "owned firms"), "large state-owned firms"),
        (("the Foster-Greer\u00ad", "Thorbecke index"), "the Foster-Greer-Thorbecke index"),
        (("from 1990-", "2010 on"), "from 1990-2010 on"),
        (("hand\u00ad", "in-hand with"), "hand-in-hand with"),
        (("a means\u00ad", "tested grant"), "a means-tested grant"),
        (("the non\u00ad", "poor"), "the non-poor"),
        (("paid in\u00ad", "kind"), "paid in-kind"),
        (("cost-effec\u00ad", "tiveness"), "cost-effectiveness"),
        (("the cu\u2010", "mulative sum"), "the cumulative sum"),
        (("a cash\u2010based", "grant"), "a cash-based grant"),
        (("Mr Rah\u00ad", "man"), "Mr Rahman"),
        (("Baloch\u00ad", "istan"), "Balochistan"),
        (("the infor\u00ad", "mal sector"), "the informal sector"),
        (("GOVERN\u00ad", "MENT of"), "GOVERNMENT of"),
        (("the poor -", "and others"), "the poor - and others"),
        (("e\ufb03cient \ufb01scal", "o\ufb00ers"), "efficient fiscal offers"),
        (("ends in a hyphen\u00ad",), "ends in a hyphen-"),
    ],
)
def test_line_ends_are_mended(lines: tuple[str, ...], mended: str) -> None:
    words = [(word, word is parts[-1]) for parts in map(str.split, lines) for word in parts]
    assert mend(words, KNOWN).text == mended


def test_every_word_knows_its_place_in_the_mended_text() -> None:
    words = [("the", False), ("unemploy\u00ad", True), ("ment", False), ("rate", True)]
    mended = mend(words, KNOWN)
    assert [mended.text[a:b] for a, b in zip(mended.starts, mended.ends, strict=True)] == [
        "the", "unemploy", "ment", "rate",
    ]  # fmt: skip


def test_halves_of_broken_words_are_no_vocabulary() -> None:
    assert vocabulary("an unem\u00ad\nployed per-\nson") == {"an"}
