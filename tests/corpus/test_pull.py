"""Pulling sources from a real host on this computer: every trouble gets its named state and stops nothing else."""

from __future__ import annotations

import errno
import gzip
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import StoreError
from corpus.fetch import download as fetch_module
from corpus.fetch.pull import Puller
from corpus.outcome import USABLE, Outcome
from corpus.registry.sources import Candidate, OtherWork, Source
from corpus.store.pdf_store import Holdings, pdf_path, sha256_of
from corpus.workspace import PullSettings, Workspace
from support.fake_host import (
    AUTHORS,
    QUICK,
    TITLE,
    Host,
    Request,
    hang_up,
    invented_pdf,
    read_front_pages,
    running_host,
    workspace_at,
)  # fmt: skip

NAME = "reports.invalid"
WRONG = invented_pdf("Tides, Harbours and Lighthouses of the Northern Coast", "Orla Fenwick")


@pytest.fixture
def host() -> Iterator[Host]:
    with running_host() as running:
        yield running


@pytest.fixture(autouse=True)
def no_waiting_and_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_module, "BACKOFF_SECONDS", 0.0)
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def source(*candidates: str, id_: str = "tollander-2019", other: tuple[OtherWork, ...] = ()) -> Source:
    """A source with these candidates: paths on the test host, "landing:" before those that are web pages."""
    given = tuple(
        Candidate(address(path.removeprefix("landing:")), "landing" if path.startswith("landing:") else "pdf", "seen")
        for path in candidates
    )
    return Source(id=id_, label=id_, title=TITLE, authors=AUTHORS, candidates=given, other_works=other)


def address(path: str) -> str:
    return path if "://" in path or not path.startswith("/") else f"http://{NAME}{path}"


def pull(workspace: Workspace, host: Host, *sources: Source, refresh: bool = False) -> list[Outcome]:
    holdings = Holdings(workspace)
    given = {NAME: host.place}
    with Puller(
        workspace, holdings, read_front_pages=read_front_pages, refresh=refresh, host_addresses=given
    ) as puller:
        return [puller.pull(one) for one in sources]


def stored(workspace: Workspace) -> list[str]:
    return sorted(path.name for path in workspace.pdfs.iterdir())


def test_a_good_file_is_pulled_and_recorded_under_its_public_address(host: Host, tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    host.serve("/a.pdf", invented_pdf(), etag='"v1"')
    (outcome,) = pull(workspace, host, source("/a.pdf"))
    held = Holdings(workspace).get("tollander-2019")
    assert held is not None
    assert (outcome.state, outcome.sha256, outcome.warnings) == ("pulled", held.sha256, ())
    assert (held.address, held.candidate, held.etag) == (address("/a.pdf"), address("/a.pdf"), '"v1"')
    assert (held.origin, held.title_check) == ("pulled", "match")
    assert sha256_of(pdf_path(workspace, held.sha256)) == held.sha256
    assert stored(workspace) == [f"{held.sha256}.pdf"]


def cut_off(request: Request) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "90000")
    request.end_headers()
    request.wfile.write(invented_pdf())
    hang_up(request)


def drip(request: Request) -> None:
    request.send_response(200)
    request.end_headers()
    for _ in range(200):
        request.wfile.write(b"%")
        time.sleep(0.03)


