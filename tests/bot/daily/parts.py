"""The parts of a delivery: a platform that does as it is told, a clock that is set, quotes made by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.daily.outbox import Outbox
from bot.daily.picker import Pool, pick
from bot.daily.poster import PostError, Target
from bot.daily.runner import Runner
from bot.models import Hit
from bot.store.database import Database
from bot.store.posts import last_posts
from bot.store.rows import NewSubscription, PostRow, SubscriptionRow
from bot.store.subscriptions import find_subscription, save_subscription
from tests.bot.search.corpus import EPISODE, OLDER, said

HOUR = 3600
DAY = 24 * HOUR
KEYED = 120
"""Seconds that a platform with keys knows them."""

DUE = int(datetime(2027, 1, 15, 9, tzinfo=UTC).timestamp())
"""A Friday at nine."""

NEW = NewSubscription(
    platform="discord",
    tenant="guild",
    channel="general",
    zone="UTC",
    minute=9 * 60,
    weekdays=0b1111111,
    set_by="somebody",
    next_due=DUE,
    next_date="2027-01-15",
)


@dataclass
class Clock:
    """A clock that stands where it is set."""

    now: float = DUE

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Message:
    """What was posted."""

    channel: str
    passage: str
    key: str


@dataclass
class Platform:
    """A platform in this process: it knows keys for a while (or not at all) and fails when it is told to.

    `faults` are raised one a post; with `makes_anyway` the message is made all the same. While `is_open` is not set, a
    post that has arrived does not go on.
    """

    clock: Clock
    remembers_keys_for: int = 0
    platform: str = "discord"
    faults: list[Exception] = field(default_factory=list)
    makes_anyway: bool = False
    cannot_tell: PostError | None = None
    messages: list[Message] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    asked: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    is_open: asyncio.Event = field(default_factory=asyncio.Event)
    hears: asyncio.Event = field(default_factory=asyncio.Event)
    _keys: dict[str, tuple[float, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.is_open.set()
        self.hears.set()

    async def post(self, target: Target, hit: Hit, key: str) -> str:
        """Make a message, or give the one that was made with this key."""
        self.asked += 1
        self.arrived.set()
        await self.is_open.wait()
        fault = self.faults.pop(0) if self.faults else None
        if fault and not self.makes_anyway:
            raise fault
        message = self._make(target, hit, key)
        if fault:
            raise fault
        return message

    async def tell(self, target: Target, text: str) -> None:
        """Note what is told, while `hears` is set."""
        await self.hears.wait()
        if self.cannot_tell:
            raise self.cannot_tell
        self.told.append(f"{target.set_by}: {text}")

    def _make(self, target: Target, hit: Hit, key: str) -> str:
        then, known = self._keys.get(key, (float("-inf"), ""))
        if self.clock() - then < self.remembers_keys_for:
            return known
        self.messages.append(Message(target.channel, hit.passage.id, key))
        number = str(len(self.messages))
        self._keys[key] = self.clock(), number
        return number


def build_pool(size: int = 8) -> Pool:
    """Make quotes, from two episodes in turn."""
    episodes = (EPISODE, OLDER)
    passages = [
        said(f"This is quote number {number}.", id=f"show:{number}", episode=episodes[number % 2])
        for number in range(size)
    ]
    return Pool(tuple((passage, passage.sentences) for passage in passages))


POOL = build_pool()


def choose(row: SubscriptionRow, past: Sequence[str]) -> Hit:
    """Choose from all quotes."""
    return pick(POOL, row.channel, past)


def find(passage: str) -> Hit | None:
    """Find a quote by its passage."""
    return next((Hit(known, 0.0, sentences) for known, sentences in POOL.quotes if known.id == passage), None)


def build_outbox(database: Database, platform: Platform, lease: int = 60) -> Outbox:
    """Build the outbox of a platform, by the same clock."""
    return Outbox(database, platform, choose, find, platform.clock, lease)


async def deliver(outbox: Outbox) -> int:
    """Deliver all that is due now."""
    return await Runner(outbox, spread=0).deliver_due()


async def save(database: Database, new: NewSubscription = NEW, **fields: Any) -> SubscriptionRow:
    """Keep a subscription."""
    async with database.begin() as connection:
        return await save_subscription(connection, replace(new, **fields), DUE)


async def look(database: Database, channel: str = "general") -> SubscriptionRow:
    """Give a channel's subscription as it is now."""
    async with database.connect() as connection:
        row = await find_subscription(connection, "discord", "guild", channel)
    assert row
    return row


async def posts(database: Database, channel: str = "general") -> list[PostRow]:
    """Give a channel's posts, oldest first."""
    row = await look(database, channel)
    async with database.connect() as connection:
        return list(reversed(await last_posts(connection, row.id, 100)))


@asynccontextmanager
async def running(runner: Runner) -> AsyncIterator[asyncio.Task[None]]:
    """Run a runner; at the end it is stopped and must end."""
    task = asyncio.create_task(runner.run())
    try:
        yield task
    finally:
        runner.stop()
        async with asyncio.timeout(10):
            await task
