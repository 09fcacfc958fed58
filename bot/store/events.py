"""Events that a platform delivered already: both deliver the same one again when in doubt (ANCHORS rows 4, 5, 7)."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import SEEN_EVENTS
from bot.store.upsert import insert_into

KEPT = 24 * 60 * 60
"""Seconds that an event is remembered for."""


async def claim_event(connection: AsyncConnection, key: str, now: int) -> bool:
    """Say whether this is the first time in a day that an event is seen, and remember it."""
    statement = insert_into(connection, SEEN_EVENTS).values(key=key, seen=now)
    statement = statement.on_conflict_do_update(
        index_elements=["key"], set_={"seen": now}, where=SEEN_EVENTS.c.seen < now - KEPT
    )
    return (await connection.execute(statement)).rowcount > 0


async def release_event(connection: AsyncConnection, key: str) -> None:
    """Forget one event, so that it is new again."""
    await connection.execute(delete(SEEN_EVENTS).where(SEEN_EVENTS.c.key == key))


async def forget_events(connection: AsyncConnection, now: int) -> int:
    """Forget what was seen more than a day ago; say how many."""
    return (await connection.execute(delete(SEEN_EVENTS).where(SEEN_EVENTS.c.seen < now - KEPT))).rowcount
