"""What every listener works with; among it what sees to it that each event is answered once."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.process import Core
from adapters.slack.replies import NoWayBackError, Reply, build_reply
from adapters.slack.state import to_asker
from adapters.slack.tokens import Tokens
from bot.delivery import Memory, Place
from bot.errors import StoreError

REMEMBERED = 10_000
"""Events that the process itself remembers, for while the store fails."""

log = logging.getLogger(__name__)


def names_of(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Name what was delivered: an event by its id and by its place, anything else by its trigger."""
    if "event" not in body:
        trigger = body.get("trigger_id")
        return (f"slack:trigger:{trigger}",) if trigger else ()
    event, names = body["event"], [f"slack:event:{body.get('event_id')}"]
    if event.get("type") in ("app_mention", "message"):
        names.append(f"slack:{body.get('team_id')}:{event.get('channel')}:{event.get('ts')}")
    return tuple(names)


@dataclass
class Claims:
    """What has been answered, in the store; where that fails, what this process has answered.

    Slack delivers again what it thinks was not heard, and two processes may hear the same.
    """

    memory: Memory
    _seen: dict[str, None] = field(default_factory=dict)

    async def is_new(self, *names: str) -> bool:
        """Say whether nobody has claimed any of these, and claim them."""
        is_known = any(name in self._seen for name in names)
        self._seen |= dict.fromkeys(names)
        while len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]
        if is_known or not names:
            return not is_known
        try:
            return await self.memory.is_new(*names)
        except StoreError as error:
            log.warning("answering without the store: %s", error)
            return True

    async def forget(self, *names: str) -> None:
        """Let these be claimed again: what they were claimed for was not done."""
        for name in names:
            self._seen.pop(name, None)
        try:
            await self.memory.forget(*names)
        except StoreError as error:
            log.warning("a claim stays, as the store fails: %s", error)


@dataclass(frozen=True)
class Parts:
    """The core and the ways out."""

    core: Core
    session: aiohttp.ClientSession
    tokens: Tokens
    claims: Claims

    @property
    def command(self) -> str:
        """The command as it is typed."""
        return f"/{self.core.settings.command_name}"

    def reply_to(self, context: AsyncBoltContext, body: Mapping[str, Any]) -> Reply:
        """Find the ways back. Raises NoWayBackError."""
        reply = self.find_reply(context, body)
        if reply is None:
            raise NoWayBackError("There is no place to answer in.")
        return reply

    def find_reply(self, context: AsyncBoltContext, body: Mapping[str, Any]) -> Reply | None:
        """Find the ways back, if there are any."""
        return build_reply(context.client, self.session, body) if context.client else None


def team_of(context: AsyncBoltContext) -> str:
    """Name the workspace whose token is used: in a channel shared by two, the one that installed the app."""
    result = context.authorize_result
    return str((result.team_id if result else None) or context.team_id or "")


def place_of(context: AsyncBoltContext, reply: Reply) -> Place:
    """Name the channel for the daily quotes."""
    return Place("slack", team_of(context), reply.channel)


def asker_of(context: AsyncBoltContext, reply: Reply) -> str:
    """Give the pseudonym of who asks."""
    return to_asker(team_of(context), reply.user)
