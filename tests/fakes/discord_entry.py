"""What Discord's own client does before the bot hears of a command: shows it, and lets its options be filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.fakes.discord_commands import BOOLEAN, CHANNEL, GROUP, INTEGER, NUMBER, SLASH, STRING, SUBCOMMAND, USER
from tests.fakes.discord_payloads import to_member, to_partial_channel, to_user
from tests.fakes.discord_refusals import Json
from tests.fakes.discord_world import ADMINISTRATOR, DM, Channel, User, World

if TYPE_CHECKING:
    from tests.fakes.discord_people import Person

_TYPES: dict[int, type | tuple[type, ...]] = {
    STRING: str,
    INTEGER: int,
    BOOLEAN: bool,
    USER: User,
    CHANNEL: Channel,
    NUMBER: (int, float),
}


def find_command(
    world: World, name: str, person: Person, place: Channel, can: int, kind: int = SLASH
) -> tuple[Json, Json, list[Json]]:
    """Find a registered command that is shown to somebody in a place.

    Gives the command, the part of it that holds the options, and the sub-commands on the way there.
    """
    first, *more = name.split() if kind == SLASH else [name]
    guild_id = place.guild.id if place.guild else None
    known = [*world.commands.get(guild_id, []), *world.commands[None]]
    found = [one for one in known if one["name"] == first and one.get("type", SLASH) == kind]
    assert found, f"/{first} is not registered; there are {[one['name'] for one in known]}"
    command = found[0]
    _assert_shown(command, person, place, can)
    inner, path = command, []
    for step in more:
        subs = [one for one in inner.get("options") or [] if one["type"] in (SUBCOMMAND, GROUP) and one["name"] == step]
        assert subs, f"/{name}: no {step!r} among {[one['name'] for one in inner.get('options') or []]}"
        inner = subs[0]
        path.append(inner)
    subs = [one["name"] for one in inner.get("options") or [] if one["type"] in (SUBCOMMAND, GROUP)]
    assert not subs, f"/{name} needs one of {subs}"
    return command, inner, path


def owners_of(command: Json, person: Person, place: Channel) -> dict[str, str]:
    """Give by whose installation the command is here: the server's, the user's or both."""
    kinds = command.get("integration_types") or [0]
    owners = {}
    if 0 in kinds and (place.kind == DM if place.guild is None else place.guild.has_bot):
        owners["0"] = str(place.guild.id if place.guild else 0)
    if 1 in kinds and person.has_installed:
        owners["1"] = str(person.id)
    return owners


def _assert_shown(command: Json, person: Person, place: Channel, can: int) -> None:
    context = 0 if place.guild else 1 if place.kind == DM else 2
    contexts = command.get("contexts")
    if contexts is None:
        contexts = [0] if command.get("dm_permission") is False else [0, 1, 2]
    assert context in contexts, f"{command['name']} is not shown in context {context}, only in {contexts}"
    assert owners_of(command, person, place), f"{command['name']} is not installed here"
    needed = command.get("default_member_permissions")
    if place.guild and needed is not None and not can & ADMINISTRATOR:
        allowed = int(needed) and can & int(needed) == int(needed)
        assert allowed, f"{command['name']} is shown only to those with permissions {needed}"


def enter_options(
    world: World, declared: list[Json], given: Mapping[str, object], place: Channel, can: int
) -> tuple[list[Json], Json]:
    """Fill in a command's options, and give them with the objects they point to."""
    names = [option["name"] for option in declared]
    assert set(given) <= set(names), f"no such option: {set(given) - set(names)}; there are {names}"
    missing = [option["name"] for option in declared if option.get("required") and option["name"] not in given]
    assert not missing, f"required: {missing}"
    entered: list[Json] = []
    resolved: dict[str, Any] = {}
    for option in declared:
        if option["name"] in given:
            value = _enter(option, given[option["name"]])
            _resolve(world, resolved, given[option["name"]], place, can)
            entered.append({"name": option["name"], "type": option["type"], "value": value})
    return entered, resolved


def enter_partial(
    world: World, declared: list[Json], name: str, typed: str, others: Mapping[str, object], place: Channel, can: int
) -> tuple[list[Json], int]:
    """Fill in some options while one is being typed, and give them with the kind of that one."""
    found = [option for option in declared if option["name"] == name]
    assert found, f"no option {name!r} among {[option['name'] for option in declared]}"
    assert found[0].get("autocomplete"), f"{name!r} is not completed"
    optional = [option | {"required": False} for option in declared if option["name"] != name]
    entered, _ = enter_options(world, optional, others, place, can)
    return [*entered, {"name": name, "type": found[0]["type"], "value": typed, "focused": True}], found[0]["type"]


def _enter(option: Json, given: object) -> object:
    """Give the value of an option as Discord sends it, if the client would let it through."""
    name, kind = option["name"], option["type"]
    if choices := option.get("choices"):
        found = [one["value"] for one in choices if given in (one["value"], one["name"])]
        assert found, f"{name}: {given!r} is none of {[one['name'] for one in choices]}"
        return found[0]
    assert isinstance(given, _TYPES[kind]), f"{name}: {given!r} is not of type {kind}"
    assert kind == BOOLEAN or not isinstance(given, bool), f"{name}: {given!r} is not of type {kind}"
    if isinstance(given, User):
        return str(given.id)
    if isinstance(given, Channel):
        kinds = option.get("channel_types")
        assert not kinds or given.kind in kinds, f"{name}: a channel of kind {given.kind} is not offered"
        return str(given.id)
    if isinstance(given, str):
        least, most = option.get("min_length", 0), option.get("max_length", 6000)
        assert least <= len(given) <= most, f"{name}: {len(given)} characters, not {least} to {most}"
    elif isinstance(given, int | float) and kind != BOOLEAN:
        assert option.get("min_value", given) <= given <= option.get("max_value", given), (
            f"{name}: {given} out of range"
        )
    return given


def _resolve(world: World, resolved: dict[str, Any], given: object, place: Channel, can: int) -> None:
    if isinstance(given, Channel):
        resolved.setdefault("channels", {})[str(given.id)] = to_partial_channel(world, given, can)
    elif isinstance(given, User):
        resolved.setdefault("users", {})[str(given.id)] = to_user(given)
        if place.guild:
            member = to_member(place.guild, given, can)
            del member["user"]
            resolved.setdefault("members", {})[str(given.id)] = member
