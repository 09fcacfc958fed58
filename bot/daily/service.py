"""What a channel can ask of its daily quote: set it, stop it, pause it, look at what comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from weakref import WeakSet

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.daily.picker import Pool, narrow, pick, preview
from bot.daily.schedule import LATEST, Due, Rule, next_due, parse_time, parse_weekdays, to_rule, to_zone
from bot.daily.zones import parse_zone
from bot.errors import ScheduleError
from bot.models import Hit
from bot.store.database import Database
from bot.store.posts import history, last_date, last_posts
from bot.store.rows import NewSubscription, PostRow, SubscriptionRow, SubscriptionState
from bot.store.subscriptions import (
    delete_subscription,
    delete_tenant,
    find_subscription,
    list_subscriptions,
    save_subscription,
    set_due,
    set_state,
)

FURTHEST_AHEAD = timedelta(hours=14)
"""Kiritimati: no zone's date is further ahead of UTC's."""


@dataclass(frozen=True, slots=True)
class Place:
    """A channel of a platform's server or workspace."""

    platform: str
    tenant: str
    channel: str


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for, as typed."""

    at: str
    zone: str
    weekdays: str = ""
    topic: str | None = None
    episode: str | None = None


@dataclass(frozen=True, slots=True)
class Coming:
    """A quote to come, and when."""

    due: Due
    hit: Hit


class Sleeper(Protocol):
    """What sleeps until something is due: a runner."""

    def wake(self) -> None:
        """Look again at once."""


@dataclass(frozen=True)
class DailyService:
    """The daily quotes of all channels; `pool_for` gives the quotes on a topic, in an episode, both, or all.

    It raises UnknownEpisodeError and QueryError. The `sleepers` are woken by what makes something due.
    """

    database: Database
    pool: Pool
    pool_for: Callable[[str | None, str | None], Pool]
    clock: Callable[[], float] = time.time
    sleepers: WeakSet[Sleeper] = field(default_factory=WeakSet, compare=False, repr=False)

    async def subscribe(self, place: Place, request: Request, set_by: str) -> SubscriptionRow:
        """Set a channel's daily quote, or change it. Raises ScheduleError, PoolError, UnknownEpisodeError."""
        rule = parse_rule(request)
        pick(self.pool_for(request.topic, request.episode), "", ())  # raises where there is nothing to pick
        async with self.database.begin() as connection:
            before = await find_subscription(connection, place.platform, place.tenant, place.channel)
            due = next_due(rule, self._now(), await self._last_date(connection, before) if before else None)
            if before and before.state is SubscriptionState.ACTIVE and to_rule(before) == rule:
                # set again, as at every start: what is due and not posted yet stays due
                due = min(due, _due_of(before), key=lambda one: one.instant)
            new = NewSubscription(
                platform=place.platform,
                tenant=place.tenant,
                channel=place.channel,
                zone=rule.zone,
                minute=rule.at.hour * 60 + rule.at.minute,
                weekdays=sum(1 << day for day in rule.weekdays),
                set_by=set_by,
                next_due=int(due.instant.timestamp()),
                next_date=due.local_date.isoformat(),
                topic=request.topic,
                episode=request.episode,
            )
            row = await save_subscription(connection, new, int(self.clock()))
        self._wake()
        return row

    async def unsubscribe(self, place: Place) -> bool:
        """Stop a channel's daily quote and forget its posts; say whether there was one."""
        async with self.database.begin() as connection:
            return await delete_subscription(connection, place.platform, place.tenant, place.channel)

    async def pause(self, place: Place) -> bool:
        """Pause a channel's daily quote; say whether there is one."""
        row = await self.find(place)
        if row:
            async with self.database.begin() as connection:
                await set_state(connection, row.id, SubscriptionState.PAUSED, "paused by hand")
        return row is not None

    async def resume(self, place: Place) -> SubscriptionRow | None:
        """Go on with a channel's daily quote, from its next time on; what was missed stays missed."""
        row = await self.find(place)
        if row is None or row.state is SubscriptionState.ACTIVE:
            return row
        async with self.database.begin() as connection:
            due = next_due(to_rule(row), self._now(), await self._last_date(connection, row))
            await set_due(connection, row.id, int(due.instant.timestamp()), due.local_date.isoformat())
            await set_state(connection, row.id, SubscriptionState.ACTIVE)
        self._wake()
        return await self.find(place)

    async def post_now(self, place: Place) -> None:
        """Make today's post at once, in place of its time.

        Raises ScheduleError where there is nothing to post or today's has been made.
        """
        row = await self.find(place)
        if row is None or row.state is not SubscriptionState.ACTIVE:
            raise ScheduleError("No daily quote is set here, or it is paused. Set or resume it first.")
        today = self._now().astimezone(to_zone(row.zone)).date()
        async with self.database.begin() as connection:
            last = await self._last_date(connection, row)
            if last and last >= today:
                raise ScheduleError("Today's quote has been posted already; the next one comes at its time.")
            await set_due(connection, row.id, int(self.clock()), today.isoformat())
        self._wake()

    async def forget_tenant(self, platform: str, tenant: str) -> int:
        """Forget all daily quotes of a server or workspace that the bot has left; say how many there were."""
        async with self.database.begin() as connection:
            return await delete_tenant(connection, platform, tenant)

    async def tenants(self, platform: str) -> tuple[str, ...]:
        """List the servers or workspaces of a platform that have a daily quote."""
        async with self.database.connect() as connection:
            rows = await list_subscriptions(connection, platform)
        return tuple(dict.fromkeys(row.tenant for row in rows))

    async def of_tenant(self, platform: str, tenant: str) -> tuple[SubscriptionRow, ...]:
        """List the daily quotes of a server or workspace."""
        async with self.database.connect() as connection:
            return await list_subscriptions(connection, platform, tenant)

    def is_small(self, row: SubscriptionRow) -> bool:
        """Whether a channel's quotes will soon come again."""
        return self.pool_for(row.topic, row.episode).is_small

    async def find(self, place: Place) -> SubscriptionRow | None:
        """Find a channel's subscription."""
        async with self.database.connect() as connection:
            return await find_subscription(connection, place.platform, place.tenant, place.channel)

    async def posts(self, row: SubscriptionRow, count: int = 7) -> tuple[PostRow, ...]:
        """Give a subscription's last posts, newest first."""
        async with self.database.connect() as connection:
            return await last_posts(connection, row.id, count)

    async def preview(self, row: SubscriptionRow, count: int = 7) -> tuple[Coming, ...]:
        """Give what comes next in a channel, as it will come, or would if it were resumed now. Raises ScheduleError."""
        async with self.database.connect() as connection:
            past = await history(connection, row.id)
            last = await self._last_date(connection, row)
        hits = preview(self.pool_for(row.topic, row.episode), _key(row), past, count)
        days = dues(to_rule(row), self._first_due(row, last), count)
        return tuple(Coming(due, hit) for due, hit in zip(days, hits, strict=False))

    def choose(self, row: SubscriptionRow, past: Sequence[str]) -> Hit:
        """Choose a subscription's next quote. Raises PoolError."""
        return pick(self.pool_for(row.topic, row.episode), _key(row), past)

    def find_quote(self, passage: str) -> Hit | None:
        """Find the quote of a passage."""
        found = narrow(self.pool, [passage]).quotes
        return Hit(found[0][0], 0.0, found[0][1]) if found else None

    def _first_due(self, row: SubscriptionRow, last: date | None) -> Due:
        """Give the first due time that will have its post: not what is paused, nor what would come too late."""
        if row.state is not SubscriptionState.ACTIVE:
            return next_due(to_rule(row), self._now(), last)
        due, too_late = _due_of(row), self._now() - LATEST
        return due if due.instant > too_late else next_due(to_rule(row), too_late, due.local_date)

    async def _last_date(self, connection: AsyncConnection, row: SubscriptionRow) -> date | None:
        """Give the last local date that has its post; one further ahead than any zone was a wrong clock's."""
        last = await last_date(connection, row.id, (self._now() + FURTHEST_AHEAD).date().isoformat())
        return date.fromisoformat(last) if last else None

    def _wake(self) -> None:
        for sleeper in self.sleepers:
            sleeper.wake()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.clock(), UTC)


def parse_rule(request: Request) -> Rule:
    """Read when somebody wants the quote. Raises ScheduleError."""
    return Rule(parse_zone(request.zone), parse_time(request.at), parse_weekdays(request.weekdays))


def dues(rule: Rule, first: Due, count: int) -> Iterable[Due]:
    """Give `count` due times from a first one on."""
    due = first
    for _ in range(count):
        yield due
        due = next_due(rule, due.instant, due.local_date)


def _due_of(row: SubscriptionRow) -> Due:
    """Give when a subscription is due next."""
    return Due(date.fromisoformat(row.next_date), datetime.fromtimestamp(row.next_due, UTC))


def _key(row: SubscriptionRow) -> str:
    """Name a channel for the order of its quotes: one that stops and starts again gets another order."""
    return f"{row.platform}:{row.tenant}:{row.channel}:{row.id}"
