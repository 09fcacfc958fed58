"""The fake Slack against the real slack-bolt and slack-sdk, in both modes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
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

from tests.fakes.slack_bot import SECTION, build_app, serve
from tests.fakes.slack_server import FakeSlack, slack_server

# slack_sdk 3.47 makes a BasicAuth, which aiohttp 3.14 deprecates.
BASIC_AUTH = "ignore:BasicAuth is deprecated:DeprecationWarning"
AT_ONCE = FixedValueRetryIntervalCalculator(fixed_internal=0)


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
