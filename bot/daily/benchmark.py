"""What many subscriptions due in one minute cost: posts a second, memory, and whether any was missed or made twice."""

from __future__ import annotations

import resource
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.daily.outbox import Outbox
from bot.daily.picker import Pool, pick
from bot.daily.poster import Target
from bot.daily.runner import Runner
from bot.models import Hit
from bot.store.database import Database
from bot.store.rows import NewSubscription
from bot.store.subscriptions import save_subscription

PLATFORM = "benchmark"
DUE = 1_800_000_000
"""The minute that all are due in: any will do."""


@dataclass(frozen=True, slots=True)
class Load:
    """What was measured; memory is the process's peak in MB, after a first tenth of the posts and after all."""

    subscriptions: int
    posted: int
    twice: int
    seconds: float
    memory_early: float
    memory_late: float


@dataclass
class CountingPoster:
    """A platform that counts: it takes every post at once."""

    platform: str = PLATFORM
    remembers_keys_for: int = 0
    posts: Counter[str] = field(default_factory=Counter)
    on_post: Callable[[int], None] = lambda _: None

    async def post(self, target: Target, hit: Hit, key: str) -> str:
        """Count a post."""
        self.posts[target.channel] += 1
        self.on_post(self.posts.total())
        return f"{target.channel}:{hit.passage.id}:{key}"

    async def tell(self, target: Target, text: str) -> None:
        """Tell nobody."""


async def measure_load(database: Database, pool: Pool, count: int, spread: float = 0.0) -> Load:
    """Subscribe `count` channels for one minute and post to all of them, at most `spread` seconds apart."""
    for first in range(0, count, 500):
        async with database.begin() as connection:
            for number in range(first, min(first + 500, count)):
                await save_subscription(connection, _subscription(number), DUE)
    early: list[float] = []
    poster = CountingPoster(on_post=lambda made: early.append(peak_memory()) if made == count // 10 else None)
    outbox = Outbox(database, poster, lambda row, past: pick(pool, row.channel, past), lambda _: None, lambda: DUE + 1)
    start = time.perf_counter()
    await Runner(outbox, spread=spread).deliver_due()
    seconds = time.perf_counter() - start
    twice = sum(made > 1 for made in poster.posts.values())
    late = peak_memory()
    return Load(count, len(poster.posts), twice, seconds, early[0] if early else late, late)


def peak_memory() -> float:
    """Give the process's peak resident memory, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _subscription(number: int) -> NewSubscription:
    return NewSubscription(
        platform=PLATFORM,
        tenant=str(number % 100),
        channel=str(number),
        zone="UTC",
        minute=540,
        weekdays=0b1111111,
        set_by="benchmark",
        next_due=DUE,
        next_date="2027-01-15",
    )
