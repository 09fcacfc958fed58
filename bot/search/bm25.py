"""Okapi BM25 by rank-bm25, over postings: a query touches only the passages that hold its terms."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

K1 = 1.5
B = 0.75


class PostingsBM25(BM25Okapi):  # type: ignore[misc]
    """rank-bm25's index and formula; its get_scores walks every passage in Python, this one the postings.

    The library's idf is 0 for a term in half of the passages and negative above that (its issues 29, 39 and 43), so
    the idf here is the one of Robertson and Zaragoza (2009) with 1 added inside the logarithm, which stays positive.
    """

    idf: dict[str, float]
    doc_len: list[int]
    doc_freqs: list[dict[str, int]]

    def __init__(self, passages: Sequence[Sequence[str]], k1: float = K1, b: float = B) -> None:
        # The library divides by the number of passages and by their mean length (its issue 36).
        super().__init__(passages if any(passages) else [[""]], k1=k1, b=b)
        if not any(passages):
            self.corpus_size, self.doc_len, self.doc_freqs, self.idf = len(passages), [0] * len(passages), [], {}
        self.postings: dict[str, list[tuple[int, int]]] = {}
        for number, frequencies in enumerate(self.doc_freqs):
            for term, frequency in frequencies.items():
                self.postings.setdefault(term, []).append((number, frequency))

    def _calc_idf(self, nd: Mapping[str, int]) -> None:
        self.idf = {term: idf(n, self.corpus_size) for term, n in nd.items()}

    def impacts(self, term: str) -> dict[int, float]:
        """Give what a term adds to the score of each passage that holds it."""
        return {n: self.impact(n, f, self.idf[term]) for n, f in self.postings.get(term, ())}

    def impact(self, passage: int, frequency: int, term_idf: float) -> float:
        """Apply the library's formula to one term in one passage."""
        length = self.k1 * (1 - self.b + self.b * self.doc_len[passage] / self.avgdl)
        return float(term_idf * (frequency * (self.k1 + 1) / (frequency + length)))

    def get_scores(self, query: Sequence[str]) -> NDArray[np.float64]:
        """Score all passages, as the library's method of this name does."""
        scores = np.zeros(self.corpus_size)
        for term in query:
            for passage, impact in self.impacts(term).items():
                scores[passage] += impact
        return scores


def idf(n: int, size: int) -> float:
    """Weigh a term that `n` of `size` passages hold."""
    return math.log(1 + (size - n + 0.5) / (n + 0.5))
