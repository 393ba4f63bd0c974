"""Fetching one address: guards, limits, attempts and politeness, against a real host on this computer."""

from __future__ import annotations

import gzip
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import PullError, StoreError
from corpus.fetch import download as fetch_module
from corpus.fetch.connection import Connections
from corpus.fetch.download import Download, Fetcher, remove_stale_parts
from corpus.urls import canonical, is_private, is_private_name, literal
from corpus.workspace import PullSettings
from support.fake_host import QUICK, Host, Request, hang_up, invented_pdf, running_host

NAME = "reports.invalid"


@pytest.fixture
def host() -> Iterator[Host]:
    with running_host() as running:
        yield running


@pytest.fixture(autouse=True)
def no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_module, "BACKOFF_SECONDS", 0.0)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def answer_for(monkeypatch: pytest.MonkeyPatch, name: str, answer: Callable[[], list[str]]) -> None:
    """Let looking up `name` give these addresses; other names are looked up as ever."""
    real = socket.getaddrinfo

    def look_up(asked: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if asked != name:
            return real(asked, port, *rest, **more)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answer()]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def get(host: Host, folder: Path, path: str = "/file", settings: PullSettings = QUICK, **options: Any) -> Download:
    connections = Connections(settings, {NAME: host.place})
    try:
        return Fetcher(connections, settings, folder).fetch(f"http://{NAME}{path}", **options)
    finally:
        connections.close()


def send_without_length(body: bytes) -> Callable[[Request], None]:
    def answer(request: Request) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(body)

    return answer


def failure(host: Host, folder: Path, path: str = "/file", settings: PullSettings = QUICK, **options: Any) -> PullError:
    with pytest.raises(PullError) as caught:
        get(host, folder, path, settings, **options)
    assert list(folder.iterdir()) == []  # nothing half-written stays
    return caught.value


def test_a_file_is_stored_whole_with_what_the_host_says_about_it(host: Host, tmp_path: Path) -> None:
    body = invented_pdf()
    host.serve("/file", body, etag='"v1"', last_modified="Mon, 01 Jan 2024 00:00:00 GMT")
    got = get(host, tmp_path)
    assert got.path is not None
    assert got.path.read_bytes() == body
    assert (got.is_pdf, got.size, got.etag) == (True, len(body), '"v1"')
    assert got.last_modified == "Mon, 01 Jan 2024 00:00:00 GMT"
    assert got.address == f"http://{NAME}/file"


def test_the_host_sees_its_own_name_and_who_is_asking(host: Host, tmp_path: Path) -> None:
    host.serve("/file", invented_pdf())
    get(host, tmp_path)
    assert host.requests[0].headers["host"] == NAME
    assert host.requests[0].headers["user-agent"].startswith("Jaiza/")


def test_redirects_are_followed_and_the_last_address_is_told(host: Host, tmp_path: Path) -> None:
    host.redirect("/file", "/second", status=301)
    host.redirect("/second", f"http://{NAME}/a b.pdf", status=307)
    host.serve("/a%20b.pdf", invented_pdf())
    assert get(host, tmp_path).address == f"http://{NAME}/a%20b.pdf"


@pytest.mark.parametrize("location", ["/caf\xe9.pdf", "/caf%E9.pdf"])
def test_a_redirect_in_windows_letters_leads_where_browsers_go(host: Host, tmp_path: Path, location: str) -> None:
    host.redirect("/file", location)  # a header goes out as Latin-1
    host.serve("/caf%E9.pdf", invented_pdf())
    assert get(host, tmp_path).address == f"http://{NAME}/caf%E9.pdf"


