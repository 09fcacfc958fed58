"""Each due post made once: claimed in the database, sent, confirmed; a crash between is recovered by the platform.

A claim is a lease. Before a platform is asked to post, the row says so (first_sent): what was never asked for can be
asked for again at any time. What was, and has no outcome, is asked for again with the same key while the platform
remembers keys; after that, or where it knows none, it is recorded as unknown and never made again.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.daily.poster import ChannelGoneError, OutcomeUnknownError, Poster, PostError, RetryLaterError
from bot.daily.schedule import LATEST, next_due, to_rule
from bot.errors import PoolError, QueryError, StoreError, StoreLostError, UnknownEpisodeError
from bot.models import Hit
from bot.store.claims import claim_due, take_over_expired
from bot.store.database import Database
from bot.store.posts import history, mark, note_sending, release
from bot.store.rows import ClaimedRow, PostState, SubscriptionRow, SubscriptionState
from bot.store.subscriptions import claim_tellings, find_far_ahead, note_told, set_due, set_state
from bot.store.tidy import tidy

LEASE = 60
"""Seconds a claim holds: shorter than Discord remembers a nonce ("a few minutes")."""

PATIENCE = LEASE / 2
"""Seconds that a post may take: what takes longer has an unknown outcome, and the lease still holds to record it."""

AGAIN = 5
"""Seconds until a post of unknown outcome is made again with its key."""

RECORDED = 7 * 24 * 3600
"""Seconds back that missed days are recorded one by one."""

FARTHEST = 15 * 24 * 3600
"""Seconds: one weekday comes every week, or every other where a zone skips that very day."""

TELL_AGAIN = 3600
"""Seconds until an owner is told again where nobody knows whether they have been."""

PAUSES = (0.2, 1.0, 5.0)
"""Seconds between tries to record an outcome: what is known must not be lost to a database that is busy just then."""

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
    patience: float = PATIENCE
    pauses: Sequence[float] = PAUSES

    async def claim(self, limit: int) -> tuple[ClaimedRow, ...]:
        """Claim what is due and what a dead process left; call again until it gives nothing."""
        now, platform = int(self.clock()), self.poster.platform
        async with self.database.begin() as connection:
            left = await take_over_expired(connection, platform, now, limit=limit, lease=self.lease)
            room = limit - len(left)
            if not room:
                return left
            due = await claim_due(connection, platform, now, limit=room, lease=self.lease, advance=self._advance)
        return (*left, *due)

    async def deliver(self, claimed: ClaimedRow) -> int | None:
        """Make one claimed post and record what became of it; where the platform asks to wait, say until when."""
        post, subscription, now = claimed.post, claimed.subscription, int(self.clock())
        if post.first_sent is not None and not self._may_repeat(claimed, now):
            reason = post.reason or "no answer came before the process ended"
            await self._mark(claimed, PostState.UNKNOWN, reason=reason)
        elif post.first_sent is None and now - post.due >= LATEST.total_seconds():
            await self._mark(claimed, PostState.SKIPPED, reason="too late")
        elif post.first_sent is None and subscription.state is not SubscriptionState.ACTIVE:
            await self._mark(claimed, PostState.SKIPPED, reason=subscription.why)
        elif hit := await self._choose(claimed):
            return await self._send(claimed, hit)
        return None

    async def give_back(self, claimed: ClaimedRow) -> None:
        """Give a post back that was claimed and not begun, for whoever comes next."""
        await self._release(claimed, int(self.clock()), claimed.post.reason, was_sent=False)

    async def claim_tellings(self, limit: int) -> tuple[SubscriptionRow, ...]:
        """Claim the subscriptions that failed and whose owners do not know it yet."""
        async with self.database.begin() as connection:
            now = int(self.clock())
            return await claim_tellings(connection, self.poster.platform, now, limit=limit, again=TELL_AGAIN)

    async def tell(self, row: SubscriptionRow) -> None:
        """Tell an owner that their daily quote is paused; where it is not known to have arrived, again later."""
        again_at = None
        try:
            async with asyncio.timeout(self.patience):
                await self.poster.tell(row, f"The daily quote is paused. {row.why}")
        except RetryLaterError as error:
            again_at = self._after(error.seconds)
        except (OutcomeUnknownError, TimeoutError) as error:
            log.warning("cannot tell about subscription %s yet: %s", row.id, error)
            return  # it was claimed to be told again
        except PostError as error:
            log.warning("cannot tell about subscription %s: %s", row.id, error)
        await self._record(lambda connection: note_told(connection, row, again_at))

    async def tidy(self) -> None:
        """Forget what nobody needs, and bring back the subscriptions that a clock once ahead has put off for long."""
        now = int(self.clock())
        async with self.database.begin() as connection:
            await tidy(connection, now)
            for row in await find_far_ahead(connection, self.poster.platform, now + FARTHEST):
                due = next_due(to_rule(row), datetime.fromtimestamp(now, UTC))
                await set_due(connection, row.id, int(due.instant.timestamp()), due.local_date.isoformat())

    def _advance(self, row: SubscriptionRow) -> tuple[int, str]:
        """Go on to the next day, missed or not, so that each missed one is recorded; a long absence is cut short."""
        after = datetime.fromtimestamp(max(row.next_due, self.clock() - RECORDED), UTC)
        due = next_due(to_rule(row), after, date.fromisoformat(row.next_date))
        return int(due.instant.timestamp()), due.local_date.isoformat()

    def _may_repeat(self, claimed: ClaimedRow, now: int) -> bool:
        """Whether the platform surely knows the key still, also where a clock was set back in between."""
        post, known = claimed.post, self.poster.remembers_keys_for
        age = now - (post.first_sent or now)
        is_wanted = claimed.subscription.state is SubscriptionState.ACTIVE
        return is_wanted and 0 <= age < known and post.attempts <= 1 + known / AGAIN

    def _after(self, seconds: float) -> int:
        """Give the first whole second after a wait that a platform asks for, whatever number that is."""
        return math.ceil(self.clock() + max(1.0, min(seconds, LATEST.total_seconds())))

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

    async def _send(self, claimed: ClaimedRow, hit: Hit) -> int | None:
        async with self.database.begin() as connection:
            now = int(self.clock())
            is_held = await note_sending(connection, claimed.post, hit.passage.id, now, self.lease)
        if not is_held:
            return None  # another process has taken it over, or it is paused: then it is skipped when its lease ends
        try:
            async with asyncio.timeout(self.patience):
                message = await self.poster.post(claimed.subscription, hit, claimed.post.key)
        except RetryLaterError as error:
            until = self._after(error.seconds)
            await self._release(claimed, until, str(error), was_sent=False)
            return until
        except ChannelGoneError as error:
            await self._stop(claimed, str(error))
        except (OutcomeUnknownError, TimeoutError) as error:
            await self._settle(claimed, str(error) or f"no answer came in {self.patience:g} s")
        else:
            await self._mark(claimed, PostState.SENT, message_id=message)
        return None

    async def _settle(self, claimed: ClaimedRow, reason: str) -> None:
        """Try again where the platform knows the key; else leave it unknown."""
        if self.poster.remembers_keys_for > AGAIN:
            await self._release(claimed, int(self.clock()) + AGAIN, reason, was_sent=True)
        else:
            await self._mark(claimed, PostState.UNKNOWN, reason=reason)

    async def _release(self, claimed: ClaimedRow, until: int, reason: str, *, was_sent: bool) -> None:
        now = int(self.clock())
        await self._record(lambda line: release(line, claimed.post, until, now, reason, was_sent=was_sent))

    async def _stop(self, claimed: ClaimedRow, reason: str) -> None:
        """Give this post up and its subscription too; whoever set it up is to be told."""
        now = int(self.clock())
        # what an attempt before this one may have sent, this one's refusal does not undo
        state = PostState.FAILED if claimed.post.first_sent is None else PostState.UNKNOWN

        async def change(connection: AsyncConnection) -> bool:
            await set_state(connection, claimed.subscription.id, SubscriptionState.FAILED, reason, tell_at=now)
            return await mark(connection, claimed.post, state, now, reason=reason)

        await self._record(change)

    async def _mark(
        self, claimed: ClaimedRow, state: PostState, *, message_id: str | None = None, reason: str = ""
    ) -> None:
        now = int(self.clock())
        await self._record(
            lambda line: mark(line, claimed.post, state, now, message_id=message_id, reason=reason),
            f"post {claimed.post.id} is not {state} (message {message_id}, {reason!r}): another process holds it",
        )

    async def _record(self, change: Callable[[AsyncConnection], Awaitable[bool]], otherwise: str = "") -> None:
        """Record an outcome, tried again while the database is busy; where it is no news, say so in the log."""
        for pause in (*self.pauses, None):
            try:
                async with self.database.begin() as connection:
                    is_news = await change(connection)
                break
            except StoreLostError:
                raise
            except StoreError:
                if pause is None:
                    raise
                await asyncio.sleep(pause)
        if otherwise and not is_news:
            log.warning(otherwise)
