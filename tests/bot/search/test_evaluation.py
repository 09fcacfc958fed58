from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import ir_measures
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ir_measures import Qrel, ScoredDoc, Success, nDCG

from bot.errors import CorpusError
from bot.models import Answer, Episode, Hit, Passage, Role, Sentence, Stretch
from bot.search.evaluation import DEPTH, Grading, JudgedQuery, Judgement, dcg, evaluate, grade_hits, read_judged_queries
from tests.paths import ROOT, SEEDS

EPISODE = Episode("show-1", "A talk", "The Show", (), ("Ilya Sutskever",), "2023-03-27", "https://example.org")
FILES = ("000_a.txt", "001_b.txt")
LINE = {"qid": "d1", "query": "agi", "type": "keyword", "answers": []}
ANSWER = {"seed": "000", "start": 0, "end": 9, "grade": 3}


def hit(*stretches: tuple[int, int], file: str = FILES[0]) -> Hit:
    """Make a hit that shows these characters of a file."""
    sentence = Sentence("Words.", source=tuple(Stretch(file, start, end) for start, end in stretches))
    passage = Passage("p", EPISODE, "show-1", Role.GUEST, "Ilya Sutskever", (sentence,), 0)
    return Hit(passage, 1.0, (sentence,))


def judged(*judgements: Judgement) -> JudgedQuery:
    """Make a query with these judgements."""
    return JudgedQuery("d1", "agi", "keyword", judgements)


def grading(grades: list[int], judgements: list[int]) -> Grading:
    """Make the grading of hits with these grades where stretches with those grades would have answered."""
    stretches = (Judgement("000", 10 * n, 10 * n + 9, grade) for n, grade in enumerate(judgements))
    return Grading(judged(*stretches), answered=True, grades=(*grades, *[0] * (DEPTH - len(grades)))[:DEPTH])


# A second implementation: the reference scorer, on the JSON that `ilya ask --json` writes


def shows(shown: dict[str, Any], answer: dict[str, Any]) -> bool:
    """Whether a hit shows a judged stretch."""
    total = shared = 0
    for part in shown["source"]:
        total += part["end"] - part["start"]
        if part["file"].startswith(answer["seed"]):
            shared += max(0, min(part["end"], answer["end"]) - max(part["start"], answer["start"]))
    return bool(shared) and (2 * shared >= answer["end"] - answer["start"] or 2 * shared >= total)


def gains(hits: list[dict[str, Any]], answers: list[dict[str, Any]]) -> list[int]:
    """Give the grade that each of the first hits earns; each judged stretch pays once."""
    paid: set[int] = set()
    found = []
    for shown in hits[:DEPTH]:
        seen = {number for number, answer in enumerate(answers) if shows(shown, answer)}
        best = max((answers[number]["grade"] for number in seen - paid), default=0)
        if best:
            paid |= seen
        found.append(best)
    return found + [0] * (DEPTH - len(found))


def reference_ndcg(grades: list[int], answers: list[dict[str, Any]]) -> float:
    """Score by the formula of the reference."""
    ideal = sorted((answer["grade"] for answer in answers), reverse=True)[:DEPTH]
    found, best = (sum((2.0**g - 1) / math.log2(i + 2) for i, g in enumerate(row)) for row in (grades, ideal))
    return float(found / best)


