from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.claims import claim_due
from bot.store.posts import last_posts
from bot.store.rows import SubscriptionRow, SubscriptionState
from bot.store.subscriptions import (
    claim_tellings,
    delete_subscription,
    delete_tenant,
    find_far_ahead,
    find_subscription,
    list_subscriptions,
    note_told,
    save_subscription,
    set_due,
    set_state,
)
from tests.bot.store.samples import NEW, NOW, advance

pytestmark = pytest.mark.asyncio
GENERAL = ("discord", "guild", "general")


async def test_a_subscription_is_found_as_it_was_saved(connection: AsyncConnection) -> None:
    saved = await save_subscription(connection, replace(NEW, topic="scaling", episode="lex-94"), NOW)
    assert await find_subscription(connection, *GENERAL) == saved
    assert saved == SubscriptionRow(
        id=saved.id,
        platform="discord",
        tenant="guild",
        channel="general",
        zone="Europe/Berlin",
        minute=540,
        weekdays=127,
        topic="scaling",
        episode="lex-94",
        state=SubscriptionState.ACTIVE,
        why="",
        set_by="somebody",
        created=NOW,
        next_due=NOW,
        next_date="2023-11-14",
        tell_at=None,
    )


async def test_a_channel_without_a_subscription_has_none(connection: AsyncConnection) -> None:
    await save_subscription(connection, NEW, NOW)
    for other in (("slack", "guild", "general"), ("discord", "x", "general"), ("discord", "guild", "x")):
        assert await find_subscription(connection, *other) is None


async def test_saving_again_changes_what_is_wanted_and_wakes_it_with_its_id_kept(
    connection: AsyncConnection,
) -> None:
    before = await save_subscription(connection, replace(NEW, topic="scaling"), NOW)
    await set_state(connection, before.id, SubscriptionState.PAUSED, "no permission")
    after = await save_subscription(connection, replace(NEW, minute=0, set_by="another"), NOW + 5)
    assert after == replace(before, topic=None, minute=0, set_by="another")


async def test_saving_again_does_not_post_twice_on_one_date(connection: AsyncConnection) -> None:
    saved = await save_subscription(connection, NEW, NOW)
    assert await claim_due(connection, "discord", NOW, limit=9, lease=60, advance=advance)
    await save_subscription(connection, NEW, NOW)
    assert await claim_due(connection, "discord", NOW, limit=9, lease=60, advance=advance) == ()
    assert len(await last_posts(connection, saved.id)) == 1


async def test_they_are_listed_by_platform_and_tenant_in_the_order_made(connection: AsyncConnection) -> None:
    for channel, tenant, platform in (("b", "one", "discord"), ("a", "two", "discord"), ("c", "one", "slack")):
        await save_subscription(connection, replace(NEW, channel=channel, tenant=tenant, platform=platform), NOW)
    assert [row.channel for row in await list_subscriptions(connection, "discord")] == ["b", "a"]
    assert [row.channel for row in await list_subscriptions(connection, "discord", "two")] == ["a"]


async def test_a_change_of_state_is_news_once(connection: AsyncConnection) -> None:
    saved = await save_subscription(connection, NEW, NOW)
    assert await set_state(connection, saved.id, SubscriptionState.FAILED, "the channel is gone")
    assert not await set_state(connection, saved.id, SubscriptionState.FAILED, "the channel is gone")
    kept = await find_subscription(connection, *GENERAL)
    assert kept == replace(saved, state=SubscriptionState.FAILED, why="the channel is gone")


async def test_an_owner_is_told_once_and_again_only_where_it_was_not_noted(connection: AsyncConnection) -> None:
    for channel, platform in (("a", "discord"), ("b", "discord"), ("c", "slack"), ("d", "discord")):
        row = await save_subscription(connection, replace(NEW, channel=channel, platform=platform), NOW)
        if channel != "d":
            await set_state(connection, row.id, SubscriptionState.FAILED, "gone", tell_at=NOW)

    async def claim(now: int) -> tuple[SubscriptionRow, ...]:
        return await claim_tellings(connection, "discord", now, limit=9, again=60)

    assert await claim(NOW - 1) == ()
    told, untold = await claim(NOW)
    assert (told.channel, untold.channel) == ("a", "b")
    assert await note_told(connection, told, None)
    assert await claim(NOW + 59) == ()
    (again,) = await claim(NOW + 60)
    assert again.channel == "b"
    assert not await note_told(connection, untold, None)  # somebody else has it by now
    await save_subscription(connection, replace(NEW, channel="b"), NOW)
    assert await claim(NOW + 999) == ()


async def test_what_is_due_only_after_a_time_is_found(connection: AsyncConnection) -> None:
    await save_subscription(connection, NEW, NOW)
    far = await save_subscription(connection, replace(NEW, channel="far", next_due=NOW + 9), NOW)
    paused = await save_subscription(connection, replace(NEW, channel="paused", next_due=NOW + 9), NOW)
    await set_state(connection, paused.id, SubscriptionState.PAUSED)
    assert await find_far_ahead(connection, "discord", NOW + 8) == (far,)
    assert await find_far_ahead(connection, "discord", NOW + 9) == ()


async def test_the_next_time_can_be_set(connection: AsyncConnection) -> None:
    saved = await save_subscription(connection, NEW, NOW)
    assert await set_due(connection, saved.id, NOW + 9, "2023-11-15")
    kept = await find_subscription(connection, *GENERAL)
    assert kept == replace(saved, next_due=NOW + 9, next_date="2023-11-15")
    assert not await set_due(connection, saved.id + 1, NOW, "2023-11-15")


async def test_with_a_subscription_go_its_posts(connection: AsyncConnection) -> None:
    saved = await save_subscription(connection, NEW, NOW)
    await claim_due(connection, "discord", NOW, limit=9, lease=60, advance=advance)
    assert await delete_subscription(connection, *GENERAL)
    assert not await delete_subscription(connection, *GENERAL)
    assert await last_posts(connection, saved.id) == ()


async def test_an_id_is_not_given_twice(connection: AsyncConnection) -> None:
    first = await save_subscription(connection, NEW, NOW)
    await delete_subscription(connection, *GENERAL)
    assert (await save_subscription(connection, NEW, NOW)).id > first.id


async def test_a_tenant_is_forgotten_whole_and_alone(connection: AsyncConnection) -> None:
    for channel in ("a", "b"):
        await save_subscription(connection, replace(NEW, channel=channel), NOW)
    other = await save_subscription(connection, replace(NEW, tenant="other"), NOW)
    assert await delete_tenant(connection, "discord", "guild") == 2
    assert await list_subscriptions(connection, "discord") == (other,)


@pytest.mark.parametrize("wrong", [{"minute": 1440}, {"minute": -1}, {"weekdays": 0}, {"weekdays": 128}])
async def test_what_no_clock_shows_is_not_kept(connection: AsyncConnection, wrong: dict[str, Any]) -> None:
    with pytest.raises(Exception, match="ck_subscriptions"):
        await save_subscription(connection, replace(NEW, **wrong), NOW)
