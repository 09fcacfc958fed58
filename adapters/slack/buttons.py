"""Clicks: each button carries what it needs (state.py), so that it works after a restart and in any process."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.slack.asks import render_answer
from adapters.slack.blocks import Message, say
from adapters.slack.outcomes import tell_closed, tell_invitation
from adapters.slack.parts import Parts, asker_of, team_of
from adapters.slack.render import CONTEXT_LONGEST, LIKE, Setting, render_context, render_page
from adapters.slack.replies import Reply
from adapters.slack.state import State, parse_topic_value, parse_value
from adapters.wording import thanks
from bot.presentation import present


@dataclass(frozen=True)
class Buttons:
    """Listens to clicks."""

    parts: Parts

    async def ignore(self, ack: AsyncAck) -> None:
        """Acknowledge a click on a link: the browser does the rest."""
        await ack()

    async def refuse(self, ack: AsyncAck) -> None:
        """Refuse a button that this version does not know. Raises UnknownPassageError."""
        await ack()
        parse_value("")

    async def turn(
        self, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        """Show another quote: in place to whoever asked, to anybody else a copy of their own."""
        await ack()
        reply = self.parts.reply_to(context, body)
        state = parse_value(str(action.get("value", "")))
        await self._show(self._render(state, context, reply), state.asker, context, reply)

    async def choose_topic(
        self, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        """Answer with a topic that was offered."""
        await ack()
        reply = self.parts.reply_to(context, body)
        asker, topic = parse_topic_value(str(action.get("value", "")))
        core = self.parts.core
        found = await asyncio.to_thread(core.quotes.ask, topic)
        message = render_answer(core.settings, found, self._setting(asker, context, reply))
        await self._show(message, asker, context, reply)

    async def show_context(
        self, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        """Show, to the one who clicked, what was said around a quote."""
        await ack()
        reply = self.parts.reply_to(context, body)
        hit = self.parts.core.quotes.open_page(parse_value(str(action.get("value", ""))).pages)
        spoken = self.parts.core.quotes.context(hit.passage, CONTEXT_LONGEST)
        await reply.whisper(render_context(present(hit), spoken))

    async def share(
        self, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        """Show the whole channel a quote that only one person sees, once."""
        await ack()
        reply = self.parts.reply_to(context, body)
        pages = parse_value(str(action.get("value", ""))).pages
        shown = present(self.parts.core.quotes.open_page(pages))
        name = body["user"].get("username") or body["user"].get("name") or "somebody"
        setting = Setting(asker_of(context, reply), lead=f"Shared by {name}")
        message = render_page(shown, pages.alone(), setting)
        place = f"slack:share:{team_of(context)}:{reply.channel}:{reply.message}:{reply.user}:{pages.extract.code}"
        if not await self.parts.claims.is_new(place):
            await reply.whisper(say("That is shared already."))
            return
        outcome = await reply.share(message)
        if outcome.is_refused:
            await self.parts.claims.forget(place)
            await reply.whisper(say(self._tell_unshared(outcome.why)))
        elif not outcome.is_done:
            await reply.whisper(say("Slack did not say whether it was shared; look before you ask again."))

    async def vote(
        self, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        """Keep what somebody thinks of a quote."""
        await ack()
        reply = self.parts.reply_to(context, body)
        hit = self.parts.core.quotes.open_page(parse_value(str(action.get("value", ""))).pages)
        likes = action["action_id"] == LIKE
        voter = f"{team_of(context)}:{reply.user}"
        await self.parts.core.memory.vote("slack", voter, hit.passage.id, likes=likes)
        await reply.whisper(say(thanks(likes=likes)))

    def _tell_unshared(self, why: str) -> str:
        if invitation := tell_invitation(why, self.parts.command[1:]):
            return f"I cannot post here. {invitation}, then share it again."
        return tell_closed(why) or "It could not be shared just now. Try again later."

    def _render(self, state: State, context: AsyncBoltContext, reply: Reply) -> Message:
        shown = present(self.parts.core.quotes.open_page(state.pages))
        return render_page(shown, state.pages, self._setting(state.asker, context, reply))

    def _setting(self, asker: str, context: AsyncBoltContext, reply: Reply) -> Setting:
        """Say whose what is shown will be."""
        is_own = asker == asker_of(context, reply)
        becomes_hidden = reply.is_hidden or not is_own
        return Setting(asker_of(context, reply), can_share=becomes_hidden and not reply.is_direct)

    async def _show(self, message: Message, asker: str, context: AsyncBoltContext, reply: Reply) -> None:
        if reply.is_hidden or asker == asker_of(context, reply):
            await reply.replace(message)
        else:
            await reply.whisper(message)
