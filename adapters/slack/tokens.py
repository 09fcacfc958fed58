"""Whose token opens which workspace."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.installations import Installations
from adapters.slack.outcomes import FAILURES, code_of, refuses_token
from bot.errors import QuoteBotError, SettingsError, StoreError
from bot.settings import Settings

FRESH = 60.0
"""Seconds that a workspace's token is known without looking: how late another process's news arrives."""

AFTER_FAULT = 10.0
"""Seconds until a store that failed is asked again: to wait for it takes long."""

log = logging.getLogger(__name__)


class NotNowError(QuoteBotError):
    """Report that Slack cannot be reached or begun with at present; later it can."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the bot is in a workspace."""

    team: str
    token: str = field(repr=False)
    bot_id: str | None
    bot_user: str | None


class Tokens(Protocol):
    """Knows the tokens."""

    async def find(self, team: str | None) -> Credentials | None:
        """Find the credentials for a workspace. Raises StoreError."""

    def forget(self, team: str | None) -> None:
        """Look again the next time."""


@dataclass(frozen=True, slots=True)
class OwnToken:
    """The one token of the settings; what a foreign guest does in a shared channel is done with it too."""

    own: Credentials

    async def find(self, team: str | None) -> Credentials | None:  # noqa: ARG002
        """Give it."""
        return self.own

    def forget(self, team: str | None) -> None:
        """Keep it: the settings do not change."""


@dataclass
class InstalledTokens:
    """The tokens of all workspaces that installed the app, and the settings' own one besides."""

    store: Installations
    own: Credentials | None = None
    clock: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[float, Credentials]] = field(default_factory=dict)

    async def find(self, team: str | None) -> Credentials | None:
        """Find the credentials for a workspace; while the store fails, those last known. Raises StoreError."""
        if team is None:
            return None
        until, known = self._known.get(team, (0.0, None))
        if known and self.clock() < until:
            return known
        try:
            bot = await self.store.async_find_bot(enterprise_id=None, team_id=team)
        except StoreError as error:
            if known is None:
                raise
            log.warning("answering with the token last known, without the store: %s", error)
            self._known[team] = (self.clock() + AFTER_FAULT, known)
            return known
        except SettingsError as error:
            # a matter for whoever runs the bot, not for whoever asks it
            raise StoreError(str(error)) from None
        self._known.pop(team, None)
        if bot is None or not bot.bot_token:
            return self.own if self.own and self.own.team == team else None
        found = Credentials(team, bot.bot_token, bot.bot_id, bot.bot_user_id)
        self._known[team] = (self.clock() + FRESH, found)
        return found

    def forget(self, team: str | None) -> None:
        """Look again the next time."""
        self._known.pop(team or "", None)


class Authorization(AsyncAuthorize):
    """Tells slack-bolt with which token a request is answered, without a call of auth.test each time."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.tokens = tokens

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,  # noqa: ARG002 - the signature is slack-bolt's
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,  # noqa: ARG002
        actor_team_id: str | None = None,  # noqa: ARG002
        actor_user_id: str | None = None,  # noqa: ARG002
    ) -> AuthorizeResult | None:
        """Authorize a request, or give None where the app is not installed."""
        found = await self.tokens.find(team_id)
        if found is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=found.team,
            bot_user_id=found.bot_user,
            bot_id=found.bot_id,
            bot_token=found.token,
            user_id=user_id,
        )


async def check_token(client: AsyncWebClient, settings: Settings) -> Credentials | None:
    """Ask Slack whose the bot token of the settings is.

    Raises SettingsError where it is nobody's, NotNowError where Slack does not say.
    """
    if settings.slack_bot_token is None:
        return None
    token = settings.slack_bot_token.get_secret_value()
    try:
        told = await client.auth_test(token=token)
    except FAILURES as error:
        if not refuses_token(error):
            raise NotNowError(f"Slack does not answer at {settings.slack_api_url} ({code_of(error)}).") from None
        raise SettingsError(
            f"Slack does not take SLACK_BOT_TOKEN ({code_of(error)}). Copy it anew from the app's page, OAuth & "
            "Permissions: it begins with xoxb-."
        ) from None
    return Credentials(str(told["team_id"]), token, told.get("bot_id"), told.get("user_id"))
