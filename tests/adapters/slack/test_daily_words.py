"""What is written after `daily`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.daily_words import ACTIONS, Wish, parse_wish
from bot.errors import ScheduleError


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("daily", Wish("status")),
        ("Daily  STOP", Wish("stop")),
        ("daily 09:00", Wish("set", "09:00")),
        ("daily at 9 pm UTC", Wish("set", "9 pm", "UTC")),
        ("daily 09:00 Europe/London weekdays", Wish("set", "09:00", "Europe/London", "weekdays")),
        ("daily 09:00 weekdays Europe/London", Wish("set", "09:00", "Europe/London", "weekdays")),
        ("daily 9 mon, wed fri", Wish("set", "9", "", "mon, wed fri")),
        ("daily 9.30 america/new_york mon-thu", Wish("set", "9.30", "america/new_york", "mon-thu")),
        ("daily at 9 about the weekend", Wish("set", "9", topic="the weekend")),
        (", daily stop!", Wish("stop")),
        ("daily weekdays 09:00 Europe/London", Wish("set", "09:00", "Europe/London", "weekdays")),
        ("daily Europe/London 9 am", Wish("set", "9 am", "Europe/London")),
        ("daily mon at 9 UTC", Wish("set", "9", "UTC", "mon")),
        ("daily weekends 9 UTC", Wish("set", "9", "UTC", "weekends")),
        ("daily at  09:00,  Europe/London", Wish("set", "09:00", "Europe/London")),
        ("daily 9 UTC sat about About time", Wish("set", "9", "UTC", "sat", "About time")),
    ],
)
def test_a_wish_is_read(text: str, wish: Wish) -> None:
    assert parse_wish(text) == wish


QUERIES = (
    "",
    "dailyness",
    "daily life",
    "daily about it",
    "stop",
    "random",
    "not daily 9",
    "daily 2 hours of sleep",
    "daily 3 laws of robotics",
    "daily 5 sun salutations",
    "daily 9 about the weekend",
    "daily 10 amazing facts",
    "daily life at 9:00",
    "daily routines of 9:30 meetings",
)


@pytest.mark.parametrize("text", QUERIES)
def test_anything_else_is_a_query(text: str) -> None:
    assert parse_wish(text) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("daily 9 Europe/Londn", "Europe/London"),
        ("daily 9 EST", "abbreviation"),
        ("daily 9 Europe/London Asia/Tokyo", "There is no time zone"),
        ("daily 9:00 UTC blursday", "blursday"),
        ("daily Europe/Londn 09:00", "Europe/London"),
        ("daily 09:00 " + "mon " * 99, "did not understand"),
        ("daily stopp", "or daily stop, pause"),
        ("daily help", "or daily stop, pause"),
        ("daily on", "or daily stop, pause"),
        ("daily 9", "or daily stop, pause"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, said: str) -> None:
    with pytest.raises(ScheduleError, match=said):
        parse_wish(text)


@given(st.text(max_size=60))
def test_nothing_else_happens(text: str) -> None:
    try:
        wish = parse_wish(f"daily {text}")
    except ScheduleError:
        return
    assert wish is None or wish.action in (*ACTIONS, "set")


@pytest.mark.parametrize("text", ["daily stop please", "daily pause for a week", "daily now please"])
def test_an_action_with_a_few_words_more_is_no_question(text: str) -> None:
    with pytest.raises(ScheduleError, match="I did not understand"):
        parse_wish(text)


@pytest.mark.parametrize(("text", "action"), [("stop daily", "stop"), ("Pause the daily quote!", "pause")])
def test_an_action_may_stand_first(text: str, action: str) -> None:
    assert parse_wish(text) == Wish(action)
