"""What a Discord holds: people, servers, channels, threads, and the messages in them, kept for tests to read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.fakes.discord_components import BUTTON, LINK, SELECTS, TEXT, walk
from tests.fakes.discord_refusals import Json, Refusal, no_access, no_permission

ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
MENTION_EVERYONE = 1 << 17
USE_EXTERNAL_EMOJIS = 1 << 18
MANAGE_THREADS = 1 << 34
SEND_MESSAGES_IN_THREADS = 1 << 38
USE_EXTERNAL_APPS = 1 << 50
ALL = (1 << 53) - 1

MEMBER = (
    VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | SEND_MESSAGES_IN_THREADS
    | USE_EXTERNAL_APPS
)
IN_DM = ATTACH_FILES | EMBED_LINKS | MENTION_EVERYONE | USE_EXTERNAL_EMOJIS  # interactions#interaction-structure

TEXT_CHANNEL, DM, GROUP_DM, THREAD = 0, 1, 3, 11

_EPOCH = 1420070400000  # Discord's first millisecond, reference#snowflakes


class Ids:
    """Give ids as Discord's: the time in them, one millisecond apart at least, so that servers spread over shards."""

    def __init__(self) -> None:
        self._last = 0

    def __call__(self) -> int:
        self._last = max(self._last + 1, int(time.time() * 1000) - _EPOCH)
        return self._last << 22


@dataclass(eq=False)
class User:
    """Somebody with an account."""

    id: int
    name: str
    is_bot: bool = False
    takes_dms: bool = True
    locale: str = "en-US"

    @property
    def ping(self) -> str:
        """How a message names him."""
        return f"<@{self.id}>"


@dataclass(eq=False)
class Guild:
    """A server; `has_bot` is false where the application is only installed by a user."""

    id: int
    name: str
    bot_permissions: int = MEMBER
    has_bot: bool = True
    locale: str = "en-US"
    is_available: bool = True
    channels: list[Channel] = field(default_factory=list)
    members: dict[int, int] = field(default_factory=dict)  # user id -> permissions
    roles: dict[int, int] = field(default_factory=dict)  # permissions -> id of the role that gives them
    system_channel: Channel | None = None


@dataclass(eq=False)
class Channel:
    """A place for messages: a server's channel or thread, or a private one."""

    id: int
    name: str
    kind: int = TEXT_CHANNEL
    guild: Guild | None = None
    parent: Channel | None = None
    people: tuple[User, ...] = ()  # of a private channel
    own_permissions: int | None = None  # the bot's, where they are not the server's
    is_archived: bool = False
    is_locked: bool = False
    is_deleted: bool = False
    messages: list[Message] = field(default_factory=list)

    @property
    def bot_permissions(self) -> int:
        """What the bot may do here."""
        if self.own_permissions is not None:
            return self.own_permissions
        if self.parent:
            return self.parent.bot_permissions
        if self.guild is None:
            return IN_DM | VIEW_CHANNEL | SEND_MESSAGES | READ_MESSAGE_HISTORY
        return self.guild.bot_permissions if self.guild.has_bot else EMBED_LINKS | ATTACH_FILES

    def allows(self, permission: int) -> bool:
        """Whether the bot has a permission here."""
        return bool(self.bot_permissions & (permission | ADMINISTRATOR))


@dataclass(frozen=True)
class Button:
    """A button as somebody sees it."""

    label: str
    emoji: str
    custom_id: str
    url: str
    style: int
    is_disabled: bool

    @property
    def is_link(self) -> bool:
        """Whether it opens an address instead of asking the bot."""
        return self.style == LINK

    def is_called(self, name: str) -> bool:
        """Whether somebody could mean this button by a label, an emoji or both, or a test by its custom_id."""
        plain = self.emoji.removesuffix("\ufe0f")
        return name in (self.label, self.custom_id, f"{self.emoji} {self.label}") or (
            bool(plain) and name.removesuffix("\ufe0f") == plain
        )


