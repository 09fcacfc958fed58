from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.daily import runner as module
from bot.daily.outbox import Outbox
from bot.daily.poster import OutcomeUnknownError, Target
from bot.daily.runner import AT_ONCE, Runner, survive
from bot.errors import StoreBusyError
from bot.models import Hit
from bot.store.database import Database
from bot.store.rows import ClaimedRow, PostState
from tests.bot.daily.parts import DAY, DUE, Clock, Platform, build_outbox, choose, deliver, find, posts, running, save

pytestmark = pytest.mark.asyncio

PATIENCE = 10


class WaitablePlatform(Platform):
    """A platform that can be waited for."""

    def __init__(self, clock: Clock, **fields: Any) -> None:
        super().__init__(clock, **fields)
        self.made = asyncio.Condition()
        self.times: list[float] = []

    async def post(self, target: Target, hit: Hit, key: str) -> str:
        """Make a message and let those know who wait for it."""
        self.times.append(time.monotonic())
        try:
            return await super().post(target, hit, key)
        finally:
            async with self.made:
                self.made.notify_all()

    async def wait_for(self, count: int) -> None:
        """Wait until there are so many messages."""
        async with asyncio.timeout(PATIENCE), self.made:
            await self.made.wait_for(lambda: len(self.messages) >= count)


@dataclass(frozen=True)
class WatchedOutbox(Outbox):
    """An outbox that fails at first, as often as it is told, and says when there is nothing to claim."""

    faults: list[Exception] = field(default_factory=list)
    failed: asyncio.Event = field(default_factory=asyncio.Event)
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    async def claim(self) -> tuple[ClaimedRow, ...]:
        """Fail, or claim."""
        if self.faults:
            self.failed.set()
            raise self.faults.pop(0)
        claimed = await super().claim()
        if not claimed:
            self.idle.set()
        return claimed


def build_watched(database: Database, platform: Platform, *faults: Exception) -> WatchedOutbox:
    """Build an outbox that can be watched."""
    return WatchedOutbox(database, platform, choose, find, platform.clock, faults=list(faults))


@pytest.fixture
def platform() -> WaitablePlatform:
    """Give a platform whose clock stands at nine."""
    return WaitablePlatform(Clock())


async def save_channels(database: Database, number: int) -> list[str]:
    """Keep so many subscriptions that are due now, the last the longest; give their channels in the order they are."""
    channels = [f"c{n}" for n in range(number)]
    for n, channel in enumerate(channels):
        await save(database, channel=channel, next_due=DUE - number + n)
    return channels


async def test_what_is_due_when_it_starts_is_posted(database: Database, platform: WaitablePlatform) -> None:
    await save_channels(database, 3)
    async with running(Runner(build_outbox(database, platform), spread=0)):
        await platform.wait_for(3)


async def test_it_wakes_when_something_was_changed(database: Database, platform: WaitablePlatform) -> None:
    outbox = build_watched(database, platform)
    runner = Runner(outbox, spread=0)
    async with running(runner):
        await outbox.idle.wait()
        await save(database)
        runner.wake()
        await platform.wait_for(1)


async def test_a_wake_while_it_is_at_work_is_not_lost(database: Database, platform: WaitablePlatform) -> None:
    await save(database)
    outbox = build_watched(database, platform)
    runner = Runner(outbox, spread=0)
    platform.is_open.clear()
    async with running(runner):
        await platform.arrived.wait()
        outbox.idle.clear()
        runner.wake()
        platform.is_open.set()
        await outbox.idle.wait()  # after the post
        outbox.idle.clear()
        await outbox.idle.wait()  # after the wake


async def test_it_sleeps_to_the_next_due_post_and_no_longer(database: Database) -> None:
    now = int(time.time())
    platform = WaitablePlatform(RealClock())
    await save(database, next_due=now + 1)
    async with running(Runner(build_outbox(database, platform), spread=0)):
        await platform.wait_for(1)
    (post,) = await posts(database)
    assert 1 <= post.updated - now <= 2


class RealClock(Clock):
    """The time it is."""

    def __call__(self) -> float:
        return time.time()


async def test_told_to_stop_while_a_post_is_under_way_it_finishes_the_post(
    database: Database, platform: WaitablePlatform
) -> None:
    await save(database)
    platform.is_open.clear()
    runner = Runner(build_outbox(database, platform), spread=0)
    task = asyncio.create_task(runner.run())
    await platform.arrived.wait()
    runner.stop()
    assert not task.done()
    platform.is_open.set()
    async with asyncio.timeout(PATIENCE):
        await task
    (post,) = await posts(database)
    assert post.state is PostState.SENT


