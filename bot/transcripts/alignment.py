"""The proof that an edition's words are its raw text's words, and where each of them stands there.

Both texts become words (letters, digits, spoken signs; punctuation and case apart). A path is sought through the two
lists by the steps that docs/editions.md allows and no others, so a path that reaches both ends proves that nothing was
added, lost, moved or replaced unlisted. Words are matched before anything is dropped, so the path found drops little.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from bot.models import Correction, LeftOut, Stretch

FILLERS = frozenset({"um", "uh", "uhm", "erm", "er", "mm", "hmm", "mhm"})
"""What may be dropped anywhere, besides the [Music] of the captions."""

LONGEST_REPETITION = 6
"""Words: a longer run said twice is said twice on purpose."""

_WORD = re.compile(r"\[Music\]|[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[%$€£&+=#@°]", re.IGNORECASE)
_PUNCTUATED = re.compile(rf"({_WORD.pattern})[^\w\s\[%$€£&+=#@°]*", re.IGNORECASE)
_MUSIC = "[music]"


class Step(StrEnum):
    """How a word of the raw text is accounted for."""

    KEPT = "kept"
    FILLER = "filler"
    REPETITION = "repetition"
    CORRECTED = "corrected"
    LEFT_OUT = "left out"


class Mismatch(NamedTuple):
    """The furthest place both texts could be followed to: a raw offset and the number of an edition's word."""

    offset: int
    word: int
    raw: str
    edition: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where each word of an edition stands in the raw text (characters), and what became of the raw words."""

    words: tuple[tuple[int, int], ...]
    counts: Counter[Step]
    left_out: tuple[tuple[int, int], ...]
    corrections: Counter[Correction] = field(default_factory=Counter)
    omissions: Counter[LeftOut] = field(default_factory=Counter)


def find_words(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """Split a text into its words as compared, and their characters in it, closing punctuation included."""
    found = list(_PUNCTUATED.finditer(text))
    return [match[1].casefold().replace("’", "'") for match in found], [match.span() for match in found]


def to_keys(text: str) -> list[str]:
    """Split a text into its words as compared, without their places."""
    return [word.casefold() for word in _WORD.findall(text.replace("’", "'"))]


def align(
    raw: str,
    words: list[str],
    corrections: Iterable[Correction] = (),
    left_out: Iterable[LeftOut] = (),
) -> Alignment | Mismatch:
    """Follow an edition's words (as to_keys gives them) through the raw text.

    Returns the Mismatch furthest on where no path leads to both ends.
    """
    return _Search(raw, words, tuple(corrections), tuple(left_out)).run()


class _Move(NamedTuple):
    """One step: so many raw words and so many of the edition's are accounted for."""

    raw: int
    words: int
    step: Step
    cause: Correction | LeftOut | None = None


