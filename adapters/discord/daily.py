"""`/ilya-daily`: a channel's daily quote, for those who manage the server or its channels."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType, Choice, Range

from adapters import wording
from adapters.discord.answers import Answers
from adapters.discord.commands import CHOICE, CHOICES, complete_topic, to_name
from adapters.discord.localisation import translatable
from adapters.discord.markdown import escape
from adapters.discord.permissions import may_set_up, name_missing
from adapters.discord.render import CONTENT, DESCRIPTION, OWN_WORDS, Message, fit, render_text
from adapters.discord.replies import acknowledge, finish
from bot.delivery import Coming, DailyService, Place, Request, SubscriptionRow, complete_zone

Channel = discord.TextChannel | discord.Thread
Short = Range[str, 1, CHOICE]
"""What is typed into an option: what is offered for it is no longer either."""

NONE_HERE = "No daily quote is set for that channel. Set one with `set`."
DAYS = ("every day", "weekdays", "weekends", "mon wed fri", "tue thu", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
PREVIEWED = 7


class DailyCommands:
    """The commands of a channel's daily quote; `wake` tells the runner that something was changed."""

    def __init__(self, answers: Answers, wake: Callable[[], None]) -> None:
        self.answers = answers
        self.wake = wake

    @property
    def daily(self) -> DailyService:
        """The daily quotes."""
        return self.answers.core.daily

    async def set(self, interaction: discord.Interaction, channel: Channel | None, request: Request) -> None:
        """Set a channel's daily quote, if the bot may post there. Raises ScheduleError, PoolError."""
        if not await _begin(interaction):
            return
        if missing := _missing_in(interaction, channel):
            where = f"<#{_id_of(interaction, channel)}>"
            line = f"The bot cannot post in {where} yet: give it {', '.join(missing)} there, then set it again."
            await finish(interaction, Message(line))
            return
        row = await self.daily.subscribe(_place(interaction, channel), request, str(interaction.user.id))
        self.wake()
        small = " Few quotes fit that, so they will soon come again." if self.daily.is_small(row) else ""
        await finish(interaction, Message(fit(f"{_tell(row)}{small}", CONTENT)))

    async def stop(self, interaction: discord.Interaction, channel: Channel | None) -> None:
        """Stop a channel's daily quote."""
        if await _begin(interaction):
            was_there = await self.daily.unsubscribe(_place(interaction, channel))
            await finish(interaction, render_text("The daily quote is stopped." if was_there else NONE_HERE))

    async def pause(self, interaction: discord.Interaction, channel: Channel | None) -> None:
        """Pause a channel's daily quote."""
        if await _begin(interaction):
            is_there = await self.daily.pause(_place(interaction, channel))
            paused = "The daily quote is paused until you resume it."
            await finish(interaction, render_text(paused if is_there else NONE_HERE))

    async def resume(self, interaction: discord.Interaction, channel: Channel | None) -> None:
        """Go on with a channel's daily quote."""
        if await _begin(interaction):
            row = await self.daily.resume(_place(interaction, channel))
            self.wake()
            await finish(interaction, Message(fit(_tell(row), CONTENT)) if row else render_text(NONE_HERE))

    async def status(self, interaction: discord.Interaction) -> None:
        """Show all daily quotes of the server."""
        if await _begin(interaction):
            rows = await self.daily.of_tenant("discord", str(interaction.guild_id))
            lines = "\n".join(map(_tell, rows))
            await finish(interaction, Message(fit(lines, CONTENT)) if rows else render_text(NONE_HERE))

    async def preview(self, interaction: discord.Interaction, channel: Channel | None) -> None:
        """Show what comes next in a channel."""
        if await _begin(interaction):
            row = await self.daily.find(_place(interaction, channel))
            coming = await self.daily.preview(row, PREVIEWED) if row else ()
            await finish(interaction, render_coming(coming) if row else render_text(NONE_HERE))

    async def now(self, interaction: discord.Interaction, channel: Channel | None) -> None:
        """Post today's quote at once. Raises ScheduleError."""
        if await _begin(interaction):
            await self.daily.post_now(_place(interaction, channel))
            self.wake()
            await finish(interaction, render_text("Today's quote is on its way."))


def render_coming(coming: Iterable[Coming]) -> Message:
    """Render quotes to come, each under its time in the reader's own zone."""
    parts = []
    for one in coming:
        opening, closing = ("", "") if one.hit.passage.is_summary else ("“", "”")
        head = f"**<t:{int(one.due.instant.timestamp())}:F>**\n"
        end = f"\n-# {fit(escape(one.hit.passage.episode.title), 90)}"
        parts.append(f"{head}{opening}{fit(escape(one.hit.quote), 400)}{closing}{end}")
    embed = discord.Embed(title="What comes next", description=fit("\n\n".join(parts), DESCRIPTION), colour=OWN_WORDS)
    return Message(embed=embed)


