"""What nobody needs any more goes, so that the database does not grow for ever."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, column, delete, table
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.events import forget_events
from bot.store.rows import PostState
from bot.store.tables import POSTS

KEPT = 90 * 24 * 60 * 60
"""Seconds that it is known why a day was skipped."""

_STATES = table("slack_oauth_states", column("expire_at", DateTime))


async def tidy(connection: AsyncConnection, now: int) -> None:
    """Forget old events, skipped days of long ago, and installations of Slack that nobody finished."""
    await forget_events(connection, now)
    await connection.execute(delete(POSTS).where(POSTS.c.state == PostState.SKIPPED, POSTS.c.updated < now - KEPT))
    as_slack_keeps_it = datetime.fromtimestamp(now, UTC).replace(tzinfo=None)
    await connection.execute(delete(_STATES).where(_STATES.c.expire_at < as_slack_keeps_it))
