"""What Slack demands of an app manifest, stated anew from its published schema and the pages on scopes and events.

Numbers: manifest.schema.2.0.0.json of slackapi/manifest-schema. That schema lets unknown keys pass at the top;
here they are refused, as a typing error there means a setting that silently does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from tests.fakes.slack_world import EVENT_SCOPES

Check = Callable[[Any, str], None]

_WEB = re.compile(r"https://\S+")


def _demand(holds: object, where: str, said: str) -> None:
    if not holds:
        raise AssertionError(f"{where}: {said}")


def _text(longest: int, shortest: int = 1, pattern: str | re.Pattern[str] = r"(?s).*") -> Check:
    def check(value: Any, where: str) -> None:
        _demand(isinstance(value, str), where, "must be a string")
        _demand(shortest <= len(value) <= longest, where, f"must hold {shortest} to {longest} characters: {len(value)}")
        _demand(re.fullmatch(pattern, value), where, f"must be like {pattern!r}: {value!r}")

    return check


def _flag(value: Any, where: str) -> None:
    _demand(isinstance(value, bool), where, "must be true or false")


def _whole(value: Any, where: str) -> None:
    _demand(isinstance(value, int) and not isinstance(value, bool), where, "must be an integer")


def _one_of(*words: str) -> Check:
    def check(value: Any, where: str) -> None:
        _demand(value in words, where, f"must be one of {', '.join(words)}")

    return check


def _listed(each: Check, most: int, fewest: int = 0) -> Check:
    def check(value: Any, where: str) -> None:
        _demand(isinstance(value, list), where, "must be a list")
        _demand(fewest <= len(value) <= most, where, f"must hold {fewest} to {most} entries: {len(value)}")
        for number, entry in enumerate(value):
            each(entry, f"{where}[{number}]")
            _demand(entry not in value[:number], f"{where}[{number}]", "stands there twice")

    return check


def _shape(required: Iterable[str] = (), **known: Check) -> Check:
    def check(value: Any, where: str) -> None:
        _demand(isinstance(value, dict), where, "must be an object")
        for name in value:
            _demand(name in known, f"{where}.{name}", "Slack knows no such key")
        for name in required:
            _demand(name in value, f"{where}.{name}", "is missing")
        for name, entry in value.items():
            known[name](entry, f"{where}.{name}")

    return check


_URL = _text(3500, pattern=_WEB)
_SCOPES = _listed(_text(50, pattern=r"[a-z_.:]+"), 255)
_EVENTS = _listed(_text(50, pattern=r"[a-z_.]+"), 100)
_COMMAND = _shape(
    ["command", "description"],
    command=_text(32, 2, r"/[a-z0-9_-]+"),
    url=_text(3000, pattern=_WEB),
    description=_text(2000),
    usage_hint=_text(1000),
    should_escape=_flag,
)
_SHORTCUT = _shape(
    ["name", "type", "callback_id", "description"],
    name=_text(24),
    type=_one_of("message", "global"),
    callback_id=_text(255),
    description=_text(150),
)
_PROMPTS = _listed(_shape(["title", "message"], title=_text(255), message=_text(4000)), 4)
_MANIFEST = _shape(
    ["display_information"],
    **{"$schema": _text(3000)},
    _metadata=_shape(schema_version=_whole, min_version=_whole, major_version=_whole, minor_version=_whole),
    display_information=_shape(
        ["name"],
        name=_text(35),
        description=_text(140),
        background_color=_text(7, 4, r"#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?"),
        long_description=_text(4000, 175),
    ),
    features=_shape(
        app_home=_shape(home_tab_enabled=_flag, messages_tab_enabled=_flag, messages_tab_read_only_enabled=_flag),
        bot_user=_shape(["display_name"], display_name=_text(80, pattern=r"[a-z0-9_.-]+"), always_online=_flag),
        slash_commands=_listed(_COMMAND, 50, 1),
        shortcuts=_listed(_SHORTCUT, 10, 1),
        unfurl_domains=_listed(_text(255, pattern=r"(?![.-])[-a-z0-9.]+[a-z0-9]"), 5, 1),
        assistant_view=_shape(["assistant_description"], assistant_description=_text(4000), suggested_prompts=_PROMPTS),
        agent_view=_shape(agent_description=_text(300), suggested_prompts=_PROMPTS),
    ),
    oauth_config=_shape(
        redirect_urls=_listed(_text(2500, pattern=_WEB), 1000),
        scopes=_shape(bot=_SCOPES, user=_SCOPES, bot_optional=_SCOPES, user_optional=_SCOPES),
        token_management_enabled=_flag,
        pkce_enabled=_flag,
    ),
    settings=_shape(
        allowed_ip_address_ranges=_listed(_text(18), 50, 1),
        event_subscriptions=_shape(request_url=_URL, bot_events=_EVENTS, user_events=_EVENTS),
        incoming_webhooks=_shape(incoming_webhooks_enabled=_flag),
        interactivity=_shape(["is_enabled"], is_enabled=_flag, request_url=_URL, message_menu_options_url=_URL),
        org_deploy_enabled=_flag,
        socket_mode_enabled=_flag,
        token_rotation_enabled=_flag,
        is_hosted=_flag,
        is_mcp_enabled=_flag,
    ),
)


def check_manifest(manifest: dict[str, Any]) -> None:
    """Check an app manifest. Raises AssertionError naming the place and the fault."""
    _MANIFEST(manifest, "manifest")
    features, settings = manifest.get("features", {}), manifest.get("settings", {})
    _check_scopes(features, settings, manifest.get("oauth_config", {}).get("scopes", {}).get("bot", []))
    _check_tabs(features.get("app_home", {}), settings.get("event_subscriptions", {}).get("bot_events", []))
    _check_urls(features, settings)


def _check_scopes(features: dict[str, Any], settings: dict[str, Any], scopes: list[str]) -> None:
    place = "manifest.oauth_config.scopes.bot"
    for event in settings.get("event_subscriptions", {}).get("bot_events", []):
        _demand(event in EVENT_SCOPES, "manifest.settings.event_subscriptions.bot_events", f"unknown event {event}")
        scope = EVENT_SCOPES[event]
        _demand(scope is None or scope in scopes, place, f"{event} needs {scope}")
    for feature in ("slash_commands", "shortcuts"):
        _demand(feature not in features or "commands" in scopes, place, f"{feature} need commands")
    _demand(not scopes or "bot_user" in features, "manifest.features.bot_user", "bot scopes need a bot user")


def _check_tabs(home: dict[str, Any], events: list[str]) -> None:
    place = "manifest.features.app_home"
    if "message.im" in events:
        _demand(home.get("messages_tab_enabled") is True, place, "direct messages need the messages tab")
        _demand(home.get("messages_tab_read_only_enabled") is False, place, "nobody can write to a read-only tab")
    if "app_home_opened" in events:
        _demand(home.get("home_tab_enabled") is True, place, "app_home_opened needs the Home tab")


def _check_urls(features: dict[str, Any], settings: dict[str, Any]) -> None:
    interactivity = settings.get("interactivity", {})
    if "shortcuts" in features:
        _demand(interactivity.get("is_enabled"), "manifest.settings.interactivity", "shortcuts need it enabled")
    if settings.get("socket_mode_enabled"):
        return
    place = "manifest.settings"
    if settings.get("event_subscriptions", {}).get("bot_events"):
        _demand(
            "request_url" in settings["event_subscriptions"], place, "events without Socket Mode need a request_url"
        )
    if interactivity.get("is_enabled"):
        _demand("request_url" in interactivity, place, "interactivity without Socket Mode needs a request_url")
    for command in features.get("slash_commands", []):
        _demand("url" in command, "manifest.features", f"{command['command']} without Socket Mode needs a url")
