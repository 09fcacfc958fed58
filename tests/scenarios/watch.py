"""Watches workers: starts them, sees what they tell, kills them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.paths import ROOT
from tests.scenarios.worker import Task


@dataclass
class Worker:
    """A running worker, seen from outside."""

    id: int
    nursery: Nursery
    here: asyncio.Event = field(default_factory=asyncio.Event)
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    writer: asyncio.StreamWriter | None = None

    def wake(self) -> None:
        """Have it look for what is due."""
        self.idle.clear()
        if self.writer:
            self.writer.write(b"wake\n")

    async def kill(self) -> None:
        """Kill it as the machine would: it gets no chance to do anything."""
        os.kill(self.id, signal.SIGKILL)
        assert await self.nursery.reap(self.id) == -signal.SIGKILL

    async def stop(self) -> None:
        """Ask it to end, and see that it ends well."""
        assert self.writer
        self.writer.write(b"stop\n")
        assert await self.nursery.reap(self.id) == 0

    async def listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Note what it tells until it is no more."""
        self.writer = writer
        while line := await reader.readline():
            if line == b"here\n":
                self.here.set()
            elif line == b"idle\n":
                self.idle.set()
        self.gone.set()
        self.writer = None


@dataclass
class Nursery:
    """The process that forks the workers."""

    process: Process
    workers: dict[int, Worker] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def start(self, task: Task) -> Worker:
        """Start a worker."""
        async with self._turn:
            number = int(await self._ask(task.to_line()))
            worker = self.workers[number] = Worker(number, self)
        return worker

    async def reap(self, number: int) -> int:
        """Wait for a worker's end, and give how it ended."""
        async with self._turn:
            del self.workers[number]
            return int(await self._ask(f"reap {number}"))

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Let a worker in that comes to tell something."""
        try:
            number = await reader.readline()
            async with self._turn:  # it may come before its number is known here
                worker = self.workers.get(int(number)) if number else None
            if worker:
                await worker.listen(reader, writer)
        except ConnectionError:
            pass  # killed in the middle of a word
        finally:
            writer.close()

    async def _ask(self, line: str) -> bytes:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{line}\n".encode())
        return await self.process.stdout.readline()


@asynccontextmanager
async def watch() -> AsyncIterator[tuple[Nursery, int]]:
    """Give a nursery, and the port on which its workers tell what they do; none of them outlives it."""
    command = (sys.executable, "-W", "error", "-m", "tests.scenarios.worker")
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, cwd=ROOT)
    nursery = Nursery(process)
    server = await asyncio.start_server(nursery.meet, "127.0.0.1", 0)
    try:
        yield nursery, server.sockets[0].getsockname()[1]
    finally:
        for number in tuple(nursery.workers):
            os.kill(number, signal.SIGKILL)
            await nursery.reap(number)
        assert process.stdin
        process.stdin.close()
        await process.wait()
        server.close()
        await server.wait_closed()
