"""Slack as a platform of the process: opened in order, closed in reverse, what is begun finished between."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
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
from adapters.slack.http_mode import Door, open_http
from adapters.slack.installations import Installations, Vault, read_keys
from adapters.slack.manifest import EVENTS_PATH, SCOPES
from adapters.slack.outcomes import TIMEOUT, TOTAL
from adapters.slack.parts import Claims, Parts
from adapters.slack.poster import SlackPoster
from adapters.slack.retries import build_retry_handlers
from adapters.slack.socket_mode import open_socket
from adapters.slack.tokens import InstalledTokens, NotNowError, OwnToken, Tokens, check_token
from adapters.slack.verification import Verifier
from bot.delivery import build_runner
from bot.errors import SettingsError, StoreError, StoreLostError
from bot.settings import Settings

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds between tries to begin, doubled each time."""

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
        """Answer and deliver until `stopping` is set, begun anew while Slack or the database has trouble.

        Raises SettingsError, StoreLostError.
        """
        pause = FIRST_PAUSE
        while not stopping.is_set():
            try:
                await _run_once(core, stopping)
            except StoreLostError:
                raise
            except (NotNowError, StoreError) as error:
                log.warning("Slack cannot be begun with, again in %.0f s: %s", pause, error)
            else:
                return
            await until_stopped(asyncio.sleep(pause), stopping)
            pause = min(2 * pause, LONGEST_PAUSE)


async def _run_once(core: Core, stopping: asyncio.Event) -> None:
    """Answer and deliver until told to stop or the database is lost. Raises NotNowError, StoreError, SettingsError."""
    lost = asyncio.Event()
    async with AsyncExitStack() as stack:
        if await until_stopped(stack.enter_async_context(open_slack(core, lost.set)), stopping):
            await until_stopped(lost.wait(), stopping)


def _is_installable(settings: Settings) -> bool:
    return bool(settings.slack_client_id and settings.slack_client_secret)


@asynccontextmanager
async def open_slack(core: Core, lose: Callable[[], None] = lambda: None) -> AsyncIterator[int]:
    """Open everything and give the port of HTTP mode, 0 in Socket Mode; `lose` is called when the database is lost.

    Raises SettingsError, NotNowError, StoreError, and at the end what the daily posts ended with.
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
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=TIMEOUT))
        client = AsyncWebClient(
            base_url=settings.slack_api_url,
            timeout=int(TOTAL),
            session=session,
            logger=SDK_LOGS[0],
            retry_handlers=build_retry_handlers(),
        )
        store = await _open_store(core) if _is_installable(settings) else None
        tokens = await _find_tokens(client, settings, store)
        await stack.enter_async_context(_open_runner(core, tokens, lose))
        work = Work()
        stack.push_async_callback(work.finish, FINISH)
        parts = Parts(core, session, tokens, Claims(core.memory))
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
        if app.oauth_flow:
            log.warning(
                "in Socket Mode there is no page to install from: without SLACK_APP_TOKEN there would be (README)"
            )
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
async def _open_runner(core: Core, tokens: Tokens, lose: Callable[[], None]) -> AsyncIterator[None]:
    poster = SlackPoster(tokens, core.settings.slack_api_url, core.settings.command_name)
    runner = build_runner(core.daily, poster)
    task = asyncio.create_task(runner.run())
    task.add_done_callback(lambda _: lose())
    try:
        yield
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


async def _open_store(core: Core) -> Installations:
    settings = core.settings
    store = Installations(settings.slack_client_id or "", core.daily.database.engine, Vault(read_keys(settings)))
    await store.check_key()
    return store


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


class Work:
    """The tasks under way: everything is acknowledged before it is done, so it must be finished before the end."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin something."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._forget)

    async def finish(self, seconds: float) -> None:
        """Wait until all is done, for some seconds at most; what then is not done is given up."""
        if not self._tasks:
            return
        _, left = await asyncio.wait(self._tasks, timeout=seconds)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        if left:
            log.warning("%d answers were given up", len(left))

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("an event was not handled", exc_info=error)
