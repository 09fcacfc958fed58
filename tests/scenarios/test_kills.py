"""Kills of real processes at random points of claiming, posting and confirming: nothing is lost, nothing comes twice.

KILLS (environment) is how many in all, over three platforms and two engines.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.daily.runner import AT_ONCE
from bot.store.database import Database
from bot.store.posts import last_posts
from bot.store.rows import PostRow, PostState
from bot.store.subscriptions import list_subscriptions, save_subscription
from bot.store.tables import POSTS
from tests.bot.store.samples import NEW
from tests.databases import Place
from tests.scenarios.post_service import PostService, Trap, serve
from tests.scenarios.watch import Nursery, Worker, watch
from tests.scenarios.worker import PLATFORM, Point, Task

pytestmark = pytest.mark.asyncio

KILLS = int(os.environ.get("KILLS", "40"))
SEATS = 2
LEASE = 2
REMEMBERED = 300
"""Seconds that the service with keys knows a key: "minutes", as Discord does."""

SOON_FORGOTTEN, PROMISED = 30, 6
"""Seconds that a service knows a key, and those that its poster relies on, so short that some posts outlast them."""

FED = 4
"""Posts that fall due at each kill."""

STALLED = 0.3
"""Seconds without the expected: its posts went to the other process, more fall due."""

ANY_INSTANT = "any instant"
FATES: tuple[Point | Trap | str, ...] = (*Point, *Trap, ANY_INSTANT, ANY_INSTANT, ANY_INSTANT)


@dataclass
class Scenario:
    """Two processes on one database, each killed and replaced again and again."""

    platform: str
    database: Database
    service: PostService
    nursery: Nursery
    task: Task
    chance: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    due: int = 0
    planned: int = 0

    async def feed(self) -> None:
        """Let more posts fall due, and wake whoever is there."""
        now = int(time.time())
        first, self.due = self.due, self.due + FED  # before the first wait: two seats feed at once
        async with self.database.begin() as connection:
            for number in range(first, first + FED):
                new = replace(NEW, platform=PLATFORM, channel=f"c{number}", zone="UTC", next_due=now)
                await save_subscription(connection, new, now)
        for worker in tuple(self.nursery.workers.values()):
            worker.wake()

    async def kill_one_after_another(self, kills: int) -> None:
        """Start a process, kill it where its fate wants it, and start the next at once."""
        while self.planned < kills:
            self.planned += 1
            fate = self.chance.choice(FATES)
            if isinstance(fate, Point):
                await self._kill_at(fate)
            elif isinstance(fate, Trap):
                await self._kill_during(fate)
            else:
                await self._kill_at_any_instant()
            self.kills[str(fate)] += 1
            await self.feed()

    async def _kill_at(self, point: Point) -> None:
        worker = await self.nursery.start(replace(self.task, point=point, visits=self.chance.randint(1, FED)))
        await self._wait_for(worker.here)
        await worker.kill()

    async def _kill_during(self, trap: Trap) -> None:
        worker = await self.nursery.start(self.task)
        held = self.service.hold(str(worker.id), trap)
        await self._wait_for(held.reached)
        if trap is Trap.SLOW:
            await asyncio.sleep(LEASE + 1)  # not a wait for anything: that nothing comes for so long is the point
        else:
            await worker.kill()
        held.over.set()
        await held.done.wait()
        if trap is Trap.SLOW:
            await worker.kill()

    async def _kill_at_any_instant(self) -> None:
        worker = await self.nursery.start(self.task)
        await asyncio.sleep(self.chance.uniform(0.0, 0.25))  # not a wait for anything: the instant is the point
        await worker.kill()

    async def _wait_for(self, event: asyncio.Event) -> None:
        while not event.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), STALLED)
                return
            await self.feed()

    async def finish(self) -> None:
        """Let processes that nobody kills do what is left."""
        workers = [await self.nursery.start(self.task) for _ in range(SEATS)]
        while await self._left():
            await wait_for_any(workers)
        for worker in workers:
            await worker.stop()

    async def _left(self) -> int:
        async with self.database.connect() as connection:
            open_posts = await connection.execute(
                select(POSTS.c.id).where(POSTS.c.state.in_([PostState.PLANNED, PostState.CLAIMED]))
            )
            rows = await list_subscriptions(connection, PLATFORM)
        return len(open_posts.all()) + sum(row.next_date == NEW.next_date for row in rows)

    async def posts(self) -> list[PostRow]:
        """Give the record: every post of every subscription."""
        async with self.database.connect() as connection:
            rows = await list_subscriptions(connection, PLATFORM)
            return [post for row in rows for post in await last_posts(connection, row.id)]


async def wait_for_any(workers: list[Worker]) -> None:
    """Wait until a worker has found nothing to do."""
    waiting = [asyncio.ensure_future(worker.idle.wait()) for worker in workers]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    for worker in workers:
        worker.idle.clear()


PLATFORMS = {
    "Discord-like": (REMEMBERED, REMEMBERED),
    "soon forgetful": (SOON_FORGOTTEN, PROMISED),
    "Slack-like": (0, 0),
}
"""For how long a service knows keys, and for how long its poster relies on it."""


@pytest_asyncio.fixture(params=PLATFORMS)
async def scenario(request: pytest.FixtureRequest, place: Place, database: Database) -> AsyncIterator[Scenario]:
    """Give a scenario with a platform of each kind."""
    seed = random.SystemRandom().randrange(10**6)
    remembers, promised = PLATFORMS[request.param]
    service = PostService(remembers)
    async with serve(service) as address, watch() as (nursery, port):
        task = Task(place.url, address, promised, LEASE, port)
        made = Scenario(request.param, database, service, nursery, task, random.Random(seed))  # noqa: S311 - chance, not secrecy
        yield made


async def test_whatever_process_is_killed_each_due_post_is_made_once_or_known_to_be_unknown(
    scenario: Scenario, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    start = time.monotonic()
    kills = -(-KILLS // (2 * len(PLATFORMS)))  # rounded up
    await scenario.feed()
    await asyncio.gather(*(scenario.kill_one_after_another(kills) for _ in range(SEATS)))
    await scenario.finish()
    posts = await scenario.posts()
    _tell(capsys, scenario, posts, place, time.monotonic() - start)

    assert scenario.kills.total() == kills
    # every due post is made or recorded as unknown, and none is recorded twice
    assert len(posts) == scenario.due
    assert len({post.subscription_id for post in posts}) == scenario.due
    states = Counter(post.state for post in posts)
    assert set(states) <= {PostState.SENT, PostState.UNKNOWN}
    # only what was under way when its process died, or got no answer, can be unknown; nothing where keys are known
    in_flight = AT_ONCE * kills if scenario.task.remembers < REMEMBERED else 0
    assert states[PostState.UNKNOWN] <= in_flight
    # no channel has two messages
    messages = {message.channel: message for message in scenario.service.messages}
    assert len(messages) == len(scenario.service.messages)
    # the record and the platform tell the same
    by_id = {message.id: message for message in scenario.service.messages}
    channels = await _channels(scenario)
    for post in posts:
        if post.state is PostState.SENT:
            assert by_id[post.message_id or ""].channel == channels[post.subscription_id]
    assert set(messages) <= {channels[post.subscription_id] for post in posts}
    # what was never asked for is never given up
    assert all(post.first_sent is not None for post in posts)


async def _channels(scenario: Scenario) -> dict[int, str]:
    async with scenario.database.connect() as connection:
        return {row.id: row.channel for row in await list_subscriptions(connection, PLATFORM)}


def _tell(
    capsys: pytest.CaptureFixture[str], scenario: Scenario, posts: list[PostRow], place: Place, seconds: float
) -> None:
    states = Counter[Any](post.state for post in posts)
    engine = "PostgreSQL" if place.is_postgres else "SQLite"
    with capsys.disabled():
        print(  # noqa: T201 - these counts are what the test is for
            f"\n{scenario.platform}, {engine}: {scenario.kills.total()} kills, {scenario.due} due, "
            f"{states[PostState.SENT]} sent, {states[PostState.UNKNOWN]} unknown, "
            f"{len(scenario.service.messages)} messages, {scenario.service.requests} requests, {seconds:.1f} s"
        )
        print("  " + ", ".join(f"{count}× {fate}" for fate, count in scenario.kills.most_common()))  # noqa: T201
