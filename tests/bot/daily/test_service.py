from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from bot.daily.outbox import Outbox
from bot.daily.picker import Pool
from bot.daily.poster import ChannelGoneError, OutcomeUnknownError, RetryLaterError
from bot.daily.service import DailyService, Place, Request
from bot.errors import PoolError, ScheduleError, UnknownEpisodeError
from bot.store.database import Database
from bot.store.rows import PostState, SubscriptionRow, SubscriptionState
from bot.store.subscriptions import set_state
from tests.bot.daily.parts import DAY, DUE, HOUR, POOL, Clock, Platform, deliver, save

pytestmark = pytest.mark.asyncio

PLACE = Place("discord", "guild", "general")
NINE = Request("9:00", "UTC")


def pool_for(topic: str | None, episode: str | None) -> Pool:
    """Give all quotes, those of an even number, or none."""
    if episode == "nope":
        raise UnknownEpisodeError("There is no episode 'nope'.")
    if topic == "zebras":
        return Pool(())
    return Pool(POOL.quotes[::2]) if topic == "even" else POOL


@pytest.fixture
def clock() -> Clock:
    """Give a clock that stands an hour before nine."""
    return Clock(DUE - HOUR)


@pytest.fixture
def service(database: Database, clock: Clock) -> DailyService:
    """Give the service, over few quotes."""
    return DailyService(database, POOL, pool_for, clock)


async def run(service: DailyService, platform: Platform) -> None:
    """Post what is due now."""
    await deliver(Outbox(service.database, platform, service.choose, service.find_quote, platform.clock))


async def run_days(service: DailyService, clock: Clock, days: int, first: int = 0) -> list[str]:
    """Post for some days, at nine from the first on; give the passages."""
    platform = Platform(clock)
    for day in range(first, first + days):
        clock.now = DUE + day * DAY
        await run(service, platform)
    return [message.passage for message in platform.messages]


async def test_a_channel_gets_its_quote_from_the_next_time_on(service: DailyService) -> None:
    row = await service.subscribe(PLACE, Request(" 9 am", "europe/london", "weekdays"), "somebody")
    assert (row.zone, row.minute, row.weekdays) == ("Europe/London", 540, 0b0011111)
    assert (row.next_due, row.next_date, row.state) == (DUE, "2027-01-15", SubscriptionState.ACTIVE)
    assert (row.set_by, row.topic, row.episode) == ("somebody", None, None)
    assert await service.find(PLACE) == row
    assert await service.find(Place("discord", "guild", "other")) is None


async def test_a_time_that_is_past_today_is_tomorrows(service: DailyService) -> None:
    row = await service.subscribe(PLACE, Request("07:59", "UTC"), "somebody")
    assert row.next_date == "2027-01-16"


async def test_it_can_be_changed(service: DailyService) -> None:
    first = await service.subscribe(PLACE, NINE, "somebody")
    second = await service.subscribe(PLACE, Request("21:30", "UTC", "sat sun", topic="even"), "another")
    assert second.id == first.id
    assert (second.minute, second.topic, second.set_by) == (21 * 60 + 30, "even", "another")
    assert second.next_date == "2027-01-16"


async def test_changed_after_todays_quote_it_goes_on_tomorrow(service: DailyService, clock: Clock) -> None:
    await service.subscribe(PLACE, NINE, "somebody")
    await run_days(service, clock, 1)
    row = await service.subscribe(PLACE, Request("21:30", "UTC"), "somebody")
    assert row.next_date == "2027-01-16"


async def test_changed_after_the_quote_of_a_date_that_is_still_to_come_elsewhere_it_goes_on_after_that_date(
    service: DailyService, clock: Clock
) -> None:
    clock.now = DUE - 13 * HOUR
    await service.subscribe(PLACE, Request("11:00", "Pacific/Kiritimati"), "somebody")  # 21:00 UTC the day before
    clock.now = DUE - 12 * HOUR
    await run(service, Platform(clock))
    assert len(await service.posts(await _now(service))) == 1
    row = await service.subscribe(PLACE, NINE, "somebody")
    assert row.next_date == "2027-01-16"


@pytest.mark.parametrize("fault", [ChannelGoneError("No permission."), None])
async def test_a_date_whose_quote_could_not_be_posted_can_still_have_one(
    service: DailyService, clock: Clock, fault: Exception | None
) -> None:
    await service.subscribe(PLACE, NINE, "somebody")
    platform = Platform(clock, faults=[fault] if fault else [])
    clock.now = DUE if fault else DUE + 7 * HOUR  # refused, or too late
    await run(service, platform)
    assert platform.messages == []
    at = "12:00" if fault else "17:00"
    row = await service.subscribe(PLACE, Request(at, "UTC"), "somebody")
    assert row.next_date == "2027-01-15"
    clock.now = row.next_due
    await run(service, platform)
    assert len(platform.messages) == 1
    (post,) = await service.posts(row)
    assert (post.state, post.due, post.reason) == (PostState.SENT, row.next_due, "")