def furnish(host: Host) -> None:
    """Give the host one path for everything that can go wrong or right."""
    host.serve("/good.pdf", invented_pdf())
    host.serve("/packed.pdf", gzip.compress(invented_pdf()), content_encoding="gzip")
    host.redirect("/moved.pdf", "/good.pdf")
    host.redirect("/circle.pdf", "/circle.pdf")
    host.redirect("/inside.pdf", "http://192.168.0.1/good.pdf")
    host.redirect("/disk.pdf", "file:///etc/hostname")
    host.serve("/forbidden.pdf", b"no", status=403)
    host.serve("/login.pdf", b"<html><title>Sign in</title><input type='password'></html>", content_type="text/html")
    host.serve("/notes.pdf", b"plain words")
    host.serve("/empty.pdf", b"")
    host.serve("/truncated.pdf", invented_pdf()[:-10])
    host.serve("/locked.pdf", invented_pdf(extra="/Encrypt"))
    host.serve("/scan.pdf", invented_pdf(extra="/PictureOnly"))
    host.serve("/wrong.pdf", WRONG)
    host.serve("/huge.pdf", b"", content_length="5000000000")
    host.serve("/trouble.pdf", b"", status=500)
    host.serve("/page", b"<html><meta name='citation_pdf_url' content='/good.pdf'></html>", content_type="text/html")
    host.serve("/shelf", b"<html><a href='/404.pdf'>PDF</a><a href='/good.pdf'>Download</a></html>")
    host.serve("/bare", b"<html><a href='/about'>About</a></html>")
    host.answers["/broken.pdf"] = cut_off
    host.answers["/drip.pdf"] = drip


CASES = [
    ("/good.pdf", "pulled", "pulled from"),
    ("/packed.pdf", "pulled", "pulled from"),
    ("/moved.pdf", "pulled", "/good.pdf"),
    ("landing:/page", "pulled", "/good.pdf"),
    ("landing:/shelf", "pulled", "/good.pdf"),
    ("/page", "pulled", "/good.pdf"),
    ("landing:/good.pdf", "pulled", "/good.pdf"),
    ("/circle.pdf", "unreachable", "redirected more than"),
    ("/inside.pdf", "unreachable", "private network"),
    ("/disk.pdf", "unreachable", "not a web address"),
    ("/forbidden.pdf", "unreachable", "403 Forbidden"),
    ("/missing.pdf", "unreachable", "404 Not Found"),
    ("/trouble.pdf", "unreachable", "500 Internal Server Error (2 attempts)"),
    ("/broken.pdf", "unreachable", "broke off"),
    ("/login.pdf", "not a PDF", "a login page"),
    ("landing:/bare", "not a PDF", "leads to no PDF"),
    ("/notes.pdf", "not a PDF", "another kind of file"),
    ("/empty.pdf", "not a PDF", "an empty file"),
    ("/truncated.pdf", "damaged", "it ends too early"),
    ("/locked.pdf", "password", "asks for a password"),
    ("/scan.pdf", "no text layer", "pictures"),
    ("/wrong.pdf", "wrong work", "0 of 6"),
    ("/huge.pdf", "too large", "5,000.0 MB"),
    ("/drip.pdf", "timed out", "too slow"),
    ("gopher://old.invalid/x", "unreachable", "not a web address"),
    ("javascript:void(0)", "unreachable", "not a web address"),
    ("data:text/html,<p>" + "x" * 5000, "unreachable", "not a web address"),
    ("http://xn--/", "unreachable", "not a valid address"),
    ("https://[::1", "unreachable", "not a valid address"),
]


def test_each_trouble_has_its_named_state_and_none_stops_the_others(host: Host, tmp_path: Path) -> None:
    furnish(host)
    workspace = workspace_at(tmp_path, replace(QUICK, stall_seconds=1.5))
    sources = [source(path, id_=f"s{number}") for number, (path, _, _) in enumerate(CASES)]
    holdings = Holdings(workspace)
    with (
        Puller(workspace, holdings, read_front_pages=read_front_pages, host_addresses={NAME: host.place}) as puller,
        ThreadPoolExecutor(8) as pool,
    ):
        outcomes = list(pool.map(puller.pull, sources))
    said = [(path, outcome.state) for (path, _, _), outcome in zip(CASES, outcomes, strict=True)]
    assert said == [(path, state) for path, state, _ in CASES]
    for (path, _, words), outcome in zip(CASES, outcomes, strict=True):
        assert words in outcome.message, path
        assert outcome.state in USABLE or "inbox/" in outcome.remedy or "sources.toml" in outcome.remedy, path
        assert outcome.attempts, path
    in_store = {outcome.sha256 for outcome in outcomes if outcome.sha256}
    assert stored(workspace) == sorted(f"{sha256}.pdf" for sha256 in in_store)
    assert {held.source_id for held in holdings} == {
        one.id for one, outcome in zip(sources, outcomes, strict=True) if outcome.sha256
    }


