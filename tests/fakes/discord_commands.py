"""What Discord takes as an application's commands, and what it shows and lets a user enter of them.

Rules: Discord's documentation, interactions/application-commands; the locales: reference#locales.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from tests.fakes.discord_refusals import Form, Json, Refusal

Where = tuple[str | int, ...]

SLASH, USER_MENU, MESSAGE_MENU = 1, 2, 3
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = range(1, 11)
VALUES = tuple(range(STRING, 12))
ANYTHING = (SUBCOMMAND, GROUP, *VALUES)
MOST_OF_A_KIND = {SLASH: 100, USER_MENU: 15, MESSAGE_MENU: 15}
MOST_OPTIONS = 25
MOST_CHARACTERS = 8000
LOCALES = frozenset(
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja "
    "zh-TW ko".split()
)


def check_commands(commands: object) -> list[Json]:
    """Give the commands of a bulk overwrite, or refuse them as Discord would."""
    if not isinstance(commands, list):
        raise Refusal(
            400, 50035, "Invalid Form Body", {"_errors": [{"code": "LIST_TYPE_CONVERT", "message": "No list"}]}
        )
    form = Form()
    names: set[tuple[int, object]] = set()
    for number, command in enumerate(commands):
        kind = command.get("type", SLASH)
        _check_command(form, (number,), command, kind)
        if (kind, command.get("name")) in names:
            message = "Application command names must be unique"
            form.fault((number, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
        names.add((kind, command.get("name")))
    for kind, most in MOST_OF_A_KIND.items():
        if sum(command.get("type", SLASH) == kind for command in commands) > most:
            form.fault((), "APPLICATION_COMMANDS_LIMIT", f"Maximum number of application commands reached ({most}).")
    form.close()
    return commands


def is_name(name: str) -> bool:
    """Whether a slash command or an option may be called so."""
    return 1 <= len(name) <= 32 and all(map(_is_name_character, name)) and name == name.lower()


def _is_name_character(character: str) -> bool:
    code = ord(character)
    # Marks of Devanagari and Thai are allowed too: \p{sc=Deva}, \p{sc=Thai}; the baht sign is of no script.
    of_script = 0x900 <= code <= 0x97F or (0xE01 <= code <= 0xE5B and code != 0xE3F)
    return character in "-_'" or unicodedata.category(character)[0] in "LN" or of_script


def _check_command(form: Form, where: Where, command: Json, kind: int) -> None:
    form.choice((*where, "type"), kind, (SLASH, USER_MENU, MESSAGE_MENU))
    if kind == SLASH:
        _check_words(form, where, command)
        _check_options(form, (*where, "options"), command.get("options"), ANYTHING)
    else:
        form.text((*where, "name"), command.get("name"), 32, least=1)
        _check_locales(form, (*where, "name_localizations"), command.get("name_localizations"), 32)
        for field in ("description", "options"):
            if command.get(field):
                message = "Context menu commands cannot have description or options"
                form.fault((*where, field), "APPLICATION_COMMAND_INVALID_FIELD", message)
    if _count(command) > MOST_CHARACTERS:
        form.fault(where, "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({MOST_CHARACTERS})")
    for field, allowed in (("contexts", (0, 1, 2)), ("integration_types", (0, 1))):
        for number, value in enumerate(command.get(field) or []):
            form.choice((*where, field, number), value, allowed)
    permissions = command.get("default_member_permissions")
    if permissions is not None and not str(permissions).isdecimal():
        form.fault((*where, "default_member_permissions"), "PERMISSIONS_TYPE_INVALID", "Not a permission bit set.")


def _check_words(form: Form, where: Where, named: Json) -> None:
    """Check the name and the description of a command or an option, in every language."""
    name = form.text((*where, "name"), named.get("name"), 32, least=1)
    if name and not is_name(name):
        form.fault((*where, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    form.text((*where, "description"), named.get("description"), 100, least=1)
    _check_locales(form, (*where, "name_localizations"), named.get("name_localizations"), 32, names=True)
    _check_locales(form, (*where, "description_localizations"), named.get("description_localizations"), 100)


def _check_locales(form: Form, where: Where, words: Json | None, most: int, *, names: bool = False) -> None:
    for locale, text in (words or {}).items():
        if locale not in LOCALES:
            form.fault((*where, locale), "ENUM_TYPE_COERCE", f'Value "{locale}" is not a valid enum value.')
        form.text((*where, locale), text, most, least=1)
        if names and not is_name(str(text)):
            form.fault((*where, locale), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_options(form: Form, where: Where, options: object, within: tuple[int, ...]) -> None:
    rows = form.rows(where, options, MOST_OPTIONS)
    kinds = [option.get("type") for option in rows]
    nested = [kind in (SUBCOMMAND, GROUP) for kind in kinds]
    if any(nested) and not all(nested):
        message = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        form.fault(where, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
    required = [bool(option.get("required")) for option in rows]
    if required != sorted(required, reverse=True):
        message = "Required options must be placed before non-required options"
        form.fault(where, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
    names = [option.get("name") for option in rows]
    if len(set(names)) < len(names):
        form.fault(where, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists")
    for number, option in enumerate(rows):
        _check_option(form, (*where, number), option, within)


def _check_option(form: Form, where: Where, option: Json, within: tuple[int, ...]) -> None:
    kind = option.get("type")
    _check_words(form, where, option)
    form.choice((*where, "type"), kind, within)
    if kind in (SUBCOMMAND, GROUP):
        inner = VALUES if kind == SUBCOMMAND else (SUBCOMMAND,)
        _check_options(form, (*where, "options"), option.get("options"), inner)
        return
    choices = form.rows((*where, "choices"), option.get("choices"), 25)
    if choices and option.get("autocomplete"):
        message = "Autocomplete and choices are mutually exclusive"
        form.fault((*where, "choices"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", message)
    for number, choice in enumerate(choices):
        place = (*where, "choices", number)
        form.text((*place, "name"), choice.get("name"), 100, least=1)
        _check_locales(form, (*place, "name_localizations"), choice.get("name_localizations"), 100)
        if kind == STRING:
            form.text((*place, "value"), choice.get("value"), 100, least=1)
    for field, least in (("min_length", 0), ("max_length", 1)):
        value = option.get(field)
        if value is not None and not (kind == STRING and least <= value <= 6000):
            form.fault((*where, field), "NUMBER_TYPE_MAX", "int value should be between 0 and 6000, for a string.")


def _count(node: Any) -> int:
    """Count a command's characters: names, descriptions and values, each in its longest language."""
    if not isinstance(node, dict):
        return 0
    own = sum(
        max(map(len, [str(node.get(field) or ""), *map(str, (node.get(f"{field}_localizations") or {}).values())]))
        for field in ("name", "description")
    )
    value = len(str(node["value"])) if isinstance(node.get("value"), str) else 0
    return own + value + sum(_count(inner) for field in ("options", "choices") for inner in node.get(field) or [])
