"""What the stories over the wire have in common."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from adapters.process import Core
from bot.delivery import PostRow, SubscriptionRow
from tests.fakes.discord_people import Person
from tests.fakes.discord_server import FakeDiscord
from tests.fakes.discord_world import Channel, Message

POSTS = "/channels/*/messages"
NINE = {"time": "09:00", "timezone": "Europe/London"}


@dataclass
class Clock:
    """A clock that is set by hand."""

    now: float
    looks: asyncio.Event = field(default_factory=asyncio.Event)

    def __call__(self) -> float:
        self.looks.set()
        return self.now

    async def is_looked_at(self) -> None:
        """Wait until the runner looks at it again."""
        self.looks.clear()
        async with asyncio.timeout(5):
            await self.looks.wait()

    def set(self, text: str) -> None:
        """Set it to a time in UTC."""
        self.now = datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


async def row_of(core: Core, channel: Channel) -> SubscriptionRow | None:
    """Give a channel's daily quote, as it is kept."""
    assert channel.guild
    rows = await core.daily.of_tenant("discord", str(channel.guild.id))
    return next((row for row in rows if row.channel == str(channel.id)), None)


def posted(channel: Channel) -> list[Message]:
    """Give what was posted in a channel by itself."""
    return [message for message in channel.messages if message.asked_by is None and message.embeds]


async def first_post(server: FakeDiscord, channel: Channel, count: int = 1) -> Message:
    """Wait for a number of posts, and give the last."""
    await server.wait_for(lambda: len(posted(channel)) >= count)
    return posted(channel)[count - 1]


async def kept_post(core: Core, channel: Channel, clock: Clock, look: Callable[[PostRow], object]) -> PostRow:
    """Give the only post of a channel, as it is kept, once something is true of it."""
    row = await row_of(core, channel)
    assert row
    async with asyncio.timeout(5):
        while True:
            posts = await core.daily.posts(row)
            if posts and look(posts[0]):
                (post,) = posts
                return post
            await clock.is_looked_at()


def records_of(caplog: pytest.LogCaptureFixture, text: str) -> list[logging.LogRecord]:
    """Give the records of the log that hold a text."""
    return [record for record in caplog.records if text in record.getMessage()]


def tracebacks_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Give the messages of the log that come with a traceback."""
    return [record.getMessage() for record in caplog.records if record.exc_info]


async def turn(person: Person, message: Message) -> str:
    """Turn the page, and give the place then."""
    shown = await person.click(message, "▶")
    return str(shown.embeds[0]["footer"]["text"]).rpartition(" · ")[2]


async def ask_once(person: Person) -> Message:
    """Ask, and see that the answer is all there is."""
    message = await person.slash("ilya", {"query": "scaling laws"})
    assert message.embeds
    assert not message.is_loading
    return message
