"""When a daily quote is due: pure arithmetic on local clocks.

A rule is a local time of day in an IANA zone on some weekdays. In the gap of a clock put forward it is due at the first
instant after the gap; of the two instants of a clock put back, at the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import fuzz, process

from bot.errors import ScheduleError

LATEST = timedelta(hours=6)
"""A post later than this is skipped: a morning's quote in the evening looks broken, two on one evening more so."""

EVERY_DAY = frozenset(range(7))
"""Monday is 0, as in datetime.weekday."""

SIMILAR = 75
"""Of 100: how alike a name must be to a zone's to be offered for it."""

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
    """
    zone = ZoneInfo(rule.zone)
    day = after.astimezone(zone).date() - timedelta(days=1)
    while True:
        if day.weekday() in rule.weekdays and (not_on is None or day > not_on):
            instant = to_instant(day, rule.at, zone)
            if instant > after and _exists(day, zone):
                return Due(day, instant)
        day += timedelta(days=1)


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


def is_too_late(due: datetime, now: datetime) -> bool:
    """Whether a post is so late that the day is better skipped."""
    return now - due >= LATEST


def parse_zone(text: str) -> str:
    """Find the zone that was meant. Raises ScheduleError for an abbreviation or an unknown name, with near ones."""
    name = "_".join(text.strip().split())
    for zone in _zones():
        if zone.casefold() == name.casefold():
            return zone
    named = _ABBREVIATIONS.get(name.upper(), ())
    near = named or complete_zone(text, 4) or _similar_zones(name, 4)
    hint = f"Did you mean {', '.join(near)}?" if near else "Use a name such as Europe/London or America/New_York."
    if named:
        raise ScheduleError(f"{text!r} is an abbreviation, and may be an hour off for half of the year. {hint}")
    raise ScheduleError(f"There is no time zone {text!r}. {hint}")


def complete_zone(text: str, count: int = 25) -> tuple[str, ...]:
    """Complete what was typed of a zone: names for an abbreviation, beginnings, or else names that hold it."""
    typed = "_".join(text.casefold().split())
    named = _ABBREVIATIONS.get(typed.upper(), ())
    begins = [zone for zone in _zones() if any(part.startswith(typed) for part in (zone.casefold(), _city(zone)))]
    holds = [] if named else [zone for zone in _zones() if typed in zone.casefold()]
    return tuple(dict.fromkeys([*named, *begins, *holds]))[:count]


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


@cache
def _zones() -> tuple[str, ...]:
    """All names a person would choose, the places before the technical ones."""
    technical = ("Etc/", "SystemV/", "posix/", "right/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/")
    names = [zone for zone in available_timezones() if ("/" in zone or zone == "UTC") and not zone.startswith("posix")]
    return tuple(sorted(names, key=lambda zone: (zone.startswith(technical), zone)))


def _similar_zones(name: str, count: int) -> tuple[str, ...]:
    """Find the zones whose city, or whole name, is written much like a name."""
    near: dict[str, float] = {}
    for to_written in (_city, str.casefold):
        written = {zone: to_written(zone) for zone in _zones()}
        for _, score, zone in process.extract(name.casefold(), written, scorer=fuzz.ratio, score_cutoff=SIMILAR):
            near[zone] = max(score, near.get(zone, 0.0))
    return tuple(sorted(near, key=lambda zone: -near[zone]))[:count]


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].casefold()


_ABBREVIATIONS = {
    "EST": ("America/New_York", "America/Toronto", "America/Jamaica"),
    "EDT": ("America/New_York", "America/Toronto"),
    "ET": ("America/New_York", "America/Toronto"),
    "CST": ("America/Chicago", "America/Mexico_City", "Asia/Shanghai"),
    "CDT": ("America/Chicago",),
    "CT": ("America/Chicago",),
    "MST": ("America/Denver", "America/Phoenix"),
    "MDT": ("America/Denver",),
    "MT": ("America/Denver",),
    "PST": ("America/Los_Angeles", "America/Vancouver"),
    "PDT": ("America/Los_Angeles",),
    "PT": ("America/Los_Angeles",),
    "AKST": ("America/Anchorage",),
    "HST": ("Pacific/Honolulu",),
    "AST": ("America/Halifax", "America/Puerto_Rico"),
    "NST": ("America/St_Johns",),
    "BRT": ("America/Sao_Paulo",),
    "ART": ("America/Argentina/Buenos_Aires",),
    "GMT": ("UTC", "Europe/London", "Africa/Accra"),
    "Z": ("UTC",),
    "BST": ("Europe/London",),
    "IST": ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"),
    "WET": ("Europe/Lisbon",),
    "WEST": ("Europe/Lisbon",),
    "CET": ("Europe/Berlin", "Europe/Paris", "Europe/Madrid"),
    "CEST": ("Europe/Berlin", "Europe/Paris", "Europe/Madrid"),
    "EET": ("Europe/Athens", "Europe/Helsinki", "Europe/Kyiv"),
    "EEST": ("Europe/Athens", "Europe/Helsinki", "Europe/Kyiv"),
    "MSK": ("Europe/Moscow",),
    "TRT": ("Europe/Istanbul",),
    "SAST": ("Africa/Johannesburg",),
    "EAT": ("Africa/Nairobi",),
    "WAT": ("Africa/Lagos",),
    "PKT": ("Asia/Karachi",),
    "ICT": ("Asia/Bangkok", "Asia/Ho_Chi_Minh"),
    "WIB": ("Asia/Jakarta",),
    "SGT": ("Asia/Singapore",),
    "HKT": ("Asia/Hong_Kong",),
    "JST": ("Asia/Tokyo",),
    "KST": ("Asia/Seoul",),
    "AEST": ("Australia/Brisbane", "Australia/Sydney", "Australia/Melbourne"),
    "AEDT": ("Australia/Sydney", "Australia/Melbourne"),
    "ACST": ("Australia/Darwin", "Australia/Adelaide"),
    "AWST": ("Australia/Perth",),
    "NZST": ("Pacific/Auckland",),
    "NZDT": ("Pacific/Auckland",),
}
"""The zones that people mean by an abbreviation, which names an offset and is wrong for half of the year."""
