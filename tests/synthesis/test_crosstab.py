"""Themes by programme, method, year and kind, and where the studies of a group agree."""

from __future__ import annotations

from corpus.registry.sources import Source
from support.cells import made
from synthesis.statistics.crosstab import SHIPPED, By, Programme, StudyGroup, crosstab, read_programmes

SOURCES = [
    Source("a", "A", year=2011, kind="thesis", programmes=("BISP", "Zakat"), method="survey", peer_reviewed="yes"),
    Source("b", "B", year=2014, kind="thesis", programmes=("zakat",), countries=("Kenya", "Chile")),
    Source("c", "C", year=2020, programmes=("federal and provincial schemes",), peer_reviewed="no"),
    Source("d", "D"),
]
CELLS = [
    *(made(source, "GW", value) for source, value in (("a", 1), ("b", 2), ("c", 0), ("d", None))),
    *(made(source, "IF", value) for source, value in (("a", 1), ("b", 1), ("c", 2), ("d", 0))),
]
ROWS = [
    Programme("BISP"),
    Programme("Zakat"),
    Programme("WWF"),
    Programme("Provincial", ("federal and provincial schemes",)),
]


def table(by: By, rows: list[Programme] | None = None) -> dict[str, StudyGroup]:
    return {group.name: group for group in crosstab(CELLS, SOURCES, "merged", by, programmes=rows or [])}


def test_a_study_counts_in_every_programme_it_is_about() -> None:
    found = table("programme", ROWS)
    assert {name: group.studies for name, group in found.items()} == {
        "BISP": ("a",), "Zakat": ("a", "b"), "WWF": (), "Provincial": ("c",), "not known": ("d",),
    }  # fmt: skip
    assert list(found)[-1] == "not known"


def test_a_programme_nobody_studied_stays_in_the_table() -> None:
    (part, _) = table("programme", ROWS)["WWF"].parts
    assert (part.known, part.share, part.stance) == (0, None, "too few")


def test_years_come_in_periods_in_their_order() -> None:
    assert list(table("period")) == ["2010–2014", "2020–2024", "not known"]


def test_what_is_not_known_is_a_group_of_its_own_and_never_guessed() -> None:
    assert table("kind")["not known"].studies == ("c", "d")
    assert table("method")["not known"].studies == ("b", "c", "d")
    assert table("peer reviewed")["not known"].studies == ("b", "d")
    assert table("country")["Kenya"].studies == ("b",)


def test_an_unknown_cell_is_neither_present_nor_absent() -> None:
    sources = [Source(key, key, kind="note") for key in "abcd"]
    gw, fragmented = crosstab(CELLS, sources, "merged", "kind")[0].parts
    assert (gw.present, gw.absent, gw.unknown, gw.share) == (("a", "b"), ("c",), ("d",), 2 / 3)
    assert (gw.stance, fragmented.stance) == ("they differ", "they differ")


def test_studies_agree_where_three_at_least_say_the_same() -> None:
    sources = [Source(key, key, kind="note") for key in "abc"]
    gw, fragmented = crosstab(CELLS, sources, "merged", "kind")[0].parts
    assert (gw.stance, fragmented.stance) == ("they differ", "all report it")
    gw, _ = crosstab(CELLS, sources[:2], "merged", "kind")[0].parts
    assert gw.stance == "too few"


def test_the_paper_s_seven_programmes_are_the_rows() -> None:
    assert [programme.name for programme in read_programmes(SHIPPED)] == [
        "BISP", "Ehsaas", "Zakat", "PBM", "EOBI", "WWF", "Provincial schemes",
    ]  # fmt: skip
