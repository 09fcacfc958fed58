"""A clock and platforms for the tests of the delivery."""

from __future__ import annotations

import pytest

from tests.bot.daily.parts import KEYED, Clock, Platform


@pytest.fixture
def clock() -> Clock:
    """Give a clock that stands at nine."""
    return Clock()


@pytest.fixture
def platform(clock: Clock) -> Platform:
    """Give a platform that has no keys."""
    return Platform(clock)


@pytest.fixture
def keyed(clock: Clock) -> Platform:
    """Give a platform that knows its keys for two minutes."""
    return Platform(clock, KEYED)
