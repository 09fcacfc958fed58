"""The slack-bolt app: what is let in, and who listens to what."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.blocks import say
from adapters.slack.buttons import Buttons
from adapters.slack.conversation import Conversation
from adapters.slack.departures import Departures
from adapters.slack.home import Home
from adapters.slack.installations import Installations
from adapters.slack.manifest import SHORTCUT
from adapters.slack.parts import Parts, names_of
from adapters.slack.render import CONTEXT, DISLIKE, LIKE, NEWER, OLDER, SHARE, TOPIC, WATCH
from adapters.slack.tokens import Authorization
from adapters.wording import tell_and_log

LISTENED = (None, "file_share", "thread_broadcast")
"""Subtypes of messages that are somebody's words to the bot; all others tell of edits, joins and other bots."""

NOT_INSTALLED = "I am not installed in this workspace any more. Ask an administrator to install the app again."

log = logging.getLogger(__name__)
BOLT_LOG = logging.getLogger("slack_bolt")


def build_app(
    parts: Parts, client: AsyncWebClient, oauth: AsyncOAuthSettings | None, store: Installations | None
) -> AsyncApp:
    """Build the app. Requests reach it verified and acknowledged: it may take its time."""
    # Bolt warns of tokens in the environment and of what it has no listener for; neither is a fault here
    BOLT_LOG.setLevel(logging.DEBUG if parts.core.settings.log_level == "DEBUG" else logging.ERROR)
    app = AsyncApp(
        name="ilya-quote-bot",
        logger=BOLT_LOG,
        client=client,
        authorize=Authorization(parts.tokens),  # type: ignore[arg-type]  # documented for AsyncAuthorize as well
        oauth_settings=oauth,
        user_facing_authorize_error_message=NOT_INSTALLED,
        request_verification_enabled=False,
        process_before_response=True,  # so that a dispatch ends when its work ends
    )
    gate = Gate(parts)
    app.middleware(gate.let_in)
    app.error(gate.tell)
    _listen(app, parts, store)
    return app


def _listen(app: AsyncApp, parts: Parts, store: Installations | None) -> None:
    conversation, buttons = Conversation(parts), Buttons(parts)
    # whatever the app's manifest calls the command
    app.command(re.compile(".*"))(conversation.take_command)
    app.event("app_mention")(conversation.take_message)
    app.event("message")(conversation.take_message)
    app.shortcut(SHORTCUT)(conversation.take_shortcut)
    app.event("app_home_opened")(Home(parts).open)
    departures = Departures(parts, store)
    app.event("app_uninstalled")(departures.forget)
    app.event("tokens_revoked")(departures.revoke)
    actions: dict[str | re.Pattern[str], Callable[..., Awaitable[None]]] = {
        OLDER: buttons.turn,
        NEWER: buttons.turn,
        CONTEXT: buttons.show_context,
        SHARE: buttons.share,
        LIKE: buttons.vote,
        DISLIKE: buttons.vote,
        re.compile(rf"{TOPIC}:\d"): buttons.choose_topic,
        WATCH: buttons.ignore,
        re.compile(".*"): buttons.refuse,
    }
    for name, listener in actions.items():
        app.action(name)(listener)


@dataclass(frozen=True)
class Gate:
    """Stands before the listeners and behind them: what need not be answered, and what went wrong."""

    parts: Parts

    async def let_in(
        self, body: dict[str, Any], context: AsyncBoltContext, next_: Callable[[], Awaitable[None]]
    ) -> BoltResponse | None:
        """Let in what somebody said to the bot, once."""
        if is_idle(body.get("event") or {}, context.bot_user_id):
            return BoltResponse(status=200)
        if not await self.parts.claims.is_new(*names_of(body)):
            # no names: a command's is its trigger_id, with which windows could be opened
            log.info(
                "left out, as it was answered already: %s", body.get("event_id") or body.get("type") or "a command"
            )
            return BoltResponse(status=200)
        await next_()
        return None

    async def tell(self, error: Exception, body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
        """Tell whoever asked what went wrong."""
        sentence = tell_and_log(error, log)
        if reply := self.parts.find_reply(context, body):
            # beside what was clicked, not in its place
            await (reply.whisper if "actions" in body else reply.say)(say(sentence))
        return BoltResponse(status=200)


def is_idle(event: dict[str, Any], bot_user: str | None) -> bool:
    """Whether an event is nothing to answer: a bot's words, the app's own, an edit."""
    if event.get("type") not in ("app_mention", "message"):
        return False
    is_bots = bool(event.get("bot_id") or event.get("bot_profile")) or event.get("user") in (None, bot_user)
    is_elsewhere = event["type"] == "message" and event.get("channel_type") != "im"
    return is_bots or is_elsewhere or event.get("subtype") not in LISTENED
