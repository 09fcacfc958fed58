"""Where what the bot says goes: each origin has its ways, and where the best surely failed the next is tried.

Where nobody knows whether a way failed, no other is tried: the answer would be seen twice.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.blocks import Message
from adapters.slack.outcomes import Outcome, State, settle
from adapters.slack.retries import ATTEMPTS, post_response
from bot.errors import QuoteBotError

log = logging.getLogger(__name__)


class NoWayBackError(QuoteBotError):
    """Report that nobody can be answered, as there is no place to answer in."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The ways back to whoever asked.

    `is_public` where they asked in the open: then the answer goes there too. `message` is the time stamp of the message
    whose button was clicked, `is_hidden` where only they see it.
    """

    client: AsyncWebClient
    session: aiohttp.ClientSession
    channel: str
    user: str
    response_url: str = ""
    thread: str | None = None
    is_public: bool = False
    message: str = ""
    is_hidden: bool = False

    @property
    def is_direct(self) -> bool:
        """Whether this is a direct message, where everything is between two."""
        return self.channel.startswith("D")

    async def say(self, message: Message) -> None:
        """Answer where it was asked, in the open or not."""
        if not self.is_public:
            await self.whisper(message)
            return
        outcome = await self._post(self.channel, message, self.thread)
        if outcome.is_refused and not self.is_direct:
            await self._post(self.user, message)

    async def whisper(self, message: Message) -> None:
        """Tell only the one who asked."""
        hidden = {"response_type": "ephemeral", "replace_original": False}
        # once more where nobody knows: they alone would see it twice
        outcome = await self._respond(message, hidden, repeats=1)
        if outcome.is_refused:
            outcome = await self.show(message)
        if outcome.is_refused:
            await self._post(self.user, message)

    async def replace(self, message: Message) -> None:
        """Put a message in the place of the one that was clicked."""
        outcome = await self._respond(message, {"replace_original": True}, repeats=ATTEMPTS)
        if not outcome.is_done and not self.is_hidden:
            outcome = await self._update(message)
        if outcome.is_refused:
            await self.whisper(message)

    async def share(self, message: Message) -> Outcome:
        """Post a message for the whole channel, where it was clicked."""
        outcome = await self._respond(message, {"response_type": "in_channel", "replace_original": False})
        return await self._post(self.channel, message, self.thread) if outcome.is_refused else outcome

    async def announce(self, message: Message) -> Outcome:
        """Post a message to the channel as the bot itself."""
        return await self._post(self.channel, message)

    async def show(self, message: Message) -> Outcome:
        """Post a message as the bot itself that only the one who asked sees; refused where a post would be."""
        content = message.to_content()
        call = self.client.chat_postEphemeral(channel=self.channel, user=self.user, thread_ts=self.thread, **content)
        return await _settle(call, "chat.postEphemeral")

    async def _respond(self, message: Message, how: dict[str, Any], *, repeats: int = 0) -> Outcome:
        if not self.response_url:
            return Outcome(State.REFUSED)
        is_new = not how["replace_original"]
        threaded = {"thread_ts": self.thread} if self.thread and is_new else {}
        payload = message.to_payload() | how | threaded
        return await post_response(self.session, self.response_url, payload, repeats=repeats)

    async def _post(self, channel: str, message: Message, thread: str | None = None) -> Outcome:
        call = self.client.chat_postMessage(channel=channel, thread_ts=thread, **message.to_payload())
        return await _settle(call, "chat.postMessage")

    async def _update(self, message: Message) -> Outcome:
        call = self.client.chat_update(channel=self.channel, ts=self.message, **message.to_content())
        return await _settle(call, "chat.update")


async def _settle(call: Awaitable[object], name: str) -> Outcome:
    outcome = await settle(call)
    if not outcome.is_done:
        log.warning("%s failed (%s): %s", name, outcome.state.value, outcome.why)
    return outcome


def build_reply(client: AsyncWebClient, session: aiohttp.ClientSession, body: Mapping[str, Any]) -> Reply | None:
    """Find the ways back from what Slack sent, a command, a click, a shortcut or an event; None where there is none."""
    if "command" in body:
        return Reply(client, session, str(body["channel_id"]), str(body["user_id"]), str(body.get("response_url", "")))
    if "event" in body:
        return _answer_event(client, session, body["event"])
    channel = (body.get("channel") or {}).get("id")
    if not channel:
        return None
    clicked = body.get("container") or body.get("message") or {}
    return Reply(
        client,
        session,
        str(channel),
        str(body["user"]["id"]),
        str(body.get("response_url", "")),
        thread=clicked.get("thread_ts"),
        message=str(clicked.get("message_ts", "")),
        is_hidden=bool(clicked.get("is_ephemeral")),
    )


def _answer_event(client: AsyncWebClient, session: aiohttp.ClientSession, event: Mapping[str, Any]) -> Reply | None:
    if event.get("type") not in ("app_mention", "message"):
        return None
    is_direct = event.get("channel_type") == "im"
    # in a channel the answer makes a thread, so that it does not drown what others talk of
    thread = event.get("thread_ts") or (None if is_direct else event["ts"])
    return Reply(client, session, str(event["channel"]), str(event["user"]), thread=thread, is_public=True)
