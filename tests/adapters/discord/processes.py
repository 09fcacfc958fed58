"""The bot as the process that a host runs."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes.discord_server import FakeDiscord
from tests.paths import ROOT

PATIENCE = 30.0


@dataclass
class BotProcess:
    """A running process."""

    process: Process
    lines: list[str] = field(default_factory=list)

    async def says(self, text: str) -> str:
        """Wait for a line that holds a text, and give it."""
        assert self.process.stdout
        async with asyncio.timeout(PATIENCE):
            while line := (await self.process.stdout.readline()).decode():
                self.lines.append(line)
                if text in line:
                    return line
        raise AssertionError(f"it ended without {text!r}: {''.join(self.lines)}")

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.process.terminate()

    async def ended(self) -> tuple[int | None, str]:
        """Wait for its end, and give its exit code and all that it wrote."""
        async with asyncio.timeout(PATIENCE):
            output, _ = await self.process.communicate()
        return self.process.returncode, "".join(self.lines) + output.decode()


async def spawn(server: FakeDiscord, folder: Path, module: str = "adapters.discord", **settings: str) -> BotProcess:
    """Start a process with the settings of a fake, in a folder of its own."""
    own = {"DISCORD_TOKEN": server.token, "DISCORD_API_URL": server.url, "PYTHONPATH": str(ROOT)}
    place = {"DATABASE_URL": f"sqlite:///{folder}/ilya.db", "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", module]
    facts = place | own | settings
    return BotProcess(await asyncio.create_subprocess_exec(*command, cwd=folder, env=facts, stdout=PIPE, stderr=STDOUT))


@asynccontextmanager
async def started_bot(server: FakeDiscord, folder: Path, **settings: str) -> AsyncIterator[BotProcess]:
    """Run the bot until the end of the block, at the latest."""
    bot = await spawn(server, folder, **settings)
    try:
        await server.wait_for(lambda: server.gateway.live or bot.process.returncode is not None, PATIENCE)
        yield bot
    finally:
        if bot.process.returncode is None:
            bot.process.kill()
            await bot.process.communicate()


async def run_bot(server: FakeDiscord, folder: Path, **settings: str) -> tuple[int | None, str]:
    """Run the bot until it ends by itself, and give its exit code and all that it wrote."""
    return await (await spawn(server, folder, **settings)).ended()
