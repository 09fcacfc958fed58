"""What is sent again: slack_sdk by itself repeats nothing on a 429 or a fault of Slack's."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

ATTEMPTS = 3
"""Of a response_url's five uses, what one answer may take."""

LONGEST_WAIT = 30.0
"""Seconds: somebody waits for this."""

FAILURES = (SlackApiError, aiohttp.ClientError, TimeoutError)
"""How a call of the Web API fails."""

log = logging.getLogger(__name__)


class ServerErrorRetryHandler(AsyncRetryHandler):
    """Repeats a call that Slack failed at; slack_sdk's own handler knows 500 and 503 only."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,  # noqa: ARG002 - the signature is slack_sdk's
        request: HttpRequest,  # noqa: ARG002
        response: HttpResponse | None = None,
        error: Exception | None = None,  # noqa: ARG002
    ) -> bool:
        return response is not None and response.status_code >= 500


def build_retry_handlers() -> list[AsyncRetryHandler]:
    """Give the handlers for answers; for daily posts there are none, as Slack knows no keys and would post twice."""
    return [
        AsyncConnectionErrorRetryHandler(max_retry_count=ATTEMPTS - 1),
        AsyncRateLimitErrorRetryHandler(max_retry_count=ATTEMPTS - 1),
        ServerErrorRetryHandler(max_retry_count=ATTEMPTS - 1),
    ]


def code_of(error: BaseException) -> str:
    """Name the failure of a call: Slack's own word, such as not_in_channel, or the kind of error."""
    data = getattr(getattr(error, "response", None), "data", None)
    if isinstance(data, dict) and data.get("error"):
        return str(data["error"])
    return type(error).__name__


def retry_after(headers: Any) -> float:
    """Read how long Slack asks to wait (seconds)."""
    text = str((headers or {}).get("Retry-After", "1"))
    return float(text) if text.isdecimal() else 1.0


async def post_response(session: aiohttp.ClientSession, url: str, payload: dict[str, Any]) -> bool:
    """Answer through a response_url, again where that can help; say whether it was taken.

    The address is a secret for half an hour: whoever has it can speak as the bot. It is never logged.
    """
    for attempt in range(ATTEMPTS):
        try:
            async with session.post(url, json=payload) as response:
                if response.status < 400:
                    return _is_taken(await response.text())
                if response.status != 429 and response.status < 500:
                    log.info("a response_url refused an answer: %s %s", response.status, (await response.text())[:200])
                    return False
                wait = retry_after(response.headers) if response.status == 429 else 0.2 * 2**attempt
        except (aiohttp.ClientError, TimeoutError) as error:
            log.info("a response_url could not be reached: %s", type(error).__name__)
            wait = 0.2 * 2**attempt
        if attempt + 1 < ATTEMPTS:
            await asyncio.sleep(min(wait, LONGEST_WAIT))
    return False


def _is_taken(text: str) -> bool:
    try:
        said = json.loads(text)
    except ValueError:
        return True  # Slack says a plain "ok"
    return not (isinstance(said, dict) and said.get("ok") is False)
