"""From what the drivers raise to what a person is told; their own text is left out, since it may quote the URL."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import PendingRollbackError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.errors import (
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
    StoreUnreachableError,
    StoreWipedError,
)

Finding = tuple[type[StoreError], str]
"""What kind of failure it is, and what to say after the database's name."""

_BUSY = (StoreBusyError, "is locked by another program and did not come free in time; end the other one, or try again")
_FULL = (StoreFullError, "cannot be written to because its disk is full; make room, nothing kept so far is lost")
_WIPED = (
    StoreWipedError,
    "has lost its tables while in use; start the bot again to make them anew, or put a backup back first",
)
_DAMAGED = (StoreDamagedError, "is damaged; put a backup in its place, and keep the damaged one to mend")
_FOREIGN = (StoreError, "holds tables of another program; give the bot a database of its own")
_READ_ONLY = (StoreReadOnlyError, "may not be written to; the bot's user needs to write the file and its folder")
_UNOPENED = (
    StoreUnreachableError,
    "cannot be opened; check that the folder of DATABASE_URL is there and the bot's user may write to it",
)

# https://www.sqlite.org/rescode.html, the primary codes
_SQLITE: dict[int, Finding] = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: (
        StoreDamagedError,
        "is not a SQLite database; put a backup in its place, or name another file in DATABASE_URL",
    ),
    sqlite3.SQLITE_CANTOPEN: _UNOPENED,
    sqlite3.SQLITE_PERM: _UNOPENED,
    sqlite3.SQLITE_IOERR: (StoreUnreachableError, "cannot be read or written; check its disk"),
}

_LOGIN = (StoreUnreachableError, "refuses the login; check user and password in DATABASE_URL")
_AWAY = (StoreUnreachableError, "does not answer; check that it runs, and host and port in DATABASE_URL")
_CROWDED = (StoreBusyError, "has no connection free; close other programs, or allow more connections")

# https://www.postgresql.org/docs/15/errcodes-appendix.html, by whole code, then by class
_POSTGRES: dict[str, Finding] = {
    "08": _AWAY,
    "28": _LOGIN,
    "3D": (StoreUnreachableError, "is not there; make it (createdb), or check the name in DATABASE_URL"),
    "53100": _FULL,
    "53300": _CROWDED,
    "57014": _BUSY,
    "57P": _AWAY,
    "55P03": _BUSY,
    "40": _BUSY,
    "25006": (StoreReadOnlyError, "takes no changes at present (a standby, or over its limit); ask who runs it"),
    "42501": (StoreReadOnlyError, "does not let its user make or change tables; GRANT CREATE, USAGE ON SCHEMA public"),
    "42P01": _WIPED,
    "42P07": _FOREIGN,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}


def to_store_error(error: BaseException, place: str) -> StoreError | None:
    """Convert what a driver raised, or give None where it tells of a fault in this program."""
    found = _look_up(error)
    return found[0](f"The database {place} {found[1]}.") if found else None


def _look_up(error: BaseException) -> Finding | None:
    code = getattr(error, "sqlite_errorcode", None)
    state = getattr(error, "sqlstate", None)
    found: Finding | None = None
    if code is not None:
        # an extended code holds its primary code in the lowest byte
        found = _SQLITE.get(code & 0xFF) or _read_sqlite_text(str(error))
    elif state is not None:
        found = _POSTGRES.get(state) or _POSTGRES.get(state[:3]) or _POSTGRES.get(state[:2])
    elif isinstance(error, PoolTimeoutError):
        found = _CROWDED
    elif isinstance(error, PermissionError):
        found = _READ_ONLY
    elif isinstance(error, (FileExistsError, FileNotFoundError, IsADirectoryError, NotADirectoryError)):
        found = _UNOPENED
    elif isinstance(error, socket.gaierror):
        found = (StoreUnreachableError, "has no such host; check the host in DATABASE_URL")
    elif isinstance(error, (OSError, PendingRollbackError)) or "connection is closed" in str(error):
        found = _AWAY
    return found


def _read_sqlite_text(text: str) -> Finding | None:
    # SQLite has one code, SQLITE_ERROR, for all of these
    if "no such table" in text:
        return _WIPED
    return _FOREIGN if text.startswith("table ") and text.endswith(" already exists") else None


@contextmanager
def told(place: str) -> Iterator[None]:
    """Turn what a driver raises in here into a StoreError."""
    try:
        yield
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        failure = to_store_error(getattr(error, "orig", None) or error, place)
        if failure is None:
            raise
        raise failure from error
