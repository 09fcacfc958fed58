"""Which posts are whose: a row is claimed under a lease before it is sent, so that two processes post once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Select, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import QuoteBotError, StoreError
from bot.store.posts import post_key
from bot.store.rows import (
    ClaimedRow,
    PostRow,
    PostState,
    SubscriptionRow,
    SubscriptionState,
    to_post,
    to_subscription,
)
from bot.store.tables import POSTS, SUBSCRIPTIONS
from bot.store.upsert import insert_into

Advance = Callable[[SubscriptionRow], tuple[int, str]]
"""From a subscription to its next due time and local date after this one; raises QuoteBotError where there is none."""


async def claim_due(
    connection: AsyncConnection, platform: str, now: int, *, limit: int, lease: int, advance: Advance
) -> tuple[ClaimedRow, ...]:
    """Claim the posts that are due, each a subscription's on its local date, and set when each is due next.

    Call it in a write transaction of its own, again until it gives nothing. A post that exists already is not claimed
    again, and its subscription goes on; one whose next time cannot be told becomes `failed` after this post.
    """
    due = await _lock_due(connection, platform, now, limit)
    if not due:
        return ()
    posts = await _insert_claims(connection, due, now, now + lease)
    await _advance(connection, due, advance)
    return tuple(ClaimedRow(posts[row.id], row) for row in due if row.id in posts)


async def _lock_due(connection: AsyncConnection, platform: str, now: int, limit: int) -> list[SubscriptionRow]:
    table = SUBSCRIPTIONS.c
    # SQLite, which knows no row locks, leaves FOR UPDATE out: there the whole transaction is BEGIN IMMEDIATE
    statement = (
        select(SUBSCRIPTIONS)
        .where(table.platform == platform, table.state == SubscriptionState.ACTIVE, table.next_due <= now)
        .order_by(table.next_due, table.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [to_subscription(row) for row in await connection.execute(statement)]


async def _insert_claims(
    connection: AsyncConnection, due: Sequence[SubscriptionRow], now: int, lease_until: int
) -> dict[int, PostRow]:
    claimed = {"state": PostState.CLAIMED, "lease_until": lease_until, "updated": now}
    values = [
        {
            "subscription_id": row.id,
            "local_date": row.next_date,
            "due": row.next_due,
            "key": post_key(row, row.next_date),
            "attempts": 1,
            "reason": "",
            **claimed,
        }
        for row in due
    ]
    statement = insert_into(connection, POSTS).on_conflict_do_update(
        index_elements=["subscription_id", "local_date"],
        set_=claimed | {"attempts": POSTS.c.attempts + 1},
        where=(POSTS.c.state == PostState.PLANNED) & (func.coalesce(POSTS.c.lease_until, 0) <= now),
    )
    rows = await connection.execute(statement.returning(*POSTS.c), values)
    return {row.subscription_id: to_post(row) for row in rows}


async def _advance(connection: AsyncConnection, due: Sequence[SubscriptionRow], advance: Advance) -> None:
    statement = (
        update(SUBSCRIPTIONS)
        .where(SUBSCRIPTIONS.c.id == bindparam("this"))
        .values({name: bindparam(f"new_{name}") for name in ("next_due", "next_date", "state", "why")})
    )
    await connection.execute(statement, [_next_of(row, advance) for row in due])


def _next_of(row: SubscriptionRow, advance: Advance) -> dict[str, int | str]:
    next_due, next_date, state, why = row.next_due, row.next_date, row.state, row.why
    try:
        next_due, next_date = advance(row)
        if next_due <= row.next_due:
            raise StoreError("Its next time would not be after its last one.")
    except QuoteBotError as error:
        next_due, next_date, state, why = row.next_due, row.next_date, SubscriptionState.FAILED, str(error)
    return {"this": row.id, "new_next_due": next_due, "new_next_date": next_date, "new_state": state, "new_why": why}


def _expired(platform: str, now: int) -> Select[tuple[object, ...]]:
    leased = POSTS.c.state.in_((PostState.PLANNED, PostState.CLAIMED))
    return (
        select(POSTS)
        .join(SUBSCRIPTIONS)
        .where(leased, POSTS.c.lease_until <= now, SUBSCRIPTIONS.c.platform == platform)
        .order_by(POSTS.c.lease_until, POSTS.c.id)
    )


async def take_over_expired(
    connection: AsyncConnection, platform: str, now: int, *, limit: int, lease: int
) -> tuple[ClaimedRow, ...]:
    """Claim again the posts whose lease ran out: those given back for later, and those of a process that died."""
    locked = _expired(platform, now).limit(limit).with_for_update(skip_locked=True, of=POSTS)
    ids = [row.id for row in await connection.execute(locked)]
    if not ids:
        return ()
    values = {
        "state": PostState.CLAIMED,
        "lease_until": now + lease,
        "attempts": POSTS.c.attempts + 1,
        "updated": now,
    }
    taken = await connection.execute(update(POSTS).where(POSTS.c.id.in_(ids)).values(values).returning(*POSTS.c))
    posts = sorted((to_post(row) for row in taken), key=lambda post: ids.index(post.id))
    owners = select(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.id.in_({post.subscription_id for post in posts}))
    subscriptions = {row.id: to_subscription(row) for row in await connection.execute(owners)}
    return tuple(ClaimedRow(post, subscriptions[post.subscription_id]) for post in posts)


async def next_wake(connection: AsyncConnection, platform: str) -> int | None:
    """Say when there is next something to claim or take over; None where nothing is planned."""
    table = SUBSCRIPTIONS.c
    due = select(func.min(table.next_due)).where(table.platform == platform, table.state == SubscriptionState.ACTIVE)
    leased = POSTS.c.state.in_((PostState.PLANNED, PostState.CLAIMED))
    lease = select(func.min(POSTS.c.lease_until)).join(SUBSCRIPTIONS).where(leased, table.platform == platform)
    times = [await connection.scalar(due), await connection.scalar(lease)]
    return min((time for time in times if time is not None), default=None)
