from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.claims import claim_due, take_over_expired
from bot.store.posts import history, last_posts, mark, note_sending, plan, post_key, record_skipped, release
from bot.store.rows import ClaimedRow, PostState
from bot.store.subscriptions import save_subscription
from tests.bot.store.samples import NEW, NOW, advance

pytestmark = pytest.mark.asyncio


async def claim_one(connection: AsyncConnection, date: str = NEW.next_date) -> ClaimedRow:
    """Make a subscription due and claim its post."""
    await save_subscription(connection, replace(NEW, next_date=date), NOW)
    (row,) = await claim_due(connection, "discord", NOW, limit=9, lease=60, advance=advance)
    return row


async def test_a_key_fits_into_a_nonce_and_tells_days_and_channels_apart(connection: AsyncConnection) -> None:
    one = await save_subscription(connection, NEW, NOW)
    two = await save_subscription(connection, replace(NEW, channel="other"), NOW)
    keys = {post_key(row, date) for row in (one, two) for date in ("2023-11-14", "2023-11-15")}
    assert {len(key) for key in keys} == {24}
    assert len(keys) == 4
    assert post_key(one, "2023-11-14") in keys


@pytest.mark.parametrize("state", [PostState.SENT, PostState.SKIPPED, PostState.UNKNOWN, PostState.FAILED])
async def test_a_claimed_post_is_marked_once(connection: AsyncConnection, state: PostState) -> None:
    post = (await claim_one(connection)).post
    assert await mark(connection, post.id, state, NOW + 1, message_id="m", reason="r")
    assert not await mark(connection, post.id, PostState.FAILED, NOW + 2, reason="late")
    (kept,) = await last_posts(connection, post.subscription_id)
    assert kept == replace(post, state=state, message_id="m", reason="r", lease_until=None, updated=NOW + 1)


async def test_an_attempt_that_was_taken_over_cannot_be_marked_by_its_number(connection: AsyncConnection) -> None:
    post = (await claim_one(connection)).post
    (again,) = await take_over_expired(connection, "discord", NOW + 60, limit=9, lease=60)
    assert not await mark(connection, post.id, PostState.SENT, NOW + 61, attempt=post.attempts)
    assert not await note_sending(connection, post, "p", NOW + 61)
    assert await mark(connection, post.id, PostState.SENT, NOW + 61, attempt=again.post.attempts)


async def test_it_is_remembered_which_passage_goes_out_and_when_it_first_did(connection: AsyncConnection) -> None:
    post = (await claim_one(connection)).post
    assert await note_sending(connection, post, "lex-94:0001", NOW + 1)
    assert await note_sending(connection, post, "lex-94:0001", NOW + 2)
    (kept,) = await last_posts(connection, post.subscription_id)
    assert kept == replace(post, passage="lex-94:0001", first_sent=NOW + 1, updated=NOW + 2)


async def test_a_post_given_back_is_taken_up_again_when_its_time_comes(connection: AsyncConnection) -> None:
    row = await claim_one(connection)
    await note_sending(connection, row.post, "p", NOW + 1)
    assert await release(connection, row.post, NOW + 100, NOW + 2, "rate limit")
    assert not await mark(connection, row.post.id, PostState.SENT, NOW + 3)
    assert await take_over_expired(connection, "discord", NOW + 99, limit=9, lease=60) == ()
    (again,) = await take_over_expired(connection, "discord", NOW + 100, limit=9, lease=60)
    assert (again.post.key, again.post.passage, again.post.attempts) == (row.post.key, "p", 2)


async def test_a_planned_post_is_claimed_with_its_passage(connection: AsyncConnection) -> None:
    saved = await save_subscription(connection, NEW, NOW)
    planned = await plan(connection, saved, NEW.next_date, NOW, NOW - 9, passage="p")
    assert planned is not None
    assert await plan(connection, saved, NEW.next_date, NOW, NOW - 9) is None
    (row,) = await claim_due(connection, "discord", NOW, limit=9, lease=60, advance=advance)
    assert row.post == replace(planned, state=PostState.CLAIMED, attempts=1, lease_until=NOW + 60, updated=NOW)


async def test_a_skipped_date_is_not_posted(connection: AsyncConnection) -> None:
    saved = await save_subscription(connection, NEW, NOW)
    skipped = await record_skipped(connection, saved, NEW.next_date, NOW, NOW, "late")
    assert skipped is not None
    assert (skipped.state, skipped.reason) == (PostState.SKIPPED, "late")
    assert await record_skipped(connection, saved, NEW.next_date, NOW, NOW, "late") is None
    assert await claim_due(connection, "discord", NOW, limit=9, lease=60, advance=advance) == ()


async def test_the_history_is_what_a_channel_may_have_seen_newest_first(connection: AsyncConnection) -> None:
    states = [PostState.SENT, PostState.FAILED, PostState.UNKNOWN, PostState.SKIPPED, PostState.SENT]
    for number, state in enumerate(states):
        row = await claim_one(connection, f"2023-11-{10 + number}")
        await note_sending(connection, row.post, f"p{number}", NOW)
        await mark(connection, row.post.id, state, NOW)
    await claim_one(connection, "2023-11-20")
    assert await history(connection, row.subscription.id) == ("p4", "p2", "p0")
    assert await history(connection, row.subscription.id, limit=2) == ("p4", "p2")
    assert [post.local_date[-2:] for post in await last_posts(connection, row.subscription.id, 2)] == ["20", "14"]
