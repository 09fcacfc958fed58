"""What was said before and after a quote, in the order it was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from bot.models import Passage, Role

TURNS = 2
"""Turns before and after that are shown: the question and the one before it, and how it went on."""

GAP = "[…]"
LONGEST_PAUSE = 20
"""Characters of a raw text between two sentences that hold no more than fillers and spaces."""

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
    texts = {
        passage.id: f"{GAP} {passage.text}" if before and has_gap(before, passage) else passage.text
        for before, passage in pairwise((None, *passages))
        if passage
    }
    parts = groupby(passages, key=lambda passage: (passage.turn, _name(passage), passage is quoted))
    return [
        Spoken(speaker, " ".join(texts[passage.id] for passage in group), is_quoted)
        for (_, speaker, is_quoted), group in parts
    ]


def has_gap(before: Passage, passage: Passage) -> bool:
    """Whether something said between two passages of a turn is in neither: words that are doubtful or left out."""
    end, start = before.sentences[-1].source, passage.sentences[0].source
    if before.turn != passage.turn or not end or not start or end[-1].file != start[0].file:
        return False
    return start[0].start - end[-1].end > LONGEST_PAUSE


def _name(passage: Passage) -> str:
    if passage.role is Role.SUMMARY:
        return f"Summary by {passage.summary_by}"
    return passage.speaker or UNCERTAIN
