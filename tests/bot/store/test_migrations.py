from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from sqlalchemy import Connection, MetaData, inspect

from bot.errors import StoreError, StoreNewerError
from bot.store.address import parse_address
from bot.store.database import Database, open_database
from bot.store.engines import build_engine, make_file
from bot.store.facts import get_fact, set_fact
from bot.store.migrate import _build_config
from bot.store.posts import last_posts
from bot.store.subscriptions import list_subscriptions
from bot.store.tables import METADATA, VERSION_TABLE
from tests.bot.store.conftest import Place
from tests.bot.store.processes import run_together


async def read(database: Database, look: Callable[[Connection], Any]) -> Any:
    """Look at a database with what knows nothing of asyncio."""
    async with database.connect() as connection:
        return await connection.run_sync(look)


def expected_tables() -> MetaData:
    """Give the tables of the bot and those of the installed slack_sdk."""
    expected = MetaData()
    for table in METADATA.sorted_tables:
        table.to_metadata(expected)
    AsyncSQLAlchemyInstallationStore.build_bots_table(expected, "slack_bots")
    AsyncSQLAlchemyInstallationStore.build_installations_table(expected, "slack_installations")
    AsyncSQLAlchemyOAuthStateStore.build_oauth_states_table(expected, "slack_oauth_states")
    return expected


@pytest.mark.asyncio
async def test_the_migrations_make_the_tables_that_the_code_and_slack_sdk_expect(database: Database) -> None:
    def compare(connection: Connection) -> Any:
        options = {"version_table": VERSION_TABLE, "compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), expected_tables())

    assert await read(database, compare) == []


@pytest.mark.asyncio
async def test_the_constraints_are_those_that_the_code_expects(database: Database) -> None:
    def name(connection: Connection) -> set[str | None]:
        inspector = inspect(connection)
        return {check["name"] for table in METADATA.tables for check in inspector.get_check_constraints(table)}

    expected = MetaData()
    tables = [table.to_metadata(expected) for table in METADATA.sorted_tables]
    checks = {str(check.name) for table in tables for check in table.constraints if "ck_" in str(check.name)}
    assert await read(database, name) == checks
    assert len(checks) == 5


@pytest.mark.asyncio
async def test_slack_sdks_stores_work_on_what_the_migrations_made(database: Database) -> None:
    installations = AsyncSQLAlchemyInstallationStore("client", database.engine)
    bot = Bot(
        app_id="A",
        team_id="T",
        bot_token="xoxb",  # noqa: S106
        bot_id="B",
        bot_user_id="U",
        installed_at=1_700_000_000.0,
    )
    await installations.async_save_bot(bot)
    found = await installations.async_find_bot(enterprise_id=None, team_id="T")
    assert found is not None
    assert found.bot_token == "xoxb"  # noqa: S105
    states = AsyncSQLAlchemyOAuthStateStore(60, database.engine)
    state = await states.async_issue()
    assert await states.async_consume(state)
    assert not await states.async_consume(state)


@pytest.mark.asyncio
async def test_opening_again_changes_nothing_and_loses_nothing(place: Place) -> None:
    async with open_database(place.url) as database, database.begin() as connection:
        await set_fact(connection, "name", "value")
    async with open_database(place.url) as database, database.connect() as connection:
        assert await get_fact(connection, "name") == "value"


@pytest.mark.asyncio
async def test_tasks_that_open_an_empty_database_at_once_all_find_it_ready(place: Place) -> None:
    async def use(name: str) -> None:
        async with open_database(place.url) as database, database.begin() as connection:
            await set_fact(connection, name, name)

    await asyncio.gather(*(use(f"{n}") for n in range(4)))


@pytest.mark.asyncio
async def test_processes_that_open_an_empty_database_at_once_all_find_it_ready(place: Place) -> None:
    ended = run_together(place.url, "idle", "idle")
    assert [(process.code, process.err) for process in ended] == [(0, "")] * 2


@pytest.mark.asyncio
async def test_a_newer_database_is_refused_with_what_to_do(place: Place) -> None:
    async with open_database(place.url):
        pass
    place.change("UPDATE store_version SET version_num = '9999'")
    with pytest.raises(StoreNewerError, match=r"newer version .* 9999.* up to 0002\)\. Update the program"):
        async with open_database(place.url):
            pass


@pytest.mark.asyncio
async def test_tables_of_another_program_are_told_and_left_as_they_are(place: Place) -> None:
    async with open_database(place.url):
        pass
    for statement in ("DROP TABLE store_version", "DROP TABLE posts", "DROP TABLE slack_bots"):
        place.change(statement)
    with pytest.raises(StoreError, match="tables of another program; give the bot a database of its own"):
        async with open_database(place.url):
            pass
    place.change("CREATE TABLE posts (id int)")  # the refused start made none


@pytest.mark.asyncio
async def test_a_start_says_one_line_when_it_migrated_and_nothing_when_not(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for told in (1, 0):
        caplog.clear()
        async with open_database(place.url) as database:
            pass
        assert [record.getMessage() for record in caplog.records] == [
            f"Brought the database {database.place} to form 0002."
        ] * told


@pytest.mark.asyncio
async def test_what_was_kept_in_the_first_form_is_there_in_the_present_one(place: Place) -> None:
    address = parse_address(place.url)
    if address.path:
        make_file(address.path, 5)
    engine = build_engine(address)
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(_build_config(sync), "0001"))
    await engine.dispose()
    place.change(
        "INSERT INTO subscriptions (platform, tenant, channel, zone, minute, weekdays, state, why, set_by, created,"
        " next_due, next_date) VALUES ('discord', 'g', 'c', 'UTC', 540, 127, 'active', '', 's', 1, 2, '2023-11-14')"
    )
    place.change(
        "INSERT INTO posts (subscription_id, local_date, due, state, key, reason, updated)"
        " SELECT id, '2023-11-13', 1, 'sent', 'k', '', 1 FROM subscriptions"
    )
    async with open_database(place.url) as database, database.connect() as connection:
        (row,) = await list_subscriptions(connection, "discord")
        assert (row.channel, row.next_due, row.tell_at) == ("c", 2, None)
        assert [post.local_date for post in await last_posts(connection, row.id)] == ["2023-11-13"]


def test_every_migration_stands_alone() -> None:
    for path in Path("bot/store/migrations/versions").glob("v*.py"):
        assert "from bot" not in path.read_text(encoding="utf-8")
