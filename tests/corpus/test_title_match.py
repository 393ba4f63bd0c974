"""Is it the right work? Invented title pages against titles as a registry has them."""

from __future__ import annotations

import pytest

from corpus.registry.sources import OtherWork, Source
from corpus.registry.title_match import author_found, check_title, words

TITLE = "Grain Vouchers and the Reform of Village Relief in Arvenia"
PAGE = """Ministry of Relief
GRAIN VOUCHERS AND THE REFORM
OF VILLAGE RELIEF IN ARVENIA
Ines Tollander and Piet de Groot
June 2019
This report describes how relief reaches the villages. Relief in grain came before relief in cash; vouchers replaced
grain in some villages, and the relief committees of other villages asked for vouchers too.
"""
OTHER_PAGE = """Cash or Kind? Village Committees in Arvenia
Orla Fenwick
Village relief is older than the state. Grain is given in spring. Vouchers are given where there are markets, and the
reform of relief is a matter for the villages. Relief in Arvenia has seen much reform.
"""


def source(title: str = TITLE, *authors: str, other: str = "") -> Source:
    others = (OtherWork("another report", title=other),) if other else ()
    return Source(id="x", label="x", title=title, authors=authors, other_works=others)


@pytest.mark.parametrize(
    "title",
    [
        TITLE,
        TITLE.upper(),
        "Grain vouchers – and the reform of village relief in Arvenia",
        "Grain Vouchers and the Reforms of Village Relief in Arvenia",
        "Grain Vouchers and the Reform of Village Relief in Arvenia: Working Paper 12",
        "Grain Vouchers and the Reform of Village-Relief in Arvenia",
    ],
)
def test_the_own_title_matches_in_any_spelling(title: str) -> None:
    assert check_title(source(title, "Tollander, Ines"), PAGE).verdict == "match"


@pytest.mark.parametrize(
    "page",
    [
        PAGE.replace("VOUCHERS", "VOU-\nCHERS"),
        PAGE.replace("VOUCHERS", "Vou\u0002\r\nchers"),
        PAGE.replace("RELIEF IN", "RELIE\ufb01 IN").replace("\ufb01", "F"),
        PAGE.replace("GRAIN VOUCHERS AND", "SERIES NO. 4\nGRAIN VOUCHERS¹ AND"),
        PAGE.replace("ARVENIA", "ARVÉNIA"),
    ],
)
def test_the_own_title_matches_as_a_page_may_print_it(page: str) -> None:
    assert check_title(source(TITLE, "Tollander, Ines"), page).verdict == "match"


def test_another_work_on_the_same_topic_differs() -> None:
    check = check_title(source(TITLE, "Tollander, Ines"), OTHER_PAGE)
    assert check.verdict == "differs"
    assert "no author found" in check.note


def test_a_title_that_is_partly_there_is_probable_when_an_author_is_named() -> None:
    shorter = PAGE.replace("GRAIN VOUCHERS AND THE REFORM\nOF", "THE GRAIN VOUCHERS:")
    assert check_title(source(TITLE, "Tollander, Ines"), shorter).verdict == "probable"


def test_another_year_of_the_same_report_is_no_match() -> None:
    page = "State of Village Relief in Arvenia 2013\nRelief Institute\n"
    assert check_title(source("State of Village Relief in Arvenia 2020", "Relief Institute"), page).verdict != "match"


def test_a_short_title_is_sure_only_with_its_author() -> None:
    page = "As others found (see Consolidating Village Relief), grain is given in spring."
    assert check_title(source("Consolidating Village Relief", "Fenwick, Orla"), page).verdict == "probable"
    assert check_title(source("Consolidating Village Relief", "Fenwick, Orla"), page + " O. Fenwick").verdict == "match"


def test_the_title_of_a_work_that_must_not_be_taken_is_known() -> None:
    given = source(TITLE, "Tollander, Ines", other="Cash or Kind? Village Committees in Arvenia")
    check = check_title(given, OTHER_PAGE)
    assert check.verdict == "other work"
    assert "Cash or Kind?" in check.note
    assert check_title(given, PAGE).verdict == "match"


@pytest.mark.parametrize(
    ("title", "page", "said"),
    [
        ("", PAGE, "the registry has no title"),
        ("Annual Report", PAGE, "too short"),
        (TITLE, " \n ", "no text"),
    ],
)
def test_what_can_not_be_checked_is_said_to_be_unchecked(title: str, page: str, said: str) -> None:
    check = check_title(source(title), page)
    assert check.verdict == "not checked"
    assert said in check.note


def test_the_note_counts_words_and_names_those_missing() -> None:
    check = check_title(source(TITLE + " and Morvania", "Tollander, Ines"), PAGE)
    assert check.note == "6 of 7 distinctive words of the title found together (not: morvania); author Tollander found"


@pytest.mark.parametrize(
    ("author", "page", "found"),
    [
        ("Tollander, Ines", "by I. TOLLANDER", True),
        ("de Groot, Piet", PAGE, True),
        ("de Groot, Piet", "Jan Groot", True),  # particles are often left out
        ("Gün, Feyza", "Feyza GUN", True),
        ("O'Hara, Maeve", "M. O’Hara", True),
        ("Relief Institute of Arvenia (RIA)", "a paper of the RIA", True),
        ("Relief Institute of Arvenia (RIA)", "The Relief Institute of Arvenia", True),
        ("Relief Institute of Arvenia (RIA)", "an institute for relief in Arvenia", False),
        ("Fenwick, Orla", PAGE, False),
        ("", PAGE, False),
    ],
)
def test_authors_are_found_by_surname_or_institution(author: str, page: str, found: bool) -> None:
    assert author_found(author, words(page)) is found
