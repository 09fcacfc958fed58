from __future__ import annotations

import asyncio

import pytest

from bot.memory import Memory
from bot.store.database import Database
from bot.store.events import KEPT
from bot.store.feedback import count_votes
from tests.bot.daily.parts import Clock

pytestmark = pytest.mark.asyncio


async def test_an_event_is_new_once_whoever_asks(database: Database) -> None:
    asked = await asyncio.gather(*(Memory(database).is_new("slack:Ev1") for _ in range(5)))
    assert sorted(asked) == [False] * 4 + [True]


async def test_an_event_that_was_seen_under_another_of_its_names_is_not_new(database: Database) -> None:
    memory = Memory(database)
    assert await memory.is_new("slack:Ev1", "slack:T1:C1:17.5")
    assert not await memory.is_new("slack:Ev2", "slack:T1:C1:17.5")
    assert await memory.is_new("slack:Ev3", "slack:T1:C1:18.5")


async def test_an_event_is_forgotten_after_a_day(database: Database) -> None:
    clock = Clock()
    memory = Memory(database, clock)
    assert await memory.is_new("discord:message:1")
    clock.now += KEPT + 1
    assert await memory.is_new("discord:message:1")


async def test_an_event_whose_work_was_not_done_can_be_claimed_again(database: Database) -> None:
    memory = Memory(database)
    assert await memory.is_new("slack:share:1")
    assert await memory.is_new("slack:share:2")
    await memory.forget("slack:share:1")
    assert [await memory.is_new(f"slack:share:{number}") for number in (1, 2)] == [True, False]


async def test_the_last_vote_of_somebody_is_the_one_that_counts(database: Database) -> None:
    memory = Memory(database)
    for likes in (True, False):
        await memory.vote("discord", "7", "show-1:aaaaaa", likes=likes)
    await memory.vote("slack", "7", "show-1:aaaaaa", likes=True)
    async with database.connect() as connection:
        votes = (await count_votes(connection))["show-1:aaaaaa"]
    assert (votes.up, votes.down) == (1, 1)


async def test_a_fact_is_what_was_noted_last(database: Database) -> None:
    memory = Memory(database)
    assert await memory.recall("commands") is None
    await memory.note("commands", "one")
    await memory.note("commands", "two")
    assert await memory.recall("commands") == "two"
