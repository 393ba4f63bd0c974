"""The databases that a year is played on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import sqlalchemy as sa

from tests.support import postgres

Databases = tuple[Callable[[str], str] | None, Callable[[str, str], str] | None]  # one made new, and a copy of one


def databases() -> Iterator[tuple[str, AbstractContextManager[Databases]]]:
    """SQLite's, and a PostgreSQL server of our own."""
    yield "SQLite", nullcontext((None, None))
    if postgres.program("initdb"):
        yield "PostgreSQL", _server()


@contextmanager
def _server() -> Iterator[Databases]:
    with postgres.server() as folder:

        def copied(name: str, to: str) -> str:
            engine = sa.create_engine(
                postgres.address(folder, "postgres").replace("postgresql", "postgresql+pg8000", 1)
            )
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(sa.text(f"CREATE DATABASE {to} TEMPLATE {name}"))
            engine.dispose()
            return postgres.address(folder, to)

        yield (lambda name: postgres.new_database(folder, name)), copied
