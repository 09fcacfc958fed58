from __future__ import annotations

import math
import tracemalloc
from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.search.bm25 import idf
from bot.search.index import RUN, Field, build_index, count_near, windows
from tests.bot.search.corpus import index_of, is_in_a_row, said

LETTERS = list("abcd")
# Content words that the stemmer leaves as they are, to tell runs of words by
WORDS = ["dog", "cat", "bird", "fish", "frog", "goat"]


# Windows


def test_windows_are_every_few_terms_in_a_row() -> None:
    assert list(windows("abcd", 2)) == [("a", "b"), ("b", "c"), ("c", "d")]
    assert list(windows("abcd", 4)) == [("a", "b", "c", "d")]


def test_terms_too_few_for_a_window_have_none() -> None:
    assert list(windows("abc", 4)) == list(windows("", 1)) == []


# Nearness


@pytest.mark.parametrize(
    ("terms", "phrase", "slack", "count"),
    [
        ("a b", "a b", 0, 1),
        ("b a", "a b", 5, 0),
        ("a x b", "a b", 0, 0),
        ("a x b", "a b", 1, 1),
        ("a x y b", "a b", 1, 0),
        ("a x y b", "a b", 2, 1),
        ("a x b y c", "a b c", 1, 0),
        ("a x b y c", "a b c", 2, 1),
        ("a x y b c", "a b c", 2, 1),
        ("a b x a b", "a b", 0, 2),
        ("a a b", "a b", 1, 2),
        ("a", "a a", 3, 0),
        ("a a a", "a a", 0, 2),
        ("", "a b", 1, 0),
    ],
)
def test_terms_count_as_near_in_order_with_few_others_among_them(
    terms: str, phrase: str, slack: int, count: int
) -> None:
    assert count_near(terms.split(), phrase.split(), slack) == count


def count_by_brute_force(terms: list[str], phrase: list[str], slack: int) -> int:
    """Count the starts from which some choice of places reads as the phrase."""
    ways = combinations(range(len(terms)), len(phrase))
    fits = (way for way in ways if way[-1] - way[0] < len(phrase) + slack)
    return len({way[0] for way in fits if [terms[place] for place in way] == phrase})


@given(
    st.lists(st.sampled_from(LETTERS), max_size=10),
    st.lists(st.sampled_from(LETTERS), min_size=2, max_size=4),
    st.integers(0, 3),
)
def test_nearness_is_counted_as_by_brute_force(terms: list[str], phrase: list[str], slack: int) -> None:
    assert count_near(terms, phrase, slack) == count_by_brute_force(terms, phrase, slack)


# Phrases


def test_a_phrase_adds_only_where_its_words_follow_each_other() -> None:
    index = index_of("Self play works.", "Play by oneself: the self.", "Self and the play.", "Self taught play.")
    assert set(index.impacts(("self", "play"))["words"]) == {0, 2}  # a stop word between them is none
    assert set(index.impacts(("self", "play"), slack=1)["words"]) == {0, 2, 3}


def test_a_phrase_that_stands_twice_adds_more() -> None:
    index = index_of("Self play, dogs, self play.", "Self play, dogs, cats, birds.")
    impacts = index.impacts(("self", "play"))["words"]
    assert impacts[0] > impacts[1] > 0


def test_a_rarer_phrase_adds_more() -> None:
    index = index_of("Self play.", *["Big dogs."] * 3, "Birds.")
    assert index.impacts(("self", "play"))["words"][0] > index.impacts(("big", "dog"))["words"][1]


def test_a_phrase_of_two_fields_is_none() -> None:
    index = index_of(said("Self is a word.", asked="Play what?"))
    assert not any(index.impacts(("self", "play"), slack=9).values())


def test_a_phrase_with_an_unknown_term_adds_nothing() -> None:
    index = index_of("Self play works.")
    assert not any(index.impacts(("self", "zebra")).values())
    assert not any(index.impacts(("zebra",)).values())


def test_every_side_of_a_passage_is_searched() -> None:
    passage = said("Dogs.", asked="Cats?", topics=("birds",), thread="Fish?", heading="Frogs")
    index = index_of(passage, "Nothing here.")
    found = {
        term: [name for name, impacts in index.impacts((term,)).items() if 0 in impacts]
        for term in ("dog", "cat", "bird", "fish", "frog", "talk")
    }
    assert found == {
        "dog": ["words"],
        "cat": ["asked"],
        "bird": ["topics"],
        "fish": ["thread"],
        "frog": ["heading"],
        "talk": ["title"],
    }


def test_a_field_of_ones_own_can_be_searched() -> None:
    index = build_index([said("Dogs.", speaker="Cat Stevens")], [Field("speaker", lambda p: p.speaker or "")])
    assert index.impacts(("cat",))["speaker"].keys() == {0}
    assert not index.impacts(("dog",))["speaker"]


def test_asking_for_a_phrase_again_gives_the_same() -> None:
    index = index_of("Self taught play.", "Self play.")
    first = {slack: index.impacts(("self", "play"), slack) for slack in (0, 1, 0, 1)}
    assert {slack: index.impacts(("self", "play"), slack) for slack in (0, 1)} == first
    assert first[0] != first[1]


