"""The REST interface: what discord.py asks of it, and Discord's answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web

from tests.fakes.discord_commands import check_commands
from tests.fakes.discord_faults import Call, Fault
from tests.fakes.discord_mentions import ORDINARY
from tests.fakes.discord_payloads import to_channel, to_guild, to_member, to_user
from tests.fakes.discord_refusals import Json, Refusal, no_access, unauthorized, unknown
from tests.fakes.discord_world import READ_MESSAGE_HISTORY, Channel, Guild, may_see

if TYPE_CHECKING:
    from tests.fakes.discord_server import FakeDiscord

PREFIX = "/api/v10"
MOST_REQUEST = 25 * 1024 * 1024  # bytes, reference#uploading-files
MOST_FILE = 10 * 1024 * 1024

Answer = Json | list[Json] | None
Handler = Callable[[web.Request, Call], Answer]


class Rest:
    """The routes under /api/v10."""

    def __init__(self, server: FakeDiscord) -> None:
        self._server = server
        self._world = server.world

    def routes(self) -> list[web.RouteDef]:
        """Give every route with its handler."""
        app, original = "/applications/{app}", "/webhooks/{app}/{token}/messages/{message}"
        table: list[tuple[str, str, Handler]] = [
            ("GET", "/gateway", self._gateway),
            ("GET", "/gateway/bot", self._gateway_bot),
            ("GET", "/users/@me", lambda _, __: to_user(self._world.bot)),
            ("POST", "/users/@me/channels", self._open_dm),
            ("GET", "/users/{user}", self._user),
            ("GET", "/oauth2/applications/@me", self._application),
            ("GET", "/applications/@me", self._application),
            ("GET", f"{app}/commands", self._commands),
            ("PUT", f"{app}/commands", self._overwrite_commands),
            ("GET", f"{app}/guilds/{{guild}}/commands", self._commands),
            ("PUT", f"{app}/guilds/{{guild}}/commands", self._overwrite_commands),
            ("POST", "/interactions/{interaction}/{token}/callback", self._respond),
            ("POST", "/webhooks/{app}/{token}", self._follow_up),
            ("GET", original, self._response),
            ("PATCH", original, self._edit_response),
            ("DELETE", original, self._delete_response),
            ("GET", "/channels/{channel}", lambda r, _: to_channel(self._world, may_see(self._channel(r)))),
            ("GET", "/channels/{channel}/messages", self._messages),
            ("POST", "/channels/{channel}/messages", self._send),
            ("POST", "/channels/{channel}/typing", self._typing),
            ("GET", "/channels/{channel}/messages/{message}", self._message),
            ("PATCH", "/channels/{channel}/messages/{message}", self._edit_message),
            ("DELETE", "/channels/{channel}/messages/{message}", self._delete_message),
            ("GET", "/guilds/{guild}", lambda r, _: to_guild(self._world, self._guild(r))),
            ("GET", "/guilds/{guild}/members/{user}", self._member),
        ]
        return [
            *(web.route(method, PREFIX + path, self._wrap(handler)) for method, path, handler in table),
            web.route("*", PREFIX + "/{rest:.*}", self._wrap(self._nowhere)),
        ]

    def _wrap(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            call = await _read(request)
            self._server.requests.append(call)
            self._server.changes.tell()
            try:
                return await self._serve(handler, request, call)
            finally:
                self._server.changes.tell()

        return serve

    async def _serve(self, handler: Handler, request: web.Request, call: Call) -> web.StreamResponse:
        faults = self._server.faults
        await faults.keep(call, after_effect=False)
        fault = faults.take(call)
        if fault and not fault.after_effect:
            return _to_fault(request, call, fault)
        status, body = self._answer(handler, request, call)
        await faults.keep(call, after_effect=True)
        if fault:
            return _to_fault(request, call, fault)
        call.status, call.answer = status, body
        return _to_response(status, body, _rate_limits(request))

    def _answer(self, handler: Handler, request: web.Request, call: Call) -> tuple[int, object]:
        try:
            self._authorize(call)
            _check_body(request, call)
            body = handler(request, call)
        except Refusal as refusal:
            return refusal.status, refusal.body
        return (HTTPStatus.NO_CONTENT if body is None else HTTPStatus.OK), body

    def _authorize(self, call: Call) -> None:
        """Refuse a wrong token where one is asked for: an interaction's own token stands for it elsewhere."""
        is_open = call.path == "/gateway" or call.path.startswith(("/interactions/", "/webhooks/"))
        if not is_open and call.headers.get("Authorization") != f"Bot {self._server.token}":
            raise unauthorized()

    def _nowhere(self, _: web.Request, __: Call) -> Answer:
        raise Refusal(404, 0, "404: Not Found")

    # What the bot is

    def _gateway(self, _: web.Request, __: Call) -> Answer:
        return {"url": self._server.gateway.url}

    def _gateway_bot(self, _: web.Request, __: Call) -> Answer:
        left = {"total": 1000, "remaining": 999, "reset_after": 14_400_000, "max_concurrency": 1}
        return {"url": self._server.gateway.url, "shards": self._server.gateway.shards, "session_start_limit": left}

    def _application(self, _: web.Request, __: Call) -> Answer:
        return {
            "id": str(self._world.application_id),
            "name": self._world.bot.name,
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": to_user(self._server.owner),
            "team": None,
            "verify_key": "0" * 64,
            "flags": 0,
            "integration_types_config": {"0": {}, "1": {}},
        }

    # Commands

    def _commands(self, request: web.Request, _: Call) -> Answer:
        return self._world.commands.get(self._scope(request), [])

    def _overwrite_commands(self, request: web.Request, call: Call) -> Answer:
        scope = self._scope(request)
        before = {(one["name"], one["type"]): one["id"] for one in self._world.commands.get(scope, [])}
        kept: list[Json] = []
        for command in check_commands(call.json):
            kind = command.get("type", 1)
            known = before.get((command["name"], kind)) or str(self._world.new_id())
            facts = {"id": known, "type": kind, "application_id": str(self._world.application_id)}
            given = {"description": "", "default_member_permissions": None} | command
            kept.append(given | facts | {"version": str(self._world.new_id())})
            if scope:
                kept[-1]["guild_id"] = str(scope)
        self._world.commands[scope] = kept
        return kept

    def _scope(self, request: web.Request) -> int | None:
        if request.match_info["app"] != str(self._world.application_id):
            raise Refusal(404, 10002, "Unknown Application")
        if "guild" not in request.match_info:
            return None
        return self._guild(request).id

    # Interactions

    def _respond(self, request: web.Request, call: Call) -> Answer:
        info = request.match_info
        answer = self._server.desk.respond(info["interaction"], info["token"], call.json, call.files)
        return answer if call.query.get("with_response") in ("1", "true") else None

    def _follow_up(self, request: web.Request, call: Call) -> Answer:
        interaction = self._server.desk.find(request.match_info["token"])
        return self._server.posts.to_json(self._server.desk.follow_up(interaction, call.json, call.files))

    def _response(self, request: web.Request, _: Call) -> Answer:
        interaction = self._server.desk.find(request.match_info["token"])
        return self._server.posts.to_json(self._server.desk.message(interaction, request.match_info["message"]))

    def _edit_response(self, request: web.Request, call: Call) -> Answer:
        interaction = self._server.desk.find(request.match_info["token"])
        message = self._server.desk.message(interaction, request.match_info["message"])
        return self._server.posts.to_json(self._server.desk.edit(interaction, message, call.json, call.files))

    def _delete_response(self, request: web.Request, _: Call) -> None:
        interaction = self._server.desk.find(request.match_info["token"])
        self._server.posts.delete(self._server.desk.message(interaction, request.match_info["message"]))

    # Channels and messages

    def _send(self, request: web.Request, call: Call) -> Answer:
        return self._server.posts.to_json(self._server.posts.send(self._channel(request), call.json, call.files))

    def _messages(self, request: web.Request, call: Call) -> Answer:
        channel = may_see(self._channel(request))
        if not channel.allows(READ_MESSAGE_HISTORY):
            return []
        after, before = int(call.query.get("after", 0)), int(call.query.get("before", 1 << 64))
        seen = [one for one in channel.messages if not one.is_deleted and not one.is_ephemeral]
        asked, limit = [one for one in seen if after < one.id < before], int(call.query.get("limit", 50))
        chosen = asked[:limit] if after else asked[-limit:]
        return [self._server.posts.to_json(message) for message in reversed(chosen)]

    def _message(self, request: web.Request, _: Call) -> Answer:
        channel = may_see(self._channel(request))
        if not channel.allows(READ_MESSAGE_HISTORY):
            raise no_access()
        message = self._world.find_message(channel, request.match_info["message"])
        if message is None:
            raise unknown("Message")
        return self._server.posts.to_json(message)

    def _edit_message(self, request: web.Request, call: Call) -> Answer:
        message = self._server.posts.own(self._channel(request), request.match_info["message"])
        return self._server.posts.to_json(self._server.posts.edit(message, call.json, ORDINARY, call.files))

    def _delete_message(self, request: web.Request, _: Call) -> None:
        self._server.posts.delete(self._server.posts.own(self._channel(request), request.match_info["message"]))

    def _typing(self, request: web.Request, _: Call) -> None:
        may_see(self._channel(request))

    def _open_dm(self, _: web.Request, call: Call) -> Answer:
        user = self._world.users.get(_to_id(call.json.get("recipient_id")))
        if user is None or user.is_bot:
            raise Refusal(400, 50033, "Invalid Recipient(s)")
        return to_channel(self._world, self._world.dm_with(user))

    # Servers and people

    def _member(self, request: web.Request, _: Call) -> Answer:
        guild, user = self._guild(request), self._world.users.get(_to_id(request.match_info["user"]))
        if user is None or (user.id not in guild.members and user is not self._world.bot):
            raise unknown("Member" if user else "User")
        return to_member(guild, user)

    def _user(self, request: web.Request, _: Call) -> Answer:
        user = self._world.users.get(_to_id(request.match_info["user"]))
        if user is None:
            raise unknown("User")
        return to_user(user)

    def _guild(self, request: web.Request) -> Guild:
        guild = self._world.guilds.get(_to_id(request.match_info["guild"]))
        if guild is None:
            raise unknown("Guild")
        if not guild.has_bot:
            raise no_access()
        return guild

    def _channel(self, request: web.Request) -> Channel | None:
        return self._world.channels.get(_to_id(request.match_info["channel"]))


