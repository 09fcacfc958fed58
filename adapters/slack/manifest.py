"""The app's manifest, to paste at api.slack.com/apps: what Slack must know of commands, events and scopes."""

from __future__ import annotations

from typing import Any

from adapters.wording import shorten
from bot.errors import SettingsError
from bot.settings import Settings

SCOPES = ("app_mentions:read", "chat:write", "commands", "im:history")
"""The least: hear mentions, write, take commands, read what is written to the bot directly."""

EVENTS = ("app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked")
SHORTCUT = "ask_about_message"
EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH = "/slack/events", "/slack/install", "/slack/oauth_redirect"

_NAME_LONGEST, _SHORT_LONGEST, _SHORTCUT_LONGEST, _COMMAND_LONGEST = 35, 140, 24, 31


def build_manifest(settings: Settings, address: str = "") -> dict[str, Any]:
    """Build the manifest for Socket Mode, or for HTTP where the bot's public address (https://…) is given.

    Raises SettingsError.
    """
    if len(settings.command_name) > _COMMAND_LONGEST:
        raise SettingsError(f"COMMAND_NAME has more than {_COMMAND_LONGEST} characters, which Slack does not take.")
    if address and not address.startswith("https://"):
        raise SettingsError(f"{address!r} is no address that Slack can reach: it begins with https://.")
    base = address.rstrip("/")
    events = {"request_url": base + EVENTS_PATH} if base else {}
    oauth = {"redirect_urls": [base + REDIRECT_PATH]} if base else {}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": _describe(settings),
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": settings.command_name, "always_online": True},
            "shortcuts": [_build_shortcut(settings)],
            "slash_commands": [_build_command(settings, base)],
        },
        "oauth_config": oauth | {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": events | {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True} | events,
            "org_deploy_enabled": False,
            "socket_mode_enabled": not base,
            "token_rotation_enabled": False,
        },
    }


def _describe(settings: Settings) -> dict[str, str]:
    persona, command = settings.persona, settings.command_name
    return {
        "name": shorten(f"{persona} quotes", _NAME_LONGEST),
        "description": shorten(f"Answers with {persona}'s own words, and where they were said.", _SHORT_LONGEST),
        "long_description": (
            f"Ask `/{command} scaling laws`, mention @{command}, or write to it directly, and it answers with "
            f"{persona}'s own words, word for word: what was asked, the passage that answers, the episode, the date, "
            "and a link that starts the video there. Where nothing was said on it, it says so. A channel that wants it "
            "gets one good quote a day. It reads no channel, pings nobody and keeps no questions."
        ),
        "background_color": "#1f2933",
    }


def _build_command(settings: Settings, base: str) -> dict[str, Any]:
    made = {
        "command": f"/{settings.command_name}",
        "description": shorten(f"What {settings.persona} said, word for word", _SHORT_LONGEST),
        "usage_hint": "scaling laws | random | episodes | daily 09:00 Europe/London weekdays | help",
        # as typed: a query's words, not <@U123> for a name
        "should_escape": False,
    }
    return made | ({"url": base + EVENTS_PATH} if base else {})


def _build_shortcut(settings: Settings) -> dict[str, str]:
    first = settings.persona.partition(" ")[0]
    name = f"What did {first} say on it?"
    return {
        "name": name if len(name) <= _SHORTCUT_LONGEST else "What was said on this?",
        "type": "message",
        "callback_id": SHORTCUT,
        "description": shorten(f"Finds what {settings.persona} said on what a message is about", 150),
    }
