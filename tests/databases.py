"""Both engines, real: a SQLite file and a PostgreSQL server; what is tested on one is tested on the other."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database, open_database
from tests.bot.store.server import WHERE, Server, find_programs, run_server

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Give a running PostgreSQL server."""
    programs = find_programs()
    if programs is None:
        pytest.skip(f"POSTGRESQL IS NOT TESTED: no server in {WHERE}; apt-get install postgresql")
    with run_server(programs) as running:
        yield running


@dataclass(frozen=True)
class Place:
    """An empty database that nobody has opened yet."""

    url: str
    server: Server | None = None
    name: str = ""

    @property
    def is_postgres(self) -> bool:
        return self.server is not None

    @property
    def file(self) -> Path:
        """Where the SQLite file is."""
        return Path(self.url.removeprefix("sqlite:///"))

    def change(self, sql: str) -> None:
        """Run SQL behind the bot's back."""
        if self.server:
            self.server.tell(sql, self.name)
            return
        with closing(sqlite3.connect(self.file)) as connection, connection:
            connection.execute(sql)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Give an empty database, once on each engine."""
    if request.param == "sqlite":
        yield Place(f"sqlite:///{tmp_path}/data/ilya.db")
        return
    server: Server = request.getfixturevalue("server")
    name = f"test_{next(_NUMBERS)}"
    server.tell(f"CREATE DATABASE {name} STRATEGY file_copy")
    yield Place(server.url(name), server, name)
    server.tell(f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    """Give an open database, once on each engine."""
    async with open_database(place.url) as opened:
        yield opened


@pytest_asyncio.fixture
async def connection(database: Database) -> AsyncIterator[AsyncConnection]:
    """Give a connection in a write transaction, once on each engine."""
    async with database.begin() as opened:
        yield opened
