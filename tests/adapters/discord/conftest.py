"""The bot in Discord, whole, beside a fake Discord on the loopback."""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import SecretStr

from adapters.discord.platform import DiscordPlatform
from adapters.process import Core
from bot.delivery import Memory, open_daily, open_database
from bot.service import QuoteService, build_service
from bot.settings import Settings
from tests.adapters.discord.stories import Clock
from tests.fakes.discord_people import Person
from tests.fakes.discord_server import FakeDiscord, discord_server, redirected
from tests.fakes.discord_world import Channel, Guild
from tests.paths import EPISODES

MANAGER = 1 << 5
"""Manage Server."""

NOTHING = "sourdough recipe"
"""What he never talks about."""


@pytest.fixture(scope="session")
def quotes() -> QuoteService:
    """Give the shipped episodes, read once."""
    service = build_service(EPISODES, "Ilya Sutskever")
    service.warm()
    return service


class Teller(logging.Handler):
    """Lets those who wait for something look again at each line of the log."""

    def __init__(self, tell: Callable[[], None]) -> None:
        super().__init__(logging.INFO)
        self._tell = tell
        self._loop = asyncio.get_running_loop()

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - the signature of logging
        """Tell, from whichever thread."""
        self._loop.call_soon_threadsafe(self._tell)


@pytest_asyncio.fixture
async def server() -> AsyncIterator[FakeDiscord]:
    """Give a Discord with nobody in it yet; `wait_for` looks again at each line of the log too."""
    async with discord_server() as fake:
        teller = Teller(fake.changes.tell)
        logging.getLogger().addHandler(teller)
        with redirected(fake):
            yield fake
        logging.getLogger().removeHandler(teller)


@dataclass(repr=False)
class Bot:
    """What is needed to start the bot, again and again; each time it is another process to Discord."""

    server: FakeDiscord
    quotes: QuoteService
    url: str
    changes: dict[str, object] = field(default_factory=dict)
    clock: Callable[[], float] = time.time
    task: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Core]:
        """Run the bot until the end of the block, then let it end by itself."""
        token = SecretStr(self.server.token)
        facts = {"discord_token": token, "discord_api_url": self.server.url, "database_url": SecretStr(self.url)}
        settings = Settings(_env_file=None, **(facts | self.changes))  # type: ignore[arg-type]
        stopping = asyncio.Event()
        async with open_daily(self.url, self.quotes) as daily:
            core = Core(settings, self.quotes, replace(daily, clock=self.clock), Memory(daily.database))
            self.task = task = asyncio.create_task(DiscordPlatform().run(core, stopping))
            before = len(self.server.gateway.live)
            online = asyncio.create_task(self.server.online(before + 1))
            await asyncio.wait([task, online], return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                online.cancel()
                task.result()
            try:
                yield core
            finally:
                stopping.set()
                async with asyncio.timeout(15):
                    await task


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody pause for more than a hundredth of a second before the next try."""
    real = asyncio.sleep

    async def sleep(delay: float, result: object = None) -> object:
        return await real(min(delay, 0.01), result)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr("adapters.discord.platform.FIRST_PAUSE", 0.01)


@pytest.fixture(scope="session")
def new_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of a store with nothing in it: to make its tables takes longer than most tests."""
    path = tmp_path_factory.mktemp("store") / "ilya.db"

    async def make() -> None:
        async with open_database(f"sqlite:///{path}"):
            pass

    asyncio.run(make())
    return path


@pytest.fixture
def idle(server: FakeDiscord, quotes: QuoteService, new_store: Path, tmp_path: Path) -> Bot:
    """Give the bot, not started yet."""
    shutil.copy(new_store, tmp_path / "ilya.db")
    return Bot(server, quotes, f"sqlite:///{tmp_path}/ilya.db")


@pytest_asyncio.fixture
async def core(idle: Bot, ada: Person) -> AsyncIterator[Core]:  # noqa: ARG001 - she is there first
    """Give the bot's core, running in a server with somebody in it."""
    async with idle.running() as running:
        yield running


@pytest.fixture
def guild(server: FakeDiscord) -> Guild:
    """Give a server that the bot is in."""
    return server.add_guild("Readers")


@pytest.fixture
def general(server: FakeDiscord, guild: Guild) -> Channel:
    """Give its first channel."""
    return server.add_channel(guild, "general", system=True)


@pytest.fixture
def ada(server: FakeDiscord, general: Channel) -> Person:
    """Give somebody in it."""
    return server.add_user("Ada", home=general)


@pytest.fixture
def bob(server: FakeDiscord, general: Channel) -> Person:
    """Give somebody else in it."""
    return server.add_user("Bob", home=general)


@pytest.fixture
def boss(server: FakeDiscord, general: Channel) -> Person:
    """Give somebody who manages it."""
    return server.add_user("Boss", home=general, permissions=MANAGER | 1 << 10 | 1 << 11)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Give a clock a minute before nine on a Tuesday in winter, which the runner looks at often."""
    monkeypatch.setattr("bot.daily.runner.LONGEST_SLEEP", 0.02)
    clock = Clock(0.0)
    clock.set("2026-01-13T08:59:00")
    return clock


@pytest.fixture
def timed(idle: Bot, clock: Clock) -> Bot:
    """Give the bot with that clock, not started yet."""
    idle.clock = clock
    return idle


@pytest_asyncio.fixture
async def running(timed: Bot, boss: Person) -> AsyncIterator[Core]:  # noqa: ARG001 - he is there first
    """Give the core of the bot with that clock, running."""
    async with timed.running() as core:
        yield core
