from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.daily.outbox import Outbox
from bot.daily.picker import Pool
from bot.daily.service import DailyService, Place, Request
from bot.errors import PoolError, ScheduleError, UnknownEpisodeError
from bot.store.database import Database
from bot.store.rows import PostState, SubscriptionRow, SubscriptionState
from bot.store.subscriptions import set_state
from tests.bot.daily.parts import DAY, DUE, HOUR, POOL, Clock, Platform, deliver

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


async def run_days(service: DailyService, clock: Clock, days: int) -> list[str]:
    """Post for some days, from nine on; give the passages."""
    platform = Platform(clock)
    outbox = Outbox(service.database, platform, service.choose, service.find_quote, clock)
    for day in range(days):
        clock.now = DUE + day * DAY
        await deliver(outbox)
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
    row = await service.subscribe(PLACE, Request("21:30", "Pacific/Kiritimati"), "somebody")
    assert row.next_date == "2027-01-16"


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
    assert [each.hit.passage.id for each in after] == (await run_on(service, clock, 18, 12))[:7]


async def _now(service: DailyService) -> SubscriptionRow:
    row = await service.find(PLACE)
    assert row
    return row


async def run_on(service: DailyService, clock: Clock, first: int, days: int) -> list[str]:
    """Post for some days more."""
    platform = Platform(clock)
    outbox = Outbox(service.database, platform, service.choose, service.find_quote, clock)
    for day in range(first, first + days):
        clock.now = DUE + day * DAY
        await deliver(outbox)
    return [message.passage for message in platform.messages]


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
