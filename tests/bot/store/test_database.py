from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreReadOnlyError
from bot.store.database import Database, open_database
from bot.store.facts import get_fact, set_fact
from tests.bot.store.conftest import Place
from tests.bot.store.processes import run_together

pytestmark = pytest.mark.asyncio


async def test_what_is_written_is_there_to_read_once_the_transaction_ends(database: Database) -> None:
    async with database.begin() as writing, database.connect() as reading:
        await set_fact(writing, "name", "value")
        assert await get_fact(reading, "name") is None
    async with database.connect() as reading:
        assert await get_fact(reading, "name") == "value"


async def test_an_error_undoes_the_transaction_and_gets_out_as_it_is(database: Database) -> None:
    async def stumble() -> None:
        async with database.begin() as connection:
            await set_fact(connection, "name", "value")
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        await stumble()
    async with database.connect() as connection:
        assert await get_fact(connection, "name") is None


async def test_a_cancelled_transaction_is_undone_and_the_next_one_works(database: Database) -> None:
    written = asyncio.Event()

    async def hang() -> None:
        async with database.begin() as connection:
            await set_fact(connection, "name", "value")
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.begin() as connection:
        assert await get_fact(connection, "name") is None
        await set_fact(connection, "name", "after")


async def test_nothing_can_be_written_where_reading_was_asked_for(database: Database) -> None:
    async def write() -> None:
        async with database.connect() as connection:
            await set_fact(connection, "name", "value")

    with pytest.raises(StoreReadOnlyError):
        await write()
    async with database.begin() as connection:
        await set_fact(connection, "name", "value")


async def test_writers_of_one_process_wait_for_each_other_and_lose_nothing(database: Database) -> None:
    async def count() -> None:
        async with database.begin() as connection:
            if connection.dialect.name == "postgresql":
                await connection.execute(text("LOCK TABLE facts"))
            await set_fact(connection, "count", str(int(await get_fact(connection, "count") or 0) + 1))

    await asyncio.gather(*(count() for _ in range(25)))
    async with database.connect() as connection:
        assert await get_fact(connection, "count") == "25"


@pytest.mark.parametrize(("task", "code"), [("idle", 0), ("fail", 1)])
async def test_a_process_ends_when_it_is_done_also_in_the_middle_of_a_transaction(
    place: Place, task: str, code: int
) -> None:
    (ended,) = run_together(place.url, task)
    assert (ended.code, ended.err) == (code, "on purpose\n" if code else "")


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
async def test_a_url_with_sslmode_is_obeyed(place: Place) -> None:
    async with open_database(f"{place.url}?sslmode=prefer") as database, database.connect() as connection:
        assert await get_fact(connection, "name") is None


async def ask(connection: AsyncConnection, pragma: str) -> object:
    """Ask SQLite for a setting."""
    return await connection.scalar(text(f"PRAGMA {pragma}"))


async def test_sqlite_is_set_up_to_be_shared(tmp_path: Path) -> None:
    async with open_database(f"sqlite:///{tmp_path}/ilya.db") as database:
        for transaction in (database.begin(), database.connect()):
            async with transaction as connection:
                settings = [await ask(connection, name) for name in ("journal_mode", "busy_timeout", "foreign_keys")]
                assert [*settings, await ask(connection, "synchronous")] == ["wal", 5000, 1, 2]


async def test_a_sqlite_file_and_its_folder_are_made_for_the_owners_eyes_only(tmp_path: Path) -> None:
    async with open_database(f"sqlite:///{tmp_path}/new/data/ilya.db") as database, database.begin():
        made = sorted((tmp_path / "new" / "data").iterdir())
        assert [path.name for path in made] == ["ilya.db", "ilya.db-shm", "ilya.db-wal"]
        assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}
        assert stat.S_IMODE((tmp_path / "new" / "data").stat().st_mode) == 0o700
