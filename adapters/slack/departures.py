"""The app leaves a workspace: what is kept of it is deleted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.slack.installations import Installations
from adapters.slack.parts import Parts
from bot.errors import StoreError

SAME_MOMENT = 1
"""Seconds: Slack tells the time of an event without its fraction."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds between tries to delete while the store fails, doubled each time: Slack tells of it once."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Departures:
    """Listens to the app being removed; `store` where tokens are kept."""

    parts: Parts
    store: Installations | None

    async def forget(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Delete a workspace's tokens and daily quotes, unless it has installed the app anew since."""
        await ack()
        if team := context.team_id:
            await _insist(lambda: self._forget(team, _time_of(body)))

    async def revoke(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Delete revoked tokens; the daily quotes wait for the app to be installed again."""
        await ack()
        if team := context.team_id:
            tokens = body["event"].get("tokens") or {}
            await _insist(lambda: self._revoke(team, _time_of(body), tokens))

    async def _forget(self, team: str, left: float) -> None:
        if await self._is_back(team, left):
            return
        if self.store:
            await self.store.async_delete_all(enterprise_id=None, team_id=team)
        self.parts.tokens.forget(team)
        count = await self.parts.core.daily.forget_tenant("slack", team)
        log.info("the app was removed from %s; %d daily quotes deleted", team, count)

    async def _revoke(self, team: str, left: float, tokens: dict[str, list[str]]) -> None:
        if self.store is None or await self._is_back(team, left):
            return
        for user in tokens.get("oauth") or ():
            await self.store.async_delete_installation(enterprise_id=None, team_id=team, user_id=user)
        if tokens.get("bot"):
            await self.store.async_delete_all(enterprise_id=None, team_id=team)
        self.parts.tokens.forget(team)

    async def _is_back(self, team: str, left: float) -> bool:
        """Whether the app was installed again after it was removed: Slack may tell of the removal hours late."""
        bot = await self.store.async_find_bot(enterprise_id=None, team_id=team) if self.store else None
        return bot is not None and bot.installed_at > left + SAME_MOMENT


def _time_of(body: dict[str, Any]) -> float:
    return float(body.get("event_time") or 0)


async def _insist(deed: Callable[[], Awaitable[None]]) -> None:
    """Do what must be done, once the store works."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await deed()
        except StoreError as error:
            log.warning("a workspace's tokens could not be deleted, again in %.0f s: %s", pause, error)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
