"""A PostgreSQL server of our own for the tests, where its programs are installed; reached by a socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

DEBIAN = "/usr/lib/postgresql/*/bin"  # apt's packages put the programs there and not on the PATH


def program(name: str) -> str | None:
    """Where initdb or pg_ctl is, or None."""
    found = sorted(Path("/").glob(f"{DEBIAN[1:]}/{name}"))
    return shutil.which(name) or (str(found[-1]) if found else None)


@contextmanager
def server() -> Iterator[str]:
    """A running server; gives the folder of its socket. It refuses to run as root, so root lends it to nobody."""
    folder = Path(tempfile.mkdtemp(prefix="jaiza-pg-"))
    other: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        other = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    data = folder / "data"
    # No fsync: a test server need not survive a power cut.
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=60"

    def run(*words: str) -> None:
        subprocess.run(words, check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=120, **other)

    initdb, pg_ctl = program("initdb"), program("pg_ctl")
    assert initdb
    assert pg_ctl
    try:
        run(initdb, "-D", str(data), "-U", "jaiza", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        run(pg_ctl, "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
        # Stops the server when its standard input closes: at the end, and also where the tests are killed before it.
        stopping = f"read _; {pg_ctl} -D {data} -m immediate -w stop"
        pipe, gone = subprocess.PIPE, subprocess.DEVNULL
        stopper = subprocess.Popen(
            ["sh", "-c", stopping], stdin=pipe, stdout=gone, cwd=folder, start_new_session=True, **other
        )
        try:
            yield str(folder)
        finally:
            stopper.communicate(timeout=120)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def address(folder: str, database: str) -> str:
    """The URL that a user would put into JAIZA_DATABASE_URL."""
    return f"postgresql://jaiza@/{database}?unix_sock={folder}/.s.PGSQL.5432"


def new_database(folder: str, name: str) -> str:
    """Make an empty database on the server; gives its URL."""
    engine = sa.create_engine(address(folder, "postgres").replace("postgresql", "postgresql+pg8000", 1))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return address(folder, name)
