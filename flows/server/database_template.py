"""Prefect's database, made once for this installation and copied into every new workspace.

To make it takes some 200 migrations, seconds of the first run of every workspace. At set-up
`python -m flows.server.database_template` makes the template; where there is none, the server of the first run makes
its database as usual.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

DATABASE = "prefect.db"


def template_path() -> Path:
    """Where the template of the installed version of Prefect lies, whether or not it is there."""
    return Path(sys.prefix) / "share" / "jaiza" / f"prefect-{version('prefect')}.db"


def copy_template(home: Path) -> None:
    """Give a new home of Prefect its database, where there is a template of it."""
    target, template = home / DATABASE, template_path()
    if target.exists() or not template.is_file():
        return
    home.mkdir(parents=True, exist_ok=True)
    made = home / f".{DATABASE}.{os.getpid()}"
    shutil.copyfile(template, made)
    made.replace(target)


def make_template() -> Path:
    """Make the template with an empty database that Prefect's own migrations have brought up to date."""
    target = template_path()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PREFECT_HOME": folder, "PREFECT_LOGGING_LEVEL": "ERROR"}
        environment.pop("PREFECT_API_DATABASE_CONNECTION_URL", None)
        code = (
            "import asyncio; from prefect.server.database import provide_database_interface as database; "
            "asyncio.run(database().create_db())"
        )
        subprocess.run([sys.executable, "-c", code], env=environment, check=True)
        database = Path(folder) / DATABASE
        # One file without its log: a copy of a database in WAL mode alone would lack what is only in the log.
        code = f"import sqlite3; sqlite3.connect({str(database)!r}).execute('PRAGMA journal_mode=DELETE')"
        subprocess.run([sys.executable, "-c", code], check=True)
        made = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copyfile(database, made)
        made.replace(target)
    return target


if __name__ == "__main__":
    print(make_template())
