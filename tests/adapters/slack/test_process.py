"""The bot as a process: it starts, ends when told to with what is begun done, and says what is wrong."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.adapters.slack.conftest import Mode
from tests.adapters.slack.processes import make_environment, start_bot, wait_until_it_listens
from tests.adapters.slack.test_asking import labels_of
from tests.fakes.slack_server import FakeSlack

pytestmark = pytest.mark.asyncio


async def test_at_sigterm_it_finishes_what_is_begun_and_exits_with_0(
    slack: FakeSlack, mode: Mode, tmp_path: Path
) -> None:
    async with start_bot(make_environment(slack, mode, tmp_path)) as bot:
        await wait_until_it_listens(bot, slack)
        ada = slack.person()
        with slack.hold("chat.postMessage") as held:
            asked = ada.dm("scaling laws")
            await held.reached.wait()
            bot.process.send_signal(signal.SIGTERM)
            await slack.wait_for(lambda: not slack.sockets.connections)
        assert "In context" in labels_of(await asked.answer())
        assert await bot.ends() == 0
    assert "stopped" in bot.log
    for fault in ("Traceback", "Unclosed", "ResourceWarning", "never retrieved", slack.team.bot_token):
        assert fault not in bot.log


async def test_a_wrong_token_ends_it_with_a_sentence(slack: FakeSlack, mode: Mode, tmp_path: Path) -> None:
    environment = make_environment(slack, mode, tmp_path) | {"SLACK_BOT_TOKEN": "xoxb-not-the-token"}
    async with start_bot(environment) as bot:
        assert await bot.ends() == 1
    assert "Slack does not take SLACK_BOT_TOKEN (invalid_auth)" in bot.log
    assert "Traceback" not in bot.log
    assert "not-the-token" not in bot.log


async def test_without_any_token_it_says_what_to_set(tmp_path: Path) -> None:
    async with start_bot({"DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}) as bot:
        assert await bot.ends() == 2
    assert "SLACK_BOT_TOKEN" in bot.log


async def test_at_debug_no_token_is_logged_either(slack: FakeSlack, mode: Mode, tmp_path: Path) -> None:
    async with start_bot(make_environment(slack, mode, tmp_path, LOG_LEVEL="DEBUG")) as bot:
        await wait_until_it_listens(bot, slack)
        await slack.person().command("/ilya", "scaling laws").answer()
        bot.process.send_signal(signal.SIGTERM)
        assert await bot.ends() == 0
    for secret in (slack.team.bot_token, slack.app_token, slack.signing_secret):
        assert secret not in bot.log
