"""The fake Slack against the real slack-bolt and slack-sdk, in both modes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import FixedValueRetryIntervalCalculator
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.slack_bot import BUTTONS, SECTION, build_app, serve
from tests.fakes.slack_cases import (
    LIMITS,
    MANIFEST,
    MANIFEST_FAULTS,
    PINGS,
    REFUSED,
    TAKEN,
    button,
    change,
    mrkdwn,
    section,
)
from tests.fakes.slack_checks import (
    RefusedError,
    check_message,
    check_view,
    find_block_faults,
    find_repeated_action_ids,
)
from tests.fakes.slack_manifest import check_manifest
from tests.fakes.slack_pings import find_loose_pings, find_pings
from tests.fakes.slack_server import FakeSlack, slack_server

# slack_sdk 3.47 makes a BasicAuth, which aiohttp 3.14 deprecates.
BASIC_AUTH = "ignore:BasicAuth is deprecated:DeprecationWarning"
AT_ONCE = FixedValueRetryIntervalCalculator(fixed_internal=0)
WORDS = (
    "type text blocks elements section rich_text rich_text_list rich_text_section actions button static_select".split()
)
WORDS += (
    "mrkdwn plain_text fields options label value accessory action_id block_id style confirm user home modal".split()
)
KEYS = st.sampled_from(WORDS) | st.text(max_size=3)
JSON_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | KEYS
PIECE = {"type": "text", "text": "his words"}


@pytest_asyncio.fixture
async def server() -> AsyncIterator[FakeSlack]:
    async with slack_server() as running:
        yield running


@pytest_asyncio.fixture(params=["socket", "http"])
async def slack(request: pytest.FixtureRequest, server: FakeSlack) -> AsyncIterator[FakeSlack]:
    """Give a fake Slack with the small bot behind it."""
    async with serve(build_app(server), server, request.param):
        yield server


@pytest.fixture
def client(server: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(server.team.bot_token, base_url=server.api_url)


async def refused(call: Awaitable[Any]) -> Any:
    """Give the body with which Slack refuses a call."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


