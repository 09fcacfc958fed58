"""The daily quote in a channel. Slack knows no keys: a post of unknown outcome is never made again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.blocks import Message, say
from adapters.slack.render import Setting, render_page
from adapters.slack.retries import code_of, retry_after
from adapters.slack.state import NOBODY
from adapters.slack.tokens import Tokens
from bot.delivery import ChannelGoneError, OutcomeUnknownError, RetryLaterError, Target
from bot.models import Hit
from bot.pages import build_pages
from bot.presentation import present

TIMEOUT = 15
"""Seconds for a post: well within the lease of a claim."""

UNREACHED = 30.0
"""Seconds until the next try where Slack was not even reached."""

_UNKNOWN = {"internal_error", "fatal_error", "request_timeout", "service_unavailable"}
"""Slack's words for its own faults: "some aspect of the operation may have succeeded" (each method's page)."""

_GONE = {
    "not_in_channel": "I am not in the channel: type /invite {me} there, then {command} daily resume.",
    "channel_not_found": "The channel is gone, or I am not in it: /invite {me} there, then {command} daily resume.",
    "is_archived": "The channel is archived.",
    "account_inactive": "The app was removed from this workspace.",
    "token_revoked": "The app's token was revoked; it must be installed again.",
    "invalid_auth": "The app's token is not valid any more; it must be installed again.",
    "restricted_action": "Only some people may post in the channel, and I am not one of them.",
    "missing_scope": "The app may not post (scope chat:write); it must be installed again.",
}


@dataclass(frozen=True, slots=True)
class SlackPoster:
    """Posts with the token of each workspace, each time over a new connection.

    A kept one may have been closed by Slack unnoticed, and then nobody knows whether the post was made.
    """

    tokens: Tokens
    api_url: str
    command: str
    platform: str = "slack"
    remembers_keys_for: int = 0

    async def post(self, target: Target, hit: Hit, key: str) -> str:  # noqa: ARG002 - Slack takes no keys
        """Post a quote and give the message's time stamp. Raises PostError."""
        setting = Setting(NOBODY, lead="Today's quote")
        # nobody looked for anything: no words are bold
        message = render_page(present(replace(hit, terms=frozenset())), build_pages([hit]), setting)
        return str((await self._send(target.tenant, target.channel, message))["ts"])

    async def tell(self, target: Target, text: str) -> None:
        """Tell whoever set a subscription up, in a direct message. Raises PostError."""
        await self._send(target.tenant, target.set_by, say(text))

    async def _send(self, team: str, channel: str, message: Message) -> Any:
        found = await self.tokens.find(team)
        if found is None or found.team != team:
            raise ChannelGoneError("The app is not installed in this workspace any more.")
        client = AsyncWebClient(found.token, self.api_url, timeout=TIMEOUT, retry_handlers=[])
        try:
            return await client.chat_postMessage(channel=channel, **message.to_payload())
        except SlackApiError as error:
            raise self._to_post_error(error) from None
        except aiohttp.ClientConnectorError:
            raise RetryLaterError(UNREACHED) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OutcomeUnknownError(f"No answer came from Slack ({type(error).__name__}).") from None

    def _to_post_error(self, error: SlackApiError) -> Exception:
        code, status = code_of(error), getattr(error.response, "status_code", 500)
        if status == 429 or code in ("ratelimited", "rate_limited"):
            return RetryLaterError(retry_after(error.response.headers))
        if status >= 500 or code in _UNKNOWN or code == type(error).__name__:
            return OutcomeUnknownError(f"Slack had a fault ({code}).")
        # what else it says was not posted, and would not be if it were tried again
        told = _GONE.get(code, f"Slack refuses to post there ({code}).")
        return ChannelGoneError(told.format(me=f"@{self.command}", command=f"/{self.command}"))
