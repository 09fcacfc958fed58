"""Buttons: paging, context, sharing, votes; in any process, after any restart; never for another in public."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from bot.presentation import present
from bot.service import QuoteService
from tests.adapters.slack.conftest import Running, make_settings, run_bot
from tests.adapters.slack.test_asking import labels_of, shown_in
from tests.fakes.slack_faults import Faults
from tests.fakes.slack_server import FakeSlack

pytestmark = pytest.mark.asyncio


async def test_whoever_asked_in_private_pages_in_place(bot: Running) -> None:
    ada = bot.slack.person()
    first = await ada.command("/ilya", "scaling laws", channel=bot.slack.channel(member=False)).answer()
    second = await ada.click(first, "▶").answer()
    hits = bot.quotes.ask("scaling laws").hits
    assert (second.ts, second.ephemeral_to) == (first.ts, ada.id)
    assert present(hits[1]).link.replace("&", "&amp;") in second.text
    assert f"2 of {len(hits)}" in shown_in(second)
    assert "Share to channel" in labels_of(second)
    back = await ada.click(second, "◀").answer()
    assert back.text == first.text


async def test_whoever_asked_in_the_open_pages_in_place(bot: Running) -> None:
    ada, general = bot.slack.person(), bot.slack.channel()
    first = await ada.mention("<@UBOT> scaling laws", general).answer()
    second = await ada.click(first, "▶").answer()
    assert (second.ts, second.ephemeral_to, second.edits) == (first.ts, None, 1)
    assert "Share to channel" not in labels_of(second)


async def test_anybody_else_gets_a_copy_of_their_own(bot: Running) -> None:
    ada, ben, general = bot.slack.person("ada"), bot.slack.person("ben"), bot.slack.channel()
    first = await ada.mention("<@UBOT> scaling laws", general).answer()
    copy = await ben.click(first, "▶").answer()
    assert (copy.ephemeral_to, copy.ts != first.ts) == (ben.id, True)
    assert general.messages[0] == first
    third = await ben.click(copy, "▶").answer()
    assert (third.ts, third.ephemeral_to) == (copy.ts, ben.id)


async def test_the_context_is_shown_to_the_one_who_clicks(bot: Running) -> None:
    ada, ben, general = bot.slack.person("ada"), bot.slack.person("ben"), bot.slack.channel()
    first = await ada.mention("<@UBOT> scaling laws", general).answer()
    around = await ben.click(first, "In context").answer()
    hit = bot.quotes.ask("scaling laws").hits[0]
    assert around.ephemeral_to == ben.id
    assert general.messages[0] == first
    assert hit.passage.text.replace("&", "&amp;")[:100] in around.text


async def test_a_private_answer_is_shared_once(bot: Running) -> None:
    ada, general = bot.slack.person("ada"), bot.slack.channel(member=False)
    private = await ada.command("/ilya", "scaling laws", channel=general).answer()
    shared = await ada.click(private, "Share to channel").answer()
    assert (shared.channel, shared.ephemeral_to) == (general, None)
    assert "Shared by ada" in shared.text
    assert "Share to channel" not in labels_of(shared)
    again = await ada.click(private, "Share to channel").answer()
    assert (again.ephemeral_to, again.text) == (ada.id, "That is shared already.")


async def test_what_was_surely_not_shared_can_be_shared_again(web_bot: Running) -> None:
    ada, general = web_bot.slack.person(), web_bot.slack.channel(member=False)
    private = await ada.command("/ilya", "scaling laws", channel=general).answer()
    for code, said in (("used_url", "Type /invite @ilya there, then share it again"), ("used_url", "Try again later")):
        web_bot.slack.fail("response_url", 404, code)
        told = await ada.click(private, "Share to channel").answer()
        assert said in told.text
        general.member = True
        web_bot.slack.fail("chat.postMessage", 200, "message_limit_exceeded")
    web_bot.slack.faults = Faults()
    shared = await ada.click(private, "Share to channel").answer()
    assert (shared.ephemeral_to, shared.text.startswith("Shared by ada")) == (None, True)


async def test_a_vote_is_kept_and_thanked_for_in_private(bot: Running) -> None:
    ada, general = bot.slack.person(), bot.slack.channel()
    first = await ada.mention("<@UBOT> scaling laws", general).answer()
    thanks = await ada.click(first, "👍").answer()
    assert (thanks.ephemeral_to, "👍" in thanks.text) == (ada.id, True)
    await ada.click(first, "👎").answer()
    async with bot.core.daily.database.connect() as connection:
        votes = (await connection.execute(text("SELECT passage, vote, voter FROM feedback"))).all()
    assert [(row.passage, row.vote) for row in votes] == [(bot.quotes.ask("scaling laws").hits[0].passage.id, -1)]
    assert ada.id not in votes[0].voter


async def test_a_click_on_a_link_is_acknowledged_and_does_nothing(bot: Running) -> None:
    ada = bot.slack.person()
    answer = await ada.dm("scaling laws").answer()
    before = len(bot.slack.changes)
    assert (await ada.click(answer, "watch").ack()).ok
    await ada.dm("random").answer()
    assert len(bot.slack.changes) == before + 1


FORGED = (
    "",
    "x",
    "AAAAAAAA.1",
    "AAAAAAAA.10AAAAAAAA00",
    "AAAAAAAA.95AAAAAAAAAA",
    "AAAAAAAA.2AAAAAAAAAA",
    "<!channel>" * 99,
)


@pytest.mark.parametrize("action", ["page:on", "context", "share", "vote:up", "topic:0", "older:thing"])
async def test_a_forged_or_outdated_button_is_told_of_in_private(web_bot: Running, action: str) -> None:
    ada, general = web_bot.slack.person(), web_bot.slack.channel()
    answer = await ada.mention("<@UBOT> scaling laws", general).answer()
    for value in FORGED[:2] if action == "topic:0" else FORGED:
        told = await ada.click_raw(action, value, answer).answer()
        assert told.ephemeral_to == ada.id
        assert "sk again" in told.text
    assert general.messages[0] == answer


async def test_a_button_works_after_a_restart(slack: FakeSlack, quotes: QuoteService, tmp_path: Path) -> None:
    ada = slack.person()
    async with run_bot(slack, quotes, make_settings(slack, "socket", tmp_path)):
        first = await ada.dm("scaling laws").answer()
    async with run_bot(slack, quotes, make_settings(slack, "socket", tmp_path)):
        second = await ada.click(first, "▶").answer()
    assert second.ts == first.ts
    assert second.text != first.text
