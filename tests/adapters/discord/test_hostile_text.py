"""Whatever is typed or was transcribed, an answer pings nobody, keeps its layout and stays within Discord's limits."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.discord.answers import LONGEST_QUERY
from adapters.discord.daily import render_coming
from adapters.discord.render import (
    Message,
    render_context,
    render_episodes,
    render_nothing,
    render_page,
    render_text,
    to_view,
)
from bot.daily.schedule import Due
from bot.delivery import Coming
from bot.models import Episode, Hit
from bot.pages import build_pages
from bot.service import Spoken
from tests.adapters.discord.wild import EPISODES, HOSTILE, SPOKEN, TEXTS, hits
from tests.fakes.discord_checks import check_message
from tests.fakes.discord_people import Person
from tests.fakes.discord_server import FakeDiscord
from tests.fakes.discord_world import Message as Posted

many = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

ALIVE = re.compile(
    r"(?<!\\)(?:@(?:everyone|here)|<[@#:/ta]|\]\(|`|\|\||~~|__)"  # what takes effect without a backslash before it
    r"|[\u202a-\u202e\u2066-\u2069\u200b\u200c\u200e\u200f\ufeff\x00-\x09\x0b-\x1f\x7f-\x9f]"
)
"""Marks that must not be left in what is shown."""


OWN = re.compile(r"^<#\d{15,20}>: | Next: <t:\d+:F>\.", re.MULTILINE)
"""What the bot itself sets in front of a channel's daily quote and after it."""


def payload_of(message: Message) -> dict[str, Any]:
    """Give what is sent of a message."""
    embeds = [message.embed.to_dict()] if message.embed else []
    return {"content": message.content, "embeds": embeds, "components": to_view(message.rows).to_components()}


def texts_of(message: Message) -> list[str]:
    """Give every text of a message that Discord reads markdown in."""
    embed = message.embed
    return [message.content, *(filter(None, [embed.title, embed.description]) if embed else [])]


def assert_fine(message: Message) -> None:
    """Fail unless Discord would take a message, show all of it as text and end no markdown in its middle."""
    check_message(payload_of(message))
    for text in texts_of(message):
        unescaped = text.replace("\\\\", "")
        assert not ALIVE.search(unescaped), ALIVE.search(unescaped)
        assert unescaped.replace("\\*", "").count("**") % 2 == 0
        assert not unescaped.endswith("\\")


@many
@given(st.lists(hits(), min_size=1, max_size=5), TEXTS, st.booleans(), st.integers(0, 4))
def test_any_page_is_within_the_limits(found: list[Hit], notice: str, can_share: bool, number: int) -> None:
    pages = build_pages(found).turned_to(min(number, len(found) - 1))
    hit = found[pages.position]
    message = render_page(hit, pages, "1tq2", notice=notice, can_share=can_share)
    assert_fine(message)
    assert all(button.emoji or button.label for row in message.rows for button in row)


@many
@given(TEXTS, st.lists(TEXTS, max_size=8), TEXTS)
def test_any_line_without_an_answer_is_within_the_limits(text: str, suggestions: list[str], notice: str) -> None:
    assert_fine(render_nothing(f"nothing on {text}", suggestions, "1tq2", notice))


@many
@given(SPOKEN, hits())
def test_any_context_is_within_the_limits(spoken: list[Spoken], hit: Hit) -> None:
    assert_fine(render_context(spoken, hit))


@many
@given(st.lists(EPISODES, min_size=1, max_size=30))
def test_any_list_of_episodes_is_within_the_limits(episodes: list[Episode]) -> None:
    message = render_episodes(episodes)
    check_message(payload_of(message))
    assert message.embed is not None
    assert message.embed.description


@many
@given(TEXTS)
def test_any_sentence_is_within_the_limits(text: str) -> None:
    assert_fine(render_text(f"There is no {text}"))


@many
@given(st.lists(hits(), min_size=1, max_size=7))
def test_any_preview_is_within_the_limits(found: list[Hit]) -> None:
    due = Due(date(2024, 3, 31), datetime(2024, 3, 31, 8, tzinfo=UTC))
    message = render_coming((Coming(due, hit) for hit in found), is_active=False)
    check_message(payload_of(message))
    assert message.embed is not None
    assert "**<t:1711872000:F>**" in str(message.embed.description)


def assert_harmless(server: FakeDiscord, shown: list[Posted]) -> None:
    assert [(call.path, call.answer) for call in server.refusals] == []
    assert [message.pings for message in shown if message.pings] == []
    for message in shown:
        for text in filter(None, [message.content, *(embed.get("description") for embed in message.embeds)]):
            typed = OWN.sub("", text).replace("\\\\", "")
            assert not ALIVE.search(typed), text


@pytest.mark.asyncio
@pytest.mark.usefixtures("core")
async def test_a_hostile_question_by_command_mention_or_menu_is_shown_as_it_stands(
    ada: Person, server: FakeDiscord
) -> None:
    typed = [text.encode(errors="replace").decode() for text in HOSTILE]
    shown = []
    for text in typed:
        shown.append(await ada.slash("ilya", {"query": text[:LONGEST_QUERY]}))
        shown.append(await ada.slash("ilya", {"query": text[:200] + " scaling laws"}))
        shown.append(await ada.slash("ilya", {"query": "scaling laws", "episode": text}))
        shown.append(await ada.mention(text[:1900]))
        shown.append(await ada.menu("What did Ilya say on this?", text[:2000]))
    assert len(shown) == 5 * len(HOSTILE)
    assert_harmless(server, shown)


@pytest.mark.asyncio
@pytest.mark.usefixtures("core")
async def test_a_hostile_schedule_is_told_as_it_stands(boss: Person, server: FakeDiscord) -> None:
    shown = []
    for text in (text.encode(errors="replace").decode()[:100] for text in HOSTILE):
        for changed in ("time", "timezone", "days", "topic"):
            given_ = {"time": "09:00", "timezone": "Europe/London"} | {changed: text}
            shown.append(await boss.slash("ilya-daily set", given_))
        await boss.autocomplete("ilya-daily set", "timezone", text, {"time": "9"}).suggestions()
        await boss.autocomplete("ilya-daily set", "days", text, {"time": "9"}).suggestions()
        shown.append(await boss.slash("ilya-daily status"))
    assert all(message.is_ephemeral for message in shown)
    assert_harmless(server, shown)
