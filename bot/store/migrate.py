"""Bring a database to the present form, or refuse one that is ahead of this code."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import ColumnClause, Connection, column, func, select, table, update

from bot.errors import StoreNewerError
from bot.store.tables import VERSION_TABLE

MIGRATIONS = Path(__file__).with_name("migrations")
_LOCK = 0x696C7961
_LOG = logging.getLogger(__name__)


def migrate(connection: Connection, place: str) -> None:
    """Run the migrations that are missing, all of them or none, inside the transaction that the connection is in."""
    # SQLite's lock is the transaction's own BEGIN IMMEDIATE; this one is let go with the transaction, also by a pooler.
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    config = _build_config(connection)
    scripts = ScriptDirectory.from_config(config)
    found = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_heads()
    if set(found) - {script.revision for script in scripts.walk_revisions()}:
        raise StoreNewerError(
            f"The database {place} was made by a newer version of this program (its form is {', '.join(found)}, "
            f"this one knows up to {scripts.get_current_head()}). Update the program, or put back a backup from before."
        )
    if set(found) == set(scripts.get_heads()):
        _prove_writable(connection)
    else:
        command.upgrade(config, "head")
        _LOG.info("Brought the database %s to form %s.", place, scripts.get_current_head())


def _prove_writable(connection: Connection) -> None:
    # BEGIN IMMEDIATE is content to read only where a file may not be written to; the start is the time to say so
    version: ColumnClause[str] = column("version_num")
    connection.execute(update(table(VERSION_TABLE, version)).values(version_num=version))


def _build_config(connection: Connection) -> Config:
    config = Config()
    # the configuration is an ini file to Alembic, where % begins an interpolation
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
