"""What a host lets programs fetch: its robots.txt (RFC 9309), asked for once in a run and kept to.

A host without one (any 4xx) allows everything; one whose robots.txt can't be had just now (5xx) allows nothing yet.
"""

from __future__ import annotations

import threading
from http import HTTPStatus

import httpx
from protego import Protego

from corpus.errors import PullError
from corpus.fetch.connection import Connections
from corpus.fetch.http_exchange import PassingError, is_redirect, redirect_target, retry_after
from corpus.text_encoding import decode
from corpus.workspace import VERSION

AGENT = "Jaiza"  # the name under which a robots.txt may speak of us
USER_AGENT = f"{AGENT}/{VERSION} (fetches the reports that a literature review names, one request at a time)"
MOST_BYTES = 500 << 10  # that much must be read (RFC 9309, 2.5); what comes after is not
LONGEST_PAUSE = 60.0  # seconds; a host that wants more time between two requests is left to people
MAX_REDIRECTS = 5  # as many as must be followed (RFC 9309, 2.3.1.2)
NOT_ALLOWED = "not allowed"  # the state of a source that no host lets programs fetch

_ALL_ALLOWED = Protego.parse("")


class Robots:
    """The rules of every host met in one run. Thread-safe."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._guard = threading.Lock()
        self._asking: dict[str, threading.Lock] = {}
        self._rules: dict[str, Protego] = {}

    def check(self, url: httpx.URL) -> None:
        """PullError "not allowed" where the host's rules forbid `url`; PassingError where they can't be had now."""
        rules = self._of(url)
        if not rules.can_fetch(str(url), AGENT):
            raise PullError(NOT_ALLOWED, f"{url.host} does not allow programs to fetch this (its robots.txt)")
        pause = rules.crawl_delay(AGENT) or 0.0
        if pause > LONGEST_PAUSE:
            raise PullError(NOT_ALLOWED, f"{url.host} wants {pause:g} s between two requests (its robots.txt)")
        if pause:
            self._connections.pause_longer(url.raw_host.decode("ascii"), pause)

    def _of(self, url: httpx.URL) -> Protego:
        """The rules of one scheme, host and port: each has its own."""
        place = f"{url.scheme}://{url.netloc.decode('ascii')}"
        with self._guard:
            asking = self._asking.setdefault(place, threading.Lock())
        with asking:
            if place not in self._rules:
                self._rules[place] = self._ask(httpx.URL(f"{place}/robots.txt"))
            return self._rules[place]

    def _ask(self, url: httpx.URL) -> Protego:
        for _ in range(MAX_REDIRECTS + 1):
            request = httpx.Request("GET", url, headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"})
            with self._connections.open(request) as (response, _):
                status = response.status_code
                if is_redirect(response):
                    try:
                        url = httpx.URL(redirect_target(url, response))
                        leads_on = url.scheme in ("http", "https") and bool(url.host)
                    except (PullError, httpx.InvalidURL, ValueError):
                        leads_on = False
                    if not leads_on:
                        return _ALL_ALLOWED
                    continue
                if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
                    said = f"{url.host} can't say now what programs may fetch (robots.txt: {status})"
                    raise PassingError("unreachable", said, wait=retry_after(response.headers.get("retry-after", "")))
                if status != HTTPStatus.OK:
                    return _ALL_ALLOWED
                return Protego.parse(decode(_beginning(response))[0])
        return _ALL_ALLOWED


def _beginning(response: httpx.Response) -> bytes:
    """The first MOST_BYTES of the body, cut at a line's end where there is more."""
    body = b""
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > MOST_BYTES:
            return body[:MOST_BYTES].rpartition(b"\n")[0]
    return body
