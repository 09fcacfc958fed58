"""The daily quote: set in words, announced where it will come, posted once, paused where it cannot be."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from bot.delivery import DailyService, Place, PostState, SubscriptionState
from bot.errors import StoreBusyError
from tests.adapters.slack.conftest import Running, finish_work
from tests.adapters.slack.test_asking import labels_of
from tests.fakes.slack_checks import iterate_texts
from tests.fakes.slack_people import Person
from tests.fakes.slack_world import Channel, Message

pytestmark = pytest.mark.asyncio

EVERY_DAY = "daily 09:00 Europe/London"


def place_of(channel: Channel) -> Place:
    """Give where a channel's daily quote is kept."""
    return Place("slack", channel.team.id, channel.id)


async def seen_in(bot: Running, channel: Channel, number: int = 1) -> Message:
    """Wait for the nth message that all of a channel see."""

    def seen() -> list[Message]:
        return [message for message in channel.messages if message.ephemeral_to is None]

    await bot.slack.wait_for(lambda: len(seen()) >= number)
    return seen()[number - 1]


async def has_become(bot: Running, channel: Channel, state: PostState) -> str:
    """Expect a channel's last post in a state once all under way is done, and give the reason for it."""
    row = await bot.core.daily.find(place_of(channel))
    assert row is not None
    await finish_work("survive")
    posts = await bot.core.daily.posts(row, 1)
    assert [post.state for post in posts] == [state]
    return posts[0].reason


async def set_daily(ada: Person, channel: Channel, text: str = EVERY_DAY) -> Message:
    """Set a daily quote and give what the one who set it is told."""
    told: Message = await ada.command("/ilya", text, channel=channel).answer()
    return told


async def test_it_is_set_in_words_and_the_channel_is_told(bot: Running) -> None:
    ada, general = bot.slack.person(), bot.slack.channel()
    told = await set_daily(ada, general, "daily 9am Europe/London weekdays about scaling laws")
    assert (told.ephemeral_to, told.text.startswith("Set. The next one: 2")) == (ada.id, True)
    public = await seen_in(bot, general)
    when = "on weekdays at 09:00 (Europe/London)"
    assert public.text == f"A quote on “scaling laws” comes {when}. /ilya daily changes it."
    row = await bot.core.daily.find(place_of(general))
    assert row is not None
    assert (row.tenant, row.set_by, row.topic) == (bot.slack.team.id, ada.id, "scaling laws")


async def test_it_is_set_by_a_mention_in_its_thread(bot: Running) -> None:
    ada, general = bot.slack.person(), bot.slack.channel()
    asked = ada.mention(f"<@UBOT> {EVERY_DAY} mon wed", general)
    answer = await asked.answer()
    assert (answer.thread_ts, "Mon, Wed at 09:00" in answer.text) == (asked.ts, True)
    assert len(general.messages) == 1


async def test_the_zone_is_asked_for_where_the_scopes_hide_it(bot: Running) -> None:
    ada, general = bot.slack.person(tz="Asia/Tokyo"), bot.slack.channel()
    told = await set_daily(ada, general, "daily 09:00 weekdays")
    assert "Which time zone?" in told.text
    assert "/ilya daily 09:00 Europe/London" in told.text
    assert await bot.core.daily.find(place_of(general)) is None


async def test_the_zone_is_the_users_own_where_the_scopes_show_it(bot: Running) -> None:
    bot.slack.team.scopes.add("users:read")
    ada, general = bot.slack.person(tz="Asia/Tokyo"), bot.slack.channel()
    await set_daily(ada, general, "daily 09:00 weekdays")
    assert "(Asia/Tokyo)" in (await seen_in(bot, general)).text


async def test_a_channel_keeps_its_zone(bot: Running) -> None:
    ada, general = bot.slack.person(), bot.slack.channel()
    await set_daily(ada, general)
    told = await set_daily(ada, general, "daily 10:30")
    assert "Set. A quote comes every day at 10:30 (Europe/London). The next one:" in told.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("daily 09:00 Europe/Londn", "Europe/London"),
        ("daily 09:00 EST weekdays", "America/New_York"),
        ("daily 25:00 Europe/London", "is not a time of day"),
        ("daily 09:00 Europe/London somedays", "somedays"),
        ("daily 09:00 Europe/London about gardening roses", "No quote"),
    ],
)
async def test_what_is_not_understood_is_told_with_a_hint(bot: Running, text: str, said: str) -> None:
    ada, general = bot.slack.person(), bot.slack.channel()
    told = await set_daily(ada, general, text)
    assert said.lower() in told.text.lower()
    assert await bot.core.daily.find(place_of(general)) is None
    assert [message for message in general.messages if message.ephemeral_to is None] == []