class TestBothModes:
    """Stories that go the same over either transport."""

    @pytest.mark.asyncio
    async def test_a_command_is_acknowledged_and_answered_in_private(self, slack: FakeSlack) -> None:
        ada, general = slack.person("ada"), slack.channel(member=False)
        asked = ada.command("/ilya", "scaling laws", channel=general)
        assert (await asked.ack()).ok
        answer = await asked.answer()
        assert (answer.text, answer.ephemeral_to, answer.channel) == ("about scaling laws", ada.id, general)
        assert ada.sees(answer)
        assert not slack.person("ben").sees(answer)
        assert await asked.seconds() > 0

    @pytest.mark.asyncio
    async def test_an_answer_in_the_acknowledgement_counts(self, slack: FakeSlack) -> None:
        asked = slack.person().command("/ilya", "now", channel=slack.channel())
        assert (await asked.answer()).text == "in the ack"
        assert [change.via for change in slack.changes] == ["ack"]
        assert [issued.uses for issued in slack.response_urls.values()] == [0]

    @pytest.mark.asyncio
    async def test_a_mention_is_answered_in_its_thread(self, slack: FakeSlack) -> None:
        ada, general = slack.person(), slack.channel()
        asked = ada.mention("<@UBOT> hello", general)
        answer = await asked.answer()
        assert (answer.thread_ts, answer.unfurl_links, answer.unfurl_media) == (asked.ts, False, None)
        below = await ada.mention("<@UBOT> more", general, thread_ts=asked.ts).answer()
        assert below.thread_ts == asked.ts
        assert below.text == "heard <@UBOT> more"

    @pytest.mark.asyncio
    async def test_answers_find_their_questions_when_many_ask_at_once(self, slack: FakeSlack) -> None:
        ada, general = slack.person(), slack.channel()
        asked = [ada.mention(f"<@UBOT> {number}", general) for number in range(20)]
        asked += [ada.command("/ilya", str(number), channel=general) for number in range(20)]
        answers = await asyncio.gather(*(each.answer() for each in asked))
        assert [answer.text for answer in answers] == [
            *(f"heard <@UBOT> {number}" for number in range(20)),
            *(f"about {number}" for number in range(20)),
        ]

    @pytest.mark.asyncio
    async def test_a_direct_message_is_answered(self, slack: FakeSlack) -> None:
        ada = slack.person()
        answer = await ada.dm("hello").answer()
        assert (answer.text, answer.channel) == ("dm hello", ada.im)

    @pytest.mark.asyncio
    async def test_a_click_turns_the_page(self, slack: FakeSlack) -> None:
        ada = slack.person()
        shown = await ada.command("/ilya", "x", channel=slack.channel()).answer()
        for wanted in ("Previous", "Share"):
            with pytest.raises(LookupError):
                ada.click(shown, wanted)
        with pytest.raises(LookupError):
            slack.person("ben").click(shown, "Next")
        clicked = ada.click(shown, "Next")
        assert "message" not in clicked.payload  # Slack keeps what is ephemeral to itself
        turned = await clicked.answer()
        assert (turned.text, turned.ts, turned.edits, turned.blocks) == ("page 2", shown.ts, 1, ())
        assert slack.messages == [turned]
        with pytest.raises(LookupError):
            ada.click(shown, "Next")
        assert (await ada.click_raw("next", "9", shown).answer()).text == "page 9"

    @pytest.mark.asyncio
    async def test_a_link_button_reports_its_click_too(self, slack: FakeSlack) -> None:
        ada = slack.person()
        shown = await ada.command("/ilya", "x", channel=slack.channel()).answer()
        assert (await ada.click(shown, "watch").ack()).ok

    @pytest.mark.asyncio
    async def test_a_message_shortcut_is_answered_in_the_channel(self, slack: FakeSlack) -> None:
        general = slack.channel()
        answer = await slack.person().shortcut("said", "what is AGI?", general).answer()
        assert (answer.text, answer.ephemeral_to) == ("on what is AGI?", None)

    @pytest.mark.asyncio
    async def test_the_home_tab_is_published_when_opened(self, slack: FakeSlack) -> None:
        ada = slack.person()
        shown = await ada.open_home().answer()
        assert shown.blocks[0]["text"] == SECTION["text"]
        assert ada.home == shown

    @pytest.mark.asyncio
    async def test_bolt_answers_an_event_as_often_as_it_is_delivered(self, slack: FakeSlack) -> None:
        ada, general = slack.person(), slack.channel()
        asked = ada.mention("<@UBOT> twice", general)
        repeated = [asked.again(), slack.redeliver(asked), asked.renamed(), ada.mention("", general, again=asked)]
        answers = [await handle.answer() for handle in [asked, *repeated]]
        assert sorted(answer.ts for answer in answers) == [message.ts for message in general.messages]
        assert len({handle.event_id for handle in [asked, *repeated]}) == 2
        assert {message.thread_ts for message in general.messages} == {asked.ts}

    @pytest.mark.asyncio
    async def test_bolt_ignores_its_own_echo_but_not_other_bots_or_edits(self, slack: FakeSlack) -> None:
        ada = slack.person()
        written = ada.dm("hello")
        answer = await written.answer()
        for heard in (slack.echo(answer), slack.other_bot("beep", ada.im), ada.edit(written, "hello again")):
            assert (await heard.ack()).ok
        assert (await ada.dm("last").answer()).text == "dm last"
        assert [message.text for message in ada.im.messages] == ["dm hello", "dm last"]

    @pytest.mark.asyncio
    async def test_the_tokens_are_dead_before_the_bot_hears_of_the_uninstallation(self, slack: FakeSlack) -> None:
        ada, dead = slack.person(), AsyncWebClient(slack.team.bot_token, base_url=slack.api_url)
        assert (await ada.uninstall().ack()).ok
        assert (await refused(dead.auth_test()))["error"] == "account_inactive"
        assert (await ada.revoke_tokens().ack()).ok
        assert (await refused(dead.auth_test()))["error"] == "token_revoked"