def test_phrases_that_nobody_says_are_not_kept_for_ever() -> None:
    index = index_of("Dogs chase cats.", "Birds sing.")
    tracemalloc.start()
    try:
        for number in range(5000):
            index.impacts((f"dog{number}", "cat"), slack=1)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 2_500_000


# How much is said by a term


def test_a_term_is_counted_once_a_passage_wherever_it_is_evidence() -> None:
    index = index_of(
        said("Dogs and dogs.", asked="Dogs?", topics=("dogs",)),
        said("Yes.", asked="Dogs?"),
        said("Yes.", heading="Dogs"),
        "Cats.",
    )
    assert index.frequencies["dog"] == index.frequency(("dog",)) == 2
    assert index.frequencies["talk"] == 0


def test_a_phrase_is_counted_where_its_words_follow_each_other() -> None:
    index = index_of("Self play.", said("Yes.", topics=("self-play",)), "Play of the self.", "Self.")
    assert index.frequency(("self", "play")) == 2


def test_a_rarer_term_says_more_and_an_unknown_one_most() -> None:
    index = index_of("Dogs, cats.", "Dogs.", "Birds.")
    assert index.weight_of("zebra") > index.weight_of("cat") > index.weight_of("dog") > 0
    assert index.weight_of_phrase(("dog",)) == index.weight_of("dog")
    assert index.weight_of_phrase(("dog", "cat")) == pytest.approx(idf(1, 3))


def test_numbered_names_are_grouped_by_their_name() -> None:
    index = index_of("GPT-3 came after GPT-2.", "The GPT-2 of 2019.", "R2D2 and GPT.")
    assert index.numbered["gpt"] == ["gpt2", "gpt3"]
    assert set(index.numbered) == {"gpt", "r2d"}


def test_impacts_are_given_also_where_another_thread_clears_those_that_are_kept() -> None:
    class Cleared(dict[object, object]):
        def __setitem__(self, key: object, value: object) -> None:
            self.clear()

    index = index_of("Dogs chase cats.")
    expected = index.impacts(("dog",))
    index._impacts = Cleared()  # type: ignore[assignment]
    assert index.impacts(("dog",)) == expected


def test_an_index_of_nothing_finds_nothing() -> None:
    index = build_index([])
    assert not any(index.impacts(("dog",)).values())
    assert not any(index.impacts(("dog", "cat"), slack=1).values())
    assert index.longest_runs(WORDS) == {}
    assert (index.frequency(("dog",)), math.isfinite(index.weight_of("dog"))) == (0, True)


# Runs of words


def longest_in_a_row(words: list[str], passage: list[str]) -> int:
    """Tell how many words of the first in a row stand so in the second, by trying them all."""
    rows = [words[start:end] for start in range(len(words)) for end in range(start + 1, len(words) + 1)]
    return max((len(row) for row in rows if is_in_a_row(row, passage)), default=0)


@given(
    st.lists(st.sampled_from(WORDS), max_size=9),
    st.lists(st.permutations(WORDS).map(lambda words: words[:5]) | st.lists(st.sampled_from(WORDS), max_size=9)),
)
@example(["dog", "cat", "bird", "fish", "frog"], [["dog", "cat", "bird", "fish", "frog"]])
def test_a_run_is_as_long_as_by_brute_force(query: list[str], passages: list[list[str]]) -> None:
    found = index_of(*(" ".join(words) or "." for words in passages)).longest_runs(query)
    for number, words in enumerate(passages):
        longest = longest_in_a_row(query, words)
        if len(set(words)) == len(words):
            assert found.get(number, 0) == (longest if longest >= RUN else 0)
        else:  # windows said at several places may chain
            assert found.get(number, 0) >= (longest if longest >= RUN else 0)
            assert (number in found) == (longest >= RUN)


def test_of_several_runs_the_longest_counts() -> None:
    index = index_of("Dogs, cats, birds, fish, frogs. Goats, frogs, fish, birds.")
    assert index.longest_runs("dog cat bird fish frog zebra goat frog fish bird".split()) == {0: 5}
    assert index.longest_runs("goat frog fish bird zebra dog cat bird fish frog".split()) == {0: 5}


def test_small_words_count_in_a_run() -> None:
    index = index_of("It tells you what happens to the log of it.", "What tells you happens.")
    assert index.longest_runs("tells you what happens to the".split()) == {0: 6}


def test_forms_of_a_word_count_in_a_run() -> None:
    assert index_of("The dogs chased a cat.").longest_runs("dog chasing a cats".split()) == {0: 4}


def test_fewer_words_than_a_run_are_none() -> None:
    assert index_of("Dogs chase cats home.").longest_runs("dogs chase cats".split()) == {}


@pytest.mark.parametrize("words", ["it is what it is", "why is it only so very much"])
def test_a_run_of_stop_words_is_none(words: str) -> None:
    assert index_of(f"Well, {words}.").longest_runs(words.split()) == {}