def test_a_host_that_redirects_until_its_cookie_comes_back_is_understood(host: Host, tmp_path: Path) -> None:
    def answer(request: Request) -> None:
        if "seen=yes" in request.headers.get("cookie", ""):
            request.reply(200, invented_pdf())
        else:
            request.reply(302, b"", location="/file", set_cookie=f"seen=yes; Domain={NAME}; Path=/")

    host.answers["/file"] = answer
    assert get(host, tmp_path).is_pdf


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("/file", "redirected more than 10 times"),
        ("file:///etc/passwd", "not a web address"),
        ("ftp://reports.invalid/x.pdf", "not a web address"),
        ("http://127.0.0.1:9/x.pdf", "private network"),
        ("http://[::1]:9/x.pdf", "private network"),
        ("http://2130706433:9/x.pdf", "private network"),
        ("http://169.254.169.254/latest/meta-data", "private network"),
        ("http://[::ffff:10.0.0.1]/x.pdf", "private network"),
        ("http://localhost:9/x.pdf", "private network"),
        ("http://[half/x.pdf", "can't be found"),
        ("javascript:void(0)", "not a web address"),
        ("data:text/html,<p>x", "not a web address"),
        ("http://xn--/", "not a"),
        ("http://reports.invalid:port/x.pdf", "no proper answer"),
    ],
)
def test_a_redirect_to_where_it_must_not_lead_is_refused(host: Host, tmp_path: Path, to: str, said: str) -> None:
    host.redirect("/file", to)
    error = failure(host, tmp_path)
    assert error.state == "unreachable"
    assert said in str(error)


def test_a_private_address_is_allowed_where_the_review_says_so(host: Host, tmp_path: Path) -> None:
    host.redirect("/file", f"http://{host.place}/other")
    host.serve("/other", invented_pdf())
    assert get(host, tmp_path, settings=replace(QUICK, allow_private_addresses=True)).is_pdf


