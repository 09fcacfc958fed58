"""Whom a message would notify: the promise is that nobody is, whatever the words hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

# Slack reads `<…>` as written; `&lt;` and `&gt;` are the characters themselves and notify nobody
# (docs.slack.dev, "Formatting message text": Escaping text).
_MENTION = re.compile(
    r"<(?P<who>!(?:channel|here|everyone|group)|@[A-Z0-9]+|!subteam\^[A-Z0-9]+)(?:[|^][^>]*)?>", re.IGNORECASE
)
_BARE = re.compile(r"(?<![\w@])@(channel|here|everyone)\b", re.IGNORECASE)
_RICH = {"user": ("@", "user_id"), "usergroup": ("!subteam^", "usergroup_id"), "broadcast": ("!", "range")}


def find_mentions(text: str) -> list[str]:
    """List the mentions of a mrkdwn text as `<…>`, without their labels."""
    return [f"<{found['who']}>" for found in _MENTION.finditer(text)]


def _iterate_mrkdwn(part: object) -> Iterator[dict[str, Any]]:
    if isinstance(part, list):
        for item in part:
            yield from _iterate_mrkdwn(item)
    elif isinstance(part, dict):
        if part.get("type") in ("mrkdwn", "markdown") and isinstance(part.get("text"), str):
            yield part
        for name, value in part.items():
            # A confirmation dialogue is shown to the one who clicks: it notifies nobody.
            if name != "confirm":
                yield from _iterate_mrkdwn(value)


def _iterate_rich(part: object) -> Iterator[str]:
    if isinstance(part, list):
        for item in part:
            yield from _iterate_rich(item)
    elif isinstance(part, dict):
        kind = part.get("type")
        sign, name = _RICH.get(kind, ("", "")) if isinstance(kind, str) else ("", "")
        if name in part:
            yield f"<{sign}{part[name]}>"
        for value in part.values():
            yield from _iterate_rich(value)


def find_pings(message: Mapping[str, Any]) -> tuple[str, ...]:
    """List everybody a message would notify: in its text, its blocks and its attachments.

    The text beside blocks is counted too: it is what the notification reads.
    """
    text, blocks = str(message.get("text") or ""), message.get("blocks")
    pings = find_mentions(text)
    if message.get("parse") == "full" or message.get("link_names") in (True, 1, "1", "true"):
        pings += [f"<!{found[1].lower()}>" for found in _BARE.finditer(text)]
    attachments = message.get("attachments") or []
    for part in (blocks, attachments):
        for said in _iterate_mrkdwn(part):
            pings += find_mentions(said["text"])
        pings += _iterate_rich(part)
    for attachment in attachments:
        for name in ("text", "pretext"):
            pings += find_mentions(str(attachment.get(name) or ""))
        for field in attachment.get("fields") or []:
            pings += find_mentions(str(field.get("value") or "")) if isinstance(field, dict) else []
    return tuple(pings)


def find_loose_pings(message: Mapping[str, Any]) -> tuple[str, ...]:
    """List bare `@channel` words in mrkdwn not marked `verbatim`.

    Slack's page on text objects says "certain mentions will be automatically parsed" there; whether these are among
    them it does not say, so they are told apart from pings.
    """
    loose = []
    for said in _iterate_mrkdwn(message.get("blocks")):
        if said.get("verbatim") is not True:
            loose += [f"@{found[1].lower()}" for found in _BARE.finditer(said["text"])]
    return tuple(loose)
