"""Connections to the hosts that keep the files: polite, guarded, and quick to notice that there is no network.

Every address a host has is checked before a connection is made, and the connection goes to the address that was
checked: a host can't change its mind in between and lead to a private network (DNS rebinding).
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from corpus.errors import PullError
from corpus.fetch.http_exchange import Deadline, NoAnswerError, PassingError, in_words, keep_location
from corpus.urls import HostNotFoundError, is_private, is_private_name, look_up, proxy_for
from corpus.workspace import PullSettings

LONGEST_WAIT = 30.0  # seconds; a host that asks for a longer one (Retry-After) is left for another run
HOSTS_TO_GIVE_UP = 3  # so many hosts without an answer, and none with one, mean that there is no network
CONTROL_HOST = "example.org"  # reserved by IANA: its name can be looked up wherever there is a network


class Connections:
    """The connections of one run. Thread-safe."""

    def __init__(self, settings: PullSettings, host_addresses: Mapping[str, str]) -> None:
        """`host_addresses` works like a hosts file: {"sample.invalid": "127.0.0.1:8123"}."""
        self.offline = False  # True once it is clear that there is no network
        self._settings = settings
        self._given = {host.lower(): address for host, address in host_addresses.items()}
        self._tls = httpx.create_ssl_context()
        self._clients: dict[str, httpx.Client] = {}  # by proxy; "" connects directly
        self._guard = threading.Lock()
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._last_request: dict[str, float] = {}
        self._pauses: dict[str, float] = {}  # seconds that a host wants between two requests
        self._rests: dict[str, float] = {}  # until when a host wants to be left alone, by the monotonic clock
        self._lost: dict[str, PullError] = {}  # hosts that gave no answer
        self._answered = False  # has any host answered?

    def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            client.close()

    def is_given(self, host: str) -> bool:
        """Does the caller say where `host` is? Then it is tried even without a network."""
        return host.lower() in self._given

    def pause_longer(self, host: str, seconds: float) -> None:
        """Let at least so many seconds pass between two requests to `host`: it asked for that."""
        self._pauses[host] = seconds

    def rest(self, host: str, seconds: float) -> None:
        """Send nothing to `host` for so many seconds, for any source: it asked for that (Retry-After)."""
        self._rests[host] = time.monotonic() + seconds

    @contextmanager
    def open(self, request: httpx.Request) -> Iterator[tuple[httpx.Response, Deadline]]:
        """The response to `request`, its body unread, within the time limit for one file.

        PullError says in words why there is none; PassingError where another attempt may help.
        """
        host = request.url.raw_host.decode("ascii")
        with self._turn(host), Deadline(self._settings.total_seconds) as deadline:
            response = self._send(request, host, deadline)
            try:
                with in_words(host, deadline, self._settings, begun=True):
                    yield response, deadline
            finally:
                response.close()

    @contextmanager
    def _turn(self, host: str) -> Iterator[None]:
        """One request at a time to `host`, with a pause between two."""
        with self._guard:
            turn = self._turns[host]
        with turn:
            if host in self._last_request:
                since = time.monotonic() - self._last_request[host]
                pause = max(self._settings.pause_seconds, self._pauses.get(host, 0.0))
                time.sleep(max(0.0, pause - since))
            resting = self._rests.get(host, 0.0) - time.monotonic()
            if resting > LONGEST_WAIT:
                raise PassingError("unreachable", f"{host} asks programs to wait, for {resting:.0f} s", wait=resting)
            time.sleep(max(0.0, resting))
            try:
                yield
            finally:
                self._last_request[host] = time.monotonic()

    def _send(self, request: httpx.Request, host: str, deadline: Deadline) -> httpx.Response:
        known = self._lost.get(host)
        if known and (isinstance(known, HostNotFoundError) or not self._answered):
            raise known
        try:
            response = self._first_answer(request, host, deadline)
        except (HostNotFoundError, NoAnswerError) as error:
            self._lose(host, error)
            # Without any answer so far the cause is more probably the network than a passing trouble of this host.
            raise error if self._answered else PullError(error.state, str(error)) from None
        self._answered = self._answered or not self.is_given(host)
        return response

    def _first_answer(self, request: httpx.Request, host: str, deadline: Deadline) -> httpx.Response:
        """From the first of the host's addresses that lets us connect."""
        silent = NoAnswerError("unreachable", f"the host {host} has no address")
        for client, url in self._routes(request.url, host):
            sent = client.build_request(
                "GET", url, headers=request.headers, extensions={"sni_hostname": host, "trace": deadline.watch}
            )
            try:
                with in_words(host, deadline, self._settings, begun=False):
                    return client.send(sent, stream=True)
            except NoAnswerError as error:
                silent = error
        raise silent

    def _routes(self, url: httpx.URL, host: str) -> list[tuple[httpx.Client, httpx.URL]]:
        """Through which client, and to which checked address, `url` may be had."""
        if given := self._given.get(host):
            there = httpx.URL(f"//{given}")
            return [(self._client(""), url.copy_with(host=there.host, port=there.port or url.port))]
        allowed = self._settings.allow_private_addresses
        if proxy := proxy_for(url.scheme, host):
            if is_private_name(host) and not allowed:
                raise _private(host)
            return [(self._client(proxy), url)]
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = look_up(host, port, seconds=self._settings.connect_seconds)
        if not allowed and any(is_private(address) for address in addresses):
            raise _private(host)
        return [(self._client(""), url.copy_with(host=str(address))) for address in addresses]

    def _client(self, proxy: str) -> httpx.Client:
        with self._guard:
            if proxy not in self._clients:
                if proxy and not proxy.startswith(("http://", "https://")):
                    raise PullError("unreachable", "the proxy of this computer is not an HTTP proxy")
                self._clients[proxy] = httpx.Client(
                    verify=self._tls,
                    trust_env=False,
                    proxy=proxy or None,
                    timeout=httpx.Timeout(self._settings.stall_seconds, connect=self._settings.connect_seconds),
                    # A connection is known by its IP address, which several hosts may share: none is used twice.
                    limits=httpx.Limits(max_keepalive_connections=0),
                    event_hooks={"response": [keep_location]},
                    cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                )
            return self._clients[proxy]

    def _lose(self, host: str, error: PullError) -> None:
        """Remember that `host` gave no answer; conclude from several, and no other, that there is no network."""
        with self._guard:
            self._lost.setdefault(host, error)
            if self._answered or self.offline or len(self._lost) < HOSTS_TO_GIVE_UP:
                return
            silent = [known for known in self._lost.values() if not isinstance(known, HostNotFoundError)]
            # Names that can't be found may only be wrong ones: then a right one can still be found.
            self.offline = len(silent) >= HOSTS_TO_GIVE_UP or not self._names_are_found()

    def _names_are_found(self) -> bool:
        try:
            look_up(CONTROL_HOST, 80, seconds=self._settings.connect_seconds)
        except HostNotFoundError:
            return False
        return True


def _private(host: str) -> PullError:
    return PullError(
        "unreachable",
        f"{host} is an address of this computer or a private network: allow it with pull.allow_private_addresses",
    )