async def test_told_to_stop_it_claims_nothing_more(database: Database, platform: WaitablePlatform) -> None:
    await save(database)
    runner = Runner(build_outbox(database, platform), spread=0)
    runner.stop()
    async with asyncio.timeout(PATIENCE):
        await runner.run()
    assert await runner.deliver_due() == 0
    assert platform.asked == 0


async def test_an_error_of_one_post_stops_no_other(
    database: Database, platform: WaitablePlatform, caplog: pytest.LogCaptureFixture
) -> None:
    await save_channels(database, 5)
    platform.faults = [ZeroDivisionError("a fault of the adapter")]
    async with running(Runner(build_outbox(database, platform), spread=0)):
        await platform.wait_for(4)
    assert [post.state for n in range(5) for post in await posts(database, f"c{n}")].count(PostState.SENT) == 4
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage().startswith("the daily post of subscription ")


@pytest.mark.parametrize("fault", [StoreBusyError("The database is locked."), KeyError("a fault of this program")])
async def test_after_an_error_of_the_store_it_goes_on(
    database: Database, platform: WaitablePlatform, caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    await save(database)
    outbox = build_watched(database, platform, fault)
    runner = Runner(outbox, spread=0)
    async with running(runner):
        await outbox.failed.wait()
        runner.wake()  # or after some seconds
        await platform.wait_for(1)
    (record,) = caplog.records
    assert record.getMessage().startswith("daily posts of discord, again in 5 s")


async def test_it_waits_longer_after_every_error_of_the_store_in_a_row(
    database: Database,
    platform: WaitablePlatform,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await save(database)
    monkeypatch.setattr(module, "AFTER_FAULT", 0.001)
    monkeypatch.setattr(module, "LONGEST_SLEEP", 0.004)
    outbox = build_watched(database, platform, *(StoreBusyError("locked") for _ in range(4)))
    waits: list[float] = []
    with caplog.at_level(logging.WARNING):
        async with running(Runner(outbox, spread=0)):
            await platform.wait_for(1)
    for record in caplog.records:
        assert isinstance(record.args, tuple)
        waits.append(float(str(record.args[1])))
    assert waits == [0.001, 0.002, 0.004, 0.004]


async def test_posts_are_made_in_the_order_they_fell_due(database: Database, platform: WaitablePlatform) -> None:
    channels = await save_channels(database, AT_ONCE)
    await deliver(build_outbox(database, platform))
    asked = [message.channel for message in platform.messages]
    assert sorted(asked) == sorted(channels)
    platform.clock.now = DUE + DAY
    runner = Runner(build_outbox(database, platform), spread=0.05)
    await runner.deliver_due()
    assert [message.channel for message in platform.messages[AT_ONCE:]] == channels


async def test_the_posts_of_one_minute_are_spread(database: Database, platform: WaitablePlatform) -> None:
    await save_channels(database, 5)
    await Runner(build_outbox(database, platform), spread=0.1).deliver_due()
    assert platform.times[-1] - platform.times[0] >= 0.25


async def test_no_more_than_some_posts_are_under_way_together(database: Database, platform: WaitablePlatform) -> None:
    await save_channels(database, 3 * AT_ONCE)
    platform.is_open.clear()
    async with running(Runner(build_outbox(database, platform), spread=0)):
        while platform.asked < AT_ONCE:
            platform.arrived.clear()
            await platform.arrived.wait()
        platform.is_open.set()
        await platform.wait_for(3 * AT_ONCE)


async def test_a_post_with_an_outcome_to_be_found_out_wakes_the_runner_again(database: Database) -> None:
    platform = WaitablePlatform(Clock(), remembers_keys_for=60, faults=[OutcomeUnknownError("No answer.")])
    await save(database)
    runner = Runner(build_outbox(database, platform), spread=0)
    async with running(runner):
        await platform.arrived.wait()
        platform.clock.now = DUE + 30
        runner.wake()
        await platform.wait_for(1)


async def test_what_fails_is_survived_and_what_ends_the_process_is_not(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise RuntimeError("no")

    async def end() -> None:
        raise asyncio.CancelledError

    await survive(fail, "this")
    assert caplog.messages == ["the daily post of this failed"]
    with pytest.raises(asyncio.CancelledError):
        await survive(end, "this")