async def test_a_query_that_begins_with_the_word_is_a_query(bot: Running) -> None:
    answer = await bot.slack.person().command("/ilya", "daily life of researchers").answer()
    assert "time zone" not in answer.text


@pytest.mark.parametrize("kind", ["public", "private"])
async def test_where_the_bot_is_not_in_the_channel_it_says_how_to_invite_it(bot: Running, kind: str) -> None:
    ada = bot.slack.person()
    general = bot.slack.channel(member=False, kind=kind)  # type: ignore[arg-type]
    told = await set_daily(ada, general)
    assert told.ephemeral_to == ada.id
    assert "Type /invite @ilya there, then /ilya daily resume" in told.text
    row = await bot.core.daily.find(place_of(general))
    assert row is not None
    assert row.state is SubscriptionState.PAUSED
    general.member = True
    resumed = await ada.command("/ilya", "daily resume", channel=general).answer()
    assert resumed.text.startswith("It goes on. A quote comes every day at 09:00 (Europe/London). The next one:")


async def test_it_is_looked_at_paused_and_stopped(bot: Running) -> None:
    ada, general = bot.slack.person(), bot.slack.channel()

    async def say(text: str) -> str:
        told: Message = await ada.command("/ilya", text, channel=general).answer()
        assert told.ephemeral_to == ada.id
        return told.text

    assert "No daily quote is set here" in await say("daily")
    for action in ("stop", "pause", "resume", "preview"):
        assert "No daily quote is set here" in await say(f"daily {action}")
    assert "No daily quote is set here" in await say("daily now")
    await set_daily(ada, general)
    assert "comes every day at 09:00 (Europe/London). The next one" in await say("daily status")
    assert "Paused" in await say("daily pause")
    assert "It is paused." in await say("daily")
    assert "It goes on" in await say("daily resume")
    assert "Stopped" in await say("DAILY STOP")
    assert await bot.core.daily.find(place_of(general)) is None


