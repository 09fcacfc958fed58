"""Discord in the process: connected until told to stop, with the runner of its daily quotes."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

import aiohttp
import discord
from discord.http import Route

from adapters.discord.client import QuoteClient
from adapters.discord.poster import DiscordPoster
from adapters.process import Core, until_stopped
from bot.delivery import build_runner
from bot.errors import SettingsError
from bot.settings import Settings

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds between tries to connect, doubled each time."""

LAST_ANSWERS = 5.0
"""Seconds that answers under way have at the end; a host kills about 10 to 30 s after SIGTERM."""

REFUSED = {
    4004: "DISCORD_TOKEN. Copy the bot's token anew (README)",
    4010: "the shards: SHARD_IDS are numbers from 0, each less than SHARD_COUNT",
    4011: "so few shards: raise SHARD_COUNT, or leave it out",
    4013: "the bot's intents",
    4014: "the bot's intents",
}
"""What the gateway refuses for good, by its close codes (opcodes and status codes)."""

log = logging.getLogger(__name__)


class DiscordPlatform:
    """Discord, where DISCORD_TOKEN is set."""

    def is_wanted(self, settings: Settings) -> bool:
        """Whether there is a token."""
        return settings.discord_token is not None

    async def run(self, core: Core, stopping: asyncio.Event) -> None:
        """Answer and post until told to stop.

        Raises SettingsError where Discord refuses the token, and StoreError where the database is lost.
        """
        pause, clock = FIRST_PAUSE, asyncio.get_running_loop().time
        while not stopping.is_set():
            began = clock()
            lost = await _connect_once(core, stopping)
            if stopping.is_set():
                return
            if clock() - began > LONGEST_PAUSE:
                pause = FIRST_PAUSE  # it stood for a while
            pause = max(pause, lost.at_least)
            log.warning("no connection to Discord, again in %.0f s: %s", pause, lost.reason)
            await until_stopped(asyncio.sleep(pause), stopping)
            pause = min(2 * pause, LONGEST_PAUSE)


@dataclass(frozen=True, slots=True)
class Lost:
    """Why there is no connection, and how long (seconds) Discord wants it left at that."""

    reason: str
    at_least: float = 0.0


async def _connect_once(core: Core, stopping: asyncio.Event) -> Lost:
    """Stay connected until told to stop, or tell why that cannot be now."""
    try:
        await _stay_connected(core, stopping)
    except discord.LoginFailure:
        raise SettingsError(f"Discord refuses {REFUSED[4004]}.") from None
    except discord.PrivilegedIntentsRequired:
        raise SettingsError(f"Discord refuses {REFUSED[4014]}.") from None
    except discord.ConnectionClosed as error:
        if error.code in REFUSED:
            raise SettingsError(f"Discord refuses {REFUSED[error.code]}.") from None
        return Lost(f"closed with code {error.code}")
    except discord.RateLimited as error:
        return Lost("Discord asks to wait", error.retry_after)
    except (aiohttp.ClientError, OSError, discord.HTTPException, discord.GatewayNotFound) as error:
        return Lost(str(error) or type(error).__name__)
    return Lost("the connection was closed")


async def _stay_connected(core: Core, stopping: asyncio.Event) -> None:
    """Log in and stay connected; discord.py itself outlasts lost connections once the first one stood."""
    settings = core.settings
    client = QuoteClient(core)
    Route.BASE = settings.discord_api_url.rstrip("/")
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    async with client:
        if not await until_stopped(client.login(token), stopping):
            return
        runner = build_runner(core.daily, DiscordPoster(client))
        posting = asyncio.create_task(runner.run())
        connection = asyncio.create_task(client.connect())
        try:
            await until_stopped(_first_of(posting, connection), stopping)
            runner.stop()
            await asyncio.wait([posting], timeout=LAST_ANSWERS)
            await client.finish(LAST_ANSWERS)
        finally:
            await client.close()
            await client.finish(LAST_ANSWERS)  # of what came in the meantime: it may hold a connection of the store
            for task in (posting, connection):
                task.cancel()
            await asyncio.gather(posting, connection, return_exceptions=True)


async def _first_of(*tasks: asyncio.Task[None]) -> None:
    """Wait until a task ends, and raise what it ended with; the tasks are left as they are."""
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
