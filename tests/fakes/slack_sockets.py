"""Slack's side of Socket Mode: the sockets the bot opened, and what is sent over them."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
import uuid
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.slack_client import Ack, Envelope
from tests.fakes.slack_world import APP_ID, World

CONNECTIONS_MOST = 10


@dataclass(eq=False)
class Connection:
    """One socket of the bot."""

    number: int
    socket: web.WebSocketResponse
    request: web.Request


class Sockets:
    """The bot's open sockets and the envelopes not yet acknowledged."""

    def __init__(self, world: World) -> None:
        self.connections: list[Connection] = []
        self.opened = 0  # how many sockets were ever opened
        self.dead = 0  # how many of the next addresses lead nowhere
        self.strays: list[dict[str, Any]] = []  # acknowledgements of nothing that was asked
        self._world = world
        self._turn = itertools.count()
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._tickets: set[str] = set()

    def issue_ticket(self) -> str:
        """Hand out the name of a new socket address."""
        ticket = uuid.uuid4().hex
        if self.dead:
            self.dead -= 1
        else:
            self._tickets.add(ticket)
        return ticket

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one socket until either side ends it."""
        if request.match_info["ticket"] not in self._tickets:
            return web.Response(status=404)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self.connections) >= CONNECTIONS_MOST:
            await socket.send_json(_farewell("too_many_websockets"))
            await socket.close()
            return socket
        self.opened += 1
        connection = Connection(self.opened, socket, request)
        self.connections.append(connection)
        try:
            await socket.send_json(_greeting(len(self.connections)))
            await socket.ping(b"Ping from fake.slack")
            await self._world.record()
            async for frame in socket:
                if frame.type == WSMsgType.TEXT:
                    self._settle(json.loads(frame.data))
        finally:
            self._forget(connection)
            await self._world.record()
        return socket

    def _settle(self, said: dict[str, Any]) -> None:
        waiting = self._waiting.pop(str(said.get("envelope_id")), None)
        if waiting is None:
            self.strays.append(said)
        elif not waiting.done():
            waiting.set_result(said)

    async def deliver(self, envelope: Envelope) -> Ack:
        """Send an envelope over one of the sockets, as soon as there is one, and wait for its acknowledgement."""
        await self._world.wait_for(lambda: self.connections)
        name = str(uuid.uuid4())
        waiting = self._waiting[name] = asyncio.get_running_loop().create_future()
        connection = self.connections[next(self._turn) % len(self.connections)]
        began = time.perf_counter()
        await connection.socket.send_json(_wrap(envelope, name))
        try:
            said = await waiting
        finally:
            self._waiting.pop(name, None)
        return Ack(200, said.get("payload"), time.perf_counter() - began)

    async def disconnect(self, reason: str = "refresh_requested", *, close: bool = False) -> None:
        """Tell the bot on every socket to connect anew (`warning`, `refresh_requested`, `link_disabled`)."""
        for connection in list(self.connections):
            await connection.socket.send_json(_farewell(reason))
            if close:
                await connection.socket.close()

    def cut(self, *chosen: Connection) -> None:
        """Break the sockets chosen, or every one, without a word."""
        for connection in chosen or tuple(self.connections):
            self._forget(connection)
            if connection.request.transport is not None:
                connection.request.transport.abort()

    def _forget(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)


def _greeting(number: int) -> dict[str, Any]:
    info = {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060}
    return {"type": "hello", "num_connections": number, "debug_info": info, "connection_info": {"app_id": APP_ID}}


def _farewell(reason: str) -> dict[str, Any]:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}


def _wrap(envelope: Envelope, name: str) -> dict[str, Any]:
    wrapped: dict[str, Any] = {"envelope_id": name, "type": envelope.kind, "payload": envelope.payload}
    wrapped["accepts_response_payload"] = envelope.kind != "events_api"
    if envelope.kind == "events_api":
        # Slack says so from the first delivery on: attempt 0, no reason.
        retry = envelope.retry
        wrapped |= {"retry_attempt": retry.attempt if retry else 0, "retry_reason": retry.reason if retry else ""}
    return wrapped
