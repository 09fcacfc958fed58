"""What the fake takes and refuses in messages, and whom they ping."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.discord_checks import check_message
from tests.fakes.discord_components import is_emoji
from tests.fakes.discord_mentions import INTERACTION, ORDINARY, pings_of
from tests.fakes.discord_refusals import Json, Refusal
from tests.fakes.discord_wire import (
    ORIGINAL,
    Wire,
    button,
    buttons,
    embed,
    fault_at,
    fields,
    link,
    open_wire,
    row,
    select,
    under,
)

TAKEN: list[Json] = [
    {"content": "x" * 2000},
    {"content": f" {'x' * 2000} "},
    {"embeds": [{"description": "x"}] * 10},
    embed(title="x" * 256, description="x" * 4096),
    embed(fields=fields(25)),
    embed(fields=fields(1, "x" * 256, "x" * 1024)),
    embed(footer={"text": "x" * 2048}, author={"name": "x" * 256}, timestamp="2026-08-01T09:00:00+00:00"),
    {"embeds": [{"description": "x" * 3000}, {"description": "x" * 3000}]},
    {"embeds": [{"image": {"url": "https://example.org/x.png"}}]},
    {"content": "x", "nonce": "x" * 25},
    under([row(*buttons(5))]),
    under([row(button(custom_id=str(number))) for number in range(5)]),
    under([row(button(custom_id="x" * 100, label="x" * 80))]),
    under([row(button(label=None, emoji={"name": "◀️"}), button(custom_id="y", emoji={"name": "👍🏽"}))]),
    under([row(link(f"https://example.org/{'x' * 492}")), row(select(25, placeholder="x" * 150))]),
    under([{"type": 10, "content": "x" * 4000}], 1 << 15),
    under([{"type": 17, "components": [{"type": 10, "content": "x"}, row(*buttons(5))]}], 1 << 15),
    {"content": "x", "allowed_mentions": {"parse": ["roles"], "users": ["1"], "replied_user": False}},
]
REFUSED: list[tuple[Json, str, str]] = [
    ({"content": "x" * 2001}, "content", "BASE_TYPE_MAX_LENGTH"),
    ({"content": 1}, "content", "STRING_TYPE_CONVERT"),
    ({"embeds": [{"description": "x"}] * 11}, "embeds", "BASE_TYPE_MAX_LENGTH"),
    ({"embeds": "x"}, "embeds", "LIST_TYPE_CONVERT"),
    (embed(title="x" * 257), "embeds.0.title", "BASE_TYPE_MAX_LENGTH"),
    (embed(description="x" * 4097), "embeds.0.description", "BASE_TYPE_MAX_LENGTH"),
    (embed(fields=fields(26)), "embeds.0.fields", "BASE_TYPE_MAX_LENGTH"),
    (embed(fields=fields(1, name="x" * 257)), "embeds.0.fields.0.name", "BASE_TYPE_BAD_LENGTH"),
    (embed(fields=fields(1, value="x" * 1025)), "embeds.0.fields.0.value", "BASE_TYPE_BAD_LENGTH"),
    (embed(fields=fields(1, value=" ")), "embeds.0.fields.0.value", "BASE_TYPE_REQUIRED"),
    (embed(footer={"text": "x" * 2049}), "embeds.0.footer.text", "BASE_TYPE_MAX_LENGTH"),
    (embed(author={"name": "x" * 257}), "embeds.0.author.name", "BASE_TYPE_MAX_LENGTH"),
    (embed(author={"name": "x", "url": "javascript://x"}), "embeds.0.author.url", "URL_TYPE_INVALID_SCHEME"),
    (embed(url="example.org"), "embeds.0.url", "URL_TYPE_INVALID_URL"),
    (embed(color=1 << 24), "embeds.0.color", "NUMBER_TYPE_MAX"),
    (embed(timestamp="yesterday"), "embeds.0.timestamp", "DATE_TIME_TYPE_PARSE"),
    ({"embeds": [{"description": "x" * 3000}, {"description": "x" * 3001}]}, "embeds", "MAX_EMBED_SIZE_EXCEEDED"),
    ({"content": "x", "nonce": "x" * 26}, "nonce", "NONCE_TYPE_TOO_LONG"),
    (under([row(button(custom_id=str(n))) for n in range(6)]), "components", "BASE_TYPE_MAX_LENGTH"),
    (under([row(*buttons(6))]), "components.0.components", "BASE_TYPE_BAD_LENGTH"),
    (under([row()]), "components.0.components", "BASE_TYPE_BAD_LENGTH"),
    (under([button()]), "components.0.type", "BASE_TYPE_CHOICES"),
    (under([row(button(), button())]), "components.0.components.1.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"),
    (under([row(button()), row(button())]), "components.1.components.0.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"),
    (under([row(button(custom_id=""))]), "components.0.components.0.custom_id", "BASE_TYPE_REQUIRED"),
    (under([row(button(custom_id="x" * 101))]), "components.0.components.0.custom_id", "BASE_TYPE_BAD_LENGTH"),
    (under([row(button(label="x" * 81))]), "components.0.components.0.label", "BASE_TYPE_MAX_LENGTH"),
    (under([row(button(emoji={"name": "◁"}))]), "components.0.components.0.emoji.name", "COMPONENT_INVALID_EMOJI"),
    (under([row(button(url="https://x.org"))]), "components.0.components.0", "BUTTON_COMPONENT_INVALID_FIELD"),
    (under([row(link("https://x.org/" + "x" * 500))]), "components.0.components.0.url", "BASE_TYPE_BAD_LENGTH"),
    (under([row(link("ftp://x.org"))]), "components.0.components.0.url", "URL_TYPE_INVALID_SCHEME"),
    (
        under([row(link("https://x.org", custom_id="x"))]),
        "components.0.components.0",
        "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
    ),
    (under([row(select(26))]), "components.0.components.0.options", "BASE_TYPE_BAD_LENGTH"),
    (under([row(select(2), button())]), "components.0.components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
    (under([{"type": 10, "content": "x" * 4001}], 1 << 15), "components.0.content", "BASE_TYPE_BAD_LENGTH"),
    (
        {"content": "x", "components": [{"type": 10, "content": "x"}], "flags": 1 << 15},
        "content",
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        "allowed_mentions",
        "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
    ),
]


@pytest_asyncio.fixture
async def wire() -> AsyncIterator[Wire]:
    async with open_wire() as opened:
        yield opened


@pytest.mark.asyncio
@pytest.mark.parametrize("payload", TAKEN)
async def test_a_message_at_its_limits_is_taken(wire: Wire, payload: Json) -> None:
    status, body = await wire.post(payload)
    assert (status, len(wire.server.messages)) == (200, 1), body


@pytest.mark.asyncio
@pytest.mark.parametrize(("payload", "place", "code"), REFUSED)
async def test_a_message_beyond_a_limit_is_refused(wire: Wire, payload: Json, place: str, code: str) -> None:
    status, body = await wire.post(payload)
    assert (status, body["code"], body["message"]) == (400, 50035, "Invalid Form Body")
    assert code in fault_at(body["errors"], place)
    asked = wire.interaction()
    assert (await wire.respond(asked, 5))[0] == 200
    if "nonce" not in payload:
        assert await wire.webhook("PATCH", asked, ORIGINAL, payload) == (400, body)
    assert all(message.is_loading for message in wire.server.messages)


@pytest.mark.asyncio
@pytest.mark.parametrize("payload", [{}, {"content": " \n"}, {"embeds": [{}]}, {"embeds": [{"color": 1}]}])
async def test_an_empty_message_is_refused(wire: Wire, payload: Json) -> None:
    assert (await wire.post(payload))[1] == {"message": "Cannot send an empty message", "code": 50006}


SIZES = st.sampled_from([0, 1, 255, 256, 257, 1024, 1025, 2000, 2048, 2049, 4096, 4097])


@given(st.lists(st.tuples(SIZES, SIZES, SIZES), min_size=1, max_size=11))
def test_embeds_are_taken_exactly_within_their_limits(sizes: list[tuple[int, int, int]]) -> None:
    embeds = [
        {
            "title": "t" * title,
            "description": "d" * text,
            "footer": {"text": "f" * foot},
            "image": {"url": "https://x.org"},
        }
        for title, text, foot in sizes
    ]
    fits = len(sizes) <= 10 and sum(map(sum, sizes)) <= 6000
    fits = fits and all(title <= 256 and text <= 4096 and foot <= 2048 for title, text, foot in sizes)
    try:
        check_message({"embeds": embeds})
    except Refusal:
        assert not fits
    else:
        assert fits


@pytest.mark.parametrize(
    ("name", "right"), [("▶", True), ("#️⃣", True), ("🇩🇪", True), ("→", False), ("a", False), ("", False)]
)
def test_an_emoji_is_known_from_a_sign(name: str, right: bool) -> None:
    assert is_emoji(name) is right


CONTENT = "<@123456789012345678> <@!123456789012345678> <@&223456789012345678> @everyone @here"
USER, ROLE = "<@123456789012345678>", "<@&223456789012345678>"


@pytest.mark.parametrize(
    ("allowed", "ordinary", "interaction"),
    [
        (None, [USER, ROLE, "@everyone", "@here"], [USER]),
        ({"parse": []}, [], []),
        ({}, [], []),
        ({"parse": ["everyone"]}, ["@everyone", "@here"], ["@everyone", "@here"]),
        ({"parse": [], "users": [123456789012345678]}, [USER], [USER]),
        ({"parse": ["users"], "roles": ["223456789012345678"]}, [USER, ROLE], [USER, ROLE]),
    ],
)
def test_pings_follow_what_is_allowed(allowed: Json | None, ordinary: list[str], interaction: list[str]) -> None:
    assert pings_of([CONTENT], allowed, ORDINARY, None) == ordinary
    assert pings_of([CONTENT], allowed, INTERACTION, None) == interaction


@pytest.mark.asyncio
async def test_pings_are_kept_with_a_message_and_embeds_have_none(wire: Wire) -> None:
    await wire.post({"embeds": [{"description": CONTENT}], "content": wire.ada.ping})
    assert wire.server.messages[-1].pings == [wire.ada.ping]
    asked = wire.interaction()
    await wire.respond(asked, 4, {"content": CONTENT})
    assert asked.original
    assert asked.original.pings == [USER]
    await wire.webhook("PATCH", asked, ORIGINAL, {"content": CONTENT, "allowed_mentions": {"parse": []}})
    assert asked.original.pings == []
