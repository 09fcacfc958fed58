"""A process that delivers daily posts over HTTP until it is stopped or killed.

`python -m tests.scenarios.worker` has everything imported and waits on standard input; at each line it forks a process
that is the worker (a few milliseconds instead of a second) and prints its id. `reap ID` gives how a worker ended.

A worker connects to whoever watches it and tells on that connection what it does; at the point where it is to die it
says so and holds its breath. It is told `wake` and `stop`.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum

import aiohttp
import asyncpg  # type: ignore[import-untyped]  # noqa: F401 - so that no worker need import it

from bot.daily.outbox import Outbox
from bot.daily.picker import Pool, pick
from bot.daily.poster import OutcomeUnknownError, Target
from bot.daily.runner import Runner
from bot.models import Hit
from bot.store.database import open_database
from bot.store.rows import ClaimedRow
from tests.bot.search.corpus import said
from tests.scenarios.post_service import WORKER

PLATFORM = "service"
QUOTES = 7
PATIENCE = 60


class Point(StrEnum):
    """Where in its work a process can be made to stand still."""

    BEFORE_CLAIM = "before claim"
    CLAIMED = "claimed, nothing noted"
    NOTED = "noted, not sent"
    SENT = "sent, not confirmed"
    CONFIRMED = "confirmed"


@dataclass(frozen=True)
class Task:
    """What a worker does: where, and at the how-manieth time of which point it stands still, if at any."""

    database: str
    service: str
    remembers: int
    lease: int
    watcher: int
    point: Point | None = None
    visits: int = 1

    def to_line(self) -> str:
        """Write the task as a line."""
        return json.dumps(asdict(self))


class Watched:
    """Tells the watcher what happens, and stands still where it must."""

    def __init__(self, task: Task, writer: asyncio.StreamWriter) -> None:
        self.task = task
        self.writer = writer
        self.left = task.visits

    def tell(self, word: str) -> None:
        """Tell a word."""
        self.writer.write(f"{word}\n".encode())

    async def pass_by(self, point: Point) -> None:
        """Pass a point, or stand still there for good: the whole process, not only one task."""
        if self.task.point != point:
            return
        self.left -= 1
        if self.left == 0:
            self.tell("here")
            await self.writer.drain()
            signal.alarm(PATIENCE)  # ends it should nobody come to kill it
            signal.pause()


@dataclass(frozen=True)
class HttpPoster:
    """Posts over HTTP."""

    task: Task
    session: aiohttp.ClientSession
    watched: Watched
    platform: str = PLATFORM

    @property
    def remembers_keys_for(self) -> int:
        """For how long the service knows a key."""
        return self.task.remembers

    async def post(self, target: Target, hit: Hit, key: str) -> str:
        """Post a quote and give the message's id. Raises OutcomeUnknownError."""
        await self.watched.pass_by(Point.NOTED)
        address = f"{self.task.service}/channels/{target.channel}/messages"
        content = {"content": hit.quote, "nonce": key}
        try:
            async with self.session.post(address, json=content, headers={WORKER: str(os.getpid())}) as answer:
                answer.raise_for_status()
                message = str((await answer.json())["id"])
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OutcomeUnknownError(f"No answer ({type(error).__name__}).") from None
        await self.watched.pass_by(Point.SENT)
        return message

    async def tell(self, target: Target, text: str) -> None:
        """Tell the watcher."""
        self.watched.tell(f"{target.channel}: {text}")


@dataclass(frozen=True, kw_only=True)
class WatchedOutbox(Outbox):
    """An outbox that tells where it is."""

    watched: Watched

    async def claim(self, limit: int) -> tuple[ClaimedRow, ...]:
        """Claim, and tell when there is nothing."""
        await self.watched.pass_by(Point.BEFORE_CLAIM)
        claimed = await super().claim(limit)
        if not claimed:
            self.watched.tell("idle")
        return claimed

    async def deliver(self, claimed: ClaimedRow) -> int | None:
        """Deliver between two points."""
        await self.watched.pass_by(Point.CLAIMED)
        until = await super().deliver(claimed)
        await self.watched.pass_by(Point.CONFIRMED)
        return until


def build_pool() -> Pool:
    """Make some quotes."""
    passages = [said(f"This is quote number {number}.", id=f"show-1:{number}") for number in range(QUOTES)]
    return Pool(tuple((passage, passage.sentences) for passage in passages))


def find_in(pool: Pool) -> Callable[[str], Hit | None]:
    """Find quotes by their passages."""
    hits = {passage.id: Hit(passage, 0.0, sentences) for passage, sentences in pool.quotes}
    return hits.get


async def work(task: Task) -> None:
    """Deliver until told to stop."""
    reader, writer = await asyncio.open_connection("127.0.0.1", task.watcher)
    watched = Watched(task, writer)
    watched.tell(str(os.getpid()))
    pool = build_pool()
    async with open_database(task.database) as database, aiohttp.ClientSession() as session:
        outbox = WatchedOutbox(
            database=database,
            poster=HttpPoster(task, session, watched),
            choose=lambda row, past: pick(pool, row.channel, past),
            find=find_in(pool),
            clock=time.time,
            lease=task.lease,
            patience=task.lease / 2,
            watched=watched,
        )
        runner = Runner(outbox, spread=0)
        running = asyncio.create_task(runner.run())
        while (await reader.readline()).strip() == b"wake":
            runner.wake()
        runner.stop()
        await running
    writer.close()


def tell_parent(word: int) -> None:
    """Answer a line with a number."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    """Fork a worker for every task, until there are no more lines."""
    for line in sys.stdin:
        if line.startswith("reap "):
            _, status = os.waitpid(int(line.split()[1]), 0)
            tell_parent(os.waitstatus_to_exitcode(status))
        elif worker := os.fork():
            tell_parent(worker)
        else:
            asyncio.run(work(Task(**json.loads(line))))
            return


if __name__ == "__main__":
    main()
