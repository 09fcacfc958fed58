"""When a word is said: known at the anchors of an edition, in between interpolated."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from bot.errors import EditionError
from bot.models import Edition, Kind, Turn
from bot.transcripts.clock import to_clock


@dataclass(frozen=True, slots=True)
class Timeline:
    """Anchors of an edition in order: (position, seconds); a position is the characters spoken before it.

    Characters follow the clock more closely than words do: over the seven whole chapters of dwarkesh-2023, predicting
    each one's length from the others errs by 2.1 % with characters and by 2.9 % with words.
    """

    anchors: tuple[tuple[int, float], ...]

    def time_of(self, position: int) -> float | None:
        """Estimate when something is said, in seconds; None where nothing is known."""
        if len(self.anchors) < 2:
            return self.anchors[0][1] if self.anchors else None
        right = min(max(bisect_right(self.anchors, (position, float("inf"))), 1), len(self.anchors) - 1)
        (before, early), (after, late) = self.anchors[right - 1], self.anchors[right]
        return max(0.0, early + (position - before) * (late - early) / (after - before))


def build_timeline(edition: Edition) -> Timeline:
    """Collect the anchors of an edition: turns with a time, else chapters, and an end.

    An anchor that does not come later than the one before it is passed over.
    """
    anchors: list[tuple[int, float]] = []
    position = 0
    for chapter in edition.chapters:
        for number, turn in enumerate(chapter.turns):
            start = turn.start if turn.start is not None or number else chapter.start
            if start is not None and (not anchors or (position > anchors[-1][0] and start > anchors[-1][1])):
                anchors.append((position, start))
            position += length_of(turn)
    end = _end(anchors, position, edition.episode.duration)
    if end is not None and position > anchors[-1][0] and end > anchors[-1][1]:
        anchors.append((position, end))
    return Timeline(tuple(anchors))


def check_times(edition: Edition) -> None:
    """Refuse a transcript whose times go back, since one of the two is wrong. Raises EditionError."""
    before = 0.0
    for chapter in edition.chapters if edition.kind is Kind.TRANSCRIPT else ():
        for start, line in ((chapter.start, chapter.line), *((turn.start, turn.line) for turn in chapter.turns)):
            if start is not None and start < before:
                wrong = f"the time {to_clock(start)} comes after {to_clock(before)}"
                raise EditionError(edition.path, line, wrong, "times in the order of the words")
            before = before if start is None else start


def length_of(turn: Turn) -> int:
    """Measure a turn in characters, with a space after each paragraph as after each sentence."""
    return sum(len(paragraph.text) + 1 for paragraph in turn.paragraphs)


def _end(anchors: list[tuple[int, float]], position: int, duration: float | None) -> float | None:
    """Tell when the last words end: at the pace of the rest, for a transcript may stop before the recording does."""
    if len(anchors) < 2:
        return duration if anchors else None
    (first, early), (last, late) = anchors[0], anchors[-1]
    end = late + (position - last) * (late - early) / (last - first)
    return end if duration is None else min(end, duration)
