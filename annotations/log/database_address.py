"""The address of the decision log's database, as people write it, for the driver that Jaiza brings.

PostgreSQL's own programs take options behind "?" (sslmode=require, connect_timeout=5); pg8000 has other names for them.
"""

from __future__ import annotations

import getpass
import math
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from corpus.errors import WorkspaceError

if TYPE_CHECKING:
    import ssl

PATIENCE = 60  # seconds with a PostgreSQL server that does not answer; without, for ever
_SOON = "jaiza_connect_seconds"  # our own argument to connect with, taken out by `connect_soon`
_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_OPTIONS = (
    "sslmode", "sslrootcert", "connect_timeout", "application_name", "host", "port", "user", "password", "dbname",
    "unix_sock",
)  # fmt: skip


def read_address(url: str) -> tuple[sa.URL, dict[str, Any]]:
    """The address with Jaiza's driver and without options, and what to connect with.

    "postgresql://host/review?sslmode=require" -> postgresql+pg8000://me@host/review and an encrypted connection.
    WorkspaceError says which option can't be had, and what to write instead.
    """
    try:
        made = sa.make_url(url)
    except ValueError:  # a port that is no number, or several hosts
        raise WorkspaceError(f"JAIZA_DATABASE_URL: {_ADDRESS}") from None
    if made.get_backend_name() not in ("postgresql", "postgres"):
        return made, {}
    options = {name: value if isinstance(value, str) else value[-1] for name, value in made.query.items()}
    if unknown := [name for name in options if name not in _OPTIONS]:
        raise WorkspaceError(
            f"the option {unknown[0]!r} in JAIZA_DATABASE_URL is not known: leave it out, or use {', '.join(_OPTIONS)}"
        )
    made = _as_written(made, options)
    arguments: dict[str, Any] = {"timeout": PATIENCE, "ssl_context": _encryption(options)}
    if "connect_timeout" in options and (seconds := _seconds(options["connect_timeout"])):
        arguments[_SOON] = seconds
    if place := options.get("unix_sock") or _socket_file(options.get("host", ""), made.port):
        arguments |= {"unix_sock": place, "ssl_context": False}
    if name := options.get("application_name"):
        arguments["application_name"] = name
    return made, arguments


def connect_soon(_dialect: object, _record: object, _arguments: object, named: dict[str, Any]) -> None:
    """Give up connecting after `connect_timeout`: the driver's own limit is for every answer of the server too."""
    seconds = named.pop(_SOON, None)
    if seconds is None or "unix_sock" in named:
        return
    line = socket.create_connection((named.get("host") or "localhost", named.get("port") or 5432), seconds)
    line.settimeout(PATIENCE)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    named["sock"] = line


def without_password(url: str) -> str:
    """The address of a database as it may be shown."""
    try:
        made = sa.make_url(url)
    except (SQLAlchemyError, ValueError):
        return "(JAIZA_DATABASE_URL is not a database URL)"
    return made.difference_update_query(["password"]).render_as_string(hide_password=True)


_ADDRESS = "write postgresql://user:password@host:5432/database, with one host and % signs as %25"


def _as_written(made: sa.URL, options: Mapping[str, str]) -> sa.URL:
    """What stands behind "?" put in front of it; the user of this machine where none is named, as psql does."""
    host = options.get("host", "")
    try:
        port = int(options["port"]) if "port" in options else made.port
    except ValueError:
        raise WorkspaceError(f"port={options['port']} in JAIZA_DATABASE_URL is no number") from None
    return made.set(
        drivername="postgresql+pg8000",
        username=options.get("user") or made.username or getpass.getuser(),
        password=options.get("password") or made.password,
        host=made.host if not host or host.startswith("/") else host,
        port=port,
        database=options.get("dbname") or made.database,
        query={},
    )


def _socket_file(host: str, port: int | None) -> str:
    """PostgreSQL's socket in the folder `host`; "" where that is no folder."""
    return f"{host}/.s.PGSQL.{port or 5432}" if host.startswith("/") else ""


def _seconds(given: str) -> float:
    """0 for no limit, as PostgreSQL has it."""
    try:
        seconds = float(given)
    except ValueError:
        seconds = math.nan
    if not math.isfinite(seconds) or seconds > 3600:
        raise WorkspaceError(f"connect_timeout={given} in JAIZA_DATABASE_URL: write seconds, such as 10")
    return max(0.0, seconds)


def _encryption(options: Mapping[str, str]) -> ssl.SSLContext | bool | None:
    """What the driver takes for sslmode: False never, None where the server can, else the context to do it in."""
    mode, authority = options.get("sslmode", "prefer"), options.get("sslrootcert", "")
    if mode not in _MODES:
        raise WorkspaceError(f"sslmode={mode} in JAIZA_DATABASE_URL is none of {', '.join(_MODES)}")
    if authority == "system":
        authority = ""
    elif authority and not Path(authority).is_file():
        raise WorkspaceError(f"sslrootcert={authority} in JAIZA_DATABASE_URL: there is no such file")
    if mode in ("disable", "allow", "prefer"):
        return False if mode == "disable" else None
    if mode == "require" and not authority:
        return True  # encrypted; who answers is not looked at, as in PostgreSQL's own programs
    import ssl  # here, for a log in a file needs none

    try:
        context = ssl.create_default_context(cafile=authority or None)
    except ssl.SSLError:
        raise WorkspaceError(f"sslrootcert={authority} in JAIZA_DATABASE_URL holds no certificate") from None
    context.check_hostname = mode == "verify-full"
    return context
