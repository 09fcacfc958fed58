"""The ranking: which passages answer a query, best first, and whether any does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from bot.models import Passage
from bot.search.index import Index
from bot.search.query import Concept, Part, Query, Variant

LEAST_COVERAGE = 0.29
"""Share of a query that a further hit covers at least: just under what a wider wording of all of it is worth."""

LEAST_SCORE = 0.1
"""Share of the first hit's score that a further one has at least.

Over both sets of judged queries, the two take away 42 of 258 further hits that answer nothing; of the good ones one
goes and another comes in.
"""


class Scored(NamedTuple):
    """A passage's number with its score and how much of the query's weight it covers (0 to 1)."""

    number: int
    score: float
    coverage: float


class Evidence(NamedTuple):
    """What something adds to a passage's score, and how surely the passage speaks of it (0 to 1)."""

    impact: float
    sureness: float


class Weights(NamedTuple):
    """How the parts of a score count against each other; tuned by `ilya eval --tune`."""

    words: float = 1.0
    asked: float = 0.6
    topics: float = 1.2
    thread: float = 0.2
    heading: float = 0.2
    title: float = 0.05
    typed: float = 1.0
    same: float = 0.75
    wider: float = 0.5
    surely_same: float = 0.9
    surely_wider: float = 0.3
    nearness: float = 0.4
    run: float = 1.0
    coverage: float = 1.0
    summary: float = 0.6
    evidence: float = 0.57
    advice: float = 0.85

    def of(self, name: str) -> float:
        """Give the weight of a field or of a kind of wording."""
        weight: float = getattr(self, name)
        return weight

    def sureness_of(self, kind: str) -> float:
        """Tell how surely a passage with a wording of this kind speaks of what was typed."""
        return 1.0 if kind == "typed" else self.of(f"surely_{kind}")


WEIGHTS = Weights()


def rank(query: Query, index: Index, weights: Weights = WEIGHTS) -> list[Scored]:
    """Score the passages that hold something of the query, best first; equal ones in the order of the corpus."""
    total = sum(concept.weight for concept in query.concepts) or 1.0
    scores: dict[int, float] = {}
    covered: dict[int, float] = {}
    for concept in query.concepts:
        for number, evidence in score_concept(concept, index, weights).items():
            scores[number] = scores.get(number, 0.0) + evidence.impact
            covered[number] = covered.get(number, 0.0) + evidence.sureness * concept.weight / total
    for number, impact in score_nearness(query, index, weights):
        scores[number] = scores.get(number, 0.0) + impact
    for number, share in score_runs(query, index):
        scores[number] = scores.get(number, 0.0) + weights.run * share * total
        covered[number] = covered.get(number, 0.0) + (1 - covered.get(number, 0.0)) * share
    is_wanted = _filter(query, index)
    ranked = [
        Scored(number, _weighed(index.passages[number], score, covered[number], weights), covered[number])
        for number, score in scores.items()
        if covered.get(number) and is_wanted(number)
    ]
    return sorted(ranked, key=lambda scored: (-scored.score, scored.number))


def is_answered(query: Query, ranked: Sequence[Scored], weights: Weights = WEIGHTS) -> bool:
    """Decide by evidence whether the first passage covers enough of what was asked.

    The first, not any: over 160 judged queries its coverage tells answerable from not better than the highest does.
    Who asks what to do himself ("how do I …", "best … to learn") seldom asks what was said: more must be covered.
    """
    needed = weights.advice if query.is_for_advice else weights.evidence
    return bool(ranked) and ranked[0].coverage >= needed


def supported(ranked: Sequence[Scored]) -> list[Scored]:
    """Leave out what follows the first passage of an answer without evidence of its own."""
    floor = LEAST_SCORE * ranked[0].score if ranked else 0.0
    return [
        scored
        for place, scored in enumerate(ranked)
        if not place or (scored.coverage >= LEAST_COVERAGE and scored.score >= floor)
    ]


def score_concept(concept: Concept, index: Index, weights: Weights) -> dict[int, Evidence]:
    """Score a concept by its words or, where that is better, by another wording of all of them."""
    impacts: dict[int, float] = {}
    sureness: dict[int, float] = {}
    for part in concept.parts:
        of_all = part.weight / (concept.weight or 1.0)
        for number, evidence in score_part(part, index, weights).items():
            impacts[number] = impacts.get(number, 0.0) + part.share * evidence.impact
            sureness[number] = sureness.get(number, 0.0) + of_all * evidence.sureness
    found = {number: Evidence(impact, sureness[number]) for number, impact in impacts.items()}
    return _best_of([found, *(score_variant(variant, index, weights) for variant in concept.others)])


def score_part(part: Part, index: Index, weights: Weights) -> dict[int, Evidence]:
    """Score a word by the best of its wordings."""
    return _best_of([score_variant(variant, index, weights) for variant in part.variants])


def score_variant(variant: Variant, index: Index, weights: Weights) -> dict[int, Evidence]:
    """Score one wording over all fields; only an evident field makes sure."""
    impacts: dict[int, float] = {}
    sure: set[int] = set()
    closeness = weights.of(variant.kind)
    sureness = weights.sureness_of(variant.kind)
    by_field = index.impacts(variant.terms, slack=len(variant.terms) - 1)
    for field in index.fields:
        weight = weights.of(field.name) * closeness
        for number, impact in by_field[field.name].items():
            impacts[number] = impacts.get(number, 0.0) + weight * impact
        if field.is_evident:
            sure.update(by_field[field.name])
    return {number: Evidence(impact, sureness if number in sure else 0.0) for number, impact in impacts.items()}


def score_nearness(query: Query, index: Index, weights: Weights) -> Iterable[tuple[int, float]]:
    """Give the impacts of neighbours in the query that are neighbours in a passage."""
    for _, pair in pairs_of(query):
        for name, impacts in index.impacts(pair, slack=1).items():
            weight = weights.nearness * weights.of(name)
            for number, impact in impacts.items():
                yield number, weight * impact


def score_runs(query: Query, index: Index) -> Iterable[tuple[int, float]]:
    """Give what share of the query a passage says word for word: the longest run in it, or all of its exact words."""
    for number, length in index.longest_runs(query.tokens).items():
        yield number, length / len(query.tokens)
    for number in range(len(index.passages) if query.exact else 0):
        if all(index.says(number, words) for words in query.exact):
            yield number, 1.0


def pairs_of(query: Query) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Give the neighbours in a query, as typed and as terms."""
    parts = [part for concept in query.concepts for part in concept.parts]
    for first, second in pairwise(parts):
        yield f"{first.typed} {second.typed}", (*first.variants[0].terms, *second.variants[0].terms)


def _best_of(scorings: list[dict[int, Evidence]]) -> dict[int, Evidence]:
    best = dict(scorings[0])
    for scoring in scorings[1:]:
        for number, evidence in scoring.items():
            before = best.get(number)
            best[number] = (
                evidence
                if before is None
                else Evidence(max(before.impact, evidence.impact), max(before.sureness, evidence.sureness))
            )
    return best


def _filter(query: Query, index: Index) -> Callable[[int], bool]:
    """Make a test for the episode, the year and the exact words that were asked for."""

    def is_wanted(number: int) -> bool:
        passage = index.passages[number]
        if query.episode and passage.episode.id != query.episode:
            return False
        if query.year and passage.episode.published[:4] != query.year:
            return False
        return all(index.says(number, words) for words in query.exact)

    return is_wanted


def _weighed(passage: Passage, score: float, coverage: float, weights: Weights) -> float:
    kind = weights.summary if passage.is_summary else 1.0
    return float(score * kind * coverage**weights.coverage)
