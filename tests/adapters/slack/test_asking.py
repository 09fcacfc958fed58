"""Asking in every way there is, over both transports."""

from __future__ import annotations

import threading

import pytest

from adapters.slack.manifest import SHORTCUT
from bot.models import Answer
from bot.presentation import present
from bot.service import QuoteService
from tests.adapters.slack.conftest import Running
from tests.fakes.slack_checks import iterate_texts
from tests.fakes.slack_world import Message

pytestmark = pytest.mark.asyncio


def shown_in(message: Message) -> str:
    """Give everything that a message shows."""
    return " ".join(iterate_texts(list(message.blocks)))


def labels_of(message: Message) -> list[str]:
    """Give the labels of a message's buttons."""
    rows = [block for block in message.blocks if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row["elements"]]


async def test_a_command_is_acknowledged_empty_and_answered_to_the_one_who_asked(bot: Running) -> None:
    ada, general = bot.slack.person("ada"), bot.slack.channel(member=False)
    asked = ada.command("/ilya", "scaling laws", channel=general)
    ack = await asked.ack()
    assert (ack.status, ack.body) == (200, None)
    answer = await asked.answer()
    assert (answer.ephemeral_to, answer.channel) == (ada.id, general)
    hit = present(bot.quotes.ask("scaling laws").hits[0])
    assert hit.quote.replace("&", "&amp;") in answer.text
    assert hit.link.replace("&", "&amp;") in answer.text
    assert labels_of(answer) == ["▶", "In context", f"Watch at {hit.clock[2:]}", "Share to channel", "👍", "👎"]
    assert (answer.unfurl_links, answer.unfurl_media) == (False, False)


async def test_a_mention_is_answered_in_its_thread(bot: Running) -> None:
    ada, general = bot.slack.person(), bot.slack.channel()
    asked = ada.mention("<@UBOT> scaling laws", general)
    answer = await asked.answer()
    assert (answer.thread_ts, answer.ephemeral_to, answer.channel) == (asked.ts, None, general)
    assert "Share to channel" not in labels_of(answer)


async def test_a_mention_in_a_thread_is_answered_in_that_thread(bot: Running) -> None:
    ada, general = bot.slack.person(), bot.slack.channel()
    answer = await ada.mention("what about <@UBOT> and scaling laws", general, thread_ts="1700000000.000100").answer()
    assert answer.thread_ts == "1700000000.000100"


async def test_a_direct_message_is_answered_there(bot: Running) -> None:
    ada = bot.slack.person()
    answer = await ada.dm("what is reinforcement learning good for").answer()
    assert (answer.channel, answer.thread_ts) == (ada.im, None)
    assert "Share to channel" not in labels_of(answer)


async def test_a_shortcut_answers_what_a_message_is_about(bot: Running) -> None:
    ada, general = bot.slack.person(), bot.slack.channel(member=False)
    text = "<@U0OTHER> have a look at <https://x.y/z|scaling laws> &amp; so on :tada:"
    answer = await ada.shortcut(SHORTCUT, text, general).answer()
    assert answer.ephemeral_to == ada.id
    assert bot.quotes.ask("scaling laws").hits[0].quote[:40] in answer.text


async def test_a_search_does_not_hold_up_what_else_happens(bot: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = []

    def ask(service: QuoteService, *given: object, **more: object) -> Answer:
        threads.append(threading.current_thread())
        return search(service, *given, **more)  # type: ignore[arg-type]

    search = QuoteService.ask
    monkeypatch.setattr(QuoteService, "ask", ask)
    ada = bot.slack.person()
    answer = await ada.command("/ilya", "deep learning gardening roses").answer()
    await ada.click(answer, labels_of(answer)[0]).answer()
    assert len(threads) == 2
    assert threading.main_thread() not in threads


@pytest.mark.parametrize("text", ["<@UBOT>, help", "<@UBOT>: Help!", "<@UBOT> ?"])
async def test_help_is_understood_with_punctuation_around_it(bot: Running, text: str) -> None:
    ada, general = bot.slack.person(), bot.slack.channel()
    assert "/ilya daily 09:00" in (await ada.mention(text, general).answer()).text


@pytest.mark.parametrize("text", ["", "help", "HELP"])
async def test_help_says_how_to_ask(bot: Running, text: str) -> None:
    answer = await bot.slack.person().command("/ilya", text).answer()
    assert "/ilya daily 09:00 Europe/London weekdays" in answer.text


async def test_random_gives_a_quote_and_episodes_lists_them(bot: Running) -> None:
    ada = bot.slack.person()
    assert "Ilya Sutskever" in (await ada.command("/ilya", "random").answer()).text
    listed = await ada.command("/ilya", "episodes").answer()
    assert all(episode.show in listed.text.replace("&amp;", "&") for episode in bot.quotes.episodes())


async def test_where_nothing_was_said_it_says_so_and_offers_topics(bot: Running) -> None:
    ada = bot.slack.person()
    answer = await ada.command("/ilya", "gardening roses & <!channel> *tips*").answer()
    assert "doesn't talk about “gardening roses" in answer.text
    topics = bot.quotes.ask("gardening roses & <!channel> *tips*").suggestions
    assert labels_of(answer) == list(topics)
    assert bot.slack.pings == []


async def test_a_topic_that_is_offered_can_be_asked_for(bot: Running) -> None:
    ada = bot.slack.person()
    answer = await ada.command("/ilya", "deep learning gardening roses").answer()
    offered = labels_of(answer)
    if not offered:
        pytest.skip("no topic is near")
    chosen = await ada.click(answer, offered[0]).answer()
    assert (chosen.ts, chosen.ephemeral_to) == (answer.ts, ada.id)
    assert "In context" in labels_of(chosen)


async def test_a_query_that_cannot_be_searched_for_is_told_as_such(bot: Running) -> None:
    answer = await bot.slack.person().command("/ilya", "!!!").answer()
    assert "There is nothing to search for" in answer.text


async def test_what_goes_out_satisfies_slack(bot: Running) -> None:
    ada, general = bot.slack.person(), bot.slack.channel()
    for text in ("scaling laws", "random", "episodes", "help", "zzzz", "daily", 'say "nothing of the sort"'):
        await ada.command("/ilya", text, channel=general).answer()
        await ada.mention(f"<@UBOT> {text}", general).answer()
    assert bot.slack.refusals == []
    assert bot.slack.pings == []
