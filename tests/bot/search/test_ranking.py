from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Passage
from bot.search.ranking import WEIGHTS as SHIPPED
from bot.search.ranking import Scored, Weights, is_answered, rank, supported
from bot.search.thesaurus import build_thesaurus
from tests.bot.search.corpus import (
    EPISODE,
    OLDER,
    WEIGHTS,
    index_of,
    order_of,
    parser_of,
    rank_in,
    said,
    summed_up,
)

WORDS = ["dog", "cat", "bird", "fish", "frog", "goat", "chased", "fast"]
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(lambda words: " ".join(words) + ".")


def is_answer_to(text: str, *passages: Passage | str, weights: Weights = WEIGHTS) -> bool:
    """Whether any of the passages is evidence enough for a query."""
    index = index_of(*passages)
    query = parser_of(index, THESAURUS).parse(text)
    return is_answered(query, rank(query, index, weights), weights)


THESAURUS = build_thesaurus([["hound", "dog"]], [(["pet"], ["cat"])])


# What is found


def test_passages_without_any_of_the_words_are_not_found() -> None:
    assert order_of(index_of("Dogs chase cats.", "Birds.", "A dog."), "dogs") == [2, 0]


@pytest.mark.parametrize("text", ["zebra", "unheard of", "what is it"])
def test_where_nothing_matches_nothing_is_found(text: str) -> None:
    index = index_of("Dogs chase cats.", "Birds.")
    query = parser_of(index).parse(text)
    assert rank(query, index, WEIGHTS) == []
    assert not is_answered(query, [], WEIGHTS)


def test_in_an_empty_corpus_nothing_is_found() -> None:
    assert rank_in(index_of(), "dogs") == []


def test_a_heading_or_a_title_alone_finds_nothing() -> None:
    index = index_of(said("Yes.", heading="Dogs"), "No.")
    assert rank_in(index, "dogs") == rank_in(index, "talk") == []


def test_a_passage_is_found_by_the_question_it_answers_and_by_its_topics() -> None:
    index = index_of("No.", said("Yes.", asked="Dogs?"), said("Yes.", topics=("dogs",)), said("Yes.", thread="Dogs?"))
    assert sorted(order_of(index, "dogs")) == [1, 2, 3]


# The order


def test_the_personas_words_come_before_an_equally_good_summary() -> None:
    assert order_of(index_of(summed_up("Dogs chase cats."), "Dogs chase cats.", "Birds."), "dogs") == [1, 0]


def test_of_equally_good_passages_the_first_of_the_corpus_comes_first() -> None:
    index = index_of(*["Dogs chase cats."] * 5, "Birds.")
    assert order_of(index, "dogs") == [0, 1, 2, 3, 4]
    assert len({scored.score for scored in rank_in(index, "dogs")}) == 1


def test_more_of_what_was_asked_is_better_than_more_of_one_word() -> None:
    much_of_one, some_of_both = "Dogs, dogs, dogs, dogs.", f"A cat ran by; {'birds sang, ' * 3} and then came dogs."
    index = index_of(much_of_one, some_of_both, *["Birds."] * 8)
    assert order_of(index, "dogs cats")[:2] == [1, 0]
    assert order_of(index, "dogs cats", WEIGHTS._replace(coverage=0.0))[:2] == [0, 1]


def test_words_side_by_side_are_better_than_apart() -> None:
    index = index_of("Self, frogs, birds, play.", "Frogs, birds, self, play.", "Frogs, play, birds, self.")
    assert order_of(index, "self play") == [1, 0, 2]
    assert order_of(index, "self play", WEIGHTS._replace(nearness=0.0)) == [0, 1, 2]


def test_a_run_of_the_typed_words_is_better_than_the_words_in_disorder() -> None:
    index = index_of("Happens it what tells you, the law.", "The law tells you what happens, it.", "Frogs.")
    weights = WEIGHTS._replace(nearness=0.0)
    assert order_of(index, "the law tells you what happens", weights) == [1, 0]
    assert order_of(index, "the law tells you what happens", weights._replace(run=0.0, coverage=0.0)) == [0, 1]


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    index = index_of("A dog.", "A cat.", "A dog.", "A dog.", "A bird.")
    assert order_of(index, "dog cat")[0] == 1


def test_the_typed_word_is_better_than_another_for_the_same_and_that_than_a_wider_one() -> None:
    index = index_of("A dog.", "A hound.", "Birds.")
    assert [s.number for s in rank_in(index, "hound", THESAURUS)] == [1, 0]
    assert [s.number for s in rank_in(index, "dog", THESAURUS)] == [0, 1]
    wide = build_thesaurus([["pet", "dog"]], [(["pet"], ["cat"])])
    assert [s.number for s in rank_in(index_of("A cat.", "A dog.", "A pet.", "Birds."), "pet", wide)] == [2, 1, 0]


def test_words_that_were_said_count_more_than_words_that_were_asked() -> None:
    index = index_of(said("Yes yes.", asked="A dog?"), said("A dog.", asked="Yes yes?"), "Birds.")
    assert order_of(index, "dog") == [1, 0]


def test_a_word_in_several_fields_is_better_than_in_one() -> None:
    index = index_of(said("A dog.", asked="Cats?"), said("A dog.", asked="Dogs?"), said("A bird.", asked="Cats?"))
    assert order_of(index, "dogs") == [1, 0]


@given(st.lists(SENTENCES, min_size=1, max_size=6), st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), st.data())
def test_the_order_of_the_corpus_changes_no_score(texts: list[str], words: list[str], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(texts))))
    query = " ".join(words)
    before = {scored.number: scored for scored in rank_in(index_of(*texts), query)}
    after = {order[scored.number]: scored for scored in rank_in(index_of(*(texts[n] for n in order)), query)}
    assert {number: scored.score for number, scored in after.items()} == pytest.approx(
        {number: scored.score for number, scored in before.items()}
    )