def test_nobody_is_told_to_open_an_address_that_is_none(host: Host, tmp_path: Path) -> None:
    (outcome,) = pull(workspace_at(tmp_path), host, source("javascript:void(0)"))
    assert outcome.remedy == "save another copy as inbox/tollander-2019.pdf"


def test_a_source_without_any_address_says_so(host: Host, tmp_path: Path) -> None:
    (outcome,) = pull(workspace_at(tmp_path), host, source())
    assert outcome.state == "no URL known"
    assert "inbox/tollander-2019.pdf" in outcome.remedy


def test_the_next_address_is_tried_when_one_fails(host: Host, tmp_path: Path) -> None:
    furnish(host)
    (outcome,) = pull(workspace_at(tmp_path), host, source("/truncated.pdf", "/wrong.pdf", "/good.pdf"))
    assert outcome.state == "pulled"
    assert [attempt.result[:7] for attempt in outcome.attempts] == ["the PDF", "0 of 6 ", "pulled"]


def test_of_several_failures_the_most_telling_is_shown(host: Host, tmp_path: Path) -> None:
    furnish(host)
    (outcome,) = pull(workspace_at(tmp_path), host, source("/missing.pdf", "/wrong.pdf", "/forbidden.pdf"))
    assert outcome.state == "wrong work"
    assert outcome.message.startswith("3 addresses tried, none gave the work: ")
    assert len(outcome.attempts) == 3


def test_a_scan_is_kept_only_where_nothing_better_comes(host: Host, tmp_path: Path) -> None:
    furnish(host)
    workspace = workspace_at(tmp_path)
    alone, better = pull(workspace, host, source("/scan.pdf"), source("/scan.pdf", "/good.pdf", id_="other"))
    assert (alone.state, better.state) == ("no text layer", "pulled")
    assert alone.sha256 != better.sha256
    (again,) = pull(workspace, host, source("/scan.pdf"))
    assert (again.state, again.sha256) == ("no text layer", alone.sha256)


def test_at_most_three_links_of_a_page_are_tried(host: Host, tmp_path: Path) -> None:
    host.serve("/page", b"<html>" + b"".join(b"<a href='/%d.pdf'>x</a>" % number for number in range(9)))
    (outcome,) = pull(workspace_at(tmp_path), host, source("landing:/page"))
    assert outcome.state == "unreachable"
    assert host.paths() == ["/page", "/0.pdf", "/1.pdf", "/2.pdf"]


@pytest.mark.parametrize("way", ["/other.pdf", "/leads-there.pdf", "landing:/page"])
def test_the_address_of_another_work_is_never_fetched(host: Host, tmp_path: Path, way: str) -> None:
    host.serve("/other.pdf", invented_pdf())
    host.redirect("/leads-there.pdf", "/other.pdf")
    host.serve("/page", b"<html><a href='/other.pdf'>PDF</a></html>")
    other = OtherWork("the earlier edition", url=f"https://www.{NAME}/other.pdf")
    (outcome,) = pull(workspace_at(tmp_path), host, source(way, other=(other,)))
    assert outcome.state in ("wrong work", "not a PDF")
    assert "/other.pdf" not in host.paths()


def test_a_file_with_the_title_of_another_work_is_refused(host: Host, tmp_path: Path) -> None:
    host.serve("/a.pdf", WRONG)
    other = OtherWork("another topic", title="Tides, Harbours and Lighthouses of the Northern Coast")
    (outcome,) = pull(workspace_at(tmp_path), host, source("/a.pdf", other=(other,)))
    assert outcome.state == "wrong work"
    assert "the title of another work" in outcome.message


