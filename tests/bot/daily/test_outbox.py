from __future__ import annotations

import asyncio
import math
import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.daily.outbox import AGAIN, TELL_AGAIN
from bot.daily.poster import ChannelGoneError, OutcomeUnknownError, PostError, RetryLaterError
from bot.daily.runner import AT_ONCE, LONGEST_QUIET, Runner
from bot.daily.schedule import describe
from bot.store.database import Database, open_database
from bot.store.rows import PostState, SubscriptionState
from tests.bot.daily.parts import (
    DAY,
    DUE,
    HOUR,
    KEYED,
    POOL,
    Clock,
    Platform,
    build_outbox,
    deliver,
    look,
    posts,
    save,
)

pytestmark = pytest.mark.asyncio

GONE = "The channel is gone."


async def test_a_due_post_is_made_and_recorded(database: Database, platform: Platform) -> None:
    await save(database)
    assert await deliver(build_outbox(database, platform)) == 1
    (message,), (post,) = platform.messages, await posts(database)
    assert (post.state, post.message_id, post.local_date) == (PostState.SENT, "1", "2027-01-15")
    assert (post.passage, post.key, post.lease_until) == (message.passage, message.key, None)
    assert len(message.key) <= 25
    row = await look(database)
    assert (row.next_due, row.next_date) == (DUE + DAY, "2027-01-16")


async def test_nothing_is_posted_before_its_time_and_nothing_twice(database: Database, platform: Platform) -> None:
    await save(database)
    outbox = build_outbox(database, platform)
    for now, made in ((DUE - 1, 0), (DUE, 1), (DUE, 1), (DUE + DAY - 1, 1), (DUE + DAY, 2)):
        platform.clock.now = now
        await deliver(outbox)
        assert len(platform.messages) == made


async def test_day_after_day_the_episode_changes_and_nothing_comes_again_before_all_have_come(
    database: Database, platform: Platform
) -> None:
    await save(database)
    outbox = build_outbox(database, platform)
    for day in range(len(POOL.quotes)):
        platform.clock.now = DUE + day * DAY
        await deliver(outbox)
    passages = [message.passage for message in platform.messages]
    assert sorted(passages) == sorted(passage.id for passage, _ in POOL.quotes)
    assert all(int(one[-1]) % 2 != int(next_one[-1]) % 2 for one, next_one in pairwise(passages))


async def test_where_the_platform_asks_to_wait_the_same_quote_comes_later_though_it_has_no_keys(
    database: Database, platform: Platform
) -> None:
    await save(database)
    platform.faults = [RetryLaterError(30), RetryLaterError(0.2)]
    outbox = build_outbox(database, platform)
    await deliver(outbox)
    (post,) = await posts(database)
    assert (post.state, post.lease_until, post.first_sent) == (PostState.PLANNED, DUE + 30, None)
    assert post.reason == "The platform asks to wait 30 s."
    platform.clock.now = DUE + 29
    assert await deliver(outbox) == 0
    for now in (DUE + 30, DUE + 31):
        platform.clock.now = now
        assert await deliver(outbox) == 1
    (made,) = await posts(database)
    assert (made.state, made.passage, made.attempts, made.reason) == (PostState.SENT, post.passage, 3, "")
    assert [message.passage for message in platform.messages] == [post.passage]


@pytest.mark.parametrize(("asked", "until"), [(1.4, 3), (0.0, 2), (-5.0, 2), (math.nan, 2), (math.inf, 6 * HOUR + 1)])
async def test_however_long_the_platform_asks_to_wait_nothing_is_asked_of_it_before(
    database: Database, platform: Platform, asked: float, until: int
) -> None:
    await save(database)
    platform.faults, platform.clock.now = [RetryLaterError(asked)], DUE + 0.95
    await deliver(build_outbox(database, platform))
    (post,) = await posts(database)
    assert (post.state, post.lease_until) == (PostState.PLANNED, DUE + until)


async def test_a_platform_that_asks_all_to_wait_is_left_alone_until_then(
    database: Database, platform: Platform
) -> None:
    for number in range(40):
        await save(database, channel=f"c{number}")
    platform.faults = [RetryLaterError(30)] * 999
    runner = Runner(build_outbox(database, platform), spread=0)
    await runner.deliver_due()
    first = platform.asked
    assert AT_ONCE <= first < 2 * AT_ONCE
    platform.clock.now = DUE + 29
    await runner.deliver_due()
    assert platform.asked == first
    platform.clock.now = DUE + 30
    await runner.deliver_due()
    assert AT_ONCE <= platform.asked - first < 2 * AT_ONCE
    platform.faults.clear()
    platform.clock.now = DUE + 60
    await runner.deliver_due()
    assert len(platform.messages) == 40


