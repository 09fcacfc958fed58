"""How good the answers are, measured on judged queries: stretches of the raw files, graded by how well they answer."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import CorpusError
from bot.models import Answer, Hit, Stretch
from bot.transcripts.sentences import source_of

DEPTH = 5
GOOD = 2
"""The grade from which a first hit counts as a success."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A stretch of a raw file (its name begins with `seed`) with its grade, 1 to 3."""

    seed: str
    start: int
    end: int
    grade: int


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A query with the stretches that answer it; none, where the episodes do not."""

    id: str
    text: str
    type: str
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What an answer was worth: the grades of its first hits and the measures over them."""

    query: JudgedQuery
    answered: bool
    grades: tuple[int, ...]

    @property
    def ndcg(self) -> float:
        """Give nDCG at DEPTH with exponential gains."""
        ideal = sorted((judgement.grade for judgement in self.query.judgements), reverse=True)
        return dcg(self.grades) / dcg(ideal[:DEPTH])

    @property
    def success(self) -> bool:
        """Whether the first hit is a good one."""
        return self.grades[0] >= GOOD


def read_judged_queries(path: Path) -> tuple[JudgedQuery, ...]:
    """Read judged queries, one JSON object a line. Raises CorpusError with the line that cannot be read."""
    queries = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CorpusError(f"The judged queries {path} cannot be read ({error.strerror}).") from None
    for number, line in enumerate(lines, 1):
        try:
            read = json.loads(line)
            judgements = (Judgement(a["seed"], a["start"], a["end"], a["grade"]) for a in read["answers"])
            queries.append(JudgedQuery(read["qid"], read["query"], read["type"], tuple(judgements)))
        except (ValueError, KeyError, TypeError) as error:
            raise CorpusError(f"{path}:{number}: not a judged query ({error}); see seeds/README.md.") from None
    return tuple(queries)


def evaluate(queries: Iterable[JudgedQuery], ask: Callable[[str], Answer]) -> tuple[Result, ...]:
    """Ask every query and grade the hits."""
    results = []
    for query in queries:
        answer = ask(query.text)
        grades = grade_hits(answer.hits[:DEPTH], query.judgements)
        results.append(Result(query, answer.answered, (*grades, *[0] * (DEPTH - len(grades)))))
    return tuple(results)


def grade_hits(hits: Sequence[Hit], judgements: Sequence[Judgement]) -> tuple[int, ...]:
    """Give each hit the best grade among the stretches it shows; a stretch pays once.

    A hit shows a stretch when it covers at least half of it, or when half of the hit lies inside it.
    """
    paid: set[Judgement] = set()
    grades = []
    for hit in hits:
        stretches = source_of(hit.sentences)
        shown = {judgement for judgement in judgements if _shows(stretches, judgement)}
        grades.append(max((judgement.grade for judgement in shown - paid), default=0))
        if grades[-1]:
            paid |= shown
    return tuple(grades)


def dcg(grades: Sequence[int]) -> float:
    """Sum the gains (2^grade - 1), each discounted by the logarithm of its place (Järvelin and Kekäläinen, 2002)."""
    return math.fsum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def _shows(stretches: Sequence[Stretch], judgement: Judgement) -> bool:
    total = sum(stretch.end - stretch.start for stretch in stretches)
    shared = sum(
        max(0, min(stretch.end, judgement.end) - max(stretch.start, judgement.start))
        for stretch in stretches
        if stretch.file.startswith(judgement.seed)
    )
    return shared > 0 and (2 * shared >= judgement.end - judgement.start or 2 * shared >= total)
