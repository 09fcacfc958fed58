"""People at their screens: what they type, pick and press, and only what Discord would let them."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.discord_commands import MESSAGE_MENU
from tests.fakes.discord_components import BUTTON
from tests.fakes.discord_entry import enter_options, enter_partial, find_command, owners_of
from tests.fakes.discord_interactions import AUTOCOMPLETE, COMMAND, COMPONENT, Interaction
from tests.fakes.discord_mentions import ORDINARY
from tests.fakes.discord_payloads import to_message
from tests.fakes.discord_refusals import Json
from tests.fakes.discord_world import ALL, MEMBER, Channel, Message, User

if TYPE_CHECKING:
    from tests.fakes.discord_server import FakeDiscord


@dataclass(eq=False)
class Said:
    """Something said aloud; await it for the first message of the bot in its channel after it."""

    message: Message
    server: FakeDiscord

    def __await__(self) -> Generator[Any, None, Message]:
        return self.answer().__await__()

    @property
    def answers(self) -> list[Message]:
        """What the bot has said in the channel since."""
        after = [one for one in self.message.channel.messages if one.id > self.message.id]
        return [one for one in after if one.author is self.server.bot and not one.asked_by and not one.is_deleted]

    async def answer(self, timeout: float = 5.0) -> Message:  # noqa: ASYNC109
        """Wait for the bot's first message since."""
        answers = await self.server.changes.wait_for(
            lambda: self.answers, f"an answer to {self.message.content!r}", timeout
        )
        return answers[0]


