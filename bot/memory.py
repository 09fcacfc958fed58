"""What the bot remembers besides daily quotes: events it has seen, what people thought of quotes, small facts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.store.database import Database
from bot.store.events import claim_event, release_event
from bot.store.facts import get_fact, set_fact
from bot.store.feedback import vote


@dataclass(frozen=True)
class Memory:
    """The memory of all platforms, in the store; every call may raise StoreError."""

    database: Database
    clock: Callable[[], float] = time.time

    async def is_new(self, *events: str) -> bool:
        """Say whether none of an event's names was seen before by any process, and remember them for a day."""
        now = int(self.clock())
        async with self.database.begin() as connection:
            # in one order, so that two processes cannot wait for each other
            return all([await claim_event(connection, event, now) for event in sorted(events)])

    async def forget(self, *events: str) -> None:
        """Let events be new again: what they were claimed for was not done."""
        async with self.database.begin() as connection:
            for event in sorted(events):
                await release_event(connection, event)

    async def vote(self, platform: str, voter: str, passage: str, *, likes: bool) -> None:
        """Keep what somebody thinks of a passage, in place of what they thought before, under a pseudonym."""
        async with self.database.begin() as connection:
            await vote(connection, platform, voter, passage, likes=likes, now=int(self.clock()))

    async def recall(self, name: str) -> str | None:
        """Look a fact up."""
        async with self.database.connect() as connection:
            return await get_fact(connection, name)

    async def note(self, name: str, value: str) -> None:
        """Keep a fact in place of what was kept by that name."""
        async with self.database.begin() as connection:
            await set_fact(connection, name, value)
