"""Commands, mentions, direct messages and the message shortcut: all of them ask."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.slack.asks import answer
from adapters.slack.blocks import Message
from adapters.slack.daily import DailyTalk
from adapters.slack.daily_words import parse_wish
from adapters.slack.escaping import read
from adapters.slack.parts import Parts, asker_of
from adapters.slack.render import Setting
from adapters.slack.replies import Reply
from bot.errors import QueryError


@dataclass(frozen=True)
class Conversation:
    """Listens to whatever is a question."""

    parts: Parts

    async def take_command(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Answer a slash command, in private."""
        await ack()
        await self._answer(str(body.get("text", "")), body, context)

    async def take_message(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Answer a mention in its thread, and a direct message there."""
        await ack()
        await self._answer(str(body["event"].get("text", "")), body, context)

    async def take_shortcut(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Answer, in private, what a message is about."""
        await ack()
        reply = self.parts.reply_to(context, body)
        text = read(str(body["message"].get("text", "")))
        if not text:
            raise QueryError("That message has no words to look for.")
        await reply.whisper(await self._look(text, context, reply))

    async def _answer(self, written: str, body: dict[str, Any], context: AsyncBoltContext) -> None:
        reply = self.parts.reply_to(context, body)
        text = read(written)
        if wish := parse_wish(text):
            await DailyTalk(self.parts, context, reply).handle(wish)
        else:
            await reply.say(await self._look(text, context, reply))

    async def _look(self, text: str, context: AsyncBoltContext, reply: Reply) -> Message:
        core = self.parts.core
        can_share = not reply.is_public and not reply.is_direct
        setting = Setting(asker_of(context, reply), can_share)
        # a long question takes a while: acknowledgements must not wait for it
        return await asyncio.to_thread(answer, core.quotes, core.settings, text, setting)
