"""The search for weights: coordinate by coordinate on judged queries, checked by cross-validation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from statistics import fmean
from typing import NamedTuple

from bot.search.evaluation import Grading, JudgedQuery
from bot.search.ranking import Weights

STEPS = (0.5, 0.75, 0.9, 1.1, 1.33, 2.0)
"""What each weight is multiplied by in turn."""

WORTHWHILE = 0.004
"""A change must gain more than this: with some sixty queries smaller gains are chance."""

FIXED = frozenset({"words", "typed", "surely_same"})
"""Only the ratios between weights matter, so one field and one kind of wording stay as they are."""

NEUTRAL = Weights(
    **dict.fromkeys(Weights._fields, 1.0) | dict.fromkeys(("surely_same", "surely_wider", "evidence", "advice"), 0.5)
)
"""Where a fold starts: nothing is known of any weight, and shares of what was asked stand in the middle."""

Evaluate = Callable[[Weights, Sequence[JudgedQuery]], Sequence[Grading]]


class CrossValidated(NamedTuple):
    """The gradings for queries that the weights were not tuned on, and the weights of each fold."""

    gradings: tuple[Grading, ...]
    weights: tuple[Weights, ...]


def tune(evaluate: Evaluate, queries: Sequence[JudgedQuery], start: Weights) -> Weights:
    """Change one weight at a time as long as any change is worthwhile."""
    best, value = start, objective(evaluate(start, queries))
    improved = True
    while improved:
        improved = False
        for candidate in _neighbours(best):
            found = objective(evaluate(candidate, queries))
            if found > value + WORTHWHILE:
                best, value, improved = candidate, found, True
    return best


def cross_validate(
    evaluate: Evaluate, queries: Sequence[JudgedQuery], folds: int, start: Weights = NEUTRAL
) -> CrossValidated:
    """Tune on all folds but one and grade that one, in turn; queries go to the folds by their place in the list.

    Weights that were tuned on all queries are no start: they have learnt from the fold that is to be graded.
    """
    gradings: list[Grading] = []
    tuned: list[Weights] = []
    for fold in range(folds):
        inside = [query for number, query in enumerate(queries) if number % folds != fold]
        outside = [query for number, query in enumerate(queries) if number % folds == fold]
        tuned.append(tune(evaluate, inside, start))
        gradings += evaluate(tuned[-1], outside)
    return CrossValidated(tuple(gradings), tuple(tuned))


def objective(gradings: Sequence[Grading]) -> float:
    """Put the measures into one figure: the mean of nDCG and success; where there is no answer, of refusals."""
    return fmean(
        (grading.ndcg + grading.success) / 2 if grading.query.judgements else float(not grading.answered)
        for grading in gradings
    )


def _neighbours(weights: Weights) -> Iterator[Weights]:
    for name in weights._fields:
        if name not in FIXED:
            for step in STEPS:
                yield weights._replace(**{name: round(weights.of(name) * step, 4)})
