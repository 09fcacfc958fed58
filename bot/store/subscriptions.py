"""Which channels want a daily quote, when and of what."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.rows import NewSubscription, SubscriptionRow, SubscriptionState, to_subscription
from bot.store.tables import SUBSCRIPTIONS as TABLE
from bot.store.upsert import insert_into

_PLACE = ("platform", "tenant", "channel")


def _is_place(platform: str, tenant: str, channel: str) -> ColumnElement[bool]:
    return (TABLE.c.platform == platform) & (TABLE.c.tenant == tenant) & (TABLE.c.channel == channel)


async def save_subscription(connection: AsyncConnection, new: NewSubscription, now: int) -> SubscriptionRow:
    """Keep a channel's subscription, active; one that is there is changed, with its id and posts kept."""
    values = asdict(new) | {"state": SubscriptionState.ACTIVE, "why": "", "tell_at": None}
    changed = {name: value for name, value in values.items() if name not in _PLACE}
    statement = (
        insert_into(connection, TABLE)
        .values(**values, created=now)
        .on_conflict_do_update(index_elements=_PLACE, set_=changed)
        .returning(*TABLE.c)
    )
    return to_subscription((await connection.execute(statement)).one())


async def find_subscription(
    connection: AsyncConnection, platform: str, tenant: str, channel: str
) -> SubscriptionRow | None:
    """Find the subscription of a channel."""
    row = (await connection.execute(select(TABLE).where(_is_place(platform, tenant, channel)))).one_or_none()
    return to_subscription(row) if row else None


async def list_subscriptions(
    connection: AsyncConnection, platform: str, tenant: str | None = None
) -> tuple[SubscriptionRow, ...]:
    """List a platform's subscriptions, or those of one tenant, in the order they were made."""
    statement = select(TABLE).where(TABLE.c.platform == platform).order_by(TABLE.c.id)
    if tenant is not None:
        statement = statement.where(TABLE.c.tenant == tenant)
    return tuple(to_subscription(row) for row in await connection.execute(statement))


async def delete_subscription(connection: AsyncConnection, platform: str, tenant: str, channel: str) -> bool:
    """Forget a channel's subscription and its posts; say whether there was one."""
    done = await connection.execute(delete(TABLE).where(_is_place(platform, tenant, channel)))
    return done.rowcount > 0


async def delete_tenant(connection: AsyncConnection, platform: str, tenant: str) -> int:
    """Forget all subscriptions of a tenant and their posts; say how many there were."""
    done = await connection.execute(delete(TABLE).where(TABLE.c.platform == platform, TABLE.c.tenant == tenant))
    return done.rowcount


async def set_state(
    connection: AsyncConnection,
    subscription_id: int,
    state: SubscriptionState,
    why: str = "",
    tell_at: int | None = None,
) -> bool:
    """Pause, fail or wake a subscription, its owner to be told at `tell_at`; say whether that was news."""
    news = (TABLE.c.id == subscription_id) & (TABLE.c.state != state)
    values = {"state": state, "why": why, "tell_at": tell_at}
    return (await connection.execute(update(TABLE).where(news).values(values))).rowcount > 0


async def claim_tellings(
    connection: AsyncConnection, platform: str, now: int, *, limit: int, again: int
) -> tuple[SubscriptionRow, ...]:
    """Claim failed subscriptions whose owners are to be told; to be told `again` seconds later unless `note_told`."""
    due = (
        select(TABLE.c.id)
        .where(TABLE.c.platform == platform, TABLE.c.tell_at <= now)
        .order_by(TABLE.c.tell_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = (await connection.scalars(due)).all()
    if not ids:
        return ()
    claim = update(TABLE).where(TABLE.c.id.in_(ids)).values(tell_at=now + again).returning(*TABLE.c)
    return tuple(to_subscription(row) for row in await connection.execute(claim))


async def note_told(connection: AsyncConnection, row: SubscriptionRow, again_at: int | None) -> bool:
    """Record that an owner was told, or when to try again; False where the subscription was changed meanwhile."""
    claimed = (TABLE.c.id == row.id) & (TABLE.c.tell_at == row.tell_at)
    return (await connection.execute(update(TABLE).where(claimed).values(tell_at=again_at))).rowcount > 0


async def find_far_ahead(connection: AsyncConnection, platform: str, until: int) -> tuple[SubscriptionRow, ...]:
    """Find active subscriptions that are due only after `until`: set while a clock was wrong."""
    far = (TABLE.c.platform == platform) & (TABLE.c.state == SubscriptionState.ACTIVE) & (TABLE.c.next_due > until)
    return tuple(to_subscription(row) for row in await connection.execute(select(TABLE).where(far)))


async def set_due(connection: AsyncConnection, subscription_id: int, next_due: int, next_date: str) -> bool:
    """Set when a subscription is due next; say whether there is one."""
    values = {"next_due": next_due, "next_date": next_date}
    return (await connection.execute(update(TABLE).where(TABLE.c.id == subscription_id).values(values))).rowcount > 0