async def test_posts_that_must_wait_long_hold_the_others_up_for_a_minute_only(
    database: Database, platform: Platform
) -> None:
    for number in range(3 * AT_ONCE):
        await save(database, channel=f"c{number}")
    runner = Runner(build_outbox(database, platform), spread=0)
    platform.faults = [RetryLaterError(300)] * 2 * AT_ONCE
    await runner.deliver_due()
    refused = platform.asked
    assert (platform.messages, AT_ONCE <= refused < 2 * AT_ONCE) == ([], True)
    platform.faults.clear()
    platform.clock.now += LONGEST_QUIET
    await runner.deliver_due()
    assert len(platform.messages) == 3 * AT_ONCE - refused


async def test_a_platform_that_asks_some_to_wait_still_gets_the_others(database: Database, platform: Platform) -> None:
    for number in range(3 * AT_ONCE):
        await save(database, channel=f"c{number}")
    platform.faults = [RetryLaterError(30)] * (AT_ONCE - 1)
    await deliver(build_outbox(database, platform))
    assert len(platform.messages) == 3 * AT_ONCE - (AT_ONCE - 1)


async def test_a_platform_that_asks_to_wait_for_too_long_gets_no_post_any_more(
    database: Database, platform: Platform
) -> None:
    await save(database)
    platform.faults = [RetryLaterError(7 * HOUR)]
    outbox = build_outbox(database, platform)
    await deliver(outbox)
    platform.clock.now = DUE + 6 * HOUR
    await deliver(outbox)
    (post,) = await posts(database)
    assert (post.state, post.reason, platform.asked) == (PostState.SKIPPED, "too late", 1)


async def test_a_channel_that_is_gone_fails_and_whoever_set_it_up_is_told_once(
    database: Database, platform: Platform
) -> None:
    await save(database)
    platform.faults = [ChannelGoneError(GONE)] * 3
    outbox = build_outbox(database, platform)
    for day in range(3):
        platform.clock.now = DUE + day * DAY
        await deliver(outbox)
    (post,), row = await posts(database), await look(database)
    assert (post.state, post.reason, post.message_id) == (PostState.FAILED, GONE, None)
    assert (row.state, row.why) == (SubscriptionState.FAILED, GONE)
    assert platform.told == [f"somebody: The daily quote is paused. {GONE}"]
    assert platform.asked == 1


async def test_whoever_cannot_be_told_stops_nothing(database: Database, platform: Platform) -> None:
    await save(database)
    await save(database, channel="other")
    platform.faults = [ChannelGoneError(GONE)]
    platform.cannot_tell = ChannelGoneError("Nobody there.")
    await deliver(build_outbox(database, platform))
    assert {(await look(database, channel)).state for channel in ("general", "other")} == {
        SubscriptionState.FAILED,
        SubscriptionState.ACTIVE,
    }
    assert len(platform.messages) == 1


@pytest.mark.parametrize(
    ("fault", "later", "times"),
    [
        (RetryLaterError(40), 40, 1),
        (OutcomeUnknownError("No answer."), TELL_AGAIN, 1),
        (ChannelGoneError(GONE), DAY, 0),
    ],
)
async def test_an_owner_who_could_not_be_told_is_told_later(
    database: Database, platform: Platform, fault: PostError, later: int, times: int
) -> None:
    await save(database)
    platform.faults, platform.cannot_tell = [ChannelGoneError(GONE)], fault
    outbox = build_outbox(database, platform)
    await deliver(outbox)
    platform.cannot_tell = None
    for now, told in ((later - 1, 0), (later, times), (later + DAY, times)):
        platform.clock.now = DUE + now
        await deliver(outbox)
        assert len(platform.told) == told


async def test_an_owner_is_told_though_the_process_died_before(database: Database, platform: Platform) -> None:
    await save(database)
    platform.faults = [ChannelGoneError(GONE)]
    outbox = build_outbox(database, platform)
    (claimed,) = await outbox.claim(9)
    await outbox.deliver(claimed)  # and it dies
    await deliver(outbox)
    await deliver(outbox)
    assert platform.told == [f"somebody: The daily quote is paused. {GONE}"]


async def test_an_owner_who_set_it_going_again_is_told_nothing(database: Database, platform: Platform) -> None:
    await save(database)
    platform.faults = [ChannelGoneError(GONE)]
    outbox = build_outbox(database, platform)
    (claimed,) = await outbox.claim(9)
    await outbox.deliver(claimed)
    await save(database, next_due=DUE + DAY, next_date="2027-01-16")
    await deliver(outbox)
    assert platform.told == []


async def test_a_refused_post_that_an_earlier_attempt_may_have_made_stays_unknown(
    database: Database, keyed: Platform
) -> None:
    await save(database)
    keyed.faults, keyed.makes_anyway = [OutcomeUnknownError("No answer.")], True
    outbox = build_outbox(database, keyed)
    await deliver(outbox)
    keyed.faults, keyed.makes_anyway, keyed.clock.now = [ChannelGoneError(GONE)], False, DUE + AGAIN
    await deliver(outbox)
    (post,), row = await posts(database), await look(database)
    assert (post.state, post.reason, row.state) == (PostState.UNKNOWN, GONE, SubscriptionState.FAILED)


