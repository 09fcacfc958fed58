from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import chain

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import ScheduleError
from bot.store.claims import claim_due, count_due, next_wake, take_over_expired
from bot.store.database import Database, open_database
from bot.store.posts import mark, note_sending, post_key, release
from bot.store.rows import ClaimedRow, PostState, SubscriptionRow, SubscriptionState
from bot.store.subscriptions import find_subscription, save_subscription, set_state
from tests.bot.store.conftest import Place
from tests.bot.store.processes import run_together
from tests.bot.store.samples import DAY, NEW, NOW, advance, save_many

pytestmark = pytest.mark.asyncio


async def claim(connection: AsyncConnection, limit: int = 9) -> tuple[ClaimedRow, ...]:
    """Claim what is due on Discord."""
    return await claim_due(connection, "discord", NOW, limit=limit, lease=60, advance=advance)


async def take_over(connection: AsyncConnection, limit: int = 9) -> tuple[ClaimedRow, ...]:
    """Take over what is claimed by `claim`, when its lease has just run out."""
    return await take_over_expired(connection, "discord", NOW + 60, limit=limit, lease=60)


async def test_a_due_post_is_claimed_and_its_subscription_goes_on(connection: AsyncConnection) -> None:
    saved = await save_subscription(connection, NEW, NOW)
    (row,) = await claim(connection)
    assert row.subscription == saved
    assert (row.post.local_date, row.post.due, row.post.state) == (NEW.next_date, NOW, PostState.CLAIMED)
    assert (row.post.key, row.post.lease_until) == (post_key(saved, NEW.next_date), NOW + 60)
    assert (row.post.attempts, row.post.passage, row.post.first_sent) == (1, None, None)
    kept = await find_subscription(connection, "discord", "guild", "general")
    assert kept == replace(saved, next_due=NOW + DAY, next_date=f"{NEW.next_date}+")
    assert await claim(connection) == ()


async def test_only_what_is_due_active_and_of_the_platform_is_claimed(connection: AsyncConnection) -> None:
    await save_subscription(connection, replace(NEW, next_due=NOW + 1), NOW)
    await save_subscription(connection, replace(NEW, platform="slack"), NOW)
    paused = await save_subscription(connection, replace(NEW, channel="paused"), NOW)
    await set_state(connection, paused.id, SubscriptionState.PAUSED, "asked to")
    assert await claim(connection) == ()


async def test_the_longest_due_are_claimed_first_as_many_as_asked_for(connection: AsyncConnection) -> None:
    for channel, due in (("late", NOW), ("early", NOW - 9), ("middle", NOW - 5)):
        await save_subscription(connection, replace(NEW, channel=channel, next_due=due), NOW)
    assert [row.subscription.channel for row in await claim(connection, limit=2)] == ["early", "middle"]
    assert [row.subscription.channel for row in await claim(connection, limit=2)] == ["late"]


async def test_one_whose_next_time_cannot_be_told_fails_alone_and_after_this_post(connection: AsyncConnection) -> None:
    def stumble(row: SubscriptionRow) -> tuple[int, str]:
        if row.channel == "c1":
            raise ScheduleError("There is no such zone.")
        return (row.next_due, row.next_date) if row.channel == "c2" else advance(row)

    await save_many(connection, 3)
    rows = await claim_due(connection, "discord", NOW, limit=9, lease=60, advance=stumble)
    assert [row.subscription.channel for row in rows] == ["c0", "c1", "c2"]
    kept = [await find_subscription(connection, "discord", "guild", f"c{n}") for n in range(3)]
    assert [row.state.value for row in kept if row] == ["active", "failed", "failed"]
    assert [row.why for row in kept if row][1] == "There is no such zone."


