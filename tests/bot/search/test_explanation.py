from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.explanation import Explanation, explain
from bot.search.index import Index
from bot.search.query import Concept, Query, QueryParser
from bot.search.ranking import rank
from bot.search.thesaurus import build_thesaurus
from tests.bot.search.corpus import WEIGHTS, index_of, parser_of, said, summed_up

THESAURUS = build_thesaurus(
    [["hound", "dog"], ["big cat", "lion"], ["reinforcement learning from human feedback", "RLHF"]],
    [(["pet"], ["cat", "dog"])],
)
INDEX = index_of(
    said("The big cat chased a dog.", asked="What of the lion?", topics=("big cats", "pets")),
    summed_up("A lion is a big, big cat, and a hound is a dog.", heading="Cats"),
    said("We did reinforcement learning from human feedback with Sam Altman.", thread="RLHF?"),
    said("Sam Altman said that the dog and the cat are pets.", heading="Dogs"),
    "The bird in the big house is no cat.",
    "A lion sleeps.",
)
WORDS = [
    "big cat",
    "big",
    "cat",
    "lion",
    "dog",
    "hound",
    "pet",
    "rlhf",
    "reinforcement learning human feedback",
    "sam",
    "altman",
]
WORDINGS = {"typed", "same", "wider"}


def explained(text: str, index: Index = INDEX) -> tuple[Query, list[Explanation]]:
    """Ask, and take all the scores apart."""
    query = QueryParser(index, thesaurus=THESAURUS).parse(text)
    return query, [explain(query, index, scored, WEIGHTS) for scored in rank(query, index, WEIGHTS)]


def total(query: Query, explanation: Explanation) -> float:
    """Add up what an explanation tells: of the wordings of a word the best, and all the rest."""
    wordings: dict[tuple[str, str, str], float] = defaultdict(float)
    rest = 0.0
    for part in explanation.contributions:
        if part.kind in WORDINGS:
            wordings[part.typed, part.wording, part.kind] += part.impact
        else:
            rest += part.impact
    return rest + sum(best_of(concept, wordings) for concept in query.concepts)


def best_of(concept: Concept, wordings: dict[tuple[str, str, str], float]) -> float:
    """Take the best wordings of a concept's words or, where that is better, another wording of all of them."""
    words = 0.0
    for part in concept.parts:
        words += max(wordings.get((part.typed, " ".join(v.terms), v.kind), 0.0) for v in part.variants)
    typed = " ".join(part.typed for part in concept.parts)
    return max([words, *(wordings.get((typed, " ".join(v.terms), v.kind), 0.0) for v in concept.others)])


def before_coverage_and_kind(explanation: Explanation) -> float:
    """Undo what coverage and kind do to a score."""
    scored = explanation.scored
    kind = WEIGHTS.summary if INDEX.passages[scored.number].is_summary else 1.0
    return float(scored.score / kind / scored.coverage**WEIGHTS.coverage)


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True))
def test_the_best_wordings_add_up_to_the_score(words: list[str]) -> None:
    query, found = explained(" ".join(words))
    assert found
    for explanation in found:
        assert total(query, explanation) == pytest.approx(before_coverage_and_kind(explanation))


def test_a_run_of_words_is_part_of_the_score_and_of_its_explanation() -> None:
    query, found = explained("the big cat chased a dog")
    assert total(query, found[0]) == pytest.approx(before_coverage_and_kind(found[0]))


def test_the_weightiest_contribution_comes_first() -> None:
    _, (first, *_) = explained("big cat dog")
    impacts = [part.impact for part in first.contributions]
    assert impacts == sorted(impacts, reverse=True)
    assert impacts[-1] > 0


def test_every_contribution_names_its_word_its_wording_and_its_field() -> None:
    _, found = explained("hound")
    told = {
        (INDEX.passages[explanation.scored.number].id or explanation.scored.number, part.wording, part.kind, part.field)
        for explanation in found
        for part in explanation.contributions
    }
    assert told >= {(1, "hound", "typed", "words"), (1, "dog", "same", "words"), (0, "dog", "same", "words")}
    assert {part.typed for explanation in found for part in explanation.contributions} == {"hound"}


def test_words_that_stand_together_are_told_as_near() -> None:
    _, (first, *_) = explained("sam altman")
    assert ("sam altman", "sam altman", "near", "words") in {part[:4] for part in first.contributions}


def test_another_wording_of_a_phrase_is_told_for_the_phrase() -> None:
    _, found = explained("big cat")
    assert ("big cat", "lion", "same") in {part[:3] for explanation in found for part in explanation.contributions}


def test_a_query_of_other_words_has_nothing_to_explain() -> None:
    assert parser_of(INDEX).parse("zebra").concepts
    assert explained("zebra")[1] == []
