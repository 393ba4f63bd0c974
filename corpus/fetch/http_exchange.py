"""One exchange with a host: its time limit, and its failures in words."""

from __future__ import annotations

import errno
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from corpus.errors import PullError
from corpus.json_table import JsonTable
from corpus.workspace import PullSettings

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LOCATION = "location"  # key of a response's extensions
_NO_ADDRESSES = ("javascript:", "data:", "mailto:", "about:", "blob:", "tel:")
_NO_WAY = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN})


def keep_location(response: httpx.Response) -> None:
    """Put the Location of a redirect aside before httpx reads it, which raises where it is no address.

    A response hook of the client; `redirect_target` reads what was put aside.
    """
    raw = next((value for name, value in response.headers.raw if name.lower() == b"location"), None)
    if raw is not None:
        response.extensions[_LOCATION] = raw
        del response.headers["location"]


def is_redirect(response: httpx.Response) -> bool:
    """Does the response lead to another address?"""
    return response.status_code in _REDIRECTS and _LOCATION in response.extensions


def redirect_target(url: httpx.URL, response: httpx.Response) -> str:
    """The address to which `response`, got from `url`, redirects. PullError: it is no address.

    Bytes that are not ASCII are taken as they are ("%E9"), as browsers do, whatever encoding the host had in mind.
    """
    raw: bytes = response.extensions[_LOCATION]
    location = "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in raw).strip()
    if location.lower().startswith(_NO_ADDRESSES):
        raise PullError("unreachable", f"redirected to {location[:200]!r}, which is not a web address")
    try:
        return str(url.join(location))
    except (httpx.InvalidURL, ValueError):
        said = f"no proper answer: redirected to {location[:200]!r}, which is not a valid address"
        raise PullError("unreachable", said) from None


class PassingError(PullError):
    """A failure that another attempt may not meet; `wait` is the host's own wish in seconds, if it has one."""

    def __init__(self, state: str, message: str, *, wait: float | None = None) -> None:
        super().__init__(state, message)
        self.wait = wait


class NoAnswerError(PassingError):
    """Nobody there, as when the machine has no network."""


class Deadline:
    """Ends one exchange after so many seconds, however busily bytes trickle in, by shutting its socket."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.over = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def watch(self, event: str, info: JsonTable) -> None:
        """Told by httpx of every step; remembers the socket, which TLS replaces."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")
            if self.over:
                self._end()

    def check(self) -> None:
        """Raise if the time is over: a body that ends with its connection looks complete."""
        if self.over:
            raise PullError("timed out", f"not finished after {self.seconds:g} s")

    def _end(self) -> None:
        self.over = True
        if self._socket is not None:
            with suppress(OSError):  # closed already
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


@contextmanager
def in_words(host: str, deadline: Deadline, settings: PullSettings, *, begun: bool) -> Iterator[None]:
    """Turn what httpx raises into a PullError that people understand; `begun`: the response has begun to arrive."""
    try:
        yield
    except httpx.ConnectTimeout:
        raise NoAnswerError("timed out", f"no answer from {host} within {settings.connect_seconds:g} s") from None
    except httpx.TimeoutException:
        deadline.check()
        message = f"nothing came from {host} for {settings.stall_seconds:g} s"
        raise (PullError if begun else PassingError)("timed out", message) from None
    except httpx.ProxyError as error:
        raise PassingError("unreachable", f"the proxy set on this computer refused ({error})") from None
    except httpx.ConnectError as error:
        raise _no_connection(host, error) from None
    except httpx.DecodingError:
        raise PullError("damaged", "the host packed the file in a way that can't be unpacked") from None
    except httpx.TransportError as error:
        deadline.check()
        said = f"the connection to {host} broke off" if begun else f"no proper answer from {host}"
        raise PassingError("unreachable", f"{said} ({error})") from None
    except ValueError as error:
        if begun:
            raise
        raise PullError("unreachable", f"{host} is not a usable host name ({error})") from None


def _no_connection(host: str, error: BaseException) -> PullError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return PullError("unreachable", f"the certificate of {host} is not valid ({cause.verify_message})")
        if isinstance(cause, ssl.SSLError):
            return PullError("unreachable", f"no secure connection to {host} ({cause.reason or cause})")
        if isinstance(cause, OSError) and cause.errno in _NO_WAY:
            return NoAnswerError("unreachable", f"no network leads to {host}")
        if isinstance(cause, ConnectionRefusedError):
            return PassingError("unreachable", f"{host} refused the connection")
        cause = cause.__cause__ or cause.__context__
    return PassingError("unreachable", f"no connection to {host} ({error})")


def retry_after(value: str) -> float | None:
    """Seconds to wait, given as a number or as a date; None where the host does not say."""
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
