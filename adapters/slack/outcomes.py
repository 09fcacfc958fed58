"""What became of a call of Slack's: done, surely not done, or nobody knows."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

FAILURES = (SlackApiError, aiohttp.ClientError, TimeoutError)
"""How a call of the Web API fails."""

TOTAL, CONNECTING = 15.0, 5.0
"""Seconds for a call, and of them for the connection: one that does not come about has surely done nothing."""

TIMEOUT = aiohttp.ClientTimeout(total=TOTAL, sock_connect=CONNECTING)

_SLACKS_OWN = {"internal_error", "fatal_error", "request_timeout", "service_unavailable"}
"""Slack's words for its own faults: "some aspect of the operation may have succeeded" (each method's page)."""

_REFUSES_TOKEN = {
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "not_allowed_token_type",
    "missing_scope",
}

_CLOSED = {
    "not_in_channel": "I am not in the channel.",
    "channel_not_found": "I am not in the channel, or it is gone.",
    "is_archived": "The channel is archived.",
    "restricted_action": "Only some people may post in the channel, and I am not one of them.",
    "restricted_action_read_only_channel": "The channel is read only.",
    "restricted_action_thread_only_channel": "In the channel only threads may be written to.",
    "restricted_action_non_threadable_channel": "In the channel no threads may be written to.",
    "method_not_supported_for_channel_type": "In a conversation of this kind I may not post.",
    "channel_type_not_supported": "In a conversation of this kind I may not post.",
}
"""Why Slack lets the bot post nothing in a channel, by its word for it."""

_INVITED = ("not_in_channel", "channel_not_found")
"""What an invitation mends."""


class State(Enum):
    """Whether a call was done."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a call; where it was not done, `why`: Slack's own word, or the kind of error."""

    state: State
    why: str = ""

    @property
    def is_done(self) -> bool:
        """Whether it was done."""
        return self.state is State.DONE

    @property
    def is_refused(self) -> bool:
        """Whether it was surely not done: then another way may be tried."""
        return self.state is State.REFUSED


DONE = Outcome(State.DONE)


async def settle(call: Awaitable[object]) -> Outcome:
    """Wait for a call and say what became of it."""
    try:
        await call
    except FAILURES as error:
        return outcome_of(error)
    return DONE


def outcome_of(error: BaseException) -> Outcome:
    """Say what a failure means: an error before anything was sent, or a plain refusal, did nothing."""
    why = code_of(error)
    if isinstance(error, SlackApiError):
        # where the body cannot be read, slack_sdk gives aiohttp's response in place of its own
        status = getattr(error.response, "status_code", 500)
        return Outcome(_state_of(status, why if why != type(error).__name__ else ""), why)
    is_unsent = isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError))
    return Outcome(State.REFUSED if is_unsent else State.UNKNOWN, why)


def _state_of(status: int, code: str) -> State:
    if 400 <= status < 500:
        return State.REFUSED
    return State.UNKNOWN if status >= 500 or not code or code in _SLACKS_OWN else State.REFUSED


def code_of(error: BaseException) -> str:
    """Name the failure of a call: Slack's own word, such as not_in_channel, or the kind of error."""
    data = getattr(getattr(error, "response", None), "data", None)
    if isinstance(data, dict) and data.get("error"):
        return str(data["error"])
    return type(error).__name__


def retry_after(headers: Mapping[str, Any] | None) -> float:
    """Read how long Slack asks to wait (seconds)."""
    text = str((headers or {}).get("Retry-After", "1"))
    return float(text) if text.isdecimal() else 1.0


def refuses_token(error: BaseException) -> bool:
    """Whether Slack does not take a token, now or later."""
    return code_of(error) in _REFUSES_TOKEN


def tell_closed(why: str) -> str:
    """Say why nothing can be posted in a channel; "" where the fault is not the channel's."""
    return _CLOSED.get(why, _CLOSED["restricted_action"] if why.startswith("restricted_action") else "")


def tell_invitation(why: str, name: str) -> str:
    """Say how the bot comes into a channel; "" where that would not help."""
    return f"Type /invite @{name} there" if why in _INVITED else ""