def test_what_is_held_is_not_fetched_again(host: Host, tmp_path: Path) -> None:
    host.serve("/a.pdf", invented_pdf())
    workspace = workspace_at(tmp_path)
    first, second = pull(workspace, host, source("/a.pdf"), source("/a.pdf"))
    assert (first.state, second.state) == ("pulled", "cached")
    assert first.sha256 == second.sha256
    assert len(host.requests) == 1


def test_a_stored_file_that_was_damaged_is_fetched_again(host: Host, tmp_path: Path) -> None:
    host.serve("/a.pdf", invented_pdf())
    workspace = workspace_at(tmp_path)
    (first,) = pull(workspace, host, source("/a.pdf"))
    pdf_path(workspace, first.sha256).write_bytes(b"%PDF")
    (second,) = pull(workspace, host, source("/a.pdf"))
    assert second.state == "pulled"
    assert any("missing or damaged" in warning for warning in second.warnings)
    assert sha256_of(pdf_path(workspace, first.sha256)) == first.sha256


def tagged(body: bytes) -> Any:
    """An answer that knows conditional requests."""

    def answer(request: Request) -> None:
        tag = f'"{len(body)}"'
        if request.headers.get("If-None-Match") == tag:
            request.reply(304, etag=tag)
        else:
            request.reply(200, body, etag=tag)

    return answer


def test_asked_again_an_unchanged_file_stays(host: Host, tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    host.answers["/a.pdf"] = tagged(invented_pdf())
    pull(workspace, host, source("/a.pdf"))
    (outcome,) = pull(workspace, host, source("/a.pdf"), refresh=True)
    assert (outcome.state, outcome.warnings) == ("cached", ())
    assert "if-none-match" in host.requests[1].headers


def test_asked_again_a_host_without_conditional_requests_gives_the_same_file(host: Host, tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    host.serve("/a.pdf", invented_pdf())
    pull(workspace, host, source("/a.pdf"))
    (outcome,) = pull(workspace, host, source("/a.pdf"), refresh=True)
    assert (outcome.state, outcome.warnings) == ("cached", ())
    assert len(stored(workspace)) == 1


def test_a_changed_file_becomes_a_new_version_and_is_reported(host: Host, tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    host.answers["/a.pdf"] = tagged(invented_pdf())
    (first,) = pull(workspace, host, source("/a.pdf"))
    host.answers["/a.pdf"] = tagged(invented_pdf(extra="Second, corrected printing."))
    (second,) = pull(workspace, host, source("/a.pdf"), refresh=True)
    held = Holdings(workspace).get("tollander-2019")
    assert held is not None
    assert (second.state, held.sha256, held.previous) == ("pulled", second.sha256, (first.sha256,))
    assert first.sha256[:8] in second.warnings[0]
    assert second.sha256[:8] in second.warnings[0]
    assert len(stored(workspace)) == 2


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"gone", 404, "could not check whether the file changed: 404 Not Found"),
        (WRONG, 200, "now gives another file (0 of 6"),
        (b"<html>Sign in</html>", 200, "now gives another file (it is not a PDF)"),
        (invented_pdf()[:-10], 200, "now gives another file (the PDF is damaged"),
    ],
)
def test_nothing_held_is_lost_when_the_address_goes_bad(
    host: Host, tmp_path: Path, body: bytes, status: int, said: str
) -> None:
    workspace = workspace_at(tmp_path)
    host.serve("/a.pdf", invented_pdf())
    (first,) = pull(workspace, host, source("/a.pdf"))
    host.serve("/a.pdf", body, status=status)
    (second,) = pull(workspace, host, source("/a.pdf"), refresh=True)
    assert (second.state, second.sha256) == ("cached", first.sha256)
    assert any(said in warning for warning in second.warnings)
    assert stored(workspace) == [f"{first.sha256}.pdf"]


