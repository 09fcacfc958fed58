"""How long answers take in this process, beside plain rank-bm25 on the same passages: a ratio outlives a machine."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rank_bm25 import BM25Okapi

from bot.models import Passage
from bot.search.analyzer import to_terms


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds a query takes: the first time it is asked, then again; and with the plain library."""

    passages: int
    build: float
    first: tuple[float, ...]
    again: tuple[float, ...]
    plain: tuple[float, ...]
    memory: float | None

    @staticmethod
    def quantile(sample: Sequence[float], share: float) -> float:
        """Give the value that `share` of a sample does not exceed."""
        return sorted(sample)[min(len(sample) - 1, int(share * len(sample)))]


def time_search(
    ask: Callable[[str], object], passages: Sequence[Passage], queries: Sequence[str], rounds: int, build: float
) -> Timings:
    """Ask every query `rounds` times; `build` is what building took (milliseconds), memory the process's peak in MB."""
    first = time_each(ask, queries)
    again = [taken for _ in range(rounds - 1) for taken in time_each(ask, queries)]
    plain = BM25Okapi([to_terms(passage.text) or [""] for passage in passages])
    return Timings(
        passages=len(passages),
        build=build,
        first=tuple(first),
        again=tuple(again or first),
        plain=tuple(time_each(lambda query: plain.get_scores(to_terms(query)), queries)),
        memory=peak_memory(),
    )


def peak_memory() -> float | None:
    """Give the most memory that this process has held, in MB; None on a system that does not tell (Windows)."""
    try:
        import resource  # noqa: PLC0415  only Unix has it, and only a measurement needs it
    except ImportError:
        return None
    unit = 1024**2 if sys.platform == "darwin" else 1024  # getrusage(2) counts bytes there and kilobytes elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def time_each(ask: Callable[[str], object], queries: Sequence[str]) -> list[float]:
    """Time each query, in milliseconds."""
    taken = []
    for query in queries:
        start = time.perf_counter()
        ask(query)
        taken.append((time.perf_counter() - start) * 1000)
    return taken
