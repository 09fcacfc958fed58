"""The connection to Discord: what comes in, and to what it is given."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.answers import Answers
from adapters.discord.clicks import answer_click
from adapters.discord.commands import build_commands
from adapters.discord.cooldowns import Cooldowns
from adapters.discord.daily import DailyCommands, build_daily
from adapters.discord.localisation import Translations
from adapters.discord.mentions import answer_mention, read_question
from adapters.discord.permissions import NEEDED, build_intents, name_all, to_invite
from adapters.discord.replies import ALREADY, CUT, TOO_LATE, tell_error
from adapters.discord.sync import sync_commands
from adapters.process import Core
from bot.errors import QuoteBotError

LONGEST_WAIT = 30.0
"""Seconds of a 429 that are waited out in place; a longer one is told to whoever sends, to try later."""

REMEMBERED = 1000
"""Interactions whose ids are kept: Discord may tell of one twice, at the latest when a session is resumed."""

log = logging.getLogger(__name__)


class Tree(app_commands.CommandTree["QuoteClient"]):
    """The commands, whose errors are told in private."""

    async def interaction_check(self, interaction: discord.Interaction[QuoteClient]) -> bool:
        """Take each command once."""
        return self.client.takes(interaction)

    async def on_error(
        self, interaction: discord.Interaction[QuoteClient], error: app_commands.AppCommandError
    ) -> None:
        """Tell an error to whoever gave the command."""
        await tell_error(interaction, _unwrap(error))


class QuoteClient(discord.AutoShardedClient):
    """A client that answers from the core."""

    def __init__(self, core: Core, **options: Any) -> None:
        settings = core.settings
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nothing is spoken here
        super().__init__(
            intents=build_intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            activity=discord.CustomActivity(f"Ask with /{settings.command_name}"),
            shard_count=settings.shard_count,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_ratelimit_timeout=LONGEST_WAIT,
            **options,
        )
        self.shard_ids = list(settings.shard_ids) or None
        self.core = core
        self.answers = Answers(core)
        self.cooldowns = Cooldowns(settings.cooldown, time.monotonic)
        self._was_ready = False
        self._under_way: set[asyncio.Task[Any]] = set()
        self._taken: deque[int] = deque(maxlen=REMEMBERED)
        everywhere = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
        installs = app_commands.AppInstallationType(guild=True, user=True)
        self.tree = Tree(self, allowed_contexts=everywhere, allowed_installs=installs)
        for command in build_commands(self.answers, self.cooldowns):
            self.tree.add_command(command)
        self.tree.add_command(build_daily(DailyCommands(self.answers)))

    async def setup_hook(self) -> None:
        """Ask where the gateway is, and tell Discord the commands if they have changed."""
        gateway = await self.http.request(Route("GET", "/gateway/bot"))
        # the official one is written into discord.py, which falls back to it after op 9 whatever it was given before
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway["url"])
        self.shard_count = self.shard_count or gateway.get("shards", 1)
        logging.getLogger(app_commands.tree.__name__).addFilter(shorten_late)
        await self.tree.set_translator(Translations())
        await sync_commands(self.tree, self.core.memory)

    async def on_ready(self) -> None:
        """Say once what the bot is, may and sees."""
        if self._was_ready or self.is_closed():
            return  # again after a cut; or the wait for the servers has outlasted the client
        self._was_ready = True
        self._see_through()
        log.info(
            "ready as %s in %d servers, %d shards; intents: %s; permissions: %s; invite: %s",
            self.user,
            len(self.guilds),
            self.shard_count or 1,
            ", ".join(name for name, is_on in self.intents if is_on),
            name_all(NEEDED),
            to_invite(self.application_id or 0),
        )
        await self._forget_left()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer clicks: discord.py knows only buttons that this process has sent."""
        if interaction.type is not discord.InteractionType.component or not self.takes(interaction):
            return
        try:
            await answer_click(interaction, self.answers)
        except Exception as error:  # noqa: BLE001 - the edge: whatever happens, the click is answered
            await tell_error(interaction, error)

    async def on_message(self, message: discord.Message) -> None:
        """Answer a mention or a direct message."""
        if self.user is None or (question := read_question(message, self.user)) is None:
            return
        self._see_through()
        await answer_mention(message, question, self.answers, self.cooldowns)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget the daily quotes of a server that the bot has left."""
        try:
            count = await self.core.daily.forget_tenant("discord", str(guild.id))
        except QuoteBotError as error:
            log.warning("left server %s, but its daily quotes could not be forgotten: %s", guild.id, error)
        else:
            log.info("left server %s; %d daily quotes forgotten", guild.id, count)

    async def _forget_left(self) -> None:
        """Forget the servers that the bot was thrown out of while it was not running."""
        try:
            for tenant in await self.core.daily.tenants("discord"):
                guild = int(tenant)
                if self.get_guild(guild) is None and self._is_mine(guild) and await self._has_left(guild):
                    await self.core.daily.forget_tenant("discord", tenant)
                    log.info("left server %s while away; its daily quotes are forgotten", tenant)
        except (QuoteBotError, discord.DiscordException, *CUT) as error:
            log.warning("servers left while away could not be looked for: %s", error)

    def _is_mine(self, guild: int) -> bool:
        return self.shard_ids is None or (guild >> 22) % (self.shard_count or 1) in self.shard_ids

    async def _has_left(self, guild: int) -> bool:
        try:
            await self.fetch_guild(guild, with_counts=False)
        except discord.HTTPException as error:
            return error.code in (10004, 50001)  # unknown guild, no access
        return False

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:
        """Log what went wrong in an event."""
        log.error("event %s", event_method, exc_info=True)  # noqa: LOG014 - called from an except block of discord.py

    async def finish(self, seconds: float) -> None:
        """Wait for what is being answered, but no longer than `seconds`."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=seconds)

    def takes(self, interaction: discord.Interaction) -> bool:
        """Take an interaction on, in the present task; say whether it is new."""
        if interaction.id in self._taken:
            return False
        self._taken.append(interaction.id)
        self._see_through()
        return True

    def _see_through(self) -> None:
        """Let the end wait for the present task, which is one of discord.py's for one event."""
        if task := asyncio.current_task():
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)


def shorten_late(record: logging.LogRecord) -> bool:
    """Log choices that came too late, as they often do while somebody types on, without a traceback."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, discord.HTTPException) and error.code in (*TOO_LATE, ALREADY):
        record.levelno, record.levelname, record.exc_info = logging.INFO, "INFO", None
    return True


def _unwrap(error: app_commands.AppCommandError) -> BaseException:
    """Give what a command failed with, not how discord.py wraps it."""
    if isinstance(error, app_commands.CommandInvokeError):
        return error.original
    if isinstance(error, app_commands.TransformerError):
        return QuoteBotError("The bot cannot see that channel, or cannot post in channels of its kind.")
    if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        return QuoteBotError("That command has changed. Restart Discord to see it as it is now.")
    return error