# A run that comes every week comes some seconds early, too.
@pytest.mark.parametrize(("days", "asked"), [(6, 1), (6.99, 2), (8, 2)])
def test_the_host_is_asked_again_after_the_days_of_the_settings(
    host: Host, tmp_path: Path, days: float, asked: int
) -> None:
    workspace = workspace_at(tmp_path)
    host.serve("/a.pdf", invented_pdf())
    pull(workspace, host, source("/a.pdf"))
    holdings = Holdings(workspace)
    held = holdings.get("tollander-2019")
    assert held is not None
    holdings.record(replace(held, checked=(datetime.now(UTC) - timedelta(days=days)).isoformat()))
    (outcome,) = pull(workspace, host, source("/a.pdf"))
    assert outcome.state == "cached"
    assert len(host.requests) == asked


def test_a_held_file_from_an_address_now_known_to_be_another_work_is_let_go(host: Host, tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    host.serve("/a.pdf", invented_pdf())
    pull(workspace, host, source("/a.pdf"))
    (outcome,) = pull(workspace, host, source("/a.pdf", other=(OtherWork("a namesake", url=address("/a.pdf")),)))
    assert outcome.state == "wrong work"
    assert Holdings(workspace).get("tollander-2019") is None


def test_a_file_in_the_inbox_comes_first_and_needs_no_network(host: Host, tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    (workspace.inbox / "Tollander-2019.PDF").write_bytes(invented_pdf(extra="from the library"))
    first, second = pull(workspace, host, source("/a.pdf"), source("/a.pdf"))
    assert (first.state, second.state) == ("attached", "cached")
    assert host.requests == []


def test_a_bad_file_in_the_inbox_is_told_and_the_addresses_are_tried(host: Host, tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    (workspace.inbox / "tollander-2019.pdf").write_bytes(b"<html>")
    host.serve("/a.pdf", invented_pdf())
    good, bad = pull(workspace, host, source("/a.pdf"), source())
    assert good.state == "pulled"
    assert good.warnings == ("inbox/tollander-2019.pdf was not taken: not a PDF",)
    assert bad.state == "cached"  # the first pull holds it now


def test_a_bad_file_in_the_inbox_gives_the_state_where_nothing_else_does(host: Host, tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    (workspace.inbox / "tollander-2019.pdf").write_bytes(invented_pdf(extra="/Encrypt"))
    (outcome,) = pull(workspace, host, source("/missing.pdf"))
    assert outcome.state == "password"


def test_an_older_version_left_in_the_inbox_does_not_come_back(host: Host, tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    (workspace.inbox / "tollander-2019.pdf").write_bytes(invented_pdf(extra="old"))
    pull(workspace, host, source())
    holdings = Holdings(workspace)
    held = holdings.get("tollander-2019")
    assert held is not None
    body = invented_pdf(extra="new")
    (tmp_path / "new.pdf").write_bytes(body)
    new = sha256_of(tmp_path / "new.pdf")
    pdf_path(workspace, new).write_bytes(body)
    holdings.record(replace(held, sha256=new, size=len(body)))
    (outcome,) = pull(workspace, host, source())
    assert (outcome.state, outcome.sha256) == ("cached", new)
    assert "is an earlier version" in outcome.warnings[0]


def without_network(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let no name be found, as on a machine without a network; returns the names asked for."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def look_up(name: Any, *rest: Any, **more: Any) -> Any:
        if str(name)[:1].isdigit():
            return real(name, *rest, **more)
        asked.append(str(name))
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_no_network_is_noticed_after_three_hosts(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = without_network(monkeypatch)
    host.serve("/a.pdf", invented_pdf())
    far = [source(f"http://host{number}.invalid/x.pdf", id_=f"s{number}") for number in range(6)]
    workspace = workspace_at(tmp_path)
    with Puller(
        workspace, Holdings(workspace), read_front_pages=read_front_pages, host_addresses={NAME: host.place}
    ) as puller:
        outcomes = [puller.pull(one) for one in far]
        assert puller.offline
        near = puller.pull(source("http://host9.invalid/x.pdf", "/a.pdf"))
    assert asked == ["host0.invalid", "host1.invalid", "host2.invalid", "example.org"]
    assert near.state == "pulled"  # the host whose place is known is tried all the same
    assert {outcome.state for outcome in outcomes} == {"unreachable"}
    assert [outcome.message for outcome in outcomes[2:]] == ["no network"] * 4
    assert all("inbox/" in outcome.remedy for outcome in outcomes)


def test_three_names_that_do_not_exist_are_no_proof_of_a_missing_network(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def look_up(name: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if name == "example.org":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port))]
        return real(name, port, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    workspace = workspace_at(tmp_path)
    with Puller(workspace, Holdings(workspace), read_front_pages=read_front_pages) as puller:
        for number in range(4):
            puller.pull(source(f"http://host{number}.invalid/x.pdf", id_=f"s{number}"))
        assert not puller.offline


@pytest.mark.parametrize("trouble", [OSError(errno.ENETUNREACH, "Network is unreachable"), TimeoutError("timed out")])
def test_hosts_that_are_found_but_give_no_answer_mean_no_network_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: OSError
) -> None:
    def connect(*_: object, **__: object) -> None:
        raise trouble

    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", connect)
    workspace = workspace_at(tmp_path)
    with Puller(workspace, Holdings(workspace), read_front_pages=read_front_pages) as puller:
        outcomes = [puller.pull(source(f"http://host{number}.invalid/x", id_=f"s{number}")) for number in range(4)]
        assert puller.offline
    assert [outcome.message for outcome in outcomes[2:]] == ["no network"] * 2
    assert not outcomes[3].attempts


def test_a_held_file_is_used_without_a_network(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = workspace_at(tmp_path)
    host.serve("/a.pdf", invented_pdf())
    pull(workspace, host, source("/a.pdf"))
    without_network(monkeypatch)
    holdings = Holdings(workspace)
    with Puller(workspace, holdings, read_front_pages=read_front_pages, refresh=True) as puller:
        for number in range(3):
            puller.pull(source(f"http://host{number}.invalid/x.pdf", id_=f"s{number}"))
        outcome = puller.pull(source("/a.pdf"))
    assert outcome.state == "cached"
    assert outcome.warnings == ("could not check whether the file changed: no network",)


def test_a_store_that_can_not_be_written_is_an_error(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    workspace.pdfs.write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="can't be written"):
        Puller(workspace, Holdings(workspace), read_front_pages=read_front_pages)


def test_a_review_may_allow_files_from_its_own_network(host: Host, tmp_path: Path) -> None:
    host.serve("/a.pdf", invented_pdf())
    near = source(f"http://{host.place}/a.pdf")
    closed, opened = workspace_at(tmp_path / "closed"), workspace_at(tmp_path / "open", allowing(QUICK))
    states = []
    for workspace in (closed, opened):
        with Puller(workspace, Holdings(workspace), read_front_pages=read_front_pages) as puller:
            states.append(puller.pull(near).state)
    assert states == ["unreachable", "pulled"]


def allowing(settings: PullSettings) -> PullSettings:
    return replace(settings, allow_private_addresses=True)


def test_without_a_network_the_first_sources_say_in_the_end_what_the_others_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_network(monkeypatch)
    far = [source(f"http://host{number}.invalid/x.pdf", id_=f"s{number}") for number in range(5)]
    workspace = workspace_at(tmp_path)
    with Puller(workspace, Holdings(workspace), read_front_pages=read_front_pages) as puller:
        outcomes = [puller.pull(one) for one in far]
        settled = [puller.in_hindsight(one, outcome) for one, outcome in zip(far, outcomes, strict=True)]
    assert outcomes[0].message != "no network"
    assert {outcome.message for outcome in settled} == {"no network"}
