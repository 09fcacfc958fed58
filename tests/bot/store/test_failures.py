from __future__ import annotations

import logging
import os
import socket
import sqlite3
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.errors import (
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
    StoreUnreachableError,
    StoreWipedError,
)
from bot.store.database import Database, open_database
from bot.store.facts import get_fact, set_fact
from bot.store.failures import to_store_error
from bot.store.feedback import count_votes
from tests.bot.store.conftest import Place
from tests.bot.store.server import PASSWORD, Server

OTHER = "wr0ng-passw0rd"
ROOT = 0
NOBODY = 65534


async def open_and_close(url: str) -> None:
    """Open a database and do nothing with it."""
    async with open_database(url):
        pass


async def write(database: Database, name: str, value: str) -> None:
    """Keep a fact in a transaction of its own."""
    async with database.begin() as connection:
        await set_fact(connection, name, value)


async def read(database: Database, name: str) -> str | None:
    """Look a fact up in a transaction of its own."""
    async with database.connect() as connection:
        return await get_fact(connection, name)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Say where a SQLite file may be made."""
    return tmp_path / "ilya.db"


@contextmanager
def as_somebody() -> Iterator[Path]:
    """Be somebody who may not write everywhere, as root may; give a folder of theirs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        is_root = os.geteuid() == ROOT
        if is_root:
            os.chown(folder, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield folder
        finally:
            if is_root:
                os.seteuid(ROOT)
            folder.chmod(0o700)


@pytest.mark.asyncio
async def test_a_file_that_is_no_database_is_told_and_left_as_it_is(file: Path) -> None:
    file.write_text("Dear diary, " * 200, encoding="utf-8")
    with pytest.raises(StoreDamagedError, match=r"ilya\.db is not a SQLite database; put a backup in its place"):
        await open_and_close(f"sqlite:///{file}")
    assert file.read_text(encoding="utf-8").startswith("Dear diary")


@pytest.mark.asyncio
async def test_a_broken_database_is_told(file: Path) -> None:
    await open_and_close(f"sqlite:///{file}")
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    file.write_bytes(content)
    with pytest.raises(StoreDamagedError, match="is damaged; put a backup in its place"):
        await open_and_close(f"sqlite:///{file}")


@pytest.mark.asyncio
async def test_a_folder_that_may_not_be_written_to_is_told(file: Path) -> None:
    await open_and_close(f"sqlite:///{file}")  # somebody else may not import what is imported late
    with as_somebody() as folder:
        folder.chmod(0o500)
        with pytest.raises(StoreReadOnlyError, match="may not be written to; the bot's user needs to write"):
            await open_and_close(f"sqlite:///{folder}/ilya.db")
        with pytest.raises(StoreReadOnlyError, match="may not be written to"):
            await open_and_close(f"sqlite:///{folder}/data/ilya.db")


@pytest.mark.asyncio
async def test_a_file_that_may_not_be_written_to_is_told(file: Path) -> None:
    await open_and_close(f"sqlite:///{file}")  # as above
    with as_somebody() as folder:
        file = folder / "ilya.db"
        await open_and_close(f"sqlite:///{file}")
        file.chmod(0o400)
        with pytest.raises(StoreReadOnlyError, match=r"ilya\.db may not be written to"):
            await open_and_close(f"sqlite:///{file}")
        folder.chmod(0o500)
        with pytest.raises(StoreError, match="the bot's user"):
            await open_and_close(f"sqlite:///{file}")


@pytest.mark.asyncio
async def test_a_file_opened_to_read_only_is_told(file: Path) -> None:
    await open_and_close(f"sqlite:///{file}")
    with pytest.raises(StoreReadOnlyError, match="may not be written to"):
        await open_and_close(f"sqlite:///file:{file}?mode=ro&uri=true")


@pytest.mark.asyncio
async def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachableError, match="cannot be opened; check that the folder"):
        await open_and_close(f"sqlite:///{tmp_path}")


@pytest.mark.asyncio
async def test_a_file_in_place_of_a_folder_is_told(file: Path) -> None:
    file.touch()
    with pytest.raises(StoreUnreachableError, match="cannot be opened; check that the folder"):
        await open_and_close(f"sqlite:///{file}/ilya.db")


@pytest.mark.asyncio
async def test_a_full_disk_is_told_and_loses_nothing(file: Path) -> None:
    async with open_database(f"sqlite:///{file}") as database:
        await write(database, "before", "kept")
        async with database.begin() as connection:
            pages = await connection.scalar(text("PRAGMA page_count"))
            await connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        with pytest.raises(StoreFullError, match="its disk is full; make room, nothing kept so far is lost"):
            await write(database, "big", "x" * 100_000)
        assert await read(database, "before") == "kept"
        async with database.begin() as connection:
            await connection.execute(text("PRAGMA max_page_count = 1000000"))
        await write(database, "big", "x" * 100_000)


