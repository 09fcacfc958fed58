"""What Slack sends to an app, as its reference pages show it."""

from __future__ import annotations

import time
from typing import Any

from tests.fakes.slack_methods import view_payload
from tests.fakes.slack_world import APP_ID, Channel, Message, Profile, Team, View, World

VERIFICATION_TOKEN = "fake-verification-token"  # noqa: S105
Payload = dict[str, Any]


def build_event(world: World, team: Team, event: Payload, event_id: str | None = None) -> Payload:
    """Wrap an event as the Events API delivers it."""
    who = {"enterprise_id": None, "team_id": team.id, "user_id": team.bot_user_id}
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": team.id,
        "context_team_id": team.id,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": event_id or world.next_id("Ev"),
        "event_time": int(time.time()),
        "authorizations": [{**who, "is_bot": True, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
        "event_context": "4-fake",
    }


def build_said(person: Profile, channel: Channel, text: str, ts: str, thread_ts: str | None) -> Payload:
    """Give what every event about a person's message holds."""
    said: Payload = {"user": person.id, "text": text, "ts": ts, "event_ts": ts, "channel": channel.id}
    said |= {"team": person.team.id, "client_msg_id": f"fake-{ts}"}
    return said | ({"thread_ts": thread_ts} if thread_ts else {})


def build_command(
    world: World, person: Profile, channel: Channel, command: str, text: str, response_url: str
) -> Payload:
    """Give a slash command; every value is a string, as in a form."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": person.team.id,
        "team_domain": person.team.domain,
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": person.id,
        "user_name": person.name,
        "command": command,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": world.issue_trigger(person.id),
    }


def _build_interaction(world: World, person: Profile, kind: str) -> Payload:
    user = {"id": person.id, "username": person.name, "name": person.name, "team_id": person.team.id}
    return {
        "type": kind,
        "user": user,
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "trigger_id": world.issue_trigger(person.id),
        "team": {"id": person.team.id, "domain": person.team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def build_click(world: World, person: Profile, target: Message | View, action: Payload, response_url: str) -> Payload:
    """Give a click in a message or a view; of an ephemeral message Slack does not send the content along."""
    payload = _build_interaction(world, person, "block_actions")
    payload |= {"actions": [{**action, "action_ts": world.next_ts()}], "state": {"values": {}}}
    if isinstance(target, View):
        return payload | {"container": {"type": "view", "view_id": target.id}, "view": view_payload(target)}
    channel, hidden = target.channel, target.ephemeral_to is not None
    payload["container"] = {"type": "message", "message_ts": target.ts, "channel_id": channel.id}
    payload["container"] |= {"is_ephemeral": hidden}
    if target.thread_ts is not None:
        payload["container"]["thread_ts"] = target.thread_ts
    payload |= {"channel": {"id": channel.id, "name": channel.name}, "response_url": response_url}
    return payload if hidden else payload | {"message": target.payload()}


def build_message_shortcut(
    world: World, person: Profile, callback_id: str, message: Payload, channel: Channel, response_url: str
) -> Payload:
    """Give a shortcut taken from a message's menu."""
    payload = _build_interaction(world, person, "message_action")
    payload |= {"callback_id": callback_id, "action_ts": world.next_ts(), "message_ts": message["ts"]}
    payload |= {"channel": {"id": channel.id, "name": channel.name}, "message": message}
    return payload | {"response_url": response_url}


def build_global_shortcut(world: World, person: Profile, callback_id: str) -> Payload:
    """Give a shortcut taken from the composer: it has no channel and no response_url."""
    payload = _build_interaction(world, person, "shortcut")
    return payload | {"callback_id": callback_id, "action_ts": world.next_ts()}


def find_action(target: Message | View, wanted: str) -> Payload:
    """Find what a person would click, by its label or its action_id, and give it as a click reports it.

    Raises LookupError where nothing or more than one thing answers to that.
    """
    found = [action for action in _iterate_actions(target) if wanted in (action["action_id"], _label(action))]
    if len(found) != 1:
        seen = [_label(action) for action in _iterate_actions(target)]
        raise LookupError(f"{len(found)} things to click answer to {wanted!r}; there are {seen}")
    return {name: value for name, value in found[0].items() if name != "label"}


def _label(action: Payload) -> str:
    return str(action.get("label") or (action.get("text") or {}).get("text") or "")


def _iterate_actions(target: Message | View) -> list[Payload]:
    found: list[Payload] = []
    for number, block in enumerate(target.blocks):
        named = block.get("block_id") or f"b{number}"
        for element in [*block.get("elements", []), block.get("accessory") or {}]:
            found += _offer(element, {"block_id": named, "action_id": element.get("action_id") or f"a{len(found)}"})
    return found


def _offer(element: Payload, names: Payload) -> list[Payload]:
    kind = element.get("type")
    if kind == "button":
        kept: Payload = {str(name): element[name] for name in ("text", "value", "url", "style") if name in element}
        return [{**names, "type": "button", **kept}]
    if kind in ("overflow", "static_select"):
        options = element.get("options") or []
        chosen = [{**names, "type": kind, "selected_option": option} for option in options]
        return [{**each, "label": each["selected_option"]["text"]["text"]} for each in chosen]
    if kind == "feedback_buttons":
        sides = [element["positive_button"], element["negative_button"]]
        return [{**names, "type": kind, "text": side["text"], "value": side["value"]} for side in sides]
    return []
