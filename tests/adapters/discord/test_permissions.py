from __future__ import annotations

from base64 import b64encode
from urllib.parse import parse_qs, urlsplit

import pytest
from discord import Permissions

from adapters.discord.permissions import (
    NEEDED,
    build_intents,
    may_set_up,
    name_all,
    name_missing,
    read_application_id,
    to_invite,
)
from bot.errors import SettingsError


def test_the_link_invites_with_the_least_permissions() -> None:
    asked = parse_qs(urlsplit(to_invite(42)).query)
    assert (asked["client_id"], asked["scope"]) == (["42"], ["bot applications.commands"])
    assert int(asked["permissions"][0]) == 1 << 10 | 1 << 11 | 1 << 14 | 1 << 38


def test_no_privileged_intent_is_asked_for() -> None:
    intents = build_intents()
    assert not intents.message_content
    assert not intents.members
    assert not intents.presences


def test_every_needed_permission_has_the_name_it_has_in_discord() -> None:
    assert name_all(NEEDED) == "View Channel, Send Messages, Send Messages in Threads, Embed Links"
    assert name_all(Permissions(administrator=True, embed_links=True)) == "Embed Links"


@pytest.mark.parametrize(
    ("held", "is_thread", "missing"),
    [
        (NEEDED, False, ()),
        (NEEDED, True, ()),
        (Permissions(view_channel=True, send_messages=True), False, ("Embed Links",)),
        (Permissions(view_channel=True, send_messages=True, embed_links=True), True, ("Send Messages in Threads",)),
        (Permissions(send_messages_in_threads=True, embed_links=True, view_channel=True), False, ("Send Messages",)),
        (Permissions.none(), False, ("View Channel", "Send Messages", "Embed Links")),
    ],
)
def test_what_is_missing_to_post_is_named(held: Permissions, is_thread: bool, missing: tuple[str, ...]) -> None:
    assert name_missing(held, is_thread=is_thread) == missing


@pytest.mark.parametrize(
    ("held", "may"),
    [
        (Permissions(manage_guild=True), True),
        (Permissions(manage_channels=True), True),
        (Permissions(manage_messages=True), False),
    ],
)
def test_a_daily_quote_is_for_those_who_manage(held: Permissions, may: bool) -> None:
    assert may_set_up(held) is may


def test_the_id_is_read_from_the_token() -> None:
    first = b64encode(b"123456789012345678").decode().rstrip("=")
    assert read_application_id(f"{first}.x.y") == 123456789012345678


@pytest.mark.parametrize("token", ["", "x", "not base64!.x.y", b64encode(b"words").decode() + ".x.y"])
def test_a_token_that_is_none_is_told_without_it(token: str) -> None:
    with pytest.raises(SettingsError, match="DISCORD_TOKEN") as caught:
        read_application_id(token)
    assert not token or token not in str(caught.value)
