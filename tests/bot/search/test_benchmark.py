from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.terminal.tables import render_timings
from bot.search.benchmark import Timings, time_each, time_search
from tests.bot.search.corpus import said

PASSAGES = [said("Dogs and cats."), said("It is."), said("Birds.")]


@pytest.mark.parametrize(("share", "value"), [(0.0, 1.0), (0.5, 6.0), (0.95, 10.0), (1.0, 10.0)])
def test_a_quantile_is_what_that_share_does_not_exceed(share: float, value: float) -> None:
    assert Timings.quantile([10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0], share) == value


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=30), st.floats(0, 1))
def test_at_least_its_share_does_not_exceed_a_quantile(sample: list[float], share: float) -> None:
    found = Timings.quantile(sample, share)
    assert found in sample
    assert sum(value <= found for value in sample) >= share * len(sample)


def test_every_query_is_asked_once_a_round_in_order() -> None:
    asked: list[str] = []
    timings = time_search(asked.append, PASSAGES, ["dogs", "cats"], rounds=3, build=12.5)
    assert asked == ["dogs", "cats"] * 3
    assert (timings.passages, timings.build) == (3, 12.5)
    assert (len(timings.first), len(timings.again), len(timings.plain)) == (2, 4, 2)
    assert timings.memory is not None
    assert timings.memory > 1


def test_a_system_that_does_not_tell_its_memory_is_timed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)  # an import of it fails, as on Windows
    timings = time_search(len, PASSAGES, ["dogs"], rounds=1, build=12.5)
    assert timings.memory is None
    assert "".join(text for text, _ in render_timings(timings)).startswith("3 passages, built in 12 ms\n")


def test_with_one_round_again_is_the_first_time() -> None:
    asked: list[str] = []
    timings = time_search(asked.append, PASSAGES, ["dogs"], rounds=1, build=0.0)
    assert asked == ["dogs"]
    assert timings.again == timings.first


def test_times_are_in_milliseconds() -> None:
    (taken,) = time_each(lambda _: sum(range(200_000)), ["dogs"])
    assert 0.05 < taken < 5000
