"""What was said before and after a quote, in the order it was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.models import Passage, Role

TURNS = 2
"""Turns before and after that are shown: the question and the one before it, and how it went on."""

UNCERTAIN = "Speaker not certain"


@dataclass(frozen=True, slots=True)
class Spoken:
    """What somebody says in a row; `is_quoted` where the quote is of it."""

    speaker: str
    text: str
    is_quoted: bool


def surround(passages: Sequence[Passage], quoted: Passage, longest: int) -> tuple[Spoken, ...]:
    """Give a passage with what stands around it in its edition, in about `longest` characters.

    It grows by whole passages, before and after in turn; the passage itself is never cut.
    """
    same = [passage for passage in passages if passage.edition == quoted.edition]
    first = last = same.index(quoted)
    left = longest - len(quoted.text)
    for number in _outwards(first, len(same)):
        passage = same[number]
        if abs(passage.turn - quoted.turn) > TURNS or number not in (first - 1, last + 1) or len(passage.text) > left:
            continue
        first, last, left = min(first, number), max(last, number), left - len(passage.text)
    return tuple(_join(same[first : last + 1], quoted))


def _outwards(start: int, end: int) -> list[int]:
    """Number what is before and after a start, the nearest first, what is before before what is after."""
    return sorted(
        (number for number in range(end) if number != start), key=lambda number: (abs(number - start), number)
    )


def _join(passages: Sequence[Passage], quoted: Passage) -> list[Spoken]:
    parts = groupby(passages, key=lambda passage: (passage.turn, _name(passage), passage is quoted))
    return [
        Spoken(speaker, " ".join(passage.text for passage in group), is_quoted)
        for (_, speaker, is_quoted), group in parts
    ]


def _name(passage: Passage) -> str:
    if passage.role is Role.SUMMARY:
        return f"Summary by {passage.summary_by}"
    return passage.speaker or UNCERTAIN