_PLACES = st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda pair: (pair[0], sum(pair)))
_HITS = st.lists(
    st.builds(lambda places, file: hit(*places, file=file), st.lists(_PLACES, max_size=2), st.sampled_from(FILES)),
    max_size=7,
)
_JUDGEMENTS = st.lists(
    st.builds(
        lambda seed, place, grade: Judgement(seed, place[0], place[1], grade),
        st.sampled_from(["000", "001"]),
        _PLACES,
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=200)
@given(_HITS, _JUDGEMENTS)
def test_answers_are_worth_what_the_reference_scorer_says(hits: list[Hit], judgements: list[Judgement]) -> None:
    as_json = [
        {"source": [{"file": s.file, "start": s.start, "end": s.end} for s in shown.sentences[0].source]}
        for shown in hits
    ]
    answers = [{"seed": j.seed, "start": j.start, "end": j.end, "grade": j.grade} for j in judgements]
    (found,) = evaluate([judged(*judgements)], lambda text: Answer(text, answered=True, hits=tuple(hits)))
    assert list(found.grades) == gains(as_json, answers)
    assert found.ndcg == pytest.approx(reference_ndcg(list(found.grades), answers))
    assert found.success == (found.grades[0] >= 2)


# The measures against a library's


@given(st.lists(st.integers(0, 3), max_size=8), st.lists(st.integers(1, 3), max_size=8))
def test_our_measures_are_those_of_ir_measures(shown: list[int], missed: list[int]) -> None:
    judgements = [grade for grade in (*shown, *missed) if grade]
    assume(judgements)
    found = grading(shown, judgements)
    graded = {f"hit{n}": grade for n, grade in enumerate(shown)} | {f"missed{n}": g for n, g in enumerate(missed)}
    run = [ScoredDoc("q", f"hit{n}", float(-n)) for n in range(len(shown))] or [ScoredDoc("q", "nothing", 0.0)]
    gained = [Qrel("q", name, 2**grade - 1) for name, grade in graded.items()]
    plain = [Qrel("q", name, grade) for name, grade in graded.items()]
    assert found.ndcg == pytest.approx(ir_measures.calc_aggregate([nDCG @ 5], gained, run)[nDCG @ 5])
    success = Success(rel=2) @ 1
    assert found.success == bool(ir_measures.calc_aggregate([success], plain, run)[success])


def test_ndcg_is_one_for_the_best_order_and_nothing_for_nothing() -> None:
    assert grading([3, 2, 1], [1, 2, 3]).ndcg == 1
    assert grading([1, 2, 3], [1, 2, 3]).ndcg < 1
    assert grading([], [1, 2, 3]).ndcg == 0


def test_only_the_first_five_count() -> None:
    assert grading([3] * 5, [3] * 9).ndcg == 1


def test_a_later_place_gains_less() -> None:
    assert dcg([3]) == 7
    assert dcg([0, 3]) == pytest.approx(7 / math.log2(3))
    assert dcg([]) == 0


@pytest.mark.parametrize(("grades", "is_good"), [([3], True), ([2], True), ([1], False), ([0, 3], False), ([], False)])
def test_a_success_is_a_good_first_hit(grades: list[int], *, is_good: bool) -> None:
    assert grading(grades, [3]).success is is_good


# What a hit earns


def test_a_hit_earns_the_best_grade_it_shows() -> None:
    assert grade_hits([hit((0, 100))], [Judgement("000", 0, 10, 1), Judgement("000", 50, 60, 3)]) == (3,)


def test_a_stretch_pays_once() -> None:
    judgements = [Judgement("000", 0, 10, 3), Judgement("000", 20, 30, 2)]
    assert grade_hits([hit((0, 10)), hit((0, 10))], judgements) == (3, 0)
    assert grade_hits([hit((0, 30)), hit((20, 30)), hit((0, 10))], judgements) == (3, 0, 0)


def test_a_hit_that_shows_half_of_a_stretch_pays_and_less_does_not() -> None:
    judgements = [Judgement("000", 0, 100, 3)]
    assert grade_hits([hit((50, 500))], judgements) == (3,)
    assert grade_hits([hit((51, 500))], judgements) == (0,)


def test_a_hit_that_lies_by_half_in_a_stretch_pays_and_by_less_does_not() -> None:
    judgements = [Judgement("000", 0, 1000, 3)]
    assert grade_hits([hit((990, 1010))], judgements) == (3,)
    assert grade_hits([hit((990, 1011))], judgements) == (0,)


def test_the_parts_of_a_hit_count_together() -> None:
    judgements = [Judgement("000", 0, 100, 3)]
    assert grade_hits([hit((0, 25), (75, 100), (200, 300))], judgements) == (3,)
    assert grade_hits([hit((0, 25), (76, 100), (200, 300))], judgements) == (0,)


def test_a_hit_in_another_file_or_from_nowhere_earns_nothing() -> None:
    judgements = [Judgement("000", 0, 100, 3)]
    assert grade_hits([hit((0, 100), file=FILES[1]), hit()], judgements) == (0, 0)


def test_hits_that_are_missing_earn_nothing() -> None:
    (found,) = evaluate([judged(Judgement("000", 0, 9, 3))], lambda text: Answer(text, answered=False))
    assert (found.grades, found.answered) == ((0,) * DEPTH, False)


def test_hits_shown_beside_a_refusal_earn_nothing() -> None:
    refusal = Answer("agi", answered=False, hits=(hit((0, 9)),))
    (found,) = evaluate([judged(Judgement("000", 0, 9, 3))], lambda _: refusal)
    assert found.grades == (0,) * DEPTH


def test_every_query_is_asked_as_it_is_written() -> None:
    asked: list[str] = []

    def ask(text: str) -> Answer:
        asked.append(text)
        return Answer(text, answered=False)

    queries = [JudgedQuery(str(n), text, "keyword", ()) for n, text in enumerate(["Agi ?", "b"])]
    assert [found.query for found in evaluate(queries, ask)] == queries
    assert asked == ["Agi ?", "b"]


# The file of judged queries


def write(folder: Path, *lines: object) -> Path:
    """Write lines, as JSON where they are no text."""
    path = folder / "queries.jsonl"
    path.write_text(
        "".join(f"{line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)}\n" for line in lines),
        encoding="utf-8",
    )
    return path


def test_judged_queries_are_read_in_order(tmp_path: Path) -> None:
    path = write(
        tmp_path, LINE | {"answers": [ANSWER | {"speaker": "guest"}]}, LINE | {"qid": "d2", "query": "Ἄγι\u2028"}
    )
    first, second = read_judged_queries(path)
    assert first == judged(Judgement("000", 0, 9, 3))
    assert (second.id, second.text, second.judgements) == ("d2", "Ἄγι\u2028", ())


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "5",
        '"agi"',
        {"query": "agi"},
        LINE | {"answers": None},
        LINE | {"answers": [None]},
        LINE | {"answers": [{}]},
        LINE | {"answers": [{"seed": "000", "start": 0, "end": 9}]},
        LINE | {"query": 5},
        LINE | {"answers": [ANSWER | {"grade": "3"}]},
        LINE | {"answers": [ANSWER | {"grade": 0}]},
        LINE | {"answers": [ANSWER | {"seed": 0}]},
        LINE | {"answers": [ANSWER | {"start": "0"}]},
        LINE | {"answers": [ANSWER | {"end": 0}]},
    ],
)
def test_a_line_that_is_no_judged_query_is_told_with_its_number(tmp_path: Path, line: object) -> None:
    path = write(tmp_path, LINE, line, LINE)
    with pytest.raises(CorpusError, match=rf"^{re.escape(str(path))}:2: not a judged query"):
        read_judged_queries(path)


def test_a_file_that_cannot_be_read_or_holds_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="cannot be read"):
        read_judged_queries(tmp_path / "none.jsonl")
    with pytest.raises(CorpusError, match="holds no judged queries"):
        read_judged_queries(write(tmp_path))


def test_a_file_that_is_no_utf_8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_bytes(b'{"qid": "\xff"}')
    with pytest.raises(CorpusError, match=r"queries\.jsonl"):
        read_judged_queries(path)


def test_the_shipped_judgements_lie_in_the_shipped_documents() -> None:
    queries = read_judged_queries(SEEDS / "queries.jsonl")
    sizes = {path.name[:3]: len(path.read_text(encoding="utf-8")) for path in (ROOT / "seeds" / "raw").iterdir()}
    assert len(queries) >= 50
    for judgement in (judgement for query in queries for judgement in query.judgements):
        assert 0 <= judgement.start < judgement.end <= sizes[judgement.seed]
        assert 1 <= judgement.grade <= 3
