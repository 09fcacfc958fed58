"""People of the fake workspace: what they type and click, and what comes of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.fakes.slack_client import Ack, Deliver, Envelope, Kind, Retry
from tests.fakes.slack_payloads import (
    Payload,
    build_click,
    build_command,
    build_event,
    build_global_shortcut,
    build_message_shortcut,
    build_said,
    find_action,
)
from tests.fakes.slack_world import EVENT_SCOPES, PATIENCE, Change, Channel, Message, Profile, View

if TYPE_CHECKING:
    from tests.fakes.slack_server import FakeSlack

ACK_DEADLINE = 3.0  # seconds, Slack's own

Fits = Callable[[Change], bool]


class Handle:
    """One thing somebody did, on its way to the bot: how it was acknowledged and what came of it."""

    def __init__(self, server: FakeSlack, envelope: Envelope, fits: Fits, by: Deliver | None) -> None:
        self.envelope = envelope
        self.since = len(server.changes)
        self.sent_at = time.perf_counter()
        self.taken: list[Change] = []
        self._server = server
        self._fits = fits
        self._delivery = server.begin(self._deliver(by))

    @property
    def payload(self) -> Payload:
        """Give what was delivered."""
        return self.envelope.payload

    @property
    def event_id(self) -> str:
        """Give the event's id (events only)."""
        return str(self.payload["event_id"])

    @property
    def ts(self) -> str:
        """Give the time stamp of the person's message (events only)."""
        return str(self.payload["event"]["ts"])

    @property
    def response_token(self) -> str | None:
        """Give the token of the response_url that went along, if any."""
        url = self.payload.get("response_url")
        return str(url).rsplit("/", 1)[1] if url else None

    async def ack(self, deadline: float = ACK_DEADLINE) -> Ack:
        """Wait for the acknowledgement. Raises TimeoutError after `deadline` seconds without one."""
        async with asyncio.timeout(deadline):
            return await asyncio.shield(self._delivery)

    async def answer(self, number: int = 1, timeout: float = PATIENCE) -> Any:  # noqa: ASYNC109
        """Wait for the first (second …) message or view that came of this. Raises TimeoutError.

        It counts whichever way it came: the acknowledgement's body, the response_url, or the Web API.
        """

        def enough() -> bool:
            self._take(number)
            return len(self.taken) >= number

        await self._server.wait_for(enough, timeout)
        return self.taken[number - 1].shown

    def answers(self) -> list[Any]:
        """List what came of this so far and is no other's answer."""
        self._take(len(self._server.changes))
        return [change.shown for change in self.taken]

    async def seconds(self) -> float:
        """Give the time from sending to the first answer."""
        await self.answer()
        return self.taken[0].at - self.sent_at

    def again(self, by: Deliver | None = None) -> Handle:
        """Deliver the very same thing once more."""
        return Handle(self._server, self.envelope, self._fits, by)

    def retried(self, attempt: int = 1, reason: str = "http_timeout", by: Deliver | None = None) -> Handle:
        """Deliver the very same thing as Slack's nth retry."""
        return Handle(self._server, replace(self.envelope, retry=Retry(attempt, reason)), self._fits, by)

    def renamed(self, by: Deliver | None = None) -> Handle:
        """Deliver the same (team, channel, ts) under a new event_id."""
        payload = {**self.payload, "event_id": self._server.next_id("Ev")}
        return Handle(self._server, replace(self.envelope, payload=payload), self._fits, by)

    async def _deliver(self, by: Deliver | None) -> Ack:
        ack = await (by or self._server.deliver)(self.envelope)
        if self.envelope.kind == "slash_commands" and ack.ok and ack.body and self.response_token:
            await self._server.show_ack(self.response_token, ack.body)
        return ack

    def _take(self, most: int) -> None:
        """Claim changes up to so many, so that each is the answer to one thing only."""
        for change in self._server.changes[self.since :]:
            if len(self.taken) >= most:
                return
            if not change.taken and change.deed != "delete" and self._is_mine(change):
                change.taken = True
                self.taken.append(change)

    def _is_mine(self, change: Change) -> bool:
        if change.token is not None:
            return change.token == self.response_token
        return self._fits(change)


