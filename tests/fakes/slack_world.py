"""What the fake Slack knows: workspaces, channels, people, the app's messages there, and every change in order."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from tests.fakes.slack_checks import RefusedError
from tests.fakes.slack_pings import find_loose_pings, find_pings

PATIENCE = 5.0  # seconds to wait for what ought to happen at once
APP_ID = "A0FAKE"
RESPONSE_URL_USES = 5
RESPONSE_URL_LIFE = 30 * 60.0  # seconds
TRIGGER_LIFE = 3.0  # seconds

LEAST_SCOPES = ("app_mentions:read", "chat:write", "commands", "im:history")
# The scope without which Slack sends the app no such event (each event's reference page).
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.mpim": "mpim:history",
    "app_home_opened": None,
    "app_uninstalled": None,
    "tokens_revoked": None,
}

Via = Literal["api", "response_url", "ack"]
Deed = Literal["post", "update", "delete", "publish", "open"]


@dataclass(eq=False)
class Team:
    """A workspace with the app's token in it."""

    id: str
    name: str
    bot_token: str
    bot_user_id: str = "UBOT"
    bot_id: str = "BBOT"
    scopes: set[str] = field(default_factory=lambda: set(LEAST_SCOPES))
    refused_with: str | None = None  # token_revoked, account_inactive …: what every call answers

    @property
    def domain(self) -> str:
        """Name the workspace as its address does."""
        return self.name.lower().replace(" ", "-")


@dataclass(eq=False)
class Channel:
    """A conversation; `messages` are those of the app still to be seen, oldest first."""

    id: str
    name: str
    team: Team = field(repr=False)
    kind: Literal["public", "private", "im"] = "public"
    member: bool = True  # the app's bot user is in it
    archived: bool = False
    user_id: str | None = None  # the other side of a direct message
    messages: list[Message] = field(default_factory=list, repr=False)


@dataclass(frozen=True)
class Profile:
    """What users.info knows of somebody."""

    id: str
    name: str
    team: Team
    tz: str = "Etc/UTC"
    tz_offset: int = 0  # seconds
    locale: str = "en-US"


@dataclass(frozen=True)
class Message:
    """A message of the app as Slack keeps it."""

    channel: Channel
    ts: str
    text: str
    blocks: tuple[dict[str, Any], ...] = ()
    attachments: tuple[dict[str, Any], ...] = ()
    thread_ts: str | None = None
    ephemeral_to: str | None = None  # the one user who sees it
    unfurl_links: bool | None = None
    unfurl_media: bool | None = None
    metadata: Any = None
    pings: tuple[str, ...] = ()
    loose_pings: tuple[str, ...] = ()
    edits: int = 0

    def payload(self) -> dict[str, Any]:
        """Give the message as Slack's payloads hold it."""
        team = self.channel.team
        body: dict[str, Any] = {"type": "message", "ts": self.ts, "text": self.text, "team": team.id}
        body |= {"user": team.bot_user_id, "bot_id": team.bot_id, "app_id": APP_ID, "blocks": list(self.blocks)}
        if self.thread_ts is not None:
            body["thread_ts"] = self.thread_ts
        if self.attachments:
            body["attachments"] = list(self.attachments)
        return body


@dataclass(frozen=True)
class View:
    """A Home tab or modal as somebody sees it."""

    id: str
    user_id: str
    team: Team
    body: dict[str, Any]
    hash: str

    @property
    def blocks(self) -> tuple[dict[str, Any], ...]:
        """Give the blocks it shows."""
        return tuple(self.body.get("blocks") or ())


@dataclass(eq=False)
class Change:
    """One thing the app did that somebody can see."""

    deed: Deed
    via: Via
    shown: Message | View
    token: str | None = None  # the response_url, or the envelope whose acknowledgement it came in
    at: float = field(default_factory=time.perf_counter)
    taken: bool = False  # a handle has it as its answer


@dataclass
class ResponseUrl:
    """A response_url handed out: where it posts, for whom, and how often it was used."""

    token: str
    channel: Channel
    user_id: str
    original: Message | None = None  # the message clicked; a command has none
    uses: int = 0
    until: float = field(default_factory=lambda: time.monotonic() + RESPONSE_URL_LIFE)


@dataclass
class Trigger:
    """A trigger_id, good for one view within three seconds."""

    user_id: str
    used: bool = False
    until: float = field(default_factory=lambda: time.monotonic() + TRIGGER_LIFE)


