from __future__ import annotations

import string
from itertools import groupby
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jellyfish import metaphone
from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from bot.search.spelling import EDITS, LONG, SHORTEST, Speller, english_words, names_heard

KNOWN = {
    "scaling": 5, "backpropagation": 2, "transformer": 7, "transformers": 7, "compute": 20, "data": 30, "safety": 8,
    "gradient": 4, "robot": 6, "robots": 6, "vision": 3, "brain": 9, "reward": 5, "krizhevsky": 2, "hinton": 3,
    "agi": 9, "model": 40, "neural": 25, "network": 25, "they": 50, "then": 40, "knight": 1, "gpt3": 3,
}  # fmt: skip


SPELLER = Speller(KNOWN.copy)
ENGLISH = frozenset(SpellChecker().word_frequency.words())


@pytest.fixture
def speller() -> Speller:
    """Give a speller that knows a few words."""
    return SPELLER


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("netwrk", "network"),
        ("scailng", "scaling"),
        ("scalling", "scaling"),
        ("tranformers", "transformers"),
        ("backpropogation", "backpropagation"),
        ("gradeint", "gradient"),
        ("krizevsky", "krizhevsky"),
    ],
)
def test_a_typo_in_a_long_word_is_corrected(speller: Speller, misspelt: str, meant: str) -> None:
    assert len(meant) >= LONG
    assert speller.correct(misspelt) == meant


@pytest.mark.parametrize(
    ("misspelt", "meant"), [("brani", "brain"), ("modle", "model"), ("nerual", "neural"), ("dtaa", "data")]
)
def test_letters_in_disorder_are_put_right_in_a_short_word(speller: Speller, misspelt: str, meant: str) -> None:
    assert speller.correct(misspelt) == meant


@pytest.mark.parametrize(
    ("misspelt", "meant"), [("robbot", "robot"), ("rewerd", "reward"), ("brani", "brain"), ("brein", "brain")]
)
def test_a_vowel_or_a_doubled_letter_is_put_right_in_a_short_word(speller: Speller, misspelt: str, meant: str) -> None:
    assert speller.correct(misspelt) == meant


@pytest.mark.parametrize("word", ["modes", "rabat", "brawn", "robust"])
def test_a_short_word_is_no_typo_of_another(speller: Speller, word: str) -> None:
    assert any(OSA.distance(word, known) <= 2 for known in KNOWN)
    assert speller.correct(word) is None


def test_a_long_word_may_be_two_edits_away(speller: Speller) -> None:
    assert speller.correct("transzorzer") == "transformer"
    assert speller.correct("tzanszorzer") is None


def test_a_long_word_that_sounds_the_same_may_be_an_edit_further(speller: Speller) -> None:
    assert metaphone("transfoarmurr") == metaphone("transformer")
    assert OSA.distance("transfoarmurr", "transformer") == EDITS + 1
    assert speller.correct("transfoarmurr") == "transformer"


def test_of_equally_near_words_the_one_that_sounds_the_same_is_meant() -> None:
    assert OSA.distance("fonetic", "phonetic") == OSA.distance("fonetic", "genetic") == 2
    assert Speller(lambda: {"genetic": 9, "phonetic": 1}).correct("fonetic") == "phonetic"


def test_of_equally_near_words_the_one_with_the_same_first_letter_is_meant() -> None:
    assert Speller(lambda: {"running": 9, "turning": 1}).correct("tunning") == "turning"


def test_of_equally_near_words_the_more_frequent_is_meant() -> None:
    assert Speller(lambda: {"scaling": 2, "scaring": 9}).correct("scazing") == "scaring"
    assert Speller(lambda: {"scaling": 9, "scaring": 2}).correct("scazing") == "scaling"


def test_the_nearest_word_is_meant_however_rare() -> None:
    assert Speller(lambda: {"network": 99, "artwork": 1}).correct("artwerk") == "artwork"


@pytest.mark.parametrize("word", ["ag", "agu", "aji", "dat", "", "gp"])
def test_a_short_word_is_never_corrected(speller: Speller, word: str) -> None:
    assert speller.correct(word) is None


def test_no_word_is_corrected_to_a_short_one(speller: Speller) -> None:
    assert speller.correct("agii") is None


