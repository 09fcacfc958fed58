"""What Discord shows of the commands in people's own languages; the quotes stay as they were spoken."""

from __future__ import annotations

from discord import Locale
from discord.app_commands import TranslationContextTypes, Translator, locale_str

from adapters.discord.translations import TRANSLATIONS

LONGEST = 100
"""Characters of a description (application-commands)."""


def translatable(template: str, **values: str) -> locale_str:
    """Mark a text as known in other languages; `{names}` in it are filled with values."""
    return locale_str(_fill(template, values), template=template, values=values)


class Translations(Translator):
    """The table of translations."""

    async def translate(self, string: locale_str, locale: Locale, context: TranslationContextTypes) -> str | None:  # noqa: ARG002 - discord.py's signature
        """Translate a text, or give None where only English is known."""
        template = TRANSLATIONS.get(string.extras.get("template", ""), {}).get(locale.value)
        return None if template is None else _fill(template, string.extras["values"])


def _fill(template: str, values: dict[str, str]) -> str:
    return template.format(**values)[:LONGEST]
