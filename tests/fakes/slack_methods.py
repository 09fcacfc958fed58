"""The Web API's methods over the fake's world; each gives the answer or raises RefusedError."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.slack_checks import TEXT_LONGEST, UPDATE_TEXT_LONGEST, RefusedError, check_message, check_view
from tests.fakes.slack_world import APP_ID, Change, Channel, Message, Team, View, World

_TS = re.compile(r"\d+\.\d+")


@dataclass(frozen=True)
class Call:
    """One call of a method, with the workspace its token opens."""

    world: World
    team: Team
    args: dict[str, Any]

    def required(self, name: str, error: str = "invalid_arguments") -> str:
        """Give an argument that must be there."""
        value = self.args.get(name)
        if not isinstance(value, str) or not value:
            said = [f"[ERROR] missing required field: {name}"]
            raise RefusedError(error, response_metadata={"messages": said})
        return value


Answer = dict[str, Any]
Method = Callable[[Call], Awaitable[Answer]]


def find_channel(call: Call) -> Channel:
    """Give the channel a message is meant for, if the app may write there."""
    channel = call.world.channel_of(call.required("channel", "channel_not_found"), call.team)
    if channel is None or (channel.kind == "private" and not channel.member):
        raise RefusedError("channel_not_found")
    if channel.archived:
        raise RefusedError("is_archived")
    if channel.kind == "im" and not call.world.messages_tab:
        raise RefusedError("messages_tab_disabled")
    return channel


def _check_thread(call: Call) -> None:
    thread_ts = call.args.get("thread_ts")
    if thread_ts is not None and not _TS.fullmatch(str(thread_ts)):
        raise RefusedError("invalid_thread_ts")


async def auth_test(call: Call) -> Answer:
    team = call.team
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": "ilya",
        "team_id": team.id,
        "user_id": team.bot_user_id,
        "bot_id": team.bot_id,
        "is_enterprise_install": False,
    }


async def auth_revoke(call: Call) -> Answer:
    if call.args.get("test") in ("1", "true", True):
        return {"revoked": False}
    call.team.refused_with = "token_revoked"
    return {"revoked": True}


async def apps_uninstall(call: Call) -> Answer:
    call.team.refused_with = "account_inactive"
    return {}


async def team_info(call: Call) -> Answer:
    return {"team": {"id": call.team.id, "name": call.team.name, "domain": call.team.domain}}


async def post_message(call: Call) -> Answer:
    channel = find_channel(call)
    if not channel.member and "chat:write.public" not in call.team.scopes:
        raise RefusedError("not_in_channel")
    _check_thread(call)
    message = call.world.post(channel, call.args | check_message(call.args))
    await call.world.record(Change("post", "api", message))
    return {"channel": channel.id, "ts": message.ts, "message": message.payload()}


async def post_ephemeral(call: Call) -> Answer:
    channel = find_channel(call)
    user_id = call.required("user")
    if not channel.member:
        raise RefusedError("not_in_channel")
    if user_id not in call.world.profiles or channel.user_id not in (None, user_id):
        raise RefusedError("user_not_in_channel")
    _check_thread(call)
    message = call.world.post(channel, call.args | check_message(call.args), to=user_id)
    await call.world.record(Change("post", "api", message))
    return {"message_ts": message.ts}


def _find_own(call: Call, missing: str) -> Message:
    channel = find_channel(call)
    message = call.world.find(channel, call.required("ts", missing))
    if message is None or message.ephemeral_to is not None:
        raise RefusedError(missing)
    return message


async def update(call: Call) -> Answer:
    """Replace a message; what the call does not name (blocks, attachments) stays as it was."""
    old = _find_own(call, "message_not_found")
    kept = {"text": old.text, "blocks": list(old.blocks), "attachments": list(old.attachments)}
    given = {name: value for name, value in call.args.items() if value is not None}
    new = check_message({**kept, **given}, text_longest=UPDATE_TEXT_LONGEST if "text" in given else TEXT_LONGEST)
    had_rich = any(block.get("type") == "rich_text" for block in old.blocks)
    if had_rich and new["blocks"] and not any(block.get("type") == "rich_text" for block in new["blocks"]):
        raise RefusedError("block_mismatch")
    message = call.world.update(old, {**given, **new})
    await call.world.record(Change("update", "api", message))
    return {"channel": message.channel.id, "ts": message.ts, "text": message.text, "message": message.payload()}


async def delete(call: Call) -> Answer:
    message = _find_own(call, "message_not_found")
    call.world.delete(message)
    await call.world.record(Change("delete", "api", message))
    return {"channel": message.channel.id, "ts": message.ts}


async def views_publish(call: Call) -> Answer:
    user_id = call.required("user_id")
    if not call.world.home_tab:
        raise RefusedError("not_enabled")
    if user_id not in call.world.profiles:
        raise RefusedError("user_not_found")
    body = check_view(call.args.get("view"), ("home",))
    shown = call.world.views.get(user_id)
    if shown is not None and call.args.get("hash") not in (None, shown.hash):
        raise RefusedError("hash_conflict")
    world = call.world
    view = View(shown.id if shown else world.next_id("V"), user_id, call.team, body, f"{time.time()}.{world.next_ts()}")
    world.views[user_id] = view
    await world.record(Change("publish", "api", view))
    return {"view": view_payload(view)}


async def views_open(call: Call) -> Answer:
    trigger = call.world.triggers.get(call.required("trigger_id"))
    if trigger is None:
        raise RefusedError("invalid_trigger_id")
    if trigger.used:
        raise RefusedError("exchanged_trigger_id")
    if time.monotonic() > trigger.until:
        raise RefusedError("expired_trigger_id")
    body = check_view(call.args.get("view"), ("modal",))
    trigger.used = True
    view = View(call.world.next_id("V"), trigger.user_id, call.team, body, call.world.next_ts())
    await call.world.record(Change("open", "api", view))
    return {"view": view_payload(view)}


def view_payload(view: View) -> dict[str, Any]:
    """Give a view as Slack's payloads hold it."""
    known = {"id": view.id, "team_id": view.team.id, "app_id": APP_ID, "hash": view.hash, "state": {"values": {}}}
    return {**view.body, **known, "bot_id": view.team.bot_id, "root_view_id": view.id}


