"""A small bot of the real discord.py, for the fake to prove itself on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import discord
from discord import app_commands

from tests.fakes.discord_server import FakeDiscord, redirected
from tests.fakes.discord_waiting import Changes


class Answers:
    """What makes a client a bot: commands, a button, and answers to mentions."""

    tree: app_commands.CommandTree[Any]

    def __init__(self) -> None:
        self.changes = Changes()
        self.events: list[str] = []
        self.heard: list[str] = []

    def declare(self) -> None:
        """Declare the commands."""
        self.tree.add_command(_ask)
        self.tree.add_command(_daily)
        self.tree.add_command(_about)


class Bot(discord.Client, Answers):
    """The bot in one process."""

    def __init__(self, **options: Any) -> None:
        intents = options.pop("intents", discord.Intents.default())
        super().__init__(intents=intents, guild_ready_timeout=0.05, **options)
        Answers.__init__(self)
        self.tree = app_commands.CommandTree(self)
        self.declare()

    async def setup_hook(self) -> None:
        """Register the commands."""
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait the five seconds that the real gateway asks for between two IDENTIFYs."""

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Note what happens."""
        self.events.append(event)
        self.changes.tell()
        super().dispatch(event, *args, **kwargs)

    async def on_message(self, message: discord.Message) -> None:
        """Answer whoever says the bot's name."""
        self.heard.append(message.content)
        self.changes.tell()
        if self.user in message.mentions and not message.author.bot:
            await message.reply(f"Heard: {message.clean_content}", allowed_mentions=discord.AllowedMentions.none())

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Turn the page."""
        if interaction.type is not discord.InteractionType.component:
            return
        page = (interaction.custom_id or "").removeprefix("page:")
        if page.isdecimal():
            await interaction.response.edit_message(content=f"Page {page}", view=pages(int(page)))
        else:
            await interaction.response.send_message("That button is no longer here.", ephemeral=True)


class ShardedBot(Bot, discord.AutoShardedClient):
    """The bot on as many shards as the gateway recommends."""


def pages(page: int) -> discord.ui.View:
    """Make the buttons under a page."""
    view = discord.ui.View(timeout=None)
    for emoji, target in (("◀", page - 1), ("▶", page + 1)):
        view.add_item(discord.ui.Button(emoji=emoji, custom_id=f"page:{target}", disabled=not 1 <= target <= 3))
    view.add_item(discord.ui.Button(label="Watch", url="https://example.org/watch?t=1"))
    return view


@app_commands.command(name="ask", description="Ask.")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def _ask(interaction: discord.Interaction, query: str, private: bool = False) -> None:
    await interaction.response.defer(ephemeral=private, thinking=True)
    embed = discord.Embed(title="Quote", description=f"On {query}")
    await interaction.edit_original_response(content="Page 1", embed=embed, view=pages(1))


@_ask.autocomplete("query")
async def _complete(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    topics = ("scaling laws", "self-play", "safety")
    return [app_commands.Choice(name=topic, value=topic) for topic in topics if topic.startswith(typed)]


_daily = app_commands.Group(
    name="daily", description="The daily quote.", default_permissions=discord.Permissions(manage_guild=True)
)


@_daily.command(name="set", description="Set the daily quote.")
async def _set(interaction: discord.Interaction, time: str, channel: discord.TextChannel) -> None:
    assert interaction.guild is not None
    place = interaction.guild.get_channel(channel.id)
    assert place is not None
    can = place.permissions_for(interaction.guild.me).send_messages
    await interaction.response.send_message(f"{time} in {place}: {can}", ephemeral=True)


@app_commands.context_menu(name="About this")
async def _about(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"{message.author.display_name} said {message.content}", ephemeral=True)


@contextlib.asynccontextmanager
async def running(server: FakeDiscord, make: Callable[[], Bot] = Bot) -> AsyncIterator[Bot]:
    """Run a bot on a fake until it is ready, and then until the test is done."""
    with redirected(server):
        bot = make()
        bot.changes = server.changes  # so that `server.wait_for` looks again at what the bot notes
        task = asyncio.create_task(bot.start(server.token))
        try:
            task.add_done_callback(lambda _: server.changes.tell())
            await server.wait_for(lambda: "ready" in bot.events or task.done(), timeout=10)
            if task.done():
                await task
            yield bot
        finally:
            await bot.close()
            await task
