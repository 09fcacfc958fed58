"""Which quote a channel gets: each once before any comes again, in an order every process agrees on.

The order is by a hash of channel, epoch and passage, so a preview tells the truth whoever makes it, and new passages
take their places in it. An epoch ends when every quote of the pool was posted; the next has an order of its own.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

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
    """Choose what of the passages stands alone, one quote a passage, none said twice."""
    chosen = ((passage, choose_standalone(passage)) for passage in passages)
    return Pool(tuple(without_repeats((passage, sentences) for passage, sentences in chosen if sentences)))


def narrow(pool: Pool, passages: Iterable[str]) -> Pool:
    """Keep only the quotes from some passages (ids), for a subscription to a topic or an episode."""
    wanted = frozenset(passages)
    return Pool(tuple((passage, sentences) for passage, sentences in pool.quotes if passage.id in wanted))


def pick(pool: Pool, channel: str, history: Sequence[str]) -> Hit:
    """Pick a channel's next quote; `history` are the passages (ids) posted there, newest first.

    The episode changes every time, as long as another one has a quote left. Raises PoolError where the pool is empty.
    """
    if not pool.quotes:
        raise PoolError("No quote fits. Choose another topic or episode, or none.")
    epoch, used = present_epoch(history)
    left = [quote for quote in pool.quotes if quote[0].id not in used]
    if not left:
        epoch += 1
        left = [quote for quote in pool.quotes if quote[0].id != history[0]] or list(pool.quotes)
    last = _last_episode(pool, history)
    others = [quote for quote in left if quote[0].episode.id != last] or left
    passage, sentences = min(others, key=lambda quote: order_key(channel, epoch, quote[0].id))
    return Hit(passage, 0.0, sentences)


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
    """Pick one quote for everybody on a day; all come once before any comes again. Raises PoolError."""
    if not pool.quotes:
        raise PoolError("No quote stands alone in these episodes.")
    cycle, place = divmod(day.toordinal(), len(pool.quotes))
    ordered = sorted(pool.quotes, key=lambda quote: order_key("today", cycle, quote[0].id))
    passage, sentences = ordered[place]
    return Hit(passage, 0.0, sentences)


def pick_at_random(pool: Pool, chance: random.Random) -> Hit:
    """Pick any quote. Raises PoolError."""
    if not pool.quotes:
        raise PoolError("No quote stands alone in these episodes.")
    passage, sentences = chance.choice(pool.quotes)
    return Hit(passage, 0.0, sentences)


def order_key(channel: str, epoch: int, passage: str) -> bytes:
    """Give a passage's place in a channel's order: the same in every process, unlike hash()."""
    return hashlib.blake2b(f"{channel}\n{epoch}\n{passage}".encode(), digest_size=8).digest()


def _last_episode(pool: Pool, history: Sequence[str]) -> str | None:
    episodes = {passage.id: passage.episode.id for passage, _ in pool.quotes}
    return episodes.get(history[0]) if history else None
