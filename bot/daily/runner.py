"""The loop that posts what is due, one a process and platform: it sleeps to the next due row and survives errors."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import suppress

from bot.daily.outbox import Outbox
from bot.errors import QuoteBotError, StoreLostError
from bot.store.claims import count_due, next_wake
from bot.store.rows import ClaimedRow

LONGEST_SLEEP = 60.0
"""Seconds: how late a change made by another process is seen at worst."""

AFTER_FAULT = 5.0
"""Seconds to wait after an error of the store, doubled each time up to LONGEST_SLEEP."""

AT_ONCE = 8
"""Posts under way together; a post that gets no answer holds up no other, but takes a place until it is given up."""

SPREAD = 0.1
"""Seconds from post to post where few are due together: many channels choose 09:00."""

WINDOW = 30.0
"""Seconds over which posts that are due together are spread, where FASTEST allows."""

FASTEST = 0.025
"""Seconds from post to post where very many are due: Discord allows 50 requests a second."""

LONGEST_QUIET = 60
"""Seconds that all are held up at most by some that must wait: they may be of one workspace in trouble."""

TIDYING = 3600
"""Seconds from one tidying to the next."""

log = logging.getLogger(__name__)


class Runner:
    """Delivers an outbox until it is told to stop."""

    def __init__(self, outbox: Outbox, *, spread: float = SPREAD) -> None:
        self.outbox = outbox
        self.spread = spread
        self._changed = asyncio.Event()
        self._stopping = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self._next_start = 0.0
        self._refusals: list[int] = []
        self._tidied = float("-inf")

    def wake(self) -> None:
        """Look again at once: a subscription was changed, or a place came free."""
        self._changed.set()

    def stop(self) -> None:
        """End once the posts under way are made; what is claimed and not begun is given back."""
        self._stopping.set()
        self._changed.set()

    async def run(self) -> None:
        """Post what is due until stop is called. Raises StoreLostError: only a new start can help."""
        fault = AFTER_FAULT
        try:
            while not self._stopping.is_set():
                self._changed.clear()
                try:
                    await self._tidy()
                    await self._begin_due()
                    seconds, fault = await self._seconds_to_next(), AFTER_FAULT
                except StoreLostError:
                    raise
                except QuoteBotError as error:
                    log.warning("daily posts of %s, again in %.0f s: %s", self.outbox.poster.platform, fault, error)
                    seconds, fault = fault, min(2 * fault, LONGEST_SLEEP)
                except Exception:  # a fault of this program must not end the daily quotes of all channels
                    log.exception("daily posts of %s, again in %.0f s", self.outbox.poster.platform, fault)
                    seconds, fault = fault, min(2 * fault, LONGEST_SLEEP)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), seconds)
        except asyncio.CancelledError:
            for task in self._under_way:
                task.cancel()
            raise
        finally:
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def deliver_due(self) -> int:
        """Deliver everything that is due now; give how many posts were claimed."""
        count = 0
        while not self._stopping.is_set():
            begun = await self._begin_due()
            count += begun
            if self._under_way:
                await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            elif not begun:
                break
        await asyncio.gather(*self._under_way)
        return count

    async def _begin_due(self) -> int:
        """Claim as many posts as there are places free, and begin them; give how many."""
        free = AT_ONCE - len(self._under_way)
        if not free or self.outbox.clock() < self._quiet_until:
            return 0
        claimed = await self.outbox.claim(free)
        gap = await self._choose_gap() if claimed else 0.0
        for row in claimed:
            self._begin(self._post(row, self._take_turn(gap)), f"the daily post of subscription {row.subscription.id}")
        if free > len(claimed):
            for told in await self.outbox.claim_tellings(free - len(claimed)):
                self._begin(self.outbox.tell(told), f"telling about subscription {told.id}")
        return len(claimed)

    def _begin(self, work: Awaitable[None], what: str) -> None:
        task = asyncio.create_task(survive(work, what))
        self._under_way.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self.wake()

    async def _post(self, claimed: ClaimedRow, delay: float) -> None:
        if delay > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), delay)
        if self._stopping.is_set():
            await self.outbox.give_back(claimed)
            return
        until = await self.outbox.deliver(claimed)
        if until is None:
            self._refusals = []
        else:
            at_most = int(self.outbox.clock() + LONGEST_QUIET)
            self._refusals = [*self._refusals[1 - AT_ONCE :], min(until, at_most)]

    @property
    def _quiet_until(self) -> float:
        """When to claim again: a platform that asks so many in a row to wait means every one."""
        return min(self._refusals) if len(self._refusals) >= AT_ONCE else 0.0

    async def _choose_gap(self) -> float:
        """Choose the seconds from post to post: the fewer are due, the more there are to each."""
        most = round(WINDOW / FASTEST)
        async with self.outbox.database.connect() as connection:
            due = await count_due(connection, self.outbox.poster.platform, int(self.outbox.clock()), limit=most)
        return min(self.spread, max(FASTEST, WINDOW / max(1, due)))

    def _take_turn(self, gap: float) -> float:
        """Give the seconds until the next post may begin."""
        now = asyncio.get_running_loop().time()
        start = max(now, self._next_start)
        self._next_start = start + gap
        return start - now

    async def _tidy(self) -> None:
        if self.outbox.clock() - self._tidied >= TIDYING:
            self._tidied = self.outbox.clock()
            await self.outbox.tidy()

    async def _seconds_to_next(self) -> float:
        if len(self._under_way) >= AT_ONCE:
            return LONGEST_SLEEP  # the first that ends wakes it
        async with self.outbox.database.connect() as connection:
            wake = await next_wake(connection, self.outbox.poster.platform)
        if wake is None:
            return LONGEST_SLEEP
        return min(max(max(wake, self._quiet_until) - self.outbox.clock(), 0.0), LONGEST_SLEEP)


async def survive(work: Awaitable[None], what: str) -> None:
    """Do work whose failure must not stop the others; its row stays claimed, to be recovered when the lease ends."""
    try:
        await work
    except Exception:  # the edge: one bad post must not stop the rest
        log.exception("%s failed", what)
