"""Whom a message pings: what its words name, cut down by what its `allowed_mentions` let through.

Rules: Discord's documentation, resources/message#allowed-mentions-object. Stricter than Discord in two things that a
server may or may not have: everybody's and every role's mention is taken as permitted, and code marks as no shield.
"""

from __future__ import annotations

import re

from tests.fakes.discord_refusals import Json

ORDINARY = ("roles", "users", "everyone")
INTERACTION = ("users",)  # what answers to interactions may ping where `allowed_mentions` is not given

_MENTION = re.compile(r"<@!?(?P<user>\d{15,20})>|<@&(?P<role>\d{15,20})>|(?P<everyone>@everyone|@here)")


def pings_of(texts: list[str], allowed: Json | None, default: tuple[str, ...], replied_to: int | None) -> list[str]:
    """Give what is pinged as mentions, each once, in order: `<@id>`, `<@&id>`, `@everyone`, `@here`."""
    pings: dict[str, None] = {}
    for match in (match for text in texts for match in _MENTION.finditer(text)):
        kind = str(match.lastgroup)
        if _is_allowed(kind, match[kind], allowed, default):
            pings[{"user": f"<@{match[kind]}>", "role": f"<@&{match[kind]}>"}.get(kind, match[kind])] = None
    # A reply pings whom it answers unless told otherwise, and any `allowed_mentions` tells otherwise unless it says so.
    if replied_to and (allowed is None or allowed.get("replied_user")):
        pings[f"<@{replied_to}>"] = None
    return list(pings)


def mentioned(texts: list[str]) -> set[int]:
    """Give the ids of the users named in texts."""
    return {int(match["user"]) for text in texts for match in _MENTION.finditer(text) if match["user"]}


def _is_allowed(kind: str, value: str, allowed: Json | None, default: tuple[str, ...]) -> bool:
    plural = {"user": "users", "role": "roles"}.get(kind, kind)
    if allowed is None:
        return plural in default
    if plural in (allowed.get("parse") or []):
        return True
    return value in [str(one) for one in allowed.get(plural) or []]
