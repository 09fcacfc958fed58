"""The fake Slack's Web API and response urls against the real slack-sdk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.slack_bot import BUTTONS, SECTION
from tests.fakes.slack_server import FakeSlack, slack_server

# slack_sdk 3.47 makes a BasicAuth, which aiohttp 3.14 deprecates.
BASIC_AUTH = "ignore:BasicAuth is deprecated:DeprecationWarning"
PIECE = {"type": "text", "text": "his words"}


@pytest_asyncio.fixture
async def server() -> AsyncIterator[FakeSlack]:
    async with slack_server() as running:
        yield running


@pytest.fixture
def client(server: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(server.team.bot_token, base_url=server.api_url)


async def refused(call: Awaitable[Any]) -> Any:
    """Give the body with which Slack refuses a call."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


class TestWebApi:
    """The methods' own rules."""

    @pytest.mark.asyncio
    async def test_tokens_open_only_their_workspace(self, server: FakeSlack, client: AsyncWebClient) -> None:
        other = server.add_team("T0OTHER")
        assert (await client.auth_test(token=other.bot_token))["team_id"] == "T0OTHER"
        theirs = server.channel(team=other)
        assert (await refused(client.chat_postMessage(channel=theirs.id, text="x")))["error"] == "channel_not_found"
        assert (await refused(client.auth_test(token=other.bot_token + "x")))["error"] == "invalid_auth"
        assert (await refused(AsyncWebClient(base_url=server.api_url).auth_test()))["error"] == "not_authed"
        assert (await client.auth_revoke(test=True))["revoked"] is False
        assert (await client.auth_revoke())["revoked"] is True
        assert (await refused(client.auth_test()))["error"] == "token_revoked"

    @pytest.mark.asyncio
    async def test_the_least_scopes_reach_no_further(self, server: FakeSlack, client: AsyncWebClient) -> None:
        ada, general = server.person(tz="Europe/London", tz_offset=3600), server.channel()
        calls: dict[str, Callable[[], Awaitable[Any]]] = {
            "users:read": lambda: client.users_info(user=ada.id),
            "channels:read": lambda: client.conversations_info(channel=general.id),
            "im:write": lambda: client.conversations_open(users=ada.id),
            "channels:history": lambda: client.conversations_history(channel=general.id),
        }
        for scope, call in calls.items():
            body = await refused(call())
            assert (body["error"], body["needed"].split(",")[0]) == ("missing_scope", scope)
            assert body["provided"] == "app_mentions:read,chat:write,commands,im:history"
        server.team.scopes |= set(calls)
        assert (await calls["users:read"]())["user"]["tz"] == "Europe/London"
        assert (await calls["channels:read"]())["channel"]["is_member"] is True
        assert (await calls["im:write"]())["channel"]["id"] == ada.im.id
        assert (await refused(calls["channels:history"]()))["error"] == "unknown_method"
        server.team.scopes -= {"chat:write", "im:history"}
        assert (await refused(client.chat_postMessage(channel=general.id, text="x")))["needed"] == "chat:write"
        with pytest.raises(ValueError, match="im:history"):
            ada.dm("unheard")

    @pytest.mark.asyncio
    async def test_messages_go_only_where_the_app_may_write(self, server: FakeSlack, client: AsyncWebClient) -> None:
        ada, away, secret = server.person(), server.channel("away", member=False), server.channel("s", kind="private")
        old, secret.member = server.channel("old", archived=True), False
        for place, error in [(away, "not_in_channel"), (secret, "channel_not_found"), (old, "is_archived")]:
            assert (await refused(client.chat_postMessage(channel=place.id, text="x")))["error"] == error
        assert (await refused(client.chat_postMessage(channel="C0NONE", text="x")))["error"] == "channel_not_found"
        nobody = client.chat_postEphemeral(channel=server.channel().id, user="U0NOBODY", text="x")
        assert (await refused(nobody))["error"] == "user_not_in_channel"
        told = await client.chat_postMessage(channel=ada.id, text="to ada")
        assert told["channel"] == ada.im.id
        server.messages_tab = False
        assert (await refused(client.chat_postMessage(channel=ada.id, text="x")))["error"] == "messages_tab_disabled"
        server.team.scopes.add("chat:write.public")
        assert (await client.chat_postMessage(channel=away.id, text="x"))["ok"]
        with pytest.raises(ValueError, match="where the bot is not"):
            ada.mention("<@UBOT> x", away)

    @pytest.mark.asyncio
    async def test_only_what_all_can_see_can_be_changed(self, server: FakeSlack, client: AsyncWebClient) -> None:
        ada, general = server.person(), server.channel()
        rich = {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [PIECE]}]}
        sent = await client.chat_postMessage(channel=general.id, text="a", blocks=[rich], unfurl_links=False)
        where: dict[str, Any] = {"channel": general.id, "ts": sent["ts"]}
        assert (await client.chat_update(**where, text="b"))["message"]["blocks"] == [rich]
        assert (await refused(client.chat_update(**where, text="b", blocks=[SECTION])))["error"] == "block_mismatch"
        assert (await refused(client.chat_update(**where, text="x" * 4001)))["error"] == "msg_too_long"
        hidden = await client.chat_postEphemeral(channel=general.id, user=ada.id, text="psst")
        unseen = client.chat_delete(channel=general.id, ts=hidden["message_ts"])
        assert (await refused(unseen))["error"] == "message_not_found"
        await client.chat_delete(**where)
        assert [message.text for message in general.messages] == ["psst"]
        assert [change.deed for change in server.changes] == ["post", "update", "post", "delete"]

    @pytest.mark.asyncio
    async def test_refusals_reach_the_sdk_in_slacks_words(self, server: FakeSlack, client: AsyncWebClient) -> None:
        general = server.channel()
        long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
        body = await refused(client.chat_postMessage(channel=general.id, text="x", blocks=[long]))
        said = "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
        assert (body["error"], body["response_metadata"]) == ("invalid_blocks", {"messages": [said]})
        form = {"channel": general.id, "text": "x", "blocks": "[{"}
        assert (await refused(client.api_call("chat.postMessage", data=form)))["error"] == "invalid_blocks_format"
        await client.api_call("chat.postMessage", data=form | {"blocks": '[{"type": "divider"}]'})
        assert general.messages[0].blocks == ({"type": "divider"},)
        assert [str(refusal.error) for refusal in server.refusals] == ["invalid_blocks", "invalid_blocks_format"]

    @pytest.mark.asyncio
    async def test_views_open_once_and_publish_for_known_people(
        self, server: FakeSlack, client: AsyncWebClient
    ) -> None:
        ada, home = server.person(), {"type": "home", "blocks": [SECTION, BUTTONS]}
        modal = {"type": "modal", "title": {"type": "plain_text", "text": "t"}, "blocks": [SECTION]}
        trigger = server.issue_trigger(ada.id)
        await client.views_open(trigger_id=trigger, view=modal)
        assert (await refused(client.views_open(trigger_id=trigger, view=modal)))["error"] == "exchanged_trigger_id"
        assert (await refused(client.views_publish(user_id="U0NO", view=home)))["error"] == "user_not_found"
        first = (await client.views_publish(user_id=ada.id, view=home))["view"]
        again = client.views_publish(user_id=ada.id, view=home, hash="stale")
        assert (await refused(again))["error"] == "hash_conflict"
        await client.views_publish(user_id=ada.id, view=home, hash=first["hash"])
        server.home_tab = False
        assert (await refused(client.views_publish(user_id=ada.id, view=home)))["error"] == "not_enabled"

    @pytest.mark.filterwarnings(BASIC_AUTH)
    @pytest.mark.asyncio
    async def test_an_oauth_code_gives_a_token_once(self, server: FakeSlack) -> None:
        client, team = AsyncWebClient(base_url=server.api_url), server.add_team("T0NEW")
        known = {"client_id": server.client_id, "client_secret": server.client_secret}
        code = server.issue_code(team)
        wrong = client.oauth_v2_access(**known | {"client_secret": "x"}, code=code)
        assert (await refused(wrong))["error"] == "bad_client_secret"
        given = await client.oauth_v2_access(**known, code=code)
        assert (given["access_token"], given["team"]["id"]) == (team.bot_token, "T0NEW")
        assert (await refused(client.oauth_v2_access(**known, code=code)))["error"] == "invalid_code"


