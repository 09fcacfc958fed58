"""The loop that posts what is due, one a process and platform: it sleeps to the next due row and survives errors."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from bot.daily.outbox import Outbox
from bot.errors import QuoteBotError
from bot.store.claims import next_wake
from bot.store.rows import ClaimedRow

LONGEST_SLEEP = 60.0
"""Seconds: how late a change made by another process is seen at worst."""

AFTER_FAULT = 5.0
"""Seconds to wait after an error of the store, doubled each time up to LONGEST_SLEEP."""

AT_ONCE = 8
"""Posts under way together."""

SPREAD = 0.1
"""Seconds between the posts of one minute: many channels choose 09:00, and Discord allows 50 requests a second."""

log = logging.getLogger(__name__)


class Runner:
    """Delivers an outbox until it is told to stop."""

    def __init__(self, outbox: Outbox, *, spread: float = SPREAD) -> None:
        self.outbox = outbox
        self.spread = spread
        self._changed = asyncio.Event()
        self._stopping = asyncio.Event()

    def wake(self) -> None:
        """Look again at once: a subscription was changed."""
        self._changed.set()

    def stop(self) -> None:
        """End once the posts under way are made."""
        self._stopping.set()
        self._changed.set()

    async def run(self) -> None:
        """Post what is due until stop is called."""
        fault = AFTER_FAULT
        while not self._stopping.is_set():
            self._changed.clear()
            try:
                await self.deliver_due()
                seconds = await self._seconds_to_next()
                fault = AFTER_FAULT
            except QuoteBotError as error:
                log.warning("daily posts of %s, again in %.0f s: %s", self.outbox.poster.platform, fault, error)
                seconds, fault = fault, min(2 * fault, LONGEST_SLEEP)
            except Exception:  # a fault of this program must not end the daily quotes of all channels
                log.exception("daily posts of %s, again in %.0f s", self.outbox.poster.platform, fault)
                seconds, fault = fault, min(2 * fault, LONGEST_SLEEP)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), seconds)

    async def deliver_due(self) -> int:
        """Deliver everything that is due now; give how many posts were claimed."""
        count = 0
        while not self._stopping.is_set() and (claimed := await self.outbox.claim()):
            count += len(claimed)
            async with asyncio.TaskGroup() as tasks:
                places = asyncio.Semaphore(AT_ONCE)
                for number, row in enumerate(claimed):
                    tasks.create_task(self._deliver_one(row, number * self.spread, places))
        return count

    async def _deliver_one(self, claimed: ClaimedRow, delay: float, places: asyncio.Semaphore) -> None:
        await asyncio.sleep(delay)
        async with places:
            await survive(lambda: self.outbox.deliver(claimed), f"subscription {claimed.subscription.id}")

    async def _seconds_to_next(self) -> float:
        async with self.outbox.database.connect() as connection:
            wake = await next_wake(connection, self.outbox.poster.platform)
        if wake is None:
            return LONGEST_SLEEP
        return min(max(wake - self.outbox.clock(), 0.0), LONGEST_SLEEP)


async def survive(work: Callable[[], Awaitable[None]], what: str) -> None:
    """Do work whose failure must not stop the others; its row stays claimed, to be recovered when the lease ends."""
    try:
        await work()
    except Exception:  # the edge: one bad post must not stop the rest
        log.exception("the daily post of %s failed", what)
