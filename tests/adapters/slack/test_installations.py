"""Many workspaces: installed by OAuth, tokens encrypted, everything deleted when the app is removed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
import pytest_asyncio
from cryptography.fernet import Fernet
from pydantic import SecretStr
from slack_sdk.oauth.installation_store import Bot
from sqlalchemy import text

from adapters.slack import departures
from adapters.slack.installations import Installations, Vault, read_keys
from adapters.slack.poster import SlackPoster
from adapters.slack.tokens import AFTER_FAULT, Credentials, InstalledTokens
from bot.delivery import Database, RetryLaterError
from bot.errors import SettingsError, StoreError
from bot.service import QuoteService
from bot.settings import Settings
from tests.adapters.slack.conftest import Running, finish_work, make_settings, run_bot
from tests.fakes.slack_server import FakeSlack
from tests.fakes.slack_world import Team

# slack_sdk 3.47 makes one for oauth.v2.access
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")

_TIMES = map(float, count(1_700_000_000))
KEY = Fernet.generate_key().decode()


def ask_for_many(slack: FakeSlack, folder: Path, **more: object) -> Settings:
    """Give the settings of a bot for many workspaces."""
    given: dict[str, object] = {
        "slack_bot_token": None,
        "slack_client_id": slack.client_id,
        "slack_client_secret": slack.client_secret,
        "slack_token_key": KEY,
    }
    return make_settings(slack, "http", folder, **given | more)


@pytest_asyncio.fixture
async def many(slack: FakeSlack, quotes: QuoteService, tmp_path: Path) -> AsyncIterator[Running]:
    """Give a bot for many workspaces, installed in none."""
    async with run_bot(slack, quotes, ask_for_many(slack, tmp_path)) as running:
        yield running


async def begin(bot: Running) -> tuple[str, str]:
    """Open the install page and give the state and the cookie."""
    assert bot.slack.http is not None
    page = await bot.slack.http.get(f"http://127.0.0.1:{bot.port}/slack/install")
    assert page.status == 200
    cookie = page.headers["Set-Cookie"].split(";")[0]
    address = next(part for part in str(page.body).replace("&amp;", "&").split('"') if "oauth/v2/authorize" in part)
    asked = parse_qs(urlsplit(address).query)
    assert set(asked["scope"][0].split(",")) == {"app_mentions:read", "chat:write", "commands", "im:history"}
    return asked["state"][0], cookie


async def install(bot: Running, team: Team) -> int:
    """Install the app in a workspace and give the status of the last page."""
    state, cookie = await begin(bot)
    return await finish(bot, bot.slack.issue_code(team), state, cookie)


async def finish(bot: Running, code: str, state: str, cookie: str) -> int:
    """Come back from Slack."""
    assert bot.slack.http is not None
    address = f"http://127.0.0.1:{bot.port}/slack/oauth_redirect?code={code}&state={state}"
    return (await bot.slack.http.get(address, {"Cookie": cookie})).status


async def kept_tokens(bot: Running) -> list[str]:
    """Give the tokens as the database has them."""
    async with bot.core.daily.database.connect() as connection:
        bots = (await connection.execute(text("SELECT bot_token FROM slack_bots"))).scalars().all()
        others = (await connection.execute(text("SELECT bot_token FROM slack_installations"))).scalars().all()
    return [*bots, *others]


@pytest.mark.asyncio
async def test_each_workspace_is_answered_with_its_own_token(many: Running) -> None:
    first, second = many.slack.team, many.slack.add_team("T0OTHER")
    assert [await install(many, team) for team in (first, second)] == [200, 200]
    for team in (first, second):
        ada = many.slack.person(team=team)
        assert (await ada.dm("scaling laws").answer()).channel is ada.im
        assert many.slack.calls("chat.postMessage")[-1].token == team.bot_token
    assert all(kept.startswith("gAAAA") for kept in await kept_tokens(many))


@pytest.mark.asyncio
async def test_a_daily_quote_is_posted_with_the_workspaces_token(many: Running) -> None:
    team = many.slack.add_team("T0OTHER")
    await install(many, team)
    ada, general = many.slack.person(team=team), many.slack.channel(team=team)
    await ada.command("/ilya", "daily 09:00 Europe/London", channel=general).answer()
    await ada.command("/ilya", "daily now", channel=general).answer()
    await many.slack.wait_for(lambda: any(m.text.startswith("Today's quote") for m in general.messages))
    assert {call.token for call in many.slack.calls("chat.postMessage")} == {team.bot_token}


@pytest.mark.asyncio
async def test_a_workspace_that_did_not_install_it_is_told(many: Running) -> None:
    ada = many.slack.person()
    told = await ada.command("/ilya", "scaling laws", channel=many.slack.channel(member=False)).answer()
    assert "install the app again" in told.text


@pytest.mark.asyncio
async def test_an_installation_that_somebody_else_began_is_refused(many: Running) -> None:
    state, cookie = await begin(many)
    code = many.slack.issue_code()
    assert await finish(many, code, state, "slack-app-oauth-state=another") == 400
    assert await finish(many, "wrong-code", state, cookie) == 401
    assert await finish(many, code, state, cookie) == 401  # a state is good once
    assert await kept_tokens(many) == []


@pytest.mark.asyncio
async def test_a_fault_while_installing_is_told_without_a_traceback(many: Running) -> None:
    state, cookie = await begin(many)
    many.slack.fail("oauth.v2.access", drop=True, times=9)
    assert await finish(many, many.slack.issue_code(), state, cookie) == 503


@pytest.mark.asyncio
async def test_removing_the_app_deletes_its_tokens_and_daily_quotes(many: Running) -> None:
    await install(many, many.slack.team)
    other = many.slack.add_team("T0OTHER")
    await install(many, other)
    ada, general = many.slack.person(), many.slack.channel()
    await ada.command("/ilya", "daily 09:00 Europe/London", channel=general).answer()
    await ada.revoke_tokens().ack()
    removed = ada.uninstall()
    await removed.ack()
    await finish_work()
    assert len(await kept_tokens(many)) == 2
    assert await many.core.daily.of_tenant("slack", general.team.id) == ()
    ben = many.slack.person(team=other)
    assert await ben.dm("random").answer()
    # Slack may tell of it late, when the app is back
    await install(many, many.slack.team)
    late = removed.renamed()
    late.payload["event_time"] -= 3600
    await late.ack()
    await finish_work()
    assert await many.slack.person().dm("random").answer()
    assert len(await kept_tokens(many)) == 4


@pytest.mark.asyncio
async def test_revoked_tokens_are_deleted_unless_the_app_was_installed_anew_since(many: Running) -> None:
    await install(many, many.slack.team)
    ada, general = many.slack.person(), many.slack.channel()
    await ada.command("/ilya", "daily 09:00 Europe/London", channel=general).answer()
    revoked = ada.revoke_tokens()
    await revoked.ack()
    await finish_work()
    assert await kept_tokens(many) == []
    assert len(await many.core.daily.of_tenant("slack", general.team.id)) == 1
    await install(many, many.slack.team)
    late = revoked.renamed()
    late.payload["event_time"] -= 3600
    await late.ack()
    await finish_work()
    assert len(await kept_tokens(many)) == 2


@pytest.mark.asyncio
async def test_of_a_revoked_user_token_only_that_users_installation_is_deleted(many: Running) -> None:
    await install(many, many.slack.team)
    revoked = many.slack.person().revoke_tokens()
    revoked.payload["event"]["tokens"] = {"oauth": ["U0INSTALLER"], "bot": []}
    await revoked.ack()
    await finish_work()
    assert len(await kept_tokens(many)) == 1


async def rename(bot: Running, old: str, new: str) -> None:
    """Rename a table: while it is gone, the store fails."""
    async with bot.core.daily.database.begin() as connection:
        await connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


@pytest.mark.asyncio
async def test_a_removal_while_the_store_fails_is_done_once_it_works(
    many: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.departures.FIRST_PAUSE", 0.01)
    failed = asyncio.Event()
    monkeypatch.setattr(departures.log, "warning", lambda *_: failed.set())
    await install(many, many.slack.team)
    ada = many.slack.person()
    await rename(many, "slack_installations", "gone")
    await ada.uninstall().ack()
    async with asyncio.timeout(10):
        await failed.wait()
    await rename(many, "gone", "slack_installations")
    await finish_work()
    assert await kept_tokens(many) == []


@pytest.mark.asyncio
async def test_under_another_key_it_does_not_begin(slack: FakeSlack, quotes: QuoteService, tmp_path: Path) -> None:
    async with run_bot(slack, quotes, ask_for_many(slack, tmp_path)) as bot:
        await install(bot, slack.team)
    with pytest.raises(SettingsError, match="another SLACK_TOKEN_KEY"):
        async with run_bot(
            slack, quotes, ask_for_many(slack, tmp_path, slack_token_key=Fernet.generate_key().decode())
        ):
            pass


@pytest.mark.asyncio
async def test_a_key_that_does_not_fit_is_no_matter_for_whoever_asks(many: Running) -> None:
    await install(many, many.slack.team)
    async with many.core.daily.database.begin() as connection:
        await connection.execute(text("UPDATE slack_bots SET bot_token = 'gAAAAA'"))
    told = await many.slack.person().command("/ilya", "scaling laws").answer()
    assert "reference" in told.text
    assert "KEY" not in told.text


@pytest.mark.asyncio
async def test_while_the_store_fails_a_daily_quote_waits_for_its_token(many: Running) -> None:
    poster = SlackPoster(many_tokens(many), many.slack.api_url, "ilya")
    await install(many, many.slack.team)
    await rename(many, "slack_bots", "gone")
    with pytest.raises(RetryLaterError):
        await poster.tell(SimpleNamespace(tenant=many.slack.team.id, channel="C1", set_by="U1"), "anything")


def many_tokens(bot: Running) -> InstalledTokens:
    """Give the tokens as the bot has them, none of them looked up yet."""
    return InstalledTokens(Installations(bot.slack.client_id, bot.core.daily.database.engine, Vault((KEY,))))


@pytest.mark.asyncio
async def test_looking_whether_the_install_page_is_there_keeps_no_state(many: Running) -> None:
    async with aiohttp.ClientSession() as browser:
        for page in ("install", "oauth_redirect"):
            async with browser.head(f"http://127.0.0.1:{many.port}/slack/{page}") as answer:
                assert answer.status == 405
    async with many.core.daily.database.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM slack_oauth_states"))).scalar() == 0


@pytest.mark.asyncio
async def test_in_socket_mode_it_says_that_there_is_no_page_to_install_from(
    slack: FakeSlack, quotes: QuoteService, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with run_bot(slack, quotes, ask_for_many(slack, tmp_path, slack_app_token=slack.app_token)):
        assert "no page to install from" in caplog.text


@pytest.mark.asyncio
async def test_the_token_of_the_settings_serves_its_own_workspace_besides(
    slack: FakeSlack, quotes: QuoteService, tmp_path: Path
) -> None:
    async with run_bot(slack, quotes, ask_for_many(slack, tmp_path, slack_bot_token=slack.team.bot_token)):
        assert await slack.person().dm("random").answer()


def make_bot(token: str, team: str = "T1") -> Bot:
    """Give a bot as slack_sdk keeps it."""
    return Bot(
        app_id="A1",
        team_id=team,
        enterprise_id="E1",
        bot_id="B1",
        bot_user_id="U1",
        bot_token=token,
        installed_at=next(_TIMES),
    )


async def find_token(store: Installations) -> str | None:
    """Give the token that is found, by another organisation's id at that."""
    bot = await store.async_find_bot(enterprise_id="E2", team_id="T1")
    return bot.bot_token if bot else None


