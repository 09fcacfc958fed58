"""The manifest: by Slack's rules, with the least scopes, and the one in docs/ is the one that is made."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.manifest import SCOPES, build_manifest
from bot.errors import SettingsError
from bot.settings import Settings
from tests.fakes import slack_manifest
from tests.paths import ROOT


def make(**given: object) -> Settings:
    """Give settings."""
    return Settings(_env_file=None, **given)  # type: ignore[arg-type]


@given(
    persona=st.text("abc Ω'-.", min_size=1, max_size=60).filter(str.strip),
    command=st.from_regex(r"[-_a-z0-9]{1,31}", fullmatch=True),
    address=st.sampled_from(["", "https://quotes.example.org", "https://quotes.example.org/"]),
)
def test_it_is_by_slacks_rules(persona: str, command: str, address: str) -> None:
    slack_manifest.check_manifest(build_manifest(make(persona=persona, command_name=command), address))


def test_the_scopes_are_the_least() -> None:
    assert build_manifest(make())["oauth_config"]["scopes"] == {"bot": list(SCOPES)}
    assert set(SCOPES) == {"app_mentions:read", "chat:write", "commands", "im:history"}


def test_with_an_address_everything_goes_there() -> None:
    made = build_manifest(make(), "https://quotes.example.org")
    path = "https://quotes.example.org/slack/events"
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["event_subscriptions"]["request_url"] == path
    assert made["settings"]["interactivity"]["request_url"] == path
    assert made["features"]["slash_commands"][0]["url"] == path
    assert made["oauth_config"]["redirect_urls"] == ["https://quotes.example.org/slack/oauth_redirect"]


def test_a_command_too_long_for_slack_is_told() -> None:
    with pytest.raises(SettingsError, match="COMMAND_NAME"):
        build_manifest(make(command_name="x" * 32))


def test_the_one_in_docs_is_the_one_that_is_made() -> None:
    kept = json.loads((ROOT / "docs" / "slack-manifest.json").read_text(encoding="utf-8"))
    assert kept == build_manifest(make())
