from __future__ import annotations

import time

import pytest
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from sqlalchemy import column, select, table

from bot.store.claims import claim_due
from bot.store.database import Database
from bot.store.events import KEPT as EVENTS_KEPT
from bot.store.events import claim_event
from bot.store.posts import last_posts, mark
from bot.store.rows import PostState
from bot.store.tidy import KEPT, tidy
from tests.bot.store.samples import NOW, advance, save_many

pytestmark = pytest.mark.asyncio


async def test_what_is_old_goes_and_what_is_young_stays(database: Database) -> None:
    async with database.begin() as connection:
        await claim_event(connection, "event", NOW)
        await tidy(connection, NOW + EVENTS_KEPT)
        assert not await claim_event(connection, "event", NOW)
        await tidy(connection, NOW + EVENTS_KEPT + 1)
        assert await claim_event(connection, "event", NOW)


async def test_skipped_days_go_in_the_end_and_others_never(database: Database) -> None:
    async with database.begin() as connection:
        ids = await save_many(connection, 2)
        for row, state in zip(
            await claim_due(connection, "discord", NOW, limit=9, lease=60, advance=advance),
            (PostState.SKIPPED, PostState.SENT),
            strict=True,
        ):
            await mark(connection, row.post, state, NOW)
        await tidy(connection, NOW + KEPT)
        assert [len(await last_posts(connection, id_)) for id_ in ids] == [1, 1]
        await tidy(connection, NOW + KEPT + 1)
        assert [len(await last_posts(connection, id_)) for id_ in ids] == [0, 1]


async def test_an_installation_that_nobody_finished_is_forgotten_when_it_can_not_be_any_more(
    database: Database,
) -> None:
    states = AsyncSQLAlchemyOAuthStateStore(60, database.engine)
    issued = await states.async_issue()
    now = int(time.time())
    for later, kept in ((0, [issued]), (62, [])):
        async with database.begin() as connection:
            await tidy(connection, now + later)
            left = await connection.scalars(select(column("state")).select_from(table("slack_oauth_states")))
            assert left.all() == kept
