"""How a post goes out, and what each refusal of Discord's means."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import discord
import pytest
import pytest_asyncio

from adapters.discord.permissions import build_intents
from adapters.discord.poster import DiscordPoster
from bot.daily.outbox import LEASE
from bot.delivery import ChannelGoneError, OutcomeUnknownError, RetryLaterError
from bot.models import Hit
from bot.service import QuoteService
from tests.fakes.discord_people import Person
from tests.fakes.discord_server import FakeDiscord
from tests.fakes.discord_world import VIEW_CHANNEL, Channel

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("hurried")]

POSTS = "/channels/*/messages"


@dataclass
class Target:
    """Where a quote goes."""

    tenant: str
    channel: str
    set_by: str


@pytest_asyncio.fixture
async def poster(server: FakeDiscord) -> AsyncIterator[DiscordPoster]:
    """Give a poster of a client that is logged in."""
    none = discord.AllowedMentions.none()
    async with discord.Client(intents=build_intents(), max_ratelimit_timeout=30.0, allowed_mentions=none) as client:
        await client.login(server.token)
        yield DiscordPoster(client)


@pytest.fixture
def target(general: Channel, ada: Person) -> Target:
    """Give the channel, and who set it up."""
    assert general.guild
    return Target(str(general.guild.id), str(general.id), str(ada.id))


@pytest.fixture(scope="session")
def hit(quotes: QuoteService) -> Hit:
    """Give a quote."""
    return quotes.ask("scaling laws").hits[0]


async def test_a_quote_is_posted_under_its_key_once(
    poster: DiscordPoster, target: Target, hit: Hit, server: FakeDiscord, general: Channel
) -> None:
    sent = [await poster.post(target, hit, "key-1") for _ in range(2)]
    (message,) = general.messages
    assert sent == [str(message.id)] * 2
    assert [(call.json["nonce"], call.json["enforce_nonce"]) for call in server.asked("POST", POSTS)] == [
        ("key-1", True)
    ] * 2
    await poster.post(target, hit, "key-2")
    assert len(general.messages) == 2


async def test_a_key_is_remembered_for_longer_than_a_claim_holds(poster: DiscordPoster) -> None:
    assert poster.remembers_keys_for > LEASE


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 429, "retry_after": 300.0}, RetryLaterError),
        ({"status": 500, "times": 9}, OutcomeUnknownError),
        ({"status": 502, "times": 9}, OutcomeUnknownError),
        ({"status": 503}, OutcomeUnknownError),
        ({"drop": True}, OutcomeUnknownError),
        ({"status": 400}, RetryLaterError),
        ({"status": 401}, RetryLaterError),
        ({"status": 403}, RetryLaterError),
    ],
)
@pytest.mark.parametrize("how", ["post", "tell"])
async def test_a_refusal_is_told_for_what_it_is(
    poster: DiscordPoster, target: Target, hit: Hit, server: FakeDiscord, how: str, fault: dict[str, Any], error: type
) -> None:
    server.fail("POST", POSTS, **fault)
    with pytest.raises(error):
        await (poster.post(target, hit, "key") if how == "post" else poster.tell(target, "It is paused."))


async def test_a_long_rate_limit_says_how_long(
    poster: DiscordPoster, target: Target, hit: Hit, server: FakeDiscord
) -> None:
    server.fail("POST", POSTS, status=429, retry_after=300.0)
    with pytest.raises(RetryLaterError) as caught:
        await poster.post(target, hit, "key")
    assert caught.value.seconds == pytest.approx(300, abs=1)


@pytest.mark.parametrize(
    ("how", "why"), [("mute", "may not post"), ("hide", "cannot see"), ("delete", "is gone"), ("lock", "locked")]
)
async def test_a_channel_that_takes_no_posts_is_gone(
    poster: DiscordPoster, target: Target, hit: Hit, server: FakeDiscord, general: Channel, how: str, why: str
) -> None:
    if how == "lock":
        thread = server.add_thread(general, "papers", archived=True, locked=True)
        target.channel = str(thread.id)
    elif how == "delete":
        server.delete_channel(general)
    else:
        server.allow(general, VIEW_CHANNEL if how == "mute" else 0)
    with pytest.raises(ChannelGoneError, match=why):
        await poster.post(target, hit, "key")


async def test_whoever_set_it_up_is_told_by_direct_message_as_text(
    poster: DiscordPoster, target: Target, ada: Person
) -> None:
    await poster.tell(target, "It is *paused* @everyone")
    (line,) = ada.dm.messages
    assert line.content == rf"<#{target.channel}>: It is \*paused\* \@everyone"
    assert line.pings == []


async def test_where_nobody_can_be_told_it_says_so(poster: DiscordPoster, target: Target, ada: Person) -> None:
    ada.takes_dms = False
    with pytest.raises(ChannelGoneError, match="system channel"):
        await poster.tell(target, "It is paused.")