@pytest.mark.asyncio
async def test_tokens_are_found_on_either_database_with_any_of_the_keys(database: Database) -> None:
    plain = Installations("1.2", database.engine, Vault(()))
    await plain.async_save_bot(make_bot("xoxb-plain"))
    assert await find_token(plain) == "xoxb-plain"
    closed = Installations("1.2", database.engine, Vault((KEY,)))
    assert await find_token(closed) == "xoxb-plain"
    await closed.async_save_bot(make_bot("xoxb-1234567890123-1234567890123-abcdefghijklmnopqrstuvwx"))
    newer = Fernet.generate_key().decode()
    both = Installations("1.2", database.engine, Vault((newer, KEY)))
    assert await find_token(both) == "xoxb-1234567890123-1234567890123-abcdefghijklmnopqrstuvwx"
    for vault in (Vault(()), Vault((newer,))):
        with pytest.raises(SettingsError, match="another SLACK_TOKEN_KEY"):
            await find_token(Installations("1.2", database.engine, vault))
    await both.async_delete_all(enterprise_id="E3", team_id="T1")
    assert await find_token(plain) is None


@pytest.mark.asyncio
async def test_a_token_is_looked_up_once_a_minute(database: Database) -> None:
    now = 0.0
    store = Installations("1.2", database.engine, Vault(()))
    tokens = InstalledTokens(store, Credentials("T9", "xoxb-own", "B9", "U9"), lambda: now)
    await store.async_save_bot(make_bot("xoxb-first"))
    assert await tokens.find("T1") == Credentials("T1", "xoxb-first", "B1", "U1")
    await store.async_delete_all(enterprise_id=None, team_id="T1")
    assert await tokens.find("T1") is not None
    async with database.begin() as connection:
        await connection.execute(text("ALTER TABLE slack_bots RENAME TO gone"))
    now = 61.0
    assert await tokens.find("T1") is not None, "the store fails, so that the token last known serves"
    with pytest.raises(StoreError):
        await tokens.find("T2")
    async with database.begin() as connection:
        await connection.execute(text("ALTER TABLE gone RENAME TO slack_bots"))
    now += AFTER_FAULT + 1
    assert await tokens.find("T1") is None
    assert [await tokens.find(team) for team in (None, "T9", "T8")] == [None, tokens.own, None]
    assert "xoxb" not in repr(tokens.own)


def test_keys_are_read_newest_first_and_a_wrong_one_is_told(slack_settings: Settings) -> None:
    assert read_keys(slack_settings.model_copy(update={"slack_token_key": None})) == ()
    several = slack_settings.model_copy(update={"slack_token_key": SecretStr("a, b c")})
    assert read_keys(several) == ("a", "b", "c")
    with pytest.raises(SettingsError, match="no Fernet key"):
        Vault(("not a key",))


@pytest.fixture
def slack_settings() -> Settings:
    """Give settings in which nothing is set."""
    return Settings(_env_file=None)
