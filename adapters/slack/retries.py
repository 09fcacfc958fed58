"""What is sent again: slack_sdk by itself repeats nothing on a 429 or a fault of Slack's.

Whatever others can see is sent again only where it was surely not done: Slack knows no keys, and would post it twice.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import aiohttp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from adapters.slack.outcomes import DONE, Outcome, State, outcome_of, retry_after

ATTEMPTS = 3
"""Of a response_url's five uses, what one answer may take."""

LONGEST_WAIT = 30.0
"""Seconds: somebody waits for this."""

_POSTS = ("/chat.postMessage", "/chat.postEphemeral")
"""Calls that are seen twice where they are done twice."""

log = logging.getLogger(__name__)


class FaultRetryHandler(AsyncRetryHandler):
    """Repeats a call that did not reach Slack, or that Slack failed at; of posts only what surely was not made."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,  # noqa: ARG002 - the signature is slack_sdk's
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if isinstance(error, aiohttp.ClientError) and outcome_of(error).is_refused:
            return True
        if request.url.endswith(_POSTS):
            return False
        return isinstance(error, aiohttp.ClientError) or (response is not None and response.status_code >= 500)


def build_retry_handlers() -> list[AsyncRetryHandler]:
    """Give the handlers for answers; daily posts have none, as the core itself makes them again."""
    return [
        FaultRetryHandler(max_retry_count=ATTEMPTS - 1),
        AsyncRateLimitErrorRetryHandler(max_retry_count=ATTEMPTS - 1),
    ]


async def post_response(
    session: aiohttp.ClientSession, url: str, payload: dict[str, Any], *, repeats: int = 0
) -> Outcome:
    """Answer through a response_url, again where that can help: after an unknown outcome `repeats` times at most.

    The address is a secret for half an hour: whoever has it can speak as the bot. It is never logged.
    """
    outcome, wait = Outcome(State.REFUSED), 0.0
    for attempt in range(ATTEMPTS):
        if attempt:
            await asyncio.sleep(min(wait, LONGEST_WAIT))
        wait = 0.2 * 2**attempt
        try:
            async with session.post(url, json=payload) as response:
                outcome = _read(response.status, await response.text())
                if response.status == 429:
                    wait = retry_after(response.headers)
                    continue
        except (aiohttp.ClientError, TimeoutError) as error:
            outcome = outcome_of(error)
            if outcome.is_refused:
                continue
        if outcome.state is not State.UNKNOWN or attempt >= repeats or outcome.why == TimeoutError.__name__:
            break
    if not outcome.is_done:
        log.info("a response_url did not take an answer: %s", outcome.why)
    return outcome


def _read(status: int, text: str) -> Outcome:
    if status >= 400:
        return Outcome(State.UNKNOWN if status >= 500 else State.REFUSED, f"{status} {text[:200]}")
    try:
        said = json.loads(text)
    except ValueError:
        return DONE  # Slack says a plain "ok"
    if isinstance(said, dict) and said.get("ok") is False:
        return Outcome(State.REFUSED, str(said.get("error", "")))
    return DONE
