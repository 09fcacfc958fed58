"""A long-lived process: settings, core and store opened once, platforms run beside each other, signals, a clean end."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from adapters.logs import set_up_logging
from bot.delivery import DailyService, Memory, open_daily
from bot.errors import QuoteBotError, SettingsError
from bot.service import QuoteService, build_service
from bot.settings import Settings, read_settings

DONE, FAILED, FAULTY = 0, 1, 2
"""Exit codes: ended when told to, a platform ended by itself, nothing could be begun."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, repr=False)  # asyncio and logs show what they carry: this would be every passage
class Core:
    """What every platform answers and delivers with."""

    settings: Settings
    quotes: QuoteService
    daily: DailyService
    memory: Memory


class Platform(Protocol):
    """A chat platform."""

    def is_wanted(self, settings: Settings) -> bool:
        """Whether the settings hold what it needs to run, its token above all."""

    async def run(self, core: Core, stopping: asyncio.Event) -> None:
        """Answer and deliver until `stopping` is set, then finish what is begun. Raises QuoteBotError."""


def run_process(platforms: Mapping[str, Platform]) -> int:
    """Run every platform that the settings want until SIGTERM or SIGINT, and give the exit code."""
    try:
        settings = read_settings()
        set_up_logging(settings)
        return asyncio.run(_run(settings, platforms))
    except QuoteBotError as error:
        if not logging.getLogger().handlers:
            logging.basicConfig(format="%(message)s")
        log.error("%s", error)  # noqa: TRY400 - the sentence says what to do; a traceback would hide it
        return FAULTY


async def until_stopped(work: Coroutine[Any, Any, object], stopping: asyncio.Event) -> bool:
    """Do work, or give it up when told to stop; say whether it was done. Raises what the work does."""
    task, stop = asyncio.ensure_future(work), asyncio.ensure_future(stopping.wait())
    await asyncio.wait([task, stop], return_when=asyncio.FIRST_COMPLETED)
    is_done = task.done()
    stop.cancel()
    if is_done:
        task.result()
    else:
        task.cancel()
    await asyncio.gather(task, stop, return_exceptions=True)
    return is_done


async def _run(settings: Settings, platforms: Mapping[str, Platform]) -> int:
    wanted = {name: platform for name, platform in platforms.items() if platform.is_wanted(settings)}
    if not wanted:
        raise SettingsError(_nothing_to_run(tuple(platforms)))
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    quotes = await asyncio.to_thread(build_service, settings.episodes_dir, settings.persona)
    await asyncio.to_thread(quotes.warm)
    for fault in quotes.library.faults:
        log.warning("%s; this edition is left out", fault)
    async with open_daily(settings.database_url.get_secret_value(), quotes) as daily:
        core = Core(settings, quotes, daily, Memory(daily.database))
        ended = await asyncio.gather(*(_supervise(name, wanted[name], core, stopping) for name in wanted))
    log.info("stopped")
    return DONE if all(ended) else FAILED


async def _supervise(name: str, platform: Platform, core: Core, stopping: asyncio.Event) -> bool:
    """Run one platform; where it fails, the others go on. Say whether it ended as told."""
    try:
        await platform.run(core, stopping)
    except QuoteBotError as error:
        log.error("%s has ended: %s", name, error)  # noqa: TRY400 - as above
        return False
    except Exception:  # the edge: one failing platform must not take the other down
        log.exception("%s has ended", name)
        return False
    return stopping.is_set()


def _nothing_to_run(names: tuple[str, ...]) -> str:
    tokens = {"discord": "DISCORD_TOKEN", "slack": "SLACK_BOT_TOKEN"}
    needed = " or ".join(tokens[name] for name in names)
    return f"There is nothing to run: set {needed} in the environment or in .env (README)."
