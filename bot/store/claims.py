"""Which posts are whose: a row is claimed under a lease before it is sent, so that two processes post once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from sqlalchemy import Select, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import QuoteBotError
from bot.store.posts import UNMADE, post_key
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

log = logging.getLogger(__name__)

_CHANGED = ("next_due", "next_date", "state", "why", "tell_at")

Advance = Callable[[SubscriptionRow], tuple[int, str]]
"""From a subscription to its next due time and local date after this one; raises QuoteBotError where there is none."""


async def claim_due(
    connection: AsyncConnection, platform: str, now: int, *, limit: int, lease: int, advance: Advance
) -> tuple[ClaimedRow, ...]:
    """Claim the posts that are due, each a subscription's on its local date, and set when each is due next.

    Call it in a write transaction, again until it gives nothing. A post that was made, or may have been, is not claimed
    again, and its subscription goes on; one whose next time cannot be told becomes `failed` after this post.
    """
    due = await _lock_due(connection, platform, now, limit)
    if not due:
        return ()
    posts = await _insert_claims(connection, due, now, now + lease)
    await _advance(connection, due, advance, now)
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
            "passage": None,
            **claimed,
        }
        for row in due
    ]
    statement = insert_into(connection, POSTS)
    anew = {name: statement.excluded[name] for name in ("due", "key", "reason", "passage")}
    statement = statement.on_conflict_do_update(
        index_elements=["subscription_id", "local_date"],
        set_=claimed | anew | {"attempts": POSTS.c.attempts + 1},
        where=UNMADE,
    )
    rows = await connection.execute(statement.returning(*POSTS.c), values)
    return {row.subscription_id: to_post(row) for row in rows}


async def _advance(connection: AsyncConnection, due: Sequence[SubscriptionRow], advance: Advance, now: int) -> None:
    statement = (
        update(SUBSCRIPTIONS)
        .where(SUBSCRIPTIONS.c.id == bindparam("this"))
        .values({name: bindparam(f"new_{name}") for name in _CHANGED})
    )
    await connection.execute(statement, [{"this": row.id, **_next_of(row, advance, now)} for row in due])


def _next_of(row: SubscriptionRow, advance: Advance, now: int) -> dict[str, int | str | None]:
    try:
        next_due, next_date = advance(row)
    except QuoteBotError as error:
        return _failed(row, str(error), now)
    except Exception:  # the edge: one subscription that cannot be read must not hold up the others
        log.exception("subscription %s has no next time", row.id)
        return _failed(row, "Its next time cannot be told; set the daily quote anew.", now)
    if next_due <= row.next_due:
        return _failed(row, "Its next time would not be after its last one.", now)
    return _columns(next_due, next_date, row.state, row.why, None)


def _failed(row: SubscriptionRow, why: str, now: int) -> dict[str, int | str | None]:
    return _columns(row.next_due, row.next_date, SubscriptionState.FAILED, why, now)


def _columns(*values: int | str | None) -> dict[str, int | str | None]:
    return {f"new_{name}": value for name, value in zip(_CHANGED, values, strict=True)}


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
    """Say when there is next something to claim, take over or tell; None where nothing is planned."""
    table = SUBSCRIPTIONS.c
    due = select(func.min(table.next_due)).where(table.platform == platform, table.state == SubscriptionState.ACTIVE)
    leased = POSTS.c.state.in_((PostState.PLANNED, PostState.CLAIMED))
    lease = select(func.min(POSTS.c.lease_until)).join(SUBSCRIPTIONS).where(leased, table.platform == platform)
    telling = select(func.min(table.tell_at)).where(table.platform == platform, table.tell_at.is_not(None))
    times = [await connection.scalar(statement) for statement in (due, lease, telling)]
    return min((time for time in times if time is not None), default=None)


async def count_due(connection: AsyncConnection, platform: str, now: int, *, limit: int) -> int:
    """Count the subscriptions that are due, up to a limit."""
    table = SUBSCRIPTIONS.c
    due = (
        select(table.id)
        .where(table.platform == platform, table.state == SubscriptionState.ACTIVE, table.next_due <= now)
        .limit(limit)
    )
    return (await connection.execute(select(func.count()).select_from(due.subquery()))).scalar_one()
