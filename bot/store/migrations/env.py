"""What Alembic runs to migrate; bot.store.migrate hands it a connection that is in a transaction already."""

from __future__ import annotations

from alembic import context

from bot.store.tables import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    render_as_batch=True,  # SQLite changes a column only by making the table anew
)
with context.begin_transaction():
    context.run_migrations()
