"""What goes wrong with a daily quote: told once to whoever set it up, and never posted twice."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from adapters.process import Core
from bot.daily.outbox import AGAIN
from bot.delivery import PostState, SubscriptionState
from tests.adapters.discord.conftest import Bot
from tests.adapters.discord.stories import NINE, POSTS, Clock, first_post, kept_post, posted, records_of, row_of
from tests.fakes.discord_people import Person
from tests.fakes.discord_server import FakeDiscord
from tests.fakes.discord_world import VIEW_CHANNEL, Channel, Guild, Message

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("hurried")]


async def set_in(channel: Channel, boss: Person, server: FakeDiscord) -> None:
    """Set the daily quote of a channel, once the bot has heard of it."""
    await server.gateway.heard()
    assert "Next:" in (await boss.slash("ilya-daily set", NINE | {"channel": channel})).content


def paused_lines(server: FakeDiscord) -> list[Message]:
    """Give what whoever set it up was told."""
    return [one for one in server.messages if "The daily quote is paused." in one.content]


@pytest.mark.parametrize(
    ("how", "why"),
    [("forbidden", "may not post"), ("unseen", "cannot see"), ("deleted", "is gone"), ("locked", "locked")],
)
async def test_a_channel_that_is_closed_pauses_it_and_whoever_set_it_is_told_once(
    running: Core, boss: Person, general: Channel, server: FakeDiscord, clock: Clock, how: str, why: str
) -> None:
    assert general.guild
    channel = server.add_channel(general.guild, "quotes") if how != "locked" else server.add_thread(general, "papers")
    await set_in(channel, boss, server)
    {
        "forbidden": lambda: server.allow(channel, VIEW_CHANNEL),
        "unseen": lambda: server.allow(channel, 0),
        "deleted": lambda: server.delete_channel(channel),
        "locked": lambda: server.archive(channel, locked=True),
    }[how]()
    clock.set("2026-01-13T09:00:00")
    (line,) = await server.wait_for(lambda: paused_lines(server))
    row = await row_of(running, channel)
    assert row
    assert (row.state, why in row.why, row.why in line.content) == (SubscriptionState.FAILED, True, True)
    assert (line.channel, line.content.startswith(f"<#{channel.id}>: ")) == (boss.dm, True)
    clock.set("2026-01-14T09:00:00")
    await clock.is_looked_at()
    await clock.is_looked_at()
    assert paused_lines(server) == [line]
    assert "It has stopped:" in (await boss.slash("ilya-daily status")).text


@pytest.mark.usefixtures("running")
async def test_where_no_direct_message_is_taken_the_system_channel_is_told_once(
    boss: Person, general: Channel, guild: Guild, server: FakeDiscord, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    boss.takes_dms = False
    channel = server.add_channel(guild, "quotes")
    await set_in(channel, boss, server)
    server.allow(channel, VIEW_CHANNEL)
    clock.set("2026-01-13T09:00:00")
    (line,) = await server.wait_for(lambda: paused_lines(server))
    assert (line.channel, line.pings) == (general, [])
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.usefixtures("running")
async def test_where_nobody_can_be_told_it_is_logged(
    boss: Person, guild: Guild, server: FakeDiscord, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    boss.takes_dms = False
    channel = server.add_channel(guild, "quotes")
    await set_in(channel, boss, server)
    server.allow(channel, VIEW_CHANNEL)
    assert guild.system_channel
    server.allow(guild.system_channel, 0)
    clock.set("2026-01-13T09:00:00")
    await server.wait_for(lambda: [one for one in caplog.records if "cannot tell about" in one.getMessage()])
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize(
    "fault",
    [{"status": 502}, {"status": 502, "times": 5}, {"status": 503}, {"drop": True}],
    ids=["502", "502 five times", "503", "cut"],
)
async def test_a_post_whose_answer_was_lost_is_made_once(
    running: Core, boss: Person, general: Channel, server: FakeDiscord, clock: Clock, fault: dict[str, Any]
) -> None:
    await boss.slash("ilya-daily set", NINE)
    server.fail("POST", POSTS, after_effect=True, **fault)
    clock.set("2026-01-13T09:00:00")
    post = await first_post(server, general)
    if fault != {"status": 502}:  # which discord.py itself tries again at once
        await kept_post(running, general, clock, lambda post: post.reason)
        clock.now += AGAIN + 1
    kept = await kept_post(running, general, clock, lambda post: post.state is PostState.SENT)
    nonces = [call.json["nonce"] for call in server.asked("POST", POSTS)]
    assert (kept.message_id, set(nonces), len(nonces) > 1) == (str(post.id), {post.nonce}, True)
    assert posted(general) == [post]


async def test_a_rate_limit_puts_the_post_off(
    running: Core, boss: Person, general: Channel, server: FakeDiscord, clock: Clock
) -> None:
    await boss.slash("ilya-daily set", NINE)
    server.fail("POST", POSTS, status=429, retry_after=300.0)
    clock.set("2026-01-13T09:00:00")
    await kept_post(running, general, clock, lambda post: post.reason)
    assert posted(general) == []
    clock.set("2026-01-13T09:05:01")
    await kept_post(running, general, clock, lambda post: post.state is PostState.SENT)
    assert len(posted(general)) == 1


async def test_a_server_that_is_left_is_forgotten_but_not_one_that_is_away(
    running: Core, boss: Person, guild: Guild, general: Channel, server: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await boss.slash("ilya-daily set", NINE)
    server.outage(guild)
    server.recover(guild)
    await server.gateway.heard()
    assert await row_of(running, general)
    assert not [one for one in caplog.records if "forgotten" in one.getMessage()]
    server.leave(guild)
    await server.wait_for(lambda: [one for one in caplog.records if "1 daily quotes forgotten" in one.getMessage()])
    assert await row_of(running, general) is None


async def test_a_server_left_while_the_bot_was_away_is_forgotten(
    idle: Bot, boss: Person, guild: Guild, server: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with idle.running() as core:
        await boss.slash("ilya-daily set", NINE)
        assert await core.daily.tenants("discord") == (str(guild.id),)
    server.leave(guild)
    async with idle.running() as core:
        await server.wait_for(lambda: server.asked("GET", f"/guilds/{guild.id}"))
        await server.wait_for(lambda: records_of(caplog, "are forgotten"))
        assert await core.daily.tenants("discord") == ()
