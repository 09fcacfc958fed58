from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.daily import runner as module
from bot.daily.outbox import AGAIN, Outbox
from bot.daily.poster import OutcomeUnknownError, Target
from bot.daily.runner import AT_ONCE, Runner, survive
from bot.errors import StoreBusyError, StoreDamagedError, StoreLostError, StoreReadOnlyError, StoreWipedError
from bot.models import Hit
from bot.store.database import Database
from bot.store.events import claim_event
from bot.store.rows import ClaimedRow, PostState
from tests.bot.daily.parts import DUE, HOUR, Clock, Platform, build_outbox, choose, deliver, find, posts, running, save

pytestmark = pytest.mark.asyncio

PATIENCE = 10


class WaitablePlatform(Platform):
    """A platform that can be waited for."""

    def __init__(self, clock: Clock, **fields: Any) -> None:
        super().__init__(clock, **fields)
        self.made = asyncio.Condition()
        self.under_way = self.most = 0
        self.silent = ""
        self.hang_up = asyncio.Event()

    async def post(self, target: Target, hit: Hit, key: str) -> str:
        """Make a message and let those know who wait for it."""
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            if target.channel == self.silent:
                await self.hang_up.wait()
            return await super().post(target, hit, key)
        finally:
            self.under_way -= 1
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

    async def claim(self, limit: int) -> tuple[ClaimedRow, ...]:
        """Fail, or claim."""
        if self.faults:
            self.failed.set()
            raise self.faults.pop(0)
        claimed = await super().claim(limit)
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


@pytest.mark.parametrize(("due", "seconds"), [(9, 9), (0, 0), (-9, 0), (999, module.LONGEST_SLEEP)])
async def test_it_sleeps_to_the_next_due_post_and_no_longer(
    database: Database, platform: WaitablePlatform, due: int, seconds: float
) -> None:
    runner = Runner(build_outbox(database, platform), spread=0)
    assert await runner._seconds_to_next() == module.LONGEST_SLEEP
    await save(database, next_due=DUE + due)
    assert await runner._seconds_to_next() == seconds


async def test_it_wakes_by_itself_when_a_post_falls_due(database: Database) -> None:
    now = int(time.time())
    platform = WaitablePlatform(RealClock())
    await save(database, next_due=now + 1)
    async with running(Runner(build_outbox(database, platform), spread=0)):
        await platform.wait_for(1)
    (post,) = await posts(database)
    assert post.updated > now


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


async def test_posts_are_made_in_the_order_they_fell_due(
    database: Database, platform: WaitablePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 1)
    channels = await save_channels(database, 5)
    await Runner(build_outbox(database, platform), spread=0).deliver_due()
    assert [message.channel for message in platform.messages] == channels


@pytest.mark.parametrize(
    ("due", "spread", "gap"), [(1, 0.5, 0.5), (4, 0.5, 0.25), (20, 0.5, 0.1), (20, 0.05, 0.05), (9, 0, 0)]
)
async def test_the_more_posts_are_due_the_closer_they_come_to_each_other(
    database: Database,
    platform: WaitablePlatform,
    monkeypatch: pytest.MonkeyPatch,
    due: int,
    spread: float,
    gap: float,
) -> None:
    monkeypatch.setattr(module, "WINDOW", 1.0)
    monkeypatch.setattr(module, "FASTEST", 0.1)
    await save_channels(database, due)
    assert await Runner(build_outbox(database, platform), spread=spread)._choose_gap() == gap


async def test_each_post_begins_a_gap_after_the_one_before(database: Database, platform: WaitablePlatform) -> None:
    runner = Runner(build_outbox(database, platform))
    waits = [runner._take_turn(100) for _ in range(4)]
    assert [round(wait / 100) for wait in waits] == [0, 1, 2, 3]


async def test_posts_with_a_gap_between_them_are_all_made(database: Database, platform: WaitablePlatform) -> None:
    await save_channels(database, 5)
    await Runner(build_outbox(database, platform), spread=0.01).deliver_due()
    assert len(platform.messages) == 5


