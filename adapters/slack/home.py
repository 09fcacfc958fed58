"""The Home tab: how to ask, today's quote, and which channels have a daily one."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.slack.asks import help_elements
from adapters.slack.blocks import (
    Block,
    bullets_of,
    channel_of,
    header,
    line_of,
    rich,
    row,
    words,
)
from adapters.slack.parts import Parts, team_of
from adapters.slack.render import render_quote, render_watch
from adapters.wording import shorten, tell_state
from bot.errors import StoreError
from bot.presentation import present

CHANNELS_MOST = 30
STATE_LONGEST = 300

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Home:
    """Listens to the Home tab being opened."""

    parts: Parts

    async def open(self, ack: AsyncAck, event: dict[str, Any], context: AsyncBoltContext) -> None:
        """Publish the Home tab anew."""
        await ack()
        if event.get("tab") != "home" or context.client is None:
            return
        daily = await self._list(team_of(context), event["user"])
        blocks = await asyncio.to_thread(self._render, daily)
        await context.client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    def _render(self, daily: Block) -> list[Block]:
        settings, quotes = self.parts.core.settings, self.parts.core.quotes
        shown = present(quotes.today(datetime.fromtimestamp(self.parts.core.daily.clock(), UTC).date()))
        return [
            header("Today's quote"),
            *render_quote(shown),
            *([row(link)] if (link := render_watch(shown)) else []),
            header("How to ask"),
            rich(*help_elements(settings)),
            header("Your daily quotes in this workspace"),
            rich(daily),
        ]

    async def _list(self, team: str, user: str) -> Block:
        """List the daily quotes that a user has set up; of those of others only how many there are."""
        try:
            rows = await self.parts.core.daily.of_tenant("slack", team)
        except StoreError as error:
            log.warning("the Home tab shows no daily quotes: %s", error)
            return line_of(words("They cannot be shown just now."))
        own = [row for row in rows if row.set_by == user]
        others = len(rows) - len(own)
        if not own:
            none = f"None yet. In a channel, type {self.parts.command} daily 09:00 Europe/London weekdays"
            return bullets_of([[words(line)] for line in (none, *_tell_others(others))])
        lines = [
            [channel_of(each.channel), words(f"  {shorten(tell_state(each), STATE_LONGEST)}")]
            for each in own[:CHANNELS_MOST]
        ]
        if len(own) > CHANNELS_MOST:
            lines.append([words(f"and {len(own) - CHANNELS_MOST} more")])
        return bullets_of([*lines, *([words(line)] for line in _tell_others(others))])


def _tell_others(count: int) -> list[str]:
    if not count:
        return []
    return ["Another one was set up by somebody else." if count == 1 else f"{count} more were set up by others."]
