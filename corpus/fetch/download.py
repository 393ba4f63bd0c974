"""Fetching one address over HTTP: redirects step by step, several attempts, limits on time and size."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import httpx

from corpus.errors import PullError, StoreError
from corpus.fetch.connection import LONGEST_WAIT, Connections
from corpus.fetch.http_exchange import Deadline, PassingError, is_redirect, redirect_target, retry_after
from corpus.fetch.robots import USER_AGENT, Robots
from corpus.retry import BACKOFF_SECONDS, pause_after
from corpus.store.pdf_store import SNIFF
from corpus.urls import canonical
from corpus.workspace import PullSettings

MAX_REDIRECTS = 10
SLOWEST = 100.0  # bytes a second, measured over `stall_seconds`; below that a file would take days
PAGE_CAP = 2 << 20  # bytes of a web page; its links stand before that

LONGEST_SHOWN = 200  # characters of an address that is none; "data:" may hold a whole page
PART = ".part"
STALE_SECONDS = 86_400.0  # a .part file that old belongs to no run any more

_HEADERS = {
    "User-Agent": USER_AGENT,
    "Accept": "application/pdf, text/html;q=0.9, */*;q=0.5",
    "Accept-Encoding": "identity",  # a PDF is compressed already
}
_PASSING = frozenset({429, 500, 502, 503, 504})
_MEANING = {
    401: "the host asks for a login",
    403: "the host does not allow downloads by programs",
    404: "there is nothing at this address",
    410: "it was taken away for good",
    429: "the host asks programs to wait",
    451: "withheld for legal reasons",
}


@dataclass(frozen=True, slots=True)
class Download:
    """What an address gave. The caller moves or removes the file at `path`."""

    address: str  # after redirects
    path: Path | None  # None: not changed since the version the caller has
    sha256: str = ""
    size: int = 0  # bytes
    is_pdf: bool = False  # is "%PDF" near its beginning?
    charset: str = ""  # of a page, as the host says
    etag: str = ""
    last_modified: str = ""


class Fetcher:
    """Fetches files into a folder. Thread-safe, as far as its connections are."""

    def __init__(self, connections: Connections, settings: PullSettings, folder: Path) -> None:
        self._connections = connections
        self._settings = settings
        self._folder = folder
        self._robots = Robots(connections)

    def fetch(
        self, url: str, *, forbidden: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Download:
        """The file at `url`, after redirects and, where it may help, several attempts.

        `forbidden` maps canonical addresses that must not be fetched to the reason; `headers` may make the request
        conditional. PullError carries "unreachable", "not allowed", "timed out", "too large", "damaged" or "wrong
        work". StoreError: the folder can't be written.
        """
        attempt = 1
        while True:
            try:
                return self._follow(url, forbidden or {}, headers or {})
            except PassingError as error:
                if attempt >= self._settings.attempts or (error.wait or 0.0) > LONGEST_WAIT:
                    tried = f" ({attempt} attempts)" if attempt > 1 else ""
                    raise PullError(error.state, f"{error}{tried}") from None
                time.sleep(pause_after(attempt, first=BACKOFF_SECONDS) if error.wait is None else error.wait)
                attempt += 1

    def _follow(self, url: str, forbidden: Mapping[str, str], headers: Mapping[str, str]) -> Download:
        cookies = httpx.Cookies()  # some hosts redirect in circles until their cookie comes back
        address = url
        for _ in range(MAX_REDIRECTS + 1):
            if reason := forbidden.get(canonical(address)):
                leads = "" if address == url else f"leads to {address}: "
                raise PullError("wrong work", f"{leads}a different work, not fetched ({reason})")
            answer = self._step(_web_address(address), cookies, headers)
            if isinstance(answer, Download):
                return answer
            address = answer
        raise PullError("unreachable", f"redirected more than {MAX_REDIRECTS} times")

    def _step(self, url: httpx.URL, cookies: httpx.Cookies, headers: Mapping[str, str]) -> Download | str:
        """The file at `url`, or the address to which it redirects."""
        if self._settings.robots:
            self._robots.check(url)
        request = httpx.Request("GET", url, headers={**_HEADERS, **headers})
        cookies.set_cookie_header(request)
        with self._connections.open(request) as (response, deadline):
            # The request went to an IP address; its cookies belong to the host.
            cookies.extract_cookies(httpx.Response(response.status_code, headers=response.headers, request=request))
            if is_redirect(response):
                return redirect_target(url, response)
            if response.status_code == HTTPStatus.NOT_MODIFIED:
                return Download(str(url), None)
            if response.status_code != HTTPStatus.OK:
                refused = _refusal(response)
                if isinstance(refused, PassingError) and refused.wait:
                    self._connections.rest(url.raw_host.decode("ascii"), refused.wait)
                raise refused
            return self._receive(str(url), response, deadline)

    def _receive(self, address: str, response: httpx.Response, deadline: Deadline) -> Download:
        """Stream the body into a file whose name says that it is not finished."""
        declared = response.headers.get("content-length", "")
        self._check_size(int(declared) if declared.isdecimal() else 0)
        try:
            handle, name = tempfile.mkstemp(dir=self._folder, prefix=".pull-", suffix=PART)
        except OSError as error:
            raise _unwritable(self._folder, error) from None
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                digest, size, head = hashlib.sha256(), 0, b""
                speed = _Speed(self._settings.stall_seconds)
                for chunk in response.iter_bytes():
                    size += len(chunk)
                    self._check_size(size)
                    speed.check(len(chunk))
                    head = head if len(head) >= SNIFF else (head + chunk)[:SNIFF]
                    digest.update(chunk)
                    stream.write(chunk)
                    if size > PAGE_CAP and b"%PDF" not in head:
                        break
                deadline.check()
                stream.flush()
                os.fsync(stream.fileno())
            part.chmod(0o644)
        except OSError as error:  # what goes wrong on the line comes as an error of httpx: this is the disk
            part.unlink(missing_ok=True)
            raise _unwritable(self._folder, error) from None
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return Download(
            address,
            part,
            sha256=digest.hexdigest(),
            size=size,
            is_pdf=b"%PDF" in head,
            charset=response.charset_encoding or "",
            etag=response.headers.get("etag", ""),
            last_modified=response.headers.get("last-modified", ""),
        )

    def _check_size(self, size: int) -> None:
        if size > self._settings.size_cap_mb * 1e6:
            limit = f"{self._settings.size_cap_mb:g} MB"
            raise PullError("too large", f"{size / 1e6:,.1f} MB or more, the limit is {limit} (pull.size_cap_mb)")


class _Speed:
    """Ends a download that trickles: a byte now and then never runs into the time limit for silence."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since, self._size = time.monotonic(), 0

    def check(self, size: int) -> None:
        """`size` bytes came."""
        self._size += size
        passed = time.monotonic() - self._since
        if passed < self._seconds:
            return
        if self._size < SLOWEST * passed:
            raise PullError("timed out", f"too slow: {self._size} bytes in {passed:.1f} s")
        self._since, self._size = time.monotonic(), 0


