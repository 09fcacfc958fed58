"""Tests of what stands alone, rule by rule, and of the pool that is shipped."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest

from bot.daily.picker import build_pool
from bot.daily.quotability import (
    LONGEST,
    SAME_WORDS,
    SHORTEST,
    Quote,
    choose_standalone,
    meaning_terms,
    stands_alone,
    to_text,
    without_repeats,
)
from bot.models import Role
from bot.transcripts.library import Library
from bot.transcripts.sentences import split_sentences
from tests.bot.search.corpus import said, summed_up

GOOD = "A large neural network can learn the structure of language from nothing but text."
MORE = "Every researcher of deep learning has met the limits of hardware at some point."


def chosen(text: str, daily: bool | None = None) -> str:
    return to_text(choose_standalone(said(text, daily=daily)))


def is_alone(text: str) -> bool:
    return stands_alone(split_sentences(text))


@pytest.fixture(scope="module")
def quotes(shipped: Library) -> tuple[Quote, ...]:
    return build_pool(shipped.passages).quotes


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "There is an art into being inspired by the brain, since its copies are easily wrong.",
        "I think it's good to be inspired by humans and by the neurons of the brain.",
        "One can and should be inspired by human intelligence with care and humility.",
        "If a neural network predicts words well, it understands the text behind them.",
        "The AI does the work and the people enjoy this work in peace and abundance.",
        "Neural networks make these mistakes that a human translator would never make.",
    ],
)
def test_a_thought_with_all_its_parts_stands_alone(text: str) -> None:
    assert is_alone(text)


@pytest.mark.parametrize(
    "first", ["And", "So", "But", "Yeah,", "Because", "This means", "It shows", "They say", "Then"]
)
def test_a_first_word_that_leans_does_not_stand_alone(first: str) -> None:
    assert not is_alone(f"{first} {GOOD[0].lower()}{GOOD[1:]}")


@pytest.mark.parametrize("phrase", ["In contrast,", "In other words,", "Back then", "One is that", "You know,"])
def test_a_first_phrase_that_leans_does_not_stand_alone(phrase: str) -> None:
    assert not is_alone(f"{phrase} {GOOD[0].lower()}{GOOD[1:]}")


@pytest.mark.parametrize(
    "text",
    [
        "I think it will learn the structure of language from nothing but plain text.",
        "I think that would change the structure of research in language and vision.",
        "I want these networks to learn the structure of language from nothing but text.",
        "Networks and the other approaches learn the structure of language from the text.",
        "Two factors of research in neural networks and hardware contributed to that.",
        "Suppose nobody had trained networks on language, hardware would have done it.",
    ],
)
def test_a_first_sentence_that_points_back_does_not_stand_alone(text: str) -> None:
    assert not is_alone(text)


@pytest.mark.parametrize(
    "text",
    ["As you said, networks learn the structure of language.", "I haven't found a criterion for intelligent networks."],
)
def test_words_to_the_person_across_the_table_do_not_stand_alone(text: str) -> None:
    assert not is_alone(f"{GOOD} {text}")


def test_a_question_does_not_stand_alone() -> None:
    assert not is_alone(f"{GOOD} What does a network learn from the structure of text?")


@pytest.mark.parametrize(
    "words", ["You say — the", "Nvidia said — the", "The network tells you — the", "On the surface the"]
)
def test_a_view_that_is_not_his_does_not_stand_alone(words: str) -> None:
    assert not is_alone(f"{words} network learns the structure of language from nothing but plain text.")


def test_a_view_taken_back_in_the_next_sentence_is_not_chosen() -> None:
    assert chosen(f"{GOOD} But no network does.") == ""
    assert chosen(f"{GOOD} {MORE} But no network does.") == GOOD
    assert chosen(f"{GOOD} {MORE}") == f"{GOOD} {MORE}"


@pytest.mark.parametrize(
    "text",
    [
        "A network, you know, learns, I mean, the kind of structure that language has in plain text.",
        "A network learns — a network is — a network has the structure of language and vision.",
        "A network learns the structure of language " + "and the structure of vision " * 10 + "from text.",
    ],
)
def test_unclean_speech_does_not_stand_alone(text: str) -> None:
    assert not is_alone(text)


@pytest.mark.parametrize(
    "text",
    ["I think that things will be very, very different, and a lot better than now.", f"{GOOD} All of those things."],
)
def test_what_says_nothing_does_not_stand_alone(text: str) -> None:
    assert not is_alone(text)


def test_a_sentence_that_breaks_off_does_not_stand_alone() -> None:
    assert not is_alone(GOOD.replace(".", "…"))


def test_the_run_that_points_at_the_least_is_chosen() -> None:
    leaning = "Networks of that kind learn the structure of language and vision."
    assert chosen(f"{leaning} {GOOD} {MORE}") == f"{GOOD} {MORE}"


def test_only_the_persona_is_quoted() -> None:
    assert choose_standalone(summed_up(GOOD)) == ()
    assert choose_standalone(said(GOOD, role=Role.HOST)) == ()
    assert choose_standalone(said(GOOD, role=Role.DOUBTFUL, speaker=None)) == ()


def test_a_mark_against_a_paragraph_keeps_it_out() -> None:
    assert chosen(GOOD, daily=False) == ""


def test_a_mark_for_a_paragraph_lifts_the_rules_on_the_first_word_and_on_what_is_worth_reading() -> None:
    leaning = f"So {GOOD[0].lower()}{GOOD[1:]}"
    thin = "You need to really go for it and have the right way of looking at things."
    assert (chosen(leaning), chosen(leaning, daily=True)) == ("", leaning)
    assert (chosen(thin), chosen(thin, daily=True)) == ("", thin)


def test_a_mark_for_a_paragraph_lifts_no_other_rule() -> None:
    assert chosen("I think it will learn the structure of language from plain text.", daily=True) == ""
    assert chosen("Will networks learn the structure of language from plain text?", daily=True) == ""


def test_a_quote_said_twice_is_kept_once() -> None:
    one, two, three = said(GOOD), said(GOOD.replace("large", "big")), said(MORE)
    kept = without_repeats((passage, passage.sentences) for passage in (one, two, three))
    assert [passage for passage, _ in kept] == [one, three]


def test_the_shipped_pool_is_large_and_from_both_interviews(quotes: tuple[Quote, ...]) -> None:
    episodes = Counter(passage.episode.id for passage, _ in quotes)
    assert episodes.total() >= 55
    assert min(episodes["dwarkesh-2023"], episodes["robot-brains-2021"]) >= 20


def test_every_shipped_quote_keeps_the_plain_rules(quotes: tuple[Quote, ...]) -> None:
    for passage, sentences in quotes:
        text = to_text(sentences)
        assert SHORTEST <= len(text) <= LONGEST
        assert "?" not in text
        assert text in passage.text
        assert passage.daily is not False
        assert not any(sentence.is_doubtful for sentence in sentences)


def test_no_two_shipped_quotes_say_the_same(quotes: tuple[Quote, ...]) -> None:
    terms = [meaning_terms(to_text(sentences)) for _, sentences in quotes]
    assert all(len(one & two) < SAME_WORDS * min(len(one), len(two)) for one, two in combinations(terms, 2))


def test_every_mark_for_a_paragraph_of_the_shipped_editions_brings_a_quote(shipped: Library) -> None:
    marked = [passage for passage in shipped.passages if passage.daily]
    topics = {passage.topics for passage in marked}
    assert topics == {passage.topics for passage in marked if choose_standalone(passage)}
