"""What Discord does all day, and how the bot lives through it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import discord.gateway
import discord.http
import pytest
import yarl

from adapters.discord.custom_ids import Verb, to_custom_id
from adapters.discord.platform import DiscordPlatform
from bot.errors import QuoteBotError, SettingsError
from bot.pages import Pages, build_pages
from bot.settings import Settings
from tests.adapters.discord.conftest import NOTHING, Bot
from tests.adapters.discord.processes import run_bot, started_bot
from tests.adapters.discord.stories import ask_once, records_of, tracebacks_in, turn
from tests.fakes.discord_faults import Call
from tests.fakes.discord_people import Person
from tests.fakes.discord_server import FakeDiscord

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("hurried")]

CALLBACK, MESSAGES = "/interactions/*/callback", "/channels/*/messages"

# Commands


async def test_commands_are_told_once_and_again_only_when_they_have_changed(idle: Bot, server: FakeDiscord) -> None:
    def told() -> list[Call]:
        return server.asked("PUT", "/applications/*/commands")

    async with idle.running():
        server.gateway.invalidate()
        await server.wait_for(lambda: len(server.gateway.identifies) == 2)
    async with idle.running():
        assert len(told()) == 1
    idle.changes = {"command_name": "words", "persona": "Wolfgang Amadeus Mozart-Beethoven von Something " + "x" * 10}
    async with idle.running():
        assert len(told()) == 2
    names = {command["name"] for command in server.commands}
    assert names == {
        "words",
        "words-random",
        "words-episodes",
        "words-help",
        "words-daily",
        "What did Wolfgang say on this?",
    }


async def test_commands_that_discord_does_not_take_leave_the_bot_running(
    idle: Bot, server: FakeDiscord, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail("PUT", "/applications/*/commands", status=403)
    async with idle.running():
        assert (await ada.mention("scaling laws")).embeds
    assert (len(records_of(caplog, "the commands were not told")), tracebacks_in(caplog)) == (1, [])
    async with idle.running():
        assert (await ada.slash("ilya", {"query": "scaling laws"})).embeds


# Restarts and cuts


async def test_buttons_work_after_a_restart(idle: Bot, ada: Person, server: FakeDiscord) -> None:
    async with idle.running():
        message = await ask_once(ada)
        nothing = await ada.slash("ilya", {"query": NOTHING})
    async with idle.running():
        assert await turn(ada, message) == "2/5"
        assert (await ada.click(message, "In context")).is_ephemeral
        assert (await ada.click(message, "👍")).is_ephemeral
        assert (await ada.click(nothing, nothing.buttons[0].label)).embeds
    assert server.refusals == []


async def interrupt(server: FakeDiscord, how: str) -> None:
    """Interrupt the connection in one of the ways that are ordinary."""
    interruptions: dict[str, Callable[[], None]] = {
        "op 7": server.gateway.reconnect,
        "op 9, resumable": lambda: server.gateway.invalidate(resumable=True),
        "op 9": server.gateway.invalidate,
        "cut": server.gateway.cut,
        "closed with 1000": lambda: server.gateway.close(1000),
        "closed with 4000": lambda: server.gateway.close(4000),
    }
    interruptions[how]()
    await server.wait_for(lambda: not server.gateway.live)


@pytest.mark.parametrize("how", ["op 7", "op 9, resumable", "cut", "closed with 1000", "closed with 4000"])
@pytest.mark.usefixtures("core")
async def test_what_was_asked_meanwhile_is_answered_when_the_session_is_resumed(
    ada: Person, server: FakeDiscord, how: str
) -> None:
    message = await ask_once(ada)
    await interrupt(server, how)
    asked, said = ada.slash("ilya", {"query": "transformers"}), ada.mention("AlphaGo")
    assert (await asked).embeds
    assert (await said).embeds
    assert await turn(ada, message) == "2/5"
    assert (len(server.gateway.identifies), len(said.answers)) == (1, 1)


@pytest.mark.usefixtures("core")
async def test_a_session_that_is_lost_is_begun_anew(
    ada: Person,
    server: FakeDiscord,
) -> None:
    message = await ask_once(ada)
    await interrupt(server, "op 9")
    await server.online()
    assert await turn(ada, message) == "2/5"
    assert len(server.gateway.identifies) == 2


async def test_a_redirected_api_names_the_gateway_for_every_connection(
    idle: Bot, ada: Person, server: FakeDiscord
) -> None:
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL("ws://127.0.0.1:1/nowhere")  # the fixture sets it back
    idle.changes = {"shard_count": 1}
    async with idle.running():
        message = await ask_once(ada)
        await interrupt(server, "op 9")
        await server.online()
        assert await turn(ada, message) == "2/5"


async def test_a_refused_first_connection_to_the_gateway_is_tried_again(
    idle: Bot,
    ada: Person,
    server: FakeDiscord,
) -> None:
    server.gateway.refuse(2)
    async with idle.running():
        await ask_once(ada)


@pytest.mark.parametrize("fault", [{"drop": True}, {"status": 503}], ids=["cut", "503"])
@pytest.mark.parametrize("path", ["/users/@me", "/gateway/bot"])
async def test_a_discord_that_is_down_at_the_start_is_waited_for(
    idle: Bot, ada: Person, server: FakeDiscord, path: str, fault: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    server.fail("GET", path, times=2, **fault)
    async with idle.running():
        await ask_once(ada)
    assert records_of(caplog, "no connection to Discord, again in")
    assert tracebacks_in(caplog) == []


async def test_a_wrong_token_ends_it_with_a_sentence(idle: Bot) -> None:
    idle.changes = {"discord_token": "MTIz.wrong.token"}
    with pytest.raises(SettingsError, match="Discord refuses DISCORD_TOKEN"):
        await idle.running().__aenter__()


# Settings


async def test_a_cool_down_lets_everybody_ask_once(idle: Bot, ada: Person, bob: Person) -> None:
    idle.changes = {"cooldown": 600.0}
    async with idle.running():
        message = await ask_once(ada)
        waits = [
            await ada.slash("ilya", {"query": "transformers"}),
            await ada.menu("What did Ilya say on this?", "transformers"),
            await ada.say("transformers", ada.dm),
        ]
        assert {line.content for line in waits} <= {
            f"One question at a time: ask again in {s} s." for s in range(500, 601)
        }
        assert [line.is_ephemeral for line in waits] == [True, True, False]
        assert await turn(ada, message) == "2/5"
        await ask_once(bob)


async def test_a_mention_too_soon_is_left_unanswered_in_a_server(idle: Bot, ada: Person, bob: Person) -> None:
    idle.changes = {"cooldown": 600.0}
    async with idle.running():
        await ada.mention("scaling laws")
        silent = ada.mention("transformers")
        await bob.mention("transformers")
    assert len(silent.answers) == 1


async def test_a_long_wait_for_the_commands_leaves_the_bot_running(idle: Bot, server: FakeDiscord, ada: Person) -> None:
    server.fail("PUT", "/applications/*/commands", status=429, retry_after=3600)
    async with idle.running():
        assert (await ada.mention("scaling laws")).embeds


@pytest.mark.parametrize(
    ("changes", "recommended", "shards"),
    [
        ({}, 1, [(0, 1)]),
        ({}, 2, [(0, 2), (1, 2)]),
        ({"shard_count": 2}, 1, [(0, 2), (1, 2)]),
        ({"shard_count": 3, "shard_ids": (1, 2)}, 1, [(1, 3), (2, 3)]),
    ],
)
async def test_shards_follow_the_settings_or_what_discord_recommends(
    idle: Bot, server: FakeDiscord, changes: dict[str, object], recommended: int, shards: list[Any]
) -> None:
    server.gateway.shards = recommended
    idle.changes = changes
    async with idle.running():
        await server.online(len(shards))
    assert [tuple(identify["shard"]) for identify in server.gateway.identifies] == shards


async def test_everybody_is_answered_whichever_shard_serves_them(
    idle: Bot,
    server: FakeDiscord,
) -> None:
    idle.changes = {"shard_count": 2}
    people = []
    for number in (2, 3):
        guild = server.add_guild(f"on shard {number % 2}", guild_id=number << 22)
        people.append(server.add_user(f"P{number}", home=server.add_channel(guild, "general")))
    async with idle.running():
        await server.online(2)
        for person in people:
            message = await ask_once(person)
            assert await turn(person, message) == "2/5"


# The start and the end


@pytest.mark.usefixtures("guild")
async def test_the_first_line_names_intents_permissions_and_the_link_and_the_presence_how_to_ask(
    idle: Bot, server: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with idle.running():
        await server.wait_for(lambda: records_of(caplog, "ready as"))
    (line,) = records_of(caplog, "ready as")
    said = line.getMessage()
    assert "intents: guilds, guild_messages, dm_messages" in said
    assert "permissions: View Channel, Send Messages, Send Messages in Threads, Embed Links;" in said
    assert f"client_id={server.bot.id}" in said
    assert "scope=bot+applications.commands" in said
    assert "in 1 servers" in said
    (identify,) = server.gateway.identifies
    assert identify["intents"] == 1 << 0 | 1 << 9 | 1 << 12
    assert identify["presence"]["game"]["state"] == "Ask with /ilya"
    assert tracebacks_in(caplog) == []


@pytest.mark.parametrize("how", ["command", "click", "mention"])
async def test_what_is_being_answered_at_the_end_is_answered(
    idle: Bot, ada: Person, server: FakeDiscord, how: str
) -> None:
    context = idle.running()
    await context.__aenter__()
    nothing = await ada.slash("ilya", {"query": NOTHING})
    holds = [server.hold("POST", CALLBACK), server.hold("POST", MESSAGES)]
    server.fail("POST", MESSAGES, status=503)
    asked = {
        "command": lambda: ada.slash("ilya", {"query": "scaling laws"}),
        "click": lambda: ada.click_raw(to_custom_id(Verb.LIKE, "....", vote_on(idle)), nothing),
        "mention": lambda: ada.mention("scaling laws"),
    }[how]()
    await server.wait_for(lambda: holds[0].calls or holds[1].calls)
    ending = asyncio.create_task(context.__aexit__(None, None, None))
    await server.gateway.heard()
    for hold in holds:
        hold.release()
    assert (await asked).content or (await asked).embeds
    await ending


def vote_on(idle: Bot) -> Pages:
    """Give the pages that a vote is on."""
    return build_pages(idle.quotes.ask("scaling laws").hits).alone()


@pytest.mark.parametrize(("code", "why"), [(4014, "intents"), (4004, "DISCORD_TOKEN"), (4011, "SHARD_COUNT")])
async def test_a_connection_closed_for_good_is_told(idle: Bot, server: FakeDiscord, code: int, why: str) -> None:
    context = idle.running()
    await context.__aenter__()
    server.gateway.close(code)
    assert idle.task
    await asyncio.wait([idle.task])
    with pytest.raises(QuoteBotError, match=why):
        await context.__aexit__(None, None, None)


async def test_the_places_where_discord_py_keeps_its_addresses_are_still_there() -> None:
    assert str(discord.http.Route.BASE).startswith("https://")
    assert str(discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY).startswith("wss://")


async def test_sigterm_ends_the_process_cleanly(server: FakeDiscord, ada: Person, tmp_path: Path) -> None:
    async with started_bot(server, tmp_path) as bot:
        message = await ask_once(ada)
        assert await turn(ada, message) == "2/5"
        await bot.says("ready as")
        bot.terminate()
        code, output = await bot.ended()
    assert code == 0, output
    assert "stopped" in output
    assert "Traceback" not in output
    assert server.token not in output
    assert server.gateway.close_codes == [1000]


async def test_a_wrong_token_ends_the_process_with_a_code_and_without_the_token(
    server: FakeDiscord, tmp_path: Path
) -> None:
    wrong = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789AB"
    code, output = await run_bot(server, tmp_path, DISCORD_TOKEN=wrong)
    assert code != 0
    assert "Discord refuses DISCORD_TOKEN" in output
    assert "Traceback" not in output
    assert wrong not in output


@pytest.mark.usefixtures("idle")
async def test_the_platform_is_wanted_only_with_a_token() -> None:
    assert not DiscordPlatform().is_wanted(Settings(_env_file=None))
