from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.models import Hit, Passage, Sentence
from bot.search.analyzer import to_terms
from bot.search.quotes import LONGEST_QUESTION, LONGEST_QUOTE, choose_hits, choose_sentences, shorten_question
from bot.search.ranking import rank
from tests.bot.search.corpus import WEIGHTS, index_of, is_in_a_row, parser_of, said

TERMS = frozenset({"dog", "cat"})
WORDS = st.lists(st.sampled_from(["dog", "cat", "bird", "frog" * 10, "fish" * 60]), min_size=1, max_size=8)
SENTENCES = st.lists(WORDS.map(lambda words: Sentence(" ".join(words).capitalize() + ".")), min_size=1, max_size=10)


def hits_for(text: str, *passages: Passage | str, count: int = 5) -> tuple[Hit, ...]:
    """Ask passages and choose what to show."""
    index = index_of(*passages)
    query = parser_of(index).parse(text)
    return choose_hits(rank(query, index, WEIGHTS), query, index, count)


def numbers(hits: tuple[Hit, ...]) -> list[str]:
    """Give the first words of hits."""
    return [hit.quote.split()[0] for hit in hits]


# Which passages


def test_no_more_hits_are_shown_than_wanted() -> None:
    passages = [f"Dogs {animal}." for animal in ("one", "two", "three", "four")]
    assert [len(hits_for("dogs", *passages, count=count)) for count in (1, 3, 9)] == [1, 3, 4]
    assert hits_for("dogs", "Birds.") == ()


def test_the_best_are_shown_first() -> None:
    hits = hits_for("dogs cats", "Dogs and birds.", "Dogs, cats.", "Frogs.")
    assert [hit.quote for hit in hits] == ["Dogs, cats.", "Dogs and birds."]
    assert hits[0].score > hits[1].score > 0


def test_at_most_two_hits_are_of_one_turn() -> None:
    passages = [said(f"{name} has dogs.", turn=7) for name in ("Ann", "Bob", "Cid", "Dan")]
    hits = hits_for("dogs", *passages, said("Eve never ever has dogs.", turn=8))
    assert numbers(hits) == ["Ann", "Bob", "Eve"]


def test_a_turn_of_another_edition_is_another_turn() -> None:
    first = [said(f"{name} has dogs.", turn=7) for name in ("Ann", "Bob", "Cid")]
    second = [said(f"{name} has dogs.", turn=7, edition="show-0") for name in ("Dan", "Eve", "Fay")]
    assert numbers(hits_for("dogs", *first, *second)) == ["Ann", "Bob", "Dan", "Eve"]


def test_no_two_hits_are_of_the_same_words() -> None:
    text = "Dogs chase cats, birds, frogs, fish and goats"
    hits = hits_for("dogs", f"{text}.", f"{text}!", f"{text}, always.", "Dogs sleep.")
    assert sorted(hit.quote for hit in hits) == sorted(["Dogs sleep.", f"{text}."])


def test_a_passage_within_a_longer_one_is_the_same_words() -> None:
    short = "Dogs chase cats, birds, frogs, fish and goats."
    hits = hits_for("dogs", short, f"{short} Horses, sheep, cows, pigs, hens, mice, bees, ants and owls sleep.")
    assert [hit.quote for hit in hits] == [short]


def test_short_replies_may_be_alike() -> None:
    assert len(hits_for("dogs", "Yes, dogs.", "Dogs, yes!", "Well, dogs?")) == 3


def test_a_hit_knows_the_terms_that_were_looked_for() -> None:
    (hit,) = hits_for("chasing dogs", "Dogs sleep.", "Birds.")
    assert hit.terms == {"chase", "dog"}


# Which sentences


def test_a_passage_short_enough_is_shown_whole() -> None:
    passage = said("Birds sing. " * 40 + "Dogs bark.")
    assert choose_sentences(passage, TERMS) == passage.sentences


def test_of_a_long_passage_the_sentences_with_most_of_the_terms_are_shown() -> None:
    passage = said("Birds sing loudly. " * 60 + "Dogs bark at cats. " + "Frogs are green. " * 60)
    shown = " ".join(sentence.text for sentence in choose_sentences(passage, TERMS))
    assert "Dogs bark at cats." in shown
    assert len(shown) <= LONGEST_QUOTE


