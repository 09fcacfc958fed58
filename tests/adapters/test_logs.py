from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from adapters.logs import HIDDEN, set_up_logging
from bot.settings import Settings

SHAPED = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789AB"


@pytest.fixture(autouse=True)
def _root() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers, root.level
    yield
    root.handlers, root.level = before


def logged(capsys: pytest.CaptureFixture[str], message: str, *values: object, **settings: object) -> str:
    """Log a message under settings and give what stands in the log."""
    set_up_logging(Settings(_env_file=None, **settings))  # type: ignore[arg-type]
    logging.getLogger("tests").warning(message, *values)
    return capsys.readouterr().err


def test_what_a_setting_holds_in_secret_is_hidden_wherever_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    text = logged(capsys, "logging in with %s", "hunter2-hunter2", slack_signing_secret=SecretStr("hunter2-hunter2"))
    assert "hunter2" not in text
    assert f"logging in with {HIDDEN}" in text


@pytest.mark.parametrize(
    "secret",
    [
        SHAPED,
        "xoxb-1234567890-abcdefghij",
        "xoxe.xoxp-1-abcdefghijkl",
        "xapp-1-A012-345-abcdef",
        "https://hooks.slack.com/commands/T0/123/abcDEF",
        "wss://wss.slack.example/link/?ticket=aW50ZXJhY3Rpb24",
        "{'id': '1/2', 'token': 'aW50ZXJhY3Rpb24'}",
        "https://discord.com/api/v10/interactions/12345/aW50ZXJhY3Rpb24/callback",
        "https://discord.com/api/v10/webhooks/12345/aW50ZXJhY3Rpb24/messages/@original",
    ],
)
def test_a_token_that_no_setting_knows_is_hidden_by_its_shape(capsys: pytest.CaptureFixture[str], secret: str) -> None:
    text = logged(capsys, "request to %s failed", secret)
    tail = secret.rsplit("/", 1)[-1] if "slack.com" in secret else "aW50ZXJhY3Rpb24" if "/" in secret else secret
    assert tail not in text
    assert HIDDEN in text


def test_a_traceback_is_hidden_too(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(Settings(_env_file=None))
    try:
        raise ValueError(SHAPED)  # noqa: TRY301 - the log must have a real traceback
    except ValueError:
        logging.getLogger("tests").exception("failed")
    text = capsys.readouterr().err
    assert SHAPED not in text
    assert "ValueError" in text


def test_json_is_an_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    line = json.loads(logged(capsys, "two\nlines of %s", SHAPED, log_format="json"))
    assert line["message"] == f"two\nlines of {HIDDEN}"
    assert (line["levelname"], line["name"]) == ("WARNING", "tests")


def test_less_than_the_level_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert logged(capsys, "a warning", log_level="ERROR") == ""


def test_ordinary_words_are_left_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert "ready as ilya#1 in 2 servers" in logged(capsys, "ready as ilya#1 in 2 servers")
