"""Where an address leads: looking up hosts within a time limit, private networks refused, addresses compared."""

from __future__ import annotations

import ipaddress
import queue
import re
import socket
import threading
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, unquote, urlsplit

from corpus.errors import PullError

IPAddress = IPv4Address | IPv6Address
# IPv6 addresses that stand for an IPv4 address behind a translator (RFC 6052).
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
_PORTS = {"http": 80, "https": 443}


class HostNotFoundError(PullError):
    """A host's name has no address, or nobody answers to say so."""


def look_up(host: str, port: int, *, seconds: float) -> list[IPAddress]:
    """The addresses of `host`, in the order to try; HostNotFoundError after `seconds` without an answer.

    The system's resolver can't be interrupted, so it is left behind in a thread of its own.
    """
    answers: queue.SimpleQueue[list[IPAddress] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(ipaddress.ip_address(entry[4][0]) for entry in entries)))
        except (OSError, ValueError) as error:  # UnicodeError, for a name no host can have, is a ValueError
            answers.put(error)

    threading.Thread(target=ask, name=f"look up {host}", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise HostNotFoundError("unreachable", f"no answer about the host {host} within {seconds:g} s") from None
    if isinstance(answer, Exception) or not answer:
        raise HostNotFoundError("unreachable", f"the host {host} can't be found")
    return answer


def is_private(address: IPAddress) -> bool:
    """Does `address` lead to this machine, a private network, or anywhere else that is not the public internet?"""
    if isinstance(address, IPv6Address):
        if address in _TRANSLATED:
            return is_private(IPv4Address(int(address) & 0xFFFFFFFF))
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None:
            return is_private(inner)
    return not address.is_global or address.is_multicast or address.is_reserved


def literal(host: str) -> IPAddress | None:
    """The address that `host` spells out, also as "2130706433" or "0x7f.1"; None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def is_private_name(host: str) -> bool:
    """Can one tell from `host` alone, without looking it up, that it is private?"""
    address = literal(host)
    if address is not None:
        return is_private(address)
    name = host.rstrip(".").lower()
    return name == "localhost" or name.endswith(".localhost")


def proxy_for(scheme: str, host: str) -> str:
    """The proxy that the environment sets for this scheme and host; "" for a direct connection."""
    import urllib.request  # with it come HTTP and TLS, which nothing else here needs

    proxies = urllib.request.getproxies()
    proxy = proxies.get(scheme) or proxies.get("all") or ""
    if not proxy or urllib.request.proxy_bypass(host):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def canonical(url: str) -> str:
    """`url` without what does not change where it leads, to see whether two are the same.

    "HTTP://www.Example.org:80/a%20b/#x" and "https://example.org/a b" both give "example.org/a%20b".
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip(".").removeprefix("www."), parts.port
    except ValueError:
        return url.strip()
    place = host if port in (None, _PORTS.get(parts.scheme)) else f"{host}:{port}"
    path = quote(unquote(parts.path), safe="/").rstrip("/")
    return f"{place}{path}" + (f"?{parts.query}" if parts.query else "")


def is_web_address(url: str) -> bool:
    """Is `url` an address of the web, with a host and without white space?"""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", url)
