"""What a button carries: all that answering its click needs, so that it works after a restart and in any process."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import UnknownPassageError
from bot.pages import Pages, parse_pages, to_text

LONGEST = 100
"""Characters of a custom_id (components reference)."""

VERSION = "q1"
NOBODY = "...."
"""The mark of an answer that nobody asked for: the daily quote."""

STATE = LONGEST - len(VERSION) - 1 - len(NOBODY)
"""Characters that are left for what is shown."""


class Verb(StrEnum):
    """What a click asks for."""

    TURN = "p"
    CONTEXT = "c"
    SHARE = "s"
    LIKE = "u"
    DISLIKE = "d"
    TOPIC = "t"


@dataclass(frozen=True, slots=True)
class Click:
    """A button's meaning; `asker` marks who asked for the message that it is on."""

    verb: Verb
    asker: str
    state: str

    @property
    def pages(self) -> Pages:
        """The answer that the button is under. Raises UnknownPassageError."""
        return parse_pages(self.state)


def mark_asker(user: int, key: str) -> str:
    """Mark a user in few characters that do not tell who it is; `key` is a secret that all processes know."""
    keyed = hashlib.blake2b(key.encode(), digest_size=32).digest()
    return urlsafe_b64encode(hashlib.blake2b(str(user).encode(), key=keyed, digest_size=3).digest()).decode()


def to_custom_id(verb: Verb, asker: str, state: Pages | str) -> str:
    """Write a button's meaning down."""
    text = state if isinstance(state, str) else to_text(state, STATE)
    return f"{VERSION}{verb}{asker}{text}"[:LONGEST]


def parse_custom_id(text: str) -> Click:
    """Read a button's meaning back. Raises UnknownPassageError where this version did not write it."""
    head = len(VERSION)
    try:
        verb = Verb(text[head : head + 1])
    except ValueError:
        verb = None
    if verb is None or not text.startswith(VERSION) or len(text) <= LONGEST - STATE:
        raise UnknownPassageError("That button is from an older version of the bot. Ask again to get a new one.")
    return Click(verb, text[head + 1 : head + 5], text[head + 5 :])