class TestSocketMode:
    """What only sockets do."""

    @pytest.mark.asyncio
    async def test_a_cut_socket_is_opened_anew_and_serves(self, server: FakeSlack) -> None:
        async with serve(build_app(server), server, "socket", ping_interval=0.05):
            server.sockets.cut()
            asked = server.person().command("/ilya", "after the cut", channel=server.channel())
            assert (await asked.answer()).text == "about after the cut"
            assert server.sockets.opened == 2

    @pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
    @pytest.mark.asyncio
    async def test_a_bot_told_to_disconnect_connects_anew(self, server: FakeSlack, reason: str) -> None:
        async with serve(build_app(server), server, "socket"):
            await server.sockets.disconnect(reason)
            await server.reconnected(2)
            assert (await server.person().dm("still here").answer()).text == "dm still here"

    @pytest.mark.asyncio
    async def test_deliveries_take_turns_over_several_sockets(self, server: FakeSlack) -> None:
        app = build_app(server)
        async with serve(app, server, "socket"), serve(app, server, "socket"):
            await server.connected(2)
            ada = server.person()
            for text in "abcd":
                assert (await ada.dm(text).answer()).text == f"dm {text}"
            server.sockets.cut(server.sockets.connections[0])
            assert (await ada.dm("by the other").answer()).text == "dm by the other"

    @pytest.mark.asyncio
    async def test_an_eleventh_socket_is_turned_away(self, server: FakeSlack) -> None:
        client = AsyncWebClient(base_url=server.api_url)
        urls = [(await client.apps_connections_open(app_token=server.app_token))["url"] for _ in range(11)]
        async with aiohttp.ClientSession() as session:
            sockets = [await session.ws_connect(url) for url in urls]
            greetings = [await socket.receive_json() for socket in sockets]
            assert [greeting["type"] for greeting in greetings] == ["hello"] * 10 + ["disconnect"]
            assert greetings[-1]["reason"] == "too_many_websockets"
            for socket in sockets:
                await socket.close()

    @pytest.mark.asyncio
    async def test_an_address_may_be_dead_or_refuse_for_a_while(
        self, server: FakeSlack, client: AsyncWebClient
    ) -> None:
        async def connect(url: str) -> int:
            async with aiohttp.ClientSession() as session, session.get(url) as answer:
                return answer.status

        server.sockets.dead = 1
        dead, alive = [(await client.apps_connections_open(app_token=server.app_token))["url"] for _ in range(2)]
        server.fail("/link/", 503)
        assert [await connect(url) for url in (alive, dead, dead, alive)] == [503, 404, 404, 400]  # 400: no web socket

    @pytest.mark.asyncio
    async def test_what_is_not_acknowledged_is_delivered_again_with_the_reason(self, server: FakeSlack) -> None:
        app, seen, gate = build_app(server), [], asyncio.Event()

        @app.middleware
        async def note(req: Any, next: Any) -> None:  # noqa: A002
            seen.append([req.headers.get(f"x-slack-retry-{name}") for name in ("num", "reason")])
            if len(seen) == 1:
                await gate.wait()
            await next()

        async with serve(app, server, "socket"):
            asked = server.person().mention("<@UBOT> slow", server.channel())
            with pytest.raises(TimeoutError):
                await asked.ack(deadline=0.05)
            assert (await server.redeliver(asked, 1, "timeout").ack()).ok
            gate.set()
            assert (await asked.ack()).ok
        assert seen == [[["0"], [""]], [["1"], ["timeout"]]]

    @pytest.mark.asyncio
    async def test_only_the_app_token_opens_sockets(self, server: FakeSlack, client: AsyncWebClient) -> None:
        assert (await refused(client.apps_connections_open(app_token=server.team.bot_token)))["error"] == "invalid_auth"
        app_client = AsyncWebClient(server.app_token, base_url=server.api_url)
        assert (await refused(app_client.auth_test()))["error"] == "not_allowed_token_type"


class TestHttpMode:
    """What only signed requests do."""

    @pytest_asyncio.fixture
    async def http(self, server: FakeSlack) -> AsyncIterator[FakeSlack]:
        async with serve(build_app(server), server, "http"):
            yield server

    @pytest.mark.parametrize("way", ["forged", "tampered", "stale", "early", "unsigned", "undated"])
    @pytest.mark.asyncio
    async def test_what_slack_did_not_sign_just_now_is_refused(self, http: FakeSlack, way: str) -> None:
        ada = http.person()
        by = getattr(http.http, way)
        assert (await ada.dm("hello", by=by).ack()).status == 401
        assert (await ada.command("/ilya", "x", by=by).ack()).status == 401
        assert http.requests == []

    @pytest.mark.parametrize("way", ["timeless", "malformed", "malformed_unsigned"])
    @pytest.mark.asyncio
    async def test_what_cannot_be_read_is_not_acknowledged(self, http: FakeSlack, way: str) -> None:
        assert not (await http.person().dm("hello", by=getattr(http.http, way)).ack()).ok
        assert http.requests == []

    @pytest.mark.asyncio
    async def test_a_replay_is_the_same_bytes_and_bolt_takes_it(self, http: FakeSlack) -> None:
        assert http.http is not None
        ada = http.person()
        asked = ada.dm("hello")
        await asked.answer()
        sent = list(http.http.sent.values())
        assert (await asked.again(by=http.http.replay).ack()).ok
        await http.wait_for(lambda: len(ada.im.messages) == 2)
        assert list(http.http.sent.values()) == sent

    @pytest.mark.asyncio
    async def test_slack_probes_and_retries(self, http: FakeSlack) -> None:
        assert http.http is not None
        assert (await http.http.verify_url("chal")).body == {"challenge": "chal"}
        assert (await http.http.check_ssl()).status == 200
        assert (await http.http.huge()).status == 413
        asked = http.person().dm("hello")
        assert (await http.redeliver(asked, 2, "http_error").ack()).ok
        headers = [request.headers for request in http.http.sent.values()]
        assert [h.get("X-Slack-Retry-Num") for h in headers] == ["2"]

    @pytest.mark.asyncio
    async def test_an_answer_of_the_wrong_kind_is_no_acknowledgement(self, http: FakeSlack) -> None:
        assert (await http.person().command("/other", "x").ack()).status == 404

    @pytest.mark.filterwarnings(BASIC_AUTH)
    @pytest.mark.asyncio
    async def test_a_workspace_that_installs_the_app_is_served_with_its_own_token(
        self, server: FakeSlack, tmp_path: Path
    ) -> None:
        team = server.add_team("T0NEW")
        settings = AsyncOAuthSettings(
            client_id=server.client_id,
            client_secret=server.client_secret,
            scopes=sorted(team.scopes),
            installation_store=FileInstallationStore(base_dir=str(tmp_path)),
            state_store=FileOAuthStateStore(expiration_seconds=600, base_dir=str(tmp_path)),
        )
        async with serve(build_app(server, settings), server, "http"):
            assert server.http is not None
            site = server.http.url.removesuffix("/events")
            back = f"{site}/oauth_redirect"
            assert (await server.http.install(f"{site}/install", back, "wrong")).status == 401
            assert (await server.http.install(f"{site}/install", back, server.issue_code(team))).status == 200
            answer = await server.person(team=team).dm("hello").answer()
            assert answer.text == "dm hello"
            assert server.calls("chat.postMessage")[0].token == team.bot_token


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


