"""Socket Mode: connections that are cut, refreshed, refused."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.platform import SlackPlatform, open_slack
from adapters.slack.tokens import NotNowError
from bot.errors import SettingsError
from bot.service import QuoteService
from tests.adapters.slack.conftest import Running, make_settings, open_core, run_bot
from tests.fakes.slack_server import FakeSlack

pytestmark = pytest.mark.asyncio


async def test_a_cut_connection_is_replaced_and_what_came_meanwhile_answered(socket_bot: Running) -> None:
    slack = socket_bot.slack
    await slack.person("ben").dm("random").answer()
    slack.sockets.cut()
    asked = slack.person().dm("scaling laws")  # delivered on the new connection
    async with asyncio.timeout(10):
        await slack.reconnected(2)
    assert await asked.answer()


async def test_slack_may_ask_for_a_new_connection(socket_bot: Running) -> None:
    await socket_bot.slack.sockets.disconnect("refresh_requested")
    async with asyncio.timeout(10):
        await socket_bot.slack.reconnected(2)
    assert await socket_bot.slack.person().dm("scaling laws").answer()


async def test_it_waits_while_slack_gives_no_address(socket_bot: Running) -> None:
    socket_bot.slack.fail("apps.connections.open", 200, "internal_error")
    socket_bot.slack.sockets.cut()
    async with asyncio.timeout(20):
        await socket_bot.slack.wait_for(lambda: socket_bot.slack.sockets.opened >= 2, 20)


async def test_it_asks_for_another_address_where_one_is_dead(
    socket_bot: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.socket_mode.PATIENCE", 0.5)
    socket_bot.slack.sockets.dead = 2
    socket_bot.slack.sockets.cut()
    await socket_bot.slack.wait_for(lambda: socket_bot.slack.sockets.opened >= 2, 30)
    assert len(socket_bot.slack.calls("apps.connections.open")) == 4
    assert await socket_bot.slack.person().dm("scaling laws").answer()


async def test_it_begins_though_the_first_address_is_dead(
    slack: FakeSlack, quotes: QuoteService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.socket_mode.PATIENCE", 0.5)
    slack.sockets.dead = 1
    async with run_bot(slack, quotes, make_settings(slack, "socket", tmp_path)):
        assert await slack.person().dm("scaling laws").answer()


async def test_a_refused_connection_is_tried_again(socket_bot: Running) -> None:
    socket_bot.slack.fail("/link/", 503)
    socket_bot.slack.sockets.cut()
    await socket_bot.slack.wait_for(lambda: socket_bot.slack.sockets.opened >= 2, 30)
    assert await socket_bot.slack.person().dm("scaling laws").answer()


async def test_what_is_under_way_when_the_connection_is_cut_is_finished(socket_bot: Running) -> None:
    ada = socket_bot.slack.person()
    with socket_bot.slack.hold("chat.postMessage") as held:
        asked = ada.dm("scaling laws")
        await held.reached.wait()
        socket_bot.slack.sockets.cut()
    assert await asked.answer()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"slack_bot_token": "xoxb-not-mine"}, "SLACK_BOT_TOKEN (invalid_auth)"),
        ({"slack_app_token": "xapp-not-mine"}, "SLACK_APP_TOKEN (invalid_auth)"),
        ({"slack_app_token": None}, "SLACK_SIGNING_SECRET"),
        ({"slack_bot_token": None}, "SLACK_CLIENT_ID"),
    ],
)
async def test_what_is_wrong_with_the_tokens_is_told_at_the_start(
    slack: FakeSlack, quotes: QuoteService, tmp_path: Path, wrong: dict[str, object], said: str
) -> None:
    settings = make_settings(slack, "socket", tmp_path, **wrong)
    with pytest.raises(SettingsError) as told:
        async with run_bot(slack, quotes, settings):
            pass
    assert said in str(told.value)
    assert "not-mine" not in str(told.value)


HICCUPS = (
    ("auth.test", {"status": 503, "times": 3}),
    ("auth.test", {"status": 200, "error": "internal_error"}),
    ("apps.connections.open", {"status": 200, "error": "service_unavailable"}),
    ("apps.connections.open", {"drop": True, "times": 3}),
)


@pytest.mark.parametrize(("place", "fault"), HICCUPS)
async def test_a_hiccup_at_the_start_is_outlasted(
    slack: FakeSlack, quotes: QuoteService, tmp_path: Path, place: str, fault: dict[str, Any]
) -> None:
    slack.fail(place, **fault)
    stopping = asyncio.Event()
    async with open_core(quotes, make_settings(slack, "socket", tmp_path)) as core:
        running = asyncio.create_task(SlackPlatform().run(core, stopping))
        await slack.wait_for(lambda: slack.sockets.connections, 30)
        assert await slack.person().dm("scaling laws").answer()
        stopping.set()
        await running


async def test_it_can_be_stopped_while_slack_cannot_be_reached(
    slack: FakeSlack, quotes: QuoteService, tmp_path: Path
) -> None:
    stopping = asyncio.Event()
    with slack.hold("auth.test") as held:
        async with open_core(quotes, make_settings(slack, "socket", tmp_path)) as core:
            running = asyncio.create_task(SlackPlatform().run(core, stopping))
            await held.reached.wait()
            stopping.set()
            async with asyncio.timeout(10):
                await running


async def test_that_slack_cannot_be_reached_is_no_fault_of_the_settings(
    slack: FakeSlack, quotes: QuoteService, tmp_path: Path
) -> None:
    settings = make_settings(slack, "socket", tmp_path, slack_api_url="http://127.0.0.1:9/api/")
    with pytest.raises(NotNowError, match=r"127\.0\.0\.1:9"):
        async with run_bot(slack, quotes, settings):
            pass


async def test_a_port_in_use_is_told_at_the_start(web_bot: Running) -> None:
    core = web_bot.core
    taken = core.settings.model_copy(update={"port": web_bot.port})
    object.__setattr__(core, "settings", taken)
    with pytest.raises(SettingsError, match="cannot be listened on"):
        async with open_slack(core):
            pass
