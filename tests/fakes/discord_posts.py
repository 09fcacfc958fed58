"""Messages made, changed and deleted, each checked as Discord checks it, with its pings worked out, and told."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord_checks import EPHEMERAL, LOADING, MOST_NONCE, SETTABLE, check_message
from tests.fakes.discord_components import TEXT, V2, walk
from tests.fakes.discord_gateway import DIRECT_MESSAGES, GUILD_MESSAGES, GUILDS, MESSAGE_CONTENT, Gateway
from tests.fakes.discord_mentions import ORDINARY, mentioned, pings_of
from tests.fakes.discord_payloads import to_channel, to_member, to_message
from tests.fakes.discord_refusals import Form, Json, Refusal, unknown
from tests.fakes.discord_waiting import Changes
from tests.fakes.discord_world import Channel, Message, World, may_post, may_see


class Posts:
    """The messages of a world."""

    def __init__(self, world: World, gateway: Gateway, changes: Changes) -> None:
        self._world = world
        self._gateway = gateway
        self._changes = changes

    def send(self, channel: Channel | None, payload: Json, files: list[Json]) -> Message:
        """Post a message of the bot into a channel, once for each nonce that is to be enforced.

        Raises:
            Refusal: it may not post there, or not this.
        """
        place = may_see(channel)
        may_post(place, payload, has_files=bool(files))
        flags = int(payload.get("flags") or 0) & SETTABLE
        check_message(payload, flags=flags, others=bool(files or payload.get("sticker_ids") or payload.get("poll")))
        nonce = str(payload["nonce"]) if payload.get("nonce") is not None else None
        if nonce and payload.get("enforce_nonce") and nonce in self._world.nonces:
            return self._world.nonces[nonce]
        reply_to = self._find_replied(place, payload.get("message_reference"))
        message = self.make(place, payload, flags, ORDINARY, attachments=files, reply_to=reply_to, nonce=nonce)
        if nonce:
            assert len(nonce) <= MOST_NONCE
            self._world.nonces[nonce] = message
        return message

    def make(self, channel: Channel, payload: Json, flags: int, default: tuple[str, ...], **facts: Any) -> Message:
        """Make a message that has been checked, the bot's if `author` is not given; tell of it unless it is private."""
        author = facts.pop("author", self._world.bot)
        message = Message(self._world.new_id(), channel, author, flags=flags, **facts)
        self._fill(message, payload, default)
        self._world.keep(message)
        if channel.is_archived and not channel.is_locked:
            channel.is_archived = False  # whoever writes in a sleeping thread wakes it, topics/threads
            self._gateway.dispatch("THREAD_UPDATE", to_channel(self._world, channel), channel, GUILDS)
        self._tell("MESSAGE_CREATE", message)
        return message

    def edit(self, message: Message, payload: Json, default: tuple[str, ...], files: list[Json]) -> Message:
        """Change what a payload names of a message, checking the message as it would then stand.

        Raises:
            Refusal: it would break a limit.
        """
        asked = int(payload.get("flags") or 0)
        flags = message.flags & ~LOADING | asked & V2  # the second layout cannot be taken back, nor privacy changed
        if "flags" in payload:
            flags = flags & ~(1 << 2) | asked & (1 << 2)
        now = {"content": message.content, "embeds": message.embeds, "components": message.components}
        merged = now | {key: value for key, value in payload.items() if key in now}
        others = bool(files or (payload.get("attachments", True) and message.attachments))
        mentions = {"allowed_mentions": payload.get("allowed_mentions")}
        check_message(merged | mentions, flags=flags, others=others)
        if not message.is_loading:
            message.keep_history()
            message.is_edited = True
        message.flags = flags
        message.attachments = files if files or payload.get("attachments") == [] else message.attachments
        changes_words = "content" in payload or "components" in payload
        self._fill(message, merged | mentions, default, keep_pings=not changes_words)
        self._tell("MESSAGE_UPDATE", message)
        return message

    def delete(self, message: Message) -> None:
        """Delete a message."""
        message.is_deleted = True
        gone = {"id": str(message.id), "channel_id": str(message.channel.id)} | _to_guild_id(message.channel)
        self._gateway.dispatch("MESSAGE_DELETE", gone, message.channel, _intent(message.channel))

    def own(self, channel: Channel | None, message_id: str) -> Message:
        """Find a message that the bot may change.

        Raises:
            Refusal: there is none, or somebody else wrote it.
        """
        message = self._world.find_message(may_see(channel), message_id)
        if message is None:
            raise unknown("Message")
        if message.author is not self._world.bot:
            raise Refusal(403, 50005, "Cannot edit a message authored by another user")
        return message

    def to_json(self, message: Message) -> Json:
        """Give the message object that the bot is answered with."""
        intents = self._gateway.granted_intents
        return to_message(self._world, message, with_words=self.shows_words(message, intents))

    def shows_words(self, message: Message, intents: int) -> bool:
        """Whether the bot is shown a message's words: events/gateway#message-content-intent."""
        is_own = message.author is self._world.bot or message.asked_by is not None
        names = {one for one in mentioned([message.content]) if one == self._world.bot.id}
        answers_bot = message.reply_to is not None and f"<@{self._world.bot.id}>" in message.pings
        private = message.channel.guild is None
        return bool(intents & MESSAGE_CONTENT or is_own or names or answers_bot or private)

    def _fill(self, message: Message, payload: Json, default: tuple[str, ...], *, keep_pings: bool = False) -> None:
        message.content = (payload.get("content") or "").strip()
        message.embeds = payload.get("embeds") or []
        message.components = payload.get("components") or []
        if not keep_pings:
            texts = [message.content, *(one["content"] for one in walk(message.components) if one["type"] == TEXT)]
            replied_to = message.reply_to.author.id if message.reply_to else None
            message.pings = pings_of(texts, payload.get("allowed_mentions"), default, replied_to)

    def _find_replied(self, channel: Channel, reference: Json | None) -> Message | None:
        if not reference:
            return None
        found = self._world.find_message(channel, str(reference.get("message_id")))
        if found is None and reference.get("fail_if_not_exists", True):
            form = Form()
            form.fault(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            form.close()
        return found

    def _tell(self, event: str, message: Message) -> None:
        self._changes.tell()
        if message.flags & EPHEMERAL:
            return
        channel = message.channel
        if channel.guild and not (channel.guild.has_bot and channel.bot_permissions):
            return

        def build(intents: int) -> Json:
            shown = to_message(self._world, message, with_words=self.shows_words(message, intents))
            if channel.guild:
                member = to_member(channel.guild, message.author)
                del member["user"]
                shown |= {"guild_id": str(channel.guild.id), "member": member}
            return shown

        self._gateway.dispatch(event, build, channel, _intent(channel))


def _intent(channel: Channel) -> int:
    return GUILD_MESSAGES if channel.guild else DIRECT_MESSAGES


def _to_guild_id(channel: Channel) -> Json:
    return {"guild_id": str(channel.guild.id)} if channel.guild else {}