async def test_a_clock_that_was_ahead_once_silences_nothing(service: DailyService, clock: Clock) -> None:
    await service.subscribe(PLACE, NINE, "somebody")
    clock.now = DUE + 1000 * DAY
    await run(service, Platform(clock))
    clock.now = DUE + DAY
    same = await service.subscribe(PLACE, NINE, "somebody")
    changed = await service.subscribe(PLACE, Request("10:00", "UTC"), "somebody")
    await service.pause(PLACE)
    resumed = await service.resume(PLACE)
    assert resumed
    assert [row.next_date for row in (same, changed, resumed)] == ["2027-01-17", "2027-01-16", "2027-01-16"]


async def test_stopped_and_set_again_it_is_another_series_and_another_message(
    service: DailyService, clock: Clock
) -> None:
    platform = Platform(clock, 300)
    await service.subscribe(PLACE, NINE, "somebody")
    for day in range(3):
        clock.now = DUE + day * DAY
        await run(service, platform)
    await service.unsubscribe(PLACE)
    clock.now += 60
    row = await service.subscribe(PLACE, Request("9:02", "UTC"), "somebody")
    clock.now += 60
    await run(service, platform)
    (post,) = await service.posts(row)
    assert (post.local_date, post.message_id, len(platform.messages)) == ("2027-01-17", "4", 4)
    orders = {
        tuple(coming.hit.passage.id for coming in await service.preview(await set_anew(service), 8)) for _ in range(4)
    }
    assert len(orders) == 4


async def set_anew(service: DailyService) -> SubscriptionRow:
    """Stop a channel's quote and set it again."""
    await service.unsubscribe(PLACE)
    return await service.subscribe(PLACE, NINE, "somebody")


async def test_set_again_just_the_same_what_is_due_and_not_posted_yet_stays_due(
    service: DailyService, clock: Clock
) -> None:
    await service.subscribe(PLACE, NINE, "somebody")
    clock.now = DUE + HOUR  # the bot was down at nine, and sets it up again when it starts
    row = await service.subscribe(PLACE, replace(NINE, topic="even"), "somebody")
    assert (row.next_due, row.topic) == (DUE, "even")
    later = await service.subscribe(PLACE, Request("9:30", "UTC"), "somebody")
    assert later.next_date == "2027-01-16"