def build_daily(commands: DailyCommands) -> app_commands.Group:
    """Build the group of commands."""
    group = app_commands.Group(
        name=to_name(commands.answers.core.settings.command_name, "-daily"),
        description=translatable("A quote a day in a channel"),
        allowed_contexts=AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        allowed_installs=AppInstallationType(guild=True, user=False),
    )
    group.add_command(_build_set(commands))
    for name, template, work in (
        ("stop", "Stop the daily quote and forget it", commands.stop),
        ("pause", "Pause the daily quote", commands.pause),
        ("resume", "Go on with the daily quote", commands.resume),
        ("preview", "Show the next seven daily quotes", commands.preview),
        ("now", "Post today's quote at once", commands.now),
    ):
        group.add_command(_build_simple(name, template, work))
    group.add_command(_build_status(commands))
    return group


def _build_set(commands: DailyCommands) -> app_commands.Command[Any, ..., None]:
    @app_commands.describe(
        time=translatable("When, such as 09:00"),
        timezone=translatable("The time zone, such as Europe/London"),
        channel=translatable("The channel; this one where none is named"),
        days=translatable("On which days, such as weekdays, or mon wed fri"),
        topic=translatable("Only quotes on this"),
    )
    async def callback(
        interaction: discord.Interaction,
        time: Short,
        timezone: Short,
        channel: Channel | None = None,
        days: Short = "",
        topic: Short | None = None,
    ) -> None:
        await commands.set(interaction, channel, Request(time, timezone, days, topic))

    command = _build("set", "Set the daily quote of a channel, or change it", callback)
    command.autocomplete("timezone")(_complete_zone)
    command.autocomplete("days")(_complete_days)
    command.autocomplete("topic")(complete_topic(commands.answers))
    return command


def _build_simple(
    name: str, template: str, work: Callable[[discord.Interaction, Channel | None], Any]
) -> app_commands.Command[Any, ..., None]:
    @app_commands.describe(channel=translatable("The channel; this one where none is named"))
    async def callback(interaction: discord.Interaction, channel: Channel | None = None) -> None:
        await work(interaction, channel)

    return _build(name, template, callback)


def _build_status(commands: DailyCommands) -> app_commands.Command[Any, ..., None]:
    async def callback(interaction: discord.Interaction) -> None:
        await commands.status(interaction)

    return _build("status", "Show when the daily quote comes", callback)


def _build(name: str, template: str, callback: Any) -> app_commands.Command[Any, ..., None]:
    return app_commands.Command(name=name, description=translatable(template), callback=callback)


async def _complete_zone(_: discord.Interaction, typed: str) -> list[Choice[str]]:
    return [Choice(name=zone, value=zone) for zone in complete_zone(typed)[:CHOICES] if len(zone) <= CHOICE]


async def _complete_days(_: discord.Interaction, typed: str) -> list[Choice[str]]:
    return [Choice(name=days, value=days) for days in DAYS if typed.casefold() in days][:CHOICES]


async def _begin(interaction: discord.Interaction) -> bool:
    """Acknowledge, and refuse whoever does not manage the server or its channels."""
    await acknowledge(interaction, private=True)
    if may_set_up(interaction.permissions):
        return True
    await finish(interaction, render_text("For that you need the permission Manage Server or Manage Channels here."))
    return False


def _missing_in(interaction: discord.Interaction, channel: Channel | None) -> tuple[str, ...]:
    if channel is None or channel.id == interaction.channel_id:
        is_thread = isinstance(interaction.channel, discord.Thread)
        return name_missing(interaction.app_permissions, is_thread=is_thread)
    return name_missing(channel.permissions_for(channel.guild.me), is_thread=isinstance(channel, discord.Thread))


def _id_of(interaction: discord.Interaction, channel: Channel | None) -> int:
    return channel.id if channel else interaction.channel_id or 0


def _place(interaction: discord.Interaction, channel: Channel | None) -> Place:
    return Place("discord", str(interaction.guild_id), str(_id_of(interaction, channel)))


def _tell(row: SubscriptionRow) -> str:
    coming = f" Next: <t:{row.next_due}:F>." if row.state == "active" else ""
    return f"<#{row.channel}>: {escape(wording.tell_state(row))}{coming}"
