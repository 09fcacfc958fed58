"""A Slack on the loopback, spoken to over its real wires by the real slack-bolt and slack-sdk.

Web API, response_urls and Socket Mode on one port; HTTP mode by `use_http`. It judges what it is sent as Slack does and
refuses with Slack's own words. `python -m tests.fakes.slack_server` runs one to play with.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import time
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

from tests.fakes.slack_checks import RefusedError, check_message
from tests.fakes.slack_client import Ack, Envelope, SlackClient
from tests.fakes.slack_faults import Failure, Faults, Hold
from tests.fakes.slack_methods import Call, answer, oauth_access
from tests.fakes.slack_payloads import build_event
from tests.fakes.slack_people import Handle, Person
from tests.fakes.slack_sockets import Sockets
from tests.fakes.slack_world import RESPONSE_URL_USES, Change, Channel, Message, Profile, Team, World

BODY_LARGEST = 16_000_000  # bytes
APP_TOKEN = "xapp-1-A0FAKE-1-fake-app-token"  # noqa: S105
SIGNING_SECRET = "fake-signing-secret"  # noqa: S105
_GONE = ("used_url", "expired_url", "message_not_found")
CLIENT = ("1.fake", "fake-client-secret")


@dataclass
class Request:
    """A request of the app, and how it was answered (nothing yet while it is held or was dropped)."""

    name: str  # the method, or `response_url`
    token: str | None
    args: dict[str, Any]
    headers: dict[str, str]
    status: int | None = None
    answer: Any = None
    at: float = field(default_factory=time.perf_counter)


class FakeSlack(World):
    """The world with its wires: what a test holds in its hands."""

    def __init__(self) -> None:
        super().__init__()
        self.url = ""
        self.app_token = APP_TOKEN
        self.signing_secret = SIGNING_SECRET
        self.client_id, self.client_secret = CLIENT
        self.requests: list[Request] = []
        self.faults = Faults()
        self.sockets = Sockets(self)
        self.http: SlackClient | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def api_url(self) -> str:
        """Give the address for AsyncWebClient(base_url=…)."""
        return f"{self.url}/api/"

    def use_http(self, url: str) -> SlackClient:
        """Deliver to the bot's HTTP server from now on, and give the client that signs."""
        self.http = SlackClient(url, self.signing_secret)
        return self.http

    async def deliver(self, envelope: Envelope) -> Ack:
        """Deliver an envelope over HTTP where `use_http` was said, else over a socket."""
        return await (self.sockets.deliver(envelope) if self.http is None else self.http.deliver(envelope))

    def add_team(self, team_id: str, name: str = "Other Friends") -> Team:
        """Add a workspace that has the app installed."""
        bot = f"xoxb-fake-{team_id.lower()}"
        team = self.teams[team_id] = Team(team_id, name, bot, f"UBOT{team_id}", f"BBOT{team_id}")
        return team

    def issue_code(self, team: Team | None = None) -> str:
        """Hand out an OAuth code, good once."""
        code = self.next_id("code-")
        self.codes[code] = team or self.team
        return code

    def channel(
        self,
        name: str = "general",
        *,
        member: bool = True,
        archived: bool = False,
        kind: Literal["public", "private"] = "public",
        team: Team | None = None,
    ) -> Channel:
        """Add a channel."""
        channel = Channel(self.next_id("C"), name, team or self.team, kind, member, archived)
        self.channels[channel.id] = channel
        return channel

    def person(self, name: str = "ada", *, tz: str = "Etc/UTC", tz_offset: int = 0, team: Team | None = None) -> Person:
        """Add somebody to the workspace; `tz_offset` is in seconds."""
        profile = Profile(self.next_id("U"), name, team or self.team, tz, tz_offset)
        self.profiles[profile.id] = profile
        return Person(self, profile)

    def calls(self, name: str) -> list[Request]:
        """List the app's calls of one method, or its posts to response_urls (`response_url`)."""
        return [request for request in self.requests if request.name == name]

    def fail(
        self,
        place: str,
        status: int = 500,
        error: str | None = None,
        *,
        times: int = 1,
        after_effect: bool = False,
        drop: bool = False,
        retry_after: int = 1,
    ) -> Failure:
        """Let the next calls of a method or path fail; see Faults.fail."""
        return self.faults.fail(
            place, status, error, times=times, after_effect=after_effect, drop=drop, retry_after=retry_after
        )

    def hold(self, place: str, *, after_effect: bool = False) -> Hold:
        """Keep the calls of a method or path waiting; see Faults.hold."""
        return self.faults.hold(place, after_effect=after_effect)

    async def connected(self, number: int = 1) -> None:
        """Wait until the bot holds so many sockets."""
        await self.wait_for(lambda: len(self.sockets.connections) >= number)

    async def reconnected(self, opened: int) -> None:
        """Wait until the bot has opened so many sockets in all and holds one."""
        await self.wait_for(lambda: self.sockets.opened >= opened and self.sockets.connections)

    def redeliver(self, handle: Handle, attempt: int = 1, reason: str = "http_timeout") -> Handle:
        """Deliver something as Slack's nth retry, as if its deadline had passed."""
        return handle.retried(attempt, reason)

    def echo(self, message: Message) -> Handle:
        """Send the bot the event of its own message in a direct message."""
        event = {**message.payload(), "channel": message.channel.id, "channel_type": "im", "event_ts": message.ts}
        return self._tell(message.channel.team, event)

    def other_bot(self, text: str, channel: Channel, *, mention: bool = False) -> Handle:
        """Let another bot say something the app hears, in a direct message or as a mention."""
        ts = self.next_ts()
        event = {"type": "message", "subtype": "bot_message", "bot_id": "B0OTHER", "text": text, "ts": ts}
        event |= {"channel": channel.id, "channel_type": "im", "event_ts": ts}
        if mention:
            event = {"type": "app_mention", "bot_id": "B0OTHER", "user": "U0OTHERBOT", "text": text, "ts": ts}
            event |= {"channel": channel.id, "event_ts": ts, "team": channel.team.id}
        return self._tell(channel.team, event)

    def _tell(self, team: Team, event: dict[str, Any]) -> Handle:
        def fits(change: Change) -> bool:
            return isinstance(change.shown, Message) and change.shown.channel.id == event["channel"]

        return Handle(self, Envelope("events_api", build_event(self, team, event)), fits, None)

    def begin(self, work: Coroutine[Any, Any, Ack]) -> asyncio.Task[Ack]:
        """Start a delivery that ends with the server at the latest."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        return task

    async def show_ack(self, token: str, body: Any) -> None:
        """Show what a command's acknowledgement says, as Slack does; what it refuses to show is in `refusals`."""
        with contextlib.suppress(RefusedError):
            await self._post_response(token, body if isinstance(body, dict) else {"text": str(body)}, "ack")

    async def close(self) -> None:
        """End everything under way."""
        self.faults.release_all()
        self.sockets.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.http is not None:
            await self.http.close()

    # The wires

    def application(self) -> web.Application:
        """Give the web application that serves the Web API, the response_urls and the sockets."""
        app = web.Application(client_max_size=BODY_LARGEST)
        app.router.add_route("*", "/api/{method}", self._serve_api)
        app.router.add_post("/response/{token}", self._serve_response)
        app.router.add_get("/link/{ticket}", self._serve_socket)
        return app

    async def _serve_socket(self, request: web.Request) -> web.StreamResponse:
        return await self.faults.apply(request, lambda: self.sockets.handle(request), request.path)

    async def _serve_api(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        try:
            args = await _read_args(request)
        except RefusedError as refused:
            self.refusals.append(refused)
            return web.json_response(refused.body())
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or args.pop("token", None)
        seen = Request(name, token, args, dict(request.headers))
        self.requests.append(seen)
        await self.record()

        async def act() -> web.Response:
            try:
                seen.answer = await self._answer(name, token, args)
            except RefusedError as refused:
                self.refusals.append(refused)
                seen.answer = refused.body()
            return web.json_response(seen.answer, headers=self._scopes(token))

        return await self._settle(seen, await self.faults.apply(request, act, name, request.path))

    async def _answer(self, name: str, token: str | None, args: dict[str, Any]) -> dict[str, Any]:
        if name == "oauth.v2.access":
            client = _read_basic(token)
            return {"ok": True, **await oauth_access(self, args, client, (self.client_id, self.client_secret))}
        if name == "apps.connections.open":
            if token != self.app_token:
                raise RefusedError("invalid_auth" if token else "not_authed")
            return {"ok": True, "url": self.url.replace("http", "ws", 1) + f"/link/{self.sockets.issue_ticket()}"}
        return await answer(name, Call(self, self._authorize(token), args))

    def _authorize(self, token: str | None) -> Team:
        if not token:
            raise RefusedError("not_authed")
        if token == self.app_token:
            raise RefusedError("not_allowed_token_type")
        team = next((each for each in self.teams.values() if each.bot_token == token), None)
        if team is None:
            raise RefusedError("invalid_auth")
        if team.refused_with is not None:
            raise RefusedError(team.refused_with)
        return team

    def _scopes(self, token: str | None) -> dict[str, str]:
        team = next((each for each in self.teams.values() if each.bot_token == token), None)
        return {} if team is None else {"X-OAuth-Scopes": ",".join(sorted(team.scopes))}

    async def _serve_response(self, request: web.Request) -> web.StreamResponse:
        token = request.match_info["token"]
        text = await request.text()
        seen = Request("response_url", token, {}, dict(request.headers))
        self.requests.append(seen)

        async def act() -> web.Response:
            try:
                seen.args = _read_object(text, "invalid_payload")
                await self._post_response(token, seen.args, "response_url")
            except RefusedError as refused:
                seen.answer = refused.body()
                status = 404 if refused.error in _GONE else 400
                return web.json_response(seen.answer, status=status)
            seen.answer = {"ok": True}
            return web.json_response(seen.answer)

        return await self._settle(seen, await self.faults.apply(request, act, "response_url", request.path))

    async def _post_response(self, token: str, payload: dict[str, Any], via: Literal["ack", "response_url"]) -> None:
        try:
            change = self._apply_response(token, payload, via)
        except RefusedError as refused:
            self.refusals.append(refused)
            raise
        await self.record(change)

    def _apply_response(self, token: str, payload: dict[str, Any], via: Literal["ack", "response_url"]) -> Change:
        issued = self.response_urls.get(token)
        if issued is None or time.monotonic() > issued.until:
            raise RefusedError("expired_url")
        if issued.uses >= RESPONSE_URL_USES:
            raise RefusedError("used_url")
        deletes = payload.get("delete_original") is True
        shown = payload if deletes else payload | check_message(payload)
        issued.uses += via == "response_url"
        original = issued.original and self.find(issued.channel, issued.original.ts)
        replaces = payload.get("replace_original") is True
        if original is None and (deletes or (replaces and issued.original is not None)):
            raise RefusedError("message_not_found")
        if original is not None and deletes:
            self.delete(original)
            return Change("delete", via, original, token)
        # A command has no original: Slack cannot take back what the user typed, and posts anew.
        if original is not None and replaces:
            return Change("update", via, self.update(original, shown), token)
        to = None if payload.get("response_type") == "in_channel" else issued.user_id
        return Change("post", via, self.post(issued.channel, shown, to=to), token)

    async def _settle(self, seen: Request, response: web.StreamResponse) -> web.StreamResponse:
        seen.status = response.status
        await self.record()
        return response


def _read_basic(token: str | None) -> tuple[str, str] | None:
    if token is None or not token.startswith("Basic "):
        return None
    name, _, secret = base64.b64decode(token.removeprefix("Basic ")).decode().partition(":")
    return name, secret


def _read_object(text: str, error: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as broken:
        raise RefusedError(error) from broken
    if not isinstance(value, dict):
        raise RefusedError("json_not_object")
    return value


async def _read_args(request: web.Request) -> dict[str, Any]:
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        return args | _read_object(await request.text() or "{}", "invalid_json")
    return args | dict(await request.post())


@contextlib.asynccontextmanager
async def slack_server(port: int = 0) -> AsyncIterator[FakeSlack]:
    """Run a fake Slack on the loopback, on a free port unless told which."""
    server = FakeSlack()
    runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await server.close()
        await runner.cleanup()


async def _run() -> None:
    async with slack_server() as server:
        print(f"SLACK_API_URL={server.api_url} SLACK_BOT_TOKEN={server.team.bot_token} SLACK_APP_TOKEN={APP_TOKEN}")  # noqa: T201
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_run())