async def conversations_open(call: Call) -> Answer:
    users = str(call.args.get("users") or "").split(",")
    if len(users) != 1 or users[0] not in call.world.profiles:
        raise RefusedError("user_not_found")
    return {"channel": {"id": call.world.dm(users[0]).id}}


async def conversations_info(call: Call) -> Answer:
    channel = call.world.channel_of(call.required("channel", "channel_not_found"), call.team)
    if channel is None or (channel.kind == "private" and not channel.member):
        raise RefusedError("channel_not_found")
    kinds = {"is_channel": channel.kind == "public", "is_im": channel.kind == "im"}
    states = {"is_private": channel.kind != "public", "is_archived": channel.archived, "is_member": channel.member}
    return {"channel": {"id": channel.id, "name": channel.name, **kinds, **states}}


async def users_info(call: Call) -> Answer:
    profile = call.world.profiles.get(call.required("user", "user_not_found"))
    if profile is None or profile.team is not call.team:
        raise RefusedError("user_not_found")
    clock = {"tz": profile.tz, "tz_offset": profile.tz_offset, "tz_label": profile.tz}
    said = {"locale": profile.locale} if call.args.get("include_locale") in ("1", "true", True) else {}
    known = {"id": profile.id, "team_id": call.team.id, "name": profile.name, "real_name": profile.name}
    return {"user": {**known, **clock, **said, "deleted": False, "is_bot": False}}


async def oauth_access(
    world: World, args: dict[str, Any], client: tuple[str, str] | None, known: tuple[str, str]
) -> Answer:
    """Exchange an OAuth code for the bot's token in the workspace that issued it."""
    given = client or (str(args.get("client_id") or ""), str(args.get("client_secret") or ""))
    if given[0] != known[0]:
        raise RefusedError("invalid_client_id")
    if given[1] != known[1]:
        raise RefusedError("bad_client_secret")
    team = world.codes.pop(str(args.get("code")), None)
    if team is None:
        raise RefusedError("invalid_code")
    team.refused_with = None
    return {
        "access_token": team.bot_token,
        "token_type": "bot",
        "scope": ",".join(sorted(team.scopes)),
        "bot_user_id": team.bot_user_id,
        "app_id": APP_ID,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "authed_user": {"id": "U0INSTALLER"},
        "is_enterprise_install": False,
    }


# Each method with the scopes of which the app must hold one; none where any token will do (each method's page).
METHODS: dict[str, tuple[Method, tuple[str, ...]]] = {
    "auth.test": (auth_test, ()),
    "auth.revoke": (auth_revoke, ()),
    "apps.uninstall": (apps_uninstall, ()),
    "team.info": (team_info, ("team:read",)),
    "chat.postMessage": (post_message, ("chat:write",)),
    "chat.postEphemeral": (post_ephemeral, ("chat:write",)),
    "chat.update": (update, ("chat:write",)),
    "chat.delete": (delete, ("chat:write",)),
    "views.publish": (views_publish, ()),
    "views.open": (views_open, ()),
    "conversations.open": (conversations_open, ("im:write", "channels:manage", "groups:write", "mpim:write")),
    "conversations.info": (conversations_info, ("channels:read", "groups:read", "im:read", "mpim:read")),
    "users.info": (users_info, ("users:read",)),
}
# Methods the bot could be tempted to call: refused for their scope, and never answered.
OUT_OF_REACH = {
    "conversations.history": "channels:history",
    "conversations.replies": "channels:history",
    "conversations.list": "channels:read",
    "conversations.members": "channels:read",
    "conversations.join": "channels:join",
    "users.list": "users:read",
    "bots.info": "users:read",
    "reactions.add": "reactions:write",
    "pins.add": "pins:write",
    "files.upload": "files:write",
}


async def answer(name: str, call: Call) -> Answer:
    """Carry a method out if the app's scopes allow it. Raises RefusedError."""
    method, scopes = METHODS.get(name, (None, (OUT_OF_REACH[name],) if name in OUT_OF_REACH else ()))
    if scopes and not call.team.scopes.intersection(scopes):
        raise RefusedError("missing_scope", needed=",".join(scopes), provided=",".join(sorted(call.team.scopes)))
    if method is None:
        raise RefusedError("unknown_method", req_method=name)
    return {"ok": True, **await method(call)}
