"""HTTP mode at its door: only Slack is let in, with what can be read, once."""

from __future__ import annotations

import json

import pytest

from adapters.slack.http_mode import BODY_LARGEST
from adapters.slack.verification import Verifier
from tests.adapters.slack.conftest import Running
from tests.fakes.slack_client import FORM, JSON, SignedRequest, SlackClient, sign

pytestmark = pytest.mark.asyncio


def door_of(bot: Running) -> SlackClient:
    """Give the client that speaks to the bot."""
    assert bot.slack.http is not None
    return bot.slack.http


FORGERIES = ("forged", "tampered", "stale", "early", "timeless", "unsigned", "malformed_unsigned")


@pytest.mark.parametrize("how", FORGERIES)
async def test_what_slack_did_not_sign_now_is_refused_and_does_nothing(web_bot: Running, how: str) -> None:
    ada = web_bot.slack.person()
    answer = await ada.dm("scaling laws").answer()
    by = getattr(door_of(web_bot), how)
    asked = [ada.command("/ilya", "random", by=by), ada.dm("random", by=by), ada.click(answer, "👍", by=by)]
    assert [(await each.ack()).status for each in asked] == [401, 401, 401]
    await ada.dm("help").answer()
    assert len(web_bot.slack.changes) == 2


@pytest.mark.parametrize("kind", ["command", "event"])
async def test_a_replayed_request_is_refused(web_bot: Running, kind: str) -> None:
    ada = web_bot.slack.person()
    asked = ada.command("/ilya", "random") if kind == "command" else ada.dm("random")
    await asked.answer()
    assert (await asked.again(by=door_of(web_bot).replay).ack()).status == 401
    await ada.dm("help").answer()
    assert len(web_bot.slack.changes) == 2


async def test_a_signed_body_that_cannot_be_read_is_refused(web_bot: Running) -> None:
    door = door_of(web_bot)
    bodies = [
        (b'{"type": ', JSON),
        (b"[1, 2]", JSON),
        (b"null", JSON),
        (b'{"event": 5}', JSON),
        (b"", FORM),
        (b"payload=%7B", FORM),
        (b"payload=3", FORM),
        (b"[" * 100_000, JSON),
    ]
    for body, content_type in bodies:
        assert (await door.send(door.signed(body, content_type))).status == 400, body[:20]
    assert (await door.send(door.signed(b"\xff\xfe{}", JSON))).status == 400
    asked = web_bot.slack.person().command("/ilya", "random", by=door.malformed)
    assert (await asked.ack()).status in (200, 400)


async def test_a_signature_of_other_letters_is_refused(web_bot: Running) -> None:
    door = door_of(web_bot)
    headers = {"Content-Type": JSON, **sign(b"{}", door.signing_secret, "9" * 400)}
    assert (await door.send(SignedRequest(b"{}", headers))).status == 401
    assert (await door.send(SignedRequest(b"{}", headers | {"X-Slack-Signature": "v0=ä"}))).status == 401
    assert (await door.send(SignedRequest(b"{}", headers | {"X-Slack-Request-Timestamp": "٣"}))).status == 401


async def test_a_huge_body_is_refused(web_bot: Running) -> None:
    assert (await door_of(web_bot).huge(BODY_LARGEST + 1)).status == 413


async def test_slack_can_verify_the_address_and_probe_it(web_bot: Running) -> None:
    door = door_of(web_bot)
    verified = await door.verify_url("a-challenge")
    assert (verified.status, verified.body) == (200, {"challenge": "a-challenge"})
    body = json.dumps({"type": "url_verification", "challenge": "x"}).encode()
    assert (await door.send(SignedRequest(body, {"Content-Type": JSON}))).status == 401
    assert (await door.check_ssl()).status == 200
    smuggled = SignedRequest(b"ssl_check=1&command=/ilya&text=random", {"Content-Type": FORM})
    assert (await door.send(smuggled)).status == 200
    assert web_bot.slack.changes == []


async def test_health_is_told_and_nothing_else_is_there(web_bot: Running) -> None:
    door = door_of(web_bot)
    base = f"http://127.0.0.1:{web_bot.port}"
    assert (await door.get(f"{base}/healthz")).body == "ok"
    assert (await door.get(f"{base}/slack/install")).status == 404
    assert (await door.get(f"{base}/slack/events")).status == 405
    assert (await door.get(f"{base}/")).status == 404


async def test_signatures_are_forgotten_once_they_are_stale() -> None:
    now = 1_700_000_000.0
    verifier = Verifier("secret", lambda: now)
    headers = sign(b"{}", "secret", str(int(now)))
    assert [verifier.is_valid("{}", headers), verifier.is_valid("{}", headers)] == [True, False]
    assert verifier.is_valid("{}", headers | {"X-Slack-Retry-Num": "1"})
    now += 601
    later = sign(b"[]", "secret", str(int(now)))
    assert verifier.is_valid("[]", later)
    assert len(verifier._seen) == 1
