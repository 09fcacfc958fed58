"""How fast the bot answers in Discord: `python -m tests.adapters.discord.load`.

A fake Discord and the bot as a process of its own: the time until it is ready, of 200 `/ilya` one after the other, and
until 50 at once are answered, from the dispatch to the final answer.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import sys
import tempfile
import time
from pathlib import Path

from tests.adapters.discord.processes import started_bot
from tests.fakes.discord_people import Person
from tests.fakes.discord_server import FakeDiscord, discord_server
from tests.paths import SEEDS

IN_SEQUENCE, AT_ONCE = 200, 50


def read_queries() -> list[str]:
    """Read the queries that the search is tuned on."""
    lines = (SEEDS / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    return [str(json.loads(line)["query"]) for line in lines]


async def time_answer(person: Person, query: str) -> float:
    """Ask, and give the milliseconds until the final answer."""
    start = time.perf_counter()
    message = await person.slash("ilya", {"query": query}).answer(timeout=30)
    if not (message.embeds or message.content):
        raise RuntimeError(f"no answer to {query!r}")
    return (time.perf_counter() - start) * 1000


async def measure(server: FakeDiscord, person: Person, queries: list[str]) -> list[tuple[str, float, str]]:
    """Give each figure with its name and unit."""
    asked = itertools.islice(itertools.cycle(queries), IN_SEQUENCE)
    times = sorted([await time_answer(person, query) for query in asked])
    start = time.perf_counter()
    together = itertools.islice(itertools.cycle(queries), AT_ONCE)
    await asyncio.gather(*(time_answer(person, query) for query in together))
    return [
        (f"{IN_SEQUENCE} in sequence, p50", times[len(times) // 2], "ms"),
        (f"{IN_SEQUENCE} in sequence, p99", times[len(times) * 99 // 100], "ms"),
        (f"{AT_ONCE} at once, all answered", time.perf_counter() - start, "s"),
        ("requests refused", len(server.refusals), ""),
    ]


async def main() -> None:
    """Start both sides, measure and print."""
    logging.basicConfig(level=logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        async with discord_server() as server:
            home = server.add_channel(server.add_guild("Readers"), "general")
            person = server.add_user("Ada", home=home)
            start = time.perf_counter()
            async with started_bot(server, Path(folder)) as bot:
                connected = time.perf_counter() - start
                await bot.says("ready as")
                ready = time.perf_counter() - start
                figures = await measure(server, person, read_queries())
                bot.terminate()
                stopping = time.perf_counter()
                code, output = await bot.ended()
                ended = time.perf_counter() - stopping
    figures = [("connected", connected, "s"), ("ready", ready, "s"), *figures, ("ended after SIGTERM", ended, "s")]
    for name, value, unit in figures:
        sys.stdout.write(f"{name:<30} {value:8.2f} {unit}\n")
    sys.stdout.write(f"exit code {code}, {'a traceback' if 'Traceback' in output else 'no traceback'}\n")


if __name__ == "__main__":
    asyncio.run(main())
