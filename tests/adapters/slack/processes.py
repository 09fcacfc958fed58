"""`python -m adapters.slack` as a process of its own, against a fake Slack."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.adapters.slack.conftest import Mode
from tests.fakes.slack_server import FakeSlack
from tests.paths import ROOT

PATIENCE = 30
_LISTENING = re.compile(r"listening (?:in Socket Mode|on http://[^:]+:(\d+)/slack/events)")


@dataclass
class Bot:
    """A bot in a process of its own, and its log so far."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)

    async def listens(self) -> int:
        """Wait until it listens and give the port, 0 in Socket Mode. Raises AssertionError where it ends before."""
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.lines.append(line.decode())
            if found := _LISTENING.search(self.lines[-1]):
                return int(found[1] or 0)
        raise AssertionError("".join(self.lines))

    async def ends(self) -> int:
        """Wait for its end and give its exit code."""
        assert self.process.stderr is not None
        async with asyncio.timeout(PATIENCE):
            self.lines += (await self.process.stderr.read()).decode().splitlines(keepends=True)
            return await self.process.wait()

    @property
    def log(self) -> str:
        """What it has logged."""
        return "".join(self.lines)


def make_environment(slack: FakeSlack, mode: Mode, folder: Path, **more: str) -> dict[str, str]:
    """Give the environment for a mode."""
    given = {
        "PATH": os.environ["PATH"],
        "PYTHONWARNINGS": "error::ResourceWarning",
        "SLACK_BOT_TOKEN": slack.team.bot_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": f"sqlite:///{folder}/ilya.db",
        "HOST": "127.0.0.1",
        "PORT": "0",
    }
    if mode == "socket":
        return given | {"SLACK_APP_TOKEN": slack.app_token} | more
    return given | {"SLACK_SIGNING_SECRET": slack.signing_secret} | more


@asynccontextmanager
async def start_bot(environment: dict[str, str], module: str = "adapters.slack") -> AsyncIterator[Bot]:
    """Start a bot, killed at the end where it has not ended."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, cwd=ROOT, env=environment, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield Bot(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def wait_until_it_listens(bot: Bot, slack: FakeSlack) -> None:
    """Wait for a bot and point the fake Slack at it."""
    async with asyncio.timeout(PATIENCE):
        port = await bot.listens()
        if port:
            slack.use_http(f"http://127.0.0.1:{port}/slack/events")
        else:
            await slack.connected()
