"""Each due post made once: claimed in the database, sent, confirmed; a crash between is recovered by the platform.

A claim is a lease. Before a platform is asked to post, the row says so (first_sent): what was never asked for can be
asked for again at any time. What was, and has no outcome, is asked for again with the same key while the platform
remembers keys; after that, or where it knows none, it is recorded as unknown and never made again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfoNotFoundError

from bot.daily.poster import ChannelGoneError, OutcomeUnknownError, Poster, PostError, RetryLaterError
from bot.daily.schedule import LATEST, Rule, next_due, to_weekday_names
from bot.errors import PoolError, QueryError, ScheduleError, UnknownEpisodeError
from bot.models import Hit
from bot.store.claims import claim_due, take_over_expired
from bot.store.database import Database
from bot.store.posts import history, mark, note_sending, release
from bot.store.rows import ClaimedRow, PostState, SubscriptionRow, SubscriptionState
from bot.store.subscriptions import set_state

LEASE = 60
"""Seconds a claim holds: longer than any post takes, shorter than Discord remembers a nonce ("a few minutes")."""

AGAIN = 5
"""Seconds until a post of unknown outcome is made again with its key."""

RECORDED = 7 * 24 * 3600
"""Seconds back that missed days are recorded one by one."""

BATCH = 50
"""Posts claimed at once: a process that dies leaves no more than these to be taken over."""

Choose = Callable[[SubscriptionRow, Sequence[str]], Hit]
"""From a subscription and what was posted there (passages, newest first) to its next quote.

Raises PoolError, and where an edition is no more what it was UnknownEpisodeError or QueryError.
"""

Find = Callable[[str], Hit | None]
"""From a passage's id to its quote; None where the episodes have it no more."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outbox:
    """The posts of one platform: what to claim, and how to make one."""

    database: Database
    poster: Poster
    choose: Choose
    find: Find
    clock: Callable[[], float]
    lease: int = LEASE

    async def claim(self) -> tuple[ClaimedRow, ...]:
        """Claim what is due and what a dead process left; call again until it gives nothing."""
        now = int(self.clock())
        platform = self.poster.platform
        async with self.database.begin() as connection:
            left = await take_over_expired(connection, platform, now, limit=BATCH, lease=self.lease)
        async with self.database.begin() as connection:
            due = await claim_due(connection, platform, now, limit=BATCH, lease=self.lease, advance=self._advance)
        return (*left, *due)

    async def deliver(self, claimed: ClaimedRow) -> None:
        """Make one claimed post and record what became of it."""
        post, now = claimed.post, int(self.clock())
        if now - post.due >= LATEST.total_seconds() and post.first_sent is None:
            await self._mark(claimed, PostState.SKIPPED, reason="too late")
        elif claimed.subscription.state is not SubscriptionState.ACTIVE and post.first_sent is None:
            await self._mark(claimed, PostState.SKIPPED, reason=claimed.subscription.why)
        elif post.first_sent is not None and now - post.first_sent >= self.poster.remembers_keys_for:
            await self._mark(claimed, PostState.UNKNOWN, reason="no answer came before the process ended")
        elif hit := await self._choose(claimed):
            await self._send(claimed, hit)

    def _advance(self, row: SubscriptionRow) -> tuple[int, str]:
        """Go on to the next day, missed or not, so that each missed one is recorded; a long absence is cut short."""
        after = datetime.fromtimestamp(max(row.next_due, self.clock() - RECORDED), UTC)
        try:
            due = next_due(to_rule(row), after, date.fromisoformat(row.next_date))
        except ZoneInfoNotFoundError:
            raise ScheduleError(f"The time zone {row.zone} is no more; set the daily quote anew.") from None
        return int(due.instant.timestamp()), due.local_date.isoformat()

    async def _choose(self, claimed: ClaimedRow) -> Hit | None:
        """Take the quote that was being sent, or choose one; where there is none, the subscription fails."""
        if claimed.post.passage and (hit := self.find(claimed.post.passage)):
            return hit
        async with self.database.connect() as connection:
            past = await history(connection, claimed.subscription.id)
        try:
            return self.choose(claimed.subscription, past)
        except (PoolError, QueryError, UnknownEpisodeError) as error:
            await self._stop(claimed, str(error))
            return None

    async def _send(self, claimed: ClaimedRow, hit: Hit) -> None:
        async with self.database.begin() as connection:
            is_held = await note_sending(connection, claimed.post, hit.passage.id, int(self.clock()))
        if not is_held:
            return  # another process has taken it over
        try:
            message = await self.poster.post(claimed.subscription, hit, claimed.post.key)
        except RetryLaterError as error:
            await self._release(claimed, max(1, round(error.seconds)), str(error), was_sent=False)
        except ChannelGoneError as error:
            await self._stop(claimed, str(error))
        except OutcomeUnknownError as error:
            await self._settle(claimed, str(error))
        else:
            await self._mark(claimed, PostState.SENT, message_id=message)

    async def _settle(self, claimed: ClaimedRow, reason: str) -> None:
        """Try again where the platform knows the key; else leave it unknown."""
        if self.poster.remembers_keys_for > AGAIN:
            await self._release(claimed, AGAIN, reason, was_sent=True)
        else:
            await self._mark(claimed, PostState.UNKNOWN, reason=reason)

    async def _release(self, claimed: ClaimedRow, seconds: int, reason: str, *, was_sent: bool) -> None:
        now = int(self.clock())
        async with self.database.begin() as connection:
            await release(connection, claimed.post, now + seconds, now, reason, was_sent=was_sent)

    async def _stop(self, claimed: ClaimedRow, reason: str) -> None:
        """Give this post up and pause its subscription; whoever set it up is told once."""
        await self._mark(claimed, PostState.FAILED, reason=reason)
        async with self.database.begin() as connection:
            is_news = await set_state(connection, claimed.subscription.id, SubscriptionState.FAILED, reason)
        if not is_news:
            return
        try:
            await self.poster.tell(claimed.subscription, f"The daily quote is paused. {reason}")
        except PostError as error:
            log.warning("cannot tell about subscription %s: %s", claimed.subscription.id, error)

    async def _mark(
        self, claimed: ClaimedRow, state: PostState, *, message_id: str | None = None, reason: str = ""
    ) -> None:
        post = claimed.post
        async with self.database.begin() as connection:
            await mark(
                connection,
                post.id,
                state,
                int(self.clock()),
                message_id=message_id,
                reason=reason,
                attempt=post.attempts,
            )


def to_rule(row: SubscriptionRow) -> Rule:
    """Read the rule of a subscription's row: minutes after midnight, a mask of weekdays with Monday as 1."""
    weekdays = frozenset(day for day in range(7) if row.weekdays & 1 << day)
    return Rule(row.zone, time(*divmod(row.minute, 60)), weekdays)


def describe(row: SubscriptionRow) -> str:
    """Say in words when a subscription posts."""
    rule = to_rule(row)
    return f"{to_weekday_names(rule.weekdays)} at {rule.at:%H:%M} ({rule.zone})"
