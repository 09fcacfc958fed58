from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database, open_database
from bot.store.events import KEPT, claim_event, forget_events
from tests.bot.store.conftest import Place
from tests.bot.store.samples import NOW

pytestmark = pytest.mark.asyncio


async def test_an_event_is_new_only_once(connection: AsyncConnection) -> None:
    assert await claim_event(connection, "slack:T1:Ev1", NOW)
    assert not await claim_event(connection, "slack:T1:Ev1", NOW + 1)
    assert await claim_event(connection, "slack:T1:Ev2", NOW)


async def test_an_event_is_forgotten_after_a_day_and_not_before(connection: AsyncConnection) -> None:
    await claim_event(connection, "old", NOW)
    await claim_event(connection, "young", NOW + 1)
    assert await forget_events(connection, NOW + KEPT) == 0
    assert await forget_events(connection, NOW + KEPT + 1) == 1
    assert await claim_event(connection, "old", NOW)
    assert not await claim_event(connection, "young", NOW)


async def test_an_event_that_was_not_tidied_away_yet_is_new_again_after_a_day(connection: AsyncConnection) -> None:
    await claim_event(connection, "old", NOW)
    assert not await claim_event(connection, "old", NOW + KEPT)
    assert await claim_event(connection, "old", NOW + KEPT + 1)
    assert not await claim_event(connection, "old", NOW + KEPT + 2)


async def test_an_event_delivered_many_times_at_once_is_new_to_one(place: Place) -> None:
    async def deliver(database: Database) -> bool:
        async with database.begin() as connection:
            return await claim_event(connection, "slack:T1:Ev1", NOW)

    async with open_database(place.url) as one, open_database(place.url) as two:
        assert sum(await asyncio.gather(*(deliver(database) for database in [one, two] * 10))) == 1