class TestFaults:
    """Trouble on demand."""

    @pytest.mark.asyncio
    async def test_a_rate_limit_is_waited_out_by_the_retry_handler(
        self, server: FakeSlack, client: AsyncWebClient
    ) -> None:
        general = server.channel()
        server.fail("chat.postMessage", 429, retry_after=0, times=2)
        body = await refused(client.chat_postMessage(channel=general.id, text="x"))
        assert (body["error"], body.headers["Retry-After"]) == ("ratelimited", "0")
        client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
        await client.chat_postMessage(channel=general.id, text="x")
        assert [request.status for request in server.calls("chat.postMessage")] == [429, 429, 200]
        assert len(general.messages) == 1

    @pytest.mark.asyncio
    async def test_an_answer_lost_after_its_effect_is_posted_twice_by_the_sdk(
        self, server: FakeSlack, client: AsyncWebClient
    ) -> None:
        general = server.channel()
        client.retry_handlers = [AsyncConnectionErrorRetryHandler(interval_calculator=AT_ONCE)]
        server.fail("chat.postMessage", drop=True, after_effect=True)
        await client.chat_postMessage(channel=general.id, text="x")
        assert len(general.messages) == 2

    @pytest.mark.asyncio
    async def test_a_page_in_place_of_json_is_given_too(self, server: FakeSlack, client: AsyncWebClient) -> None:
        server.fail("/api/auth", 503).body = "<html>down</html>"
        assert (await refused(client.auth_test())).status_code == 503
        server.fail("response_url", 500)
        issued = server.issue_response_url(server.channel(), server.person().id)
        respond = AsyncWebhookClient(f"{server.url}/response/{issued.token}")
        assert [(await respond.send(text="x")).status_code for _ in range(2)] == [500, 200]
        assert issued.uses == 1

    @pytest.mark.asyncio
    async def test_a_held_call_waits_until_released(self, server: FakeSlack, client: AsyncWebClient) -> None:
        general = server.channel()
        with server.hold("chat.postMessage") as hold:
            posting = asyncio.ensure_future(client.chat_postMessage(channel=general.id, text="x"))
            async with asyncio.timeout(5):
                await hold.reached.wait()
            assert general.messages == []
        await posting
        assert len(general.messages) == 1
        with server.hold("/api/chat.post", after_effect=True) as hold:
            posting = asyncio.ensure_future(client.chat_postMessage(channel=general.id, text="y"))
            await server.wait_for(lambda: len(general.messages) == 2)
            assert not posting.done()
        await posting

    @pytest.mark.asyncio
    async def test_waiting_in_vain_says_what_was_seen(self, server: FakeSlack, client: AsyncWebClient) -> None:
        await refused(client.chat_postMessage(channel="C0NONE", text="x"))
        with pytest.raises(TimeoutError, match="channel_not_found"):
            await server.wait_for(lambda: server.messages, timeout=0.01)


