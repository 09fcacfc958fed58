"""A quote a day in a channel: set, posted at its minute, and never twice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.process import Core
from bot.delivery import PostState
from tests.adapters.discord.conftest import Bot
from tests.adapters.discord.stories import NINE, POSTS, Clock, first_post, kept_post, posted, row_of
from tests.fakes.discord_people import Person
from tests.fakes.discord_server import FakeDiscord
from tests.fakes.discord_world import EMBED_LINKS, MEMBER, SEND_MESSAGES, VIEW_CHANNEL, Channel, Guild

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("hurried")]

MANAGE_CHANNELS = 1 << 4


# Setting it


async def test_it_is_posted_at_its_minute_and_not_again_after_a_restart(
    timed: Bot, boss: Person, bob: Person, general: Channel, server: FakeDiscord, clock: Clock
) -> None:
    async with timed.running() as core:
        told = await boss.slash("ilya-daily set", NINE)
        assert told.is_ephemeral
        due = int(datetime(2026, 1, 13, 9, tzinfo=UTC).timestamp())
        assert told.content == f"<#{general.id}>: A quote comes every day at 09:00 (Europe/London). Next: <t:{due}:F>."
        clock.now = due - 1
        await clock.is_looked_at()
        await clock.is_looked_at()
        assert posted(general) == []
        clock.now = due
        post = await first_post(server, general)
    assert (post.nonce is not None, post.pings, post.reply_to) == (True, [], None)
    assert [call.json["enforce_nonce"] for call in server.asked("POST", POSTS)] == [True]
    async with timed.running() as core:
        row = await row_of(core, general)
        assert row
        assert row.next_due == due + 24 * 3600
        assert [one.state for one in await core.daily.posts(row)] == [PostState.SENT]
        assert posted(general) == [post]
        copy = await bob.click(post, "In context")
        assert copy.is_ephemeral
        clock.now = due + 24 * 3600
        again = await first_post(server, general, 2)
    assert again.embeds != post.embeds
    assert len(posted(general)) == 2
    assert server.refusals == []


@pytest.mark.usefixtures("running")
async def test_everybody_may_press_the_buttons_under_it(
    boss: Person, ada: Person, bob: Person, general: Channel, server: FakeDiscord, clock: Clock
) -> None:
    await boss.slash("ilya-daily set", NINE)
    clock.set("2026-01-13T09:00:00")
    post = await first_post(server, general)
    assert [button.emoji or button.label.split()[0] for button in post.buttons] == ["In", "Watch", "👍", "👎"]
    for person in (ada, bob):
        assert (await person.click(post, "In context")).is_ephemeral
        assert (await person.click(post, "👍")).is_ephemeral
    assert post.history == []


async def test_it_can_be_paused_resumed_looked_at_changed_and_stopped(
    running: Core, boss: Person, general: Channel, server: FakeDiscord, guild: Guild, clock: Clock
) -> None:
    other = server.add_channel(guild, "other")
    assert "No daily quote" in (await boss.slash("ilya-daily status")).content
    await boss.slash("ilya-daily set", NINE | {"days": "weekdays", "topic": "AGI"})
    await boss.slash("ilya-daily set", NINE | {"channel": other, "time": "21:30"})
    status = (await boss.slash("ilya-daily status")).text
    assert f"<#{general.id}>: A quote on “AGI” comes" in status
    assert f"<#{other.id}>: A quote comes every day at 21:30" in status
    assert "paused until you resume" in (await boss.slash("ilya-daily pause")).content
    assert "It is paused." in (await boss.slash("ilya-daily status")).text
    clock.set("2026-01-13T09:01:00")
    assert "Next: <t:" in (await boss.slash("ilya-daily resume")).content
    row = await row_of(running, general)
    assert row
    assert (row.next_date, row.topic, row.set_by) == ("2026-01-14", "AGI", str(boss.id))
    assert "is stopped" in (await boss.slash("ilya-daily stop")).content
    assert "No daily quote" in (await boss.slash("ilya-daily stop")).content
    assert await row_of(running, general) is None
    assert await row_of(running, other)
    assert posted(general) == []
    for name in ("pause", "resume", "preview"):
        assert "No daily quote" in (await boss.slash(f"ilya-daily {name}")).content


@pytest.mark.usefixtures("running")
async def test_a_preview_names_the_next_seven_with_their_times_and_tells_the_truth(
    boss: Person, general: Channel, server: FakeDiscord, clock: Clock
) -> None:
    await boss.slash("ilya-daily set", NINE)
    preview = (await boss.slash("ilya-daily preview")).embeds[0]["description"]
    due = int(datetime(2026, 1, 13, 9, tzinfo=UTC).timestamp())
    parts = preview.split("\n\n")
    assert [part.partition("\n")[0] for part in parts] == [f"**<t:{due + day * 86400}:F>**" for day in range(7)]
    clock.now = due
    post = await first_post(server, general)
    title = parts[0].rpartition("\n-# ")[2]
    assert post.embeds[0]["title"].startswith(title.removesuffix("…"))


async def test_it_can_be_posted_now_once_a_day(
    running: Core, boss: Person, general: Channel, server: FakeDiscord, clock: Clock
) -> None:
    assert "No daily quote is set here" in (await boss.slash("ilya-daily now")).content
    await boss.slash("ilya-daily set", NINE)
    assert "on its way" in (await boss.slash("ilya-daily now")).content
    await first_post(server, general)
    await kept_post(running, general, clock, lambda post: post.state is PostState.SENT)
    assert "posted already" in (await boss.slash("ilya-daily now")).content
    clock.set("2026-01-13T09:00:00")
    await clock.is_looked_at()
    await clock.is_looked_at()
    assert len(posted(general)) == 1


@pytest.mark.usefixtures("running")
async def test_a_thread_has_a_daily_quote_too(
    boss: Person, general: Channel, server: FakeDiscord, clock: Clock
) -> None:
    thread = server.add_thread(general, "papers")
    await boss.slash("ilya-daily set", NINE | {"channel": thread})
    clock.set("2026-01-13T09:00:00")
    assert (await first_post(server, thread)).channel is thread


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"time": "25:00"}, "not a time of day"),
        ({"timezone": "Europe/Londn"}, "Did you mean Europe/London"),
        ({"timezone": "EST"}, "abbreviation"),
        ({"days": "someday"}, "someday"),
        ({"topic": "sourdough recipe"}, "No quote fits"),
    ],
)
async def test_what_cannot_be_set_is_told_in_private_and_nothing_is_set(
    running: Core, boss: Person, general: Channel, changed: dict[str, str], why: str
) -> None:
    line = await boss.slash("ilya-daily set", NINE | changed)
    assert (line.is_ephemeral, why in line.content) == (True, True)
    assert await row_of(running, general) is None


@pytest.mark.usefixtures("running")
async def test_zones_days_and_topics_are_offered(boss: Person) -> None:
    async def offered(option: str, typed: str) -> list[str]:
        choices = await boss.autocomplete("ilya-daily set", option, typed, {"time": "9"}).suggestions()
        return [choice["value"] for choice in choices]

    assert (await offered("timezone", "lond"))[0] == "Europe/London"
    assert len(await offered("timezone", "")) == 25
    assert await offered("timezone", "x" * 90) == []
    assert await offered("days", "week") == ["weekdays", "weekends"]
    assert "every day" in await offered("days", "")
    assert (await offered("topic", "scal"))[0].casefold().startswith("scal")


# Permissions


@pytest.mark.parametrize("name", ["set", "stop", "pause", "resume", "preview", "now"])
async def test_whoever_manages_nothing_is_refused(
    running: Core, boss: Person, ada: Person, general: Channel, name: str
) -> None:
    await boss.slash("ilya-daily set", NINE)
    before = await row_of(running, general)
    line = await ada.slash(f"ilya-daily {name}", NINE | {"time": "11:00"} if name == "set" else {})
    assert line.is_ephemeral
    assert "Manage Server, or Manage Channels" in line.content
    assert await row_of(running, general) == before


async def test_whoever_manages_one_channel_decides_about_that_one_only_and_sees_no_other(
    running: Core, boss: Person, ada: Person, general: Channel, server: FakeDiscord, guild: Guild
) -> None:
    other = server.add_channel(guild, "other")
    await boss.slash("ilya-daily set", NINE | {"channel": other})
    here = MEMBER | MANAGE_CHANNELS
    assert (await ada.slash("ilya-daily set", NINE, permissions=here)).content.startswith(f"<#{general.id}>")
    for name, options in (("set", NINE | {"time": "11:00"}), ("pause", {}), ("stop", {})):
        line = await ada.slash(f"ilya-daily {name}", options | {"channel": other}, permissions=here)
        assert "Manage Server, or Manage Channels" in line.content
    row = await row_of(running, other)
    assert row
    assert (row.minute, row.state) == (9 * 60, "active")
    status = (await ada.slash("ilya-daily status", permissions=here)).text
    assert (f"<#{general.id}>" in status, f"<#{other.id}>" in status) == (True, False)


async def test_whoever_manages_channels_may_set_it(running: Core, ada: Person, general: Channel) -> None:
    await ada.slash("ilya-daily set", NINE, permissions=MEMBER | MANAGE_CHANNELS)
    assert await row_of(running, general)


@pytest.mark.parametrize(
    ("held", "missing"),
    [
        (VIEW_CHANNEL | SEND_MESSAGES, "give it Embed Links there"),
        (VIEW_CHANNEL, "give it Send Messages, Embed Links there"),
        (0, "give it View Channel, Send Messages, Embed Links there"),
    ],
)
@pytest.mark.parametrize("is_here", [True, False])
async def test_what_the_bot_may_not_do_is_named_and_nothing_is_set(
    running: Core, boss: Person, general: Channel, server: FakeDiscord, held: int, missing: str, is_here: bool
) -> None:
    assert general.guild
    channel = general if is_here else server.add_channel(general.guild, "other", bot_permissions=held)
    server.allow(channel, held)
    await server.gateway.heard()
    line = await boss.slash("ilya-daily set", NINE | ({} if is_here else {"channel": channel}))
    assert missing in line.content
    assert await row_of(running, channel) is None
    server.allow(channel, VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS)
    await server.gateway.heard()
    assert "Next:" in (await boss.slash("ilya-daily set", NINE | ({} if is_here else {"channel": channel}))).content
