"""From what people type for their time zone to the name of one."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import fuzz, process

from bot.errors import ScheduleError

SIMILAR = 75
"""Of 100: how alike a name must be to a zone's to be offered for it."""

_OFFSET = re.compile(r"(?:utc|gmt)?[+\-−–]\d{1,2}(?::?\d\d)?", re.IGNORECASE)


def parse_zone(text: str) -> str:
    """Find the zone that was meant. Raises ScheduleError for an abbreviation or an unknown name, with near ones."""
    name = "_".join(text.strip().split())
    for zone in _zones():
        if zone.casefold() == name.casefold():
            return zone
    if _OFFSET.fullmatch(name.removeprefix("Etc/").replace("_", "")):
        raise ScheduleError(f"{text!r} is an offset, wrong for half of the year in most places. {_EXAMPLE}")
    named = _ABBREVIATIONS.get(name.upper(), ())
    near = named or complete_zone(text, 4) or _similar_zones(name, 4)
    hint = f"Did you mean {', '.join(near)}?" if near else _EXAMPLE
    if named:
        raise ScheduleError(f"{text!r} is an abbreviation, and may be an hour off for half of the year. {hint}")
    raise ScheduleError(f"There is no time zone {text!r}. {hint}")


def complete_zone(text: str, count: int = 25) -> tuple[str, ...]:
    """Complete what was typed of a zone: those of an abbreviation or a country, beginnings, names that hold it."""
    typed = "_".join(text.casefold().split())
    named = _ABBREVIATIONS.get(typed.upper(), ()) or _countries().get(typed, ())
    begins = [zone for zone in _zones() if any(part.startswith(typed) for part in (zone.casefold(), _city(zone)))]
    holds = [] if named else [zone for zone in _zones() if typed in zone.casefold()]
    return tuple(dict.fromkeys([*named, *begins, *holds]))[:count]


@cache
def _zones() -> tuple[str, ...]:
    """All names a person would choose, the places before the old names of regions.

    Etc/GMT+1 is one hour *behind* Greenwich (POSIX counts westwards): such names are chosen by mistake only.
    """
    regions = ("US/", "Brazil/", "Canada/", "Chile/", "Mexico/")
    technical = ("Etc/", "SystemV/", "posix/", "right/")
    names = [
        zone for zone in available_timezones() if ("/" in zone or zone == "UTC") and not zone.startswith(technical)
    ]
    return tuple(sorted(names, key=lambda zone: (zone.startswith(regions), zone)))


@cache
def _countries() -> dict[str, tuple[str, ...]]:
    """The zones of each country by its name, its code and what else it is called, from tzdata's tables."""
    zones: defaultdict[str, list[str]] = defaultdict(list)
    for code, _, zone in _read_table("zone.tab"):
        zones[code].append(zone)
    found = {code.casefold(): _one_an_offset_first(zones[code]) for code, _ in _read_table("iso3166.tab")}
    for code, name in _read_table("iso3166.tab"):
        for word in (name, name.partition(" (")[0]):
            found.setdefault("_".join(word.casefold().split()), found[code.casefold()])
    return found | {name: found[code] for name, code in _ALSO_CALLED.items()}


def _one_an_offset_first(zones: list[str]) -> tuple[str, ...]:
    """Put one zone of each offset before the others: a large country's first four differ by more than a county."""
    winter = datetime(2026, 1, 1, tzinfo=UTC)
    firsts = {winter.astimezone(ZoneInfo(zone)).utcoffset(): zone for zone in reversed(zones)}
    return tuple(sorted(zones, key=lambda zone: zone not in firsts.values()))


def _read_table(name: str) -> list[list[str]]:
    lines = (resources.files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[:3] for line in lines if not line.startswith("#")]


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


_EXAMPLE = "Use a name such as Europe/London or America/New_York."

_ALSO_CALLED = {
    "america": "us", "usa": "us", "u.s.": "us", "u.s.a.": "us", "uk": "gb", "england": "gb", "scotland": "gb",
    "wales": "gb", "great_britain": "gb", "gb-eire": "gb", "united_kingdom": "gb", "eire": "ie", "korea": "kr",
    "south_korea": "kr", "rok": "kr", "north_korea": "kp", "prc": "cn", "roc": "tw", "czechia": "cz",
    "türkiye": "tr", "turkiye": "tr", "uae": "ae", "united_arab_emirates": "ae", "holland": "nl", "w-su": "ru",
    "hongkong": "hk", "bosnia": "ba", "ivory_coast": "ci", "macedonia": "mk", "samoa": "ws",
}  # fmt: skip
"""What a country is called besides, tzdata's own old names among them, and its code."""

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
