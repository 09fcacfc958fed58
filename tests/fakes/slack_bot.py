"""A small bot on the real slack-bolt that uses every way of answering, to try the fake Slack with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack_server import FakeSlack

Mode = Literal["socket", "http"]
BUTTONS = {
    "type": "actions",
    "block_id": "row",
    "elements": [
        {"type": "button", "action_id": "next", "text": {"type": "plain_text", "text": "Next"}, "value": "2"},
        {"type": "button", "action_id": "watch", "text": {"type": "plain_text", "text": "Watch"}, "url": "https://x.y"},
    ],
}
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "a quote"}}


def build_app(server: FakeSlack, oauth: AsyncOAuthSettings | None = None) -> AsyncApp:
    """Give the bot: of one workspace, or of every one that installs it."""
    client = AsyncWebClient(server.team.bot_token if oauth is None else None, base_url=server.api_url)
    app = AsyncApp(client=client, signing_secret=server.signing_secret, oauth_settings=oauth)
    _listen_to_words(app)
    _listen_to_clicks(app)
    _listen_to_events(app)
    return app


def _listen_to_words(app: AsyncApp) -> None:
    @app.command("/ilya")
    async def command(ack: Any, respond: Any, command: Any) -> None:
        if command["text"] == "now":
            await ack("in the ack")
            return
        await ack()
        await respond(text=f"about {command['text']}", blocks=[SECTION, BUTTONS])

    @app.event("app_mention")
    async def mention(event: Any, say: Any) -> None:
        await say(text=f"heard {event['text']}", thread_ts=event.get("thread_ts", event["ts"]), unfurl_links=False)

    @app.event("message")
    async def message(event: Any, say: Any) -> None:
        if event.get("subtype") is None:
            await say(text=f"dm {event['text']}")


def _listen_to_clicks(app: AsyncApp) -> None:
    @app.action("next")
    async def page(ack: Any, respond: Any, action: Any) -> None:
        await ack()
        await respond(text=f"page {action['value']}", replace_original=True)

    @app.action("watch")
    async def watch(ack: Any) -> None:
        await ack()

    @app.shortcut("said")
    async def shortcut(ack: Any, shortcut: Any, respond: Any) -> None:
        await ack()
        await respond(text=f"on {shortcut['message']['text']}", response_type="in_channel")


def _listen_to_events(app: AsyncApp) -> None:
    @app.event("app_home_opened")
    async def home(event: Any, client: Any) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [SECTION]})

    @app.event("app_uninstalled")
    async def uninstalled() -> None:
        pass

    @app.event("tokens_revoked")
    async def revoked() -> None:
        pass


@asynccontextmanager
async def serve(app: AsyncApp, server: FakeSlack, mode: Mode, ping_interval: float = 5) -> AsyncIterator[None]:
    """Run a bot in one of the modes and point the fake Slack at it."""
    if mode == "socket":
        handler = AsyncSocketModeHandler(app, server.app_token, ping_interval=ping_interval)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await server.connected()
        try:
            yield
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]
        return
    runner = web.AppRunner(app.web_app(path="/slack/events", port=0), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.use_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    try:
        yield
    finally:
        await runner.cleanup()
