"""Taking works in: what is known, what is another edition, what a person has to look at, and what is new."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

import pytest

from corpus import write_together as writing
from corpus.errors import DataFileError
from corpus.registry.duplicates import DuplicatePair
from corpus.registry.edition_links import Link, Links, load_links, settle_all
from corpus.registry.intake import store_intake, take_in
from corpus.registry.registry_file import load_sources
from corpus.registry.same_work import compare, fingerprint
from corpus.registry.source_details import SourceDetails, load_details
from corpus.registry.sources import Source
from corpus.registry.work import PriorScreening, Work
from corpus.workspace import Review, Workspace, open_workspace
from corpus.write_together import MARKER, write_together

KHAN = Source("khan-2016", "Khan (2016)", "Zakat and rural poverty in the northern districts", ("Khan, Amina",), 2016)
ALI = Source("ali-2019", "Ali (2019)", "Grain vouchers and village relief", ("Ali, Omar",), 2019, doi="10.1234/ali")
LONG = "Evaluation of the household cash programme"


def work(
    title: str, *authors: str, year: int | None = 2019, publisher: str = "", doi: str = "", volume: str = ""
) -> Work:
    return Work("1", title, authors, year, publisher=publisher, doi=doi, volume=volume)


def chapter(title: str, doi: str) -> Work:
    return Work("1", title, ("Zeta, Z.",), 2019, kind="book chapter", doi=doi)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, Review(shipped_sources=False))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (work(f"{LONG}: round 1", "Kappa, K."), work(f"{LONG}: round 2", "Kappa, K.")),
        (work(f"{LONG}: first round", "Kappa, K."), work(f"{LONG}: second round", "Kappa, K.")),
        (work(f"{LONG}, Volume I", "Kappa, K."), work(f"{LONG}, Volume II", "Kappa, K.")),
        (work(f"{LONG}: Sindh"), work(f"{LONG}: Punjab")),
        (work(f"{LONG}: women", "Kappa, K."), work(f"{LONG}: men", "Kappa, K.")),
        (work("Annual report", "Ministry of Relief"), work("Annual report", "Ministry of Bread")),
        (work("Annual report 2019", publisher="Ministry A"), work("Annual report 2019", publisher="Ministry B")),
        (work("Labour force survey 2018", "Bureau"), work("Labour force survey 2019", "Bureau")),
        (work("Introduction", "Kappa, K.", doi="10.1/a"), work("Introduction", "Zeta, Z.", doi="10.1/b")),
        (work(LONG, "Kappa, K."), work("Grain vouchers and village relief", "Kappa, K.")),
        (work(f"Corrigendum to {LONG}", doi="10.1/a"), work(LONG, doi="10.1/b")),
    ],
)
def test_different_works_are_not_taken_for_one(one: Work, other: Work) -> None:
    assert compare(fingerprint(one), fingerprint(other)) is None
    assert [taken.state for taken in take_in([one, other], [])] == ["new", "new"]


@pytest.mark.parametrize(
    ("one", "other", "state"),
    [
        (work(LONG, doi="10.1/a"), work("An evaluation of household cash", doi="10.1/A".lower()), "known"),
        (work(f"{LONG}: study 1", doi="10.1/a"), work(f"{LONG}: study 2", doi="10.1/a"), "known"),
        (work(LONG, "Kappa, K."), work(f"{LONG.upper()}.", "Kappa, Karim"), "known"),
        (work(LONG), work(LONG), "known"),
        (work(LONG, "Kappa, K."), work(LONG, "Kappa, K.", year=2021), "edition"),
        (work(LONG, "Kappa, K.", doi="10.1/a"), work(LONG, "Kappa, K.", doi="10.1/b"), "edition"),
        (work(LONG, "Bureau"), work(LONG, "Bureau", year=2021), "to check"),
        (work(LONG, "Kappa, K."), work(LONG), "to check"),
        (work(f"{LONG} in Arvenia", "Kappa, K."), work(f"{LONG} in Arvenia", "World Bank"), "to check"),
        (work(LONG, "Kappa, K."), work(LONG.replace("programme", "program"), "Kappa, K."), "to check"),
        (work(LONG, "Kappa, K."), work(f"{LONG}: a first look", "Kappa, K."), "to check"),
        (work("Conditional cash in Arvenia"), work("Unconditional cash in Arvenia"), "to check"),
        (work("Bread for all the old", doi="10.1/book"), work("Pensions unpaid", doi="10.1/book"), "known"),
        (chapter("Bread for all the old", "10.1/book"), chapter("Pensions unpaid", "10.1/book"), "to check"),
        (work(f"{LONG}, 2nd edition", "Kappa, K.", year=2021), work(LONG, "Kappa, K."), "edition"),
    ],
)
def test_what_is_alike_is_known_linked_or_to_be_checked(one: Work, other: Work, state: str) -> None:
    first, second = take_in([one, other], [])
    assert (first.state, second.state) == ("new", state)
    assert second.other == first.source.id if first.source else False
    assert second.why
    assert (second.source is None) == (state == "known")


def test_the_registry_is_compared_with_and_names_are_made_apart() -> None:
    works = [
        Work("1", "Anything", doi="10.1234/ali"),
        Work("2", KHAN.title, ("Khan, Amina",), 2016),
        Work("3", KHAN.title, ("Khan, Amina",), 2015),
        Work("4", "Cash for the old of the islands", ("Khan, Amina",), 2016),
    ]
    taken = take_in(works, [KHAN, ALI])
    assert [(one.state, one.other) for one in taken] == [
        ("known", "ali-2019"),
        ("known", "khan-2016"),
        ("edition", "khan-2016"),
        ("new", ""),
    ]
    assert [one.source.id for one in taken if one.source] == ["khan-2015", "khan-2016-2"]
    assert taken[3].source
    assert taken[3].source.label == "Khan (2016b)"


def test_a_chain_of_editions_links_to_its_root(workspace: Workspace) -> None:
    works = [work(LONG, "Kappa, K.", year=year) for year in (2019, 2020, 2021)]
    taken = take_in(works, [])
    store_intake(workspace, [], Links(), taken)
    assert [one.other for one in taken] == ["", "kappa-2019", "kappa-2019"]
    sources = load_sources(workspace)
    links = load_links(workspace, sources)
    assert links.editions == {"kappa-2020": "kappa-2019", "kappa-2021": "kappa-2019"}
    (later,) = take_in([work(LONG, "Kappa, K.", year=2023)], sources[1:2], links=links)
    assert later.other == "kappa-2019"


def test_anyway_adds_all() -> None:
    assert [one.state for one in take_in([Work("1", KHAN.title, KHAN.authors, 2016)], [KHAN], anyway=True)] == ["new"]


def test_a_list_taken_in_twice_adds_nothing_the_second_time(workspace: Workspace, tmp_path: Path) -> None:
    kept = Work("1", LONG, ("Kappa, K.",), 2019, abstract="Cash is paid.", keywords=("cash",))
    for _ in range(2):
        sources = load_sources(workspace)
        store_intake(workspace, sources, Links(), take_in([kept], sources), origin="list.ris")
    assert [one.id for one in load_sources(workspace)] == ["kappa-2019"]
    assert load_details(workspace) == {
        "kappa-2019": SourceDetails("kappa-2019", "Cash is paid.", ("cash",), origin="list.ris, 1")
    }
    assert len((tmp_path / "records.jsonl").read_text(encoding="utf-8").splitlines()) == 1


def test_a_later_list_fills_in_what_the_first_left_out(workspace: Workspace) -> None:
    voted = (PriorScreening("include", "Amna", "Rayyan"),)
    for given in (work(LONG, "Kappa, K."), Work("2", LONG, ("Kappa, K.",), 2019, abstract="Cash.", screenings=voted)):
        sources = load_sources(workspace)
        store_intake(workspace, sources, Links(), take_in([given], sources))
    details = load_details(workspace)["kappa-2019"]
    assert (details.abstract, details.screenings) == ("Cash.", voted)


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


CHAIN = [
    Work("1", LONG, ("Kappa, K.",), 2019, abstract="Cash."),
    Work("2", LONG, ("Kappa, K.",), 2020),
]


@pytest.mark.parametrize("call", range(7))
def test_a_write_that_fails_leaves_the_registry_as_it_was(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    store_intake(workspace, [], Links(), take_in([work("Bread for all the old", "Zeta, Z.")], []))
    before, sources = _contents(tmp_path), load_sources(workspace)
    times = iter(range(100))
    real = os.fsync

    def full(handle: int) -> None:
        if next(times) == call:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    wrote = False
    try:
        store_intake(workspace, sources, Links(), take_in(CHAIN, sources))
        wrote = True
    except OSError:
        assert _contents(tmp_path) == before
    assert wrote == (call >= 5)  # four files and the marker


@pytest.mark.parametrize("renamed", range(4))
def test_a_write_stopped_after_it_counts_is_finished_by_who_opens_the_review_next(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renamed: int
) -> None:
    times = iter(range(100))
    real = Path.replace

    def stopped(path: Path, target: Path) -> Path:
        if next(times) == renamed + 1:  # the first puts the marker in place
            raise KeyboardInterrupt
        return real(path, target)

    monkeypatch.setattr(Path, "replace", stopped)
    with suppress(KeyboardInterrupt):
        store_intake(workspace, [], Links(), take_in(CHAIN, []))
    monkeypatch.undo()
    writing.finish_write(tmp_path)
    sources = load_sources(workspace)
    assert len(sources) == 2
    assert load_links(workspace, sources).editions == {"kappa-2020": "kappa-2019"}
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_review_whose_write_was_stopped_opens_whole(tmp_path: Path) -> None:
    write_together(tmp_path, {"sources.toml": b'[[source]]\nid = "ab"\nlabel = "A"\n'})
    (tmp_path / "review.toml").write_text("shipped_sources = false\n", encoding="utf-8")
    (tmp_path / ".new.part").write_bytes(b'[[source]]\nid = "cd"\nlabel = "C"\n')
    (tmp_path / MARKER).write_text(json.dumps({".new.part": "sources.toml"}), encoding="utf-8")
    assert [one.id for one in load_sources(open_workspace(tmp_path))] == ["cd"]


def test_pairs_are_settled_all_at_once_as_one_work_or_as_two(workspace: Workspace) -> None:
    sources = [Source(name, name) for name in "abcd"]
    pairs = [DuplicatePair("a", "b", "like title", ""), DuplicatePair("b", "c", "like title", "")]
    joined = settle_all(workspace, Links(), sources, pairs, one_work=True, why="looked at")
    assert joined.editions == {"b": "a", "c": "a"}
    assert load_links(workspace, sources) == joined
    assert joined.unsettled(pairs) == ()
    apart = settle_all(workspace, Links((Link("d", "a"),)), sources, pairs, one_work=False)
    assert (apart.editions, apart.unsettled(pairs)) == ({"d": "a"}, ())


def test_a_damaged_line_of_the_details_is_named(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "records.jsonl").write_text('{"source": "a"}\n{"source": \n', encoding="utf-8")
    with pytest.raises(DataFileError, match=r"records.jsonl: line 2: can't be read"):
        load_details(workspace)
