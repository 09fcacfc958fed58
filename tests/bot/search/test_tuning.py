from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from bot.search.evaluation import DEPTH, Grading, JudgedQuery, Judgement
from bot.search.ranking import Weights
from bot.search.tuning import FIXED, NEUTRAL, STEPS, WORTHWHILE, cross_validate, objective, tune
from tests.bot.search.corpus import WEIGHTS

JUDGED = (Judgement("000", 0, 9, 3),)
Evaluate = Callable[[Weights, Sequence[JudgedQuery]], Sequence[Grading]]


def queries_of(*names: str) -> list[JudgedQuery]:
    """Make queries with an answer each."""
    return [JudgedQuery(name, name, "keyword", JUDGED) for name in names]


def grading(query: JudgedQuery, *, is_good: bool) -> Grading:
    """Make a grading that is as good, or as bad, as can be."""
    return Grading(query, answered=is_good, grades=(3 if is_good else 0, *[0] * (DEPTH - 1)))


def good_where(test: Callable[[Weights, JudgedQuery], bool]) -> Evaluate:
    """Make a toy search that answers a query well where the weights pass a test."""
    return lambda weights, queries: [grading(query, is_good=test(weights, query)) for query in queries]


# The search for weights


def test_the_best_weights_of_a_known_objective_are_found() -> None:
    bars = {"a": ("topics", 2.0), "b": ("topics", 4.0), "c": ("topics", 9.0), "d": ("heading", 0.4), "e": ("run", 2.0)}
    ceilings = {"f": ("summary", 0.4), "g": ("nearness", 0.2)}

    def is_good(weights: Weights, query: JudgedQuery) -> bool:
        if query.id in bars:
            name, bar = bars[query.id]
            return weights.of(name) >= bar
        name, ceiling = ceilings[query.id]
        return weights.of(name) <= ceiling

    evaluate, queries = good_where(is_good), queries_of(*bars, *ceilings)
    assert objective(evaluate(WEIGHTS, queries)) == 0
    tuned = tune(evaluate, queries, WEIGHTS)
    assert objective(evaluate(tuned, queries)) == 1
    unmoved = set(Weights._fields) - {"topics", "heading", "run", "summary", "nearness"}
    assert {name: tuned.of(name) for name in unmoved} == {name: WEIGHTS.of(name) for name in unmoved}


def test_weights_that_cannot_be_bettered_stay() -> None:
    assert tune(good_where(lambda *_: True), queries_of("a", "b"), WEIGHTS) == WEIGHTS
    assert tune(good_where(lambda *_: False), queries_of("a", "b"), WEIGHTS) == WEIGHTS


@pytest.mark.parametrize(("size", "is_worthwhile"), [(round(1.2 / WORTHWHILE), False), (round(0.8 / WORTHWHILE), True)])
def test_a_gain_that_may_be_chance_changes_nothing(size: int, *, is_worthwhile: bool) -> None:
    queries = queries_of("lucky", *[f"other{number}" for number in range(size - 1)])
    evaluate = good_where(lambda weights, query: query.id == "lucky" and weights.topics > WEIGHTS.topics)
    assert (tune(evaluate, queries, WEIGHTS) != WEIGHTS) is is_worthwhile


@pytest.mark.parametrize("name", sorted(FIXED))
def test_a_fixed_weight_is_not_moved(name: str) -> None:
    evaluate = good_where(lambda weights, _: weights.of(name) != WEIGHTS.of(name))
    assert tune(evaluate, queries_of("a"), WEIGHTS) == WEIGHTS


@pytest.mark.parametrize("name", sorted(set(Weights._fields) - FIXED))
def test_every_other_weight_is_moved_up_and_down(name: str) -> None:
    start = WEIGHTS.of(name)
    up = tune(good_where(lambda weights, _: weights.of(name) > start), queries_of("a"), WEIGHTS)
    down = tune(good_where(lambda weights, _: weights.of(name) < start), queries_of("a"), WEIGHTS)
    assert down.of(name) < start < up.of(name)
    assert up._replace(**{name: start}) == down._replace(**{name: start}) == WEIGHTS


def test_steps_go_both_ways() -> None:
    assert min(STEPS) < 1 < max(STEPS)
    assert 1 not in STEPS


# Cross-validation


@pytest.mark.parametrize(("size", "folds"), [(7, 3), (6, 3), (5, 5), (2, 3), (9, 2)])
def test_every_query_is_graded_once(size: int, folds: int) -> None:
    queries = queries_of(*(f"q{number}" for number in range(size)))
    found = cross_validate(good_where(lambda *_: True), queries, folds, WEIGHTS)
    assert sorted(grading.query.id for grading in found.gradings) == sorted(query.id for query in queries)
    assert found.weights == (WEIGHTS,) * folds


def test_no_query_is_graded_with_weights_that_were_tuned_on_it() -> None:
    names = ("asked", "topics", "thread", "heading", "title")
    queries = queries_of(*names)
    evaluate = good_where(lambda weights, query: weights.of(query.id) > WEIGHTS.of(query.id))
    assert objective(evaluate(tune(evaluate, queries, WEIGHTS), queries)) == 1  # each query has a weight to learn it by
    found = cross_validate(evaluate, queries, len(names), WEIGHTS)
    assert objective(found.gradings) == 0
    moved = [{name for name in names if weights.of(name) > WEIGHTS.of(name)} for weights in found.weights]
    assert moved == [set(names) - {name} for name in names]


def test_each_fold_starts_from_weights_that_know_nothing() -> None:
    found = cross_validate(good_where(lambda *_: True), queries_of("a", "b"), 2)
    assert found.weights == (NEUTRAL, NEUTRAL)
    assert set(NEUTRAL) == {1.0, 0.5}


def test_what_holds_for_all_queries_is_learnt_from_the_others() -> None:
    evaluate = good_where(lambda weights, _: weights.topics > WEIGHTS.topics)
    found = cross_validate(evaluate, queries_of("a", "b", "c", "d"), 2, WEIGHTS)
    assert objective(found.gradings) == 1


# The objective


def test_the_objective_is_best_where_all_is_answered_well_and_the_rest_refused() -> None:
    answerable, unanswerable = queries_of("a")[0], JudgedQuery("b", "b", "unanswerable", ())
    right, wrong = grading(answerable, is_good=True), grading(answerable, is_good=False)
    refused, made_up = grading(unanswerable, is_good=False), grading(unanswerable, is_good=True)
    assert objective([right, refused]) == 1
    assert objective([right]) == objective([refused]) == 1
    assert objective([wrong, made_up]) == 0
    assert 0 < objective([right, made_up]) < 1
    assert 0 < objective([wrong, refused]) < 1


def test_a_better_order_is_worth_more() -> None:
    (query,) = queries_of("a")
    worth = [objective([Grading(query, answered=True, grades=grades)]) for grades in ((3, 0), (0, 3), (0, 0))]
    assert worth == sorted(set(worth), reverse=True)