@dataclass(eq=False, kw_only=True)
class Person(User):
    """A user who acts; where no channel is given, he acts at `home`, or in his private channel with the bot."""

    server: FakeDiscord
    home: Channel | None = None
    has_installed: bool = False  # whether he has the application in his own account

    @property
    def dm(self) -> Channel:
        """His private channel with the bot."""
        return self.server.world.dm_with(self)

    def slash(
        self,
        name: str,
        options: Mapping[str, object] | None = None,
        *,
        channel: Channel | None = None,
        permissions: int | None = None,
        locale: str | None = None,
    ) -> Interaction:
        """Use a slash command, with its sub-command after a space; an undeclared command or option is an error here."""
        place, can = self._place(channel, permissions)
        command, inner, path = find_command(self.server.world, name, self, place, can)
        entered, resolved = enter_options(self.server.world, inner.get("options") or [], options or {}, place, can)
        data = self._to_data(command, path, entered) | ({"resolved": resolved} if resolved else {})
        return self._ask(COMMAND, place, can, locale, data, owners_of(command, self, place))

    def autocomplete(
        self,
        name: str,
        option: str,
        typed: str,
        others: Mapping[str, object] | None = None,
        *,
        channel: Channel | None = None,
        permissions: int | None = None,
        locale: str | None = None,
    ) -> Interaction:
        """Type into an option of a slash command; await `suggestions()` for what is offered."""
        place, can = self._place(channel, permissions)
        command, inner, path = find_command(self.server.world, name, self, place, can)
        declared = inner.get("options") or []
        entered, kind = enter_partial(self.server.world, declared, option, typed, others or {}, place, can)
        data = self._to_data(command, path, entered)
        owners = owners_of(command, self, place)
        return self._ask(AUTOCOMPLETE, place, can, locale, data, owners, option_kind=kind)

    def menu(
        self,
        name: str,
        target: Message | str,
        *,
        channel: Channel | None = None,
        permissions: int | None = None,
        locale: str | None = None,
    ) -> Interaction:
        """Use a command of a message's menu, on a message or on words that somebody is made to say first."""
        place, can = self._place(target.channel if isinstance(target, Message) else channel, permissions)
        if isinstance(target, str):
            author = self.server.add_user("Somebody")
            target = self.server.posts.make(place, {"content": target}, 0, ORDINARY, author=author)
        command, _, _ = find_command(self.server.world, name, self, place, can, kind=MESSAGE_MENU)
        shown = {str(target.id): to_message(self.server.world, target)}
        data = {"id": command["id"], "name": command["name"], "type": MESSAGE_MENU, "target_id": str(target.id)}
        owners = owners_of(command, self, place)
        return self._ask(COMMAND, place, can, locale, data | {"resolved": {"messages": shown}}, owners)

    def click(
        self, message: Message, name: str, *, permissions: int | None = None, locale: str | None = None
    ) -> Interaction:
        """Press a button of a message, found by its label, its emoji or both (or its custom_id)."""
        button = message.button(name)
        assert not button.is_disabled, f"{name!r} is disabled"
        assert not button.is_link, f"{name!r} is a link to {button.url}: the bot does not hear of it"
        return self.click_raw(button.custom_id, message, permissions=permissions, locale=locale)

    def click_raw(
        self, custom_id: str, message: Message, *, permissions: int | None = None, locale: str | None = None
    ) -> Interaction:
        """Press what is not there: a forged custom_id, or a button that the message no longer has."""
        data = {"custom_id": custom_id, "component_type": BUTTON}
        return self._use(message, data, permissions, locale)

    def choose(self, message: Message, labels: list[str], *, select: int = 0, locale: str | None = None) -> Interaction:
        """Pick options by their labels in one of a message's select menus."""
        menu = message.selects[select]
        assert not menu.get("disabled"), "the menu is disabled"
        values = {option["label"]: option["value"] for option in menu["options"]}
        assert menu.get("min_values", 1) <= len(labels) <= menu.get("max_values", 1), f"cannot pick {len(labels)}"
        data = {
            "custom_id": menu["custom_id"],
            "component_type": menu["type"],
            "values": [values[one] for one in labels],
        }
        return self._use(message, data, None, locale)

    def say(
        self, text: str, channel: Channel | None = None, *, reply_to: Message | None = None, pings: bool = True
    ) -> Said:
        """Say something aloud; the bot is told the words only if it may read them."""
        place = channel or (reply_to.channel if reply_to else self.home or self.dm)
        payload: Json = {"content": text}
        if not pings:
            payload["allowed_mentions"] = {"parse": list(ORDINARY), "replied_user": False}
        message = self.server.posts.make(place, payload, 0, ORDINARY, author=self, reply_to=reply_to)
        return Said(message, self.server)

    def mention(self, text: str, channel: Channel | None = None, *, reply_to: Message | None = None) -> Said:
        """Say something to the bot by its name."""
        return self.say(f"{self.server.bot.ping} {text}", channel, reply_to=reply_to)

    def permissions_in(self, channel: Channel) -> int:
        """Give what he may do in a channel."""
        return channel.guild.members.get(self.id, MEMBER) if channel.guild else ALL

    def _place(self, channel: Channel | None, permissions: int | None) -> tuple[Channel, int]:
        place = channel or self.home or self.dm
        assert not place.is_deleted, "the channel is gone"
        return place, self.permissions_in(place) if permissions is None else permissions

    def _to_data(self, command: Json, path: list[Json], entered: list[Json]) -> Json:
        for step in reversed(path):
            entered = [{"name": step["name"], "type": step["type"], "options": entered}]
        data = {"id": command["id"], "name": command["name"], "type": 1, "options": entered}
        return data | ({"guild_id": command["guild_id"]} if command.get("guild_id") else {})

    def _use(self, message: Message, data: Json, permissions: int | None, locale: str | None) -> Interaction:
        assert not message.is_deleted, "the message is gone"
        asked_by = message.asked_by
        assert not message.is_ephemeral or asked_by.user is self, "only the one who asked sees a private message"
        place, can = self._place(message.channel, permissions)
        owners = {"0": str(place.guild.id if place.guild else 0)}
        if asked_by and "0" not in asked_by.owners:
            owners = asked_by.owners
        return self._ask(COMPONENT, place, can, locale, data, owners, message=message)

    def _ask(
        self, kind: int, place: Channel, can: int, locale: str | None, data: Json, owners: dict[str, str], **facts: Any
    ) -> Interaction:
        language = locale or self.locale
        return self.server.desk.ask(kind, self, place, data, owners, permissions=can, locale=language, **facts)
