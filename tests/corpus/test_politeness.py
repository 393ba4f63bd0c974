"""Politeness, seen from the other side: a host on this computer counts what it is asked, and when."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import PullError
from corpus.fetch import connection as connection_module
from corpus.fetch import download as fetch_module
from corpus.fetch.connection import Connections
from corpus.fetch.download import Fetcher
from corpus.fetch.pull import Puller
from corpus.registry.sources import Candidate, Source
from corpus.store.pdf_store import Holdings
from support.fake_host import QUICK, Host, Request, invented_pdf, read_front_pages, running_host, workspace_at

NAME = "reports.invalid"
MANNERLY = replace(QUICK, robots=True)


@pytest.fixture
def host() -> Iterator[Host]:
    with running_host() as running:
        yield running


@pytest.fixture
def fetcher(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fetcher]:
    monkeypatch.setattr(fetch_module, "BACKOFF_SECONDS", 0.0)
    connections = Connections(MANNERLY, {NAME: host.place, "other.invalid": host.place})
    yield Fetcher(connections, MANNERLY, tmp_path)
    connections.close()


def rules(host: Host, text: str) -> None:
    host.serve("/robots.txt", text.encode())
    for path in ("/file", "/private/file", "/private/open/file", "/a.pdf"):
        host.serve(path, invented_pdf())


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("User-agent: *\nDisallow: /private/", "/private/file"),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf"),
        ("User-agent: *\nAllow: /\nDisallow: /private", "/private/file"),  # the longest rule counts, not the first
        ("User-agent: jaiza\nDisallow: /\n\nUser-agent: *\nAllow: /", "/file"),
    ],
)
def test_what_the_rules_forbid_is_not_fetched(fetcher: Fetcher, host: Host, text: str, path: str) -> None:
    rules(host, text)
    with pytest.raises(PullError, match="does not allow programs to fetch this") as caught:
        fetcher.fetch(f"http://{NAME}{path}")
    assert caught.value.state == "not allowed"
    assert host.paths() == ["/robots.txt"]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", "/file"),
        ("User-agent: *\nDisallow: /private/\nAllow: /private/open/", "/private/open/file"),
        ("User-agent: jaiza\nDisallow: /private\n\nUser-agent: *\nDisallow: /", "/file"),
        ("<html>No such page, but 200 all the same</html>", "/file"),
    ],
)
def test_what_the_rules_allow_is_fetched(fetcher: Fetcher, host: Host, text: str, path: str) -> None:
    rules(host, text)
    assert fetcher.fetch(f"http://{NAME}{path}").is_pdf


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_rules_with_a_byte_order_mark_or_in_utf_16_are_kept_to(fetcher: Fetcher, host: Host, encoding: str) -> None:
    rules(host, "")
    host.serve("/robots.txt", "User-agent: *\r\nDisallow: /private/\r\n".encode(encoding))
    with pytest.raises(PullError, match="does not allow programs"):
        fetcher.fetch(f"http://{NAME}/private/file")


def test_rules_that_lead_to_no_address_allow_everything(fetcher: Fetcher, host: Host) -> None:
    rules(host, "")
    host.redirect("/robots.txt", "http://xn--/")
    assert fetcher.fetch(f"http://{NAME}/file").is_pdf


def test_the_rules_are_asked_for_once_a_host_and_run(fetcher: Fetcher, host: Host) -> None:
    rules(host, "User-agent: *\nDisallow: /private")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(fetcher.fetch, [f"http://{NAME}/file"] * 8))
    assert host.paths().count("/robots.txt") == 1
    assert host.paths().count("/file") == 8


def test_a_host_without_rules_allows_everything(fetcher: Fetcher, host: Host) -> None:
    host.serve("/file", invented_pdf())
    assert fetcher.fetch(f"http://{NAME}/file").is_pdf
    assert host.paths() == ["/robots.txt", "/file"]


def test_rules_that_can_not_be_had_just_now_are_asked_for_again_and_nothing_is_fetched(
    fetcher: Fetcher, host: Host
) -> None:
    rules(host, "")
    host.serve("/robots.txt", b"", status=503)
    with pytest.raises(PullError, match="can't say now") as caught:
        fetcher.fetch(f"http://{NAME}/file")
    assert caught.value.state == "unreachable"
    assert host.paths() == ["/robots.txt"] * MANNERLY.attempts


def test_rules_are_waited_for_as_long_as_the_host_asks(fetcher: Fetcher, host: Host) -> None:
    host.serve("/robots.txt", b"", status=503, retry_after="3600")
    with pytest.raises(PullError, match="can't say now"):
        fetcher.fetch(f"http://{NAME}/file")
    assert host.paths() == ["/robots.txt"], "a host that asks for an hour is asked once"


def test_the_rules_of_the_host_to_which_an_address_leads_count_too(fetcher: Fetcher, host: Host) -> None:
    def answer(request: Request) -> None:
        forbids = request.headers["host"] == "other.invalid"
        request.reply(200, b"User-agent: *\nDisallow: /file" if forbids else b"")

    host.answers["/robots.txt"] = answer
    host.redirect("/start", "http://other.invalid/file")
    with pytest.raises(PullError, match=r"other\.invalid does not allow"):
        fetcher.fetch(f"http://{NAME}/start")


def test_rules_behind_a_redirect_count(fetcher: Fetcher, host: Host) -> None:
    rules(host, "User-agent: *\nDisallow: /")
    host.answers["/rules"] = host.answers["/robots.txt"]
    host.redirect("/robots.txt", "/rules")
    with pytest.raises(PullError, match="does not allow"):
        fetcher.fetch(f"http://{NAME}/file")


def test_the_pause_that_a_host_asks_for_is_kept(fetcher: Fetcher, host: Host) -> None:
    begun: list[float] = []

    def answer(request: Request) -> None:
        begun.append(time.monotonic())
        request.reply(200, invented_pdf())

    rules(host, "User-agent: *\nCrawl-delay: 0.2")
    host.answers["/file"] = answer
    fetcher.fetch(f"http://{NAME}/file")
    fetcher.fetch(f"http://{NAME}/file")
    assert begun[1] - begun[0] >= 0.2


def test_a_host_that_wants_hours_between_two_requests_is_left_to_people(fetcher: Fetcher, host: Host) -> None:
    rules(host, "User-agent: *\nCrawl-delay: 86400")
    with pytest.raises(PullError, match="wants 86400 s between two requests") as caught:
        fetcher.fetch(f"http://{NAME}/file")
    assert caught.value.state == "not allowed"


def test_a_source_kept_from_programs_says_what_a_person_can_do(host: Host, tmp_path: Path) -> None:
    rules(host, "User-agent: *\nDisallow: /")
    workspace = workspace_at(tmp_path, MANNERLY)
    source = Source("tollander-2019", "Tollander", candidates=(Candidate(f"http://{NAME}/file", "pdf", "seen"),))
    with Puller(
        workspace, Holdings(workspace), read_front_pages=read_front_pages, host_addresses={NAME: host.place}
    ) as puller:
        outcome = puller.pull(source)
    assert outcome.state == "not allowed"
    assert f"open http://{NAME}/file in your browser and save it as inbox/tollander-2019.pdf" in outcome.remedy


def test_never_more_than_one_request_at_a_time_whatever_the_sources(host: Host, tmp_path: Path) -> None:
    """Twelve sources on eight threads, with the rules, redirects and refusals among the requests that are counted."""
    busy, most, guard = [0], [0], threading.Lock()

    def counted(request: Request) -> None:
        with guard:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        time.sleep(0.01)
        with guard:
            busy[0] -= 1
        if request.path.startswith("/moved"):
            request.reply(302, b"", location=request.path.replace("moved", "file"))
        elif request.path.startswith("/busy"):
            request.reply(503)
        else:
            request.reply(200, b"" if request.path == "/robots.txt" else invented_pdf(extra=request.path))

    paths = [f"/{kind}{number}" for kind in ("file", "moved", "busy") for number in range(4)]
    for path in ("/robots.txt", *paths):
        host.answers[path] = counted
    workspace = workspace_at(tmp_path, replace(MANNERLY, attempts=1))
    sources = [
        Source(f"source-{n}", str(n), candidates=(Candidate(f"http://{NAME}{path}", "pdf", "seen"),))
        for n, path in enumerate(paths)
    ]
    with (
        Puller(
            workspace, Holdings(workspace), read_front_pages=read_front_pages, host_addresses={NAME: host.place}
        ) as p,
        ThreadPoolExecutor(8) as pool,
    ):
        states = [outcome.state for outcome in pool.map(p.pull, sources)]
    assert states.count("unreachable") == 4
    assert len(host.requests) == 1 + 4 + 8 + 4
    assert most == [1]


def test_while_a_host_asks_to_wait_no_other_source_disturbs_it(fetcher: Fetcher, host: Host) -> None:
    asked: list[float] = []

    def answer(request: Request) -> None:
        asked.append(time.monotonic())
        if len(asked) == 1:
            request.reply(429, b"", retry_after="1")
        else:
            request.reply(200, invented_pdf())

    host.answers["/file"] = host.answers["/other"] = answer
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(fetcher.fetch, f"http://{NAME}/file")
        while not asked:
            time.sleep(0.01)
        second = pool.submit(fetcher.fetch, f"http://{NAME}/other")
        assert first.result().is_pdf
        assert second.result().is_pdf
    assert min(later - asked[0] for later in asked[1:]) >= 0.99


def test_a_host_that_asks_for_hours_is_left_for_another_run(
    fetcher: Fetcher, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connection_module.LONGEST_WAIT < 3600
    host.serve("/file", b"", status=503, retry_after="3600")
    for _ in range(2):
        with pytest.raises(PullError, match="for 3600 s"):
            fetcher.fetch(f"http://{NAME}/file")
    assert host.paths() == ["/robots.txt", "/file"], "the second source must not ask again"