class TestJudge:
    """Block Kit, texts, views and manifests."""

    @pytest.mark.parametrize("name", LIMITS)
    def test_the_judge_takes_what_is_at_a_limit_and_refuses_one_more(self, name: str) -> None:
        make, most = LIMITS[name]
        assert find_block_faults(make(most)) == []
        assert any(
            f"less than {most + 1} " in said or f"more than {most} " in said
            for said in find_block_faults(make(most + 1))
        )

    @pytest.mark.parametrize("name", TAKEN)
    def test_the_judge_takes_what_slack_takes(self, name: str) -> None:
        assert find_block_faults(TAKEN[name]) == []

    @pytest.mark.parametrize("name", REFUSED)
    def test_the_judge_refuses_what_slack_refuses(self, name: str) -> None:
        blocks, said = REFUSED[name]
        assert said in " ".join(find_block_faults(blocks))

    @given(st.recursive(JSON_LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=30))
    def test_the_judge_never_breaks(self, blocks: Any) -> None:
        for judge in (find_block_faults, find_repeated_action_ids):
            assert isinstance(judge(blocks), list)
        for check in (check_view, lambda value: check_message({"text": "x", "blocks": value, "attachments": value})):
            with contextlib.suppress(RefusedError):
                check(blocks)
        find_pings({"text": "x", "blocks": blocks})

    @pytest.mark.parametrize(
        ("payload", "error"),
        [
            ({"text": " "}, "no_text"),
            ({"blocks": []}, "no_text"),
            ({"text": "x" * 40_001}, "msg_too_long"),
            ({"blocks": [section("x" * 2581)] * 5}, "msg_blocks_too_long"),
            ({"text": "x", "blocks": {}}, "invalid_blocks_format"),
            ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
            ({"markdown_text": "y" * 12_001}, "msg_too_long"),
            ({"text": "x", "metadata": {"event_type": 1}}, "invalid_metadata_format"),
            ({"text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
        ],
    )
    def test_a_message_is_refused_by_name(self, payload: dict[str, Any], error: str) -> None:
        with pytest.raises(RefusedError) as caught:
            check_message(payload)
        assert caught.value.error == error

    def test_a_message_is_taken_at_its_limits(self) -> None:
        assert check_message({"text": "x" * 40_000, "blocks": [section("x" * 2580)] * 5})["attachments"] == []

    def test_a_home_tab_takes_a_hundred_blocks_of_250_kb(self) -> None:
        check_view({"type": "home", "blocks": [section()] * 100})
        with pytest.raises(RefusedError, match="no more than 100 items"):
            check_view({"type": "home", "blocks": [section()] * 101})
        with pytest.raises(RefusedError, match="view_too_large"):
            check_view({"type": "home", "blocks": [section("x" * 2900)] * 90})

    def test_action_ids_used_twice_in_a_message_are_found(self) -> None:
        assert find_repeated_action_ids([section(accessory=button()), {"elements": [button()]}]) == ["next"]

    @pytest.mark.parametrize(("message", "pings"), PINGS)
    def test_pings_are_what_slack_would_notify(self, message: dict[str, Any], pings: tuple[str, ...]) -> None:
        assert find_pings(message) == pings

    @given(st.text() | st.from_regex(r"<(!channel|@U1|!subteam\^S1)(\|x)?>"))
    def test_escaped_words_ping_nobody(self, words: str) -> None:
        escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert find_pings({"text": escaped, "blocks": [section(escaped)]}) == ()
        assert find_pings({"text": f"{escaped}<!channel>"}) == ("<!channel>",)

    def test_bare_mentions_are_told_apart_unless_verbatim(self) -> None:
        quote = section("ask @here or a@here.org")
        assert find_loose_pings({"blocks": [quote]}) == ("@here",)
        assert find_loose_pings({"blocks": [section(text="") | {"text": mrkdwn("@here") | {"verbatim": True}}]}) == ()

    def test_a_good_manifest_passes_in_both_modes(self) -> None:
        check_manifest(MANIFEST)
        url = "https://bot.example/slack/events"
        http = change(MANIFEST, "settings.socket_mode_enabled", False)
        http = change(http, "settings.event_subscriptions.request_url", url)
        http = change(http, "settings.interactivity.request_url", url)
        check_manifest(change(http, "features.slash_commands", [{"command": "/ilya", "description": "x", "url": url}]))

    @pytest.mark.parametrize(("path", "value", "said"), MANIFEST_FAULTS)
    def test_a_manifest_fault_is_named(self, path: str, value: Any, said: str) -> None:
        with pytest.raises(AssertionError, match=said):
            check_manifest(change(MANIFEST, path, value))
