"""Every text of the commands is known in the other languages, and fits in each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import discord
import pytest
from discord import app_commands
from pydantic import SecretStr

from adapters.discord.client import QuoteClient
from adapters.discord.localisation import Translations
from adapters.discord.translations import TRANSLATIONS
from adapters.process import Core
from bot.settings import Settings
from tests.fakes.discord_commands import LOCALES, check_commands

WANTED = {"de", "fr", "es-ES", "es-419", "ja", "pt-BR"}


def commands(**changes: str) -> list[dict[str, Any]]:
    """Give what Discord is told of the commands under some settings."""
    settings = Settings(_env_file=None, discord_token=SecretStr("x"), **changes)  # type: ignore[arg-type]

    async def build() -> list[dict[str, Any]]:
        core = Core(settings, None, None, None)  # type: ignore[arg-type] - commands are described without them
        client = QuoteClient(core)
        kinds = (discord.AppCommandType.chat_input, discord.AppCommandType.message)
        known = [command for kind in kinds for command in client.tree.get_commands(type=kind)]
        return [await command.get_translated_payload(client.tree, Translations()) for command in known]

    return asyncio.run(build())


def described(node: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every command, sub-command and option that has a description."""
    where = f"{path} {node['name']}".strip()
    if "description" in node:
        yield where, node
    for option in node.get("options") or []:
        yield from described(option, where)


@pytest.mark.parametrize(
    ("command_name", "persona"),
    [
        ("ilya", "Ilya Sutskever"),
        ("a-command-of-thirty-two-letters-", "Wolfgang Amadeus Mozart-Beethoven von und zu Hohenlohe-Lange"),
        ("x", "李"),
    ],
)
def test_commands_are_within_the_limits_and_known_in_every_language(command_name: str, persona: str) -> None:
    told = commands(command_name=command_name, persona=persona)
    assert check_commands(told) == told
    assert len({(command["type"], command["name"]) for command in told}) == 6
    nodes = [pair for command in told if command["type"] == 1 for pair in described(command)]
    assert len(nodes) > 20
    lacking = [where for where, node in nodes if set(node.get("description_localizations") or {}) != WANTED]
    assert lacking == []


def test_a_long_first_name_leaves_the_menu_a_name() -> None:
    names = {len(command["name"]) <= 32 for command in commands(persona="Hubert-Blaine-Wolfeschlegelstein Senior")}
    assert names == {True}


def test_every_translation_is_used_and_says_of_whom_it_is() -> None:
    assert set(LOCALES) >= WANTED
    used = {node["description"] for command in commands() for _, node in described(command)}
    assert {template.format(persona="Ilya Sutskever") for template in TRANSLATIONS} == used
    for template, texts in TRANSLATIONS.items():
        assert set(texts) == WANTED
        assert all(("{persona}" in text) == ("{persona}" in template) for text in texts.values())


def test_what_is_not_known_stays_english() -> None:
    async def translate(text: str, locale: discord.Locale) -> str | None:
        place = app_commands.TranslationContextLocation.command_description
        context = app_commands.TranslationContext(location=place, data=None)  # type: ignore[var-annotated]
        return await Translations().translate(app_commands.locale_str(text), locale, context)

    assert asyncio.run(translate("ilya", discord.Locale.german)) is None
