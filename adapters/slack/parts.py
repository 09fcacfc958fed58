"""What every listener works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.process import Core
from adapters.slack.claims import Claims
from adapters.slack.replies import NoWayBackError, Reply, build_reply
from adapters.slack.state import to_asker
from adapters.slack.tokens import Tokens
from bot.delivery import Place


@dataclass(frozen=True)
class Parts:
    """The core, the ways out, and what wakes the daily quotes after a change."""

    core: Core
    session: aiohttp.ClientSession
    tokens: Tokens
    claims: Claims
    wake: Callable[[], None]

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
