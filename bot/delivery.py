"""The door for adapters that deliver daily quotes; bot.service, for those that only answer, loads no store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bot.daily.benchmark import Load, measure_load
from bot.daily.outbox import LEASE, Outbox
from bot.daily.picker import preview
from bot.daily.poster import ChannelGoneError, OutcomeUnknownError, Poster, PostError, RetryLaterError, Target
from bot.daily.runner import SPREAD, Runner
from bot.daily.schedule import Due, describe, next_due, parse_weekdays
from bot.daily.service import Coming, DailyService, Place, Request, dues, parse_rule
from bot.daily.zones import complete_zone, parse_zone
from bot.memory import Memory
from bot.service import QuoteService
from bot.store.database import Database, open_database
from bot.store.rows import PostRow, PostState, SubscriptionRow, SubscriptionState

__all__ = [
    "ChannelGoneError",
    "Coming",
    "DailyService",
    "Database",
    "Load",
    "Memory",
    "OutcomeUnknownError",
    "Place",
    "PostError",
    "PostRow",
    "PostState",
    "Poster",
    "Request",
    "RetryLaterError",
    "Runner",
    "SubscriptionRow",
    "SubscriptionState",
    "Target",
    "build_runner",
    "complete_zone",
    "describe",
    "measure_load",
    "next_dues",
    "open_daily",
    "open_database",
    "parse_weekdays",
    "parse_zone",
    "preview",
]


@asynccontextmanager
async def open_daily(database_url: str, quotes: QuoteService) -> AsyncIterator[DailyService]:
    """Open the store and give the daily quotes over it; closed at the end. Raises StoreError."""
    async with open_database(database_url) as database:
        yield DailyService(database, quotes.pool, quotes.pool_about)


def build_runner(daily: DailyService, poster: Poster, *, lease: int = LEASE, spread: float = SPREAD) -> Runner:
    """Build the loop that posts what is due on one platform; the changes made through `daily` wake it."""
    outbox = Outbox(daily.database, poster, daily.choose, daily.find_quote, daily.clock, lease, lease / 2)
    runner = Runner(outbox, spread=spread)
    daily.sleepers.add(runner)
    return runner


def next_dues(request: Request, count: int, clock: Callable[[], float]) -> tuple[Due, ...]:
    """Give the next due times of a request. Raises ScheduleError."""
    rule = parse_rule(request)
    return tuple(dues(rule, next_due(rule, datetime.fromtimestamp(clock(), UTC)), count))
