"""The workspaces that have the app: slack_sdk's stores over the bot's own database, tokens encrypted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import copy
from typing import TypeVar

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import SettingsError, StoreError
from bot.settings import Settings

PLAIN = "xox"
"""What all of Slack's tokens begin with; Fernet's begin with gAAAAA."""

_FIELDS = ("bot_token", "bot_refresh_token", "user_token", "user_refresh_token")
Kept = TypeVar("Kept", Bot, Installation)


class Vault:
    """Encrypts tokens under the first of the keys and decrypts them under any; without keys they stay plain."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys]) if keys else None
        except ValueError:
            raise SettingsError(
                "SLACK_TOKEN_KEY is no Fernet key (32 bytes in URL-safe Base64); .env.example says how to make one."
            ) from None

    def close(self, token: str) -> str:
        """Encrypt a token."""
        return self._fernet.encrypt(token.encode()).decode() if self._fernet else token

    def open(self, kept: str) -> str:
        """Decrypt a token, or give a plain one as it is. Raises SettingsError where no key fits."""
        if kept.startswith(PLAIN):
            return kept
        if self._fernet:
            with suppress(InvalidToken):
                return self._fernet.decrypt(kept).decode()
        raise SettingsError(
            "The tokens of Slack workspaces are kept under another SLACK_TOKEN_KEY. Set that key; a new one goes "
            "before it, with a comma between."
        )


def read_keys(settings: Settings) -> tuple[str, ...]:
    """Read the keys of SLACK_TOKEN_KEY, the newest first."""
    secret = settings.slack_token_key
    return tuple(secret.get_secret_value().replace(",", " ").split()) if secret else ()


class Installations(AsyncSQLAlchemyInstallationStore):
    """slack_sdk's store with closed tokens.

    A workspace's id is unique, whichever organisation it is of: rows are kept without the organisation, so that daily
    posts, which know only the workspace, find its token. Every call may raise StoreError.
    """

    def __init__(self, client_id: str, engine: AsyncEngine, vault: Vault) -> None:
        super().__init__(client_id, engine)
        self.vault = vault

    async def check_key(self) -> None:
        """Open the token kept last. Raises SettingsError where no key fits."""
        newest = select(self.bots.c.bot_token).order_by(self.bots.c.id.desc()).limit(1)
        with _told():
            async with self.engine.connect() as connection:
                kept = (await connection.execute(newest)).scalar()
        if kept:
            self.vault.open(kept)

    async def async_save(self, installation: Installation) -> None:
        """Keep an installation, and its bot (which slack_sdk does by calling async_save_bot)."""
        with _told():
            await super().async_save(_sealed(installation, self.vault.close))

    async def async_save_bot(self, bot: Bot) -> None:
        """Keep a bot; its tokens are closed already where they come from async_save."""
        with _told():
            await super().async_save_bot(_sealed(bot, lambda kept: self.vault.close(self.vault.open(kept))))

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,  # noqa: ARG002 - see the class
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        """Find the newest bot of a workspace. Raises SettingsError where its token cannot be opened."""
        with _told():
            found = await super().async_find_bot(
                enterprise_id=None, team_id=team_id, is_enterprise_install=is_enterprise_install
            )
        return _sealed(found, self.vault.open) if found else None

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:  # noqa: ARG002
        """Forget the bots of a workspace."""
        with _told():
            await super().async_delete_bot(enterprise_id=None, team_id=team_id)

    async def async_delete_installation(
        self,
        *,
        enterprise_id: str | None,  # noqa: ARG002
        team_id: str | None,
        user_id: str | None = None,
    ) -> None:
        """Forget the installations of a workspace, or those somebody made."""
        with _told():
            await super().async_delete_installation(enterprise_id=None, team_id=team_id, user_id=user_id)


@contextmanager
def _told() -> Iterator[None]:
    """Turn into a StoreError what the engine has not turned into one: a server that is not there at all."""
    try:
        yield
    except (OSError, SQLAlchemyError) as error:
        raise StoreError(f"The Slack installations cannot be read or written ({type(error).__name__}).") from error


def _sealed(kept: Kept, change: Callable[[str], str]) -> Kept:
    """Copy what is kept, without its organisation, its tokens changed."""
    changed = copy(kept)
    changed.enterprise_id = None
    for name in _FIELDS:
        if token := getattr(changed, name, None):
            setattr(changed, name, change(token))
    return changed