@pytest.mark.parametrize(
    ("request_", "error", "told"),
    [
        (Request("25:00", "UTC"), ScheduleError, "not a time of day"),
        (Request("", "UTC"), ScheduleError, "not a time of day"),
        (Request("9:00", "EST"), ScheduleError, "abbreviation.*America/New_York"),
        (Request("9:00", "Europe/Londn"), ScheduleError, "no time zone"),
        (Request("9:00", "UTC", "someday"), ScheduleError, "does not name weekdays"),
        (Request("9:00", "UTC", topic="zebras"), PoolError, "No quote fits"),
        (Request("9:00", "UTC", episode="nope"), UnknownEpisodeError, "no episode"),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(
    service: DailyService, request_: Request, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        await service.subscribe(PLACE, request_, "somebody")
    assert await service.find(PLACE) is None
    before = await service.subscribe(PLACE, NINE, "somebody")
    with pytest.raises(error):
        await service.subscribe(PLACE, request_, "another")
    assert await service.find(PLACE) == before


async def test_paused_nothing_comes_and_resumed_it_goes_on_with_what_is_to_come(
    service: DailyService, clock: Clock
) -> None:
    await service.subscribe(PLACE, NINE, "somebody")
    assert await service.pause(PLACE)
    row = await service.find(PLACE)
    assert row
    assert (row.state, row.why) == (SubscriptionState.PAUSED, "paused by hand")
    assert await run_days(service, clock, 3) == []
    clock.now += HOUR
    resumed = await service.resume(PLACE)
    assert resumed
    assert (resumed.state, resumed.why, resumed.next_due) == (SubscriptionState.ACTIVE, "", DUE + 3 * DAY)
    assert await service.posts(resumed) == ()


async def test_resumed_on_the_day_of_its_last_quote_it_goes_on_tomorrow(service: DailyService, clock: Clock) -> None:
    await service.subscribe(PLACE, NINE, "somebody")
    await run_days(service, clock, 1)
    await service.pause(PLACE)
    clock.now = DUE - HOUR  # a clock put right
    resumed = await service.resume(PLACE)
    assert resumed
    assert resumed.next_date == "2027-01-16"


async def test_resuming_what_was_not_paused_loses_nothing_that_is_due(service: DailyService, clock: Clock) -> None:
    await service.subscribe(PLACE, NINE, "somebody")
    clock.now = DUE + 60
    resumed = await service.resume(PLACE)
    assert resumed
    assert resumed.next_due == DUE


@pytest.mark.parametrize("again", [DailyService.resume, None])
async def test_what_failed_can_be_set_going_again(
    service: DailyService, again: Callable[[DailyService, Place], object] | None
) -> None:
    row = await service.subscribe(PLACE, Request("9:00", "UTC"), "somebody")
    async with service.database.begin() as connection:
        await set_state(connection, row.id, SubscriptionState.FAILED, "The channel is gone.")
    if again:
        await service.resume(PLACE)
    else:
        await service.subscribe(PLACE, NINE, "somebody")
    found = await service.find(PLACE)
    assert found
    assert (found.state, found.why, found.next_due) == (SubscriptionState.ACTIVE, "", DUE)


async def test_unsubscribed_nothing_is_left(service: DailyService, clock: Clock) -> None:
    await service.subscribe(PLACE, NINE, "somebody")
    await run_days(service, clock, 1)
    assert await service.unsubscribe(PLACE)
    assert await service.find(PLACE) is None
    assert await run_days(service, clock, 3) == []
    assert not await service.unsubscribe(PLACE)


async def test_what_is_not_there_can_be_neither_paused_nor_resumed(service: DailyService) -> None:
    assert not await service.pause(PLACE)
    assert await service.resume(PLACE) is None


async def test_the_last_posts_are_told_newest_first(service: DailyService, clock: Clock) -> None:
    row = await service.subscribe(PLACE, NINE, "somebody")
    made = await run_days(service, clock, 3)
    told = await service.posts(row, 2)
    assert [(post.local_date, post.state) for post in told] == [
        ("2027-01-17", PostState.SENT),
        ("2027-01-16", PostState.SENT),
    ]
    assert [post.passage for post in told] == made[:0:-1]


@pytest.mark.parametrize("request_", [NINE, Request("9:00", "UTC", topic="even"), Request("9:00", "UTC", "mon-fri")])
async def test_what_is_previewed_is_what_is_posted_day_after_day(
    service: DailyService, clock: Clock, request_: Request
) -> None:
    row = await service.subscribe(PLACE, request_, "somebody")
    coming = await service.preview(row, 12)
    assert [due.due.instant.timestamp() for due in coming][:1] == [DUE]
    posted = await run_days(service, clock, 18)
    assert posted[:12] == [each.hit.passage.id for each in coming]
    told = await service.posts(row, 18)
    assert [post.local_date for post in reversed(told)][:12] == [str(each.due.local_date) for each in coming]
    after = await service.preview(await _now(service), 7)
    assert [each.hit.passage.id for each in after] == (await run_days(service, clock, 12, first=18))[:7]


async def test_the_preview_of_what_is_paused_begins_with_what_would_come_if_it_were_resumed(
    service: DailyService, clock: Clock
) -> None:
    await service.subscribe(PLACE, NINE, "somebody")
    await run_days(service, clock, 2)
    await service.pause(PLACE)
    clock.now = DUE + 30 * DAY + HOUR
    coming = await service.preview(await _now(service), 3)
    await service.resume(PLACE)
    assert coming == await service.preview(await _now(service), 3)
    assert str(coming[0].due.local_date) == "2027-02-15"


@pytest.mark.parametrize(("late", "first"), [(HOUR, "2027-01-15"), (7 * HOUR, "2027-01-16"), (3 * DAY, "2027-01-18")])
async def test_the_preview_of_what_is_overdue_begins_with_what_is_not_too_late(
    service: DailyService, clock: Clock, late: int, first: str
) -> None:
    row = await service.subscribe(PLACE, NINE, "somebody")
    clock.now = DUE + late
    coming = await service.preview(row, 2)
    assert str(coming[0].due.local_date) == first
    platform = Platform(clock)
    await run(service, platform)
    clock.now = max(clock.now, coming[0].due.instant.timestamp())
    await run(service, platform)
    assert [message.passage for message in platform.messages] == [coming[0].hit.passage.id]


async def test_the_preview_does_not_count_on_the_quote_that_waits_to_be_posted(
    service: DailyService, clock: Clock
) -> None:
    row = await service.subscribe(PLACE, NINE, "somebody")
    platform = Platform(clock, faults=[RetryLaterError(600)])
    clock.now = DUE
    await run(service, platform)
    coming = await service.preview(await _now(service), 2)
    for now in (DUE + 600, DUE + DAY, DUE + 2 * DAY):
        clock.now = now
        await run(service, platform)
    assert [message.passage for message in platform.messages][1:] == [each.hit.passage.id for each in coming]
    assert len(await service.posts(row)) == 3


@pytest.mark.parametrize("ask", [DailyService.resume, DailyService.post_now])
async def test_a_zone_that_is_no_more_is_told(
    service: DailyService, ask: Callable[[DailyService, Place], Coroutine[Any, Any, object]]
) -> None:
    row = await save(service.database, zone="Europe/Atlantis", next_due=DUE - DAY)
    if ask is DailyService.resume:
        await service.pause(PLACE)
    with pytest.raises(ScheduleError, match="Europe/Atlantis is no more"):
        await ask(service, PLACE)
    with pytest.raises(ScheduleError, match="Europe/Atlantis is no more"):
        await service.preview(row)


async def test_todays_quote_can_be_posted_at_once_and_once(service: DailyService, clock: Clock) -> None:
    with pytest.raises(ScheduleError, match="No daily quote is set here"):
        await service.post_now(PLACE)
    row = await service.subscribe(PLACE, NINE, "somebody")
    coming = await service.preview(row, 2)
    platform = Platform(clock)
    for _ in range(2):  # pressed twice
        await service.post_now(PLACE)
    await run(service, platform)
    with pytest.raises(ScheduleError, match="has been posted already"):
        await service.post_now(PLACE)
    for now in (DUE, DUE + DAY):
        clock.now = now
        await run(service, platform)
    assert [message.passage for message in platform.messages] == [each.hit.passage.id for each in coming]
    assert [post.local_date for post in await service.posts(row)] == ["2027-01-16", "2027-01-15"]
    await service.pause(PLACE)
    with pytest.raises(ScheduleError, match="paused"):
        await service.post_now(PLACE)


@pytest.mark.parametrize("fault", [RetryLaterError(600), OutcomeUnknownError("No answer.")])
async def test_todays_quote_is_not_posted_at_once_while_it_is_being_posted_or_may_have_been(
    service: DailyService, clock: Clock, fault: Exception
) -> None:
    await service.subscribe(PLACE, NINE, "somebody")
    clock.now = DUE
    await run(service, Platform(clock, faults=[fault]))
    with pytest.raises(ScheduleError, match="has been posted already"):
        await service.post_now(PLACE)


async def test_todays_quote_that_was_refused_can_be_posted_at_once(service: DailyService, clock: Clock) -> None:
    await service.subscribe(PLACE, NINE, "somebody")
    platform = Platform(clock, faults=[ChannelGoneError("No permission.")])
    clock.now = DUE
    await run(service, platform)
    clock.now = DUE + HOUR
    await service.resume(PLACE)
    await service.post_now(PLACE)
    await run(service, platform)
    assert len(platform.messages) == 1


async def test_what_makes_something_due_wakes_those_who_sleep(service: DailyService) -> None:
    sleeper, gone = Sleeping(), Sleeping()
    service.sleepers.update((sleeper, gone))
    del gone
    await service.subscribe(PLACE, NINE, "somebody")
    assert sleeper.woken == 1
    await service.pause(PLACE)
    await service.resume(PLACE)
    assert sleeper.woken == 2
    await service.post_now(PLACE)
    assert sleeper.woken == 3
    assert len(service.sleepers) == 1


class Sleeping:
    """What counts how often it is woken."""

    woken = 0

    def wake(self) -> None:
        """Count."""
        self.woken += 1


async def _now(service: DailyService) -> SubscriptionRow:
    row = await service.find(PLACE)
    assert row
    return row


async def test_two_channels_get_their_quotes_in_different_orders(service: DailyService) -> None:
    orders = {
        tuple(
            coming.hit.passage.id
            for coming in await service.preview(
                await service.subscribe(replace(PLACE, channel=str(number)), NINE, "somebody"), len(POOL.quotes)
            )
        )
        for number in range(6)
    }
    assert len(orders) == 6


async def test_a_quote_is_found_by_its_passage(service: DailyService) -> None:
    passage, sentences = POOL.quotes[3]
    found = service.find_quote(passage.id)
    assert found
    assert (found.passage, found.sentences) == (passage, sentences)
    assert service.find_quote("nope") is None
