"""What was posted where and when: the record of each post after it is claimed, and the history of a subscription."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.rows import PostRow, PostState, SubscriptionRow, SubscriptionState, to_post
from bot.store.tables import POSTS as TABLE
from bot.store.tables import SUBSCRIPTIONS

# not in_(…), which an INSERT of many rows cannot have
UNMADE = or_(TABLE.c.state == PostState.SKIPPED, TABLE.c.state == PostState.FAILED) & TABLE.c.first_sent.is_(None)
"""Posts that were given up and surely never made: their date is free."""


def post_key(subscription: SubscriptionRow, local_date: str) -> str:
    """Make the key that stays the same however often one post is tried; 24 characters, Discord's nonce takes 25.

    The subscription's id, never given twice, is in it: a channel that stops and sets its quote again the same day would
    else get the old message for its new post.
    """
    words = (subscription.platform, subscription.tenant, subscription.channel, str(subscription.id), local_date)
    return hashlib.blake2s("\n".join(words).encode(), digest_size=12).hexdigest()


async def note_sending(connection: AsyncConnection, post: PostRow, passage: str, now: int, lease: int) -> bool:
    """Record, before the platform is asked, which passage goes out, and begin the lease (seconds) anew.

    False: the claim is no longer the caller's, or its channel was paused meanwhile. What has no `first_sent` was surely
    never sent, so that it can be sent after a crash on any platform.
    """
    paused = exists().where(
        SUBSCRIPTIONS.c.id == TABLE.c.subscription_id, SUBSCRIPTIONS.c.state == SubscriptionState.PAUSED
    )
    first_sent = func.coalesce(TABLE.c.first_sent, now)
    values = {"passage": passage, "first_sent": first_sent, "lease_until": now + lease, "reason": "", "updated": now}
    return await _change(connection, _is_held(post) & ~paused, values)


async def release(
    connection: AsyncConnection, post: PostRow, until: int, now: int, reason: str, *, was_sent: bool
) -> bool:
    """Give a claimed post back for a later time; where this attempt surely sent nothing, only older ones may have."""
    values = {"state": PostState.PLANNED, "lease_until": until, "reason": reason, "updated": now}
    if not was_sent:
        values |= {"first_sent": post.first_sent}
    return await _change(connection, _is_held(post), values)


async def mark(
    connection: AsyncConnection,
    post: PostRow,
    state: PostState,
    now: int,
    *,
    message_id: str | None = None,
    reason: str = "",
) -> bool:
    """Record what became of a claimed post; False where the claim is no longer the caller's.

    That it was sent is certain, whoever holds the post by now, and is recorded over everything else. That it failed
    says that this attempt sent nothing.
    """
    values = {"state": state, "message_id": message_id, "reason": reason, "lease_until": None, "updated": now}
    if state is PostState.FAILED:
        values |= {"first_sent": post.first_sent}
    is_news = (TABLE.c.id == post.id) & (TABLE.c.state != PostState.SENT)
    return await _change(connection, is_news if state is PostState.SENT else _is_held(post), values)


def _is_held(post: PostRow) -> ColumnElement[bool]:
    return (TABLE.c.id == post.id) & (TABLE.c.state == PostState.CLAIMED) & (TABLE.c.attempts == post.attempts)


async def _change(connection: AsyncConnection, where: ColumnElement[bool], values: dict[str, Any]) -> bool:
    return (await connection.execute(update(TABLE).where(where).values(values))).rowcount > 0


async def history(connection: AsyncConnection, subscription_id: int) -> tuple[str, ...]:
    """Give the passages that a channel has seen, may have seen or is to see, newest first."""
    statement = (
        select(TABLE.c.passage)
        .where(TABLE.c.subscription_id == subscription_id, TABLE.c.passage.is_not(None))
        .where(TABLE.c.state.not_in((PostState.SKIPPED, PostState.FAILED)))
        .order_by(TABLE.c.id.desc())
    )
    return tuple((await connection.scalars(statement)).all())


async def last_posts(connection: AsyncConnection, subscription_id: int, limit: int = 10) -> tuple[PostRow, ...]:
    """Give the last posts of a subscription in whatever state, newest first."""
    statement = (
        select(TABLE).where(TABLE.c.subscription_id == subscription_id).order_by(TABLE.c.local_date.desc()).limit(limit)
    )
    return tuple(to_post(row) for row in await connection.execute(statement))


async def last_date(connection: AsyncConnection, subscription_id: int, until: str) -> str | None:
    """Give the last local date, up to one, that has its post, or may have."""
    statement = select(func.max(TABLE.c.local_date)).where(
        TABLE.c.subscription_id == subscription_id, TABLE.c.local_date <= until, ~UNMADE
    )
    found: str | None = await connection.scalar(statement)
    return found
