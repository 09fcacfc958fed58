"""What was posted where and when: the record of each post after it is claimed, and the history of a subscription."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.rows import PostRow, PostState, SubscriptionRow, to_post
from bot.store.tables import POSTS as TABLE
from bot.store.upsert import insert_into

_CONFLICT = ("subscription_id", "local_date")


def post_key(subscription: SubscriptionRow, local_date: str) -> str:
    """Make the key that stays the same however often one post is tried; 24 characters, Discord's nonce takes 25."""
    words = (subscription.platform, subscription.tenant, subscription.channel, local_date)
    return hashlib.blake2s("\n".join(words).encode(), digest_size=12).hexdigest()


async def plan(
    connection: AsyncConnection,
    subscription: SubscriptionRow,
    local_date: str,
    due: int,
    now: int,
    passage: str | None = None,
) -> PostRow | None:
    """Plan a post, to be claimed when its subscription is due; None where that date has one already."""
    return await _insert(connection, subscription, local_date, {"due": due, "passage": passage, "updated": now})


async def record_skipped(
    connection: AsyncConnection, subscription: SubscriptionRow, local_date: str, due: int, now: int, reason: str
) -> PostRow | None:
    """Record that a date goes without a post, and why; None where that date has one already."""
    values = {"due": due, "reason": reason, "state": PostState.SKIPPED, "updated": now}
    return await _insert(connection, subscription, local_date, values)


async def _insert(
    connection: AsyncConnection, subscription: SubscriptionRow, local_date: str, values: dict[str, Any]
) -> PostRow | None:
    given = {"state": PostState.PLANNED, "reason": "", "key": post_key(subscription, local_date), **values}
    statement = (
        insert_into(connection, TABLE)
        .values(subscription_id=subscription.id, local_date=local_date, **given)
        .on_conflict_do_nothing(index_elements=_CONFLICT)
        .returning(*TABLE.c)
    )
    row = (await connection.execute(statement)).one_or_none()
    return to_post(row) if row else None


async def note_sending(connection: AsyncConnection, post: PostRow, passage: str, now: int) -> bool:
    """Record, before the platform is asked, which passage goes out; False: the claim is no longer the caller's.

    What has no `first_sent` was surely never sent, so that it can be sent after a crash on any platform.
    """
    values = {"passage": passage, "first_sent": func.coalesce(TABLE.c.first_sent, now), "updated": now}
    return await _change(connection, _is_held(post.id, post.attempts), values)


async def release(
    connection: AsyncConnection, post: PostRow, until: int, now: int, reason: str, *, was_sent: bool = True
) -> bool:
    """Give a claimed post back for a later time; where this attempt surely sent nothing, only older ones may have."""
    values = {"state": PostState.PLANNED, "lease_until": until, "reason": reason, "updated": now}
    if not was_sent:
        values |= {"first_sent": post.first_sent}
    return await _change(connection, _is_held(post.id, post.attempts), values)


async def mark(
    connection: AsyncConnection,
    post_id: int,
    state: PostState,
    now: int,
    *,
    message_id: str | None = None,
    reason: str = "",
    attempt: int | None = None,
) -> bool:
    """Record what became of a claimed post; False where it is not claimed any more, or not in this attempt."""
    values = {"state": state, "message_id": message_id, "reason": reason, "lease_until": None, "updated": now}
    return await _change(connection, _is_held(post_id, attempt), values)


def _is_held(post_id: int, attempt: int | None) -> ColumnElement[bool]:
    held = (TABLE.c.id == post_id) & (TABLE.c.state == PostState.CLAIMED)
    return held if attempt is None else held & (TABLE.c.attempts == attempt)


async def _change(connection: AsyncConnection, where: ColumnElement[bool], values: dict[str, Any]) -> bool:
    return (await connection.execute(update(TABLE).where(where).values(values))).rowcount > 0


async def history(connection: AsyncConnection, subscription_id: int, limit: int | None = None) -> tuple[str, ...]:
    """Give the passages that a channel has seen, or may have seen, newest first."""
    statement = (
        select(TABLE.c.passage)
        .where(TABLE.c.subscription_id == subscription_id, TABLE.c.passage.is_not(None))
        .where(TABLE.c.state.in_((PostState.SENT, PostState.UNKNOWN)))
        .order_by(TABLE.c.local_date.desc())
        .limit(limit)
    )
    return tuple((await connection.scalars(statement)).all())


async def last_posts(connection: AsyncConnection, subscription_id: int, limit: int = 10) -> tuple[PostRow, ...]:
    """Give the last posts of a subscription in whatever state, newest first."""
    statement = (
        select(TABLE).where(TABLE.c.subscription_id == subscription_id).order_by(TABLE.c.local_date.desc()).limit(limit)
    )
    return tuple(to_post(row) for row in await connection.execute(statement))
