"""What is written after `daily`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from bot.delivery import parse_weekdays, parse_zone
from bot.errors import ScheduleError

ACTIONS = ("stop", "pause", "resume", "status", "preview", "now")

USAGE = (
    "I did not understand that. Write daily 09:00 Europe/London weekdays (about TOPIC, if you like), "
    f"or daily {', '.join(ACTIONS[:-1])} or {ACTIONS[-1]}."
)

EDGES = " \t\n,.:;!?"
"""What may stand around words that are an instruction: `@ilya, daily stop!`."""

WORDS_MOST = 16
"""Words of zones and weekdays: seven days and a zone take fewer."""

CHATTER = 3
"""Words after an action that make no question of it: `daily stop please`, `daily pause for a week`."""

_SWAPPED = re.compile(rf"(?P<action>{'|'.join(ACTIONS)}) (?:the )?daily(?: quote)?", re.IGNORECASE)
_DAILY = re.compile(r"daily(?:\s+(?P<rest>.+))?", re.IGNORECASE | re.DOTALL)
_ABOUT = re.compile(r"(?:^|\s)about\s+(?P<topic>.+)$", re.IGNORECASE | re.DOTALL)
_TIME = re.compile(
    r"(?<!\S)(?:at\s+)?(?P<at>\d{1,2}[:.h]\d{2}\s*(?:[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\.?|(?<=at )\d{1,2})(?=[\s,]|$)",
    re.IGNORECASE,
)
_HOUR = re.compile(r"(?<!\S)(?P<at>\d{1,2})(?=[\s,]|$)")
_ZONE_LIKE = re.compile(r"\w+/\w+|[A-Z]{1,4}T")
_ALSO_TRIED = ("help", "on", "off", "start", "set", "begin", "end", "list", "show", "settings")


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
    typed = " ".join(text.strip(EDGES).split())
    if swapped := _SWAPPED.fullmatch(typed):
        return Wish(swapped["action"].casefold())
    found = _DAILY.fullmatch(typed)
    if found is None:
        return None
    rest = found["rest"] or "status"
    if rest.casefold() in ACTIONS:
        return Wish(rest.casefold())
    first, *more = rest.casefold().split()
    is_chatty = first in ACTIONS and len(more) <= CHATTER
    if is_chatty or _is_near_action(rest.casefold()) or _HOUR.fullmatch(rest):
        raise ScheduleError(USAGE)
    about = _ABOUT.search(rest)
    timed = _split_time(rest[: about.start()] if about else rest)
    if timed is None:
        return None
    at, others = timed
    zone, weekdays = split_zone(others)
    return Wish("set", at, zone, weekdays, about["topic"].strip() if about else None)


def _is_near_action(word: str) -> bool:
    return word in _ALSO_TRIED or bool(get_close_matches(word, ACTIONS, 1, cutoff=0.72))


def _split_time(text: str) -> tuple[str, str] | None:
    """Split a time from the words around it; None where they show that no time of day is meant."""
    if found := _TIME.search(text):
        before, after = _around(found, text)
        is_meant = not before or any(_ZONE_LIKE.fullmatch(word) or _can_split(word) for word in before.split())
    elif found := _HOUR.search(text):
        before, after = _around(found, text)
        others = f"{before} {after}".split()
        is_meant = bool(others) and (any(map(_ZONE_LIKE.fullmatch, others)) or _can_split(" ".join(others)))
    else:
        return None
    return (found["at"].strip(), f"{before} {after}".strip()) if is_meant else None


def _around(found: re.Match[str], text: str) -> tuple[str, str]:
    return text[: found.start()].strip(" ,"), text[found.end() :].strip(" ,")


def _can_split(text: str) -> bool:
    return _can_read(split_zone, text)


def split_zone(text: str) -> tuple[str, str]:
    """Split a zone from weekdays, in whichever order they stand. Raises ScheduleError."""
    parts = text.split()
    if len(parts) > WORDS_MOST:
        raise ScheduleError(USAGE)
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