@pytest.mark.parametrize("known_for", [0, KEYED])
async def test_a_post_that_never_returns_is_given_up_within_its_lease(
    database: Database, clock: Clock, known_for: int
) -> None:
    await save(database)
    platform = Platform(clock, known_for)
    platform.is_open.clear()
    await deliver(replace(build_outbox(database, platform), patience=0.01))
    (post,) = await posts(database)
    assert post.state is (PostState.PLANNED if known_for else PostState.UNKNOWN)
    assert post.reason == "no answer came in 0.01 s"


async def test_a_telling_that_never_returns_is_given_up(database: Database, platform: Platform) -> None:
    await save(database)
    platform.faults = [ChannelGoneError(GONE)]
    platform.hears.clear()
    outbox = replace(build_outbox(database, platform), patience=0.01)
    await deliver(outbox)
    platform.hears.set()
    platform.clock.now = DUE + TELL_AGAIN
    await deliver(outbox)
    assert len(platform.told) == 1


async def test_the_lease_begins_when_a_post_is_sent(database: Database, platform: Platform) -> None:
    await save(database)
    slow, quick = build_outbox(database, platform), build_outbox(database, platform)
    (claimed,) = await slow.claim(9)
    platform.clock.now = DUE + 58
    platform.is_open.clear()
    sending = asyncio.create_task(slow.deliver(claimed))
    await platform.arrived.wait()
    platform.clock.now = DUE + 58 + 59
    assert await deliver(quick) == 0
    platform.is_open.set()
    await sending
    (post,) = await posts(database)
    assert (post.state, post.message_id) == (PostState.SENT, "1")


@pytest.mark.parametrize("known_for", [0, KEYED])
async def test_an_answer_that_comes_when_the_post_was_taken_over_is_recorded_all_the_same(
    database: Database, clock: Clock, known_for: int
) -> None:
    await save(database)
    platform = Platform(clock, known_for)
    slow, quick = build_outbox(database, platform), build_outbox(database, platform)
    (claimed,) = await slow.claim(9)
    platform.is_open.clear()
    sending = asyncio.create_task(slow.deliver(claimed))
    await platform.arrived.wait()
    clock.now = DUE + 60
    (again,) = await quick.claim(9)
    if not known_for:
        await quick.deliver(again)
    platform.is_open.set()
    await sending
    (post,) = await posts(database)
    assert (post.state, post.message_id) == (PostState.SENT, "1")
    if known_for:
        await quick.deliver(again)
        assert await posts(database) == [post]
    assert len(platform.messages) == 1


async def test_what_is_not_recorded_for_another_has_the_post_is_in_the_log(
    database: Database, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    await save(database)
    outbox = build_outbox(database, platform)
    (claimed,) = await outbox.claim(9)
    await outbox.deliver(claimed)
    platform.clock.now = DUE + 7 * HOUR
    await outbox.deliver(claimed)
    assert caplog.messages == [
        f"post {claimed.post.id} is not skipped (message None, 'too late'): another process holds it"
    ]


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (None, PostState.SENT),
        (RetryLaterError(5), PostState.PLANNED),
        (ChannelGoneError(GONE), PostState.FAILED),
        (OutcomeUnknownError("No answer."), PostState.UNKNOWN),
    ],
)
async def test_an_outcome_is_recorded_though_the_database_is_busy_just_then(
    tmp_path: Path, platform: Platform, fault: PostError | None, state: PostState
) -> None:
    async with open_database(f"sqlite:///{tmp_path}/ilya.db?timeout=0.01") as database:
        await save(database)
        outbox = replace(build_outbox(database, platform), pauses=[0.01] * 500)
        (claimed,) = await outbox.claim(9)
        platform.faults = [fault] if fault else []
        platform.is_open.clear()
        sending = asyncio.create_task(outbox.deliver(claimed))
        await platform.arrived.wait()
        with closing(sqlite3.connect(tmp_path / "ilya.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            busy = count_refusals(database)
            platform.is_open.set()
            async with asyncio.timeout(10):
                await busy.wait()
            other.execute("ROLLBACK")
        await sending
        (post,) = await posts(database)
        assert post.state is state


def count_refusals(database: Database) -> asyncio.Event:
    """Say when the database has refused something."""
    refused = asyncio.Event()
    event.listen(database.engine.sync_engine, "handle_error", lambda _: refused.set())
    return refused


async def test_a_subscription_is_told_in_words(database: Database) -> None:
    row = await save(database, weekdays=0b0011111, zone="Europe/London", minute=9 * 60 + 5)
    assert describe(row) == "on weekdays at 09:05 (Europe/London)"
