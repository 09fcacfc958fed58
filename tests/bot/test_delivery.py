from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.daily.benchmark import CountingPoster
from bot.delivery import Place, Request, build_runner, measure_load, next_dues, open_daily, open_database
from bot.errors import PoolError, ScheduleError, StoreAddressError
from bot.service import QuoteService, build_service
from tests.bot.daily.parts import DAY, DUE, HOUR, POOL, Clock, Platform
from tests.databases import Place as DatabasePlace
from tests.paths import EPISODES

ROOM = Place("discord", "guild", "general")


@pytest.fixture(scope="module")
def quotes() -> QuoteService:
    """Give the shipped quotes."""
    return build_service(EPISODES, "Ilya Sutskever")


@pytest.mark.asyncio
async def test_from_the_shipped_episodes_what_is_previewed_is_posted(
    place: DatabasePlace, quotes: QuoteService
) -> None:
    clock = Clock(DUE - HOUR)
    platform = Platform(clock)
    async with open_daily(place.url, quotes) as opened:
        daily = replace(opened, clock=clock)
        row = await daily.subscribe(ROOM, Request("9:00", "UTC", topic="scaling laws"), "somebody")
        coming = await daily.preview(row, 3)
        runner = build_runner(daily, platform, spread=0)
        for day in range(3):
            clock.now = DUE + day * DAY
            assert await runner.deliver_due() == 1
    async with open_daily(place.url, quotes) as again:  # all of it was kept
        posts = await again.posts(row)
    assert [message.passage for message in platform.messages] == [each.hit.passage.id for each in coming]
    assert [post.passage for post in reversed(posts)] == [each.hit.passage.id for each in coming]


@pytest.mark.asyncio
async def test_a_change_wakes_every_runner_that_is_there(place: DatabasePlace, quotes: QuoteService) -> None:
    async with open_daily(place.url, quotes) as daily:
        runner, other = (build_runner(daily, Platform(Clock()), lease=10) for _ in range(2))
        assert (runner.outbox.lease, runner.outbox.patience) == (10, 5)
        await daily.subscribe(ROOM, Request("9:00", "UTC"), "somebody")
        assert all(each._changed.is_set() for each in (runner, other))


@pytest.mark.asyncio
async def test_a_topic_nobody_speaks_of_is_refused(place: DatabasePlace, quotes: QuoteService) -> None:
    async with open_daily(place.url, quotes) as daily:
        with pytest.raises(PoolError, match="Choose another topic"):
            await daily.subscribe(ROOM, Request("9:00", "UTC", topic="zebra xylophone"), "somebody")
        assert await daily.find(ROOM) is None


@pytest.mark.asyncio
async def test_a_database_that_cannot_be_opened_is_told(quotes: QuoteService) -> None:
    with pytest.raises(StoreAddressError):
        async with open_daily("mysql://host/name", quotes):
            pass


@pytest.mark.asyncio
async def test_a_delivery_has_the_time_of_the_machine(place: DatabasePlace, quotes: QuoteService) -> None:
    async with open_daily(place.url, quotes) as daily:
        assert abs(daily.clock() - time.time()) < 5


def test_the_next_times_of_a_request_are_told() -> None:
    dues = next_dues(Request("9:00", "Europe/Berlin", "sat sun"), 3, lambda: DUE)
    assert [due.local_date.isoformat() for due in dues] == ["2027-01-16", "2027-01-17", "2027-01-23"]
    assert dues[0].instant == datetime(2027, 1, 16, 8, tzinfo=UTC)
    with pytest.raises(ScheduleError):
        next_dues(Request("9:00", "PST"), 3, lambda: DUE)


@pytest.mark.asyncio
async def test_all_channels_that_are_due_in_one_minute_are_posted_to_once(tmp_path: Path) -> None:
    async with open_database(f"sqlite:///{tmp_path}/bench.db") as database:
        load = await measure_load(database, POOL, 130)
    assert (load.subscriptions, load.posted, load.twice) == (130, 130, 0)
    assert load.memory_late >= load.memory_early > 0
    assert CountingPoster().remembers_keys_for == 0
