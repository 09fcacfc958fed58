"""The app leaves a workspace: what is kept of it is deleted."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.slack.installations import Installations
from adapters.slack.parts import Parts

SAME_MOMENT = 1
"""Seconds: Slack tells the time of an event without its fraction."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Departures:
    """Listens to the app being removed; `store` where tokens are kept."""

    parts: Parts
    store: Installations | None

    async def forget(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Delete a workspace's tokens and daily quotes, unless it has installed the app anew since."""
        await ack()
        team = context.team_id
        if team is None or await self._is_back(team, float(body.get("event_time") or 0)):
            return
        if self.store:
            await self.store.async_delete_all(enterprise_id=None, team_id=team)
        self.parts.tokens.forget(team)
        count = await self.parts.core.daily.forget_tenant("slack", team)
        self.parts.wake()
        log.info("the app was removed from %s; %d daily quotes deleted", team, count)

    async def revoke(self, ack: AsyncAck, event: dict[str, Any], context: AsyncBoltContext) -> None:
        """Delete a revoked token; the daily quotes wait for it to be installed again."""
        await ack()
        if self.store and (event.get("tokens") or {}).get("bot"):
            await self.store.async_delete_bot(enterprise_id=None, team_id=context.team_id)
        self.parts.tokens.forget(context.team_id)

    async def _is_back(self, team: str, left: float) -> bool:
        """Whether the app was installed again after it was removed: Slack may tell of the removal hours late."""
        bot = await self.store.async_find_bot(enterprise_id=None, team_id=team) if self.store else None
        return bot is not None and bot.installed_at > left + SAME_MOMENT
