from __future__ import annotations

from calendar import month_name
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates import to_date


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ("2023-03-27", "27 March 2023"),
        ("2020-05-08", "8 May 2020"),
        ("2021-12-01", "1 December 2021"),
        ("2022-03", "March 2022"),
    ],
)
def test_a_date_is_shown_as_people_read_it(published: str, shown: str) -> None:
    assert to_date(published) == shown


@given(st.dates())
def test_every_day_of_the_calendar_is_shown(day: date) -> None:
    shown = to_date(day.isoformat())
    number, month, year = shown.split()
    assert not number.startswith("0")
    assert (int(number), month, int(year)) == (day.day, month_name[day.month], day.year)
