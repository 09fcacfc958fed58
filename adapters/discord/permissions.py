"""What the bot may do where, and the link that invites it with no more than that."""

from __future__ import annotations

from base64 import b64decode

import discord
from discord import Permissions

from bot.errors import SettingsError

NEEDED = Permissions(view_channel=True, send_messages=True, send_messages_in_threads=True, embed_links=True)
"""All that the bot ever uses; slash commands need none of it."""

_NAMES = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "embed_links": "Embed Links",
}


def build_intents() -> discord.Intents:
    """Choose what the gateway sends: servers that come and go, and messages, with words only where it is mentioned."""
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


def to_invite(application_id: int) -> str:
    """Make the link that invites the bot to a server, or installs it for a user."""
    return discord.utils.oauth_url(application_id, permissions=NEEDED, scopes=("bot", "applications.commands"))


def read_application_id(token: str) -> int:
    """Read a bot's id, which is its application's, from its token, whose first part is that in base64.

    Raises SettingsError.
    """
    first = token.partition(".")[0]
    try:
        return int(b64decode(first + "=" * (-len(first) % 4), validate=True))
    except ValueError:
        wrong = "is not a bot's token: copy it anew" if token else "is not set"
        raise SettingsError(f'DISCORD_TOKEN {wrong} (README, "Discord").') from None


def name_missing(held: Permissions, *, is_thread: bool) -> tuple[str, ...]:
    """Name what is missing to post in a channel or thread."""
    send = "send_messages_in_threads" if is_thread else "send_messages"
    return tuple(_NAMES[name] for name in ("view_channel", send, "embed_links") if not getattr(held, name))


def may_set_up(held: Permissions) -> bool:
    """Whether somebody may decide about a channel's daily quote."""
    return held.manage_guild or held.manage_channels


def name_all(permissions: Permissions) -> str:
    """Name permissions as Discord's settings do."""
    return ", ".join(shown for name, shown in _NAMES.items() if getattr(permissions, name))
