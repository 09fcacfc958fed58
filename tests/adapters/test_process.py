"""One process for all platforms: what it needs, how it ends, and that one platform does not take the other down."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adapters.process import DONE, FAILED, FAULTY, Core, run_process
from bot.errors import SettingsError
from bot.settings import Settings
from tests.paths import ROOT


@dataclass
class Stand:
    """A platform of the test's own."""

    work: Callable[[asyncio.Event], Awaitable[None]]
    wanted: bool = True
    cores: list[Core] = field(default_factory=list)

    def is_wanted(self, settings: Settings) -> bool:
        return self.wanted and settings.persona == "Ilya Sutskever"

    async def run(self, core: Core, stopping: asyncio.Event) -> None:
        self.cores.append(core)
        await self.work(stopping)


async def until_stopped(stopping: asyncio.Event) -> None:
    """Run until told to stop."""
    await stopping.wait()


def after_signal(number: signal.Signals) -> Callable[[asyncio.Event], Awaitable[None]]:
    """Give a work that sends a signal to its own process and ends when told to stop."""

    async def work(stopping: asyncio.Event) -> None:
        os.kill(os.getpid(), number)
        await stopping.wait()

    return work


@pytest.fixture(autouse=True)
def _process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Give a process with no settings but a store of its own, and its log and signals back afterwards."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/ilya.db")
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    before = root.handlers, root.level
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    root.handlers, root.level = before
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_every_platform_cleanly(number: signal.Signals, capsys: pytest.CaptureFixture[str]) -> None:
    discord, slack = Stand(until_stopped), Stand(after_signal(number))
    assert run_process({"discord": discord, "slack": slack}) == DONE
    assert discord.cores == slack.cores
    assert capsys.readouterr().err.endswith("INFO adapters.process stopped\n")


def test_only_what_is_wanted_runs() -> None:
    discord, slack = Stand(after_signal(signal.SIGTERM)), Stand(until_stopped, wanted=False)
    assert run_process({"discord": discord, "slack": slack}) == DONE
    assert (len(discord.cores), slack.cores) == (1, [])


@pytest.mark.parametrize(
    ("error", "has_traceback"), [(RuntimeError("broken"), True), (SettingsError("Set it right."), False)]
)
def test_a_platform_that_fails_does_not_take_the_other_down(
    error: Exception, has_traceback: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    failed = asyncio.Event()
    seen: list[str] = []

    async def fail(_: asyncio.Event) -> None:
        failed.set()
        raise error

    async def go_on(stopping: asyncio.Event) -> None:
        await failed.wait()
        os.kill(os.getpid(), signal.SIGTERM)
        await stopping.wait()
        seen.append("ended when told to")

    assert run_process({"discord": Stand(fail), "slack": Stand(go_on)}) == FAILED
    assert seen == ["ended when told to"]
    log = capsys.readouterr().err
    assert "discord has ended" in log
    assert ("Traceback" in log) is has_traceback


def test_a_platform_that_ends_by_itself_is_a_failure() -> None:
    async def end(_: asyncio.Event) -> None:
        return

    assert run_process({"discord": Stand(end)}) == FAILED


def test_faulty_settings_are_all_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    monkeypatch.setenv("PORT", "http")
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    assert run_process({"discord": Stand(until_stopped)}) == FAULTY
    (line,) = capsys.readouterr().err.splitlines()
    assert "LOG_LEVEL (" in line
    assert "PORT (" in line


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("EPISODES_DIR", "/nowhere", "/nowhere"),
        ("DATABASE_URL", "sqlite:////proc/nowhere/ilya.db", "DATABASE_URL"),
        ("DATABASE_URL", "mysql://somewhere/x", "DATABASE_URL"),
    ],
)
def test_what_nothing_can_be_begun_without_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, why: str
) -> None:
    monkeypatch.setenv(name, value)
    discord = Stand(until_stopped)
    assert run_process({"discord": discord}) == FAULTY
    line = capsys.readouterr().err.splitlines()[-1]
    assert why in line
    assert discord.cores == []


@pytest.mark.parametrize(
    ("module", "needed"), [("adapters", "DISCORD_TOKEN or SLACK_BOT_TOKEN"), ("adapters.discord", "DISCORD_TOKEN")]
)
def test_with_no_token_there_is_nothing_to_run(tmp_path: Path, module: str, needed: str) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", module]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == FAULTY
    (line,) = done.stderr.splitlines()
    assert line.endswith(f"There is nothing to run: set {needed} in the environment or in .env (README).")
    assert list(tmp_path.iterdir()) == []
