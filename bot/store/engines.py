"""How each engine is set up; why SQLite needs more of it: ANCHORS row 15, `database is locked`."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import StoreAddressError
from bot.store.address import Address
from bot.store.failures import to_store_error

READING = "store_reading"
MIGRATING = "store_migrating"
"""Execution options that say what a transaction is for; without one it writes."""


def build_engine(address: Address) -> AsyncEngine:
    """Make the engine for an address; no connection is opened yet."""
    settings: dict[str, Any] = {"pool_size": 5, "max_overflow": 5, "pool_timeout": 30, "hide_parameters": True}
    if address.path is None:
        settings |= {"pool_pre_ping": True, "pool_recycle": 1800}
    try:
        engine = create_async_engine(address.url, connect_args=address.arguments, **settings)
    except ModuleNotFoundError as error:
        raise StoreAddressError(
            f"DATABASE_URL needs the package {error.name}: pip install 'ilya-quote-bot[postgres]'."
        ) from None
    _translate_errors(engine, address.place)
    if address.path is not None:
        _listen_to_sqlite(engine)
    return engine


def _translate_errors(engine: AsyncEngine, place: str) -> None:
    def tell(context: ExceptionContext) -> BaseException | None:
        return to_store_error(context.original_exception, place)

    event.listen(engine.sync_engine, "handle_error", tell, retval=True)


def _listen_to_sqlite(engine: AsyncEngine) -> None:
    event.listen(engine.sync_engine, "connect", _set_up_connection)
    event.listen(engine.sync_engine, "begin", _begin)


def _set_up_connection(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN comes too late: https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#aiosqlite-serializable
    connection.isolation_level = None
    cursor = connection.cursor()
    # With NORMAL a power cut may undo what was committed: a post would be made again. https://www.sqlite.org/pragma.html
    for pragma in ("foreign_keys = ON", "synchronous = FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Take the write lock at once: a transaction that reads first and writes then is refused without waiting."""
    options = connection.get_execution_options()
    if options.get(MIGRATING):
        # Altering makes a table anew and drops the old one, which deletes its rows and, by cascade, those of others:
        # https://www.sqlite.org/lang_droptable.html. Ignored once a transaction has begun.
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    is_reading = bool(options.get(READING))
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if is_reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


def make_file(path: Path, timeout: float) -> None:
    """Make a SQLite file that only its owner reads (it holds Slack's tokens), in write-ahead mode."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
    deadline = time.monotonic() + timeout
    with closing(sqlite3.connect(path, timeout=timeout)) as connection:
        while not _is_write_ahead(connection, deadline):
            time.sleep(0.02)


def _is_write_ahead(connection: sqlite3.Connection, deadline: float) -> bool:
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        # the change of mode does not wait as other statements do, so that two starting at once would fail
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
            raise
        return False
    return True


def identify(path: Path) -> tuple[int, int]:
    """Say which file a path leads to now; raises FileNotFoundError where there is none."""
    status = os.stat(path)  # noqa: PTH116 - half the time of Path.stat, before every transaction
    return status.st_dev, status.st_ino
