"""Each event once: Slack delivers again what it thinks was not heard, and two processes may hear the same."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.delivery import Memory
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
    """What has been answered, in the store; where that fails, what this process has answered."""

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
