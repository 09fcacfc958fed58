"""The life of an interaction on the fake."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from tests.fakes.discord_interactions import AUTOCOMPLETE, COMMAND, COMPONENT
from tests.fakes.discord_refusals import Json
from tests.fakes.discord_wire import (
    ORIGINAL,
    Wire,
    button,
    open_wire,
    row,
    select,
    under,
)


@pytest_asyncio.fixture
async def wire() -> AsyncIterator[Wire]:
    async with open_wire() as opened:
        yield opened


@pytest.mark.asyncio
async def test_an_interaction_is_responded_to_once_and_in_time(wire: Wire) -> None:
    asked, late, slow = wire.interaction(), wire.interaction(), wire.interaction()
    assert (await wire.webhook("PATCH", asked, ORIGINAL, {"content": "x"}))[1]["code"] == 10015
    status, body = await wire.respond(asked, 4, {"content": "x"})
    assert (status, body["interaction"]["id"], body["resource"]["message"]["content"]) == (200, str(asked.id), "x")
    assert (await wire.respond(asked, 4, {"content": "x"}))[1]["code"] == 40060
    wire.server.expire(late)
    assert await wire.respond(late, 5) == (404, {"message": "Unknown Interaction", "code": 10062})
    wire.server.desk.response_deadline = 0
    assert (await wire.respond(slow, 5))[0] == 404
    wire.server.expire(asked)
    assert (await wire.webhook("PATCH", asked, ORIGINAL, {"content": "y"}))[1]["code"] == 50027


@pytest.mark.asyncio
async def test_a_response_that_took_effect_but_failed_is_refused_the_second_time(wire: Wire) -> None:
    asked = wire.interaction()
    wire.server.fail("POST", "/interactions/*/callback", status=502, after_effect=True)
    with pytest.raises(aiohttp.ContentTypeError):
        await wire.respond(asked, 5)
    assert [call.status for call in wire.server.requests] == [502]
    assert (await wire.respond(asked, 5))[1]["code"] == 40060
    assert asked.original
    assert asked.original.is_loading


@pytest.mark.asyncio
async def test_a_deferral_decides_what_is_private_for_good(wire: Wire) -> None:
    asked = wire.interaction()
    assert (await wire.respond(asked, 5, {"flags": 64 | 4}))[0] == 400
    assert (await wire.respond(asked, 5, {"flags": 64}))[1]["interaction"]["response_message_ephemeral"]
    status, body = await wire.webhook("POST", asked, "", {"content": "first", "flags": 0})
    assert (status, body["flags"], body["id"]) == (200, 64, str(asked.original and asked.original.id))
    await wire.webhook("PATCH", asked, ORIGINAL, {"content": "second", "flags": 0})
    assert (await asked).is_ephemeral
    assert (await wire.ask("GET", f"/channels/{wire.channel.id}/messages/{body['id']}"))[1]["code"] == 10008
    _, followed = await wire.webhook("POST", asked, "", {"content": "open"})
    assert (followed["flags"], (await asked.followup()).content) == (0, "open")
    assert await wire.webhook("DELETE", asked, f"/messages/{followed['id']}") == (204, None)
    assert (await wire.webhook("GET", asked, f"/messages/{followed['id']}"))[1]["code"] == 10008


@pytest.mark.asyncio
@pytest.mark.parametrize(("kind", "answers"), [(COMMAND, {4, 5, 9}), (COMPONENT, {4, 5, 6, 7, 9}), (AUTOCOMPLETE, {8})])
async def test_each_kind_of_interaction_has_its_answers(wire: Wire, kind: int, answers: set[int]) -> None:
    await wire.post({"content": "old"})
    modal = {"title": "x", "custom_id": "x", "components": [row(button())]}
    datas: dict[int, Json] = {4: {"content": "x"}, 7: {"content": "new"}, 8: {"choices": []}, 9: modal}
    taken = set()
    for answer in range(1, 11):
        asked = wire.interaction(kind, message=wire.server.messages[0] if kind == COMPONENT else None)
        if (await wire.respond(asked, answer, datas.get(answer)))[0] == 200:
            taken.add(answer)
    assert taken == answers
    assert wire.server.messages[0].content == ("new" if kind == COMPONENT else "old")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("choices", "status"),
    [
        ([{"name": "x" * 100, "value": "x" * 100}] * 25, 200),
        ([{"name": "x", "value": "x"}] * 26, 400),
        ([{"name": "x" * 101, "value": "x"}], 400),
        ([{"name": "", "value": "x"}], 400),
        ([{"name": "x", "value": "x" * 101}], 400),
        ([{"name": "x", "value": 1}], 400),
    ],
)
async def test_choices_have_limits(wire: Wire, choices: list[Json], status: int) -> None:
    asked = wire.interaction(AUTOCOMPLETE)
    assert (await wire.respond(asked, 8, {"choices": choices}))[0] == status
    assert asked.choices == (choices if status == 200 else None)


@pytest.mark.asyncio
async def test_an_application_brought_by_its_user_has_five_followups(wire: Wire) -> None:
    asked = wire.interaction(owners={"1": str(wire.ada.id)})
    await wire.respond(asked, 4, {"content": "x"})
    codes = [(await wire.webhook("POST", asked, "", {"content": "x"}))[1].get("code") for _ in range(6)]
    assert codes == [None] * 5 + [40094]


@pytest.mark.asyncio
async def test_options_are_picked_from_a_menu_by_their_labels(wire: Wire) -> None:
    await wire.post(under([row(select(3, max_values=2))]))
    message = wire.server.messages[0]
    assert wire.ada.choose(message, ["x0", "x2"]).data["values"] == ["0", "2"]
    with pytest.raises(AssertionError, match="cannot pick"):
        wire.ada.choose(message, ["x0", "x1", "x2"])
    with pytest.raises(KeyError):
        wire.ada.choose(message, ["x3"])
