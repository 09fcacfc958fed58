"""Single requests that fail, and what cannot be answered: one answer at most, or one polite line, and no traceback."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from adapters.discord.custom_ids import Verb, mark_asker, to_custom_id
from adapters.process import Core
from tests.adapters.discord.conftest import Bot
from tests.adapters.discord.stories import ask_once, records_of, tracebacks_in, turn
from tests.fakes.discord_people import Person
from tests.fakes.discord_server import FakeDiscord
from tests.fakes.discord_world import Channel

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("hurried")]

CALLBACK, ORIGINAL, MESSAGES = "/interactions/*/callback", "/webhooks/*/@original", "/channels/*/messages"
FAULTS: list[dict[str, Any]] = [
    {"status": 429},
    {"status": 500},
    {"status": 502},
    {"status": 500, "after_effect": True},
    {"status": 502, "after_effect": True},
    {"drop": True},
    {"drop": True, "after_effect": True},
    {"status": 502, "times": 2},
]


def name_fault(fault: dict[str, Any]) -> str:
    """Name a fault."""
    what = "cut" if fault.get("drop") else str(fault["status"])
    return f"{what}{' after the effect' if fault.get('after_effect') else ''}{' twice' if fault.get('times') else ''}"


# Faults of single requests


@pytest.mark.parametrize("fault", FAULTS, ids=name_fault)
@pytest.mark.parametrize("path", [CALLBACK, ORIGINAL])
@pytest.mark.usefixtures("core")
async def test_a_question_is_answered_once_through_any_fault(
    ada: Person, server: FakeDiscord, path: str, fault: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    server.fail("*", path, **fault)
    message = await ask_once(ada)
    await server.gateway.heard()
    assert [one for one in server.messages if not one.is_ephemeral] == [message]
    assert await turn(ada, message) == "2/5"
    assert {call.answer["code"] for call in server.refusals if isinstance(call.answer, dict)} <= {40060}
    assert tracebacks_in(caplog) == []


@pytest.mark.parametrize("fault", FAULTS, ids=name_fault)
@pytest.mark.usefixtures("core")
async def test_a_click_is_answered_once_through_any_fault(
    ada: Person, bob: Person, server: FakeDiscord, fault: dict[str, Any]
) -> None:
    message = await ask_once(ada)
    server.fail("POST", CALLBACK, **fault)
    assert await turn(ada, message) == "2/5"
    server.fail("POST", CALLBACK, **fault)
    context = await bob.click(message, "In context")
    server.fail("POST", CALLBACK, **fault)
    thanks = await bob.click(message, "👍")
    await server.gateway.heard()
    assert server.messages == [message, context, thanks]
    assert [call.answer["code"] for call in server.refusals if isinstance(call.answer, dict)] in ([], [40060] * 3)


@pytest.mark.parametrize("fault", FAULTS, ids=name_fault)
@pytest.mark.usefixtures("core")
async def test_a_mention_is_answered_once_through_any_fault(
    ada: Person, server: FakeDiscord, fault: dict[str, Any]
) -> None:
    server.fail("POST", MESSAGES, **fault)
    said = ada.mention("scaling laws")
    answer = await said
    await server.gateway.heard()
    assert said.answers == [answer]


@pytest.mark.usefixtures("core")
async def test_a_long_rate_limit_is_not_waited_out_but_told_to_no_one(
    ada: Person, server: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail("POST", MESSAGES, status=429, retry_after=3600.0)
    said = ada.mention("scaling laws")
    await server.wait_for(lambda: records_of(caplog, "could not be answered"))
    assert (said.answers, tracebacks_in(caplog)) == ([], [])


@pytest.mark.usefixtures("core")
async def test_an_interaction_that_discord_has_given_up_is_logged_once(
    ada: Person, server: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    message = await ask_once(ada)
    late = [ada.slash("ilya", {"query": "transformers"}), ada.click(message, "▶"), ada.click(message, "👍")]
    for interaction in late:
        server.expire(interaction)
    await server.wait_for(lambda: len(server.refusals) == 3)
    await server.gateway.heard()
    lines = records_of(caplog, "too late")
    assert [record.levelname for record in lines] == ["WARNING"] * 3
    assert {str(interaction.id) in record.getMessage() for interaction, record in zip(late, lines, strict=True)} == {
        True
    }
    assert tracebacks_in(caplog) == []


@pytest.mark.usefixtures("core")
async def test_choices_that_come_too_late_leave_no_traceback(
    ada: Person, server: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    server.expire(ada.autocomplete("ilya", "query", "sca"))
    await server.wait_for(lambda: records_of(caplog, "autocomplete"))
    assert tracebacks_in(caplog) == []


async def test_an_interaction_that_comes_twice_is_answered_once(
    idle: Bot, ada: Person, server: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    idle.changes = {"cooldown": 600.0}
    async with idle.running():
        asked = ada.slash("ilya", {"query": "scaling laws"})
        server.gateway.repeat("INTERACTION_CREATE")
        message = await asked
        await server.gateway.heard()
        clicked = ada.click(message, "In context")
        server.gateway.repeat("INTERACTION_CREATE")
        context = await clicked
        await server.gateway.heard()
    assert (server.messages, message.history, tracebacks_in(caplog)) == ([message, context], [], [])
    assert message.embeds
    assert server.refusals == []


async def test_a_message_that_comes_twice_is_answered_once_even_after_a_restart(
    idle: Bot, ada: Person, server: FakeDiscord
) -> None:
    async with idle.running():
        said = ada.mention("scaling laws")
        server.gateway.repeat("MESSAGE_CREATE")
        await said
        await server.gateway.heard()
    server.forget_nonces()
    async with idle.running():
        server.posts._tell("MESSAGE_CREATE", said.message)
        await server.gateway.heard()
        await ada.mention("transformers")
    assert len(said.answers) == 2


# What cannot be answered


@pytest.mark.parametrize(
    "custom_id",
    [
        "",
        "x",
        "page:2",
        "q1",
        "q0p1tq2",
        "q1z....",
        "q1p1tq2",
        "q1p1tq2" + "9" * 60,
        "q1p1tq210AAAAAAAA01",
        "q1c....10AAAAAAAA99",
        "q1u1tq210AAAAAAAA01",
        "q1s\x00\x00\x00\x00\x00",
        "@everyone <@1> q1" + "z" * 80,
    ],
)
@pytest.mark.usefixtures("core")
async def test_a_button_that_is_forged_or_outdated_gets_a_polite_private_line(
    ada: Person, server: FakeDiscord, custom_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    message = await ask_once(ada)
    line = await ada.click_raw(custom_id, message)
    assert line.is_ephemeral
    assert line.content.startswith(("That button is from", "That answer is from"))
    assert (message.history, server.refusals, tracebacks_in(caplog)) == ([], [], [])


async def test_a_command_that_is_no_more_gets_a_polite_private_line(
    idle: Bot, ada: Person, server: FakeDiscord
) -> None:
    async with idle.running():
        before = list(server.commands)
    idle.changes = {"command_name": "words"}
    async with idle.running():
        server.world.commands[None] = before
        line = await ada.slash("ilya", {"query": "scaling laws"})
    assert (line.is_ephemeral, "Restart Discord" in line.content) == (True, True)


async def test_an_unexpected_error_is_one_private_sentence_with_its_reference_in_the_log(
    idle: Bot, server: FakeDiscord, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    idle.quotes = replace(idle.quotes, parser=None)  # type: ignore[arg-type] - a fault of the program
    async with idle.running():
        by_command = await ada.slash("ilya", {"query": "scaling laws"})
        by_chance = await ada.slash("ilya-random")
        topic = to_custom_id(Verb.TOPIC, mark_asker(ada.id, server.token), "scaling laws")
        by_click = await ada.click_raw(topic, by_chance)
        by_mention = await ada.mention("scaling laws")
    for message in (by_command, by_click, by_mention):
        reference = message.content.rpartition(" ")[2].rstrip(".")
        assert message.content.startswith("Something went wrong here, not with your question.")
        assert len(records_of(caplog, f"reference {reference}")) == 1
    assert by_command.is_ephemeral
    assert by_click.is_ephemeral
    assert len(tracebacks_in(caplog)) == 3


async def test_a_store_that_fails_is_told_without_what_only_the_owner_should_know(
    core: Core, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    message = await ask_once(ada)
    async with core.memory.database.begin() as connection:
        await connection.execute(text("DROP TABLE feedback"))
        await connection.execute(text("DROP TABLE seen_events"))
    line = await ada.click(message, "👍")
    assert (line.is_ephemeral, "database" in line.content, "reference" in line.content) == (True, False, True)
    assert (await ada.mention("scaling laws")).embeds
    assert len(records_of(caplog, "answering without the store")) == 1


@pytest.mark.usefixtures("core")
async def test_a_mention_where_the_bot_may_not_write_is_logged_only(
    ada: Person, general: Channel, server: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    server.allow(general, 1 << 10)
    said = ada.mention("scaling laws")
    await server.wait_for(lambda: records_of(caplog, "could not be answered"))
    assert (said.answers, tracebacks_in(caplog)) == ([], [])
