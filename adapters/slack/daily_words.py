"""What is written after `daily`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.delivery import parse_weekdays, parse_zone
from bot.errors import ScheduleError

ACTIONS = ("stop", "pause", "resume", "status", "preview", "now")

_DAILY = re.compile(r"daily(?:\s+(?P<rest>.+))?", re.IGNORECASE | re.DOTALL)
_TIME = re.compile(r"(?:at\s+)?(?P<at>\d{1,2}(?:[:.h]\d{2})?\s*(?:[ap]\.?m\.?)?)(?:\s+(?P<rest>.*))?", re.IGNORECASE)
_ABOUT = re.compile(r"(?:^|\s)about\s+(?P<topic>.+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of the daily quote: an action, or else a time; an empty zone is their own."""

    action: str
    at: str = ""
    zone: str = ""
    weekdays: str = ""
    topic: str | None = None


def parse_wish(text: str) -> Wish | None:
    """Read what is wanted of the daily quote; None where this is no such wish but a query ("daily life").

    Raises ScheduleError.
    """
    found = _DAILY.fullmatch(text)
    if found is None:
        return None
    rest = (found["rest"] or "status").strip()
    if rest.casefold() in ACTIONS:
        return Wish(rest.casefold())
    timed = _TIME.fullmatch(rest)
    if timed is None:
        return None
    after = timed["rest"] or ""
    about = _ABOUT.search(after)
    zone, weekdays = split_zone(after[: about.start()] if about else after)
    return Wish("set", timed["at"], zone, weekdays, about["topic"].strip() if about else None)


def split_zone(text: str) -> tuple[str, str]:
    """Split a zone from weekdays, in whichever order they stand. Raises ScheduleError."""
    parts = text.split()
    for count in range(len(parts) + 1):
        head, tail = " ".join(parts[:count]), " ".join(parts[count:])
        for zone, weekdays in ((head, tail), (tail, head)):
            if _is_zone(zone) and _are_weekdays(weekdays):
                return zone, weekdays
    # the first that cannot be either is what was mistyped: parse_zone says what it may have been
    wrong = next((part for part in parts if not _are_weekdays(part) and not _is_zone(part)), text)
    return parse_zone(wrong), ""


def _is_zone(text: str) -> bool:
    return not text or _can_read(parse_zone, text)


def _are_weekdays(text: str) -> bool:
    return _can_read(parse_weekdays, text)


def _can_read(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ScheduleError:
        return False
    return True
