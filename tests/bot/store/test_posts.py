from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.claims import claim_due, take_over_expired
from bot.store.posts import history, last_date, last_posts, mark, note_sending, post_key, release
from bot.store.rows import ClaimedRow, PostState, SubscriptionState
from bot.store.subscriptions import delete_subscription, save_subscription, set_state
from tests.bot.store.samples import NEW, NOW, advance

pytestmark = pytest.mark.asyncio


async def claim_one(connection: AsyncConnection, date: str = NEW.next_date) -> ClaimedRow:
    """Make a subscription due and claim its post."""
    await save_subscription(connection, replace(NEW, next_date=date), NOW)
    (row,) = await claim_due(connection, "discord", NOW, limit=9, lease=60, advance=advance)
    return row


async def test_a_key_fits_into_a_nonce_and_tells_days_and_subscriptions_apart(
    connection: AsyncConnection,
) -> None:
    one = await save_subscription(connection, NEW, NOW)
    two = await save_subscription(connection, replace(NEW, channel="other"), NOW)
    await delete_subscription(connection, "discord", "guild", "general")
    anew = await save_subscription(connection, NEW, NOW)
    keys = {post_key(row, date) for row in (one, two, anew) for date in ("2023-11-14", "2023-11-15")}
    assert {len(key) for key in keys} == {24}
    assert len(keys) == 6
    assert post_key(one, "2023-11-14") in keys


@pytest.mark.parametrize("state", [PostState.SENT, PostState.SKIPPED, PostState.UNKNOWN, PostState.FAILED])
async def test_a_claimed_post_is_marked_once(connection: AsyncConnection, state: PostState) -> None:
    post = (await claim_one(connection)).post
    assert await mark(connection, post, state, NOW + 1, message_id="m", reason="r")
    assert not await mark(connection, post, PostState.FAILED, NOW + 2, reason="late")
    (kept,) = await last_posts(connection, post.subscription_id)
    assert kept == replace(post, state=state, message_id="m", reason="r", lease_until=None, updated=NOW + 1)


async def test_an_attempt_that_was_taken_over_can_only_say_that_it_was_made(connection: AsyncConnection) -> None:
    post = (await claim_one(connection)).post
    (again,) = await take_over_expired(connection, "discord", NOW + 60, limit=9, lease=60)
    assert not await mark(connection, post, PostState.UNKNOWN, NOW + 61)
    assert not await note_sending(connection, post, "p", NOW + 61, 60)
    assert not await release(connection, post, NOW + 61, NOW + 61, "", was_sent=False)
    assert await note_sending(connection, again.post, "p", NOW + 61, 60)
    assert await mark(connection, post, PostState.SENT, NOW + 62, message_id="m")
    assert not await mark(connection, again.post, PostState.SENT, NOW + 63, message_id="later")
    (kept,) = await last_posts(connection, post.subscription_id)
    assert (kept.state, kept.message_id) == (PostState.SENT, "m")


@pytest.mark.parametrize("state", [PostState.UNKNOWN, PostState.PLANNED, PostState.FAILED])
async def test_that_it_was_made_is_recorded_over_what_is_less_certain(
    connection: AsyncConnection, state: PostState
) -> None:
    post = (await claim_one(connection)).post
    await note_sending(connection, post, "p", NOW, 60)
    if state is PostState.PLANNED:
        await release(connection, post, NOW + 5, NOW, "no answer", was_sent=True)
    else:
        await mark(connection, post, state, NOW)
    assert await mark(connection, post, PostState.SENT, NOW + 1, message_id="m")
    (kept,) = await last_posts(connection, post.subscription_id)
    assert (kept.state, kept.message_id, kept.lease_until) == (PostState.SENT, "m", None)


@pytest.mark.parametrize("state", SubscriptionState)
async def test_a_post_is_not_begun_once_its_channel_is_paused(
    connection: AsyncConnection, state: SubscriptionState
) -> None:
    post = (await claim_one(connection)).post
    await set_state(connection, post.subscription_id, state)
    assert await note_sending(connection, post, "p", NOW, 60) is (state is not SubscriptionState.PAUSED)


async def test_it_is_remembered_which_passage_goes_out_and_when_it_first_did(connection: AsyncConnection) -> None:
    post = (await claim_one(connection)).post
    assert await note_sending(connection, post, "lex-94:0001", NOW + 1, 60)
    assert await note_sending(connection, post, "lex-94:0001", NOW + 2, 60)
    (kept,) = await last_posts(connection, post.subscription_id)
    assert kept == replace(post, passage="lex-94:0001", first_sent=NOW + 1, updated=NOW + 2, lease_until=NOW + 62)


async def test_a_post_given_back_is_taken_up_again_when_its_time_comes(connection: AsyncConnection) -> None:
    row = await claim_one(connection)
    await note_sending(connection, row.post, "p", NOW + 1, 60)
    assert await release(connection, row.post, NOW + 100, NOW + 2, "rate limit", was_sent=True)
    assert not await mark(connection, row.post, PostState.UNKNOWN, NOW + 3)
    assert await take_over_expired(connection, "discord", NOW + 99, limit=9, lease=60) == ()
    (again,) = await take_over_expired(connection, "discord", NOW + 100, limit=9, lease=60)
    assert (again.post.key, again.post.passage, again.post.attempts) == (row.post.key, "p", 2)


async def test_the_history_is_what_a_channel_may_have_seen_newest_first(connection: AsyncConnection) -> None:
    states = [PostState.SENT, PostState.FAILED, PostState.UNKNOWN, PostState.SKIPPED, PostState.SENT]
    for number, state in enumerate(states):
        row = await claim_one(connection, f"2023-11-{10 + number}")
        await note_sending(connection, row.post, f"p{number}", NOW, 60)
        await mark(connection, row.post, state, NOW)
    coming = await claim_one(connection, "2023-11-20")
    await note_sending(connection, coming.post, "p5", NOW, 60)
    assert await history(connection, row.subscription.id) == ("p5", "p4", "p2", "p0")
    assert [post.local_date[-2:] for post in await last_posts(connection, row.subscription.id, 2)] == ["20", "14"]


async def test_the_last_date_is_of_what_was_made_or_may_have_been(connection: AsyncConnection) -> None:
    states = [PostState.SENT, PostState.UNKNOWN, PostState.SKIPPED, PostState.FAILED]
    for number, state in enumerate(states):
        row = await claim_one(connection, f"2023-11-{10 + number}")
        await mark(connection, row.post, state, NOW)
    assert await last_date(connection, row.subscription.id, "2023-11-30") == "2023-11-11"
    assert await last_date(connection, row.subscription.id, "2023-11-10") == "2023-11-10"
    assert await last_date(connection, row.subscription.id, "2023-11-09") is None