@given(st.lists(SENTENCES, min_size=1, max_size=6), st.lists(st.sampled_from(WORDS), min_size=1, max_size=5))
def test_what_is_found_is_in_order_and_holds_something_that_was_asked(texts: list[str], words: list[str]) -> None:
    ranked = rank_in(index_of(*texts), " ".join(words))
    assert [(-scored.score, scored.number) for scored in ranked] == sorted(
        (-scored.score, scored.number) for scored in ranked
    )
    assert {scored.number for scored in ranked} == {
        n for n, text in enumerate(texts) if {*words} & {*text[:-1].split()}
    }
    assert all(scored.score > 0 and 0 < scored.coverage <= 1 + 1e-9 for scored in ranked)


@given(st.lists(SENTENCES, min_size=1, max_size=5), st.lists(st.sampled_from(WORDS), min_size=1, max_size=5))
def test_a_passage_with_all_the_words_is_fully_covered(texts: list[str], words: list[str]) -> None:
    whole = " ".join(words) + "."
    ranked = rank_in(index_of(*texts, whole), " ".join(words))
    assert {s.number: s.coverage for s in ranked}[len(texts)] == pytest.approx(1.0)


# Filters and exact words


def test_only_passages_of_the_episode_are_found() -> None:
    index = index_of(said("A dog.", episode=OLDER), said("A dog.", episode=EPISODE), "Birds.")
    assert order_of(index, "dog episode:show-0") == [0]
    assert order_of(index, "dog episode:show-1") == [1]
    assert order_of(index, "dog episode:show-2") == []


def test_only_passages_of_the_year_are_found() -> None:
    index = index_of(said("A dog.", episode=OLDER), said("A dog.", episode=EPISODE), "Birds.")
    assert order_of(index, "dog year:2021") == [0]
    assert order_of(index, "dog year:2023") == [1]
    assert order_of(index, "dog year:2022") == []


def test_only_passages_with_the_exact_words_are_found() -> None:
    index = index_of("The dogs chase cats.", "The dog chases cats.", "Cats chase the dog.", "The hotdog chases cats.")
    assert order_of(index, '"the dog chases"') == [1]
    assert order_of(index, '"the dog"') == [1, 2]
    assert order_of(index, '"The DOG" “chase the”') == [2]
    assert order_of(index, '"dog" cats') == [1, 2]


def test_exact_words_may_have_signs_between_them() -> None:
    index = index_of("It’s self-play — the GPT-3.", "Birds.")
    assert order_of(index, '"it\'s self play the gpt3"') == [0]


def test_exact_words_are_those_that_were_said_not_those_that_were_asked() -> None:
    index = index_of(said("Yes.", asked="A dog?", topics=("a dog",)), "Birds.")
    assert order_of(index, "dog") == [0]
    assert order_of(index, '"a dog"') == []


def test_exact_words_may_be_small_words_alone() -> None:
    index = index_of("That is what it is.", "It was a dog.")
    assert order_of(index, '"what it is"') == [0]


# Answered or not


def test_all_of_what_was_asked_is_evidence_and_a_small_part_is_not() -> None:
    assert is_answer_to("dogs chase cats", "Dogs chase cats.", "Birds.", "Frogs.")
    assert not is_answer_to("which dog won the chess championship", "A dog.", "Birds.", "Frogs.")


def test_another_word_for_the_same_is_evidence_and_a_wider_one_is_not() -> None:
    assert is_answer_to("hound", "A dog.", "Birds.", weights=SHIPPED)
    assert rank_in(index_of("A cat.", "Birds."), "pet", THESAURUS)
    assert not is_answer_to("pet", "A cat.", "Birds.", weights=SHIPPED)


def test_a_heading_or_a_title_is_no_evidence() -> None:
    assert is_answer_to("dog bird", said("A dog.", topics=("bird",)), "Cats.")
    assert not is_answer_to("dog bird frog", said("A dog.", heading="Bird and frog"), "Bird.", "Frog.")


@pytest.mark.parametrize(
    ("coverages", "answered"), [([0.5], True), ([0.49], False), ([], False), ([0.5, 0.1], True), ([0.1, 0.2], False)]
)
def test_evidence_has_a_threshold(coverages: Sequence[float], *, answered: bool) -> None:
    query = parser_of(index_of("A dog.")).parse("dog")
    ranked = [Scored(number, 9.0 - number, coverage) for number, coverage in enumerate(coverages)]
    assert is_answered(query, ranked, WEIGHTS) is answered


def test_who_asks_what_to_do_himself_needs_more_evidence() -> None:
    index = index_of("A dog.", "Birds.")
    ranked = [Scored(0, 1.0, 0.6)]
    asked = ["dogs", "how to train dogs", "how do I train dogs", "should I train dogs", "best dogs to train"]
    queries = [parser_of(index).parse(text) for text in asked]
    assert [is_answered(query, ranked, WEIGHTS) for query in queries] == [True, False, False, False, False]
    assert all(is_answered(query, [Scored(0, 1.0, 0.95)], WEIGHTS) for query in queries)


def test_a_further_passage_needs_evidence_and_score_of_its_own_and_the_first_stands() -> None:
    first, next_, thin, poor = Scored(4, 10.0, 0.2), Scored(3, 9.0, 0.3), Scored(2, 8.0, 0.28), Scored(1, 0.9, 1.0)
    assert supported([first, next_, thin, poor]) == [first, next_]
    assert supported([]) == []
