"""Posts whose outcome is not known, late ones, and what dead or slow processes leave."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

from bot.daily.outbox import AGAIN, FARTHEST, Choose, Outbox
from bot.daily.picker import Pool, pick
from bot.daily.poster import OutcomeUnknownError, RetryLaterError
from bot.daily.schedule import next_due, to_rule
from bot.errors import QueryError, UnknownEpisodeError
from bot.models import Hit
from bot.store.database import Database, open_database
from bot.store.posts import last_posts
from bot.store.rows import PostState, SubscriptionRow, SubscriptionState
from bot.store.subscriptions import save_subscription, set_state
from bot.store.tables import POSTS
from tests.bot.daily.parts import (
    DAY,
    DUE,
    HOUR,
    KEYED,
    NEW,
    Clock,
    Platform,
    build_outbox,
    build_pool,
    deliver,
    look,
    posts,
    save,
)
from tests.databases import Place

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("is_made", [True, False])
async def test_without_keys_an_unknown_outcome_is_recorded_and_never_tried_again(
    database: Database, platform: Platform, is_made: bool
) -> None:
    await save(database)
    platform.faults, platform.makes_anyway = [OutcomeUnknownError("No answer.")], is_made
    outbox = build_outbox(database, platform)
    for later in (0, 1, 60, HOUR):
        platform.clock.now = DUE + later
        await deliver(outbox)
    (post,) = await posts(database)
    assert (post.state, post.reason, platform.asked) == (PostState.UNKNOWN, "No answer.", 1)
    platform.clock.now = DUE + DAY
    await deliver(outbox)
    assert platform.messages[-1].passage != post.passage


@pytest.mark.parametrize("is_made", [True, False])
async def test_with_keys_an_unknown_outcome_is_tried_again_and_comes_once(
    database: Database, keyed: Platform, is_made: bool
) -> None:
    await save(database)
    keyed.faults, keyed.makes_anyway = [OutcomeUnknownError("No answer.")] * 2, is_made
    outbox = build_outbox(database, keyed)
    for tries in range(3):
        keyed.clock.now = DUE + tries * AGAIN
        assert await deliver(outbox) == 1
    (post,), (message,) = await posts(database), keyed.messages
    assert (post.state, post.message_id, post.attempts) == (PostState.SENT, "1", 3)
    assert (post.passage, post.key, post.first_sent) == (message.passage, message.key, DUE)


@pytest.mark.parametrize("is_made", [True, False])
async def test_when_the_platform_may_have_forgotten_the_key_the_outcome_stays_unknown(
    database: Database, keyed: Platform, is_made: bool
) -> None:
    await save(database)
    keyed.faults, keyed.makes_anyway = [OutcomeUnknownError("No answer.")] * 99, is_made
    outbox = build_outbox(database, keyed)
    for later in range(0, 2 * KEYED, AGAIN):
        keyed.clock.now = DUE + later
        await deliver(outbox)
    (post,) = await posts(database)
    assert (post.state, post.reason) == (PostState.UNKNOWN, "No answer.")
    assert keyed.asked == KEYED / AGAIN
    assert len(keyed.messages) == is_made


async def test_a_clock_set_back_behind_the_first_try_does_not_make_an_old_key_good_again(
    database: Database, keyed: Platform
) -> None:
    await save(database)
    keyed.faults = [OutcomeUnknownError("No answer.")]
    outbox = build_outbox(database, keyed)
    await deliver(outbox)
    async with database.begin() as connection:  # by another process's clock it is not yet
        await connection.execute(update(POSTS).values(first_sent=DUE + AGAIN + 1))
    keyed.clock.now = DUE + AGAIN
    await deliver(outbox)
    assert [post.state for post in await posts(database)] == [PostState.UNKNOWN]


async def test_a_clock_set_back_a_little_again_and_again_makes_no_more_tries_than_a_right_one(
    database: Database, keyed: Platform
) -> None:
    await save(database)
    keyed.faults = [OutcomeUnknownError("No answer.")] * 99
    outbox = build_outbox(database, keyed)
    for _ in range(40):
        await deliver(outbox)
        keyed.clock.now = DUE + AGAIN
        async with database.begin() as connection:
            await connection.execute(update(POSTS).values(lease_until=DUE))
    assert keyed.asked == 1 + KEYED / AGAIN


async def test_what_may_have_been_made_is_not_skipped_for_being_late(database: Database, clock: Clock) -> None:
    await save(database)
    platform = Platform(clock, DAY, faults=[OutcomeUnknownError("No answer.")])
    outbox = build_outbox(database, platform)
    await deliver(outbox)
    clock.now = DUE + 7 * HOUR
    await deliver(outbox)
    assert [post.state for post in await posts(database)] == [PostState.SENT]


@pytest.mark.parametrize(("late", "is_posted"), [(0, True), (6 * HOUR - 1, True), (6 * HOUR, False), (DAY - 1, False)])
async def test_late_by_less_than_six_hours_it_is_posted_once_and_later_skipped(
    database: Database, platform: Platform, late: int, is_posted: bool
) -> None:
    await save(database)
    outbox = build_outbox(database, platform)
    platform.clock.now = DUE + late
    for _ in range(2):
        await deliver(outbox)
    (post,), row = await posts(database), await look(database)
    assert len(platform.messages) == is_posted
    assert (post.state, post.reason) == ((PostState.SENT, "") if is_posted else (PostState.SKIPPED, "too late"))
    assert row.next_due == DUE + DAY


@pytest.mark.parametrize(("late", "last"), [(HOUR, PostState.SENT), (7 * HOUR, PostState.SKIPPED)])
async def test_each_missed_day_is_recorded_and_todays_quote_still_comes(
    database: Database, platform: Platform, late: int, last: PostState
) -> None:
    await save(database)
    platform.clock.now = DUE + 4 * DAY + late
    await deliver(build_outbox(database, platform))
    made = await posts(database)
    assert [post.local_date for post in made] == [f"2027-01-{day}" for day in range(15, 20)]
    assert [post.state for post in made] == [PostState.SKIPPED] * 4 + [last]
    assert platform.asked == (last is PostState.SENT)
    assert (await look(database)).next_date == "2027-01-20"


async def test_of_a_long_absence_only_the_last_week_is_recorded_day_by_day(
    database: Database, platform: Platform
) -> None:
    await save(database)
    platform.clock.now = DUE + 100 * DAY + HOUR
    await deliver(build_outbox(database, platform))
    made = await posts(database)
    assert made[0].local_date == "2027-01-15"
    assert 7 <= len(made) - 1 <= 8
    assert [post.state for post in made] == [PostState.SKIPPED] * (len(made) - 1) + [PostState.SENT]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Tokyo", "America/Los_Angeles"])
async def test_a_changed_zone_never_posts_twice_on_one_local_date(
    database: Database, platform: Platform, zone: str
) -> None:
    await save(database)
    outbox = build_outbox(database, platform)
    await deliver(outbox)
    rule = to_rule(replace(await look(database), zone=zone))
    due = next_due(rule, datetime.fromtimestamp(DUE, UTC), date(2027, 1, 15))
    await save(database, zone=zone, next_due=int(due.instant.timestamp()), next_date=due.local_date.isoformat())
    for hours in range(1, 49):
        platform.clock.now = DUE + hours * HOUR
        await deliver(outbox)
    dates = [post.local_date for post in await posts(database)]
    assert dates == ["2027-01-15", "2027-01-16", *dates[2:]]
    assert len(set(dates)) == len(dates) == len(platform.messages)


async def test_a_date_that_has_its_post_gets_no_other_even_when_it_is_due_again(
    database: Database, platform: Platform
) -> None:
    await save(database)
    outbox = build_outbox(database, platform)
    await deliver(outbox)
    await save(database, next_due=DUE + HOUR)
    platform.clock.now = DUE + HOUR
    await deliver(outbox)
    assert len(platform.messages) == len(await posts(database)) == 1
    assert (await look(database)).next_date == "2027-01-16"


async def test_a_zone_that_is_no_more_stops_its_own_subscription_only(database: Database, platform: Platform) -> None:
    await save(database, zone="Europe/Atlantis")
    await save(database, channel="other")
    await deliver(build_outbox(database, platform))
    row = await look(database)
    assert (row.state, row.why) == (
        SubscriptionState.FAILED,
        "The time zone Europe/Atlantis is no more; set the daily quote anew.",
    )
    assert {message.channel for message in platform.messages} == {"general", "other"}
    assert platform.told == [f"somebody: The daily quote is paused. {row.why}"]


def _nothing(row: SubscriptionRow, _past: object) -> Hit:
    return pick(Pool(()), row.channel, ())


def _no_episode(row: SubscriptionRow, _past: object) -> Hit:
    raise UnknownEpisodeError(f"There is no episode {row.episode}.")


def _no_query(row: SubscriptionRow, _past: object) -> Hit:
    raise QueryError(f"There is nothing to search for in {row.topic}.")


@pytest.mark.parametrize("choose", [_nothing, _no_episode, _no_query])
async def test_where_there_is_no_quote_any_more_the_subscription_fails_with_why(
    database: Database, platform: Platform, choose: Choose
) -> None:
    await save(database)
    await deliver(replace(build_outbox(database, platform), choose=choose))
    (post,), row = await posts(database), await look(database)
    assert (post.state, row.state, platform.asked) == (PostState.FAILED, SubscriptionState.FAILED, 0)
    assert post.reason == row.why
    assert platform.told == [f"somebody: The daily quote is paused. {row.why}"]


async def test_a_post_that_waits_for_its_turn_is_not_made_once_the_channel_is_paused(
    database: Database, platform: Platform
) -> None:
    row = await save(database)
    platform.faults = [RetryLaterError(30)]
    outbox = build_outbox(database, platform)
    await deliver(outbox)
    async with database.begin() as connection:
        await set_state(connection, row.id, SubscriptionState.PAUSED, "paused by hand")
    platform.clock.now = DUE + 30
    await deliver(outbox)
    (post,) = await posts(database)
    assert (post.state, post.reason, platform.messages) == (PostState.SKIPPED, "paused by hand", [])


async def test_a_post_that_is_claimed_already_is_not_made_once_the_channel_is_paused(
    database: Database, platform: Platform
) -> None:
    row = await save(database)
    outbox = build_outbox(database, platform)
    (claimed,) = await outbox.claim(9)
    async with database.begin() as connection:
        await set_state(connection, row.id, SubscriptionState.PAUSED, "paused by hand")
    await outbox.deliver(claimed)
    platform.clock.now = DUE + 60
    await deliver(outbox)
    (post,) = await posts(database)
    assert (post.state, post.reason, platform.asked) == (PostState.SKIPPED, "paused by hand", 0)


async def test_a_post_of_unknown_outcome_is_not_made_again_once_the_channel_is_paused(
    database: Database, keyed: Platform
) -> None:
    row = await save(database)
    keyed.faults = [OutcomeUnknownError("No answer.")]
    outbox = build_outbox(database, keyed)
    await deliver(outbox)
    async with database.begin() as connection:
        await set_state(connection, row.id, SubscriptionState.PAUSED, "paused by hand")
    keyed.clock.now = DUE + AGAIN
    await deliver(outbox)
    (post,) = await posts(database)
    assert (post.state, post.reason, keyed.asked) == (PostState.UNKNOWN, "No answer.", 1)


async def test_two_posts_of_a_channel_that_are_open_together_get_different_quotes(
    database: Database, platform: Platform
) -> None:
    await save(database)
    platform.faults = [RetryLaterError(5 * HOUR)]
    outbox = build_outbox(database, platform)
    await deliver(outbox)
    await save(database, next_due=DUE + HOUR, next_date="2027-01-16")  # as after a change of its time
    for later in (HOUR, 5 * HOUR):
        platform.clock.now = DUE + later
        await deliver(outbox)
    assert len({message.passage for message in platform.messages}) == 2


async def test_what_a_clock_once_ahead_has_put_off_for_years_is_brought_back(
    database: Database, platform: Platform
) -> None:
    await save(database, next_due=DUE + 1000 * DAY, next_date="2029-10-11")
    await save(database, channel="weekly", next_due=DUE + FARTHEST, next_date="2027-01-30")
    await build_outbox(database, platform).tidy()
    assert (await look(database)).next_due == DUE + DAY
    assert (await look(database, "weekly")).next_due == DUE + FARTHEST


async def test_what_a_dead_process_had_claimed_but_not_sent_is_posted_when_its_lease_ends(
    database: Database, platform: Platform
) -> None:
    await save(database)
    outbox = build_outbox(database, platform)
    assert len(await outbox.claim(9)) == 1  # and it dies
    platform.clock.now = DUE + 59
    assert await deliver(outbox) == 0
    platform.clock.now = DUE + 60
    assert await deliver(outbox) == 1
    (post,) = await posts(database)
    assert (post.state, post.attempts) == (PostState.SENT, 2)


@pytest.mark.parametrize("is_made", [True, False])
async def test_a_post_that_is_taken_over_keeps_its_quote_and_its_key(
    database: Database, keyed: Platform, is_made: bool
) -> None:
    await save(database)
    dead, alive = build_outbox(database, keyed), build_outbox(database, keyed)
    await _die_while_sending(dead, keyed, is_made)
    (left,) = await posts(database)
    # whatever is chosen now, the quote that may have been made is the one
    alive = replace(alive, choose=lambda row, _past: pick(build_pool(1), row.channel, ()))
    keyed.clock.now = DUE + 60
    assert await deliver(alive) == 1
    (post,), (message,) = await posts(database), keyed.messages
    assert post.state is PostState.SENT
    assert (post.passage, post.key) == (left.passage, left.key) == (message.passage, message.key)


@pytest.mark.parametrize("is_made", [True, False])
async def test_without_keys_what_a_dead_process_was_sending_is_unknown(
    database: Database, platform: Platform, is_made: bool
) -> None:
    await save(database)
    outbox = build_outbox(database, platform)
    await _die_while_sending(outbox, platform, is_made)
    platform.clock.now = DUE + 60
    await deliver(outbox)
    (post,) = await posts(database)
    assert (post.state, post.reason) == (PostState.UNKNOWN, "no answer came before the process ended")
    assert platform.asked == 1


async def _die_while_sending(outbox: Outbox, platform: Platform, is_made: bool) -> None:
    """Leave a post as a process that was killed while it sent leaves it."""
    platform.faults, platform.makes_anyway = [ProcessKilledError()], is_made
    (claimed,) = await outbox.claim(9)
    with pytest.raises(ProcessKilledError):
        await outbox.deliver(claimed)


class ProcessKilledError(Exception):
    """Stand for the end of a process: nothing that comes after it is done."""


async def test_a_process_that_was_only_slow_does_not_post_what_another_has_taken_over(
    database: Database, platform: Platform
) -> None:
    await save(database)
    slow, quick = build_outbox(database, platform), build_outbox(database, platform)
    (claimed,) = await slow.claim(9)
    platform.clock.now = DUE + 60
    assert await deliver(quick) == 1
    await slow.deliver(claimed)
    (post,) = await posts(database)
    assert (post.state, post.message_id, platform.asked) == (PostState.SENT, "1", 1)


async def test_two_outboxes_on_one_database_post_each_once(place: Place, clock: Clock) -> None:
    channels = [f"c{number}" for number in range(120)]
    platform = Platform(clock)
    async with open_database(place.url) as one, open_database(place.url) as other:
        async with one.begin() as connection:
            for channel in channels:
                await save_subscription(connection, replace(NEW, channel=channel), DUE)
        counts = await asyncio.gather(*(deliver(build_outbox(database, platform)) for database in (one, other)))
        assert sum(counts) == len(channels)
        assert sorted(message.channel for message in platform.messages) == sorted(channels)
        for channel in channels:
            row = await look(one, channel)
            async with one.connect() as connection:
                (post,) = await last_posts(connection, row.id)
            assert post.state is PostState.SENT


async def test_only_the_posts_of_its_own_platform_are_claimed(database: Database, platform: Platform) -> None:
    await save(database, platform="slack")
    assert await deliver(build_outbox(database, platform)) == 0
