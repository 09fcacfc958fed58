"""Where a bot may post on the fake, and who is let in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.fakes.discord_refusals import Json
from tests.fakes.discord_wire import (
    Wire,
    embed,
    fault_at,
    open_wire,
)
from tests.fakes.discord_world import (
    EMBED_LINKS,
    MEMBER,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
    VIEW_CHANNEL,
)


@pytest_asyncio.fixture
async def wire() -> AsyncIterator[Wire]:
    async with open_wire() as opened:
        yield opened


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("can", "payload", "code"),
    [
        (0, {"content": "x"}, 50001),
        (MEMBER & ~VIEW_CHANNEL, {"content": "x"}, 50001),
        (MEMBER & ~SEND_MESSAGES, {"content": "x"}, 50013),
        (MEMBER & ~EMBED_LINKS, embed(), 50013),
        (MEMBER & ~READ_MESSAGE_HISTORY, {"content": "x", "message_reference": {"message_id": "1"}}, 160002),
    ],
)
async def test_what_a_bot_may_not_post_is_forbidden(wire: Wire, can: int, payload: Json, code: int) -> None:
    wire.server.allow(wire.channel, can)
    status, body = await wire.post(payload)
    assert (status, body["code"], wire.server.messages) == (403, code, [])
    assert [call.status for call in wire.server.refusals] == [403]


@pytest.mark.asyncio
async def test_places_can_be_gone_or_shut(wire: Wire) -> None:
    asleep = wire.server.add_thread(wire.channel, "asleep", archived=True)
    shut = wire.server.add_thread(wire.channel, "shut", archived=True, locked=True)
    assert ((await wire.post({"content": "x"}, asleep))[0], asleep.is_archived) == (200, False)
    assert (await wire.ask("POST", "/users/@me/channels", {"recipient_id": str(wire.ada.id)}))[1]["id"] == str(
        wire.ada.dm.id
    )
    assert (await wire.post({"content": "x"}, wire.ada.dm))[0] == 200
    wire.ada.takes_dms = False
    assert (await wire.post({"content": "x"}, wire.ada.dm)) == (
        403,
        {"message": "Cannot send messages to this user", "code": 50007},
    )
    assert (await wire.post({"content": "x"}, shut))[1]["code"] == 50083
    assert (await wire.post({"content": "x"}, wire.server.add_private_channel(wire.ada)))[1]["code"] == 50001
    wire.server.allow(asleep, MEMBER & ~SEND_MESSAGES_IN_THREADS)
    assert (await wire.post({"content": "x"}, asleep))[1]["code"] == 50013
    wire.server.delete_channel(wire.channel)
    assert await wire.post({"content": "x"}) == (404, {"message": "Unknown Channel", "code": 10003})


@pytest.mark.asyncio
async def test_a_reply_pings_unless_told_otherwise_and_needs_its_message(wire: Wire) -> None:
    said = wire.ada.say("x").message
    reply = {"content": "y", "message_reference": {"message_id": str(said.id)}}
    for allowed, pings in ((None, [wire.ada.ping]), ({"parse": []}, []), ({"replied_user": True}, [wire.ada.ping])):
        assert (await wire.post(reply | ({"allowed_mentions": allowed} if allowed else {})))[0] == 200
        assert wire.server.messages[-1].pings == pings
    wire.server.posts.delete(said)
    status, body = await wire.post(reply)
    assert (status, fault_at(body["errors"], "message_reference")) == (400, ["REPLIES_UNKNOWN_MESSAGE"])


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ["/users/@me", "/gateway/bot", "/oauth2/applications/@me", "/users/1", "/nowhere"])
async def test_only_the_right_token_opens_the_interface(wire: Wire, path: str) -> None:
    assert await wire.ask("GET", path, token="wrong") == (401, {"message": "401: Unauthorized", "code": 0})  # noqa: S106
    assert (await wire.ask("GET", path))[0] == (404 if path in ("/nowhere", "/users/1") else 200)


@pytest.mark.asyncio
async def test_answers_are_exactly_json_and_nonsense_is_refused(wire: Wire) -> None:
    async with wire.session.get(f"{wire.server.url}/gateway") as response:
        assert response.headers["Content-Type"] == "application/json"
    headers = {"Authorization": f"Bot {wire.server.token}", "Content-Type": "application/json"}
    url = f"{wire.server.url}/channels/{wire.channel.id}/messages"
    async with wire.session.post(url, data="{", headers=headers) as response:
        assert (response.status, (await response.json())["code"]) == (400, 50109)
