"""Subscriptions to test with."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.rows import NewSubscription, SubscriptionRow
from bot.store.subscriptions import save_subscription

NOW = 1_700_000_000
DAY = 24 * 60 * 60
NEW = NewSubscription(
    platform="discord",
    tenant="guild",
    channel="general",
    zone="Europe/Berlin",
    minute=540,
    weekdays=127,
    set_by="somebody",
    next_due=NOW,
    next_date="2023-11-14",
)


def advance(row: SubscriptionRow) -> tuple[int, str]:
    """Go one day on; the date is right enough for a test."""
    return row.next_due + DAY, f"{row.next_date}+"


async def save_many(connection: AsyncConnection, number: int) -> list[int]:
    """Keep as many subscriptions, all due now; give their ids."""
    made = [await save_subscription(connection, replace(NEW, channel=f"c{n}"), NOW) for n in range(number)]
    return [row.id for row in made]
