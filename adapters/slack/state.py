"""What a button carries: who asked, in short, and the answer; it works after a restart, in any process."""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from adapters.slack.blocks import VALUE_LONGEST
from bot.errors import UnknownPassageError
from bot.pages import Pages, parse_pages, to_text

ASKER = 8
"""Characters of a pseudonym: two of 10,000 users share one in 5 millions of workspaces."""

NOBODY = "-" * ASKER
"""Who asked for a daily quote."""

PAGES_LONGEST = 500
"""Characters: six buttons of a message carry the answer."""

_VALUE = re.compile(rf"(?P<asker>[\w-]{{{ASKER}}})\.(?P<rest>.+)", re.ASCII)
_TOPIC = re.compile(rf"(?P<asker>[\w-]{{{ASKER}}})\.(?P<rest>.+)")
_OUTDATED = "That button is of an older version of me. Ask again to get the answer anew."


@dataclass(frozen=True, slots=True)
class State:
    """An answer, and the pseudonym of who asked for it."""

    asker: str
    pages: Pages


def to_asker(team: str, user: str) -> str:
    """Give the pseudonym of a user."""
    return urlsafe_b64encode(hashlib.blake2b(f"{team}:{user}".encode(), digest_size=6).digest()).decode()


def to_value(asker: str, pages: Pages) -> str:
    """Write a state down."""
    return f"{asker}.{to_text(pages, PAGES_LONGEST)}"


def parse_value(value: str) -> State:
    """Read a state back. Raises UnknownPassageError where it was not written by this version."""
    found = _VALUE.fullmatch(value)
    if found is None:
        raise UnknownPassageError(_OUTDATED)
    return State(found["asker"], parse_pages(found["rest"]))


def to_topic_value(asker: str, topic: str) -> str:
    """Write a topic that can be asked for down."""
    return f"{asker}.{topic}"[:VALUE_LONGEST]


def parse_topic_value(value: str) -> tuple[str, str]:
    """Read the pseudonym of who asked, and a topic. Raises UnknownPassageError."""
    found = _TOPIC.fullmatch(value)
    if found is None:
        raise UnknownPassageError(_OUTDATED)
    return found["asker"], found["rest"]