async def test_one_that_cannot_even_be_read_fails_alone_too(
    connection: AsyncConnection, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(row: SubscriptionRow) -> tuple[int, str]:
        return advance(row) if row.channel == "c0" else (int(row.channel), "")

    await save_many(connection, 2)
    await claim_due(connection, "discord", NOW, limit=9, lease=60, advance=stumble)
    kept = [await find_subscription(connection, "discord", "guild", f"c{n}") for n in range(2)]
    assert [(row.state, row.tell_at) for row in kept if row] == [
        (SubscriptionState.ACTIVE, None),
        (SubscriptionState.FAILED, NOW),
    ]
    (record,) = caplog.records
    assert record.exc_info


@pytest.mark.parametrize("state", [PostState.SKIPPED, PostState.FAILED])
@pytest.mark.parametrize("is_made", [True, False])
async def test_a_date_whose_post_was_surely_not_made_can_be_claimed_again(
    connection: AsyncConnection, state: PostState, is_made: bool
) -> None:
    saved = await save_subscription(connection, NEW, NOW)
    (first,) = await claim(connection)
    if is_made:
        await note_sending(connection, first.post, "p", NOW, 60)
        await release(connection, first.post, NOW, NOW, "no answer", was_sent=True)
        (first,) = await take_over_expired(connection, "discord", NOW, limit=9, lease=60)
    await mark(connection, first.post, state, NOW, reason="no")
    await save_subscription(connection, replace(NEW, next_due=NOW - 5), NOW)
    again = await claim(connection)
    assert len(again) == (not is_made)
    if again:
        assert again[0].post == replace(first.post, due=NOW - 5, attempts=2)
        assert again[0].subscription.id == saved.id


async def test_those_that_are_due_are_counted_up_to_a_limit(connection: AsyncConnection) -> None:
    await save_many(connection, 3)
    await save_subscription(connection, replace(NEW, channel="later", next_due=NOW + 1), NOW)
    await save_subscription(connection, replace(NEW, channel="slack", platform="slack"), NOW)
    assert [await count_due(connection, "discord", NOW, limit=limit) for limit in (2, 9)] == [2, 3]


async def test_a_claim_that_is_undone_leaves_the_post_due(database: Database) -> None:
    async with database.begin() as connection:
        await save_subscription(connection, NEW, NOW)

    async def crash() -> None:
        async with database.begin() as connection:
            assert await claim(connection)
            raise KeyError("crash")

    with pytest.raises(KeyError, match="crash"):
        await crash()
    async with database.begin() as connection:
        assert len(await claim(connection)) == 1


async def test_only_expired_leases_of_open_posts_are_taken_over(connection: AsyncConnection) -> None:
    await save_many(connection, 3)
    fresh, sent, given_back = await claim(connection)
    await mark(connection, sent.post, PostState.SENT, NOW)
    await release(connection, given_back.post, NOW + 90, NOW, "rate limit", was_sent=True)
    assert await take_over_expired(connection, "discord", NOW + 59, limit=9, lease=60) == ()
    (row,) = await take_over(connection)
    assert row.post == replace(fresh.post, attempts=2, lease_until=NOW + 120, updated=NOW + 60)
    assert row.subscription.id == fresh.subscription.id
    assert await take_over(connection) == ()
    assert await take_over_expired(connection, "slack", NOW + DAY, limit=9, lease=60) == ()


async def test_the_next_wake_is_the_first_due_time_or_lease(connection: AsyncConnection) -> None:
    assert await next_wake(connection, "discord") is None
    await save_subscription(connection, NEW, NOW)
    assert await next_wake(connection, "discord") == NOW
    (row,) = await claim(connection)
    assert await next_wake(connection, "discord") == NOW + 60
    await mark(connection, row.post, PostState.SENT, NOW)
    assert await next_wake(connection, "discord") == NOW + DAY
    await set_state(connection, row.subscription.id, SubscriptionState.PAUSED)
    assert await next_wake(connection, "discord") is None
    await set_state(connection, row.subscription.id, SubscriptionState.FAILED, "gone", tell_at=NOW + 7)
    assert await next_wake(connection, "discord") == NOW + 7


async def drain(
    database: Database, take: Callable[[AsyncConnection, int], Awaitable[tuple[ClaimedRow, ...]]]
) -> list[int]:
    """Claim, a few in each transaction, until there is nothing left."""
    got: list[int] = []
    while True:
        async with database.begin() as connection:
            rows = await take(connection, 2)
        if not rows:
            return got
        got += [row.subscription.id for row in rows]


async def test_tasks_that_claim_at_once_share_no_post(place: Place) -> None:
    async with open_database(place.url) as one, open_database(place.url) as two:
        async with one.begin() as connection:
            ids = await save_many(connection, 40)
        for take in (claim, take_over):
            lists = await asyncio.gather(*(drain(database, take) for database in (one, two, one, two)))
            assert sorted(chain.from_iterable(lists)) == ids


async def test_a_claim_leaves_alone_what_another_holds_and_has_not_kept_yet(place: Place) -> None:
    async def claim_in(database: Database) -> tuple[ClaimedRow, ...]:
        async with database.begin() as connection:
            return await claim(connection, limit=2)

    async with open_database(place.url) as one, open_database(place.url) as two:
        async with one.begin() as connection:
            ids = await save_many(connection, 4)
        async with one.begin() as connection:
            held = await claim(connection, limit=2)
            other = asyncio.create_task(claim_in(two))
            if place.is_postgres:
                await other  # PostgreSQL steps over locked rows; SQLite waits for the writer before it
        assert [row.subscription.id for row in (*held, *await other)] == ids


@pytest.mark.parametrize("task", ["claim", "take_over"])
async def test_processes_that_claim_at_once_share_no_post(place: Place, task: str) -> None:
    async with open_database(place.url) as database, database.begin() as connection:
        ids = await save_many(connection, 60)
        if task == "take_over":
            await claim(connection, limit=60)
    ended = run_together(place.url, task, task)
    assert [(process.code, process.err) for process in ended] == [(0, ""), (0, "")]
    assert sorted(int(line) for process in ended for line in process.out) == ids
