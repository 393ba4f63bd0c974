"""Looking for lost sources: open indexes in the formats they document, the archive, the title check on every hit."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from corpus.discovery.describe_work import work_at, work_of_doi
from corpus.discovery.open_indexes import Indexes
from corpus.discovery.resolve import Resolved, Resolver
from corpus.errors import DataFileError, JaizaError
from corpus.fetch.connection import Connections
from corpus.fetch.download import Fetcher
from corpus.registry.extra_candidates import adopt
from corpus.registry.registry_file import add_source, load_sources
from corpus.registry.sources import Candidate, OtherWork, Source
from corpus.workspace import ResolveSettings, Review, Workspace
from support.fake_host import AUTHORS, QUICK, TITLE, Host, Request, invented_pdf, read_front_pages, running_host

SOURCE = Source("tollander-2014", "Tollander (2014)", TITLE, AUTHORS, 2014)


@pytest.fixture
def host() -> Iterator[Host]:
    with running_host() as running:
        yield running


def at(root: Path, host: Host, *, email: str = "reader@example.org") -> Workspace:
    base = f"http://{host.place}"
    settings = ResolveSettings(email, f"{base}/openalex", f"{base}/crossref", f"{base}/unpaywall", f"{base}/archive")
    pull = replace(QUICK, allow_private_addresses=True, attempts=1)
    return Workspace(root, Review(shipped_sources=False, pull=pull, resolve=settings))


def resolved(workspace: Workspace, source: Source) -> Resolved:
    connections = Connections(workspace.review.pull, {})
    try:
        return Resolver(workspace, connections, read_front_pages=read_front_pages).resolve(source)
    finally:
        connections.close()


def openalex(
    host: Host, *, title: str = TITLE, pdf: str = "", landing: str = "", doi: str = "10.1234/arv"
) -> dict[str, object]:
    """A Work as docs.openalex.org describes it."""
    place = {"is_oa": True, "pdf_url": pdf or None, "landing_page_url": None}
    return {
        "id": "https://openalex.org/W1", "doi": "https://doi.org/10.1234/arv", "display_name": title,
        "publication_year": 2014,
        "type": "report", "authorships": [{"author": {"display_name": "Ines Tollander"}}],
        "best_oa_location": place, "locations": [place, {"is_oa": False, "pdf_url": f"http://{host.place}/shop.pdf"}],
    }  # fmt: skip


def gives(host: Host, path: str, found: object) -> None:
    host.serve(path, json.dumps(found).encode(), content_type="application/json")


def test_a_pdf_an_index_knows_is_proposed_once_its_first_pages_carry_the_title(tmp_path: Path, host: Host) -> None:
    pdf = f"http://{host.place}/open/arvenia.pdf"
    gives(host, "/openalex/works", {"results": [openalex(host, pdf=pdf)]})
    host.serve("/open/arvenia.pdf", invented_pdf())
    found = resolved(at(tmp_path, host), SOURCE)
    (proposal,) = found.proposals
    assert (proposal.url, proposal.basis, proposal.verdict, proposal.found_by) == (pdf, "file", "match", "OpenAlex")
    assert found.doi == "10.1234/arv"
    assert "/shop.pdf" not in host.paths()  # no open copy
    assert not list((tmp_path / "pdfs").iterdir())  # looked at, not kept
    assert load_sources(at(tmp_path, host)) == ()  # nothing adopted


def test_a_file_of_another_work_is_refused_although_the_record_fits(tmp_path: Path, host: Host) -> None:
    gives(host, "/openalex/works", {"results": [openalex(host, pdf=f"http://{host.place}/open/a.pdf")]})
    host.serve("/open/a.pdf", invented_pdf("Fisheries of the Outer Isles: a Handbook for Inspectors", "Bo Lund"))
    (proposal,) = resolved(at(tmp_path, host), SOURCE).proposals
    assert (proposal.basis, proposal.verdict) == ("refused", "differs")


def test_a_record_of_another_work_is_refused_and_its_file_not_even_asked_for(tmp_path: Path, host: Host) -> None:
    other = openalex(host, title="Fisheries of the Outer Isles", pdf=f"http://{host.place}/open/fish.pdf")
    gives(host, "/openalex/works", {"results": [other]})
    (proposal,) = resolved(at(tmp_path, host), SOURCE).proposals
    assert proposal.basis == "refused"
    assert "/open/fish.pdf" not in host.paths()


def test_a_file_that_can_not_be_had_is_proposed_by_its_record_and_says_so(tmp_path: Path, host: Host) -> None:
    gives(host, "/openalex/works", {"results": [openalex(host, pdf=f"http://{host.place}/gone.pdf")]})
    (proposal,) = resolved(at(tmp_path, host), SOURCE).proposals
    assert (proposal.basis, proposal.verdict) == ("record", "match")
    assert "404" in proposal.note


def test_crossref_and_unpaywall_are_asked_by_doi(tmp_path: Path, host: Host) -> None:
    gives(host, "/crossref/works/10.1234/arv", {"message": {
        "DOI": "10.1234/ARV", "title": [TITLE], "author": [{"family": "Tollander", "given": "Ines"}],
        "issued": {"date-parts": [[2014, 5]]}, "type": "report", "URL": "https://doi.org/10.1234/arv",
        "link": [{"URL": f"http://{host.place}/crossref.pdf", "content-type": "application/pdf"}],
    }})  # fmt: skip
    gives(host, "/unpaywall/v2/10.1234/arv", {
        "doi": "10.1234/arv", "title": TITLE, "year": 2014, "z_authors": [{"family": "Tollander", "given": "Ines"}],
        "best_oa_location": {"url_for_pdf": f"http://{host.place}/unpaywall.pdf", "url_for_landing_page": None},
        "oa_locations": [],
    })  # fmt: skip
    for name in ("/crossref.pdf", "/unpaywall.pdf"):
        host.serve(name, invented_pdf())
    found = resolved(at(tmp_path, host), replace(SOURCE, doi="10.1234/arv"))
    assert {(one.found_by, urlsplit(one.url).path) for one in found.proposals if one.basis == "file"} == {
        ("Crossref", "/crossref.pdf"),
        ("Unpaywall", "/unpaywall.pdf"),
    }
    asked = next(path for path in (one.path for one in host.requests) if path.startswith("/unpaywall"))
    assert parse_qs(urlsplit(asked).query) == {"email": ["reader@example.org"]}


def test_unpaywall_is_not_asked_without_an_address_of_who_asks(tmp_path: Path, host: Host) -> None:
    found = resolved(at(tmp_path, host, email=""), replace(SOURCE, doi="10.1234/arv"))
    assert not any(path.startswith("/unpaywall") for path in host.paths())
    assert any("e-mail" in note for note in found.notes)


def test_a_dead_link_leads_to_its_archived_copy(tmp_path: Path, host: Host) -> None:
    dead = f"http://{host.place}/reports/old.pdf"
    copy = f"http://{host.place}/web/20150101000000/{dead}"

    def available(request: Request) -> None:
        asked = parse_qs(urlsplit(request.path).query)
        assert asked == {"url": [dead], "timestamp": ["20150101"]}
        closest = {"available": True, "status": "200", "url": copy, "timestamp": "20150101000000"}
        request.reply(200, json.dumps({"url": dead, "archived_snapshots": {"closest": closest}}).encode())

    host.answers["/archive/wayback/available"] = available
    host.serve(urlsplit(copy).path, invented_pdf())
    source = replace(SOURCE, candidates=(Candidate(dead, "pdf", "published"),))
    (proposal,) = resolved(at(tmp_path, host), source).proposals
    assert (proposal.url, proposal.basis, proposal.found_by) == (copy, "file", "Wayback Machine")


def test_an_archived_copy_is_asked_for_without_the_frame_of_the_archive(tmp_path: Path, host: Host) -> None:
    closest = {
        "available": True,
        "status": "200",
        "url": "http://web.archive.org/web/20150101000000/http://x.example/a.pdf",
    }
    gives(host, "/archive/wayback/available", {"archived_snapshots": {"closest": closest}})
    workspace = at(tmp_path, host)
    workspace.pdfs.mkdir(parents=True)
    connections = Connections(workspace.review.pull, {})
    indexes = Indexes(Fetcher(connections, workspace.review.pull, workspace.pdfs), workspace.review.resolve)
    assert indexes.archived("http://x.example/a.pdf") == (
        "https://web.archive.org/web/20150101000000id_/http://x.example/a.pdf", "",
    )  # fmt: skip
    connections.close()


@pytest.mark.parametrize(
    "answer", [b"<html>busy</html>", b"[]", b'{"results": [{"authorships": 3}]}', b'{"results": 7}']
)
def test_an_index_that_answers_nonsense_is_told_of_and_harms_nothing(tmp_path: Path, host: Host, answer: bytes) -> None:
    host.serve("/openalex/works", answer)
    found = resolved(at(tmp_path, host), SOURCE)
    assert found.proposals == ()
    assert any(note.startswith("OpenAlex:") for note in found.notes)


def test_a_source_without_a_title_is_not_looked_for(tmp_path: Path, host: Host) -> None:
    assert resolved(at(tmp_path, host), replace(SOURCE, title="")).notes[0].startswith("the registry has no title")
    assert host.paths() == []


def test_an_adopted_address_is_tried_after_those_of_the_registry(tmp_path: Path, host: Host) -> None:
    workspace = at(tmp_path, host)
    add_source(workspace, replace(SOURCE, candidates=(Candidate("https://a.example/x.pdf", "pdf", "seen"),)))
    adopt(workspace, load_sources(workspace)[0], Candidate("https://b.example/y.pdf", "pdf", "seen", "by hand"))
    (source,) = load_sources(workspace)
    assert [one.url for one in source.candidates] == ["https://a.example/x.pdf", "https://b.example/y.pdf"]
    with pytest.raises(JaizaError, match="already"):
        adopt(workspace, source, Candidate("http://b.example/y.pdf#page=2", "pdf", "seen"))


def test_the_address_of_a_different_work_is_not_adopted(tmp_path: Path, host: Host) -> None:
    other = replace(SOURCE, other_works=(OtherWork("a talk of the same name", "https://c.example/talk.pdf"),))
    with pytest.raises(JaizaError, match="a talk of the same name"):
        adopt(at(tmp_path, host), other, Candidate("https://c.example/talk.pdf", "pdf", "seen"))


def test_an_adopted_address_of_no_source_is_named(tmp_path: Path, host: Host) -> None:
    (tmp_path / "candidates.toml").write_text(
        '[[candidate]]\nsource = "nobody"\nurl = "https://a.example"\nkind = "pdf"\n'
    )
    with pytest.raises(DataFileError, match="there is no source 'nobody'"):
        load_sources(at(tmp_path, host))


def fetching(workspace: Workspace) -> tuple[Connections, Fetcher]:
    workspace.pdfs.mkdir(parents=True, exist_ok=True)
    connections = Connections(workspace.review.pull, {})
    return connections, Fetcher(connections, workspace.review.pull, workspace.pdfs)


def test_a_doi_is_looked_up(tmp_path: Path, host: Host) -> None:
    workspace = at(tmp_path, host)
    gives(host, "/openalex/works/doi:10.1234/arv", openalex(host, pdf="https://open.example/arv.pdf"))
    connections, fetcher = fetching(workspace)
    work = work_of_doi("10.1234/arv", Indexes(fetcher, workspace.review.resolve))
    assert (work.title, work.year, work.doi, work.kind) == (TITLE, 2014, "10.1234/arv", "policy report")
    assert work.urls == ("https://open.example/arv.pdf",)
    with pytest.raises(JaizaError, match="no index knows the DOI"):
        work_of_doi("10.1234/nothing", Indexes(fetcher, workspace.review.resolve))
    connections.close()


def test_a_page_says_which_work_it_is_about(tmp_path: Path, host: Host) -> None:
    page = (
        '<html><head><meta name="citation_title" content="Grain &amp; relief"><meta name="citation_author" '
        'content="Tollander, Ines"><meta name="citation_publication_date" content="2014/05/01">'
        '<meta name="citation_doi" content="10.1234/ARV"></head><body></body></html>'
    )
    host.serve("/item/7", page.encode(), content_type="text/html")
    connections, fetcher = fetching(at(tmp_path, host))
    work = work_at(f"http://{host.place}/item/7", fetcher, read_title=lambda _: "")
    assert (work.title, work.authors, work.year, work.doi) == (
        "Grain & relief",
        ("Tollander, Ines",),
        2014,
        "10.1234/arv",
    )
    connections.close()


def test_a_page_that_does_not_say_which_work_it_is_needs_a_title(tmp_path: Path, host: Host) -> None:
    host.serve("/item/8", b"<html><body>Downloads</body></html>", content_type="text/html")
    connections, fetcher = fetching(at(tmp_path, host))
    with pytest.raises(JaizaError, match="--title"):
        work_at(f"http://{host.place}/item/8", fetcher, read_title=lambda _: "")
    connections.close()
