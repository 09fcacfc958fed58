"""Which quote a channel gets: each once before any comes again, in an order every process agrees on.

The order is by a hash of channel, epoch and passage, so a preview tells the truth whoever makes it, and new passages
take their places in it. An epoch ends when every quote of the pool was posted; the next has an order of its own.

No episode comes twice running, as far as the quotes allow: an episode with more than half of those that are left goes
first, for the others must last to stand between its quotes. Where one has so many that they cannot, they part its
quotes into runs of about the same length, spread over the rest of the epoch.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import takewhile

from bot.daily.quotability import Quote, choose_standalone, without_repeats
from bot.errors import PoolError
from bot.models import Hit, Passage

SMALL = 14
"""Quotes: a smaller pool repeats itself within two weeks, and whoever sets it up should know."""


@dataclass(frozen=True, slots=True)
class Pool:
    """The quotes a subscription draws from."""

    quotes: tuple[Quote, ...]

    @property
    def is_small(self) -> bool:
        """Whether the pool will soon repeat itself."""
        return len(self.quotes) < SMALL


def build_pool(passages: Iterable[Passage]) -> Pool:
    """Choose what of the persona's passages stands alone, one quote a passage, none said twice."""
    chosen = ((passage, choose_standalone(passage)) for passage in passages)
    return Pool(tuple(without_repeats((passage, sentences) for passage, sentences in chosen if sentences)))


def narrow(pool: Pool, passages: Iterable[str]) -> Pool:
    """Keep only the quotes from some passages (ids), for a subscription to a topic or an episode."""
    wanted = frozenset(passages)
    return Pool(tuple((passage, sentences) for passage, sentences in pool.quotes if passage.id in wanted))


def pick(pool: Pool, channel: str, history: Sequence[str]) -> Hit:
    """Pick a channel's next quote; `history` are the passages (ids) posted there, newest first.

    The episode changes every time, as far as the quotes left allow. Raises PoolError where the pool is empty.
    """
    if not pool.quotes:
        raise PoolError("No quote fits. Choose another topic or episode, or none.")
    epoch, used = present_epoch(history)
    if all(passage.id in used for passage, _ in pool.quotes):
        epoch, used = epoch + 1, frozenset()
    coin = f"again after {history[0]}" if history else ""
    return _pick(pool, history, used, partial(order_key, channel, epoch), coin)


def present_epoch(history: Sequence[str]) -> tuple[int, frozenset[str]]:
    """Tell a channel's epoch from what was posted (newest first), and what of it was posted in this epoch.

    Within an epoch nothing comes twice, so that each epoch but the first begins where something comes again.
    """
    epoch, used = 0, set[str]()
    for passage in reversed(history):
        if passage in used:
            epoch, used = epoch + 1, set()
        used.add(passage)
    return epoch, frozenset(used)


def preview(pool: Pool, channel: str, history: Sequence[str], count: int) -> Iterator[Hit]:
    """Pick the next quotes of a channel as they will come."""
    past = list(history)
    for _ in range(count):
        hit = pick(pool, channel, past)
        past.insert(0, hit.passage.id)
        yield hit


def pick_of_the_day(pool: Pool, day: date) -> Hit:
    """Pick one quote for everybody on a day. Raises PoolError.

    The rules of `pick` hold from 1 January on, year by year, and not from one year into the next. Each day has an order
    of its own, so that where a quote joins the pool or leaves it, about half of the days keep theirs.
    """
    if not pool.quotes:
        raise PoolError("No quote stands alone in these episodes.")
    past: list[str] = []
    used: frozenset[str] = frozenset()
    for ordinal in range(date(day.year, 1, 1).toordinal(), day.toordinal() + 1):
        if len(used) == len(pool.quotes):
            used = frozenset()
        hit = _pick(pool, past, used, partial(order_key, "today", ordinal), "again")
        past.insert(0, hit.passage.id)
        used |= {hit.passage.id}
    return hit


def pick_at_random(pool: Pool, chance: random.Random) -> Hit:
    """Pick any quote. Raises PoolError."""
    if not pool.quotes:
        raise PoolError("No quote stands alone in these episodes.")
    passage, sentences = chance.choice(pool.quotes)
    return Hit(passage, 0.0, sentences)


def order_key(channel: str, epoch: int, passage: str) -> bytes:
    """Give a passage's place in a channel's order: the same in every process, unlike hash()."""
    return hashlib.blake2b(f"{channel}\n{epoch}\n{passage}".encode(), digest_size=8).digest()


def _pick(pool: Pool, history: Sequence[str], used: frozenset[str], key: Callable[[str], bytes], coin: str) -> Hit:
    """Pick the first quote in an order by `key` that was not used and is of an episode whose turn it is.

    The key of `coin` decides whether an episode that must come twice running somewhere does so here.
    """
    left = [quote for quote in pool.quotes if quote[0].id not in used]
    fresh = [quote for quote in left if quote[0].id not in history[:1]] or left
    counts = Counter(passage.episode.id for passage, _ in left)
    episodes = _next_episodes(counts, *_last_run(pool, history), int.from_bytes(key(coin)) / 2.0**64)
    fitting = [quote for quote in fresh if quote[0].episode.id in episodes] or fresh
    passage, sentences = min(fitting, key=lambda quote: key(quote[0].id))
    return Hit(passage, 0.0, sentences)


def _next_episodes(left: Counter[str], last: str, run: int, chance: float) -> frozenset[str]:
    """Choose from which episodes the next quote may be.

    `left` counts the quotes of each that are left, `last` came `run` times running, `chance` is from 0 to below 1.
    """
    others = frozenset(left) - {last}
    between = sum(left[episode] for episode in others)
    # The quotes of others part those of the last one into so many runs and the present one; they are to be even.
    if last in left and (left[last] + run) / (between + 1) - run > chance:
        return frozenset({last})
    greatest = max(others, key=left.__getitem__)
    return frozenset({greatest}) if 2 * left[greatest] > left.total() else others


def _last_run(pool: Pool, history: Sequence[str]) -> tuple[str, int]:
    """Tell of which episode the last quote of a history (newest first) was ("" if of none), and how many running."""
    episodes = {passage.id: passage.episode.id for passage, _ in pool.quotes}
    last = episodes.get(history[0], "") if history else ""
    return last, sum(1 for _ in takewhile(lambda passage: episodes.get(passage) == last, history))
