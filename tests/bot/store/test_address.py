from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import StoreAddressError
from bot.settings import Settings
from bot.store.address import parse_address

SECRET = "p4ssw0rd"  # noqa: S105


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_postgresql_is_understood_however_a_host_writes_it(scheme: str) -> None:
    address = parse_address(f"{scheme}://user:{SECRET}@db.example:6543/name")
    assert address.url.drivername == "postgresql+asyncpg"
    assert (address.url.host, address.url.port, address.url.database) == ("db.example", 6543, "name")
    assert address.url.password == SECRET
    assert address.place == "name on PostgreSQL at db.example:6543"


def test_the_password_is_in_no_text_of_an_address() -> None:
    address = parse_address(f"postgres://user:{SECRET}@db.example/name?sslmode=require")
    assert SECRET not in f"{address} {address!r} {address.place}"


def test_what_libpq_calls_its_parameters_is_handed_to_asyncpg_in_its_way() -> None:
    text = "postgres://u:p@h/n?sslmode=verify-full&sslrootcert=/ca.pem&connect_timeout=3&application_name=me"
    address = parse_address(text + "&channel_binding=require")
    assert address.arguments["dsn"] == "postgresql:///?sslmode=verify-full&sslrootcert=%2Fca.pem"
    assert address.arguments["timeout"] == 3
    assert address.arguments["server_settings"] == {"application_name": "me"}
    assert dict(address.url.query) == {}


def test_asyncpgs_own_word_for_sslmode_is_understood_too() -> None:
    assert parse_address("postgresql+asyncpg://u:p@h/n?ssl=require").arguments["dsn"].endswith("?sslmode=require")


def test_a_socket_and_a_pooler_can_be_named() -> None:
    address = parse_address("postgresql:///n?host=/run/postgresql&prepared_statement_cache_size=0")
    assert address.place == "n on PostgreSQL at /run/postgresql"
    assert dict(address.url.query) == {"host": "/run/postgresql", "prepared_statement_cache_size": "0"}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("sqlite:///data/ilya.db", "data/ilya.db"),
        ("sqlite+aiosqlite:////srv/ilya.db", "/srv/ilya.db"),
        ("sqlite:///file:/srv/a%20b.db?mode=ro&uri=true", "/srv/a b.db"),
    ],
)
def test_sqlite_is_a_file(text: str, path: str) -> None:
    address = parse_address(text)
    assert address.url.drivername == "sqlite+aiosqlite"
    assert address.path == Path(path)
    assert address.may_create is ("mode=ro" not in text)


def test_how_long_sqlite_waits_can_be_said() -> None:
    assert parse_address("sqlite:///x.db").busy_timeout == 5
    assert parse_address("sqlite:///x.db?timeout=0.5").busy_timeout == 0.5


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ilya.db",
        f"mysql://u:{SECRET}@h/n",
        f"postgres://u:a@{SECRET}@h/n",
        f"postgres://u:{SECRET}@h:port/n",
        f"postgres://u:{SECRET}@h/n?pooling={SECRET}",
        f"postgres://u:{SECRET}@h/n?connect_timeout={SECRET}",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x?mode=memory&uri=true",
        f"sqlite://{SECRET}/ilya.db",
        f"sqlite:///x.db?timeout={SECRET}",
    ],
)
def test_what_cannot_be_used_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(StoreAddressError, match="DATABASE_URL") as caught:
        parse_address(text)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_the_default_is_a_file_beside_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    address = parse_address(Settings(_env_file=None).database_url.get_secret_value())
    assert address.path == Path("data/ilya.db")
