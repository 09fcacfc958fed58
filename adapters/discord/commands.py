"""The slash commands and the menu of a message; their names follow the settings."""

from __future__ import annotations

import math
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice, Range

from adapters import wording
from adapters.discord.answers import LONGEST_QUERY, Answers, Reply
from adapters.discord.cooldowns import Cooldowns
from adapters.discord.help import render_help
from adapters.discord.localisation import translatable
from adapters.discord.markdown import plain
from adapters.discord.render import fit, render_text
from adapters.discord.replies import acknowledge, finish
from bot.dates import to_date

CHOICES = 25
"""Choices that an autocomplete may offer, each with 100 characters at most (application-commands)."""
CHOICE = 100
LONGEST_NAME = 32

Command = app_commands.Command[Any, ..., None] | app_commands.ContextMenu
Completion = Callable[[discord.Interaction, str], Coroutine[Any, Any, list[Choice[str]]]]


def build_commands(answers: Answers, cooldowns: Cooldowns) -> Iterator[Command]:
    """Build every command but those of the daily quote."""
    yield _ask(answers, cooldowns)
    yield _random(answers)
    yield _episodes(answers)
    yield _help(answers)
    yield _menu(answers, cooldowns)


async def deliver(interaction: discord.Interaction, reply: Reply) -> None:
    """Acknowledge a command, as private as its answer is, then answer it.

    What is known from memory is known before: only so can the acknowledgement be private where there is no answer.
    """
    await acknowledge(interaction, private=reply.is_private)
    await finish(interaction, reply.message)


def wait_line(cooldowns: Cooldowns, user: int) -> Reply | None:
    """Say how long a user who asked just now has to wait; None for everybody else."""
    seconds = cooldowns.take(user)
    if not seconds:
        return None
    return Reply(render_text(f"One question at a time: ask again in {math.ceil(seconds)} s."), is_private=True)


def _ask(answers: Answers, cooldowns: Cooldowns) -> Command:
    @app_commands.rename(is_private="private")
    @app_commands.describe(
        query=translatable("What it is about: a few words, or a question"),
        episode=translatable("Only from this episode"),
        is_private=translatable("Show the answer only to you"),
    )
    async def callback(
        interaction: discord.Interaction,
        query: Range[str, 1, LONGEST_QUERY],
        episode: str | None = None,
        is_private: bool = False,
    ) -> None:
        user = interaction.user.id
        waiting = wait_line(cooldowns, user)
        await deliver(interaction, waiting or answers.ask(query, user, episode=episode, private=is_private))

    command = _build(answers, "", "What {persona} said on something, word for word", callback)
    command.autocomplete("query")(complete_topic(answers))
    command.autocomplete("episode")(complete_episode(answers))
    return command


def _random(answers: Answers) -> Command:
    async def callback(interaction: discord.Interaction) -> None:
        await deliver(interaction, answers.random(interaction.user.id))

    return _build(answers, "-random", "Something {persona} said, taken by chance", callback)


def _episodes(answers: Answers) -> Command:
    async def callback(interaction: discord.Interaction) -> None:
        await deliver(interaction, Reply(answers.episodes(), is_private=True))

    return _build(answers, "-episodes", "The episodes that are searched", callback)


def _help(answers: Answers) -> Command:
    async def callback(interaction: discord.Interaction) -> None:
        await deliver(interaction, Reply(render_help(answers.core.settings), is_private=True))

    return _build(answers, "-help", "How to ask, and what the buttons do", callback)


def _menu(answers: Answers, cooldowns: Cooldowns) -> Command:
    """Build the command in the menu of a message, which asks with the message's words."""

    async def callback(interaction: discord.Interaction, message: discord.Message) -> None:
        user = interaction.user.id
        words = message.content.strip() or next((one.description for one in message.embeds if one.description), "")
        await deliver(interaction, wait_line(cooldowns, user) or answers.ask_about(words, user))

    first_name = answers.core.settings.persona.split()[0]
    name = f"What did {first_name} say on this?"
    shown = name if len(name) <= LONGEST_NAME else "What was said on this?"
    return app_commands.ContextMenu(name=shown, callback=callback)


def complete_topic(answers: Answers, *, is_daily: bool = False) -> Completion:
    """Offer topics as they are typed, all of them or those that there is a daily quote on."""

    async def complete(_: discord.Interaction, typed: str) -> list[Choice[str]]:
        quotes = answers.core.quotes
        find = quotes.complete_daily_topics if is_daily else quotes.complete_topics
        topics = find(typed[:CHOICE], CHOICES)
        return [Choice(name=topic, value=topic) for topic in topics if len(topic) <= CHOICE]

    return complete


def complete_episode(answers: Answers) -> Completion:
    """Offer episodes as their names are typed."""

    async def complete(_: discord.Interaction, typed: str) -> list[Choice[str]]:
        found = answers.core.quotes.complete_episodes(typed[:CHOICE], CHOICES)
        told = [(wording.tell_episode(one, to_date(one.published)), one.id) for one in found if len(one.id) <= CHOICE]
        return [Choice(name=fit(plain(text), CHOICE), value=name) for text, name in told]

    return complete


def _build(answers: Answers, suffix: str, template: str, callback: Any) -> app_commands.Command[Any, ..., None]:
    settings = answers.core.settings
    return app_commands.Command(
        name=to_name(settings.command_name, suffix),
        description=translatable(template, persona=settings.persona),
        callback=callback,
    )


def to_name(command: str, suffix: str) -> str:
    """Name a command beside the first one, in at most LONGEST_NAME characters."""
    return f"{command[: LONGEST_NAME - len(suffix)]}{suffix}"