def test_a_name_that_leads_to_a_public_and_a_private_address_is_refused(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_for(monkeypatch, "two-faced.invalid", lambda: ["93.184.216.34", "127.0.0.1"])
    host.redirect("/file", f"http://two-faced.invalid:{host.server_address[1]}/")
    assert "private network" in str(failure(host, tmp_path))


def test_the_address_that_was_checked_is_the_one_connected_to(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = iter(["127.0.0.1"])
    answer_for(monkeypatch, "rebinds.invalid", lambda: [next(first)])  # a second question would fail
    host.redirect("/file", f"http://rebinds.invalid:{host.server_address[1]}/other")
    host.serve("/other", invented_pdf())
    assert get(host, tmp_path, settings=replace(QUICK, allow_private_addresses=True)).is_pdf
    assert host.requests[-1].headers["host"] == f"rebinds.invalid:{host.server_address[1]}"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "asks for a login"),
        (403, "403 Forbidden: the host does not allow downloads by programs"),
        (404, "404 Not Found"),
        (410, "410 Gone"),
        (202, "202 Accepted"),
    ],
)
def test_a_refusal_is_told_in_words_and_not_tried_again(host: Host, tmp_path: Path, status: int, said: str) -> None:
    host.serve("/file", b"no", status=status)
    error = failure(host, tmp_path)
    assert error.state == "unreachable"
    assert said in str(error)
    assert len(host.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_trouble_is_tried_again(host: Host, tmp_path: Path, status: int) -> None:
    def answer(request: Request) -> None:
        request.reply(*((status, b"later") if len(host.requests) == 1 else (200, invented_pdf())))

    host.answers["/file"] = answer
    assert get(host, tmp_path).is_pdf
    assert len(host.requests) == 2


def test_a_lasting_trouble_ends_after_the_attempts_that_the_settings_give(host: Host, tmp_path: Path) -> None:
    host.serve("/file", b"later", status=503)
    assert "503 Service Unavailable (2 attempts)" in str(failure(host, tmp_path))
    assert len(host.requests) == 2


def test_the_wait_that_a_host_asks_for_is_kept(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(fetch_module.time, "sleep", waited.append)
    host.serve("/file", b"later", status=429, retry_after="7")
    failure(host, tmp_path)
    assert 7.0 in waited


@pytest.mark.parametrize("retry_after", ["3600", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_a_host_that_asks_for_a_long_wait_is_left_for_another_run(host: Host, tmp_path: Path, retry_after: str) -> None:
    host.serve("/file", b"later", status=503, retry_after=retry_after)
    failure(host, tmp_path)
    assert len(host.requests) == 1


def test_a_connection_that_breaks_off_is_tried_again_then_told(host: Host, tmp_path: Path) -> None:
    def answer(request: Request) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "50000")
        request.end_headers()
        request.wfile.write(invented_pdf())
        hang_up(request)

    host.answers["/file"] = answer
    error = failure(host, tmp_path)
    assert error.state == "unreachable"
    assert "broke off" in str(error)
    assert len(host.requests) == 2


def drip(pause: float) -> Any:
    def answer(request: Request) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(b"%PDF-1.4\n")
        for _ in range(200):
            request.wfile.write(b".")
            request.wfile.flush()
            time.sleep(pause)

    return answer


def test_a_stream_that_trickles_ends_as_timed_out(host: Host, tmp_path: Path) -> None:
    host.answers["/file"] = drip(0.02)
    error = failure(host, tmp_path, settings=replace(QUICK, stall_seconds=1.0))
    assert error.state == "timed out"
    assert "too slow" in str(error)


def test_a_stream_that_stalls_ends_as_timed_out(host: Host, tmp_path: Path) -> None:
    host.answers["/file"] = drip(1.0)
    error = failure(host, tmp_path, settings=replace(QUICK, stall_seconds=0.3))
    assert error.state == "timed out"
    assert "nothing came" in str(error)


def test_the_time_for_one_file_is_limited_even_where_bytes_keep_coming(host: Host, tmp_path: Path) -> None:
    def answer(request: Request) -> None:
        request.send_response(200)  # no length: the end of the connection looks like the end of the file
        request.end_headers()
        request.wfile.write(b"%PDF-1.4\n")
        for _ in range(100):
            request.wfile.write(b"." * 500)
            time.sleep(0.05)

    host.answers["/file"] = answer
    error = failure(host, tmp_path, settings=replace(QUICK, total_seconds=0.6))
    assert error.state == "timed out"
    assert "not finished after 0.6 s" in str(error)


def test_headers_that_trickle_end_as_timed_out(host: Host, tmp_path: Path) -> None:
    def answer(request: Request) -> None:
        for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"." * 100:
            request.wfile.write(bytes([letter]))
            request.wfile.flush()
            time.sleep(0.03)

    host.answers["/file"] = answer
    assert failure(host, tmp_path, settings=replace(QUICK, total_seconds=0.6)).state == "timed out"


def test_a_declared_size_above_the_cap_is_refused_before_reading(host: Host, tmp_path: Path) -> None:
    host.serve("/file", b"", content_length="5000000000")
    error = failure(host, tmp_path)
    assert error.state == "too large"
    assert "5,000.0 MB" in str(error)


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip bomb"])
def test_a_body_that_grows_above_the_cap_is_cut_off(host: Host, tmp_path: Path, packed: bool) -> None:
    body = b"%PDF-1.4\n" + b"." * 3_000_000
    if packed:
        host.serve("/file", gzip.compress(body), content_encoding="gzip")
    else:
        host.answers["/file"] = send_without_length(body)
    assert failure(host, tmp_path).state == "too large"


def test_a_packed_file_is_stored_unpacked(host: Host, tmp_path: Path) -> None:
    body = invented_pdf()
    host.serve("/file", gzip.compress(body), content_encoding="gzip")
    got = get(host, tmp_path)
    assert got.path is not None
    assert got.path.read_bytes() == body


def test_a_file_wrongly_said_to_be_packed_is_damaged(host: Host, tmp_path: Path) -> None:
    host.serve("/file", invented_pdf(), content_encoding="gzip")
    assert failure(host, tmp_path).state == "damaged"


def test_a_conditional_request_gives_no_file_when_nothing_changed(host: Host, tmp_path: Path) -> None:
    host.answers["/file"] = lambda request: request.reply(304 if request.headers["If-None-Match"] == '"v1"' else 200)
    assert get(host, tmp_path, headers={"If-None-Match": '"v1"'}).path is None
    assert list(tmp_path.iterdir()) == []


def test_a_forbidden_address_is_not_asked_and_not_reached_by_redirect(host: Host, tmp_path: Path) -> None:
    host.redirect("/file", "/other/")
    forbidden = {canonical(f"https://www.{NAME}/other"): "an earlier report of the same name"}
    error = failure(host, tmp_path, forbidden=forbidden)
    assert error.state == "wrong work"
    assert "an earlier report of the same name" in str(error)
    assert host.paths() == ["/file"]


def test_one_host_gets_one_request_at_a_time_with_a_pause(host: Host, tmp_path: Path) -> None:
    busy, most, begun = [0], [0], []

    def answer(request: Request) -> None:
        begun.append(time.monotonic())
        busy[0] += 1
        most[0] = max(most[0], busy[0])
        time.sleep(0.02)
        busy[0] -= 1
        request.reply(200, invented_pdf())

    host.answers["/file"] = answer
    settings = replace(QUICK, pause_seconds=0.1)
    connections = Connections(settings, {NAME: host.place})
    fetcher = Fetcher(connections, settings, tmp_path)
    threads = [threading.Thread(target=fetcher.fetch, args=(f"http://{NAME}/file",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connections.close()
    assert most == [1]
    assert min(later - earlier for earlier, later in pairwise(begun)) >= 0.1


def test_a_host_that_refuses_the_connection_is_told(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{unused.getsockname()[1]}"
    connections = Connections(QUICK, {NAME: place})
    with pytest.raises(PullError, match="refused the connection"):
        Fetcher(connections, QUICK, tmp_path).fetch(f"http://{NAME}/file")
    connections.close()


def test_a_failed_secure_connection_is_told(host: Host, tmp_path: Path) -> None:
    connections = Connections(QUICK, {NAME: host.place})  # speaks HTTP only
    with pytest.raises(PullError, match=r"no secure connection to reports\.invalid"):
        Fetcher(connections, QUICK, tmp_path).fetch(f"https://{NAME}/file")
    connections.close()


def test_a_proxy_gets_the_request_but_none_for_this_computer(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://{host.place}")
    host.answers["http://far.invalid/x.pdf"] = lambda request: request.reply(200, invented_pdf())
    connections = Connections(QUICK, {})
    fetcher = Fetcher(connections, QUICK, tmp_path)
    assert fetcher.fetch("http://far.invalid/x.pdf").is_pdf
    for inside in ("http://10.1.2.3/x.pdf", "http://localhost/x.pdf", "http://0x7f.1/x.pdf"):
        with pytest.raises(PullError, match="private network"):
            fetcher.fetch(inside)
    connections.close()
    assert host.paths() == ["http://far.invalid/x.pdf"]


def test_looking_up_a_name_does_not_hang(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    answer_for(monkeypatch, "silent.invalid", lambda: ["127.0.0.1"] if released.wait(5) else [])
    host.redirect("/file", "http://silent.invalid/")
    error = failure(host, tmp_path, settings=replace(QUICK, connect_seconds=0.1))
    released.set()
    assert "no answer about the host silent.invalid within 0.1 s" in str(error)


def test_a_folder_that_is_gone_is_an_error_of_the_store(host: Host, tmp_path: Path) -> None:
    host.serve("/file", invented_pdf())
    with pytest.raises(StoreError, match="can't be written"):
        get(host, tmp_path / "gone")


def test_only_old_unfinished_files_are_removed(tmp_path: Path) -> None:
    old, new, whole = tmp_path / ".pull-a.part", tmp_path / ".pull-b.part", tmp_path / "c.pdf"
    for path in (old, new, whole):
        path.write_bytes(b"x")
    for path in (old, whole):
        os.utime(path, (time.time() - 100_000,) * 2)
    remove_stale_parts(tmp_path)
    assert sorted(tmp_path.iterdir()) == [new, whole]


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("8.8.8.8", False),
        ("2606:4700::1111", False),
        ("64:ff9b::808:808", False),
        ("10.0.0.1", True),
        ("100.64.0.1", True),
        ("127.8.8.8", True),
        ("0.0.0.0", True),
        ("169.254.1.1", True),
        ("224.0.0.1", True),
        ("255.255.255.255", True),
        ("::1", True),
        ("::", True),
        ("fe80::1", True),
        ("fc00::1", True),
        ("ff02::1", True),
        ("::ffff:192.168.0.1", True),
        ("64:ff9b::a00:1", True),
        ("2002:7f00:1::", True),
    ],
)
def test_private_addresses_are_known(address: str, private: bool) -> None:
    found = literal(address)
    assert found is not None
    assert is_private(found) is private


@pytest.mark.parametrize("host_name", ["localhost", "LOCALHOST.", "a.localhost", "0x7f.1", "2130706433", "::1"])
def test_names_of_this_computer_are_known_without_looking_them_up(host_name: str) -> None:
    assert is_private_name(host_name)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("HTTP://www.Example.org:80/a%20b/#top", "https://example.org/a b", True),
        ("https://example.org/?id=1", "https://example.org?id=1", True),
        ("https://example.org/?id=1", "https://example.org/?id=2", False),
        ("https://example.org:8080/a", "https://example.org/a", False),
        ("https://example.org/A", "https://example.org/a", False),
    ],
)
def test_two_spellings_of_an_address_are_the_same(one: str, other: str, same: bool) -> None:
    assert (canonical(one) == canonical(other)) is same