class _Search:
    """A depth-first search that never visits a pair of places twice."""

    def __init__(
        self, raw: str, words: list[str], corrections: tuple[Correction, ...], left_out: tuple[LeftOut, ...]
    ) -> None:
        self.text = raw
        self.keys, self.spans = find_words(raw)
        self.words = words
        self.listed = _listed_by_first_word(corrections, left_out)
        self.lines = self._whole_lines(left_out)
        # For repetitions: the raw words that are not fillers, and where each raw word stands among them.
        self.solid = [i for i, key in enumerate(self.keys) if not _is_filler(key)]
        self.rank = {i: rank for rank, i in enumerate(self.solid)}

    def run(self) -> Alignment | Mismatch:
        """Find a path to both ends, or the place where all paths end."""
        goal = (len(self.keys), len(self.words))
        path: list[tuple[int, int, _Move | None, Iterator[_Move]]] = [(0, 0, None, self._moves(0, 0))]
        seen = {(0, 0)}
        furthest = (0, 0)
        while path:
            i, j, _, moves = path[-1]
            if (i, j) == goal:
                return self._to_alignment([move for _, _, move, _ in path if move])
            move = next(moves, None)
            if move is None:
                path.pop()
                continue
            place = (i + move.raw, j + move.words)
            if place not in seen:
                seen.add(place)
                furthest = max(furthest, place, key=sum)
                # From within a run of equal words, going on in it leads only where the run itself has led.
                moves = self._drops(*place) if move.step is Step.KEPT else self._moves(*place)
                path.append((*place, move, moves))
        return self._to_mismatch(*furthest)

    def _moves(self, i: int, j: int) -> Iterator[_Move]:
        for length in range(self._common(i, j), 0, -1):
            yield _Move(length, length, Step.KEPT)
        yield from self._drops(i, j)

    def _drops(self, i: int, j: int) -> Iterator[_Move]:
        keys, words = self.keys, self.words
        if i >= len(keys):
            return
        if i in self.lines:
            last, omission = self.lines[i]
            yield _Move(last - i, 0, Step.LEFT_OUT, omission)
            return
        key = keys[i]
        for raw, said, cause in self.listed.get(key, ()):
            if keys[i : i + len(raw)] != raw or (cause.at is not None and cause.at != self.spans[i][0]):
                continue
            if words[j : j + len(said)] == said:
                step = Step.CORRECTED if isinstance(cause, Correction) else Step.LEFT_OUT
                yield _Move(len(raw), len(said), step, cause)
        if _is_filler(key):
            yield _Move(1, 0, Step.FILLER)
        else:
            yield from self._repetitions(i)

    def _common(self, i: int, j: int) -> int:
        """Count the words that both texts have alike from here on, up to lines that are left out."""
        keys, words, end = self.keys, self.words, min(len(self.keys) - i, len(self.words) - j)
        length = 0
        while length < end and keys[i + length] == words[j + length] and i + length not in self.lines:
            length += 1
        return length

    def _repetitions(self, i: int) -> Iterator[_Move]:
        rank = self.rank[i]
        for length in range(1, LONGEST_REPETITION + 1):
            again = self.solid[rank + length : rank + 2 * length]
            if len(again) < length:
                return
            if all(self.keys[self.solid[rank + k]] == self.keys[again[k]] for k in range(length)):
                yield _Move(again[0] - i, 0, Step.REPETITION)

    def _whole_lines(self, left_out: tuple[LeftOut, ...]) -> dict[int, tuple[int, LeftOut]]:
        """Map the first raw word of each left-out run of lines to the word after its last."""
        ends = [0]
        for line in self.text.split("\n"):
            ends.append(ends[-1] + len(line) + 1)
        starts = [start for start, _ in self.spans]
        found: dict[int, tuple[int, LeftOut]] = {}
        for omission in left_out:
            if omission.lines is None:
                continue
            first, last = (min(number, len(ends) - 1) for number in (omission.lines[0] - 1, omission.lines[1]))
            begin, end = bisect_left(starts, ends[first]), bisect_left(starts, ends[last])
            if begin < end:
                found[begin] = (end, omission)
        return found

    def _to_mismatch(self, i: int, j: int) -> Mismatch:
        offset = self.spans[i][0] if i < len(self.spans) else len(self.text)
        shown = " ".join(self.text[offset : offset + 80].split())
        return Mismatch(offset, j, shown, " ".join(self.words[j : j + 12]))

    def _to_alignment(self, moves: Sequence[_Move]) -> Alignment:
        places: list[tuple[int, int]] = []
        gone: list[tuple[int, int]] = []
        counts: Counter[Step] = Counter()
        causes: Counter[Correction | LeftOut] = Counter()
        i = 0
        for move in moves:
            stretch = (self.spans[i][0], self.spans[i + move.raw - 1][1])
            places += self.spans[i : i + move.raw] if move.step is Step.KEPT else [stretch] * move.words
            counts[move.step] += move.raw
            if move.step is Step.LEFT_OUT:
                gone.append(stretch)
            if move.cause is not None:
                causes[move.cause] += 1
            i += move.raw
        return Alignment(
            tuple(places),
            counts,
            tuple(gone),
            Counter({cause: n for cause, n in causes.items() if isinstance(cause, Correction)}),
            Counter({cause: n for cause, n in causes.items() if isinstance(cause, LeftOut)}),
        )


def to_stretches(alignment: Alignment, first: int, last: int, file: str) -> tuple[Stretch, ...]:
    """Give the raw stretches that the edition's words `first` to `last` (exclusive) come from.

    They are one stretch, unless raw text between them is left out of the edition.
    """
    if first >= last:
        return ()
    begins = [first, *(word for word in range(first + 1, last) if not follows(alignment, word)), last]
    return tuple(
        Stretch(file, alignment.words[begin][0], alignment.words[end - 1][1]) for begin, end in pairwise(begins)
    )


def follows(alignment: Alignment, word: int) -> bool:
    """Whether no raw text is left out between a word of the edition and the one before it."""
    if not 0 < word < len(alignment.words):
        return False
    end, start = alignment.words[word - 1][1], alignment.words[word][0]
    return bisect_left(alignment.left_out, (end,)) == bisect_left(alignment.left_out, (start,))


def _is_filler(key: str) -> bool:
    return key in FILLERS or key == _MUSIC


def _listed_by_first_word(
    corrections: Iterable[Correction], left_out: Iterable[LeftOut]
) -> dict[str, list[tuple[list[str], list[str], Correction | LeftOut]]]:
    listed: dict[str, list[tuple[list[str], list[str], Correction | LeftOut]]] = {}
    causes: list[Correction | LeftOut] = [*corrections, *(omission for omission in left_out if omission.raw)]
    for cause in causes:
        raw = to_keys(cause.raw or "")
        said = to_keys(cause.said) if isinstance(cause, Correction) else []
        if raw:
            listed.setdefault(raw[0], []).append((raw, said, cause))
    return listed
