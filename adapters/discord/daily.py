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
from adapters.discord.render import CONTENT, OWN_WORDS, Message, fit, fit_lines, render_text
from adapters.discord.replies import acknowledge, finish
from bot.delivery import Coming, DailyService, Place, Request, SubscriptionRow, complete_zone
from bot.presentation import present

Channel = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
Short = Range[str, 1, CHOICE]
"""What is typed into an option: what is offered for it is no longer either."""

DAYS = ("every day", "weekdays", "weekends", "mon wed fri", "tue thu", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
PREVIEWED = 7


class DailyCommands:
    """The commands of a channel's daily quote."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.name = to_name(answers.core.settings.command_name, "-daily")

    @property
    def daily(self) -> DailyService:
        """The daily quotes."""
        return self.answers.core.daily

    @property
    def none_here(self) -> Message:
        """What is said where no daily quote is set."""
        return render_text(f"No daily quote is set for that channel. Set one with /{self.name} set.")

    async def set(self, interaction: discord.Interaction, channel: Channel | None, request: Request) -> None:
        """Set a channel's daily quote, if the bot may post there. Raises ScheduleError, PoolError."""
        if not await _begin(interaction, channel):
            return
        if missing := _missing_in(interaction, channel):
            where = f"<#{_id_of(interaction, channel)}>"
            line = f"The bot cannot post in {where} yet: give it {', '.join(missing)} there, then set it again."
            await finish(interaction, Message(line))
            return
        row = await self.daily.subscribe(_place(interaction, channel), request, str(interaction.user.id))
        small = f" {wording.FEW}" if self.daily.is_small(row) else ""
        await finish(interaction, Message(fit(f"{_tell(row)}{small}", CONTENT)))

    async def stop(self, interaction: discord.Interaction, channel: Channel | None) -> None:
        """Stop a channel's daily quote."""
        if await _begin(interaction, channel):
            was_there = await self.daily.unsubscribe(_place(interaction, channel))
            await finish(interaction, render_text(wording.STOPPED) if was_there else self.none_here)

    async def pause(self, interaction: discord.Interaction, channel: Channel | None) -> None:
        """Pause a channel's daily quote."""
        if await _begin(interaction, channel):
            is_there = await self.daily.pause(_place(interaction, channel))
            await finish(interaction, render_text(wording.PAUSED) if is_there else self.none_here)

    async def resume(self, interaction: discord.Interaction, channel: Channel | None) -> None:
        """Go on with a channel's daily quote."""
        if await _begin(interaction, channel):
            row = await self.daily.resume(_place(interaction, channel))
            await finish(interaction, Message(fit(_tell(row), CONTENT)) if row else self.none_here)

    async def status(self, interaction: discord.Interaction) -> None:
        """Show the daily quotes of the server, those of channels that whoever asks may decide about."""
        await acknowledge(interaction, private=True)
        rows = await self.daily.of_tenant("discord", str(interaction.guild_id))
        lines = [_tell(row) for row in rows if _may_see(interaction, int(row.channel))]
        embed = discord.Embed(title="Daily quotes", description=fit_lines(lines), colour=OWN_WORDS)
        await finish(
            interaction, Message(embed=embed) if lines else render_text("No daily quote is set that is yours to see.")
        )

    async def preview(self, interaction: discord.Interaction, channel: Channel | None) -> None:
        """Show what comes next in a channel."""
        if await _begin(interaction, channel):
            row = await self.daily.find(_place(interaction, channel))
            coming = await self.daily.preview(row, PREVIEWED) if row else ()
            await finish(interaction, render_coming(coming, is_active=row.state == "active") if row else self.none_here)

    async def now(self, interaction: discord.Interaction, channel: Channel | None) -> None:
        """Post today's quote at once. Raises ScheduleError."""
        if await _begin(interaction, channel):
            await self.daily.post_now(_place(interaction, channel))
            await finish(interaction, render_text(wording.ON_ITS_WAY))


def render_coming(coming: Iterable[Coming], *, is_active: bool) -> Message:
    """Render quotes to come, each under its time in the reader's own zone."""
    parts = []
    for one in coming:
        shown = present(one.hit)
        opening, closing = wording.quoted(shown)
        head = f"**<t:{int(one.due.instant.timestamp())}:F>**\n"
        end = f"\n-# {fit(escape(shown.episode.title), 90)}"
        parts.append(f"{head}{opening}{fit(escape(shown.quote), 400)}{closing}{end}")
    title = "What comes next" if is_active else "What comes next, once it is resumed"
    return Message(embed=discord.Embed(title=title, description=fit_lines(parts, "\n\n"), colour=OWN_WORDS))


def build_daily(commands: DailyCommands) -> app_commands.Group:
    """Build the group of commands."""
    group = app_commands.Group(
        name=commands.name,
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
    command.autocomplete("topic")(complete_topic(commands.answers, is_daily=True))
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
    return [Choice(name=zone, value=zone) for zone in complete_zone(typed[:CHOICE])[:CHOICES] if len(zone) <= CHOICE]


async def _complete_days(_: discord.Interaction, typed: str) -> list[Choice[str]]:
    return [Choice(name=days, value=days) for days in DAYS if typed.casefold() in days][:CHOICES]


async def _begin(interaction: discord.Interaction, channel: Channel | None) -> bool:
    """Acknowledge, and refuse whoever manages neither the server nor the channel that it is about."""
    await acknowledge(interaction, private=True)
    held = interaction.permissions
    if held.manage_guild or may_set_up(_held_in(interaction, channel)):
        return True
    refused = "For that you need the permission Manage Server, or Manage Channels in that channel."
    await finish(interaction, render_text(refused))
    return False


def _held_in(interaction: discord.Interaction, channel: Channel | None) -> discord.Permissions:
    """Give what whoever asks may do in the channel that it is about."""
    if channel is None or channel.id == interaction.channel_id or not isinstance(interaction.user, discord.Member):
        return interaction.permissions
    return channel.permissions_for(interaction.user)


def _may_see(interaction: discord.Interaction, channel_id: int) -> bool:
    if interaction.permissions.manage_guild:
        return True
    channel = interaction.guild.get_channel_or_thread(channel_id) if interaction.guild else None
    return isinstance(channel, Channel) and may_set_up(_held_in(interaction, channel))


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