def _to_id(value: object) -> int:
    """Read an id; what is none is answered as Discord answers a malformed path."""
    if not str(value).isdecimal():
        errors = {"_errors": [{"code": "NUMBER_TYPE_COERCE", "message": f'Value "{value}" is not snowflake.'}]}
        raise Refusal(400, 50035, "Invalid Form Body", errors)
    return int(str(value))


async def _read(request: web.Request) -> Call:
    """Read a request, with its files if it has any."""
    path, query = request.path.removeprefix(PREFIX), dict(request.query)
    call = Call(request.method, path, query, {}, dict(request.headers))
    if request.content_type == "multipart/form-data":
        form = await request.post()
        call.json = json.loads(str(form.get("payload_json", "{}")))
        for name, part in form.items():
            if isinstance(part, web.FileField):
                data = part.file.read()
                facts = {"id": str(len(call.files)), "url": f"https://cdn.discordapp.com/{name}", "proxy_url": ""}
                call.files.append(facts | {"filename": part.filename, "size": len(data)})
    elif body := await request.read():
        try:
            call.json = json.loads(body)
        except ValueError:
            call.json = {"not json": True}
    return call


def _check_body(request: web.Request, call: Call) -> None:
    if call.json == {"not json": True} or (call.json and request.content_type == "text/plain"):
        raise Refusal(400, 50109, "The request body contains invalid JSON.")
    if any(file["size"] > MOST_FILE for file in call.files):
        raise Refusal(413, 40005, "Request entity too large")


