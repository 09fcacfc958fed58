"""The bot as it runs, in this process, against a fake Slack, over both of its transports."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio

from adapters.process import Core
from adapters.slack.platform import open_slack
from bot.delivery import Memory, open_daily
from bot.service import QuoteService, build_service
from bot.settings import Settings
from tests.fakes.slack_server import FakeSlack, slack_server
from tests.paths import EPISODES

Mode = Literal["socket", "http"]


@dataclass
class Running:
    """A running bot: Slack's side, and what the bot works with."""

    slack: FakeSlack
    core: Core
    port: int = 0

    @property
    def quotes(self) -> QuoteService:
        """What it answers with."""
        return self.core.quotes


def make_settings(slack: FakeSlack, mode: Mode, folder: Path, **more: object) -> Settings:
    """Give the settings for a mode."""
    given: dict[str, object] = {
        "slack_bot_token": slack.team.bot_token,
        "slack_api_url": slack.api_url,
        "database_url": f"sqlite:///{folder}/ilya.db",
        "host": "127.0.0.1",
        "port": 0,
    }
    given |= (
        {"slack_app_token": slack.app_token} if mode == "socket" else {"slack_signing_secret": slack.signing_secret}
    )
    return Settings(_env_file=None, **given | more)  # type: ignore[arg-type]


@asynccontextmanager
async def open_core(quotes: QuoteService, settings: Settings) -> AsyncIterator[Core]:
    """Open what the bot works with."""
    async with open_daily(settings.database_url.get_secret_value(), quotes) as daily:
        yield Core(settings, quotes, daily, Memory(daily.database))


@asynccontextmanager
async def run_bot(slack: FakeSlack, quotes: QuoteService, settings: Settings) -> AsyncIterator[Running]:
    """Run the bot, and point the fake Slack at it."""
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(open_core(quotes, settings))
        opened = slack.sockets.opened
        port = await stack.enter_async_context(open_slack(core))
        if port:
            slack.use_http(f"http://127.0.0.1:{port}/slack/events")
        else:
            await slack.reconnected(opened + 1)
        yield Running(slack, core, port)


async def finish_work(name: Literal["dispatch", "survive"] = "dispatch") -> None:
    """Wait until what the bot has begun is done: answers to events, or (`survive`) daily posts and their records."""
    begun = [task for task in asyncio.all_tasks() if getattr(task.get_coro(), "__name__", "") == name]
    async with asyncio.timeout(10):
        await asyncio.gather(*begun)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def quotes() -> QuoteService:
    """Give the service over the shipped episodes."""
    service = build_service(EPISODES, "Ilya Sutskever")
    service.warm()
    return service


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """Give a fake Slack."""
    async with slack_server() as server:
        yield server


@pytest.fixture(params=["socket", "http"])
def mode(request: pytest.FixtureRequest) -> Mode:
    """Give each transport in turn."""
    chosen: Mode = request.param
    return chosen


@pytest_asyncio.fixture
async def bot(slack: FakeSlack, quotes: QuoteService, mode: Mode, tmp_path: Path) -> AsyncIterator[Running]:
    """Give a running bot over each transport."""
    async with run_bot(slack, quotes, make_settings(slack, mode, tmp_path)) as running:
        yield running


@pytest_asyncio.fixture
async def web_bot(slack: FakeSlack, quotes: QuoteService, tmp_path: Path) -> AsyncIterator[Running]:
    """Give a running bot over HTTP."""
    async with run_bot(slack, quotes, make_settings(slack, "http", tmp_path)) as running:
        yield running


@pytest_asyncio.fixture
async def socket_bot(slack: FakeSlack, quotes: QuoteService, tmp_path: Path) -> AsyncIterator[Running]:
    """Give a running bot over Socket Mode."""
    async with run_bot(slack, quotes, make_settings(slack, "socket", tmp_path)) as running:
        yield running
