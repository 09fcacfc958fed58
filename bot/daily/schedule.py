"""When a daily quote is due: pure arithmetic on local clocks.

A rule is a local time of day in an IANA zone on some weekdays. In the gap of a clock put forward it is due at the first
instant after the gap; of the two instants of a clock put back, at the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import ScheduleError
from bot.store.rows import SubscriptionRow

LATEST = timedelta(hours=6)
"""A post later than this is skipped: a morning's quote in the evening looks broken, two on one evening more so."""

EVERY_DAY = frozenset(range(7))
"""Monday is 0, as in datetime.weekday."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = {
    "daily": EVERY_DAY,
    "every day": EVERY_DAY,
    "weekdays": frozenset(range(5)),
    "weekends": frozenset({5, 6}),
}
_TIME = re.compile(r"(\d{1,2})(?::|\.|h)?([0-5]\d)?\s*([ap]\.?m\.?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    """A local time of day in a zone, on some weekdays (Monday is 0)."""

    zone: str
    at: time
    weekdays: frozenset[int] = EVERY_DAY


@dataclass(frozen=True, slots=True)
class Due:
    """A day's post: its local date, which it is posted once for, and the instant (UTC)."""

    local_date: date
    instant: datetime


def next_due(rule: Rule, after: datetime, not_on: date | None = None) -> Due:
    """Find the first due instant later than `after` (aware), on a local date later than `not_on`.

    `not_on` is the last local date that was posted for: a changed zone or changed zone data cannot bring it again.
    Raises ScheduleError where the zone is no more.
    """
    zone = to_zone(rule.zone)
    day = after.astimezone(zone).date() - timedelta(days=1)
    while True:
        if day.weekday() in rule.weekdays and (not_on is None or day > not_on):
            instant = to_instant(day, rule.at, zone)
            if instant > after and _exists(day, zone):
                return Due(day, instant)
        day += timedelta(days=1)


def to_zone(name: str) -> ZoneInfo:
    """Load a zone. Raises ScheduleError where it is no more: zones are renamed, and one day an old name goes."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ScheduleError(f"The time zone {name} is no more; set the daily quote anew.") from None


def to_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Turn a local time into an instant (UTC): after a gap, or the first of two."""
    local = datetime.combine(day, at, tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    return _end_of_gap(instant, zone)


def _exists(day: date, zone: ZoneInfo) -> bool:
    """Whether a zone had a day at all: one that moves across the date line skips a whole one."""
    return to_instant(day, time(0), zone).astimezone(zone).date() == day


def _end_of_gap(inside: datetime, zone: ZoneInfo) -> datetime:
    """Find the first instant after a gap: where the offset changes, within a day of a time that does not exist."""
    early, late = inside - timedelta(days=1), inside + timedelta(days=1)
    before = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


def to_rule(row: SubscriptionRow) -> Rule:
    """Read the rule of a subscription: minutes after midnight, a mask of weekdays with Monday as 1."""
    weekdays = frozenset(day for day in range(7) if row.weekdays & 1 << day)
    return Rule(row.zone, time(*divmod(row.minute, 60)), weekdays)


def describe(row: SubscriptionRow) -> str:
    """Say in words when a subscription posts."""
    rule = to_rule(row)
    days = to_weekday_names(rule.weekdays)
    return f"{'' if days == 'every day' else 'on '}{days} at {rule.at:%H:%M} ({rule.zone})"


def parse_time(text: str) -> time:
    """Read a time of day: 9:00, 09.00, 9h00, 21, 9 am. Raises ScheduleError."""
    found = _TIME.fullmatch(text.strip())
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
    if found and found[3]:
        hour = hour % 12 + 12 * found[3].lower().startswith("p") if 1 <= hour <= 12 else 24
    if hour > 23:
        raise ScheduleError(f"{text!r} is not a time of day. Write it as 09:00 or 21:30.")
    return time(hour, minute)


def parse_weekdays(text: str) -> frozenset[int]:
    """Read weekdays: daily, weekdays, weekends, "mon wed fri", "mon-thu". Raises ScheduleError."""
    typed = " ".join(text.casefold().split())
    if typed in ("", *_DAYS):
        return _DAYS.get(typed, EVERY_DAY)
    days: set[int] = set()
    for word in re.split(r"[\s,;]+", re.sub(r"\s*[-–]\s*", "-", typed)):
        first, dash, last = word.partition("-")
        days.update(_day_range(_weekday(first, text), _weekday(last if dash else first, text)))
    return frozenset(days)


def to_weekday_names(weekdays: Iterable[int]) -> str:
    """Name weekdays as people do: every day, weekdays, weekends, or their short names."""
    days = frozenset(weekdays)
    for name in ("every day", "weekdays", "weekends"):
        if days == _DAYS[name]:
            return name
    return ", ".join(_WEEKDAYS[day][:3].capitalize() for day in sorted(days))


def _weekday(word: str, text: str) -> int:
    for number, name in enumerate(_WEEKDAYS):
        if len(word) >= 3 and f"{name}s".startswith(word):
            return number
    raise ScheduleError(
        f"{text!r} does not name weekdays. Write daily, weekdays, weekends, or days such as mon wed fri."
    )


def _day_range(first: int, last: int) -> list[int]:
    return [day % 7 for day in range(first, last + 1 if last >= first else last + 8)]
