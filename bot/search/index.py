"""The index: what is searched of each passage, field by field, and how much each field counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from bot.models import Passage
from bot.search.analyzer import to_terms
from bot.search.bm25 import PostingsBM25, idf

Impacts = Mapping[int, float]
"""What something adds to the score of each passage (by its number) that holds it."""


class Field(NamedTuple):
    """One searched side of a passage; only an evident field can show that a passage is about something."""

    name: str
    text: Callable[[Passage], str]
    weight: float
    b: float = 0.75
    is_evident: bool = True


FIELDS = (
    Field("words", lambda passage: passage.text, 1.0),
    Field("asked", lambda passage: passage.asked, 0.6),
    Field("topics", lambda passage: "; ".join(passage.topics), 0.8),
    Field("thread", lambda passage: passage.thread, 0.2),
    Field("heading", lambda passage: passage.heading, 0.2, is_evident=False),
    Field("title", lambda passage: passage.episode.title, 0.05, is_evident=False),
)


class Index:
    """Passages with a BM25 field for each side of them; built by build_index."""

    def __init__(self, passages: Sequence[Passage], fields: Sequence[Field]) -> None:
        self.passages = tuple(passages)
        self.fields = tuple(fields)
        self.terms: dict[str, list[list[str]]] = {}
        self.bm25: dict[str, PostingsBM25] = {}
        analyze = lru_cache(maxsize=None)(to_terms)  # questions, headings and titles recur from passage to passage
        for field in self.fields:
            self.terms[field.name] = [analyze(field.text(passage)) for passage in self.passages]
            self.bm25[field.name] = PostingsBM25(self.terms[field.name], b=field.b)
        self.frequencies = self._passage_frequencies()
        self._impacts: dict[tuple[str, ...], dict[str, Impacts]] = {}

    def _passage_frequencies(self) -> Counter[str]:
        """Count the passages that hold each term in a field that can be evidence."""
        evident = [self.terms[field.name] for field in self.fields if field.is_evident]
        counts: Counter[str] = Counter()
        for sides in zip(*evident, strict=True):
            counts.update(set().union(*sides))
        return counts

    def weight_of(self, term: str) -> float:
        """Tell how much a term says, known to the corpus or not (then it says the most)."""
        return idf(self.frequencies[term], len(self.passages))

    def impacts(self, phrase: tuple[str, ...], slack: int = 0) -> dict[str, Impacts]:
        """Give, by field, what a term adds to each passage; of several terms, where they stand in order and near.

        `slack` is how many other terms may stand between them.
        """
        key = (*phrase, f"+{slack}")
        if key not in self._impacts:
            self._impacts[key] = {
                field.name: MappingProxyType(self._field_impacts(field, phrase, slack)) for field in self.fields
            }
        return self._impacts[key]

    def _field_impacts(self, field: Field, phrase: tuple[str, ...], slack: int) -> dict[int, float]:
        bm25 = self.bm25[field.name]
        if len(phrase) == 1:
            impacts = bm25.impacts(phrase[0])
            return {passage: field.weight * impact for passage, impact in impacts.items()}
        postings = [dict(bm25.postings.get(term, ())) for term in phrase]
        counts = {
            passage: count
            for passage in set(postings[0]).intersection(*postings[1:])
            if (count := count_near(self.terms[field.name][passage], phrase, slack))
        }
        weight = field.weight * idf(len(counts), len(self.passages))
        return {passage: bm25.impact(passage, count, weight) for passage, count in sorted(counts.items())}


def count_near(terms: Sequence[str], phrase: Sequence[str], slack: int) -> int:
    """Count where the phrase's terms follow each other in order with at most `slack` other terms among them."""
    count = 0
    for start, term in enumerate(terms):
        if term != phrase[0]:
            continue
        place, end = start, min(len(terms), start + len(phrase) + slack)
        for wanted in phrase[1:]:
            place = next((n for n in range(place + 1, end) if terms[n] == wanted), end)
        count += place < end
    return count


def build_index(passages: Sequence[Passage], fields: Sequence[Field] = FIELDS) -> Index:
    """Index the passages that can be answers: the persona's words and the summaries, as the caller chose them."""
    return Index(passages, fields)
