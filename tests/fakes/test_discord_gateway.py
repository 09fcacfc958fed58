"""The manners of the fake gateway, with a bare socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.fakes.discord_gateway import GUILDS, MESSAGE_CONTENT
from tests.fakes.discord_refusals import Json
from tests.fakes.discord_wire import (
    Wire,
    open_wire,
)


@pytest_asyncio.fixture
async def wire() -> AsyncIterator[Wire]:
    async with open_wire() as opened:
        yield opened


class Socket:
    """A bare socket to the gateway, greeted."""

    def __init__(self, wire: Wire, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.wire = wire
        self.socket = socket

    @classmethod
    async def open(cls, wire: Wire, version: int = 10) -> Socket:
        socket = await wire.session.ws_connect(f"{wire.server.gateway.url}?v={version}&encoding=json")
        assert (await socket.receive_json())["op"] == 10
        return cls(wire, socket)

    async def identify(self, **facts: Any) -> None:
        await self.send(2, {"token": self.wire.server.token, "intents": GUILDS} | facts)

    async def send(self, op: int, data: object = None) -> None:
        await self.socket.send_json({"op": op, "d": data})

    async def code(self) -> int | None:
        async for _ in self.socket:
            pass
        return self.socket.close_code


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"shard": [2, 2]}, 4010),
        ({"intents": 1 << 40}, 4013),
        ({"intents": MESSAGE_CONTENT}, 4014),
        ({"padding": "x" * 4096}, 4002),
    ],
)
async def test_a_client_that_identifies_wrongly_is_sent_away(wire: Wire, facts: Json, code: int) -> None:
    socket = await Socket.open(wire)
    await socket.identify(**facts)
    assert await socket.code() == code
    assert wire.server.gateway.sessions == []


@pytest.mark.asyncio
async def test_a_client_keeps_to_the_order_of_things(wire: Wire) -> None:
    for op, code in ((3, 4003), (99, 4003)):
        socket = await Socket.open(wire)
        await socket.send(op)
        assert await socket.code() == code
    assert await (await Socket.open(wire, version=9)).code() == 4012
    for op, code in ((2, 4005), (99, 4001)):
        socket = await Socket.open(wire)
        await socket.identify()
        await socket.send(op, {"token": wire.server.token, "intents": GUILDS})
        assert await socket.code() == code


@pytest.mark.asyncio
async def test_a_session_is_resumed_from_where_its_client_was(wire: Wire) -> None:
    socket = await Socket.open(wire)
    await socket.identify()
    ready, guild = await socket.socket.receive_json(), await socket.socket.receive_json()
    assert [(one["t"], one["s"]) for one in (ready, guild)] == [("READY", 1), ("GUILD_CREATE", 2)]
    await socket.send(1, 2)
    assert (await socket.socket.receive_json())["op"] == 11
    await socket.socket.close(code=4000)
    resume = {"token": wire.server.token, "session_id": ready["d"]["session_id"], "seq": 1}
    socket = await Socket.open(wire)
    await socket.send(6, resume)
    again = [await socket.socket.receive_json() for _ in range(2)]
    assert [(one["t"], one["s"]) for one in again] == [("GUILD_CREATE", 2), ("RESUMED", 3)]
    for change, answer in (({"seq": 9}, 4007), ({"token": "wrong"}, 4004)):
        other = await Socket.open(wire)
        await other.send(6, resume | change)
        assert await other.code() == answer
    await socket.socket.close(code=1000)
    await wire.server.wait_for(lambda: not wire.server.gateway.sessions)
    socket = await Socket.open(wire)
    await socket.send(6, resume)
    assert await socket.socket.receive_json() == {"op": 9, "d": False, "s": None, "t": None}
