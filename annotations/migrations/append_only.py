"""Triggers by which the database itself refuses to change or delete an event, whichever program asks."""

from __future__ import annotations

import sqlalchemy as sa

_WHY = "the decision log is append-only"


def protect(connection: sa.Connection, table: str) -> None:
    """Make `table` append-only."""
    for statement in _STATEMENTS[connection.dialect.name]:
        connection.execute(sa.text(statement.format(table=table, why=_WHY)))


def unprotect(connection: sa.Connection, table: str) -> None:
    """Take the triggers off for the length of a migration."""
    for name in ("no_update", "no_delete", "no_replace", "no_truncate"):
        on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
        connection.execute(sa.text(f"DROP TRIGGER IF EXISTS {table}_{name}{on}"))


_STATEMENTS = {
    "sqlite": [
        *(
            f"CREATE TRIGGER {{table}}_no_{verb.lower()} BEFORE {verb} ON {{table}} "
            "BEGIN SELECT RAISE(ABORT, '{why}'); END"
            for verb in ("UPDATE", "DELETE")
        ),
        # INSERT OR REPLACE deletes without asking the trigger above.
        "CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        "WHEN EXISTS (SELECT 1 FROM {table} WHERE event_id = NEW.event_id OR seq = NEW.seq) "
        "BEGIN SELECT RAISE(ABORT, '{why}'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '{why}'; END $$",
        *(
            f"CREATE TRIGGER {{table}}_no_{verb.lower()} BEFORE {verb} ON {{table}} "
            f"FOR EACH {level} EXECUTE FUNCTION {{table}}_append_only()"
            for verb, level in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT"))
        ),
    ],
}