async def test_the_preview_shows_seven_days_on_the_readers_clock(bot: Running) -> None:
    ada, general = bot.slack.person(), bot.slack.channel()
    await set_daily(ada, general)
    shown = await ada.command("/ilya", "daily preview", channel=general).answer()
    dates = [
        part for row in shown.blocks[0]["elements"][0]["elements"] for part in row["elements"] if part["type"] == "date"
    ]
    assert len(dates) == 7
    assert {date["format"] for date in dates} == {"{date_short_pretty} {time}"}
    row = await bot.core.daily.find(place_of(general))
    assert row is not None
    assert dates[0]["timestamp"] == row.next_due
    assert re.match(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d UTC", dates[0]["fallback"])


async def test_now_posts_at_once_for_all_to_see_and_for_each_to_page(bot: Running) -> None:
    ada, general = bot.slack.person(), bot.slack.channel()
    await set_daily(ada, general)
    assert "comes now" in (await ada.command("/ilya", "daily now", channel=general).answer()).text
    posted = await seen_in(bot, general, 2)
    assert posted.text.startswith("Today's quote\n")
    assert labels_of(posted)[0] == "In context"
    assert "Ilya Sutskever" in " ".join(iterate_texts(list(posted.blocks)))
    assert (await ada.click(posted, "👍").answer()).ephemeral_to == ada.id
    assert "posted already" in (await ada.command("/ilya", "daily now", channel=general).answer()).text


@pytest.mark.parametrize("fault", [{"status": 500}, {"drop": True}, {"status": 200, "error": "fatal_error"}])
async def test_a_post_whose_outcome_is_not_known_is_never_made_again(
    web_bot: Running, fault: dict[str, int | bool | str]
) -> None:
    ada, general = web_bot.slack.person(), web_bot.slack.channel()
    await set_daily(ada, general)
    web_bot.slack.fail("chat.postMessage", after_effect=True, **fault)  # type: ignore[arg-type]
    await ada.command("/ilya", "daily now", channel=general).answer()
    await seen_in(web_bot, general, 2)
    assert await has_become(web_bot, general, PostState.UNKNOWN)
    assert len(web_bot.slack.calls("chat.postMessage")) == 2


async def test_a_post_waits_as_long_as_slack_asks(web_bot: Running) -> None:
    ada, general = web_bot.slack.person(), web_bot.slack.channel()
    await set_daily(ada, general)
    web_bot.slack.fail("chat.postMessage", 429, retry_after=1)
    await ada.command("/ilya", "daily now", channel=general).answer()
    assert (await seen_in(web_bot, general, 2)).text.startswith("Today's quote")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("not_in_channel", "/invite @ilya"),
        ("channel_not_found", "/invite @ilya"),
        ("is_archived", "archived"),
        ("restricted_action", "Only some people"),
        ("restricted_action_something_new", "Only some people"),
    ],
)
async def test_where_it_cannot_be_posted_it_is_paused_and_who_set_it_told_once(
    web_bot: Running, error: str, said: str
) -> None:
    ada, general = web_bot.slack.person(), web_bot.slack.channel()
    await set_daily(ada, general)
    web_bot.slack.fail("chat.postMessage", 200, error)
    await ada.command("/ilya", "daily now", channel=general).answer()
    told = await seen_in(web_bot, ada.im)
    assert told.text.startswith("The daily quote is paused.")
    assert said in told.text
    assert {"type": "channel", "channel_id": general.id} in told.blocks[0]["elements"][1]["elements"]
    row = await web_bot.core.daily.find(place_of(general))
    assert row is not None
    assert row.state is SubscriptionState.FAILED
    assert "has stopped" in (await ada.command("/ilya", "daily status", channel=general).answer()).text
    await set_daily(ada, general)
    row = await web_bot.core.daily.find(place_of(general))
    assert row is not None
    assert row.state is SubscriptionState.ACTIVE


OTHERS_FAULTS = (
    "team_added_to_org org_login_required accesslimited message_limit_exceeded invalid_auth not_authed token_revoked "
    "account_inactive team_access_not_granted ekm_access_denied external_channel_migrating missing_scope "
    "msg_blocks_too_long invalid_blocks method_deprecated"
).split()


@pytest.mark.parametrize("error", OTHERS_FAULTS)
async def test_a_refusal_that_is_no_fault_of_the_channels_ends_no_daily_quote(web_bot: Running, error: str) -> None:
    ada, general = web_bot.slack.person(), web_bot.slack.channel()
    await set_daily(ada, general)
    web_bot.slack.fail("chat.postMessage", 200, error)
    await ada.command("/ilya", "daily now", channel=general).answer()
    await web_bot.slack.wait_for(lambda: len(web_bot.slack.calls("chat.postMessage")) == 2)
    await finish_work("survive")
    row = await web_bot.core.daily.find(place_of(general))
    assert row is not None
    assert row.state is SubscriptionState.ACTIVE
    assert (await web_bot.core.daily.posts(row, 1))[0].state is PostState.PLANNED
    assert ada.im.messages == []


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"drop": True},
        {"status": 200, "error": "fatal_error"},
        {"status": 200, "error": "messages_tab_disabled"},
    ],
)
async def test_who_set_it_is_told_once_where_slack_does_not_say_whether_they_were(
    web_bot: Running, fault: dict[str, Any]
) -> None:
    ada, general = web_bot.slack.person(), web_bot.slack.channel()
    await set_daily(ada, general)
    web_bot.slack.fail("chat.postMessage", 200, "is_archived")
    web_bot.slack.fail("chat.postMessage", after_effect=True, **fault)
    await ada.command("/ilya", "daily now", channel=general).answer()
    await seen_in(web_bot, ada.im)
    await finish_work("survive")
    row = await web_bot.core.daily.find(place_of(general))
    assert row is not None
    assert (row.state, row.tell_at) == (SubscriptionState.FAILED, None)