class TestResponseUrls:
    """Five uses in half an hour, private unless told otherwise."""

    @pytest.mark.asyncio
    async def test_a_sixth_use_and_a_late_use_are_refused(self, server: FakeSlack) -> None:
        issued = server.issue_response_url(server.channel(), server.person().id)
        respond = AsyncWebhookClient(f"{server.url}/response/{issued.token}")
        assert (await respond.send(text="")).status_code == 400
        assert [(await respond.send(text="x", response_type="in_channel")).status_code for _ in range(5)] == [200] * 5
        sixth = await respond.send(text="x")
        assert (sixth.status_code, "used_url" in sixth.body) == (404, True)
        assert {message.ephemeral_to for message in server.messages} == {None}
        issued.uses, issued.until = 0, 0.0
        assert "expired_url" in (await respond.send(text="x")).body

    @pytest.mark.asyncio
    async def test_an_original_can_be_replaced_and_deleted(self, server: FakeSlack, client: AsyncWebClient) -> None:
        general = server.channel()
        await client.chat_postMessage(channel=general.id, text="first", blocks=[BUTTONS])
        issued = server.issue_response_url(general, server.person().id, general.messages[0])
        respond = AsyncWebhookClient(f"{server.url}/response/{issued.token}")
        await respond.send(text="second", replace_original=True)
        await respond.send(text="aside")
        assert [(m.text, m.ephemeral_to is None) for m in general.messages] == [("second", True), ("aside", False)]
        await respond.send(delete_original=True)
        assert [message.text for message in general.messages] == ["aside"]
        assert "message_not_found" in (await respond.send(text="third", replace_original=True)).body
        command = server.issue_response_url(general, server.person().id)
        await AsyncWebhookClient(f"{server.url}/response/{command.token}").send(text="anew", replace_original=True)
        assert [message.text for message in general.messages] == ["aside", "anew"]
