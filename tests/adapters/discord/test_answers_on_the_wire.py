"""What people see when they ask, page, share, vote and mention: the real client beside a Discord that judges."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from adapters.process import Core
from bot.service import QuoteService
from bot.store.tables import FEEDBACK
from tests.adapters.discord.conftest import NOTHING
from tests.fakes.discord_people import Person
from tests.fakes.discord_server import FakeDiscord
from tests.fakes.discord_world import Channel, Message

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("core")]


@pytest.fixture(autouse=True)
def _nothing_is_refused_nor_pings(server: FakeDiscord) -> Iterator[None]:
    yield
    assert [(call.path, call.answer) for call in server.refusals] == []
    assert [message.pings for message in server.messages if message.pings] == []


def quote_of(message: Message) -> str:
    """Give the words that are shown, as they were before they were dressed."""
    shown = message.embeds[0]["description"].rpartition("\n\n")[2]
    return shown.replace("**", "").replace("\\", "").removeprefix("“").removesuffix("”")


def place_in(message: Message) -> str:
    """Give the place of the quote in the answer, such as 1/5."""
    return message.embeds[0]["footer"]["text"].rpartition(" · ")[2]


async def votes(core: Core) -> list[tuple[str, str, int]]:
    """Give every vote in the store as voter, passage and vote."""
    async with core.memory.database.connect() as connection:
        rows = await connection.execute(select(FEEDBACK.c.voter, FEEDBACK.c.passage, FEEDBACK.c.vote))
        return [tuple(row) for row in rows]


async def test_a_question_is_answered_with_his_words_who_asked_and_where(
    ada: Person, server: FakeDiscord, quotes: QuoteService
) -> None:
    before = len(server.requests)
    asked = ada.slash("ilya", {"query": "scaling laws"})
    message = await asked
    assert (await asked.acknowledged())["type"] == 5
    assert [call.method for call in server.requests[before:]] == ["POST", "PATCH"]
    embed = message.embeds[0]
    assert any(quote_of(message) in passage.text for passage in quotes.library.passages)
    assert embed["author"]["name"] == "Ilya Sutskever"
    assert embed["description"].startswith("-# Dwarkesh Patel asked: “How seriously")
    assert "**scaling** **law**" in embed["description"]
    assert embed["title"] == "Why next-token prediction could surpass human intelligence"
    assert embed["footer"]["text"].endswith(" · 27 March 2023 · ≈ 35:31 · 1/5")
    link = message.button("Watch at 35:31")
    assert link.url == embed["url"] == "https://www.youtube.com/watch?v=Yf1o0TQzry8&t=2128s"
    assert [button.emoji or button.label for button in message.buttons] == [
        "◀️",
        "▶️",
        "In context",
        "Watch at 35:31",
        "👍",
        "👎",
    ]
    assert not message.is_ephemeral


async def test_a_summary_is_neither_quoted_nor_coloured_as_his_words(ada: Person) -> None:
    own = await ada.slash("ilya", {"query": "scaling laws"})
    told = await ada.slash("ilya", {"query": "neural networks", "episode": "lex-94"})
    assert told.embeds[0]["author"]["name"].startswith("From a summary by ")
    assert "“" not in told.embeds[0]["description"][:1]
    assert told.embeds[0]["color"] != own.embeds[0]["color"]


async def test_pages_are_turned_in_place_from_the_first_to_the_last_and_back(ada: Person) -> None:
    message = await ada.slash("ilya", {"query": "scaling laws"})
    seen = [quote_of(message)]
    assert message.button("◀").is_disabled
    while not message.button("▶").is_disabled:
        assert await ada.click(message, "▶") is message
        seen.append(quote_of(message))
    assert (len(set(seen)), place_in(message)) == (5, "5/5")
    await ada.click(message, "◀")
    assert (quote_of(message), place_in(message)) == (seen[3], "4/5")


async def test_somebody_elses_page_is_a_private_copy_of_ones_own(ada: Person, bob: Person) -> None:
    message = await ada.slash("ilya", {"query": "scaling laws"})
    copy = await bob.click(message, "▶")
    assert (copy.is_ephemeral, place_in(copy), place_in(message), message.history) == (True, "2/5", "1/5", [])
    assert await bob.click(copy, "▶") is copy
    assert (place_in(copy), copy.button("Share").is_disabled) == ("3/5", False)


async def test_context_shows_who_spoke_before_and_after_to_the_asker_only(ada: Person, bob: Person) -> None:
    message = await ada.slash("ilya", {"query": "scaling laws"})
    context = await bob.click(message, "In context")
    assert context.is_ephemeral
    text = context.embeds[0]["description"]
    assert "**Dwarkesh Patel:**" in text
    assert "> **Ilya Sutskever:** The thing is that the scaling law" in text
    assert context.button("Watch at 35:31").is_link


async def test_a_private_answer_is_shared_by_its_button(ada: Person) -> None:
    private = await ada.slash("ilya", {"query": "scaling laws", "private": True})
    await ada.click(private, "▶")
    shared = await ada.click(private, "Share")
    assert (private.is_ephemeral, shared.is_ephemeral) == (True, False)
    assert (shared.embeds, "Share" in [button.label for button in shared.buttons]) == (private.embeds, False)
    assert place_in(await ada.click(shared, "▶")) == "3/5"


@pytest.mark.usefixtures("core")
async def test_a_quote_is_shared_once_from_each_private_answer(ada: Person, general: Channel) -> None:
    message = await ada.slash("ilya", {"query": "scaling laws", "private": True})
    assert not (await ada.click(message, "Share")).is_ephemeral
    again = await ada.click(message, "Share")
    assert (again.is_ephemeral, again.content) == (True, "That is shared already.")
    assert len([one for one in general.messages if one.embeds and not one.is_ephemeral]) == 1


async def test_only_topics_with_a_daily_quote_are_offered_for_it(boss: Person, core: Core) -> None:
    offered = await boss.autocomplete("ilya-daily set", "topic", "a", {"time": "9"}).suggestions()
    assert offered
    assert [one["value"] for one in offered if not core.quotes.pool_about(one["value"], None).quotes] == []


@pytest.mark.usefixtures("core")
async def test_help_and_random_can_be_asked_for_by_a_mention(ada: Person) -> None:
    assert "**/ilya-daily**" in (await ada.mention("help!")).content
    assert (await ada.say("random", ada.dm)).embeds


@pytest.mark.usefixtures("core")
async def test_a_message_asked_about_gives_no_orders_to_the_search(ada: Person) -> None:
    chat = 'Great <:fire:123> <@77> see https://x.example/y — episode: "scaling" laws year:1999'
    message = await ada.menu("What did Ilya say on this?", chat)
    assert "There is no episode" not in message.text
    assert "There is nothing of the year" not in message.text


@pytest.mark.usefixtures("core")
async def test_no_typed_words_are_said_back_where_all_can_read_them(ada: Person) -> None:
    typed = '"somebody stinks" scaling laws log next word prediction accuracy reasoning'
    message = await ada.slash("ilya", {"query": typed})
    assert "stinks" not in message.text


async def test_a_vote_is_kept_once_can_be_changed_and_tells_nobodys_id(ada: Person, bob: Person, core: Core) -> None:
    message = await ada.slash("ilya", {"query": "scaling laws"})
    thanks = await ada.click(message, "👍")
    assert (thanks.is_ephemeral, "👍" in thanks.content) == (True, True)
    ((voter, passage, vote),) = await votes(core)
    assert (vote, passage) == (1, core.quotes.ask("scaling laws").hits[0].passage.id)
    assert str(ada.id) not in voter
    await ada.click(message, "👎")
    assert await votes(core) == [(voter, passage, -1)]
    await bob.click(message, "👍")
    assert sorted(vote for _, _, vote in await votes(core)) == [-1, 1]
    assert message.history == []


@pytest.mark.parametrize("typed", ["", "sca", "scaling", "@everyone", "`" * 100, "x" * 3000])
async def test_topics_are_offered_as_they_are_typed(ada: Person, quotes: QuoteService, typed: str) -> None:
    offered = await ada.autocomplete("ilya", "query", typed).suggestions()
    assert len(offered) <= 25
    assert {choice["value"] for choice in offered} <= set(quotes.topics.names)
    assert bool(offered) == (typed in ("", "sca", "scaling"))


async def test_an_offered_episode_narrows_the_question(ada: Person, quotes: QuoteService) -> None:
    offered = await ada.autocomplete("ilya", "episode", "robot brains").suggestions()
    (episode,) = quotes.complete_episodes("robot brains", 25)
    assert [choice["value"] for choice in offered] == [episode.id]
    assert offered[0]["name"].startswith(episode.title)
    message = await ada.slash("ilya", {"query": "transformers", "episode": offered[0]["value"]})
    assert message.embeds[0]["title"] == episode.title


async def test_an_episode_that_is_not_there_is_said_in_private(ada: Person) -> None:
    message = await ada.slash("ilya", {"query": "scaling laws", "episode": "@everyone"})
    assert (message.is_ephemeral, "There is no episode" in message.content) == (True, True)


@pytest.mark.parametrize("where", ["channel", "thread", "direct"])
async def test_a_mention_is_answered_there_as_a_reply(
    ada: Person, server: FakeDiscord, general: Channel, where: str
) -> None:
    places = {"channel": general, "direct": ada.dm}
    place = places.get(where) or server.add_thread(general, "papers")
    said = ada.mention("scaling laws", place)
    answer = await said
    assert (answer.reply_to, answer.channel, place_in(answer)) == (said.message, place, "1/5")
    assert await ada.click(answer, "▶") is answer
    assert (place_in(answer), said.answers) == ("2/5", [answer])


async def test_a_direct_message_needs_no_mention_and_a_mention_alone_gets_help(ada: Person) -> None:
    assert place_in(await ada.say("scaling laws", ada.dm)) == "1/5"
    assert "**/ilya**" in (await ada.mention("")).content


async def test_what_is_not_said_to_the_bot_is_left_alone(ada: Person, server: FakeDiscord) -> None:
    answer = await ada.mention("scaling laws")
    ada.say("scaling laws")
    ada.say("what about this, then?", reply_to=answer)
    await server.gateway.heard()
    await ada.mention("transformers")
    assert len(server.messages) == 2


async def test_no_answer_is_private_with_the_nearest_topics_to_press(ada: Person) -> None:
    message = await ada.slash("ilya", {"query": NOTHING})
    assert message.is_ephemeral
    assert message.content.startswith(f"Ilya Sutskever doesn't talk about “{NOTHING}” in these episodes.")
    assert 1 <= len(message.buttons) <= 5
    answer = await ada.click(message, message.buttons[0].label)
    assert answer is message
    assert (message.content, len(message.embeds), message.button("Share").label) == ("", 1, "Share")


async def test_topics_under_a_public_line_answer_whoever_presses_in_private(ada: Person, bob: Person) -> None:
    line = await ada.mention(NOTHING)
    answer = await bob.click(line, line.buttons[0].label)
    assert (answer.is_ephemeral, line.history, len(answer.embeds)) == (True, [], 1)


async def test_random_episodes_and_help(ada: Person, quotes: QuoteService) -> None:
    by_chance = await ada.slash("ilya-random")
    assert any(quote_of(by_chance) in passage.text for passage in quotes.library.passages)
    assert (by_chance.is_ephemeral, "▶️" in [button.emoji for button in by_chance.buttons]) == (False, False)
    episodes = await ada.slash("ilya-episodes")
    assert episodes.is_ephemeral
    assert all(episode.url in episodes.embeds[0]["description"] for episode in quotes.episodes())
    assert "**/ilya-random**" in (await ada.slash("ilya-help")).content


async def test_the_menu_of_a_message_asks_with_its_words(ada: Person) -> None:
    message = await ada.menu("What did Ilya say on this?", "do you believe in scaling laws?")
    assert "scaling" in quote_of(message)
    answered = await ada.menu("What did Ilya say on this?", message)
    assert answered.embeds
    assert "no words" in (await ada.menu("What did Ilya say on this?", "")).content


async def test_every_command_is_described_in_other_languages(server: FakeDiscord) -> None:
    described = {one["name"]: one["description_localizations"] for one in server.commands if one["type"] == 1}
    assert set(described) == {"ilya", "ilya-random", "ilya-episodes", "ilya-help", "ilya-daily"}
    assert all(set(texts) >= {"de", "fr", "es-ES", "ja", "pt-BR"} for texts in described.values())
    assert described["ilya"]["de"] == "Was Ilya Sutskever zu etwas gesagt hat, Wort für Wort"


@pytest.mark.parametrize("where", ["direct", "foreign server", "group"])
async def test_whoever_installed_it_asks_anywhere(server: FakeDiscord, bob: Person, where: str) -> None:
    eve = server.add_user("Eve", has_installed=True)
    places = {"direct": lambda: eve.dm, "group": lambda: server.add_private_channel(eve, bob)}
    foreign = server.add_channel(server.add_guild("Elsewhere", has_bot=False), "talk")
    place = places.get(where, lambda: foreign)()
    message = await eve.slash("ilya", {"query": "scaling laws"}, channel=place)
    assert (message.channel, place_in(message)) == (place, "1/5")
    assert await eve.click(message, "▶") is message
    assert (await eve.slash("ilya", {"query": NOTHING}, channel=place)).is_ephemeral
    with pytest.raises(AssertionError, match=r"context|installed"):
        eve.slash("ilya-daily status", channel=place)