def _to_response(status: int, body: object, headers: dict[str, str]) -> web.Response:
    """Answer in JSON; discord.py reads it only under exactly this content type, without a charset."""
    if body is None:
        return web.Response(status=status, headers=headers)
    return web.Response(status=status, body=json.dumps(body), headers=headers | {"Content-Type": "application/json"})


def _to_fault(request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
    call.is_injected = True
    if fault.drop:
        if request.transport:
            request.transport.abort()
        return web.Response()
    call.status, call.answer = fault.status, fault.body()
    if isinstance(call.answer, str):
        return web.Response(status=fault.status, text=call.answer, content_type="text/html")
    return _to_response(fault.status, call.answer, fault.headers())


def _rate_limits(request: web.Request) -> dict[str, str]:
    """Give the headers of a limit that is far away; interactions have none."""
    if request.path.startswith((f"{PREFIX}/interactions/", f"{PREFIX}/webhooks/")):
        return {}
    resource = request.match_info.route.resource
    bucket = hashlib.md5(f"{request.method} {resource and resource.canonical}".encode(), usedforsecurity=False)
    return {
        "X-RateLimit-Limit": "50",
        "X-RateLimit-Remaining": "49",
        "X-RateLimit-Reset": "0",
        "X-RateLimit-Reset-After": "1.0",
        "X-RateLimit-Bucket": bucket.hexdigest(),
    }
