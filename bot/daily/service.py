"""What a channel can ask of its daily quote: set it, stop it, pause it, look at what comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.daily.outbox import to_rule
from bot.daily.picker import Pool, narrow, pick, preview
from bot.daily.schedule import Due, Rule, next_due, parse_time, parse_weekdays, parse_zone
from bot.errors import ScheduleError
from bot.models import Hit
from bot.store.database import Database
from bot.store.posts import history, last_posts
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


@dataclass(frozen=True)
class DailyService:
    """The daily quotes of all channels; `pool_for` gives the quotes on a topic, in an episode, both, or all.

    It raises UnknownEpisodeError and QueryError.
    """

    database: Database
    pool: Pool
    pool_for: Callable[[str | None, str | None], Pool]
    clock: Callable[[], float] = time.time

    async def subscribe(self, place: Place, request: Request, set_by: str) -> SubscriptionRow:
        """Set a channel's daily quote, or change it. Raises ScheduleError, PoolError, UnknownEpisodeError."""
        rule = parse_rule(request)
        pick(self.pool_for(request.topic, request.episode), _key(place), ())
        async with self.database.begin() as connection:
            before = await find_subscription(connection, place.platform, place.tenant, place.channel)
            past = await last_posts(connection, before.id, 1) if before else ()
            due = next_due(rule, self._now(), date.fromisoformat(past[0].local_date) if past else None)
            if before and before.state is SubscriptionState.ACTIVE and to_rule(before) == rule:
                due = _due_of(before)  # set again, as at every start: what is due and not posted yet stays due
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
            return await save_subscription(connection, new, int(self.clock()))

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
            past = await last_posts(connection, row.id, 1)
            due = next_due(to_rule(row), self._now(), date.fromisoformat(past[0].local_date) if past else None)
            await set_due(connection, row.id, int(due.instant.timestamp()), due.local_date.isoformat())
            await set_state(connection, row.id, SubscriptionState.ACTIVE)
        return await self.find(place)

    async def post_now(self, place: Place) -> None:
        """Make today's post at once, in place of its time; the runner must be woken.

        Raises ScheduleError where there is nothing to post or today's has been made.
        """
        row = await self.find(place)
        if row is None or row.state is not SubscriptionState.ACTIVE:
            raise ScheduleError("No daily quote is set here, or it is paused. Set or resume it first.")
        today = self._now().astimezone(ZoneInfo(row.zone)).date()
        async with self.database.begin() as connection:
            past = await last_posts(connection, row.id, 1)
            if past and past[0].local_date >= today.isoformat():
                raise ScheduleError("Today's quote has been posted already; the next one comes at its time.")
            await set_due(connection, row.id, int(self.clock()), today.isoformat())

    async def forget_tenant(self, platform: str, tenant: str) -> int:
        """Forget all daily quotes of a server or workspace that the bot has left; say how many there were."""
        async with self.database.begin() as connection:
            return await delete_tenant(connection, platform, tenant)

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
        """Give what comes next in a channel, as it will come."""
        async with self.database.connect() as connection:
            past = await history(connection, row.id)
        hits = preview(self.pool_for(row.topic, row.episode), _key(row), past, count)
        days = dues(to_rule(row), _due_of(row), count)
        return tuple(Coming(due, hit) for due, hit in zip(days, hits, strict=False))

    def choose(self, row: SubscriptionRow, past: Sequence[str]) -> Hit:
        """Choose a subscription's next quote. Raises PoolError."""
        return pick(self.pool_for(row.topic, row.episode), _key(row), past)

    def find_quote(self, passage: str) -> Hit | None:
        """Find the quote of a passage."""
        found = narrow(self.pool, [passage]).quotes
        return Hit(found[0][0], 0.0, found[0][1]) if found else None

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.clock(), UTC)


def parse_rule(request: Request) -> Rule:
    """Read when somebody wants the quote. Raises ScheduleError."""
    rule = Rule(parse_zone(request.zone), parse_time(request.at), parse_weekdays(request.weekdays))
    if not rule.weekdays:
        raise ScheduleError("Name at least one weekday.")
    return rule


def dues(rule: Rule, first: Due, count: int) -> Iterable[Due]:
    """Give `count` due times from a first one on."""
    due = first
    for _ in range(count):
        yield due
        due = next_due(rule, due.instant, due.local_date)


def _due_of(row: SubscriptionRow) -> Due:
    """Give when a subscription is due next."""
    return Due(date.fromisoformat(row.next_date), datetime.fromtimestamp(row.next_due, UTC))


def _key(place: Place | SubscriptionRow) -> str:
    """Name a channel for the order of its quotes."""
    return f"{place.platform}:{place.tenant}:{place.channel}"
