"""When a word is said: known at the anchors of an edition, in between interpolated."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from bot.models import Edition
from bot.transcripts.alignment import to_keys


@dataclass(frozen=True, slots=True)
class Timeline:
    """Anchors of an edition in order: (number of the word, seconds)."""

    anchors: tuple[tuple[int, float], ...]

    def time_of(self, word: int) -> float | None:
        """Estimate when a word is said, in seconds; None where nothing is known."""
        if len(self.anchors) < 2:
            return self.anchors[0][1] if self.anchors else None
        right = min(max(bisect_right(self.anchors, (word, float("inf"))), 1), len(self.anchors) - 1)
        (before, early), (after, late) = self.anchors[right - 1], self.anchors[right]
        return max(0.0, early + (word - before) * (late - early) / (after - before))


def build_timeline(edition: Edition) -> Timeline:
    """Collect the anchors of an edition: turns with a time, else chapters; last, its end where the length is known."""
    anchors: list[tuple[int, float]] = []
    word = 0
    for chapter in edition.chapters:
        for number, turn in enumerate(chapter.turns):
            start = turn.start if turn.start is not None or number else chapter.start
            if start is not None:
                anchors.append((word, start))
            word += sum(len(to_keys(paragraph.text)) for paragraph in turn.paragraphs)
    if anchors and edition.episode.duration is not None:
        anchors.append((word, edition.episode.duration))
    kept = anchors[:1]
    for (_, early), (after, late) in pairwise(anchors):
        if late > early and after > kept[-1][0] and late > kept[-1][1]:
            kept.append((after, late))
    return Timeline(tuple(kept))