def remove_stale_parts(folder: Path) -> None:
    """Delete what a run that was killed left unfinished in `folder` more than a day ago."""
    for part in folder.glob(f"*{PART}"):
        if time.time() - part.stat().st_mtime > STALE_SECONDS:
            part.unlink(missing_ok=True)


def _web_address(url: str) -> httpx.URL:
    shown = url if len(url) <= LONGEST_SHOWN else f"{url[:LONGEST_SHOWN]}..."
    try:
        parsed = httpx.URL(url)
        host = parsed.host  # the name of a host may be what no name can be
    except (httpx.InvalidURL, ValueError):
        raise PullError("unreachable", f"{shown} is not a valid address") from None
    if parsed.scheme not in ("http", "https") or not host:
        raise PullError("unreachable", f"{shown} is not a web address (http or https)")
    return parsed


def _refusal(response: httpx.Response) -> PullError:
    status = response.status_code
    name = f"{status} {httpx.codes.get_reason_phrase(status)}".strip()
    message = f"{name}: {_MEANING[status]}" if status in _MEANING else name
    if status not in _PASSING:
        return PullError("unreachable", message)
    wait = retry_after(response.headers.get("retry-after", ""))
    asks = f", for {wait:.0f} s" if wait else ""
    return PassingError("unreachable", message + asks, wait=wait)


def _unwritable(folder: Path, error: OSError) -> StoreError:
    return StoreError(f"{folder} can't be written ({error.strerror}): make room or choose another --workspace")
