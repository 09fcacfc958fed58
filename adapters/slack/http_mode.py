"""HTTP: Slack's events, commands and clicks on one path, installing, and a word on health."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from sqlalchemy.exc import SQLAlchemyError

from adapters.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH
from adapters.slack.verification import Verifier, parse_body
from bot.errors import QuoteBotError, SettingsError

BODY_LARGEST = 1024 * 1024
"""Bytes."""

_SSL_CHECK = "ssl_check=1"
_NO_RETRY = {"X-Slack-No-Retry": "1"}

log = logging.getLogger(__name__)


class Door:
    """Answers HTTP requests; what Slack says goes on to `take` once it is acknowledged."""

    def __init__(
        self, verifier: Verifier, take: Callable[[dict[str, Any]], None], oauth: AsyncOAuthFlow | None
    ) -> None:
        self.verifier = verifier
        self.take = take
        self.oauth = oauth

    async def receive(self, request: web.Request) -> web.Response:
        """Take what Slack posts."""
        try:
            text = (await request.read()).decode()
        except UnicodeDecodeError:
            return _refuse(400, "the body is not UTF-8")
        if _is_ssl_check(text, request.content_type):
            return web.Response()  # not signed; nothing is done
        if not self.verifier.is_valid(text, request.headers):
            return _refuse(401, "not signed by Slack, or not lately, or seen before")
        try:
            body = parse_body(text, request.content_type)
        except ValueError:
            return _refuse(400, "the body cannot be read")
        if body.get("type") == "url_verification":
            return web.json_response({"challenge": str(body.get("challenge", ""))})
        self.take(body)
        return web.Response()

    async def tell_health(self, _: web.Request) -> web.Response:
        """Say that the process listens."""
        return web.Response(text="ok")

    async def install(self, request: web.Request) -> web.Response:
        """Send an administrator to Slack to install the app."""
        return await self._run(request, lambda flow, asked: flow.handle_installation(asked))

    async def finish_install(self, request: web.Request) -> web.Response:
        """Take an administrator back from Slack and keep the token."""
        return await self._run(request, lambda flow, asked: flow.handle_callback(asked))

    async def _run(
        self,
        request: web.Request,
        step: Callable[[AsyncOAuthFlow, AsyncBoltRequest], Awaitable[BoltResponse]],
    ) -> web.Response:
        if self.oauth is None:
            return web.Response(status=404)
        try:
            return await to_aiohttp_response(await step(self.oauth, await to_bolt_request(request)))
        except (QuoteBotError, SQLAlchemyError, aiohttp.ClientError, OSError) as error:
            log.error("the app was not installed: %s", error)  # noqa: TRY400 - the sentence says what to do
            return web.Response(status=503, text="The app was not installed; the log says why. Try again later.")


@asynccontextmanager
async def open_http(door: Door, host: str, port: int) -> AsyncIterator[int]:
    """Listen, and give the port. Raises SettingsError where it cannot be listened on."""
    application = web.Application(client_max_size=BODY_LARGEST)
    application.router.add_post(EVENTS_PATH, door.receive)
    # each look at the page keeps a state: what only looks whether it is there must keep none
    application.router.add_get(INSTALL_PATH, door.install, allow_head=False)
    application.router.add_get(REDIRECT_PATH, door.finish_install, allow_head=False)
    application.router.add_get("/healthz", door.tell_health)
    # no access log: the addresses of an installation hold its code
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=5)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise SettingsError(f"HOST {host} and PORT {port} cannot be listened on ({error.strerror}).") from None
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _is_ssl_check(text: str, content_type: str) -> bool:
    return content_type == "application/x-www-form-urlencoded" and _SSL_CHECK in text.split("&")


def _refuse(status: int, why: str) -> web.Response:
    log.info("refused with %s: %s", status, why)
    return web.Response(status=status, text=why, headers=_NO_RETRY)
