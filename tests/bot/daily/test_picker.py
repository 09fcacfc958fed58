"""Tests of which quote a channel gets."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby, islice, pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.daily.picker import (
    SMALL,
    Pool,
    build_pool,
    narrow,
    pick,
    pick_at_random,
    pick_of_the_day,
    present_epoch,
    preview,
)
from bot.errors import PoolError
from bot.models import Passage
from bot.service import is_answer
from bot.transcripts.library import Library
from tests.bot.search.corpus import EPISODE, said
from tests.paths import ROOT

SIZES = st.lists(st.integers(1, 8), min_size=1, max_size=4)
CHANNEL = st.text(max_size=10)

IN_A_PROCESS = """
from tests.bot.daily.test_picker import pool_of
from bot.daily.picker import preview
print([hit.passage.id for hit in preview(pool_of([5, 3, 4]), "discord:1", [], 40)])
"""


def passage_of(episode: int, number: int) -> Passage:
    return said("Words.", id=f"e{episode}:{number}", episode=replace(EPISODE, id=f"e{episode}"))


def pool_of(sizes: list[int]) -> Pool:
    """Make a pool of some quotes from each episode."""
    passages = [passage_of(episode, number) for episode, size in enumerate(sizes) for number in range(size)]
    return Pool(tuple((passage, passage.sentences) for passage in passages))


def ids_of(pool: Pool) -> set[str]:
    return {passage.id for passage, _ in pool.quotes}


def previewed(pool: Pool, channel: str, count: int, history: tuple[str, ...] = ()) -> list[str]:
    return [hit.passage.id for hit in preview(pool, channel, history, count)]


@given(SIZES, CHANNEL)
def test_nothing_comes_twice_before_all_came_once(sizes: list[int], channel: str) -> None:
    pool = pool_of(sizes)
    size = len(pool.quotes)
    seen = previewed(pool, channel, 3 * size)
    for epoch in range(3):
        assert set(seen[epoch * size : (epoch + 1) * size]) == ids_of(pool)


@given(SIZES, CHANNEL)
def test_no_quote_comes_twice_running(sizes: list[int], channel: str) -> None:
    pool = pool_of(sizes)
    seen = previewed(pool, channel, 3 * len(pool.quotes))
    assert len(pool.quotes) == 1 or all(one != two for one, two in pairwise(seen))


def episode_of(passage: str) -> str:
    return passage.partition(":")[0]


def runs_of(passages: Iterable[str]) -> list[int]:
    """Count how often running each episode comes."""
    return [len(list(run)) for _, run in groupby(passages, key=episode_of)]


@given(SIZES, CHANNEL)
def test_no_episode_comes_twice_running_unless_it_has_more_than_half_of_the_pool(
    sizes: list[int], channel: str
) -> None:
    assume(2 * max(sizes) <= sum(sizes))
    assert set(runs_of(previewed(pool_of(sizes), channel, 3 * sum(sizes)))) == {1}


@given(SIZES, CHANNEL)
def test_an_episode_comes_twice_running_as_seldom_as_can_be_and_in_even_runs(sizes: list[int], channel: str) -> None:
    greatest, others = max(sizes), sum(sizes) - max(sizes)
    runs = runs_of(previewed(pool_of(sizes), channel, sum(sizes)))
    assert sum(sizes) - len(runs) == max(0, greatest - others - 1)
    assert max(runs) == max(1, -(-greatest // (others + 1)))


@given(SIZES, CHANNEL, st.data())
def test_from_any_place_on_no_more_episodes_come_twice_running_than_must(
    sizes: list[int], channel: str, data: st.DataObject
) -> None:
    pool = pool_of(sizes)
    posted = data.draw(st.lists(st.sampled_from(sorted(ids_of(pool))), unique=True, min_size=1))
    left = Counter(map(episode_of, ids_of(pool) - set(posted)))
    coming = previewed(pool, channel, left.total(), tuple(reversed(posted)))
    last = posted[-1]
    must = [2 * count - left.total() - (episode != episode_of(last)) for episode, count in left.items()]
    assert left.total() + 1 - len(runs_of([last, *coming])) == max([0, *must])


def test_what_comes_twice_running_is_spread_over_the_epoch() -> None:
    thirds = Counter[int]()
    for number in range(60):
        episodes = [episode_of(passage) for passage in previewed(pool_of([18, 12]), f"discord:{number}", 30)]
        thirds.update(place // 10 for place, (one, two) in enumerate(pairwise(episodes)) if one == two)
    assert thirds.total() == 60 * 5
    assert min(thirds[third] for third in range(3)) >= 60


@given(SIZES, SIZES, CHANNEL, st.integers(0, 20))
def test_new_passages_join_and_come_before_any_comes_again(
    sizes: list[int], more: list[int], channel: str, posted: int
) -> None:
    small = pool_of(sizes)
    large = pool_of([*sizes, *more])
    history = previewed(small, channel, min(posted, len(small.quotes)))
    left = len(large.quotes) - len(history)
    following = previewed(large, channel, left, tuple(reversed(history)))
    assert set(history) | set(following) == ids_of(large)
    assert len(history) + len(following) == len(large.quotes)


@given(SIZES, CHANNEL, st.integers(1, 40))
def test_a_preview_is_what_is_picked_day_after_day(sizes: list[int], channel: str, days: int) -> None:
    pool = pool_of(sizes)
    history: list[str] = []
    for expected in previewed(pool, channel, days):
        shuffled = Pool(tuple(random.Random(days).sample(pool.quotes, len(pool.quotes))))  # noqa: S311
        hit = pick(shuffled, channel, history)
        assert hit.passage.id == expected
        history.insert(0, hit.passage.id)


@given(SIZES, CHANNEL, st.lists(st.from_regex(r"e[0-5]:[0-9]", fullmatch=True), max_size=60))
def test_any_history_leads_on_to_a_quote_of_the_pool(sizes: list[int], channel: str, history: list[str]) -> None:
    pool = pool_of(sizes)
    chosen = pick(pool, channel, history).passage.id
    _, used = present_epoch(history)
    assert chosen in ids_of(pool)
    assert chosen not in used or ids_of(pool) <= used


def test_passages_that_are_gone_change_nothing() -> None:
    pool = pool_of([3, 3])
    assert set(previewed(pool, "slack:1", 6, ("gone:1", "gone:2"))) == ids_of(pool)


def test_channels_get_quotes_in_orders_of_their_own() -> None:
    pool = pool_of([6, 6])
    assert len({tuple(previewed(pool, f"discord:{number}", 12)) for number in range(20)}) == 20


def test_each_epoch_has_an_order_of_its_own() -> None:
    seen = previewed(pool_of([6, 6]), "discord:1", 24)
    assert seen[:12] != seen[12:]


def test_two_processes_agree_on_the_order() -> None:
    assert run_with_seed("1") == run_with_seed("2") == f"{previewed(pool_of([5, 3, 4]), 'discord:1', 40)}\n"


def run_with_seed(seed: str) -> str:
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", IN_A_PROCESS]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@given(SIZES, CHANNEL, st.data())
def test_a_topic_draws_from_its_own_passages(sizes: list[int], channel: str, data: st.DataObject) -> None:
    pool = pool_of(sizes)
    wanted = data.draw(st.frozensets(st.sampled_from(sorted(ids_of(pool))), min_size=1))
    narrowed = narrow(pool, [*wanted, "no-quote:1"])
    assert set(previewed(narrowed, channel, 2 * len(wanted))) == wanted


def test_a_small_pool_says_so() -> None:
    assert pool_of([SMALL - 1]).is_small
    assert not pool_of([SMALL]).is_small


def days_of(pool: Pool, year: int, count: int) -> list[str]:
    """Give the quotes of the first days of a year."""
    return [pick_of_the_day(pool, date(year, 1, 1) + timedelta(days=number)).passage.id for number in range(count)]


@given(SIZES, st.integers(2000, 2100))
def test_today_all_come_once_before_any_comes_again_in_a_year(sizes: list[int], year: int) -> None:
    pool = pool_of(sizes)
    seen = days_of(pool, year, 2 * sum(sizes))
    assert set(seen[: sum(sizes)]) == set(seen[sum(sizes) :]) == ids_of(pool)
    assert sum(sizes) == 1 or all(one != two for one, two in pairwise(seen))


@given(SIZES, st.integers(2000, 2100))
def test_today_changes_the_episode_by_the_same_rule(sizes: list[int], year: int) -> None:
    runs = runs_of(days_of(pool_of(sizes), year, sum(sizes)))
    assert sum(sizes) - len(runs) == max(0, 2 * max(sizes) - sum(sizes) - 1)


def test_today_has_a_quote_on_every_day_of_a_leap_year() -> None:
    pool = pool_of([20, 20])
    seen = days_of(pool, 2024, 366)
    assert all(Counter(seen[first : first + 40]) == Counter(ids_of(pool)) for first in range(0, 320, 40))


def test_today_many_days_keep_their_quote_when_one_goes() -> None:
    pool = pool_of([12, 12])
    before, kept = days_of(pool, 2026, 72), 0
    for gone in range(24):
        smaller = Pool(pool.quotes[:gone] + pool.quotes[gone + 1 :])
        kept += sum(one == two for one, two in zip(before, days_of(smaller, 2026, 72), strict=True))
    assert kept > 24 * 72 / 3


@given(SIZES, st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.randoms(use_true_random=False))
def test_today_is_the_same_whatever_order_the_pool_is_in(sizes: list[int], day: date, chance: random.Random) -> None:
    pool = pool_of(sizes)
    shuffled = Pool(tuple(chance.sample(pool.quotes, len(pool.quotes))))
    assert pick_of_the_day(pool, day) == pick_of_the_day(shuffled, day)


def test_a_quote_at_random_is_one_of_the_pool() -> None:
    pool = pool_of([3, 2])
    chance = random.Random(5)  # noqa: S311
    assert {pick_at_random(pool, chance).passage.id for _ in range(200)} == ids_of(pool)


def test_an_empty_pool_has_nothing_to_pick() -> None:
    empty = Pool(())
    with pytest.raises(PoolError, match="Choose another topic"):
        pick(empty, "discord:1", [])
    with pytest.raises(PoolError):
        list(islice(preview(empty, "discord:1", [], 1), 1))
    with pytest.raises(PoolError):
        pick_of_the_day(empty, date(2024, 1, 1))
    with pytest.raises(PoolError):
        pick_at_random(empty, random.Random(1))  # noqa: S311


def test_the_shipped_pool_shows_no_episode_on_three_days_running(shipped: Library) -> None:
    pool = build_pool(passage for passage in shipped.passages if is_answer(passage, "Ilya Sutskever"))
    hits = list(preview(pool, "discord:1", [], len(pool.quotes)))
    assert max(len(list(run)) for _, run in groupby(hits, key=lambda hit: hit.passage.episode.id)) <= 2
    assert all(hit.sentences for hit in hits)
