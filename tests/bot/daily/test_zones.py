"""Tests of how a time zone is found from what people type."""

from __future__ import annotations

from contextlib import suppress
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.daily.zones import complete_zone, parse_zone
from bot.errors import ScheduleError

ZONES = sorted(zone for zone in available_timezones() if "localtime" not in zone.casefold())


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("EST", "America/New_York, America/Toronto, America/Jamaica."),
        ("pst", "America/Los_Angeles, America/Vancouver."),
        ("CET", "Europe/Berlin, Europe/Paris, Europe/Madrid."),
        ("IST", "Asia/Kolkata, Asia/Jerusalem, Europe/Dublin."),
        ("MT", "America/Denver?"),
        ("JST", "Asia/Tokyo?"),
    ],
)
def test_an_abbreviation_is_refused_with_its_own_zones_only(typed: str, names: str) -> None:
    with pytest.raises(ScheduleError, match="abbreviation") as refused:
        parse_zone(typed)
    assert str(refused.value).endswith(f"Did you mean {names.rstrip('.?')}?")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Pars", "Europe/Paris"),
        ("Lundon", "Europe/London"),
        ("New Yrok", "America/New_York"),
        ("europe/berln", "Europe/Berlin"),
        ("kolk", "Asia/Kolkata"),
    ],
)
def test_an_unknown_zone_is_refused_with_one_like_it(typed: str, name: str) -> None:
    with pytest.raises(ScheduleError, match=f"Did you mean .*{name}"):
        parse_zone(typed)


def test_a_zone_like_no_other_is_refused_with_an_example() -> None:
    with pytest.raises(ScheduleError, match=r"Use a name such as Europe/London"):
        parse_zone("qqqqqqqqqqqqq")


@pytest.mark.parametrize("typed", ["europe/london", " Europe/London ", "EUROPE/LONDON"])
def test_a_zone_is_found_however_it_is_typed(typed: str) -> None:
    assert parse_zone(typed) == "Europe/London"


def test_a_name_with_a_space_is_found() -> None:
    assert parse_zone("america/new york") == "America/New_York"
    assert parse_zone("utc") == "UTC"


def test_completion_begins_with_what_was_meant() -> None:
    assert complete_zone("new y")[0] == "America/New_York"
    assert complete_zone("Ist", 4)[-1] in ("Asia/Istanbul", "Europe/Istanbul")
    assert complete_zone("est")[0] == "America/New_York"
    assert len(complete_zone("")) == 25


@given(st.text() | st.sampled_from(ZONES))
def test_any_zone_typed_is_a_zone_or_a_schedule_error(typed: str) -> None:
    assert all(zone in ZONES for zone in complete_zone(typed))
    with suppress(ScheduleError):
        assert parse_zone(typed) in ZONES


@pytest.mark.parametrize("typed", ["GMT+1", "gmt-5", "UTC+2", "UTC +05:30", "+01:00", "-3", "−3", "Etc/GMT+1"])
def test_an_offset_is_refused_as_what_it_is(typed: str) -> None:
    with pytest.raises(ScheduleError, match="is an offset") as refused:
        parse_zone(typed)
    assert "Etc/" not in str(refused.value).removeprefix(repr(typed))


@given(st.text(max_size=6) | st.sampled_from(["etc", "Etc/", "gmt", "GMT+", "etc/gmt"]))
def test_no_name_whose_sign_is_upside_down_is_offered(typed: str) -> None:
    assert not [zone for zone in complete_zone(typed, 99) if zone.startswith("Etc/")]


@pytest.mark.parametrize(
    ("typed", "zones"),
    [
        ("Iran", "Asia/Tehran?"),
        ("usa", "America/New_York, America/Chicago, America/Denver, America/Los_Angeles?"),
        ("America", "America/New_York, America/Chicago, America/Denver, America/Los_Angeles?"),
        ("China", "Asia/Shanghai, Asia/Urumqi?"),
        ("India", "Asia/Kolkata, "),
        ("Japan", "Asia/Tokyo?"),
        ("Israel", "Asia/Jerusalem?"),
        ("Turkey", "Europe/Istanbul?"),
        ("Poland", "Europe/Warsaw?"),
        ("GB", "Europe/London?"),
        ("United Kingdom", "Europe/London?"),
        ("NZ", "Pacific/Auckland, Pacific/Chatham?"),
        ("Eire", "Europe/Dublin?"),
        ("ROK", "Asia/Seoul?"),
        ("new zealand", "Pacific/Auckland, Pacific/Chatham?"),
    ],
)
def test_a_country_is_refused_with_its_own_zones_first(typed: str, zones: str) -> None:
    with pytest.raises(ScheduleError, match="There is no time zone") as refused:
        parse_zone(typed)
    assert str(refused.value).partition("Did you mean ")[2].startswith(zones)
    assert zones.startswith(complete_zone(typed)[0])