@dataclass(eq=False, repr=False)
class Message:
    """A message as it stands; edits change it and leave what was in `history`."""

    id: int
    channel: Channel
    author: User
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    flags: int = 0
    pings: list[str] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    reply_to: Message | None = None
    nonce: str | None = None
    asked_by: Any = None  # the interaction it answers
    is_edited: bool = False
    is_deleted: bool = False
    history: list[Json] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"<message in {self.channel.name!r}: {self.text!r}>"

    @property
    def is_ephemeral(self) -> bool:
        """Whether only the one who asked sees it."""
        return bool(self.flags & 64)

    @property
    def is_loading(self) -> bool:
        """Whether it says no more than that the bot is thinking."""
        return bool(self.flags & 128)

    @property
    def buttons(self) -> list[Button]:
        """Its buttons, in order."""
        return [
            Button(
                label=one.get("label") or "",
                emoji=(one.get("emoji") or {}).get("name") or "",
                custom_id=one.get("custom_id") or "",
                url=one.get("url") or "",
                style=one["style"],
                is_disabled=bool(one.get("disabled")),
            )
            for one in walk(self.components)
            if one["type"] == BUTTON
        ]

    @property
    def selects(self) -> list[Json]:
        """Its select menus, in order, as they were sent."""
        return [one for one in walk(self.components) if one["type"] in SELECTS]

    def button(self, name: str) -> Button:
        """Find a button as a person does: by label, emoji or both."""
        found = [button for button in self.buttons if button.is_called(name)]
        assert found, f"no button {name!r} among {[(b.emoji, b.label) for b in self.buttons]}"
        return found[0]

    @property
    def text(self) -> str:
        """Everything it shows to read, one piece a line, without the buttons."""
        return "\n".join(piece for piece in self._pieces() if piece)

    def _pieces(self) -> Iterator[str]:
        yield self.content
        for embed in self.embeds:
            yield (embed.get("author") or {}).get("name") or ""
            yield embed.get("title") or ""
            yield embed.get("description") or ""
            for row in embed.get("fields") or []:
                yield from (row["name"], row["value"])
            yield (embed.get("footer") or {}).get("text") or ""
        yield from (one["content"] for one in walk(self.components) if one["type"] == TEXT)

    def keep_history(self) -> None:
        """Keep what it shows before it is changed."""
        now = {"content": self.content, "embeds": self.embeds, "components": self.components, "flags": self.flags}
        self.history.append(now)


Emit = Callable[[str, Json, Channel | Guild], None]


class World:
    """All there is on this Discord."""

    def __init__(self, bot_name: str) -> None:
        self.new_id = Ids()
        self.application_id = self.new_id()
        self.bot = User(self.application_id, bot_name, is_bot=True)
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: list[Message] = []
        self.commands: dict[int | None, list[Json]] = {None: []}  # by server, None: everywhere
        self.nonces: dict[str, Message] = {}

    def add_channel(self, name: str, **facts: Any) -> Channel:
        """Make a channel and list it where it belongs."""
        channel = Channel(self.new_id(), name, **facts)
        self.channels[channel.id] = channel
        if channel.guild:
            channel.guild.channels.append(channel)
        return channel

    def dm_with(self, user: User) -> Channel:
        """Give the private channel of the bot and a user, opened if need be."""
        for channel in self.channels.values():
            if channel.kind == DM and channel.people == (user,):
                return channel
        return self.add_channel("", kind=DM, people=(user,))

    def find_message(self, channel: Channel, message_id: str) -> Message | None:
        """Find a message that stands in a channel for all to see."""
        for message in channel.messages:
            if str(message.id) == message_id and not message.is_deleted and not message.is_ephemeral:
                return message
        return None

    def keep(self, message: Message) -> Message:
        """Put a message into its channel."""
        self.messages.append(message)
        message.channel.messages.append(message)
        return message


def may_see(channel: Channel | None) -> Channel:
    """Give the channel if the bot can see it, or refuse."""
    if channel is None or channel.is_deleted:
        raise Refusal(404, 10003, "Unknown Channel")
    is_outside = not channel.guild.has_bot if channel.guild else channel.kind == GROUP_DM
    if is_outside or not channel.allows(VIEW_CHANNEL):
        raise no_access()
    return channel


def may_post(channel: Channel, payload: Json, *, has_files: bool) -> None:
    """Refuse a message that the bot may not send here."""
    if channel.kind == DM:
        if not channel.people[0].takes_dms:
            raise Refusal(403, 50007, "Cannot send messages to this user")
        return
    needed = SEND_MESSAGES_IN_THREADS if channel.kind == THREAD else SEND_MESSAGES
    needs = [needed] + [EMBED_LINKS] * bool(payload.get("embeds")) + [ATTACH_FILES] * has_files
    if not all(map(channel.allows, needs)):
        raise no_permission()
    if channel.is_archived and channel.is_locked and not channel.allows(MANAGE_THREADS):
        raise Refusal(400, 50083, "Thread is archived")
    if payload.get("message_reference") and not channel.allows(READ_MESSAGE_HISTORY):
        raise Refusal(403, 160002, "Cannot reply without permission to read message history")


def timestamp(snowflake: int) -> str:
    """Give the time in an id."""
    return datetime.fromtimestamp(((snowflake >> 22) + _EPOCH) / 1000, UTC).isoformat()
