"""A decision log as earlier versions of Jaiza kept it, written by hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import annotations.migrations as migrations
from annotations.decision import DONE, Anchor, Decision, Mark
from annotations.log.schema import place_key
from bench.year.steps import Decide, Finish, Pass
from bench.year.texts import text_of
from corpus.workspace import Workspace
from extract.document import Document

_DRIVER = {"postgresql": "postgresql+pg8000"}


def make(url: str) -> None:
    """An empty log of format 3 at a database's address."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = _engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "3")
    engine.dispose()


def write(
    workspace: Workspace,
    step: Decide | Pass | Finish,
    document: Document,
    revision: str,
    absent: Sequence[str],
) -> None:
    """What the version of that time recorded: decisions and marks without an order over both, without covers. `absent`
    are the themes that a coder who finishes a study left out."""
    engine = _engine(workspace.database_url)
    with engine.begin() as connection:
        if isinstance(step, Decide):
            passage = next(p for p in document.passages if p.text == text_of(step.parts))
            anchor = Anchor(passage.text, passage.page, passage.id, offset=passage.spans[0][0], sha256=document.sha256)
            made = Decision(step.study, step.theme, step.value, step.coder, anchor=anchor)
            row = {"role": "coder", "value": step.value, "model_id": ""}
            _insert(connection, "events", made, step, revision, {**row, "anchor": _json(anchor)})
            seen = Mark(step.study, "seen", step.coder, anchor=anchor)
            _insert(connection, "marks", seen, step, revision, {"kind": "seen", "is_on": True, "anchor": _json(anchor)})
        elif isinstance(step, Finish):
            done = Mark(step.study, "done", step.coder)
            _insert(connection, "marks", done, step, revision, {"kind": "done", "is_on": step.on, "anchor": None})
            for theme in absent:
                zero = Decision(step.study, theme, 0, step.coder)
                row = {"role": "coder", "value": 0, "model_id": "", "anchor": None, "origin": DONE}
                _insert(connection, "events", zero, step, revision, row)
    engine.dispose()


def to_format_4(url: str) -> None:
    """Take a log back to format 4, which had no screening."""
    engine = _engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE screenings"))
        connection.execute(sa.text("UPDATE log_format SET format = 4"))
        connection.execute(sa.text("UPDATE log_version SET version_num = '4'"))
    engine.dispose()


def _insert(
    connection: sa.Connection,
    table: str,
    made: Decision | Mark,
    step: Decide | Pass | Finish,
    revision: str,
    row: dict[str, object],
) -> None:
    theme = made.theme
    content = [table, made.source_id, theme, made.coder, row.get("kind", ""), step.clock, str(row)]
    every = {
        "event_id": hashlib.sha256(json.dumps(content).encode()).hexdigest(),
        "recorded": step.clock,
        "source_id": step.study,
        "theme": theme,
        "coder": step.coder,
        "note": "",
        "decided": step.clock,
        "codebook": revision,
        "place": place_key(made),
        **({"origin": "review page"} if table == "events" else {}),
        **row,
    }
    names = ", ".join(every)
    connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(':' + n for n in every)})"), every)


def _json(anchor: Anchor) -> str:
    return json.dumps({name: getattr(anchor, name) for name in Anchor.__slots__})


def _engine(url: str) -> sa.Engine:
    made = sa.make_url(url)
    return sa.create_engine(made.set(drivername=_DRIVER.get(made.drivername, made.drivername)))
