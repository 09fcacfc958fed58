from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.transcripts.clock import parse_clock, to_clock


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0:00", 0),
        ("0:43", 43),
        ("38:12", 2292),
        ("97:28", 5848),
        ("1:18:56", 4736),
        ("10:00:00", 36_000),
        (" 5:57 ", 357),
    ],
)
def test_a_clock_time_is_read_as_seconds(text: str, seconds: int) -> None:
    assert parse_clock(text) == seconds


@pytest.mark.parametrize(
    "text",
    ["", "12", "1:2", "1:60", "1:2:03", "1:60:00", "1:100:00", "-1:00", "1:00 pm", "1.5:00", "a:00", "1:00:00:00"],
)
def test_what_is_no_clock_time_is_none(text: str) -> None:
    assert parse_clock(text) is None


def test_hours_are_written_only_from_an_hour_on() -> None:
    assert [to_clock(seconds) for seconds in (0, 59, 60, 3599, 3600, 5848)] == [
        "0:00",
        "0:59",
        "1:00",
        "59:59",
        "1:00:00",
        "1:37:28",
    ]


def test_a_part_of_a_second_is_dropped() -> None:
    assert to_clock(59.99) == "0:59"


@given(st.integers(0, 359_999))
def test_a_time_that_is_written_is_read_as_the_same(seconds: int) -> None:
    assert parse_clock(to_clock(seconds)) == seconds


@given(st.text(max_size=9))
def test_any_text_is_a_time_or_none(text: str) -> None:
    seconds = parse_clock(text)
    assert seconds is None or seconds >= 0
