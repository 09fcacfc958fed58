"""Foreign words in and out: nothing that was typed or transcribed can ping, format, hide or turn text around."""

from __future__ import annotations

import html
import re
import unicodedata

_UNSEEN = ("Cc", "Cs")
"""Unicode's categories of controls and of halves of characters."""

_TURNING = frozenset("\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Marks of direction, spaces of no width, marks of byte order. The joiners stay: Persian and emoji need them."""

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
"""All that Slack reads as markup (docs.slack.dev, "Formatting message text")."""

_MARKUP = re.compile(
    r"<(?:[@!][^>]*|#[^|>]*(?:\|(?P<channel>[^>]*))?|[^|>\s]+\|(?P<label>[^>]*)|(?:https?|mailto):[^>]*)>"
)
_CUT = "…"


def clean(text: str) -> str:
    """Drop what is not seen, and make every white space a plain one."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if char.isspace() else char for char in text if char.isspace() or _is_seen(char))


def _is_seen(char: str) -> bool:
    return char not in _TURNING and unicodedata.category(char) not in _UNSEEN


def escape(text: str, longest: int) -> str:
    """Clean and escape a text, shortened so that it has at most `longest` characters once it is escaped."""
    escaped = [_ENTITIES.get(char, char) for char in clean(text)]
    if sum(map(len, escaped)) <= longest:
        return "".join(escaped)
    length = 0
    for number, part in enumerate(escaped):
        length += len(part)
        if length > longest - len(_CUT):
            return "".join([*escaped[:number], _CUT])
    return "".join(escaped)


def to_address(url: str) -> str:
    """Write a web address so that it can stand inside `<…>`; "" where it is none."""
    if not url.startswith(("https://", "http://")):
        return ""
    quoted = "".join(f"%{ord(char):02X}" if char in '<>|"` ' else char for char in clean(url))
    return quoted.replace("&", "&amp;")


def read(text: str) -> str:
    """Read what somebody wrote in Slack: without mentions, links by their labels, no entities."""
    plain = _MARKUP.sub(lambda found: f" {found['channel'] or found['label'] or ''} ", text)
    return " ".join(clean(html.unescape(plain)).split())