@pytest.mark.parametrize("word", ["robo1", "2023", "gpt33", "netw0rk", "network2", "netw'rk", "net-work"])
def test_a_word_with_digits_or_signs_is_never_corrected(speller: Speller, word: str) -> None:
    assert speller.correct(word) is None


@pytest.mark.parametrize("word", ["brian", "modal", "hinting", "transformed"])
def test_an_english_word_is_never_corrected(speller: Speller, word: str) -> None:
    assert any(OSA.distance(word, known) <= EDITS for known in KNOWN)
    assert speller.correct(word) is None


def test_a_word_far_from_all_is_not_corrected(speller: Speller) -> None:
    assert speller.correct("zzzzzzzz") is None
    assert Speller(dict).correct("robot") is None


def test_words_are_counted_when_the_first_misspelt_one_comes() -> None:
    counted: list[int] = []

    def count() -> dict[str, int]:
        counted.append(1)
        return KNOWN

    speller = Speller(count)
    assert counted == []
    assert [speller.correct("nerual"), speller.correct("modle")] == ["neural", "model"]
    assert counted == [1]


def test_words_can_be_counted_before_a_misspelt_one_comes() -> None:
    speller = Speller(KNOWN.copy)
    speller.warm()
    assert {"words", "_by_sound"} <= vars(speller).keys()


@given(st.data())
def test_a_long_word_with_a_typo_comes_back_to_a_known_one_as_near(data: Any) -> None:
    misspelt = data.draw(st.sampled_from(sorted(KNOWN)).flatmap(typos))
    assume(len(misspelt) >= LONG and misspelt.isalpha() and misspelt not in ENGLISH)
    found = SPELLER.correct(misspelt)
    assert found in KNOWN
    assert OSA.distance(found, misspelt) <= (EDITS + 1 if metaphone(found) == metaphone(misspelt) else EDITS)


@given(st.data())
def test_a_short_word_comes_back_to_its_own_letters_or_its_own_consonants(data: Any) -> None:
    misspelt = data.draw(st.sampled_from(sorted(KNOWN)).flatmap(typos))
    assume(len(misspelt) < LONG and misspelt.isalpha())
    found = SPELLER.correct(misspelt)
    if found is not None:
        assert len(misspelt) >= SHORTEST
        assert sorted(found) == sorted(misspelt) or skeleton(found) == skeleton(misspelt)
        assert OSA.distance(found, misspelt) <= EDITS


def skeleton(word: str) -> list[str]:
    """Give the consonants of a word, those that follow themselves once."""
    return [letter for letter, _ in groupby(letter for letter in word if letter not in "aeiouy")]


@st.composite
def typos(draw: Any, word: str) -> str:
    """Give a word with one edit."""
    place = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from(string.ascii_lowercase))
    misspelt: str = draw(
        st.sampled_from([
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place:],
            word[:place] + letter + word[place + 1 :],
            word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
        ])
    )  # fmt: skip
    return misspelt


@given(st.text(max_size=30))
def test_any_word_is_corrected_to_a_known_one_or_not_at_all(word: str) -> None:
    assert SPELLER.correct(word) in {None, *KNOWN}


# What a recogniser heard for a name


def test_what_a_recogniser_heard_for_a_name_comes_before_what_is_nearer() -> None:
    speller = Speller(lambda: KNOWN, {"kuczewski": "krizhevsky", "robotz": "hinton"})
    assert speller.correct("kuczewski") == "krizhevsky"
    assert speller.correct("robotz") == "hinton"


def test_single_words_are_taken_from_the_corrections() -> None:
    corrections = [("Kuczewski", "Krizhevsky"), ("alex kuczewski", "Alex Krizhevsky"), ("gpt", "GPT"), ("gpt3x", "GPT")]
    assert names_heard(corrections) == {"kuczewski": "krizhevsky"}


def test_of_several_corrections_of_a_word_the_first_counts() -> None:
    assert names_heard([("hinten", "Hinton"), ("HINTEN", "hint")]) == {"hinten": "hinton"}


def test_the_words_of_general_english_are_read_once_for_all_spellers() -> None:
    english_words.cache_clear()
    for _ in range(2):
        assert Speller(lambda: {"krizhevsky": 1}).correct("krizevsky") == "krizhevsky"
    assert english_words.cache_info().misses == 1
