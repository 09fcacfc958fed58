"""Several processes on one database, let go at the same moment."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

from tests.paths import ROOT


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    code: int
    out: list[str]
    err: str


def run_together(url: str, *tasks: str) -> list[Ended]:
    """Run tests/bot/store/worker.py once a task; give how each ended."""
    command = [sys.executable, "-W", "error", "-m", "tests.bot.store.worker", url]
    pipe = subprocess.PIPE
    running = [
        subprocess.Popen([*command, task], cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for task in tasks
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    texts = [process.communicate(timeout=30) for process in running]
    return [Ended(process.returncode, out.split(), err) for process, (out, err) in zip(running, texts, strict=True)]
