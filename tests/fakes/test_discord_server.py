"""The fake Discord with the real discord.py on it: what a bot sees, and what people see of a bot."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest
import pytest_asyncio
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakes.discord_bot import Bot, ShardedBot, pages, running
from tests.fakes.discord_gateway import MESSAGE_CONTENT
from tests.fakes.discord_people import Person
from tests.fakes.discord_server import FakeDiscord, discord_server, redirected
from tests.fakes.discord_world import (
    MANAGE_GUILD,
    MEMBER,
    SEND_MESSAGES,
    USE_EXTERNAL_APPS,
    VIEW_CHANNEL,
    Channel,
    Guild,
)

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def server() -> AsyncIterator[FakeDiscord]:
    async with discord_server() as running_server:
        yield running_server


@pytest.fixture
def guild(server: FakeDiscord) -> Guild:
    return server.add_guild("Readers")


@pytest.fixture
def general(server: FakeDiscord, guild: Guild) -> Channel:
    return server.add_channel(guild, "general")


@pytest.fixture
def ada(server: FakeDiscord, general: Channel) -> Person:
    return server.add_user("Ada", home=general, permissions=MEMBER | MANAGE_GUILD)


@pytest_asyncio.fixture
async def bot(server: FakeDiscord, ada: Person) -> AsyncIterator[Bot]:  # noqa: ARG001 -- she is there first
    async with running(server) as running_bot:
        yield running_bot


def target(bot: Bot, channel: Channel) -> discord.PartialMessageable:
    return bot.get_partial_messageable(channel.id)


async def test_a_redirection_ends_with_its_block(server: FakeDiscord) -> None:
    before = (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
    with redirected(server):
        assert Route("GET", "/gateway").url == f"{server.url}/gateway"
        assert DiscordWebSocket.DEFAULT_GATEWAY.host == "127.0.0.1"
    assert before == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)


async def test_a_bot_logs_in_and_sees_its_servers(
    server: FakeDiscord, bot: Bot, guild: Guild, general: Channel
) -> None:
    seen = bot.get_guild(guild.id)
    assert seen is not None
    assert [channel.id for channel in seen.text_channels] == [general.id]
    assert (seen.me.id, bot.application_id) == (server.bot.id, server.world.application_id)
    assert [identify["intents"] for identify in server.gateway.identifies] == [discord.Intents.default().value]
    assert server.refusals == []


async def test_a_wrong_token_is_refused(server: FakeDiscord) -> None:
    with redirected(server):
        async with Bot() as bot:
            with pytest.raises(discord.LoginFailure):
                await bot.login("wrong")


async def test_an_intent_that_was_not_granted_closes_the_door(server: FakeDiscord) -> None:
    with redirected(server):
        async with Bot(intents=discord.Intents.all()) as bot:
            with pytest.raises(discord.PrivilegedIntentsRequired):
                await bot.start(server.token)


async def test_commands_keep_their_ids_when_they_are_registered_again(server: FakeDiscord, bot: Bot) -> None:
    first = {command["name"]: command["id"] for command in server.commands}
    await bot.tree.sync()
    assert {command["name"]: command["id"] for command in server.commands} == first
    assert set(first) == {"ask", "daily", "About this"}


async def test_a_command_is_answered_after_a_deferral(
    server: FakeDiscord, bot: Bot, ada: Person, general: Channel
) -> None:
    asked = ada.slash("ask", {"query": "scaling laws"})
    message = await asked
    assert asked.response_type == 5
    assert (message.content, message.embeds[0]["description"]) == ("Page 1", "On scaling laws")
    assert [(b.emoji, b.is_disabled, b.is_link) for b in message.buttons] == [
        ("◀", True, False),
        ("▶", False, False),
        ("", False, True),
    ]
    assert (message.pings, message.is_ephemeral, general.messages) == ([], False, [message])
    assert server.refusals == []
    await server.wait_for(lambda: "app_command_completion" in bot.events)


@pytest.mark.usefixtures("bot")
async def test_a_private_answer_is_seen_by_the_one_who_asked_only(server: FakeDiscord, ada: Person) -> None:
    asked = ada.slash("ask", {"query": "x", "private": True})
    message = await asked
    assert asked.is_ephemeral
    with pytest.raises(AssertionError, match="private"):
        server.add_user("Bob").click(message, "▶")


@pytest.mark.usefixtures("bot")
async def test_a_page_is_turned_by_its_button(ada: Person) -> None:
    message = await ada.slash("ask", {"query": "x"})
    assert await ada.click(message, "▶") is message
    assert (message.content, message.history[-1]["content"]) == ("Page 2", "Page 1")


@pytest.mark.usefixtures("bot")
async def test_only_buttons_that_are_there_can_be_pressed(ada: Person) -> None:
    message = await ada.slash("ask", {"query": "x"})
    with pytest.raises(AssertionError, match="disabled"):
        ada.click(message, "◀")
    with pytest.raises(AssertionError, match="link"):
        ada.click(message, "Watch")
    with pytest.raises(AssertionError, match="no button"):
        ada.click(message, "Share")
    forged = await ada.click_raw("page:forged", message)
    assert (forged.content, forged.is_ephemeral) == ("That button is no longer here.", True)


@pytest.mark.usefixtures("bot")
async def test_choices_are_offered_while_typing(ada: Person) -> None:
    offered = await ada.autocomplete("ask", "query", "s").suggestions()
    assert [choice["name"] for choice in offered] == ["scaling laws", "self-play", "safety"]
    assert await ada.autocomplete("ask", "query", "nothing", {"private": True}).suggestions() == []


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("name", "options", "why"),
    [
        ("none", {}, "not registered"),
        ("ask", {}, "required"),
        ("ask", {"query": "x", "episode": "y"}, "no such option"),
        ("ask", {"query": 1}, "not of type"),
        ("ask", {"query": "x", "private": "yes"}, "not of type"),
        ("ask", {"query": "x" * 6001}, "6001 characters"),
        ("daily", {}, "needs one of"),
        ("daily unset", {}, "no 'unset'"),
    ],
)
async def test_what_discord_would_not_let_somebody_enter_is_an_error(
    ada: Person, name: str, options: dict[str, Any], why: str
) -> None:
    with pytest.raises(AssertionError, match=why):
        ada.slash(name, options)


@pytest.mark.usefixtures("bot")
async def test_a_command_is_shown_only_to_those_who_may_use_it_and_where(server: FakeDiscord, general: Channel) -> None:
    bob = server.add_user("Bob", home=general)
    with pytest.raises(AssertionError, match="permissions"):
        bob.slash("daily set", {"time": "09:00", "channel": general})
    assert (await bob.slash("daily set", {"time": "09:00", "channel": general}, permissions=MANAGE_GUILD)).is_ephemeral
    elsewhere = server.add_channel(server.add_guild("Elsewhere", has_bot=False), "talk")
    with pytest.raises(AssertionError, match="not installed"):
        bob.slash("ask", {"query": "x"}, channel=elsewhere)


async def test_a_bot_knows_what_it_may_do_in_a_channel(
    server: FakeDiscord, bot: Bot, ada: Person, guild: Guild
) -> None:
    quiet = server.add_channel(guild, "quiet", bot_permissions=VIEW_CHANNEL)
    assert (await ada.slash("daily set", {"time": "9", "channel": quiet})).content == "9 in quiet: False"
    server.allow(quiet, VIEW_CHANNEL | SEND_MESSAGES)
    assert (await ada.slash("daily set", {"time": "9", "channel": quiet})).content == "9 in quiet: True"
    assert "guild_channel_update" in bot.events


@pytest.mark.usefixtures("bot")
async def test_a_command_works_in_private_and_where_the_user_brought_it(server: FakeDiscord) -> None:
    eve = server.add_user("Eve", has_installed=True)
    assert (await eve.slash("ask", {"query": "x"})).channel is eve.dm
    between = server.add_private_channel(eve, server.add_user("Bob"))
    assert (await eve.slash("ask", {"query": "x"}, channel=between)).channel is between
    elsewhere = server.add_channel(server.add_guild("Elsewhere", has_bot=False), "talk")
    assert not (await eve.slash("ask", {"query": "x"}, channel=elsewhere)).is_ephemeral
    strict = MEMBER & ~USE_EXTERNAL_APPS
    assert (await eve.slash("ask", {"query": "x"}, channel=elsewhere, permissions=strict)).is_ephemeral


@pytest.mark.usefixtures("bot")
async def test_a_message_can_be_asked_about(ada: Person) -> None:
    assert (await ada.menu("About this", "Scale is all you need")).content == "Somebody said Scale is all you need"


@pytest.mark.parametrize("private", [False, True])
async def test_a_bot_reads_what_is_said_to_it_by_name(bot: Bot, ada: Person, private: bool) -> None:
    said = ada.mention("scaling laws", ada.dm if private else None)
    answer = await said
    assert answer.content == "Heard: @ilya_bot scaling laws"
    assert (answer.reply_to, answer.pings) == (said.message, [])
    assert bot.heard[0] == said.message.content


async def test_other_words_reach_a_bot_only_with_the_intent(server: FakeDiscord, bot: Bot, ada: Person) -> None:
    ada.say("between us")
    ada.say("to you", ada.dm)
    answer = await ada.mention("hello")
    ada.say("and now?", reply_to=answer)
    ada.say("and now, quietly?", reply_to=answer, pings=False)
    await server.wait_for(lambda: bot.heard[-2:] == ["and now?", ""])
    assert bot.heard[:2] == ["", "to you"]


async def test_with_the_intent_granted_a_bot_reads_everything(server: FakeDiscord, ada: Person) -> None:
    server.gateway.granted_intents = MESSAGE_CONTENT
    intents = discord.Intents(guilds=True, guild_messages=True, message_content=True)
    async with running(server, lambda: Bot(intents=intents)) as bot:
        ada.say("between us")
        await server.wait_for(lambda: bot.heard == ["between us"])


async def test_a_rate_limit_is_waited_out_and_the_nonce_kept(server: FakeDiscord, bot: Bot, general: Channel) -> None:
    server.fail("POST", "/channels/*/messages", status=429)
    await target(bot, general).send("daily", nonce="daily:1")
    calls = server.asked("POST", "/channels/*/messages")
    assert [call.status for call in calls] == [429, 200]
    assert {call.json["nonce"] for call in calls} == {"daily:1"}
    assert server.refusals == []


async def test_the_same_nonce_makes_no_second_message(server: FakeDiscord, bot: Bot, general: Channel) -> None:
    first = await target(bot, general).send("daily", nonce="daily:1")
    again = await target(bot, general).send("daily", nonce="daily:1")
    assert (again.id, len(server.messages)) == (first.id, 1)
    server.forget_nonces()
    assert (await target(bot, general).send("daily", nonce="daily:1")).id != first.id


async def test_a_connection_is_dropped_before_or_after_the_effect(
    server: FakeDiscord, bot: Bot, general: Channel
) -> None:
    for after_effect, kept in ((False, 0), (True, 1)):
        server.fail("POST", "/channels/*/messages", drop=True, after_effect=after_effect)
        with pytest.raises(aiohttp.ClientError):
            await target(bot, general).send("daily")
        assert len(server.messages) == kept


async def test_an_answer_can_be_held_back(server: FakeDiscord, bot: Bot, general: Channel) -> None:
    hold = server.hold("POST", "/channels/*/messages")
    sending = asyncio.create_task(target(bot, general).send("late"))
    assert (await hold.arrived()).json["content"] == "late"
    assert (server.messages, sending.done()) == ([], False)
    hold.release()
    assert (await sending).content == "late"


@pytest.mark.parametrize("how", ["op 7", "op 9", "closed", "cut"])
async def test_a_client_resumes_and_hears_what_it_missed(server: FakeDiscord, bot: Bot, ada: Person, how: str) -> None:
    session = server.gateway.live[0]
    gateway = server.gateway
    {
        "op 7": gateway.reconnect,
        "op 9": lambda: gateway.invalidate(resumable=True),
        "closed": lambda: gateway.close(4000),
        "cut": gateway.cut,
    }[how]()
    await server.wait_for(lambda: session.connection is None)
    asked = ada.slash("ask", {"query": "while away"})
    assert (await asked).embeds[0]["description"] == "On while away"
    await server.wait_for(lambda: "resumed" in bot.events)
    assert (session.resumes, len(server.gateway.identifies), bot.events.count("ready")) == (1, 1, 1)


async def test_after_an_invalid_session_a_client_begins_anew(server: FakeDiscord, bot: Bot, ada: Person) -> None:
    server.gateway.invalidate()
    await server.wait_for(lambda: bot.events.count("ready") == 2)
    assert (len(server.gateway.identifies), "resumed" in bot.events) == (2, False)
    assert (await ada.slash("ask", {"query": "x"})).content == "Page 1"


async def test_a_button_outlives_the_process_that_sent_it(server: FakeDiscord, ada: Person) -> None:
    async with running(server):
        message = await ada.slash("ask", {"query": "x"})
    await server.wait_for(lambda: not server.gateway.live)
    async with running(server):
        assert await ada.click(message, "▶") is message
    assert message.content == "Page 2"


async def test_the_gateway_and_the_whole_server_can_refuse_connections(server: FakeDiscord) -> None:
    async with aiohttp.ClientSession() as session:
        server.gateway.refuse()
        with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
            await session.ws_connect(f"{server.gateway.url}?v=10")
        async with server.unreachable():
            with pytest.raises(aiohttp.ClientConnectorError):
                await session.get(f"{server.url}/gateway")
        async with session.get(f"{server.url}/gateway") as response:
            assert await response.json() == {"url": server.gateway.url}


async def test_an_event_can_come_twice(server: FakeDiscord, bot: Bot, ada: Person) -> None:
    await ada.mention("once", ada.dm)
    ada.say("again", ada.dm)
    server.gateway.repeat("MESSAGE_CREATE")
    await server.gateway.heard()
    await server.wait_for(lambda: bot.heard.count("again") == 2)


async def test_servers_are_spread_over_shards(server: FakeDiscord, ada: Person, guild: Guild) -> None:
    server.gateway.shards = 2
    other = server.add_guild("Other", guild_id=guild.id + (1 << 22))
    there = server.add_channel(other, "talk")
    async with running(server, ShardedBot) as bot:
        assert [identify["shard"] for identify in server.gateway.identifies] == [[0, 2], [1, 2]]
        assert {one.shard_id for one in bot.guilds} == {0, 1}
        for place in (ada.home, there, ada.dm):
            assert (await ada.slash("ask", {"query": "x"}, channel=place)).channel is place


async def test_a_bot_is_told_of_servers_and_channels_that_come_and_go(
    server: FakeDiscord, bot: Bot, guild: Guild, general: Channel
) -> None:
    server.outage(guild)
    server.recover(guild)
    thread = server.add_thread(general, "more")
    server.archive(thread)
    server.delete_channel(general)
    server.leave(guild)
    server.join(guild)
    server.add_guild("New")
    await server.wait_for(lambda: bot.events.count("guild_join") == 2)
    told = [event for event in bot.events if event.startswith(("guild_", "thread_"))]
    assert told[1:] == [
        "guild_unavailable",
        "guild_available",
        "thread_create",
        "thread_update",
        "guild_channel_delete",
        "guild_remove",
        "guild_join",
        "guild_join",
    ]


async def test_own_messages_can_be_read_changed_and_deleted(server: FakeDiscord, bot: Bot, ada: Person) -> None:
    assert ada.home
    place = target(bot, ada.home)
    sent = await place.send("x", view=pages(1))
    assert (await place.fetch_message(sent.id)).content == "x"
    assert [one.content async for one in place.history(after=discord.Object(sent.id - 1))] == ["x"]
    file = discord.File(io.BytesIO(b"words"), "quote.txt")
    assert (await place.send(file=file)).attachments[0].size == 5
    server.posts.delete(server.messages[-1])
    with pytest.raises(discord.Forbidden) as refused:
        await place.get_partial_message(ada.say("hers").message.id).edit(content="mine")
    assert refused.value.code == 50005
    await sent.delete()
    assert server.messages == []
    with pytest.raises(discord.NotFound) as gone:
        await sent.delete()
    assert gone.value.code == 10008


async def test_people_and_servers_can_be_looked_up(server: FakeDiscord, bot: Bot, ada: Person, guild: Guild) -> None:
    seen = await bot.fetch_guild(guild.id)
    assert (seen.name, (await seen.fetch_member(ada.id)).display_name) == ("Readers", "Ada")
    assert (await bot.fetch_user(ada.id)).mention == ada.ping
    assert (await bot.fetch_channel(ada.dm.id)).id == ada.dm.id
    for look_up, code in ((bot.fetch_user, 10013), (bot.fetch_guild, 10004), (bot.fetch_channel, 10003)):
        with pytest.raises(discord.NotFound) as unknown:
            await look_up(1)
        assert unknown.value.code == code
    server.leave(guild)
    with pytest.raises(discord.Forbidden):
        await bot.fetch_guild(guild.id)
