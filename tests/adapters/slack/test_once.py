"""Everything once: retries, deliveries anew, two processes, bots, the app's own words."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from adapters.slack.parts import Claims, names_of
from bot.delivery import Memory, open_database
from bot.service import QuoteService
from tests.adapters.slack.conftest import Running, make_settings, run_bot
from tests.fakes.slack_server import FakeSlack

pytestmark = pytest.mark.asyncio


async def count_posts(bot: Running, *then: str) -> int:
    """Give how many messages came of all that was delivered, once a later one has been answered."""
    ada = bot.slack.person("later")
    for words in then or ("random",):
        await ada.dm(words).answer()
    return len([change for change in bot.slack.changes if change.deed == "post"]) - 1


async def test_an_event_that_is_delivered_again_is_answered_once(bot: Running) -> None:
    ada, general = bot.slack.person(), bot.slack.channel()
    asked = ada.mention("<@UBOT> scaling laws", general)
    await asked.answer()
    for attempt in (1, 2, 3):
        assert (await bot.slack.redeliver(asked, attempt).ack()).ok
    assert (await asked.again().ack()).status in (200, 401)
    assert await count_posts(bot) == 1


async def test_a_message_under_another_event_id_is_answered_once(bot: Running) -> None:
    asked = bot.slack.person().dm("scaling laws")
    await asked.answer()
    await asked.renamed().ack()
    assert await count_posts(bot) == 1


async def test_a_command_and_a_click_that_are_delivered_again_are_answered_once(bot: Running) -> None:
    ada = bot.slack.person()
    asked = ada.command("/ilya", "scaling laws")
    answer = await asked.answer()
    clicked = ada.click(answer, "👍")
    await clicked.answer()
    await asked.retried().ack()
    await clicked.retried().ack()
    assert await count_posts(bot) == 2


async def test_copies_that_arrive_together_are_answered_once(bot: Running) -> None:
    asked = bot.slack.person().dm("scaling laws")
    copies = [asked.retried(number) for number in (1, 2, 3)]
    await asyncio.gather(asked.ack(), *(copy.ack() for copy in copies))
    assert await count_posts(bot) == 1


async def test_two_processes_answer_once(slack: FakeSlack, quotes: QuoteService, tmp_path: Path) -> None:
    settings = make_settings(slack, "socket", tmp_path)
    async with run_bot(slack, quotes, settings) as bot, run_bot(slack, quotes, settings):
        asked = slack.person().dm("scaling laws")  # sockets take turns
        copies = [asked.again() for _ in range(3)]
        await asyncio.gather(asked.ack(), *(copy.ack() for copy in copies))
        assert await count_posts(bot, "random", "help") == 2


async def test_bots_edits_and_its_own_words_are_left_alone(bot: Running) -> None:
    ada, general = bot.slack.person(), bot.slack.channel()
    asked = ada.dm("scaling laws")
    answer = await asked.answer()
    silent = [
        bot.slack.echo(answer),
        bot.slack.other_bot("scaling laws", ada.im),
        bot.slack.other_bot("<@UBOT> scaling laws", general, mention=True),
        ada.edit(asked, "scaling laws and more"),
    ]
    for heard in silent:
        assert (await heard.ack()).ok
    assert await count_posts(bot) == 1


async def test_without_a_store_it_answers_still_and_once(bot: Running) -> None:
    async with bot.core.daily.database.begin() as connection:
        await connection.execute(text("DROP TABLE seen_events"))
    asked = bot.slack.person().dm("scaling laws")
    await asked.answer()
    await asked.retried().ack()
    assert await count_posts(bot) == 1


async def test_an_event_has_a_name_by_its_id_and_one_by_its_place() -> None:
    event = {"type": "app_mention", "channel": "C1", "ts": "1.2"}
    body = {"team_id": "T1", "event_id": "Ev1", "event": event}
    assert names_of(body) == ("slack:event:Ev1", "slack:T1:C1:1.2")
    assert names_of({"trigger_id": "1.2"}) == ("slack:trigger:1.2",)
    assert names_of({"type": "block_actions"}) == ()


async def test_the_process_remembers_no_more_than_it_must(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.parts.REMEMBERED", 3)
    async with open_database(f"sqlite:///{tmp_path}/x.db") as database:
        claims = Claims(Memory(database))
        assert [await claims.is_new(name) for name in "abcda"] == [True, True, True, True, False]
        assert len(claims._seen) == 3