class Person:
    """Somebody who uses the bot; every verb sends at once and gives a handle.

    `by` delivers in another way than the server's: `server.http.forged`, for one.
    """

    def __init__(self, server: FakeSlack, profile: Profile) -> None:
        self.profile = profile
        self.id = profile.id
        self._server = server

    def command(
        self, command: str, text: str = "", *, channel: Channel | None = None, by: Deliver | None = None
    ) -> Handle:
        """Type a slash command, in the direct message unless told where."""
        place = channel or self.im
        issued = self._server.issue_response_url(place, self.id)
        url = f"{self._server.url}/response/{issued.token}"
        payload = build_command(self._server, self.profile, place, command, text, url)
        return self._send("slash_commands", payload, self._told, by)

    def mention(
        self,
        text: str,
        channel: Channel,
        thread_ts: str | None = None,
        *,
        again: Handle | None = None,
        ts: str | None = None,
        by: Deliver | None = None,
    ) -> Handle:
        """Mention the bot in a channel, the text as Slack words it (`<@UBOT> scaling laws`)."""
        if not channel.member:
            raise ValueError(f"Slack sends no app_mention from #{channel.name}, where the bot is not")
        ts = ts or (again.ts if again else self._server.next_ts())
        said = build_said(self.profile, channel, text, ts, thread_ts)
        root = thread_ts or ts
        return self._event({"type": "app_mention", **said}, "app_mention", self._replied(channel, root), again, by)

    def dm(
        self,
        text: str,
        thread_ts: str | None = None,
        *,
        again: Handle | None = None,
        ts: str | None = None,
        by: Deliver | None = None,
    ) -> Handle:
        """Write to the bot directly."""
        ts = ts or (again.ts if again else self._server.next_ts())
        said = build_said(self.profile, self.im, text, ts, thread_ts)
        event = {"type": "message", "channel_type": "im", **said}
        return self._event(event, "message.im", self._replied(self.im, None), again, by)

    def edit(self, written: Handle, text: str, *, by: Deliver | None = None) -> Handle:
        """Change a message written to the bot before (message_changed)."""
        before = {name: value for name, value in written.payload["event"].items() if name != "event_ts"}
        ts = self._server.next_ts()
        now = {**before, "text": text, "edited": {"user": self.id, "ts": ts}}
        event = {"type": "message", "subtype": "message_changed", "hidden": True, "channel": before["channel"]}
        event |= {"channel_type": "im", "message": now, "previous_message": before, "ts": ts, "event_ts": ts}
        return self._event(event, "message.im", self._replied(self.im, None), None, by)

    def shortcut(
        self, callback_id: str, text: str, channel: Channel, *, thread_ts: str | None = None, by: Deliver | None = None
    ) -> Handle:
        """Take a message shortcut on somebody's message that says `text`."""
        message = {"type": "message", "user": "U0OTHER", "ts": self._server.next_ts(), "text": text}
        message |= {"team": self.profile.team.id} | ({"thread_ts": thread_ts} if thread_ts else {})
        issued = self._server.issue_response_url(channel, self.id)
        payload = build_message_shortcut(
            self._server, self.profile, callback_id, message, channel, f"{self._server.url}/response/{issued.token}"
        )
        return self._send("interactive", payload, self._told, by)

    def global_shortcut(self, callback_id: str, *, by: Deliver | None = None) -> Handle:
        """Take a global shortcut."""
        return self._send("interactive", build_global_shortcut(self._server, self.profile, callback_id), self._told, by)

    def click(self, target: Message | View, wanted: str, *, by: Deliver | None = None) -> Handle:
        """Click what bears a label or action_id, in the message or view as it is now.

        Raises LookupError where it is gone, hidden from this person, or holds no such thing.
        """
        target = self._see(target)
        return self._click(target, find_action(target, wanted), by)

    def click_raw(
        self, action_id: str, value: str, target: Message | View, *, block_id: str = "b0", by: Deliver | None = None
    ) -> Handle:
        """Send a button's click whether or not there is such a button."""
        label = {"type": "plain_text", "text": action_id, "emoji": True}
        names = {"type": "button", "block_id": block_id, "action_id": action_id}
        return self._click(target, {**names, "text": label, "value": value}, by)

    def open_home(self, tab: str = "home", *, by: Deliver | None = None) -> Handle:
        """Open the app's Home tab."""
        ts = self._server.next_ts()
        event = {"type": "app_home_opened", "user": self.id, "channel": self.im.id, "tab": tab, "event_ts": ts}
        return self._event(event, "app_home_opened", self._told, None, by)

    def uninstall(self, *, by: Deliver | None = None) -> Handle:
        """Remove the app from the workspace: its tokens are dead before it hears of it."""
        self.profile.team.refused_with = "account_inactive"
        event = {"type": "app_uninstalled", "event_ts": self._server.next_ts()}
        return self._event(event, "app_uninstalled", self._told, None, by)

    def revoke_tokens(self, *, by: Deliver | None = None) -> Handle:
        """Revoke the app's bot token."""
        self.profile.team.refused_with = "token_revoked"
        tokens = {"oauth": [], "bot": [self.profile.team.bot_user_id]}
        event = {"type": "tokens_revoked", "tokens": tokens, "event_ts": self._server.next_ts()}
        return self._event(event, "tokens_revoked", self._told, None, by)

    @property
    def im(self) -> Channel:
        """Give the direct message with the bot."""
        return self._server.dm(self.id)

    @property
    def home(self) -> View:
        """Give the Home tab as this person sees it. Raises KeyError before the app published one."""
        return self._server.views[self.id]

    def sees(self, message: Message) -> bool:
        """Tell whether a message is shown to this person."""
        return message.ephemeral_to in (None, self.id) and message.channel.user_id in (None, self.id)

    def _see(self, target: Message | View) -> Message | View:
        if isinstance(target, View):
            return target if target.id != self._server.views.get(self.id, target).id else self.home
        now = self._server.find(target.channel, target.ts)
        if now is None or not self.sees(now):
            raise LookupError(f"{self.id} does not see the message {target.ts}")
        return now

    def _click(self, target: Message | View, action: Payload, by: Deliver | None) -> Handle:
        url = ""
        if isinstance(target, Message):
            issued = self._server.issue_response_url(target.channel, self.id, target)
            url = f"{self._server.url}/response/{issued.token}"
        payload = build_click(self._server, self.profile, target, action, url)

        def fits(change: Change) -> bool:
            same = isinstance(target, Message) and isinstance(change.shown, Message)
            return (same and change.shown.channel is target.channel) or self._told(change)  # type: ignore[union-attr]

        return self._send("interactive", payload, fits, by)

    def _told(self, change: Change) -> bool:
        """Tell whether a change by the Web API is for this person alone."""
        shown = change.shown
        if isinstance(shown, View):
            return shown.user_id == self.id
        return self.id in (shown.ephemeral_to, shown.channel.user_id)

    def _replied(self, channel: Channel, root: str | None) -> Fits:
        """Tell what replies to an event: in its thread, or in the same direct message, or for this person alone."""

        def fits(change: Change) -> bool:
            shown = change.shown
            if isinstance(shown, Message) and shown.channel is channel and shown.ephemeral_to is None:
                return root is None or shown.thread_ts == root
            return self._told(change)

        return fits

    def _event(self, event: Payload, name: str, fits: Fits, again: Handle | None, by: Deliver | None) -> Handle:
        scope = EVENT_SCOPES[name]
        if scope is not None and scope not in self.profile.team.scopes:
            raise ValueError(f"Slack sends no {name} to an app without {scope}")
        event_id = again.event_id if again else None
        return self._send("events_api", build_event(self._server, self.profile.team, event, event_id), fits, by)

    def _send(self, kind: Kind, payload: Payload, fits: Fits, by: Deliver | None) -> Handle:
        return Handle(self._server, Envelope(kind, payload), fits, by)
