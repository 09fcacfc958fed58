"""`ilya daily …`: look at what comes, and try the delivery with a file for a channel."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from adapters.terminal.output import write, write_error
from adapters.terminal.render import Span, render_hit, to_hit_json
from bot.delivery import (
    ChannelGoneError,
    Load,
    Place,
    Request,
    Target,
    build_runner,
    describe,
    measure_load,
    next_dues,
    open_daily,
    open_database,
    parse_zone,
    preview,
)
from bot.models import Hit
from bot.service import QuoteService
from bot.settings import Settings

REMEMBERED = 10**9
"""Seconds: a file keeps its keys for good."""


class FilePoster:
    """A file as a channel: one JSON object a post, each key once."""

    platform = "file"
    remembers_keys_for = REMEMBERED

    async def post(self, target: Target, hit: Hit, key: str) -> str:
        """Append a quote, unless its key is there. Raises ChannelGoneError where the file cannot be written."""
        return await asyncio.to_thread(append_once, Path(target.channel), hit, key)

    async def tell(self, target: Target, text: str) -> None:
        """Tell on standard error."""
        write_error(f"{target.channel}: {text}")


def append_once(path: Path, hit: Hit, key: str) -> str:
    """Append a quote to a file of posts and give the number of its line as its id."""
    try:
        # not splitlines: it also splits at what may stand in a quote
        *lines, rest = path.read_text(encoding="utf-8").split("\n") if path.exists() else [""]
        if rest:
            raise ValueError("its last line is not ended")  # noqa: TRY301 - told as every other fault of the file
        for number, line in enumerate(lines, 1):
            if json.loads(line)["key"] == key:
                return str(number)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": key} | to_hit_json(hit), ensure_ascii=False) + "\n")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ChannelGoneError(f"{path} cannot be posted to ({error}).") from None
    return str(len(lines) + 1)


def run_preview(arguments: argparse.Namespace, service: QuoteService) -> int:
    """Show the quotes of the next days as a channel would get them."""
    request = to_request(arguments)
    pool = service.pool_about(request.topic, request.episode)
    if pool.quotes and pool.is_small:
        write_error(f"Only {len(pool.quotes)} quotes fit: they will soon come again.")
    hits = preview(pool, "terminal", (), arguments.days)
    for due, hit in zip(next_dues(request, arguments.days, time.time), hits, strict=False):
        write(render_coming(due.instant.astimezone(ZoneInfo(parse_zone(arguments.zone))), hit))
    return 0


def render_coming(when: datetime, hit: Hit) -> Iterator[Span]:
    """Render a quote to come under its day."""
    yield f"{when:%A, %d %B %Y, %H:%M %Z}\n", "bold"
    yield from render_hit(hit)
    yield "\n", ""


def run_bench(arguments: argparse.Namespace, service: QuoteService) -> int:
    """Post to many channels that are due in one minute, in a database that is thrown away."""
    with TemporaryDirectory() as folder:
        load = asyncio.run(_measure(f"sqlite:///{folder}/bench.db", service, arguments.subscriptions))
    write(render_load(load))
    return 0


async def _measure(url: str, service: QuoteService, count: int) -> Load:
    async with open_database(url) as database:
        return await measure_load(database, service.pool, count)


def render_load(load: Load) -> Iterator[Span]:
    """Render what a load cost."""
    missed = load.subscriptions - load.posted
    yield (
        f"{load.subscriptions:,} due in one minute: {load.posted:,} posted, {missed} missed, {load.twice} twice\n",
        "bold",
    )
    yield f"{load.seconds:.1f} s, {load.posted / load.seconds:,.0f} a second\n", ""
    yield f"peak memory {load.memory_early:.0f} MB after a tenth, {load.memory_late:.0f} MB after all\n", ""


def run_delivery(arguments: argparse.Namespace, service: QuoteService, settings: Settings) -> int:
    """Post a daily quote to a file until interrupted."""
    place = Place("file", "terminal", str(Path(arguments.to).resolve()))
    asyncio.run(_deliver(place, arguments, service, settings))
    return 0


async def _deliver(place: Place, arguments: argparse.Namespace, service: QuoteService, settings: Settings) -> None:
    async with open_daily(settings.database_url.get_secret_value(), service) as daily:
        runner = build_runner(daily, FilePoster())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, runner.stop)
        row = await daily.subscribe(place, to_request(arguments), set_by="terminal")
        write([(f"Posting to {arguments.to} {describe(row)}. Stop with Ctrl-C.\n", "")])
        await runner.run()


def to_request(arguments: argparse.Namespace) -> Request:
    """Take what was asked for from the arguments."""
    return Request(arguments.time, arguments.zone, arguments.weekdays, arguments.topic, arguments.episode)
