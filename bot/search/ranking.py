"""The ranking: which passages answer a query, best first, and whether any does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from bot.models import Passage
from bot.search.index import Index
from bot.search.query import Concept, Query


class Scored(NamedTuple):
    """A passage's number with its score and how much of the query's weight it covers (0 to 1)."""

    number: int
    score: float
    coverage: float


class Weights(NamedTuple):
    """How the parts of a score count against each other."""

    nearness: float = 0.4
    coverage: float = 1.0
    summary: float = 0.7
    evidence: float = 0.5


WEIGHTS = Weights()


def rank(query: Query, index: Index, weights: Weights = WEIGHTS) -> list[Scored]:
    """Score the passages that hold something of the query, best first; equal ones in the order of the corpus."""
    total = sum(concept.weight for concept in query.concepts) or 1.0
    evident = frozenset(field.name for field in index.fields if field.is_evident)
    scores: dict[int, float] = {}
    covered: dict[int, float] = {}
    for concept in query.concepts:
        for number, (impact, strength) in score_concept(concept, index, evident).items():
            scores[number] = scores.get(number, 0.0) + impact
            covered[number] = covered.get(number, 0.0) + strength * concept.weight / total
    for number, impact in _nearness(query, index):
        scores[number] = scores.get(number, 0.0) + weights.nearness * impact
    ranked = [
        Scored(number, _weighed(index.passages[number], score, covered.get(number, 0.0), weights), covered[number])
        for number, score in scores.items()
        if covered.get(number)
    ]
    return sorted(ranked, key=lambda scored: (-scored.score, scored.number))


def is_answered(ranked: list[Scored], weights: Weights = WEIGHTS) -> bool:
    """Decide by evidence whether any passage covers enough of what was asked."""
    return any(scored.coverage >= weights.evidence for scored in ranked)


def score_concept(concept: Concept, index: Index, evident: frozenset[str]) -> dict[int, tuple[float, float]]:
    """Give a concept's impact on each passage and how surely the passage speaks of it (0 to 1): its best variant's."""
    best: dict[int, tuple[float, float]] = {}
    for variant in concept.variants:
        sums: dict[int, float] = {}
        sure: set[int] = set()
        for name, impacts in index.impacts(variant.terms).items():
            for number, impact in impacts.items():
                sums[number] = sums.get(number, 0.0) + variant.weight * impact
            if name in evident:
                sure.update(impacts)
        for number, impact in sums.items():
            before = best.get(number, (0.0, 0.0))
            best[number] = (max(before[0], impact), max(before[1], variant.weight if number in sure else 0.0))
    return best


def _nearness(query: Query, index: Index) -> Iterable[tuple[int, float]]:
    """Give the impacts of neighbours in the query that are neighbours in a passage."""
    for first, second in zip(query.concepts, query.concepts[1:], strict=False):
        pair = (*first.variants[0].terms, *second.variants[0].terms)
        for impacts in index.impacts(pair, slack=1).values():
            yield from impacts.items()


def _weighed(passage: Passage, score: float, coverage: float, weights: Weights) -> float:
    kind = weights.summary if passage.is_summary else 1.0
    return float(score * kind * coverage**weights.coverage)