@pytest.mark.asyncio
async def test_a_locked_file_is_told_at_the_start_and_later_and_used_when_it_comes_free(file: Path) -> None:
    url = f"sqlite:///{file}?timeout=0.05"
    await open_and_close(url)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusyError, match="is locked by another program"):
            await open_and_close(url)
        other.execute("ROLLBACK")
        async with open_database(url) as database:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreBusyError, match="is locked by another program"):
                await write(database, "name", "value")
            assert await read(database, "name") is None
            other.execute("ROLLBACK")
            await write(database, "name", "value")


@pytest.mark.asyncio
@pytest.mark.parametrize("other", [None, b"another"])
async def test_a_file_deleted_or_replaced_while_in_use_is_told(file: Path, other: bytes | None) -> None:
    async with open_database(f"sqlite:///{file}") as database:
        file.rename(file.with_suffix(".gone"))
        if other:
            file.write_bytes(other)
        with pytest.raises(StoreWipedError, match="was deleted or replaced while in use"):
            await write(database, "name", "value")
        with pytest.raises(StoreWipedError, match="was deleted or replaced while in use"):
            await read(database, "name")


@pytest.mark.asyncio
async def test_tables_that_went_away_while_in_use_are_told(place: Place) -> None:
    async with open_database(place.url) as database:
        place.change("DROP TABLE feedback")
        async with database.connect() as connection:
            with pytest.raises(StoreWipedError, match="has lost its tables while in use; start the bot again"):
                await count_votes(connection)


def chain(error: BaseException) -> str:
    """Give all that a log would show of an error."""
    return "".join(traceback.format_exception(error))


@pytest.mark.asyncio
async def test_no_failure_to_reach_postgresql_shows_the_password(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        wrong = {
            server.url("postgres", OTHER): "refuses the login; check user and password",
            server.url("missing"): "is not there; make it",
            f"postgres://ilya:{PASSWORD}@127.0.0.1:{port}/x": "does not answer; check that it runs",
            f"postgres://ilya:{PASSWORD}@no-such-host.invalid/x": "no such host",
            server.url("postgres") + "?sslmode=require": "does not answer",
        }
        for url, advice in wrong.items():
            with pytest.raises(StoreUnreachableError, match=advice) as caught:
                await open_and_close(url)
            assert "PostgreSQL at" in str(caught.value)
            for secret in (PASSWORD, OTHER):
                assert secret not in chain(caught.value)
                assert secret not in caplog.text


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
@pytest.mark.asyncio
async def test_a_user_who_may_make_no_tables_is_told(place: Place) -> None:
    assert place.server is not None
    place.change(f"CREATE ROLE guest_{place.name} LOGIN PASSWORD '{PASSWORD}'")
    with pytest.raises(StoreReadOnlyError, match="GRANT CREATE"):
        await open_and_close(place.url.replace("//ilya:", f"//guest_{place.name}:"))


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
@pytest.mark.asyncio
async def test_a_connection_that_postgresql_cut_is_told_and_the_next_one_works(place: Place) -> None:
    assert place.server is not None
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ilya-quote-bot'"
    server = place.server

    async def lose(database: Database) -> None:
        async with database.begin() as connection:
            await set_fact(connection, "name", "lost")
            server.tell(f"{cut} AND datname = '{place.name}'")
            with pytest.raises(StoreUnreachableError, match="does not answer"):
                await get_fact(connection, "name")
            # whoever passes over that is told again: nothing was kept

    async with open_database(place.url) as database:
        with pytest.raises(StoreUnreachableError, match="does not answer"):
            await lose(database)
        assert await read(database, "name") is None
        await write(database, "name", "value")


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (asyncpg.DiskFullError("x"), StoreFullError),
        (asyncpg.TooManyConnectionsError("x"), StoreBusyError),
        (asyncpg.LockNotAvailableError("x"), StoreBusyError),
        (asyncpg.DeadlockDetectedError("x"), StoreBusyError),
        (asyncpg.AdminShutdownError("x"), StoreUnreachableError),
        (asyncpg.CannotConnectNowError("x"), StoreUnreachableError),
        (asyncpg.ReadOnlySQLTransactionError("x"), StoreReadOnlyError),
        (asyncpg.DataCorruptedError("x"), StoreDamagedError),
        (asyncpg.UndefinedTableError("x"), StoreWipedError),
        (asyncpg.InterfaceError("connection is closed"), StoreUnreachableError),
        (TimeoutError(), StoreUnreachableError),
        (PoolTimeoutError("x"), StoreBusyError),
        (PermissionError("x"), StoreReadOnlyError),
    ],
)
def test_what_drivers_raise_is_told_with_the_place_and_what_to_do(raised: Exception, told: type[StoreError]) -> None:
    failure = to_store_error(raised, "x.db")
    assert type(failure) is told
    assert str(failure).startswith("The database x.db ")
    assert ";" in str(failure)


@pytest.mark.parametrize("raised", [asyncpg.PostgresSyntaxError("x"), asyncpg.UniqueViolationError("x"), KeyError("x")])
def test_a_fault_of_this_program_is_not_dressed_up_as_one_of_the_database(raised: Exception) -> None:
    assert to_store_error(raised, "x.db") is None
