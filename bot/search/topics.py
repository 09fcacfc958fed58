"""The topics of the passages: what there is to ask about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.models import Passage
from bot.search.analyzer import to_terms


@dataclass(frozen=True)
class Topics:
    """Every topic with how many passages carry it, in alphabetical order."""

    counts: Mapping[str, int]

    @property
    def names(self) -> tuple[str, ...]:
        """All topics, in alphabetical order."""
        return tuple(self.counts)

    @cached_property
    def _by_term(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for topic in self.counts:
            for term in dict.fromkeys(to_terms(topic)):
                found.setdefault(term, []).append(topic)
        return found

    def nearest(self, weights: Mapping[str, float], count: int) -> tuple[str, ...]:
        """Give the topics that hold most of the weighted terms, short ones first; none where none does."""
        scores: dict[str, float] = {}
        for term, weight in weights.items():
            for topic in self._by_term.get(term, ()):
                scores[topic] = scores.get(topic, 0.0) + weight
        near = sorted(scores, key=lambda topic: (-scores[topic], len(topic), topic))
        return tuple(near[:count])

    def holding(self, words: Sequence[str]) -> tuple[str, ...]:
        """Give the topics that hold all of some words or beginnings of words, as typed so far."""
        wanted = [f" {word.casefold()}" for word in words]
        return tuple(topic for topic in self.counts if all(word in f" {topic.casefold()}" for word in wanted))

    def complete(self, typed: str, count: int) -> tuple[str, ...]:
        """Give topics that go on as typed: those that begin so first, then common ones, then short ones."""
        start = typed.strip().casefold()

        def place(topic: str) -> tuple[bool, int, int]:
            return not topic.casefold().startswith(start), -self.counts[topic], len(topic)

        return tuple(sorted(self.holding(start.split()), key=place)[:count])


def collect_topics(passages: Iterable[Passage]) -> Topics:
    """Collect the topics of passages."""
    counts = Counter(topic for passage in passages for topic in passage.topics)
    return Topics({topic: counts[topic] for topic in sorted(counts, key=str.casefold)})
