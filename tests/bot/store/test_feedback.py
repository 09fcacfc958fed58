from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database, open_database
from bot.store.facts import get_fact, get_or_make_fact, set_fact
from bot.store.feedback import SALT, count_votes, forget_voter, vote
from bot.store.rows import Votes
from bot.store.tables import FEEDBACK
from tests.bot.store.conftest import Place
from tests.bot.store.samples import NOW

pytestmark = pytest.mark.asyncio


async def test_votes_are_counted_by_passage(connection: AsyncConnection) -> None:
    for voter, passage, likes in (("a", "p", True), ("b", "p", True), ("c", "p", False), ("a", "q", False)):
        await vote(connection, "discord", voter, passage, likes=likes, now=NOW)
    assert await count_votes(connection) == {"p": Votes(2, 1), "q": Votes(0, 1)}
    assert await count_votes(connection, "q") == {"q": Votes(0, 1)}
    assert await count_votes(connection, "none") == {}


async def test_a_second_vote_takes_the_place_of_the_first(connection: AsyncConnection) -> None:
    for likes in (True, False):
        await vote(connection, "discord", "a", "p", likes=likes, now=NOW)
    assert await count_votes(connection) == {"p": Votes(0, 1)}


async def test_the_same_name_on_two_platforms_is_two_people(connection: AsyncConnection) -> None:
    for platform in ("discord", "slack"):
        await vote(connection, platform, "a", "p", likes=True, now=NOW)
    assert await count_votes(connection) == {"p": Votes(2, 0)}


async def test_all_votes_of_somebody_can_be_forgotten(connection: AsyncConnection) -> None:
    for voter in ("a", "b"):
        for passage in ("p", "q"):
            await vote(connection, "discord", voter, passage, likes=True, now=NOW)
    assert await forget_voter(connection, "discord", "a") == 2
    assert await count_votes(connection) == {"p": Votes(1, 0), "q": Votes(1, 0)}


async def test_who_voted_is_not_kept_and_differs_between_databases(connection: AsyncConnection) -> None:
    pseudonyms = []
    for salt in ("00" * 32, "01" * 32):
        await set_fact(connection, SALT, salt)
        await vote(connection, "discord", "123456789", "p", likes=True, now=NOW)
        pseudonyms = list(await connection.scalars(select(FEEDBACK.c.voter)))
    assert len(set(pseudonyms)) == 2
    assert all(len(pseudonym) == 64 and "123456789" not in pseudonym for pseudonym in pseudonyms)


async def test_a_fact_is_kept_in_place_of_the_one_before(connection: AsyncConnection) -> None:
    assert await get_fact(connection, "commands") is None
    for value in ("one", "two"):
        await set_fact(connection, "commands", value)
        assert await get_fact(connection, "commands") == value
    assert await get_or_make_fact(connection, "commands", lambda: "three") == "two"


async def test_those_who_make_a_fact_at_once_get_the_same(place: Place) -> None:
    async def make(database: Database, value: str) -> str:
        async with database.begin() as connection:
            return await get_or_make_fact(connection, "salt", lambda: value)

    async with open_database(place.url) as one, open_database(place.url) as two:
        made = await asyncio.gather(*(make(database, f"{n}") for n, database in enumerate([one, two] * 4)))
    assert len(set(made)) == 1
