"""A platform over real HTTP: it takes messages, remembers keys as Discord does or has none as Slack, and can fail."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from aiohttp import web

WORKER = "X-Worker"
"""The header that names the process that posts."""


class Trap(StrEnum):
    """What befalls the next post of a process."""

    UNHEARD = "the request is lost"
    LATE = "the message is made when its process is dead"
    UNANSWERED = "the message is made, the answer never comes"
    SLOW = "the message is made later than the lease, its process alive"


@dataclass(frozen=True)
class Message:
    """A message in a channel."""

    id: str
    channel: str
    text: str
    key: str | None


@dataclass
class Held:
    """A post that is under way: `reached` when the service has it, `over` when it may go on."""

    trap: Trap
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class PostService:
    """The platform; `remembers` is for how long (seconds) a key gives the message it gave before, 0 is no keys."""

    remembers: float
    messages: list[Message] = field(default_factory=list)
    requests: int = 0
    _keys: dict[str, tuple[float, Message]] = field(default_factory=dict)
    _held: dict[str, Held] = field(default_factory=dict)

    def hold(self, worker: str, trap: Trap) -> Held:
        """Trap the next post of a process."""
        self._held[worker] = held = Held(trap)
        return held

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Answer a post."""
        self.requests += 1
        channel, given = request.match_info["channel"], await request.json()
        held = self._held.pop(request.headers[WORKER], None)
        if held is None:
            return web.json_response({"id": self._make(channel, given).id})
        if held.trap is Trap.UNANSWERED:
            self._make(channel, given)
        held.reached.set()
        await held.over.wait()
        if held.trap in (Trap.LATE, Trap.SLOW):
            self._make(channel, given)
        held.done.set()
        return web.Response(status=500)  # nobody is there to read it

    def _make(self, channel: str, given: dict[str, str]) -> Message:
        key = given["nonce"] if self.remembers else None
        then, known = self._keys.get(key or "", (0.0, None))
        if known and time.monotonic() - then < self.remembers:
            return known
        message = Message(str(len(self.messages) + 1), channel, given["content"], key)
        self.messages.append(message)
        if key:
            self._keys[key] = time.monotonic(), message
        return message


@asynccontextmanager
async def serve(service: PostService) -> AsyncIterator[str]:
    """Run a service on a free port of this machine; give its address."""
    app = web.Application()
    app.router.add_post("/channels/{channel}/messages", service.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()
