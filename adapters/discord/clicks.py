"""What a click on a button does; all of it stands in the button, so that it works after a restart."""

from __future__ import annotations

from typing import Any

import discord

from adapters.discord.answers import Answers
from adapters.discord.custom_ids import Click, Verb, parse_custom_id
from adapters.discord.render import render_text
from adapters.discord.replies import acknowledge, finish, replace, respond


async def answer_click(interaction: discord.Interaction, answers: Answers) -> None:
    """Answer a click. Raises QuoteBotError, TooLateError, HTTPException."""
    data: Any = interaction.data or {}
    click = parse_custom_id(str(data.get("custom_id", "")))
    match click.verb:
        case Verb.TURN:
            await _turn(interaction, answers, click)
        case Verb.CONTEXT:
            await respond(interaction, answers.context(click), private=True)
        case Verb.SHARE:
            await _share(interaction, answers, click)
        case Verb.TOPIC:
            await _ask_topic(interaction, answers, click)
        case Verb.LIKE | Verb.DISLIKE:
            await acknowledge(interaction, private=True)
            await finish(interaction, await answers.vote(click, interaction.user.id))


async def _turn(interaction: discord.Interaction, answers: Answers, click: Click) -> None:
    """Turn the page for whoever asked; anybody else gets a copy of their own."""
    user = interaction.user.id
    if click.asker == answers.mark(user):
        await replace(interaction, answers.page(click, user, can_share=is_private(interaction)), keep_text=True)
    else:
        await respond(interaction, answers.page(click, user, can_share=True), private=True)


async def _share(interaction: discord.Interaction, answers: Answers, click: Click) -> None:
    """Show everybody a quote that one person sees, once from each message."""
    shared = answers.page(click, interaction.user.id, can_share=False)
    message = interaction.message.id if interaction.message else interaction.id
    if await answers.core.memory.is_new(f"discord:share:{message}:{click.pages.extract.code}"):
        await respond(interaction, shared, private=False)
    else:
        await respond(interaction, render_text("That is shared already."), private=True)


async def _ask_topic(interaction: discord.Interaction, answers: Answers, click: Click) -> None:
    reply = answers.ask(click.state, interaction.user.id, private=True)
    if is_private(interaction):
        await replace(interaction, reply.message)
    else:
        await respond(interaction, reply.message, private=True)


def is_private(interaction: discord.Interaction) -> bool:
    """Whether the message that the button is under is seen by one person only."""
    return bool(interaction.message and interaction.message.flags.ephemeral)
