"""A PostgreSQL server of the tests' own: Debian's programs, a private folder, a free port, no root."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

USER = "ilya"
PASSWORD = "s3cret-passw0rd"  # noqa: S105 - of a server that lives for one run
WHERE = "/usr/lib/postgresql/*/bin"


@dataclass(frozen=True)
class Server:
    """A running server; over its socket everybody is let in, over TCP only with the password."""

    bin: Path
    folder: Path
    port: int

    def url(self, database: str, password: str = PASSWORD) -> str:
        """Name a database as a hosting provider would."""
        return f"postgres://{USER}:{password}@127.0.0.1:{self.port}/{database}"

    def tell(self, sql: str, database: str = "postgres") -> str:
        """Run SQL as the owner of everything; give what it prints."""
        command: list[str | Path] = [
            self.bin / "psql",
            "-XqAt",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            self.folder,
            "-p",
            str(self.port),
        ]
        done = subprocess.run(
            [*command, "-U", USER, "-d", database, "-c", sql], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()


def find_programs() -> Path | None:
    """Find the newest server's programs, if there are any."""
    found = sorted(Path("/").glob(f"{WHERE[1:]}/initdb"), key=lambda path: int(path.parent.parent.name))
    return found[-1].parent if found else None


@contextmanager
def run_server(programs: Path) -> Iterator[Server]:
    """Run a server for as long as the block lasts."""
    # not in pytest's folder: another user than root must reach it, and a socket's path has 107 characters at most
    folder = Path(tempfile.mkdtemp(prefix="ilya-pg-", dir=_find_memory()))
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    account = _find_account()
    if account:
        for path in (folder, folder / "password"):
            os.chown(path, pwd.getpwnam(account).pw_uid, -1)
    try:
        _run(account, folder, programs / "initdb", *_INITDB, "-D", folder / "data", "--pwfile", folder / "password")
        port = _find_free_port()
        options = f"-p {port} -h 127.0.0.1 -k {folder} -F -c full_page_writes=off -c shared_buffers=16MB -c jit=off"
        control = (programs / "pg_ctl", "-s", "-w", "-D", folder / "data")
        _run(account, folder, *control, "-l", folder / "log", "-o", options, "start")
        try:
            yield Server(programs, folder, port)
        finally:
            _run(account, folder, *control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


_INITDB = ("-U", USER, "-E", "UTF8", "--locale=C", "--no-sync", "--auth-local=trust", "--auth-host=scram-sha-256")


def _find_account() -> str | None:
    """Name who may run a server: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    return next(entry.pw_name for entry in pwd.getpwall() if entry.pw_name in {"postgres", "nobody"})


def _find_memory() -> Path | None:
    """Find a folder in memory with room, where making a database takes a tenth of the time that it takes on a disk."""
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder of its own in it
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > 2**30 else None


def _find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(account: str | None, folder: Path, *command: str | Path) -> None:
    groups: list[int] | None = [] if account else None
    # the server inherits the outputs: a pipe would never end
    with (folder / "out").open("a", encoding="utf-8") as out:
        done = subprocess.run(command, user=account, extra_groups=groups, cwd=folder, stdout=out, stderr=out)  # noqa: PLW1510
    assert done.returncode == 0, (folder / "out").read_text(encoding="utf-8")