def test_of_equally_good_sentences_the_earliest_are_shown() -> None:
    passage = said(" ".join(f"Dogs are number {number}." for number in range(90)))
    assert choose_sentences(passage, TERMS)[0] == passage.sentences[0]
    assert choose_sentences(passage, frozenset())[0] == passage.sentences[0]


def test_a_quote_may_be_as_long_as_the_longest_and_no_longer() -> None:
    passage = said("Dogs bark. Cats sleep. Birds sing.")
    assert [len(choose_sentences(passage, TERMS, longest)) for longest in (34, 33, 22, 21)] == [3, 2, 2, 1]


def test_a_sentence_longer_than_a_quote_is_shown_whole() -> None:
    long = "Dogs and " * 200 + "cats bark."
    passage = said(f"Birds sing. {long} Frogs are green.")
    assert [sentence.text for sentence in choose_sentences(passage, TERMS)] == [long]


@given(SENTENCES, st.integers(20, LONGEST_QUOTE))
def test_whole_sentences_in_a_row_are_shown_that_hold_most_within_the_length(
    sentences: list[Sentence], longest: int
) -> None:
    shown = choose_sentences(replace(said("A."), sentences=tuple(sentences)), TERMS, longest)
    assert shown
    assert is_in_a_row(shown, sentences)
    assert len(shown) == 1 or length(shown) <= longest
    assert found(shown) == max(
        found(sentences[start:end])
        for start in range(len(sentences))
        for end in range(start + 1, len(sentences) + 1)
        if end == start + 1 or length(sentences[start:end]) <= longest
    )


def length(sentences: Sequence[Sentence]) -> int:
    """Measure sentences as shown."""
    return len(" ".join(sentence.text for sentence in sentences))


def found(sentences: Sequence[Sentence]) -> int:
    """Count the terms in each sentence."""
    return sum(len(TERMS.intersection(to_terms(sentence.text))) for sentence in sentences)


@given(st.lists(st.integers(1, 12), min_size=1, max_size=12), st.integers(1, 5))
def test_hits_show_words_of_their_passage(lengths: list[int], count: int) -> None:
    ends = [0, *accumulate(lengths)]
    passages = [
        " ".join(f"Dogs chase number{number} very well." for number in range(start, end) for _ in range(4))
        for start, end in pairwise(ends)
    ]
    hits = hits_for("dogs number3", *passages, count=count)
    assert len(hits) <= count
    assert all(is_in_a_row(hit.sentences, hit.passage.sentences) for hit in hits)
    assert all(hit.quote in hit.passage.text and len(hit.quote) <= LONGEST_QUOTE for hit in hits)


# The question


def test_a_short_question_is_shown_whole() -> None:
    asked = "So. " * 30 + "What are dogs?"
    assert len(asked) <= LONGEST_QUESTION
    assert shorten_question(asked) == asked
    assert shorten_question("") == ""


def test_a_long_question_is_shown_by_its_last_two_sentences() -> None:
    assert shorten_question("So that is that. " * 30 + "I have a dog. What are dogs?") == "I have a dog. What are dogs?"


def test_where_two_sentences_are_too_long_the_last_is_shown() -> None:
    assert shorten_question("I have a dog " * 20 + "here. What are dogs?") == "What are dogs?"


def test_a_question_of_one_long_sentence_is_shown_whole() -> None:
    asked = "dogs and " * 40 + "cats?"
    assert shorten_question(asked) == asked


@given(st.lists(st.integers(1, 30), min_size=1, max_size=12))
def test_a_shortened_question_is_how_it_ends(lengths: list[int]) -> None:
    asked = " ".join(" ".join(["Dogs", *["and cats"] * count]) + "?" for count in lengths)
    shown = shorten_question(asked)
    assert asked.endswith(shown)
    assert shown.startswith("Dogs")
    assert len(shown) <= LONGEST_QUESTION or shown.count("?") == 1
