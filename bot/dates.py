"""Dates as people read them."""

from __future__ import annotations

_MONTHS = (
    "January February March April May June July August September October November December".split()
)  # fixed: strftime's names follow the machine's locale, and the day's zero cannot be dropped everywhere


def to_date(published: str) -> str:
    """Turn 2023-03-27 into "27 March 2023", and 2022-03 into "March 2022"."""
    year, month, *day = published.split("-")
    return " ".join([*(str(int(number)) for number in day), _MONTHS[int(month) - 1], year])
