"""What Alembic runs: the steps that are missing, inside the transaction it was given."""

from __future__ import annotations

from alembic import context

from annotations.log.database import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    transactional_ddl=True,  # in SQLite too: the connection begins its transactions itself
)
with context.begin_transaction():
    context.run_migrations()
