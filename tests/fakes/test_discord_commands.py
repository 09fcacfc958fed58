"""Which commands the fake registers and refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.discord_commands import is_name
from tests.fakes.discord_refusals import Json
from tests.fakes.discord_wire import (
    Wire,
    fault_at,
    open_wire,
)


@pytest_asyncio.fixture
async def wire() -> AsyncIterator[Wire]:
    async with open_wire() as opened:
        yield opened


def command(**facts: Any) -> Json:
    return {"name": "ask", "description": "x"} | facts


def option(**facts: Any) -> Json:
    return {"name": "query", "description": "x", "type": 3} | facts


def options(count: int, **facts: Any) -> list[Json]:
    return [option(name=f"o{number}", **facts) for number in range(count)]


def choice(number: int = 0, **facts: Any) -> Json:
    return {"name": f"x{number}", "value": f"{number}"} | facts


LONG = [
    option(name=f"o{number}", description="x" * 100, choices=[choice(n, value="x" * 95) for n in range(3)])
    for number in range(22)
]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "right",
    [
        command(name="x" * 32, description="x" * 100, options=options(25)),
        command(name="frag-ilya_1'", name_localizations={"de": "größe", "ja": "引用", "th": "คำพูด", "hi": "उद्धरण"}),
        command(
            options=[option(required=True, autocomplete=True), option(name="b", choices=[choice(n) for n in range(25)])]
        ),
        command(
            options=[
                option(type=1, name="set", options=options(25)),
                option(type=2, name="g", options=[option(type=1)]),
            ]
        ),
        {"name": "What did Ilya say on this?", "type": 3},
        {"name": "About", "type": 2, "name_localizations": {"fr": "À propos"}},
    ],
)
async def test_commands_within_the_rules_are_registered(wire: Wire, right: Json) -> None:
    status, body = await wire.register(right)
    assert (status, wire.server.commands) == (200, body), body
    path = f"/applications/{wire.server.world.application_id}/commands"
    assert await wire.ask("GET", path) == (200, body)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("wrong", "place", "code"),
    [
        (command(name="Ask"), "0.name", "APPLICATION_COMMAND_INVALID_NAME"),
        (command(name="a b"), "0.name", "APPLICATION_COMMAND_INVALID_NAME"),
        (command(name="x" * 33), "0.name", "BASE_TYPE_BAD_LENGTH"),
        (command(description=""), "0.description", "BASE_TYPE_REQUIRED"),
        (command(description="x" * 101), "0.description", "BASE_TYPE_BAD_LENGTH"),
        (command(name_localizations={"es": "x"}), "0.name_localizations.es", "ENUM_TYPE_COERCE"),
        (command(name_localizations={"de": "Frag"}), "0.name_localizations.de", "APPLICATION_COMMAND_INVALID_NAME"),
        (
            command(description_localizations={"de": "x" * 101}),
            "0.description_localizations.de",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (command(options=options(26)), "0.options", "BASE_TYPE_MAX_LENGTH"),
        (command(options=[option(), option()]), "0.options", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"),
        (
            command(options=[option(), option(name="b", required=True)]),
            "0.options",
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        (command(options=[option(type=1), option(name="b")]), "0.options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"),
        (command(options=[option(type=12)]), "0.options.0.type", "BASE_TYPE_CHOICES"),
        (
            command(options=[option(type=1, options=[option(type=1)])]),
            "0.options.0.options.0.type",
            "BASE_TYPE_CHOICES",
        ),
        (
            command(options=[option(choices=[choice(n) for n in range(26)])]),
            "0.options.0.choices",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            command(options=[option(choices=[choice()], autocomplete=True)]),
            "0.options.0.choices",
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID",
        ),
        (command(options=[option(max_length=6001)]), "0.options.0.max_length", "NUMBER_TYPE_MAX"),
        (command(options=LONG), "0", "APPLICATION_COMMAND_TOO_LARGE"),
        (command(contexts=[3]), "0.contexts.0", "BASE_TYPE_CHOICES"),
        ({"name": "About", "type": 3, "description": "x"}, "0.description", "APPLICATION_COMMAND_INVALID_FIELD"),
    ],
)
async def test_commands_against_the_rules_are_refused(wire: Wire, wrong: Json, place: str, code: str) -> None:
    status, body = await wire.register(wrong)
    assert (status, body["code"], wire.server.commands) == (400, 50035, [])
    assert code in fault_at(body["errors"], place)


@pytest.mark.asyncio
async def test_command_names_are_unique_and_few(wire: Wire) -> None:
    status, body = await wire.register(command(), command())
    assert (status, fault_at(body["errors"], "1.name")) == (400, ["APPLICATION_COMMANDS_DUPLICATE_NAME"])
    assert (await wire.register(*[command(name=f"x{number}") for number in range(101)]))[0] == 400
    assert (await wire.register(command(), {"name": "ask", "type": 3}))[0] == 200


@given(st.text(min_size=1, max_size=40))
def test_no_name_with_capitals_or_spaces_is_right(name: str) -> None:
    if any(character.isspace() for character in name) or name != name.lower() or len(name) > 32:
        assert not is_name(name)
