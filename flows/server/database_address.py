"""The address of a PostgreSQL database as Prefect's driver understands it."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from corpus.errors import JaizaError

# What libpq calls it, and psql's users write -> what asyncpg calls it.
_NAMES = {"sslmode": "ssl", "ssl": "ssl", "connect_timeout": "timeout", "timeout": "timeout",
          "application_name": "", "command_timeout": "command_timeout", "host": "host", "port": "port"}  # fmt: skip
_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


def address_for_asyncpg(url: str) -> str:
    """`url` with the driver that Prefect brings along, and its options under that driver's names.

    JaizaError names an option that can't be taken over.
    """
    if url.startswith("sqlite"):
        return url
    if not re.match(r"^postgres(ql)?(\+\w+)?://", url):
        raise JaizaError(
            "Prefect's history goes into a PostgreSQL database: write postgresql://user:password@host/name"
        )
    parts = urlsplit(re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+asyncpg://", url))
    options = []
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name not in _NAMES:
            known = ", ".join(sorted(_NAMES))
            raise JaizaError(f"the option {name!r} of Prefect's database is not known: leave it out, or use {known}")
        if _NAMES[name] == "ssl" and value not in _MODES:
            raise JaizaError(f"{name}={value} of Prefect's database is none of {', '.join(_MODES)}")
        if _NAMES[name]:
            options.append((_NAMES[name], value))
    return urlunsplit(parts._replace(query=urlencode(options)))
