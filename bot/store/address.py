"""From DATABASE_URL as people have it to what SQLAlchemy and the drivers take."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import StoreAddressError

EXAMPLES = "sqlite+aiosqlite:///data/ilya.db or postgresql+asyncpg://user:password@host/name"
BUSY_TIMEOUT = 5.0
CONNECT_TIMEOUT = 10.0
COMMAND_TIMEOUT = 30.0

_SQLITE = ("sqlite", "sqlite+aiosqlite")
_POSTGRES = ("postgres", "postgresql", "postgresql+asyncpg")
_SQLALCHEMYS_OWN = ("host", "port", "prepared_statement_cache_size")
# asyncpg has no channel binding, but Neon's URLs ask for it
_LEFT_OUT = ("channel_binding",)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the database is; `place` is how to name it to people, without the password."""

    url: URL = field(repr=False)
    place: str
    path: Path | None = None
    may_create: bool = False
    busy_timeout: float = BUSY_TIMEOUT
    arguments: dict[str, Any] = field(default_factory=dict, repr=False)


def parse_address(text: str) -> Address:
    """Read a DATABASE_URL; raises StoreAddressError, which repeats nothing of it."""
    # A password with a bare @ in it would be read as a host, and then be told to everybody as one.
    if text.partition("?")[0].count("@") > 1:
        raise StoreAddressError("DATABASE_URL holds more than one @; in a user or password write it as %40.")
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError):
        raise StoreAddressError(f"DATABASE_URL cannot be understood; it looks like {EXAMPLES}.") from None
    if url.drivername in _SQLITE:
        return _to_sqlite(url)
    if url.drivername in _POSTGRES:
        return _to_postgres(url)
    raise StoreAddressError(f"DATABASE_URL names a database that the bot does not know; it looks like {EXAMPLES}.")


def _to_sqlite(url: URL) -> Address:
    name = url.database or ""
    if url.host or not name or ":memory:" in name or url.query.get("mode") == "memory":
        raise StoreAddressError(
            "DATABASE_URL must name a file for SQLite: three slashes before a path from the bot's folder, four before "
            "one from the root, as in sqlite+aiosqlite:///data/ilya.db."
        )
    timeout = _to_seconds(str(url.query.get("timeout", BUSY_TIMEOUT)))
    path = Path(unquote(name.removeprefix("file:"))) if name.startswith("file:") else Path(name)
    return Address(
        url=url.set(drivername="sqlite+aiosqlite"),
        place=str(path),
        path=path,
        may_create=url.query.get("mode", "rwc") == "rwc",
        busy_timeout=timeout,
        arguments={"timeout": timeout},
    )


def _to_postgres(url: URL) -> Address:
    query = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    arguments: dict[str, Any] = {"timeout": CONNECT_TIMEOUT, "command_timeout": COMMAND_TIMEOUT}
    if "connect_timeout" in query:
        arguments["timeout"] = _to_seconds(query.pop("connect_timeout"))
    arguments["server_settings"] = {"application_name": query.pop("application_name", "ilya-quote-bot")}
    # asyncpg itself reads sslmode, sslrootcert … as libpq means them, but only from a DSN
    names = [name for name in query if name.startswith("ssl") or name == "target_session_attrs"]
    as_libpq = {"sslmode" if name == "ssl" else name: query.pop(name) for name in names}
    if as_libpq:
        arguments["dsn"] = f"postgresql:///?{urlencode(as_libpq)}"
    unknown = [name for name in query if name not in (*_SQLALCHEMYS_OWN, *_LEFT_OUT)]
    if unknown:
        raise StoreAddressError(f"DATABASE_URL has parameters that the bot does not know: {', '.join(unknown)}.")
    kept = {name: query[name] for name in _SQLALCHEMYS_OWN if name in query}
    host = url.host or kept.get("host") or "localhost"
    port = f":{url.port}" if url.port else ""
    place = f"{url.database or ''} on PostgreSQL at {host}{port}".strip()
    return Address(
        url=url.set(drivername="postgresql+asyncpg", query=kept),
        place=place,
        arguments=arguments,
    )


def _to_seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise StoreAddressError("DATABASE_URL has a timeout that is no number of seconds.") from None
