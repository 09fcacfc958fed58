"""Tests of when a daily quote is due, over all zones."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.daily.schedule import (
    EVERY_DAY,
    Due,
    Rule,
    next_due,
    parse_time,
    parse_weekdays,
    to_instant,
    to_weekday_names,
)
from bot.errors import ScheduleError

ZONES = sorted(zone for zone in available_timezones() if "localtime" not in zone.casefold())
ZONE = st.sampled_from(ZONES)
TIME = st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0))
RULE = st.builds(Rule, ZONE, TIME, st.frozensets(st.integers(0, 6), min_size=1))
INSTANT = st.datetimes(datetime(2016, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DAY = timedelta(days=1)


def chain(rule: Rule, after: datetime, count: int) -> list[Due]:
    dues: list[Due] = []
    for _ in range(count):
        dues.append(next_due(rule, after))
        after = dues[-1].instant
    return dues


def instants_at(day: date, at: time, zone: ZoneInfo) -> list[datetime]:
    """Find all instants that a clock shows a time, by looking at each offset that was in use around it."""
    naive = datetime.combine(day, at)
    around = [(naive + hours).replace(tzinfo=UTC) for hours in (timedelta(hours=hour) for hour in range(-50, 51))]
    offsets = {moment.astimezone(zone).utcoffset() or timedelta() for moment in around}
    found = {(naive - offset).replace(tzinfo=UTC) for offset in offsets}
    return sorted(moment for moment in found if moment.astimezone(zone).replace(tzinfo=None) == naive)


def on(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@given(RULE, INSTANT)
def test_what_is_due_next_is_later_and_on_a_wanted_weekday(rule: Rule, after: datetime) -> None:
    due = next_due(rule, after)
    assert due.instant > after
    assert due.local_date.weekday() in rule.weekdays
    assert due.instant.tzinfo is UTC


@given(RULE, INSTANT)
def test_a_chain_covers_every_wanted_date_once_and_in_order(rule: Rule, after: datetime) -> None:
    dues = chain(rule, after, 40)
    dates = [due.local_date for due in dues]
    first, last = dates[0], dates[-1]
    every = [first + DAY * number for number in range((last - first).days + 1)]
    assert dates == [day for day in every if day.weekday() in rule.weekdays]
    assert all(one.instant < two.instant for one, two in pairwise(dues))


@given(RULE, INSTANT)
def test_it_is_due_at_the_first_instant_that_the_clock_shows_the_time(rule: Rule, after: datetime) -> None:
    due = next_due(rule, after)
    shown = instants_at(due.local_date, rule.at, ZoneInfo(rule.zone))
    assert not shown or due.instant == shown[0]


@given(ZONE, TIME, ZONE, TIME, INSTANT)
def test_a_changed_zone_or_time_never_brings_a_date_twice(
    zone: str, at: time, other: str, then: time, after: datetime
) -> None:
    posted = next_due(Rule(zone, at), after)
    following = next_due(Rule(other, then), posted.instant, not_on=posted.local_date)
    assert following.local_date > posted.local_date
    assert following.instant > posted.instant


def test_the_first_and_the_last_change_of_every_clock_in_ten_years_are_kept() -> None:
    noon = [datetime(2016, 1, 1, 12, tzinfo=UTC) + DAY * number for number in range(3653)]
    seen = changes = 0
    for name in ZONES:
        zone = ZoneInfo(name)
        offsets = [moment.astimezone(zone).utcoffset() for moment in noon]
        found = [two for (two, before), after in zip(zip(noon[1:], offsets, strict=False), offsets[1:], strict=True)
                 if before != after]  # fmt: skip
        changes += len(found)
        for moment in found[:1] + found[-1:]:
            for at in (time(0), time(0, 30), time(1, 30), time(2, 30), time(23, 30)):
                check_around(Rule(name, at), moment)
                seen += 1
    assert changes > 4000
    assert seen > 2000


def check_around(rule: Rule, moment: datetime) -> None:
    zone = ZoneInfo(rule.zone)
    dues = chain(rule, moment - 3 * DAY, 5)
    assert [two.local_date - one.local_date for one, two in pairwise(dues)] == [DAY] * 4
    for due in dues:
        shown = instants_at(due.local_date, rule.at, zone)
        if shown:
            assert due.instant == shown[0]
        else:
            assert_begins_after_a_gap(due.instant, zone)


def assert_begins_after_a_gap(instant: datetime, zone: ZoneInfo) -> None:
    before = instant - timedelta(seconds=1)
    after, earlier = instant.astimezone(zone).utcoffset(), before.astimezone(zone).utcoffset()
    assert after is not None
    assert earlier is not None
    assert after > earlier


@pytest.mark.parametrize("name", ["Europe/Atlantis", "../etc/passwd", ""])
def test_a_zone_that_is_no_more_is_told(name: str) -> None:
    with pytest.raises(ScheduleError, match="is no more; set the daily quote anew"):
        next_due(Rule(name, time(9)), on(2024, 5, 1))


@pytest.mark.parametrize(
    ("zone", "day", "at", "instant"),
    [
        ("Europe/Berlin", date(2024, 3, 31), time(2, 30), on(2024, 3, 31, 1)),
        ("America/New_York", date(2024, 3, 10), time(2), on(2024, 3, 10, 7)),
        ("America/Sao_Paulo", date(2018, 11, 4), time(0), on(2018, 11, 4, 3)),
        ("Australia/Lord_Howe", date(2024, 10, 6), time(2, 15), on(2024, 10, 5, 15, 30)),
        ("Africa/Casablanca", date(2024, 4, 14), time(2, 59), on(2024, 4, 14, 2)),
    ],
)
def test_a_time_in_a_gap_becomes_the_first_instant_after_it(zone: str, day: date, at: time, instant: datetime) -> None:
    assert to_instant(day, at, ZoneInfo(zone)) == instant


@pytest.mark.parametrize(
    ("zone", "day", "at", "instant"),
    [
        ("Europe/Berlin", date(2024, 10, 27), time(2, 30), on(2024, 10, 27, 0, 30)),
        ("America/New_York", date(2024, 11, 3), time(1), on(2024, 11, 3, 5)),
        ("Australia/Lord_Howe", date(2024, 4, 7), time(1, 45), on(2024, 4, 6, 14, 45)),
    ],
)
def test_of_two_instants_the_first_is_taken(zone: str, day: date, at: time, instant: datetime) -> None:
    assert to_instant(day, at, ZoneInfo(zone)) == instant


@pytest.mark.parametrize(
    ("zone", "skipped"),
    [
        ("Pacific/Apia", date(2011, 12, 30)),
        ("Pacific/Fakaofo", date(2011, 12, 30)),
        ("Pacific/Kwajalein", date(1993, 8, 21)),
        ("Pacific/Kiritimati", date(1994, 12, 31)),
    ],
)
@pytest.mark.parametrize("at", [time(0), time(9), time(23, 59)])
def test_a_date_that_a_zone_skipped_has_no_post(zone: str, skipped: date, at: time) -> None:
    midday = datetime.combine(skipped, time(12), tzinfo=UTC)
    dates = [due.local_date for due in chain(Rule(zone, at), midday - 4 * DAY, 8)]
    assert skipped not in dates
    assert [(two - one).days for one, two in pairwise(dates)].count(2) == 1


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("9:00", time(9)), ("09.00", time(9)), ("9h00", time(9)), ("21", time(21)), ("9 am", time(9)),
        ("12 am", time(0)), ("12:30 p.m.", time(12, 30)), ("930", time(9, 30)), ("0:00", time(0)),
        ("23:59", time(23, 59)),
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_write_it(typed: str, at: time) -> None:
    assert parse_time(typed) == at


@pytest.mark.parametrize("typed", ["", "24:00", "9:60", "13 pm", "0 am", "noon", "-1", "9:5", "9:00:00"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(ScheduleError, match="not a time of day"):
        parse_time(typed)


@given(st.text() | st.from_regex(r"\d{0,4}[:.h ]?\d{0,3} ?[aApP]?\.?[mM]?\.?", fullmatch=True))
def test_any_time_typed_is_a_time_or_a_schedule_error(typed: str) -> None:
    with suppress(ScheduleError):
        assert isinstance(parse_time(typed), time)


@given(TIME)
def test_a_time_as_it_is_shown_is_read_again(at: time) -> None:
    assert parse_time(f"{at:%H:%M}") == at


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("", EVERY_DAY), ("daily", EVERY_DAY), ("Every  Day", EVERY_DAY), ("weekdays", frozenset(range(5))),
        ("mon wed fri", frozenset({0, 2, 4})), ("Mon-Thu", frozenset(range(4))), ("fri – mon", frozenset({4, 5, 6, 0})),
        ("Tuesdays, thurs", frozenset({1, 3})), ("sun", frozenset({6})),
    ],
)  # fmt: skip
def test_weekdays_are_read_as_people_write_them(typed: str, days: frozenset[int]) -> None:
    assert parse_weekdays(typed) == days


@pytest.mark.parametrize("typed", ["monkey", "mo", "sunny", "mon-", "-mon", "some day", ",", "mon-tue-wed"])
def test_what_names_no_weekdays_is_refused(typed: str) -> None:
    with pytest.raises(ScheduleError, match="does not name weekdays"):
        parse_weekdays(typed)


@given(st.text() | st.lists(st.sampled_from(["mon", "tue", "sunday", "-", "–", ",", " ", "x"])).map("".join))
def test_any_weekdays_typed_are_some_or_a_schedule_error(typed: str) -> None:
    with suppress(ScheduleError):
        assert frozenset() < parse_weekdays(typed) <= EVERY_DAY


@given(st.frozensets(st.integers(0, 6), min_size=1))
def test_weekdays_as_they_are_named_are_read_again(days: frozenset[int]) -> None:
    assert parse_weekdays(to_weekday_names(days)) == days
