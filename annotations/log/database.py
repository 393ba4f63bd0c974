"""The database of a review: SQLite in the workspace, or PostgreSQL by its address. Opened, upgraded, guarded."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from annotations.log.database_address import connect_soon, read_address, without_password
from corpus.errors import LogUnavailableError, WorkspaceError

LOG_FORMAT = 5  # of the tables; a log with a higher number was made by a newer Jaiza
FORMAT = sa.Table("log_format", sa.MetaData(), sa.Column("format", sa.Integer, primary_key=True))
VERSION_TABLE = "log_version"  # Alembic's; a name of its own, so that a database shared with another program is noticed
_MIGRATIONS = Path(__file__).parent.parent / "migrations"
_WAIT_MS = 10_000  # for another writer of the SQLite file
_FULL_DISK = ("disk I/O error", "database or disk is full")  # SQLite's words
_UPGRADE_WAIT_MS = 120_000  # for another who upgrades it: on a busy machine that takes half a minute
_ONE_AT_A_TIME = 0x6A61697A61  # PostgreSQL advisory lock of whoever upgrades: "jaiza"


def open_database(url: str) -> sa.Engine:
    """The database at a SQLAlchemy URL, with the tables of this version: made if new, upgraded if old.

    WorkspaceError: it can't be reached, is no database, belongs to another program, or was made by a newer Jaiza.
    """
    engine = None
    try:
        # A server that was restarted is reconnected to; that a dead connection can't be closed is nobody's concern.
        logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
        address, arguments = read_address(url)
        engine = sa.create_engine(address, pool_pre_ping=True, connect_args=arguments)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _careful_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        else:
            event.listen(engine, "do_connect", connect_soon)
        _prepare(engine)
    except BaseException as error:
        if engine is not None:
            engine.dispose()
        if isinstance(error, SQLAlchemyError | OSError | ImportError):
            where = without_password(url)
            room = ": make room on the disk" if _reason(error) in _FULL_DISK else ""
            raise WorkspaceError(f"the decision log {where} can't be opened: {_reason(error)}{room}") from None
        raise
    return engine


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that sees the log as of one moment and holds nobody up."""
    with _plainly("read"), engine.connect() as connection:
        if connection.dialect.name == "postgresql":  # which otherwise shows every statement a moment of its own
            connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        yield connection


@contextmanager
def writing(engine: sa.Engine, *tables: sa.Table) -> Iterator[sa.Connection]:
    """One transaction, committed at the end; whoever else writes to `tables` waits.

    So that the numbers of events are in the order in which they became visible: a reader who has read up to one of
    them has missed none.
    """
    with _plainly("written"), engine.execution_options(jaiza_writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            for table in tables:
                connection.execute(sa.text(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE"))
        yield connection


def _prepare(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        if _format_of(connection) == LOG_FORMAT:
            return
    import_module("alembic.command")  # slow to import: before the others have to wait
    with engine.execution_options(jaiza_writes=True, jaiza_waits_ms=_UPGRADE_WAIT_MS).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
        found = _format_of(connection)  # another process may have been faster
        if found < LOG_FORMAT:
            _upgrade(connection, found)


def _format_of(connection: sa.Connection) -> int:
    """The format of the log in this database; 0 for none yet."""
    there = sa.inspect(connection)
    if not there.has_table(FORMAT.name):
        if there.has_table("events"):
            raise WorkspaceError(
                f"the database {without_password(str(connection.engine.url))} holds tables of another program: "
                "give Jaiza a database of its own"
            )
        return 0
    found = connection.scalar(sa.select(sa.func.max(FORMAT.c.format))) or 0
    if found > LOG_FORMAT:
        raise WorkspaceError(f"the decision log has format {found}, this version knows {LOG_FORMAT}: update Jaiza")
    return found


def _upgrade(connection: sa.Connection, found: int) -> None:
    from alembic import command  # here, because it takes a third of a second and is needed once in a workspace's life
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    if found and not sa.inspect(connection).has_table(VERSION_TABLE):
        command.stamp(config, str(found))  # made before there were migrations
    command.upgrade(config, str(LOG_FORMAT))


def _careful_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`, around changes of tables as well
    connection.execute(f"PRAGMA busy_timeout={_WAIT_MS}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: sa.Connection) -> None:
    # A transaction that reads first and writes then would fail at once where another writer came between.
    options = connection.get_execution_options()
    writes = options.get("jaiza_writes")
    if writes:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={options.get('jaiza_waits_ms', _WAIT_MS)}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _plainly(done: str) -> Iterator[None]:
    """Trouble with the database in one line."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        # Where the connection broke while it was stored, nobody knows whether it was.
        again = "Try again: nothing is stored twice" if done == "written" else "Try again"
        raise LogUnavailableError(f"the decision log can't be {done} now: {_reason(error)}. {again}") from error


def _reason(error: BaseException) -> str:
    """The database's own words; pg8000 gives a dictionary with the message under "M"."""
    original = getattr(error, "orig", None) or error
    if original.args and isinstance(original.args[0], dict):
        return str(original.args[0].get("M", original))
    return (str(original).splitlines() or [type(original).__name__])[0]
