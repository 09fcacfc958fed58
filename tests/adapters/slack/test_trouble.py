"""When Slack has trouble: limits, faults, cut connections, response_urls used up; and nothing secret in the log."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import aiohttp
import pytest

from adapters.slack.outcomes import State, outcome_of
from adapters.slack.platform import Work
from tests.adapters.slack.conftest import Running, finish_work
from tests.adapters.slack.test_asking import labels_of

pytestmark = pytest.mark.asyncio


async def test_an_answer_waits_for_as_long_as_slack_asks(bot: Running) -> None:
    bot.slack.fail("chat.postMessage", 429, retry_after=1)
    answer = await bot.slack.person().dm("scaling laws").answer()
    assert "In context" in labels_of(answer)
    assert [call.status for call in bot.slack.calls("chat.postMessage")] == [429, 200]


UNKNOWN = (
    {"status": 500},
    {"status": 503},
    {"drop": True},
    {"status": 200, "error": "internal_error"},
    {"status": 200, "error": "fatal_error"},
)


@pytest.mark.parametrize("fault", UNKNOWN)
async def test_what_others_see_is_posted_once_where_slack_does_not_say_whether_it_was(
    web_bot: Running, fault: dict[str, Any]
) -> None:
    ada, general = web_bot.slack.person(), web_bot.slack.channel()
    web_bot.slack.fail("chat.postMessage", after_effect=True, times=9, **fault)
    await ada.dm("scaling laws").answer()
    await ada.mention("<@UBOT> scaling laws", general).answer()
    await finish_work()
    assert (len(ada.im.messages), len(general.messages)) == (1, 1)
    assert len(web_bot.slack.calls("chat.postMessage")) == 2


@pytest.mark.parametrize("fault", UNKNOWN[:3])
async def test_what_is_shared_is_posted_once_where_slack_does_not_say_whether_it_was(
    web_bot: Running, fault: dict[str, Any]
) -> None:
    ada, general = web_bot.slack.person(), web_bot.slack.channel()
    private = await ada.command("/ilya", "scaling laws", channel=general).answer()
    web_bot.slack.fail("response_url", after_effect=True, **fault)
    ada.click(private, "Share to channel")
    told = await web_bot.slack.wait_for(lambda: [each for each in general.messages if "did not say" in each.text])
    await finish_work()
    assert told[0].ephemeral_to == ada.id
    assert len([message for message in general.messages if message.ephemeral_to is None]) == 1


@pytest.mark.parametrize("fault", UNKNOWN[:3])
async def test_a_private_answer_of_unknown_outcome_comes_twice_at_most(web_bot: Running, fault: dict[str, Any]) -> None:
    ada, general = web_bot.slack.person(), web_bot.slack.channel()
    web_bot.slack.fail("response_url", after_effect=True, times=9, **fault)
    await ada.command("/ilya", "scaling laws", channel=general).answer()
    await finish_work()
    assert len(web_bot.slack.calls("response_url")) == 2
    assert len(web_bot.slack.changes) == 2


async def test_a_direct_message_that_is_refused_is_not_sent_again_to_the_same_user(web_bot: Running) -> None:
    ada = web_bot.slack.person()
    web_bot.slack.fail("chat.postMessage", 200, "invalid_blocks")
    await ada.dm("scaling laws").ack()
    await finish_work()
    assert len(web_bot.slack.calls("chat.postMessage")) == 1


async def test_a_page_of_the_web_api_is_turned_again_after_a_fault_of_slacks(web_bot: Running) -> None:
    ada, general = web_bot.slack.person(), web_bot.slack.channel()
    first = await ada.mention("<@UBOT> scaling laws", general).answer()
    web_bot.slack.fail("response_url", 404, "used_url")
    web_bot.slack.fail("chat.update", 503, times=2)
    assert (await ada.click(first, "▶").answer()).ts == first.ts


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (aiohttp.ConnectionTimeoutError(), State.REFUSED),
        (aiohttp.ServerDisconnectedError(), State.UNKNOWN),
        (aiohttp.SocketTimeoutError(), State.UNKNOWN),
        (TimeoutError(), State.UNKNOWN),
    ],
)
async def test_what_could_not_be_sent_was_surely_not_done(error: Exception, state: State) -> None:
    assert outcome_of(error).state is state


@pytest.mark.parametrize("fault", [{"status": 429}, {"status": 500}, {"drop": True}])
async def test_a_response_url_is_tried_again(bot: Running, fault: dict[str, int | bool]) -> None:
    bot.slack.fail("response_url", **fault)  # type: ignore[arg-type]
    ada = bot.slack.person()
    answer = await ada.command("/ilya", "scaling laws", channel=bot.slack.channel(member=False)).answer()
    assert answer.ephemeral_to == ada.id
    assert len(bot.slack.calls("response_url")) == 2


async def test_a_response_url_that_fails_is_replaced_by_an_ephemeral_message(bot: Running) -> None:
    bot.slack.fail("response_url", 404, "expired_url")
    ada, general = bot.slack.person(), bot.slack.channel()
    answer = await ada.command("/ilya", "scaling laws", channel=general).answer()
    assert (answer.ephemeral_to, answer.channel) == (ada.id, general)
    assert [call.name for call in bot.slack.requests if call.name.startswith("chat.")] == ["chat.postEphemeral"]


async def test_where_the_bot_is_not_in_the_channel_it_falls_back_to_a_direct_message(bot: Running) -> None:
    bot.slack.fail("response_url", 404, "used_url")
    ada = bot.slack.person()
    answer = await ada.command("/ilya", "scaling laws", channel=bot.slack.channel(member=False)).answer()
    assert answer.channel == ada.im
    assert "In context" in labels_of(answer)


async def test_a_page_is_turned_by_the_web_api_where_the_response_url_fails(bot: Running) -> None:
    ada, general = bot.slack.person(), bot.slack.channel()
    first = await ada.mention("<@UBOT> scaling laws", general).answer()
    bot.slack.fail("response_url", 404, "used_url")
    second = await ada.click(first, "▶").answer()
    assert (second.ts, second.edits) == (first.ts, 1)


async def test_a_mention_that_cannot_be_answered_is_answered_directly(bot: Running) -> None:
    ada, general = bot.slack.person(), bot.slack.channel()
    bot.slack.fail("chat.postMessage", 200, "restricted_action")
    answer = await ada.mention("<@UBOT> scaling laws", general).answer()
    assert answer.channel == ada.im


async def test_a_fault_of_the_bots_own_is_told_by_a_reference_that_the_log_has(
    web_bot: Running, caplog: pytest.LogCaptureFixture
) -> None:
    object.__setattr__(web_bot.core.memory, "database", None)
    ada = web_bot.slack.person()
    told = await ada.command("/ilya", "scaling laws").answer()
    assert "Something went wrong here" in told.text
    reference = told.text.rpartition(" ")[2].rstrip(".")
    assert f"reference {reference}" in caplog.text


async def test_no_secret_is_in_the_log_at_info(bot: Running, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    bot.slack.fail("response_url", 500)
    bot.slack.fail("chat.postMessage", 429)
    ada, general = bot.slack.person(), bot.slack.channel()
    asked = ada.command("/ilya", "scaling laws", channel=general)
    await ada.click(await asked.answer(), "▶").answer()
    await ada.mention("<@UBOT> scaling laws", general).answer()
    await asked.retried().ack()
    await ada.dm("random").answer()
    assert "answered already" in caplog.text
    assert "/response/" not in caplog.text
    assert asked.payload["trigger_id"] not in caplog.text
    for secret in (bot.slack.team.bot_token, bot.slack.app_token, bot.slack.signing_secret):
        assert secret not in caplog.text


async def test_while_the_store_is_busy_everything_is_acknowledged(bot: Running) -> None:
    ada = bot.slack.person()
    async with bot.core.daily.database.begin():
        asked = [ada.command("/ilya", "scaling laws"), ada.dm("scaling laws")]
        assert [(await each.ack()).ok for each in asked] == [True, True]
        assert bot.slack.changes == []
    assert [await each.answer() is not None for each in asked] == [True, True]


async def test_what_takes_too_long_at_the_end_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    work, ended = Work(), []

    async def take_for_ever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("given up")

    work.start(take_for_ever())
    await work.finish(0.01)
    assert ended == ["given up"]
    assert "1 answers were given up" in caplog.text
    await work.finish(0.01)


async def test_what_goes_wrong_beside_the_listeners_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise ValueError("nothing that is foreseen")

    work = Work()
    work.start(fail())
    await work.finish(1)
    assert "nothing that is foreseen" in caplog.text
