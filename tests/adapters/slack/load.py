"""`python -m tests.adapters.slack.load`: how fast the bot acknowledges and answers, over both transports."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.adapters.slack.conftest import Mode
from tests.adapters.slack.processes import make_environment, start_bot, wait_until_it_listens
from tests.fakes.slack_people import Handle
from tests.fakes.slack_server import FakeSlack, slack_server

COMMANDS = 200
AT_ONCE = 50
QUERIES = ("scaling laws", "reinforcement learning", "what is consciousness", "gardening roses", "next word prediction")


@dataclass(frozen=True)
class Timing:
    """How long something took, each time (seconds)."""

    name: str
    seconds: Sequence[float]

    def at(self, share: float) -> float:
        """Give the time (ms) that a share of them took at most."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)]

    def __str__(self) -> str:
        return f"{self.name:<28} p50 {self.at(0.5):6.1f} ms   p99 {self.at(0.99):6.1f} ms   most {self.at(1):6.1f} ms"


async def measure(mode: Mode, folder: Path) -> list[Timing]:
    """Ask one after another, then many at once."""
    async with slack_server() as slack, start_bot(make_environment(slack, mode, folder)) as bot:
        draining = None
        try:
            await wait_until_it_listens(bot, slack)
            draining = asyncio.create_task(bot.ends())
            for query in QUERIES:
                await _ask(slack, query).answer()
            one_by_one = [await _time(_ask(slack, QUERIES[number % len(QUERIES)])) for number in range(COMMANDS)]
            handles = [_ask(slack, QUERIES[number % len(QUERIES)]) for number in range(AT_ONCE)]
            together = await asyncio.gather(*map(_time, handles))
        finally:
            bot.process.terminate()
            if draining:
                await draining
    return [
        Timing(f"{mode}: {COMMANDS} acks", [ack for ack, _ in one_by_one]),
        Timing(f"{mode}: {COMMANDS} answers", [answer for _, answer in one_by_one]),
        Timing(f"{mode}: {AT_ONCE} acks at once", [ack for ack, _ in together]),
        Timing(f"{mode}: {AT_ONCE} answers at once", [answer for _, answer in together]),
    ]


def _ask(slack: FakeSlack, query: str) -> Handle:
    return slack.person().command("/ilya", query)


async def _time(asked: Handle) -> tuple[float, float]:
    return (await asked.ack()).seconds, await asked.seconds()


async def main() -> None:
    """Measure both modes and say what came out."""
    modes: tuple[Mode, ...] = ("socket", "http")
    for mode in modes:
        with TemporaryDirectory() as folder:
            for timing in await measure(mode, Path(folder)):
                sys.stdout.write(f"{timing}\n")


if __name__ == "__main__":
    asyncio.run(main())