class World:
    """All the state of the fake, with a condition told of every change."""

    def __init__(self) -> None:
        self.team = Team("T0FAKE", "Podcast Friends", "xoxb-fake-bot-token")
        self.teams = {self.team.id: self.team}
        self.channels: dict[str, Channel] = {}
        self.profiles: dict[str, Profile] = {}
        self.views: dict[str, View] = {}  # the Home tab of each user
        self.changes: list[Change] = []
        self.refusals: list[RefusedError] = []
        self.response_urls: dict[str, ResponseUrl] = {}
        self.triggers: dict[str, Trigger] = {}
        self.codes: dict[str, Team] = {}  # OAuth codes not yet exchanged
        self.messages_tab = True
        self.home_tab = True
        self.changed = asyncio.Condition()
        self._numbers = itertools.count(1)

    def next_ts(self) -> str:
        """Give a time stamp never given before, in order."""
        return f"{int(time.time())}.{next(self._numbers):06d}"

    def next_id(self, letter: str) -> str:
        """Give an id never given before."""
        return f"{letter}0{next(self._numbers):07d}"

    def channel_of(self, place: str, team: Team) -> Channel | None:
        """Find a conversation by id, by #name or, for a direct message, by the user's id."""
        if place in self.profiles:
            place = self.dm(place).id
        for channel in self.channels.values():
            if channel.team is team and (place in (channel.id, f"#{channel.name}", channel.name)):
                return channel
        return None

    def dm(self, user_id: str) -> Channel:
        """Give the direct message between the app and a user, opened if need be."""
        place = f"D{user_id[1:]}"
        team = self.profiles[user_id].team
        return self.channels.setdefault(place, Channel(place, "directmessage", team, kind="im", user_id=user_id))

    def issue_response_url(self, channel: Channel, user_id: str, original: Message | None = None) -> ResponseUrl:
        """Hand out a new response_url."""
        issued = ResponseUrl(secrets.token_hex(8), channel, user_id, original)
        self.response_urls[issued.token] = issued
        return issued

    def issue_trigger(self, user_id: str) -> str:
        """Hand out a new trigger_id."""
        name = f"{next(self._numbers)}.{secrets.token_hex(8)}"
        self.triggers[name] = Trigger(user_id)
        return name

    def post(self, channel: Channel, payload: dict[str, Any], *, to: str | None = None) -> Message:
        """Keep a new message (checked already), seen by all of a channel or by one user."""
        thread_ts = payload.get("thread_ts")
        message = Message(
            channel, self.next_ts(), payload["text"], thread_ts=str(thread_ts) if thread_ts else None, ephemeral_to=to
        )
        message = _dress(message, payload)
        channel.messages.append(message)
        return message

    def update(self, old: Message, payload: dict[str, Any]) -> Message:
        """Put new content in the place of a message's old content."""
        channel = old.channel
        now = self.find(channel, old.ts) or old
        new = _dress(replace(now, text=payload["text"], edits=now.edits + 1), payload)
        channel.messages = [new if each.ts == old.ts else each for each in channel.messages]
        return new

    def delete(self, old: Message) -> None:
        """Take a message away."""
        old.channel.messages = [each for each in old.channel.messages if each.ts != old.ts]

    @staticmethod
    def find(channel: Channel, ts: object) -> Message | None:
        """Give a message as it is now, or None where it is no more."""
        return next((each for each in channel.messages if each.ts == ts), None)

    @property
    def messages(self) -> list[Message]:
        """List every message of the app still to be seen, oldest first."""
        return sorted((m for channel in self.channels.values() for m in channel.messages), key=lambda m: m.ts)

    @property
    def pings(self) -> list[str]:
        """List everybody notified by anything the app ever did."""
        return [who for change in self.changes if isinstance(change.shown, Message) for who in change.shown.pings]

    async def record(self, change: Change | None = None) -> None:
        """Keep a change and wake whoever waits; without one, only wake them."""
        if change is not None:
            self.changes.append(change)
        async with self.changed:
            self.changed.notify_all()

    async def wait_for(self, predicate: Callable[[], Any], timeout: float = PATIENCE) -> Any:  # noqa: ASYNC109
        """Wait until something holds and give it.

        Raises TimeoutError after `timeout` seconds, saying what was seen last.
        """
        try:
            async with asyncio.timeout(timeout), self.changed:
                return await self.changed.wait_for(predicate)
        except TimeoutError as late:
            done = [f"{change.deed} by {change.via}" for change in self.changes[-5:]]
            refused = [str(refusal) for refusal in self.refusals[-5:]]
            raise TimeoutError(f"nothing within {timeout} s; last changes: {done}; last refusals: {refused}") from late


def _flag(value: object) -> bool | None:
    return None if value is None else value in (True, 1, "1", "true", "True")


def _dress(message: Message, payload: dict[str, Any]) -> Message:
    """Put a checked payload's content on a message, and note whom it would notify."""
    return replace(
        message,
        blocks=tuple(payload.get("blocks") or ()),
        attachments=tuple(payload.get("attachments") or ()),
        unfurl_links=_flag(payload.get("unfurl_links")),
        unfurl_media=_flag(payload.get("unfurl_media")),
        metadata=payload.get("metadata"),
        pings=find_pings(payload),
        loose_pings=find_loose_pings(payload),
    )
