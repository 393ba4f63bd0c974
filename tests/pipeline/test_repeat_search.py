"""Saved searches are repeated against a server that answers as OpenAlex documents it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from annotations.decision import Screened
from annotations.log.open_log import open_log
from corpus.discovery.openalex_works import surname_first
from corpus.discovery.saved_searches import SavedSearch, add_search, load_search_history, load_searches, remove_search
from corpus.errors import DataFileError, JaizaError
from corpus.registry.intake_record import identified
from corpus.registry.registry_file import load_sources
from corpus.registry.source_details import load_details
from corpus.workspace import ResolveSettings, Review, Workspace, establish, write_atomic
from pipeline.intake.missing_abstracts import ask_for_abstracts
from pipeline.intake.repeat_search import repeat_searches
from pipeline.intake.take_files import take_file
from pipeline.screening.screening_state import read_screening
from support.fake_host import QUICK, Host, Request, running_host

MEALS = SavedSearch("meals", '"school meals" AND attendance', "publication_year:2015-2026")


@dataclass
class Index:
    """The works of an index, and how it is asked for them."""

    host: Host
    works: dict[str, dict[str, object]] = field(default_factory=dict)

    def add(self, number: int, **facts: object) -> None:
        """A Work in the form of GET /works (developers.openalex.org), `facts` in the place of the usual ones."""
        self.works[f"W{number}"] = {
            "id": f"https://openalex.org/W{number}", "doi": f"https://doi.org/10.5555/{number}",
            "display_name": f"School meals and attendance, part {number} of a long series", "publication_year": 2020,
            "type": "article", "language": "en",
            "authorships": [{"author": {"display_name": f"Ines van Berg{number}"}, "raw_author_name": "I. van Berg"}],
            "primary_location": {"source": {"display_name": "Journal of Meals", "host_organization_name": "Press"}},
            "locations": [{"is_oa": True, "pdf_url": f"https://example.org/{number}.pdf", "landing_page_url": None},
                          {"is_oa": False, "pdf_url": "https://example.org/shop.pdf"}],
            "biblio": {"volume": "3", "issue": None, "first_page": "12", "last_page": "34"},
            "ids": {"pmid": f"https://pubmed.ncbi.nlm.nih.gov/{number}"},
            "abstract_inverted_index": {"Meals": [0], "help": [1, 3], "pupils": [2]},
            "keywords": [{"id": "https://openalex.org/keywords/meals", "display_name": "Meals", "score": 0.5}],
            "referenced_works": [], **facts,
        }  # fmt: skip

    def answer(self, request: Request) -> None:
        """A page of the works that a question asks for."""
        asked = {key: values[0] for key, values in parse_qs(urlsplit(request.path).query).items()}
        name, _, values = asked.get("filter", "").partition(":")
        wanted = set(values.split("|"))
        has = {
            "doi": lambda key: {str(self.works[key]["doi"]).removeprefix("https://doi.org/")},
            "openalex": lambda key: {key},
            "cites": lambda key: {str(one).rpartition("/")[2] for one in self.works[key]["referenced_works"]},  # type: ignore[attr-defined]
        }.get(name, lambda _: wanted)
        found = [work for key, work in self.works.items() if has(key) & wanted]
        size, page = int(asked["per-page"]), int(asked.get("page", 1))
        meta = {"count": len(found), "db_response_time_ms": 5, "page": page, "per_page": size, "next_cursor": None}
        body = {"meta": meta, "results": found[(page - 1) * size : page * size], "group_by": []}
        request.reply(200, json.dumps(body).encode(), content_type="application/json")

    def asked(self) -> list[dict[str, list[str]]]:
        """What was asked, question by question."""
        return [parse_qs(urlsplit(one.path).query) for one in self.host.requests]


@pytest.fixture
def index() -> Iterator[Index]:
    with running_host() as host:
        made = Index(host)
        host.answers["/works"] = made.answer
        yield made


@pytest.fixture
def workspace(tmp_path: Path, index: Index) -> Workspace:
    settings = ResolveSettings(email="reader@example.org", openalex=f"http://{index.host.place}")
    pull = replace(QUICK, allow_private_addresses=True, attempts=1)
    made = Workspace(tmp_path / "mine", Review(title="M", shipped_sources=False, pull=pull, resolve=settings))
    establish(made)
    write_atomic(made.root / "sources.toml", b"# none yet\n")
    return made


def test_a_search_brings_works_with_abstract_journal_and_open_copies(workspace: Workspace, index: Index) -> None:
    add_search(workspace, MEALS)
    index.add(1)
    (done,) = repeat_searches(workspace)
    assert (done.total, done.added, done.known, done.problem) == (1, 1, 0, "")
    (source,) = load_sources(workspace)
    assert (source.authors, source.year, source.doi, source.kind) == (
        ("van Berg1, Ines",), 2020, "10.5555/1", "journal article",
    )  # fmt: skip
    assert (source.container_title, source.volume, source.pages, source.pmid, source.language) == (
        "Journal of Meals", "3", "12-34", "1", "English",
    )  # fmt: skip
    assert [one.url for one in source.candidates] == ["https://example.org/1.pdf", "https://doi.org/10.5555/1"]
    details = load_details(workspace)[source.id]
    assert (details.abstract, details.keywords) == ("Meals help pupils help", ("Meals",))
    (asked,) = index.asked()
    assert (asked["search"], asked["filter"]) == ([MEALS.query], [MEALS.filter])
    assert (asked["mailto"], asked["per-page"]) == (["reader@example.org"], ["100"])


def test_missing_abstracts_are_asked_for_and_kept_with_where_they_are_from(workspace: Workspace, index: Index) -> None:
    title = "School meals and attendance, part {} of a long series"
    entries = [(1, title.format(1)), (2, title.format(2)), (3, title.format(3)), (4, "Quite another work on bridges")]
    listed = "".join(f"TY  - JOUR\nTI  - {name}\nDO  - 10.5555/{number}\nER  - \n" for number, name in entries)
    listed += "TY  - JOUR\nTI  - Wages in the hill districts\nER  - \n"
    (workspace.root / "list.ris").write_text(listed, encoding="utf-8")
    take_file(workspace, workspace.root / "list.ris", "list.ris")
    resolve = replace(workspace.review.resolve, crossref=f"http://{index.host.place}/crossref")
    workspace = Workspace(workspace.root, replace(workspace.review, resolve=resolve))
    index.add(1)
    index.add(2, abstract_inverted_index=None)
    index.add(4)  # of which the title in the list is another: its DOI is wrong there

    def crossref(request: Request) -> None:
        number = int(urlsplit(request.path).path.rpartition("/")[2])
        about = {"title": [title.format(number)], "issued": {"date-parts": [[2020]]}, "DOI": f"10.5555/{number}"}
        if number == 2:
            about["abstract"] = "<jats:title>Abstract</jats:title><jats:p>Meals &amp; pupils.</jats:p>"
        request.reply(200, json.dumps({"status": "ok", "message": about}).encode(), content_type="application/json")

    for number in (2, 3, 4):
        index.host.answers[f"/crossref/works/10.5555/{number}"] = crossref
    done = ask_for_abstracts(workspace)
    assert (done.missing, done.without_doi, done.found, done.problems) == (5, 1, 2, ())
    assert {(one.abstract, one.origin) for one in load_details(workspace).values()} == {
        ("Meals help pupils help", "OpenAlex, W1"), ("Meals & pupils.", "Crossref, 10.5555/2"),
    }  # fmt: skip
    again = ask_for_abstracts(workspace)
    assert (again.missing, again.found) == (3, 0)
    index.host.answers.clear()
    assert ask_for_abstracts(workspace).problems


def test_what_is_new_the_second_time_waits_for_screening_and_the_numbers_follow(
    workspace: Workspace, index: Index
) -> None:
    add_search(workspace, MEALS)
    for number in range(1, 4):
        index.add(number)
    repeat_searches(workspace)
    with open_log(workspace) as log:
        records = [source.id for source in load_sources(workspace)]
        log.record(screened=[Screened(record, "include", "amina", decided="2026-03-01") for record in records])
    index.add(4)
    index.add(5, doi="https://doi.org/10.5555/3")  # the same work under another number
    (again,) = repeat_searches(workspace)
    assert (again.total, again.added, again.known) == (5, 1, 1)
    with open_log(workspace) as log:
        standing = [one.standing for one in read_screening(workspace, log).abstracts.values()]
    assert standing == ["include", "include", "include", "waiting"]
    assert identified(workspace, len(load_sources(workspace))) == ({"meals": 5}, 1)
    (nothing,) = repeat_searches(workspace)
    assert (nothing.total, nothing.added, nothing.known, len(load_search_history(workspace))) == (5, 0, 0, 3)


def test_long_lists_are_read_page_by_page_and_a_part_is_said_to_be_one(workspace: Workspace, index: Index) -> None:
    for number in range(130):
        index.add(number, display_name=f"Work {number} on {'abcdefghij'[number % 10] * 5} and {number * 7} meals")
    add_search(workspace, replace(MEALS, most=120))
    (done,) = repeat_searches(workspace)
    assert (done.total, done.taken) == (130, 120)
    assert "130 works fit, only the newest 120 were taken" in done.note
    assert [asked["page"] for asked in index.asked()] == [["1"], ["2"]]


def test_citations_of_what_was_included_are_followed_both_ways(workspace: Workspace, index: Index) -> None:
    add_search(workspace, MEALS)
    index.add(1, referenced_works=["https://openalex.org/W8"])
    index.add(2)
    repeat_searches(workspace)
    one, two = (source.id for source in load_sources(workspace))
    with open_log(workspace) as log:
        log.record(screened=[Screened(one, "include", "a"), Screened(two, "exclude", "a")])
    index.add(8, display_name="An old work on something else")
    index.add(9, display_name="Later, and of other things", referenced_works=["https://openalex.org/W1"])
    index.add(10, display_name="Citing only what was left out", referenced_works=["https://openalex.org/W2"])
    remove_search(workspace, "meals")
    add_search(workspace, SavedSearch("forward", citations="citing"))
    add_search(workspace, SavedSearch("backward", citations="cited"))
    done = repeat_searches(workspace)
    assert [(record.name, record.added) for record in done] == [("forward", 1), ("backward", 1)]
    titles = [source.title for source in load_sources(workspace)[2:]]
    assert titles == ["Later, and of other things", "An old work on something else"]


def test_a_search_without_an_answer_is_told_and_the_next_is_done(workspace: Workspace, index: Index) -> None:
    add_search(workspace, MEALS)
    index.host.answers["/works"] = lambda request: request.reply(500, b"no")
    (failed,) = repeat_searches(workspace)
    assert failed.problem
    index.host.answers["/works"] = lambda request: request.reply(200, b'{"results": 3}')
    (odd,) = repeat_searches(workspace)
    assert "another form than documented" in odd.problem
    assert [bool(one.problem) for one in load_search_history(workspace)] == [True, True]
    assert load_sources(workspace) == ()


def test_searches_are_kept_checked_and_forgotten(workspace: Workspace) -> None:
    for search in (MEALS, SavedSearch("forward", citations="citing", most=10)):
        add_search(workspace, search)
    assert load_searches(workspace) == (MEALS, SavedSearch("forward", citations="citing", most=10))
    with pytest.raises(JaizaError, match="already"):
        add_search(workspace, MEALS)
    remove_search(workspace, "meals")
    assert [one.name for one in load_searches(workspace)] == ["forward"]
    (workspace.root / "searches.toml").write_text('[[search]]\nname = "x"\n')
    with pytest.raises(DataFileError, match="needs either words"):
        load_searches(workspace)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Ines Tollander", "Tollander, Ines"),
        ("María de la Cruz", "de la Cruz, María"),
        ("Berg, Ines", "Berg, Ines"),
        ("UNICEF", "UNICEF"),
    ],
)
def test_names_are_written_surname_first(name: str, written: str) -> None:
    assert surname_first(name) == written
