"""The daily quote in a channel. Slack knows no keys: a post of unknown outcome is never made again."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.blocks import LINE_LONGEST, Message, channel_of, line_of, rich, to_message, words
from adapters.slack.outcomes import (
    FAILURES,
    TIMEOUT,
    TOTAL,
    Outcome,
    outcome_of,
    retry_after,
    tell_closed,
    tell_invitation,
)
from adapters.slack.render import Setting, render_page
from adapters.slack.state import NOBODY
from adapters.slack.tokens import Tokens
from adapters.wording import shorten
from bot.delivery import ChannelGoneError, OutcomeUnknownError, PostError, RetryLaterError, Target
from bot.errors import StoreError
from bot.models import Hit
from bot.pages import build_pages
from bot.presentation import present

UNREACHED = 30.0
"""Seconds until the next try where Slack was not even reached."""

LATER = 300.0
"""Seconds until the next try where a refusal is not the channel's fault: a revoked token, a workspace that moves, a
message that Slack does not take. After some hours the core leaves the day out and goes on with the next."""

log = logging.getLogger(__name__)


class RefusedError(RetryLaterError):
    """Report that Slack does not take a post, for no fault of the channel's."""

    def __init__(self) -> None:
        super().__init__(LATER)


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
        """Tell whoever set a subscription up, in a direct message.

        Raises RetryLaterError; ChannelGoneError where it is no use, also where nobody knows whether they were told.
        """
        told = shorten(text, LINE_LONGEST)
        which = line_of(words("The channel: "), channel_of(target.channel))
        try:
            await self._send(target.tenant, target.set_by, to_message([told], [rich(line_of(words(told)), which)]))
        except (OutcomeUnknownError, RefusedError) as error:
            raise ChannelGoneError(f"They may not have been told: {error}") from None

    async def _send(self, team: str, channel: str, message: Message) -> Any:
        token = await self._find_token(team)
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
            client = AsyncWebClient(token, self.api_url, timeout=int(TOTAL), session=session, retry_handlers=[])
            try:
                return await client.chat_postMessage(channel=channel, **message.to_payload())
            except FAILURES as error:
                raise self._to_post_error(error, f"{team}/{channel}") from None

    async def _find_token(self, team: str) -> str:
        try:
            found = await self.tokens.find(team)
        except StoreError as error:
            log.warning("no token for a daily quote in %s yet: %s", team, error)
            raise RetryLaterError(UNREACHED) from None
        if found is None or found.team != team:
            log.info("no daily quote in %s: the app is not installed there (any more)", team)
            raise RefusedError
        return found.token

    def _to_post_error(self, error: Exception, where: str) -> PostError:
        outcome = outcome_of(error)
        if not outcome.is_refused:
            return OutcomeUnknownError(f"Slack did not say whether it was posted ({outcome.why}).")
        if not isinstance(error, SlackApiError):
            return RetryLaterError(UNREACHED)
        if error.response.status_code == 429 or outcome.why in ("ratelimited", "rate_limited"):
            return RetryLaterError(retry_after(error.response.headers))
        if told := self._tell_closed(outcome):
            return ChannelGoneError(told)
        log.warning("no daily quote in %s, again in %.0f s: %s", where, LATER, outcome.why)
        return RefusedError()

    def _tell_closed(self, outcome: Outcome) -> str:
        invitation = tell_invitation(outcome.why, self.command)
        more = f" {invitation}, then /{self.command} daily resume." if invitation else ""
        return f"{told}{more}" if (told := tell_closed(outcome.why)) else ""
