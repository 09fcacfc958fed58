"""Questions put to the bot by mentioning it, or in a direct message."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any

import discord

from adapters import wording
from adapters.discord.answers import Answers, Reply
from adapters.discord.commands import wait_line
from adapters.discord.cooldowns import Cooldowns
from adapters.discord.help import render_help
from adapters.discord.render import Message, render_text, to_view
from adapters.discord.replies import CUT, TooLateError, insist
from bot.errors import StoreError

LATEST = 30.0
"""Seconds until a question is left unanswered: an answer that comes minutes later answers nobody."""

SPOKEN = (discord.MessageType.default, discord.MessageType.reply)
"""Kinds of messages that somebody wrote; the others tell of pins, joins and the like."""

NO_REPLY = frozenset({160002, 50035})
"""Replying takes Read Message History, which is not asked for; the message replied to is gone (opcodes page)."""

log = logging.getLogger(__name__)


def read_question(message: discord.Message, bot: discord.abc.Snowflake) -> str | None:
    """Take the question out of a message; None where the bot is not asked, "" where it is only called."""
    is_asked = message.guild is None or any(user.id == bot.id for user in message.mentions)
    if message.author.bot or not is_asked or message.type not in SPOKEN:
        return None
    mention = re.compile(rf"<@!?{bot.id}>")
    if message.guild is not None and not mention.search(message.content):
        return None  # a reply to the bot mentions it without a word to it
    return " ".join(mention.sub(" ", message.content).split())


async def answer_mention(message: discord.Message, question: str, answers: Answers, cooldowns: Cooldowns) -> None:
    """Answer in the channel or thread of the question, as a reply to it; each message once, however often it comes."""
    try:
        if not await answers.core.memory.is_new(f"discord:message:{message.id}"):
            return
    except StoreError as error:
        log.warning("answering without the store: %s", error)  # the nonce keeps Discord from taking it twice
    if message.guild and cooldowns.take(message.author.id):
        return  # only a direct message can be told in private to wait
    shown = _answer(message.author.id, question, answers, cooldowns if message.guild is None else None).message
    try:
        async with asyncio.timeout(LATEST):
            await _reply(message, shown)
    except (discord.HTTPException, discord.RateLimited, TooLateError, *CUT) as error:
        # no permission, a long wait, or the question was deleted: there is nowhere to say so
        log.warning("message %s could not be answered: %s", message.id, error or type(error).__name__)


async def _reply(message: discord.Message, shown: Message) -> None:
    """Reply to a message, or where that is not allowed, or it was deleted, answer below it."""
    embed = shown.embed or discord.utils.MISSING

    async def send(**options: Any) -> None:
        # a view each: discord.py takes one for one message only
        options |= {"embed": embed, "view": to_view(shown.rows), "nonce": f"m{message.id}"}
        await message.channel.send(shown.content or None, **options)

    try:
        await insist(lambda: send(reference=message))
    except discord.HTTPException as error:
        if error.code not in NO_REPLY:
            raise
        await insist(send)


def _answer(user: int, question: str, answers: Answers, cooldowns: Cooldowns | None) -> Reply:
    word = question.casefold().strip(" ,.!?")
    if word in ("", "help"):
        return Reply(render_help(answers.core.settings))
    try:
        if word == "random":
            return answers.random(user)
        return (wait_line(cooldowns, user) if cooldowns else None) or answers.ask(question, user)
    except Exception as error:  # noqa: BLE001 - the edge: whoever asks is told, and the log has it
        return Reply(render_text(wording.tell_and_log(error, log)))
