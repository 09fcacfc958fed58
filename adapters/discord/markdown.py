"""Text that Discord shows as it stands: no formatting, mention, link or hidden character of it takes effect."""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = re.compile(
    r"[\\*_~`|<\[\]]|@(?=everyone|here)|(?<=:)/(?=/)|(?<=\bwww)\.|(?<=\bdiscord)\.(?=gg/)"
    r"|\.(?=com/invite/)|:(?=\w+:)",
    re.IGNORECASE,
)
_LINE_START = re.compile(r"^(?=[>#+-])")
_LIST_START = re.compile(r"^(\d+)(?=[.)])")
_PILED_UP = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)

FILLERS = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
"""Letters and marks that show nothing."""

JOINER = "\u200d"
"""Holds a family or a flag together as one emoji, and letters of some scripts apart: kept between visible ones."""

HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
"""Categories of characters that show nothing, turn the direction of writing, or mean nothing."""


def plain(text: str) -> str:
    """Drop what is hidden in a text and set it in one line; for places that know no markdown, such as footers."""
    spaced = " ".join(text.split())
    visible = "".join(character for character in spaced if character == JOINER or _is_visible(character))
    visible = re.sub(rf"(?<!\S){JOINER}+|{JOINER}+(?!\S)|{JOINER}(?={JOINER})", "", visible)
    return " ".join(_PILED_UP.sub(r"\1", visible).split())


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in HIDDEN and character not in FILLERS


def escape(text: str) -> str:
    """Make a text neutral where Discord reads markdown."""
    escaped = _SPECIAL.sub(lambda found: f"\\{found[0]}", plain(text))
    return _LIST_START.sub(r"\1\\", _LINE_START.sub(r"\\", escaped))
