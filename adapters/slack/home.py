"""The Home tab: how to ask, today's quote, and which channels have a daily one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.slack.asks import help_elements
from adapters.slack.blocks import Block, bullets_of, button, header, line_of, rich, row, words
from adapters.slack.parts import Parts, team_of
from adapters.slack.render import WATCH, render_quote
from adapters.wording import shorten, tell_state, watch
from bot.delivery import SubscriptionRow
from bot.presentation import present

CHANNELS_MOST = 30
STATE_LONGEST = 300


@dataclass(frozen=True)
class Home:
    """Listens to the Home tab being opened."""

    parts: Parts

    async def open(self, ack: AsyncAck, event: dict[str, Any], context: AsyncBoltContext) -> None:
        """Publish the Home tab anew."""
        await ack()
        if event.get("tab") != "home" or context.client is None:
            return
        rows = await self.parts.core.daily.of_tenant("slack", team_of(context))
        view = {"type": "home", "blocks": self._render(rows)}
        await context.client.views_publish(user_id=event["user"], view=view)

    def _render(self, rows: Sequence[SubscriptionRow]) -> list[Block]:
        settings, quotes = self.parts.core.settings, self.parts.core.quotes
        shown = present(quotes.today(datetime.fromtimestamp(self.parts.core.daily.clock(), UTC).date()))
        return [
            header("Today's quote"),
            *render_quote(shown),
            *([row([button(watch(shown), WATCH, url=shown.link)])] if shown.link.startswith("http") else []),
            header("How to ask"),
            rich(*help_elements(settings)),
            header("Daily quotes in this workspace"),
            rich(self._list(rows)),
        ]

    def _list(self, rows: Sequence[SubscriptionRow]) -> Block:
        if not rows:
            return line_of(
                words(f"None yet. In a channel, type {self.parts.command} daily 09:00 Europe/London weekdays")
            )
        # Slack shows the name of a channel only to those who may see it
        lines = [
            [{"type": "channel", "channel_id": each.channel}, words(f"  {shorten(tell_state(each), STATE_LONGEST)}")]
            for each in rows[:CHANNELS_MOST]
        ]
        if len(rows) > CHANNELS_MOST:
            lines.append([words(f"and {len(rows) - CHANNELS_MOST} more")])
        return bullets_of(lines)