@pytest.mark.parametrize(
    ("fault", "after"),
    [
        ({"status": 503, "times": 9}, False),
        ({"status": 200, "error": "internal_error"}, True),
        ({"status": 200, "error": "message_limit_exceeded"}, False),
        ({"drop": True}, False),
    ],
)
@pytest.mark.parametrize("is_new", [True, False])
async def test_a_fault_while_it_is_set_leaves_it_active_and_says_that_it_was_not_checked(
    web_bot: Running, fault: dict[str, Any], after: bool, is_new: bool
) -> None:
    ada, general = web_bot.slack.person(), web_bot.slack.channel()
    if not is_new:
        await set_daily(ada, general)
    web_bot.slack.fail("chat.postMessage" if is_new else "chat.postEphemeral", after_effect=after, **fault)
    asked = ada.command("/ilya", EVERY_DAY, channel=general)
    await asked.ack()
    await finish_work()
    assert any("could not be checked just now" in answer.text for answer in asked.answers())
    row = await web_bot.core.daily.find(place_of(general))
    assert row is not None
    assert row.state is SubscriptionState.ACTIVE


async def test_it_waits_with_the_true_reason_where_the_channel_is_closed(web_bot: Running) -> None:
    ada, general = web_bot.slack.person(), web_bot.slack.channel()
    await set_daily(ada, general)
    general.archived = True
    told = await set_daily(ada, general)
    assert told.text.startswith("The channel is archived. The daily quote is set, but waits.")
    assert "/invite" not in told.text


async def test_the_channel_is_told_once_however_often_it_is_changed(bot: Running) -> None:
    ada, general = bot.slack.person(), bot.slack.channel()
    await set_daily(ada, general)
    await set_daily(ada, general, "daily 10:30")
    await ada.command("/ilya", "daily pause", channel=general).answer()
    await ada.command("/ilya", "daily resume", channel=general).answer()
    await finish_work()
    assert len([message for message in general.messages if message.ephemeral_to is None]) == 1


async def test_the_home_tab_is_shown_without_the_store_too(bot: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise StoreBusyError("The database is locked by another program.")

    monkeypatch.setattr(DailyService, "of_tenant", fail)
    shown = " ".join(iterate_texts(list((await bot.slack.person().open_home().answer()).blocks)))
    assert "They cannot be shown just now." in shown
    assert "/ilya scaling laws" in shown
    assert "Today's quote" in shown


async def test_the_home_tab_shows_nobody_what_others_have_set_up(bot: Running) -> None:
    ada, eve, secret = bot.slack.person("ada"), bot.slack.person("eve"), bot.slack.channel(kind="private")
    await set_daily(ada, secret, f"{EVERY_DAY} about scaling laws")
    await ada.command("/ilya", EVERY_DAY).answer()
    shown = json.dumps((await eve.open_home().answer()).blocks[-1])
    assert "2 more were set up by others." in shown
    for hidden in (secret.id, ada.im.id, "scaling laws"):
        assert hidden not in shown


async def test_the_home_tab_tells_how_to_ask_and_what_comes(bot: Running) -> None:
    ada, general = bot.slack.person(), bot.slack.channel()
    empty = await ada.open_home().answer()
    assert "None yet" in " ".join(iterate_texts(list(empty.blocks)))
    await set_daily(ada, general)
    view = await ada.open_home().answer()
    shown = " ".join(iterate_texts(list(view.blocks)))
    assert "/ilya scaling laws" in shown
    assert "A quote comes every day at 09:00 (Europe/London)." in shown
    assert {"type": "channel", "channel_id": general.id} in view.blocks[-1]["elements"][0]["elements"][0]["elements"]
    assert (await ada.click(view, "watch").ack()).ok
    await ada.open_home(tab="messages").ack()
    assert len(bot.slack.calls("views.publish")) == 2


async def test_when_the_app_is_removed_the_workspaces_daily_quotes_are_deleted(bot: Running) -> None:
    ada, general = bot.slack.person(), bot.slack.channel()
    await set_daily(ada, general)
    assert (await ada.revoke_tokens().ack()).ok
    assert await bot.core.daily.find(place_of(general)) is not None
    assert (await ada.uninstall().ack()).ok
    await finish_work()
    assert await bot.core.daily.of_tenant("slack", general.team.id) == ()
