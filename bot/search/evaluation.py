"""How good the answers are, measured on judged queries: stretches of the raw files, graded by how well they answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

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


class _Answer(BaseModel):
    model_config = ConfigDict(strict=True)

    seed: str = Field(min_length=1)
    start: int = Field(ge=0)
    end: int
    grade: int = Field(ge=1, le=3)

    @model_validator(mode="after")
    def _is_a_stretch(self) -> _Answer:
        if self.end <= self.start:
            raise ValueError("a stretch ends after it starts")
        return self


class _Line(BaseModel):
    model_config = ConfigDict(strict=True)

    qid: str
    query: str = Field(min_length=1)
    type: str
    answers: list[_Answer]

    def to_judged_query(self) -> JudgedQuery:
        judgements = (Judgement(a.seed, a.start, a.end, a.grade) for a in self.answers)
        return JudgedQuery(self.qid, self.query, self.type, tuple(judgements))


@dataclass(frozen=True, slots=True)
class Grading:
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
    """Read judged queries, one JSON object a line (seeds/README.md has the form).

    Raises CorpusError with the line that cannot be read, or where there is none.
    """
    try:
        text = path.read_text(encoding="utf-8").rstrip("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"The judged queries {path} cannot be read ({error}).") from None
    if not text:
        raise CorpusError(f"{path} holds no judged queries; seeds/README.md has their form.")
    queries = []
    for number, line in enumerate(text.split("\n"), 1):
        try:
            queries.append(_Line.model_validate_json(line).to_judged_query())
        except ValidationError as error:
            fault = error.errors()[0]
            where = ".".join(map(str, fault["loc"])) or "the line"
            wrong = f"{path}:{number}: not a judged query: {where}: {fault['msg']}"
            raise CorpusError(f"{wrong}; seeds/README.md has the form.") from None
    return tuple(queries)


def evaluate(queries: Iterable[JudgedQuery], ask: Callable[[str], Answer]) -> tuple[Grading, ...]:
    """Ask every query and grade the hits."""
    gradings = []
    for query in queries:
        answer = ask(query.text)
        grades = grade_hits(answer.hits[:DEPTH] if answer.answered else (), query.judgements)
        gradings.append(Grading(query, answer.answered, (*grades, *[0] * (DEPTH - len(grades)))))
    return tuple(gradings)


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