async def test_no_more_than_some_posts_are_under_way_together(database: Database, platform: WaitablePlatform) -> None:
    await save_channels(database, 3 * AT_ONCE)
    platform.is_open.clear()
    runner = Runner(build_outbox(database, platform), spread=0)
    async with running(runner):
        while platform.asked < AT_ONCE:
            platform.arrived.clear()
            await platform.arrived.wait()
        assert await runner._begin_due() == 0
        assert platform.asked == AT_ONCE
        platform.is_open.set()
        await platform.wait_for(3 * AT_ONCE)
        assert platform.most <= AT_ONCE


async def test_a_post_that_gets_no_answer_holds_up_no_other(database: Database, platform: WaitablePlatform) -> None:
    await save_channels(database, 3 * AT_ONCE)
    platform.silent = "c3"
    runner = Runner(build_outbox(database, platform), spread=0)
    async with running(runner):
        await platform.wait_for(3 * AT_ONCE - 1)
        await save(database, channel="later")
        runner.wake()
        await platform.wait_for(3 * AT_ONCE)
        platform.hang_up.set()


async def test_told_to_stop_it_gives_back_what_is_claimed_and_not_begun(
    database: Database, platform: WaitablePlatform
) -> None:
    await save_channels(database, AT_ONCE)
    platform.is_open.clear()
    runner = Runner(build_outbox(database, platform), spread=PATIENCE)
    task = asyncio.create_task(runner.run())
    await platform.arrived.wait()
    runner.stop()
    platform.is_open.set()
    async with asyncio.timeout(PATIENCE / 2):
        await task
    (first, *others) = [post for n in range(AT_ONCE) for post in await posts(database, f"c{n}")]
    assert first.state is PostState.SENT
    assert {(post.state, post.lease_until, post.first_sent) for post in others} == {(PostState.PLANNED, DUE, None)}
    await deliver(build_outbox(database, platform))
    assert len(platform.messages) == AT_ONCE


async def test_cancelled_it_leaves_nothing_behind_that_goes_on(database: Database, platform: WaitablePlatform) -> None:
    await save(database)
    platform.is_open.clear()
    task = asyncio.create_task(Runner(build_outbox(database, platform), spread=0).run())
    await platform.arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize("lost", [StoreWipedError, StoreDamagedError, StoreReadOnlyError])
async def test_a_database_that_is_lost_ends_it(
    database: Database, platform: WaitablePlatform, lost: type[StoreLostError]
) -> None:
    with pytest.raises(lost, match="gone"):
        await Runner(build_watched(database, platform, lost("gone")), spread=0).run()


async def test_it_tidies_when_it_begins_and_then_every_hour(database: Database, platform: WaitablePlatform) -> None:
    async def is_forgotten() -> bool:
        async with database.begin() as connection:
            return await claim_event(connection, "event", 0)

    assert await is_forgotten()
    outbox = build_watched(database, platform)
    runner = Runner(outbox, spread=0)
    async with running(runner):
        for later, tidied in ((0, True), (HOUR - 1, False), (HOUR, True)):
            platform.clock.now = DUE + later
            runner.wake()
            outbox.idle.clear()
            await outbox.idle.wait()
            assert await is_forgotten() is tidied


async def test_it_looks_again_when_a_post_of_unknown_outcome_is_to_be_made_again(database: Database) -> None:
    clock = Clock()
    platform = WaitablePlatform(clock, remembers_keys_for=60, faults=[OutcomeUnknownError("No answer.")])
    await save(database)
    runner = Runner(build_outbox(database, platform), spread=0)
    await runner.deliver_due()
    assert await runner._seconds_to_next() == AGAIN
    clock.now = DUE + AGAIN - 0.5
    assert await runner._seconds_to_next() == 0.5


async def test_what_fails_is_survived_and_what_ends_the_process_is_not(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise RuntimeError("no")

    async def end() -> None:
        raise asyncio.CancelledError

    await survive(fail(), "this")
    assert caplog.messages == ["this failed"]
    with pytest.raises(asyncio.CancelledError):
        await survive(end(), "this")
