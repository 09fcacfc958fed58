"""Interactions: what somebody asks of the bot, and the life of the answer.

Rules: Discord's documentation, interactions/receiving-and-responding.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord_checks import (
    EPHEMERAL,
    LOADING,
    SETTABLE,
    check_answer_type,
    check_choices,
    check_deferral,
    check_message,
)
from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_mentions import INTERACTION
from tests.fakes.discord_payloads import to_member, to_message, to_partial_channel, to_user
from tests.fakes.discord_posts import Posts
from tests.fakes.discord_refusals import Form, Json, Refusal, unknown
from tests.fakes.discord_waiting import Changes
from tests.fakes.discord_world import DM, USE_EXTERNAL_APPS, Channel, Message, User, World

COMMAND, COMPONENT, AUTOCOMPLETE = 2, 3, 4
MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
GUILD_CONTEXT, BOT_DM_CONTEXT, PRIVATE_CONTEXT = 0, 1, 2

RESPONSE_DEADLINE = 3.0  # seconds
TOKEN_LIFE = 15 * 60.0  # seconds
MOST_FOLLOWUPS_OUTSIDE = 5  # where the application is installed by the user only


@dataclass(eq=False)
class Interaction:
    """Something asked of the bot; await it for the message that answers it in the end."""

    id: int
    kind: int
    user: User
    channel: Channel
    data: Json
    owners: dict[str, str]
    born: float
    changes: Changes
    permissions: int = 0
    locale: str = "en-US"
    message: Message | None = None  # the one whose component was used
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    option_kind: int = 3  # of the option that is completed
    callback: Json | None = None  # the first response
    original: Message | None = None
    is_original_edited: bool = False
    followups: list[Message] = field(default_factory=list)
    choices: list[Json] | None = None
    is_expired: bool = False

    @property
    def response_type(self) -> int | None:
        """The type of the first response, or None before it."""
        return int(self.callback["type"]) if self.callback else None

    @property
    def is_ephemeral(self) -> bool:
        """Whether the answer, or the thought before it, is shown to the one who asked only."""
        return bool(self.original and self.original.is_ephemeral)

    @property
    def is_forced_private(self) -> bool:
        """Whether the server keeps applications from outside private."""
        return bool(self.channel.guild and "0" not in self.owners and not self.permissions & USE_EXTERNAL_APPS)

    def __await__(self) -> Generator[Any, None, Message]:
        return self.answer().__await__()

    def __repr__(self) -> str:
        return f"<interaction {self.kind} by {self.user.name}: {self.data}>"

    async def acknowledged(self, timeout: float = 5.0) -> Json:  # noqa: ASYNC109
        """Wait for the first response, as it was sent."""
        return await self.changes.wait_for(lambda: self.callback, f"a first response to {self}", timeout)

    async def answer(self, timeout: float = 5.0) -> Message:  # noqa: ASYNC109
        """Wait for the message that answers: at once, after a deferral, or as a follow-up to a silent one."""
        return await self.changes.wait_for(self._find_answer, f"an answer to {self}", timeout)

    async def followup(self, count: int = 1, timeout: float = 5.0) -> Message:  # noqa: ASYNC109
        """Wait for a number of follow-ups, and give the last of them."""
        await self.changes.wait_for(lambda: len(self.followups) >= count, f"follow-up {count} to {self}", timeout)
        return self.followups[count - 1]

    async def suggestions(self, timeout: float = 5.0) -> list[Json]:  # noqa: ASYNC109
        """Wait for the choices offered for what was typed."""
        await self.acknowledged(timeout)
        assert self.choices is not None
        return self.choices

    def to_metadata(self) -> Json:
        """Give what a message tells of the interaction behind it."""
        shown: Json = {"id": str(self.id), "type": self.kind, "user": to_user(self.user)}
        if self.message:
            shown["interacted_message_id"] = str(self.message.id)
        return shown | {"authorizing_integration_owners": self.owners}

    def _find_answer(self) -> Message | None:
        stands = self.original and not self.original.is_deleted and not self.original.is_loading
        if self.original and stands and (self.response_type in (MESSAGE, UPDATE) or self.is_original_edited):
            return self.original
        return self.followups[0] if self.followups else None


class Desk:
    """Where interactions are handed out, and answered."""

    def __init__(self, world: World, gateway: Gateway, posts: Posts, changes: Changes) -> None:
        self._world = world
        self._gateway = gateway
        self._posts = posts
        self._changes = changes
        self.interactions: list[Interaction] = []
        self.response_deadline = RESPONSE_DEADLINE
        self.token_life = TOKEN_LIFE

    def ask(
        self, kind: int, user: User, channel: Channel, data: Json, owners: dict[str, str], **facts: Any
    ) -> Interaction:
        """Tell the bot of an interaction."""
        new_id, now = self._world.new_id(), asyncio.get_running_loop().time()
        interaction = Interaction(new_id, kind, user, channel, data, owners, now, self._changes, **facts)
        self.interactions.append(interaction)
        is_here = channel.guild is not None and channel.guild.has_bot
        # Without a server that has the bot there is no shard for it: the interaction goes where private ones go.
        place = channel if is_here else None
        self._gateway.dispatch("INTERACTION_CREATE", self._to_json(interaction), place)
        return interaction

    def respond(self, interaction_id: str, token: str, payload: Json, files: list[Json]) -> Json:
        """Take the first response and give what Discord answers if asked to.

        Raises:
            Refusal: 10062 too late or unknown, 40060 a second time, 50035 not as it should be.
        """
        interaction = next((i for i in self.interactions if (str(i.id), i.token) == (interaction_id, token)), None)
        if interaction is None or (interaction.callback is None and self._is_late(interaction)):
            raise unknown("Interaction")
        if interaction.callback is not None:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        kind, data = payload.get("type"), payload.get("data") or {}
        check_answer_type(interaction.kind, kind)
        self._first(interaction, int(str(kind)), data, files)
        interaction.callback = payload
        self._changes.tell()
        return self._to_callback(interaction, int(str(kind)))

    def find(self, token: str) -> Interaction:
        """Find the interaction of a token that can still be used.

        Raises:
            Refusal: 10015 not yet responded to or unknown, 50027 lapsed.
        """
        interaction = next((one for one in self.interactions if one.token == token), None)
        if interaction is None or interaction.callback is None:
            raise unknown("Webhook")
        if interaction.is_expired or self._age(interaction) > self.token_life:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        return interaction

    def original(self, interaction: Interaction) -> Message:
        """Give the message of the first response, or refuse where there is none."""
        if interaction.original is None or interaction.original.is_deleted:
            raise unknown("Message")
        return interaction.original

    def message(self, interaction: Interaction, message_id: str) -> Message:
        """Give a message that the interaction's token may change."""
        if message_id == "@original":
            return self.original(interaction)
        own = [*interaction.followups, *filter(None, [interaction.original])]
        found = next((one for one in own if str(one.id) == message_id and not one.is_deleted), None)
        if found is None:
            raise unknown("Message")
        return found

    def edit(self, interaction: Interaction, message: Message, payload: Json, files: list[Json]) -> Message:
        """Change a message of an interaction."""
        self._posts.edit(message, payload, INTERACTION, files)
        if message is interaction.original:
            interaction.is_original_edited = True
        self._changes.tell()
        return message

    def follow_up(self, interaction: Interaction, payload: Json, files: list[Json]) -> Message:
        """Post a follow-up; the first one after a deferral takes the place of the waiting message."""
        original = interaction.original
        if original and original.is_loading and not original.is_deleted:
            return self.edit(interaction, original, payload, files)
        if "0" not in interaction.owners and len(interaction.followups) >= MOST_FOLLOWUPS_OUTSIDE:
            message = "This interaction has reached the maximum number of follow-up messages"
            raise Refusal(400, 40094, message)
        message_made = self._make(interaction, payload, files)
        interaction.followups.append(message_made)
        self._changes.tell()
        return message_made

    def _first(self, interaction: Interaction, kind: int, data: Json, files: list[Json]) -> None:
        if kind == MESSAGE:
            interaction.original = self._make(interaction, data, files)
        elif kind == DEFERRED_MESSAGE:
            check_deferral(data)
            flags = LOADING | self._private(interaction, data)
            interaction.original = self._posts.make(interaction.channel, {}, flags, (), asked_by=interaction)
        elif kind == DEFERRED_UPDATE:
            interaction.original = interaction.message
        elif kind == UPDATE:
            assert interaction.message is not None
            interaction.original = self._posts.edit(interaction.message, data, INTERACTION, files)
        elif kind == CHOICES:
            interaction.choices = check_choices(data, interaction.option_kind)
        elif kind == MODAL:
            form = Form()
            form.text(("data", "title"), data.get("title"), 45, least=1)
            form.text(("data", "custom_id"), data.get("custom_id"), 100, least=1)
            form.rows(("data", "components"), data.get("components"), 5, least=1)
            form.close()

    def _make(self, interaction: Interaction, data: Json, files: list[Json]) -> Message:
        flags = int(data.get("flags") or 0) & SETTABLE
        check_message(data, flags=flags, others=bool(files or data.get("poll")))
        flags |= self._private(interaction, data)
        return self._posts.make(interaction.channel, data, flags, INTERACTION, attachments=files, asked_by=interaction)

    def _private(self, interaction: Interaction, data: Json) -> int:
        asked = int(data.get("flags") or 0) & EPHEMERAL
        return EPHEMERAL if asked or interaction.is_forced_private else 0

    def _age(self, interaction: Interaction) -> float:
        return asyncio.get_running_loop().time() - interaction.born

    def _is_late(self, interaction: Interaction) -> bool:
        return interaction.is_expired or self._age(interaction) > self.response_deadline

    def _to_callback(self, interaction: Interaction, kind: int) -> Json:
        shown: Json = {"id": str(interaction.id), "type": interaction.kind}
        answered: Json = {"interaction": shown}
        if interaction.original:
            shown["response_message_id"] = str(interaction.original.id)
            shown["response_message_loading"] = interaction.original.is_loading
            shown["response_message_ephemeral"] = interaction.original.is_ephemeral
        if interaction.original and kind in (MESSAGE, DEFERRED_MESSAGE, UPDATE):
            answered["resource"] = {"type": kind, "message": to_message(self._world, interaction.original)}
        return answered

    def _to_json(self, interaction: Interaction) -> Json:
        channel, guild = interaction.channel, interaction.channel.guild
        is_bot_dm = channel.kind == DM
        shown: Json = {
            "id": str(interaction.id),
            "application_id": str(self._world.application_id),
            "type": interaction.kind,
            "token": interaction.token,
            "version": 1,
            "data": interaction.data,
            "channel_id": str(channel.id),
            "channel": to_partial_channel(self._world, channel, interaction.permissions),
            "app_permissions": str(channel.bot_permissions),
            "locale": interaction.locale,
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": interaction.owners,
            "context": GUILD_CONTEXT if guild else BOT_DM_CONTEXT if is_bot_dm else PRIVATE_CONTEXT,
            "attachment_size_limit": 10 * 1024 * 1024,
        }
        if guild:
            shown["guild_id"] = str(guild.id)
            shown["guild"] = {"id": str(guild.id), "locale": guild.locale, "features": []}
            shown["guild_locale"] = guild.locale
            shown["member"] = to_member(guild, interaction.user, interaction.permissions)
        else:
            shown["user"] = to_user(interaction.user)
        if interaction.message:
            shown["message"] = to_message(self._world, interaction.message)
        return shown
