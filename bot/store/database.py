"""The open database: transactions to read in and to write in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import StoreBusyError, StoreWipedError
from bot.store.address import Address, parse_address
from bot.store.engines import MIGRATING, READING, build_engine, identify, make_file
from bot.store.failures import told
from bot.store.migrate import migrate

PATIENCE = 30.0
"""Seconds to wait for the other writers of this process."""


class Database:
    """An open database; `engine` is for slack_sdk's stores, everything else goes through `begin` and `connect`."""

    def __init__(self, engine: AsyncEngine, place: str, path: Path | None) -> None:
        self.engine = engine
        self.place = place
        self._path = path
        self._file = identify(path) if path else None
        self._reading = engine.execution_options(**{READING: True} if path else {"postgresql_readonly": True})
        self._writer = asyncio.Lock()

    def connect(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Give a connection in a transaction that only reads."""
        return self._transaction(self._reading)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection in a transaction that writes: kept at the end, undone where an error leaves it."""
        async with AsyncExitStack() as stack:
            if self._path:
                # SQLite has one writer; here they queue in order, where its own waiting is by luck
                await self._take_turn()
                stack.callback(self._writer.release)
            yield await stack.enter_async_context(self._transaction(self.engine))

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        self._check_file()
        async with AsyncExitStack() as stack:
            with told(self.place):
                connection = await stack.enter_async_context(engine.begin())
            yield connection

    async def _take_turn(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._writer.acquire()
        except TimeoutError:
            raise StoreBusyError(
                f"Another write to the database {self.place} has not ended for {PATIENCE:.0f} s; start the bot again."
            ) from None

    def _check_file(self) -> None:
        # SQLite goes on writing into a file that has been deleted, and all of it is lost
        try:
            is_same = self._path is None or identify(self._path) == self._file
        except FileNotFoundError:
            is_same = False
        if not is_same:
            raise StoreWipedError(
                f"The database file {self.place} was deleted or replaced while in use; put it back if you can, "
                "then start the bot again."
            )


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """Open the database of a DATABASE_URL, brought to the present form, and close it at the end."""
    address = parse_address(url)
    with told(address.place):
        await _make_file(address)
    engine = build_engine(address)
    try:
        with told(address.place):
            await _migrate(engine, address.place)
            database = Database(engine, address.place, address.path)
        yield database
    finally:
        # aiosqlite's threads end with their connections: https://github.com/omnilib/aiosqlite/issues/369
        await engine.dispose()


async def _make_file(address: Address) -> None:
    if address.path and address.may_create:
        await asyncio.to_thread(make_file, address.path, address.busy_timeout)


async def _migrate(engine: AsyncEngine, place: str) -> None:
    async with engine.execution_options(**{MIGRATING: True}).begin() as connection:
        await connection.run_sync(migrate, place)
    await engine.dispose()  # of the connection that migrated without foreign keys
