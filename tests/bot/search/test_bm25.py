from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from bot.search.bm25 import PostingsBM25, idf

TERMS = list("abcdef")
PASSAGES = st.lists(st.lists(st.sampled_from(TERMS), max_size=12), min_size=1, max_size=12)
QUERIES = st.lists(st.sampled_from([*TERMS, "unknown"]), max_size=6)
K1 = st.floats(0.1, 3.0)
B = st.floats(0.0, 0.95)  # at 1 the library divides by zero in an empty passage


class Reference(BM25Okapi):  # type: ignore[misc]
    """The plain library, walking every passage, with an idf that stays positive."""

    def _calc_idf(self, nd: Mapping[str, int]) -> None:
        self.idf = {term: math.log(1 + (self.corpus_size - n + 0.5) / (n + 0.5)) for term, n in nd.items()}


# The same scores as the library's


@given(PASSAGES, QUERIES, K1, B)
def test_scores_are_those_of_the_plain_library(
    passages: list[list[str]], query: list[str], k1: float, b: float
) -> None:
    ours = PostingsBM25(passages, k1=k1, b=b)
    if any(passages):
        plain = Reference(passages, k1=k1, b=b)
        assert ours.idf == pytest.approx(plain.idf)
        np.testing.assert_allclose(ours.get_scores(query), plain.get_scores(query), rtol=1e-12)
        np.testing.assert_allclose(ours.get_scores(query), BM25Okapi.get_scores(ours, query), rtol=1e-12)
    else:
        assert ours.get_scores(query).tolist() == [0.0] * len(passages)


@given(PASSAGES, QUERIES)
def test_the_impacts_of_a_querys_terms_add_up_to_its_scores(passages: list[list[str]], query: list[str]) -> None:
    bm25 = PostingsBM25(passages)
    impacts = [bm25.impacts(term) for term in query]
    sums = [math.fsum(impact.get(number, 0.0) for impact in impacts) for number in range(len(passages))]
    np.testing.assert_allclose(bm25.get_scores(query), sums, rtol=1e-12)


def test_a_term_that_is_asked_twice_counts_twice() -> None:
    bm25 = PostingsBM25([["a", "b"], ["c"]])
    assert bm25.get_scores(["a", "a"]).tolist() == [2 * bm25.get_scores(["a"])[0], 0.0]


# The traps of the library


def test_a_term_in_half_of_the_passages_counts_here_and_not_in_the_library() -> None:
    passages = [["a", "x"], ["a", "y"], ["z"], ["w"]]
    assert BM25Okapi(passages).get_scores(["a"]).tolist() == [0.0] * 4
    scores = PostingsBM25(passages).get_scores(["a"])
    assert scores[0] == scores[1] > 0.0 == scores[2] == scores[3]


def test_a_term_in_all_passages_counts_here_and_is_a_fault_in_the_library() -> None:
    passages = [["a", "b"], ["a", "b"], ["a", "b", "b"]]
    assert max(BM25Okapi(passages).get_scores(["a"])) < 0
    assert min(PostingsBM25(passages).get_scores(["a"])) > 0


@given(st.integers(1, 2000).flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size))))
def test_a_term_always_says_something_and_a_rarer_one_says_more(counts: tuple[int, int]) -> None:
    n, size = counts
    assert idf(n, size) > 0
    assert n == 0 or idf(n - 1, size) > idf(n, size)


def test_an_empty_corpus_has_no_scores_and_is_a_fault_in_the_library() -> None:
    with pytest.raises(ZeroDivisionError):
        BM25Okapi([])
    assert PostingsBM25([]).get_scores(["a"]).tolist() == []
    assert PostingsBM25([]).impacts("a") == {}


def test_a_corpus_of_empty_passages_scores_nothing_and_is_a_fault_in_the_library() -> None:
    with pytest.raises(ZeroDivisionError):
        BM25Okapi([[], []])
    bm25 = PostingsBM25([[], []])
    assert bm25.get_scores(["a", ""]).tolist() == [0.0, 0.0]
    assert bm25.impacts("") == {}


def test_an_empty_passage_among_others_scores_nothing() -> None:
    scores = PostingsBM25([[], ["a"], []]).get_scores(["a"])
    assert (scores[0], scores[2]) == (0.0, 0.0)
    assert scores[1] > 0


# What a query touches


def test_a_term_that_no_passage_holds_scores_nothing() -> None:
    bm25 = PostingsBM25([["a"], ["b"]])
    assert bm25.impacts("z") == {}
    assert bm25.get_scores(["z"]).tolist() == [0.0, 0.0]


@given(PASSAGES, st.sampled_from(TERMS))
def test_a_term_adds_to_the_passages_that_hold_it_and_to_no_other(passages: list[list[str]], term: str) -> None:
    impacts = PostingsBM25(passages).impacts(term)
    assert set(impacts) == {number for number, passage in enumerate(passages) if term in passage}
    assert all(impact > 0 for impact in impacts.values())


def test_a_query_reads_nothing_of_passages_without_its_terms() -> None:
    passages = [["a"], ["b", "c"], ["c"], ["a", "c"]]
    bm25 = PostingsBM25(passages)
    before = bm25.get_scores(["a"])
    bm25.doc_freqs = []
    bm25.doc_len = {0: 1, 3: 2}  # type: ignore[assignment]  # a look at another passage is a KeyError
    assert bm25.get_scores(["a"]).tolist() == before.tolist()
    with pytest.raises(KeyError):
        bm25.get_scores(["b"])


def test_more_of_a_term_scores_more_and_more_of_other_words_less() -> None:
    def score(passage: Sequence[str]) -> float:
        return PostingsBM25([list(passage), ["z", "z"]]).impact(0, passage.count("a"), 1.0)

    assert score("ab") < score("aab") < score("aaab")
    assert score("ab") > score("abb") > score("abbb")
