"""Why a passage stands where it stands: what each word of the query adds to its score, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.search.index import Index
from bot.search.query import Query, Variant
from bot.search.ranking import Scored, Weights, pairs_of, score_runs


class Contribution(NamedTuple):
    """What one wording of a typed word adds in one field; of several wordings the best alone counts."""

    typed: str
    wording: str
    kind: str
    field: str
    impact: float


class Explanation(NamedTuple):
    """A scored passage with what its score is made of, the weightiest first."""

    scored: Scored
    contributions: tuple[Contribution, ...]


def explain(query: Query, index: Index, scored: Scored, weights: Weights) -> Explanation:
    """Take the score of one passage apart (before coverage and kind are counted in)."""
    found = sorted(_contributions(query, index, scored.number, weights), key=lambda part: -part.impact)
    return Explanation(scored, tuple(found))


def _contributions(query: Query, index: Index, number: int, weights: Weights) -> Iterator[Contribution]:
    for concept in query.concepts:
        for part in concept.parts:
            for variant in part.variants:
                yield from _of_variant(part.typed, variant, part.share, index, number, weights)
        typed = " ".join(part.typed for part in concept.parts)
        for variant in concept.others:
            yield from _of_variant(typed, variant, 1.0, index, number, weights)
    total = sum(concept.weight for concept in query.concepts) or 1.0
    for found, share in score_runs(query, index):
        if found == number:
            yield Contribution(query.text, "word for word", "run", "words", weights.run * share * total)
    for typed, pair in pairs_of(query):
        for name, impacts in index.impacts(pair, slack=1).items():
            if number in impacts:
                impact = weights.nearness * weights.of(name) * impacts[number]
                yield Contribution(typed, " ".join(pair), "near", name, impact)


def _of_variant(
    typed: str, variant: Variant, share: float, index: Index, number: int, weights: Weights
) -> Iterator[Contribution]:
    for name, impacts in index.impacts(variant.terms, slack=len(variant.terms) - 1).items():
        if number in impacts:
            impact = share * weights.of(name) * weights.of(variant.kind) * impacts[number]
            yield Contribution(typed, " ".join(variant.terms), variant.kind, name, impact)
