"""Socket Mode: Slack's events over a connection that the bot opens, so that it needs no public address."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.outcomes import FAILURES, code_of, refuses_token
from adapters.slack.tokens import NotNowError
from bot.errors import SettingsError

PING_INTERVAL = 2.0
"""Seconds: a cut connection is noticed and replaced within these; slack-bolt's 10 take 9.5 s."""

LONGEST_PAUSE = 30.0
"""Seconds between two tries to get a new address."""

PATIENCE = 10.0
"""Seconds for a connection to an address; slack_sdk would try a dead one for ever, and hear nothing meanwhile."""

log = logging.getLogger(__name__)


class Socket(SocketModeClient):
    """slack_sdk's client, which asks for a new address where one is dead, and waits ever longer between tries."""

    _failures = 0

    async def issue_new_wss_url(self) -> str:
        """Get a new address. Raises SlackApiError."""
        if self._failures:
            await asyncio.sleep(min(2.0**self._failures, LONGEST_PAUSE) * random.uniform(0.5, 1))  # noqa: S311
        self._failures += 1
        return await super().issue_new_wss_url()

    async def connect(self) -> None:
        """Connect, to another address each time, until a connection stands or the client is closed."""
        while not self.closed:
            try:
                self.wss_uri = self.wss_uri or await self.issue_new_wss_url()
                async with asyncio.timeout(PATIENCE):
                    await super().connect()  # type: ignore[no-untyped-call]
            except FAILURES as error:
                log.warning("no connection to Slack: %s; asking for another address", code_of(error))
                self.wss_uri = None
            else:
                self._failures = 0
                return


@asynccontextmanager
async def open_socket(
    client: AsyncWebClient, app_token: str, take: Callable[[dict[str, Any]], None]
) -> AsyncIterator[None]:
    """Connect, and give `take` the body of each event once it is acknowledged. Raises SettingsError, NotNowError."""
    socket = Socket(app_token, client.logger, client, ping_interval=PING_INTERVAL)

    async def receive(_: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        # done whether or not Slack hears the acknowledgement: what it then delivers again has been claimed
        try:
            await socket.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
        except OSError as error:
            log.info("an acknowledgement was not sent: %s", type(error).__name__)
        finally:
            take(request.payload)

    socket.socket_mode_request_listeners.append(receive)
    try:
        # asked for here, as connect() would go on asking with a token that is wrong
        socket.wss_uri = await _first_address(socket)
        await socket.connect()
        yield
    finally:
        await socket.close()  # type: ignore[no-untyped-call]
        tasks = (socket.message_processor, socket.current_session_monitor, socket.message_receiver)
        await asyncio.gather(*filter(None, tasks), return_exceptions=True)


async def _first_address(socket: Socket) -> str:
    try:
        return await socket.issue_new_wss_url()
    except FAILURES as error:
        if not refuses_token(error):
            raise NotNowError(f"Slack opens no connection ({code_of(error)}).") from None
        raise SettingsError(
            f"Slack does not open Socket Mode with SLACK_APP_TOKEN ({code_of(error)}). Make one on the app's page, "
            "Basic Information, App-Level Tokens, with the scope connections:write: it begins with xapp-."
        ) from None
