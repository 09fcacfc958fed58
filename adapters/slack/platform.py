"""Slack as a platform of the process: opened in order, closed in reverse, what is begun finished between."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from adapters.process import Core, until_stopped
from adapters.slack.app import build_app
from adapters.slack.claims import Claims
from adapters.slack.http_mode import Door, open_http
from adapters.slack.installations import Installations, Vault, read_keys
from adapters.slack.manifest import EVENTS_PATH, SCOPES
from adapters.slack.parts import Parts
from adapters.slack.poster import SlackPoster
from adapters.slack.requests import Verifier
from adapters.slack.retries import build_retry_handlers
from adapters.slack.socket_mode import open_socket
from adapters.slack.tokens import InstalledTokens, OwnToken, Tokens, check_token
from adapters.slack.work import Work
from bot.delivery import Runner, build_runner
from bot.errors import SettingsError
from bot.settings import Settings

TIMEOUT = 15
"""Seconds for a call of Slack's."""

FINISH = 8.0
"""Seconds to finish answers in at the end: hosts kill 30 s after SIGTERM, and a daily post may take 15 of them."""

STATE_LIFE = 600
"""Seconds that somebody may take to install the app."""

log = logging.getLogger(__name__)
SDK_LOGS = (logging.getLogger("slack_sdk"), logging.getLogger("slack_sdk.webhook.async_client"))


class SlackPlatform:
    """Slack."""

    def is_wanted(self, settings: Settings) -> bool:
        """Whether there is a token, or a way to get tokens."""
        return settings.slack_bot_token is not None or _is_installable(settings)

    async def run(self, core: Core, stopping: asyncio.Event) -> None:
        """Answer and deliver until `stopping` is set. Raises SettingsError, StoreError where the database is lost."""
        lost = asyncio.Event()
        async with open_slack(core, lost.set):
            await until_stopped(lost.wait(), stopping)


def _is_installable(settings: Settings) -> bool:
    return bool(settings.slack_client_id and settings.slack_client_secret)


@asynccontextmanager
async def open_slack(core: Core, lose: Callable[[], None] = lambda: None) -> AsyncIterator[int]:
    """Open everything and give the port of HTTP mode, 0 in Socket Mode; `lose` is called when the database is lost.

    Raises SettingsError, and at the end what the daily posts ended with.
    """
    settings = core.settings
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        raise SettingsError(
            "Slack needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP mode) beside its token (README)."
        )
    for sdk_log in SDK_LOGS:
        # they ask for their own level, not for the effective one, before they log a response_url
        sdk_log.setLevel(settings.log_level)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT)))
        client = AsyncWebClient(
            base_url=settings.slack_api_url,
            timeout=TIMEOUT,
            session=session,
            logger=SDK_LOGS[0],
            retry_handlers=build_retry_handlers(),
        )
        store = _open_store(core) if _is_installable(settings) else None
        tokens = await _find_tokens(client, settings, store)
        runner = await stack.enter_async_context(_open_runner(core, tokens, lose))
        work = Work()
        stack.push_async_callback(work.finish, FINISH)
        parts = Parts(core, session, tokens, Claims(core.memory), runner.wake)
        app = build_app(parts, client, _build_oauth(core, store) if store else None, store)
        yield await _open_transport(stack, settings, app, client, lambda body: work.start(dispatch(app, body)))


async def _open_transport(
    stack: AsyncExitStack,
    settings: Settings,
    app: AsyncApp,
    client: AsyncWebClient,
    take: Callable[[dict[str, Any]], None],
) -> int:
    if settings.slack_app_token:
        await stack.enter_async_context(open_socket(client, settings.slack_app_token.get_secret_value(), take))
        log.info("Slack: listening in Socket Mode")
        return 0
    secret = settings.slack_signing_secret
    verifier = Verifier(secret.get_secret_value() if secret else "")
    port = await stack.enter_async_context(
        open_http(Door(verifier, take, app.oauth_flow), settings.host, settings.port)
    )
    log.info("Slack: listening on http://%s:%d%s", settings.host, port, EVENTS_PATH)
    return port


async def dispatch(app: AsyncApp, body: dict[str, Any]) -> None:
    """Hand an event to the app; from here on both transports are alike: verified, parsed and acknowledged."""
    response = await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
    if response.status != 200:
        log.debug("nobody listens to %s", body.get("type") or body.get("command"))


@asynccontextmanager
async def _open_runner(core: Core, tokens: Tokens, lose: Callable[[], None]) -> AsyncIterator[Runner]:
    poster = SlackPoster(tokens, core.settings.slack_api_url, core.settings.command_name)
    runner = build_runner(core.daily, poster)
    task = asyncio.create_task(runner.run())
    task.add_done_callback(lambda _: lose())
    try:
        yield runner
    finally:
        runner.stop()
        await task


async def _find_tokens(client: AsyncWebClient, settings: Settings, store: Installations | None) -> Tokens:
    own = await check_token(client, settings)
    if store:
        return InstalledTokens(store, own)
    if own is None:
        raise SettingsError("Slack needs SLACK_BOT_TOKEN, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET (README).")
    return OwnToken(own)


def _open_store(core: Core) -> Installations:
    settings = core.settings
    return Installations(settings.slack_client_id or "", core.daily.database.engine, Vault(read_keys(settings)))


def _build_oauth(core: Core, store: Installations) -> AsyncOAuthSettings:
    settings = core.settings
    secret = settings.slack_client_secret
    return AsyncOAuthSettings(
        client_id=settings.slack_client_id,
        client_secret=secret.get_secret_value() if secret else "",
        scopes=SCOPES,
        installation_store=store,
        state_store=AsyncSQLAlchemyOAuthStateStore(STATE_LIFE, core.daily.database.engine),
        state_expiration_seconds=STATE_LIFE,
    )
