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
    SubscriptionState,
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
from bot.errors import ScheduleError
from bot.models import Hit
from bot.service import QuoteService
from bot.settings import Settings

REMEMBERED = 10**9
"""Seconds: a file keeps its keys for good."""


OPENING = b'{"key": "'
"""How a line of a file of posts begins."""


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
    """Append a quote to a file of posts and give the number of its line as its id.

    A line that a killed process has left unended was never confirmed: it is taken away.
    """
    try:
        # not splitlines: it also splits at what may stand in a quote
        *lines, rest = path.read_bytes().split(b"\n") if path.exists() else [b""]
        if rest[: len(OPENING)] != OPENING[: len(rest)]:
            raise ValueError("its last line is no post")  # noqa: TRY301 - told as every other fault of the file
        for number, line in enumerate(lines, 1):
            if json.loads(line)["key"] == key:
                return str(number)
        with path.open("ab") as file:
            file.truncate(file.tell() - len(rest))
            file.write((json.dumps({"key": key} | to_hit_json(hit), ensure_ascii=False) + "\n").encode())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ChannelGoneError(f"{path} cannot be posted to ({error}).") from None
    return str(len(lines) + 1)


def run_preview(arguments: argparse.Namespace, service: QuoteService, settings: Settings) -> int:
    """Show the quotes of the next days: those of a file that is posted to, or an example of a channel's."""
    if arguments.to:
        for when, hit in asyncio.run(_look_ahead(arguments, service, settings)):
            write(render_coming(when, hit))
        return 0
    request = to_request(arguments)
    pool = service.pool_about(request.topic, request.episode)
    if pool.quotes and pool.is_small:
        write_error(f"Only {len(pool.quotes)} quotes fit: they will soon come again.")
    dues = next_dues(request, arguments.days, time.time)
    coming = tuple(zip(dues, preview(pool, "example", (), arguments.days), strict=False))
    write([("As some channel might get them; each has an order of its own (--to FILE shows a file's).\n\n", "dim")])
    for due, hit in coming:
        write(render_coming(due.instant.astimezone(ZoneInfo(parse_zone(arguments.zone))), hit))
    return 0


async def _look_ahead(
    arguments: argparse.Namespace, service: QuoteService, settings: Settings
) -> list[tuple[datetime, Hit]]:
    async with open_daily(settings.database_url.get_secret_value(), service) as daily:
        row = await daily.find(to_place(arguments.to))
        if row is None:
            raise ScheduleError(
                f"Nothing is posted to {arguments.to} yet. Begin with: ilya daily run --to {arguments.to}"
            )
        if row.state is not SubscriptionState.ACTIVE:
            write_error(f"The daily quote is {row.state} ({row.why.rstrip('.')}); if it were resumed, this would come.")
        coming = await daily.preview(row, arguments.days)
        return [(one.due.instant.astimezone(ZoneInfo(row.zone)), one.hit) for one in coming]


def render_coming(when: datetime, hit: Hit) -> Iterator[Span]:
    """Render a quote to come under its day."""
    yield f"{when:%A, %d %B %Y, %H:%M %Z}\n", "bold"
    yield from render_hit(hit)
    yield "\n", ""


def run_bench(arguments: argparse.Namespace, service: QuoteService) -> int:
    """Post to many channels that are due in one minute, in a database that is thrown away."""
    with TemporaryDirectory() as folder:
        load = asyncio.run(_measure(f"sqlite:///{folder}/bench.db", service, arguments))
    write(render_load(load))
    return 0


async def _measure(url: str, service: QuoteService, arguments: argparse.Namespace) -> Load:
    async with open_database(url) as database:
        return await measure_load(database, service.pool, arguments.subscriptions, arguments.spread)


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
    asyncio.run(_deliver(to_place(arguments.to), arguments, service, settings))
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


def to_place(file: str) -> Place:
    """Give the place of a file as a channel."""
    return Place("file", "terminal", str(Path(file).resolve()))


def to_request(arguments: argparse.Namespace) -> Request:
    """Take what was asked for from the arguments."""
    return Request(arguments.time, arguments.zone, arguments.weekdays, arguments.topic, arguments.episode)
