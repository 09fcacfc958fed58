"""Tests of which quote a channel gets."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
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


@given(SIZES, CHANNEL)
def test_no_episode_comes_twice_running_while_another_has_a_quote_left(sizes: list[int], channel: str) -> None:
    pool = pool_of(sizes)
    seen = previewed(pool, channel, len(pool.quotes))
    for number, (one, two) in enumerate(pairwise(seen), start=1):
        left = {passage.partition(":")[0] for passage in ids_of(pool) - set(seen[:number])}
        if one.partition(":")[0] == two.partition(":")[0]:
            assert left == {one.partition(":")[0]}


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


@given(SIZES, st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_today_all_come_once_a_cycle(sizes: list[int], day: date) -> None:
    pool = pool_of(sizes)
    size = len(pool.quotes)
    first = day - timedelta(days=day.toordinal() % size)
    seen = [pick_of_the_day(pool, first + timedelta(days=number)).passage.id for number in range(size)]
    assert Counter(seen) == Counter(ids_of(pool))


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


def test_the_shipped_pool_changes_the_episode_every_day_for_a_month(shipped: Library) -> None:
    hits = list(preview(build_pool(shipped.passages), "discord:1", [], 30))
    assert all(one.passage.episode.id != two.passage.episode.id for one, two in pairwise(hits))
    assert all(hit.sentences for hit in hits)
