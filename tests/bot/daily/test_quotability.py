"""Tests of what stands alone, rule by rule, and of the pool that is shipped."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from bot.daily.picker import build_pool
from bot.daily.quotability import (
    FEWEST_TERMS,
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
from bot.service import is_answer
from bot.transcripts.library import Library
from bot.transcripts.sentences import split_sentences
from tests.bot.search.corpus import said, summed_up

GOOD = "A large neural network can learn the structure of language from nothing but text."
MORE = "Every researcher of deep learning has met the limits of hardware at some point."


def chosen(text: str, **fields: Any) -> str:
    return to_text(choose_standalone(said(text, **fields)))


def is_alone(text: str) -> bool:
    return stands_alone(split_sentences(text))


@pytest.fixture(scope="module")
def quotes(shipped: Library) -> tuple[Quote, ...]:
    return build_pool(passage for passage in shipped.passages if is_answer(passage, "Ilya Sutskever")).quotes


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "There is an art into being inspired by the brain, since its copies are easily wrong.",
        "I think it's good to be inspired by humans and by the neurons of the brain.",
        "One can and should be inspired by human intelligence with care and humility.",
        "If a neural network predicts words well, it understands the text behind them.",
        "The network that learns from text has the structure of language and of vision.",
        "There is a network of neurons in each brain, and there is a structure in language.",
        "The AI does the work and the people enjoy this work in peace and abundance.",
        "Neural networks make these mistakes that a human translator would never make.",
    ],
)
def test_a_thought_with_all_its_parts_stands_alone(text: str) -> None:
    assert is_alone(text)


@pytest.mark.parametrize(
    "first",
    ["And", "So", "But", "Yeah,", "Because", "This means", "It shows", "They say", "Then", "Well,", "No,", "Also,"],
)
def test_a_first_word_that_leans_does_not_stand_alone(first: str) -> None:
    assert not is_alone(f"{first} {GOOD[0].lower()}{GOOD[1:]}")


@pytest.mark.parametrize(
    "phrase",
    [
        "In contrast,",
        "In other words,",
        "Back then",
        "One is that",
        "You know,",
        "I mean,",
        "At the same time,",
        "At that point",
        "I'd say that now",
        "Of course,",
        "For example,",
        "On the other hand,",
        "There is a separate network:",
        "There is a whole separate fact, that",
        "There are also reasons that",
        "There's another fact, that",
        "I also think that",
        "We just saw that",
        "I was thinking that",
        "The answer is that",
        "The two small networks are bad, and",
    ],
)
def test_a_first_phrase_that_leans_does_not_stand_alone(phrase: str) -> None:
    assert not is_alone(f"{phrase} {GOOD[0].lower()}{GOOD[1:]}")


@pytest.mark.parametrize(
    "text",
    [
        "Making them deeper teaches networks the structure of language and of vision.",
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
    [
        "As you said, networks learn the structure of language.",
        "I haven't found a criterion for intelligent networks.",
        "Let's talk about networks and the structure of language.",
        "I've heard you talk about networks and the structure of language.",
        "Let's say you and your networks were never born.",
    ],
)
def test_words_to_the_person_across_the_table_do_not_stand_alone(text: str) -> None:
    assert not is_alone(f"{GOOD} {text}")


@pytest.mark.parametrize(
    "text",
    [
        "Hello everybody, welcome to the show where networks learn language and research hardware.",
        "Hi Lex, networks learn the structure of language from nothing but plain text.",
        "Thank you for reading that networks learn the structure of language from text.",
        "Researchers of networks are very happy to be here and learn language from text.",
        "Networks that learn language from text have great pleasure being on a stage with hardware.",
        "Researchers of networks feel great pleasure to talk of networks, hardware and language.",
        "Today I have the pleasure of interviewing a researcher of networks and of language.",
        "Goodbye, researchers of networks that learn the structure of language from text.",
    ],
)
def test_a_greeting_and_a_thank_you_do_not_stand_alone(text: str) -> None:
    assert not is_alone(text)


@pytest.mark.parametrize(
    "text",
    [
        "Our sponsor sells networks that learn the structure of language from nothing but text.",
        "Research networks and hardware with the code ILYA and learn the language of each shop.",
        "Research networks and hardware are brought to you by a maker of plain language and text.",
        "Learn the language of networks and hardware today at example.com and see the research.",
        "Sign up to learn the language of networks and the structure of hardware and research.",
        "Subscribe and learn the language of networks and the structure of hardware and research.",
        "Learn the structure of networks, hardware and language with 20% off till Sunday.",
    ],
)
def test_an_advert_does_not_stand_alone(text: str) -> None:
    assert not is_alone(text)


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
        "A network learns — a network has the structure of language and of vision.",
        "A network learns the structure of language … a network of vision and of text.",
        "A network learns the structure of language " + "and the structure of vision " * 10 + "from text.",
    ],
)
def test_unclean_speech_does_not_stand_alone(text: str) -> None:
    assert not is_alone(text)


@pytest.mark.parametrize(
    "text",
    [
        "I think that things will be very, very different, and a lot better than now.",
        f"{GOOD} All of those things.",
        f"Recurrent networks. {GOOD}",
    ],
)
def test_what_says_nothing_does_not_stand_alone(text: str) -> None:
    assert not is_alone(text)


def test_a_sentence_that_breaks_off_does_not_stand_alone() -> None:
    assert not is_alone(GOOD.replace(".", "…"))


def test_the_run_that_points_at_the_least_is_chosen() -> None:
    leaning = "Networks of that kind learn the structure of language and vision."
    assert chosen(f"{leaning} {GOOD} {MORE}") == f"{GOOD} {MORE}"


def test_the_persona_is_quoted_as_guest_and_as_host_and_nobody_else_is() -> None:
    assert chosen(GOOD) == chosen(GOOD, role=Role.HOST) == GOOD
    assert choose_standalone(summed_up(GOOD)) == ()
    assert chosen(GOOD, role=Role.DOUBTFUL, speaker=None) == ""
    assert chosen(GOOD, role=Role.ADVERT, speaker=None) == ""


def test_a_mark_against_a_paragraph_keeps_it_out() -> None:
    assert chosen(GOOD, daily=()) == ""


def test_marked_sentences_are_taken_whatever_the_rules_say_and_no_others() -> None:
    passage = said(f"{GOOD} So it is. {MORE}")
    assert to_text(choose_standalone(replace(passage, daily=passage.sentences[1:2]))) == "So it is."


def test_no_mark_makes_a_quote_of_what_a_summary_says() -> None:
    summary = summed_up(GOOD)
    assert choose_standalone(replace(summary, daily=summary.sentences)) == ()


def test_a_quote_said_twice_is_kept_once() -> None:
    one, two, three = said(GOOD), said(GOOD.replace("large", "big")), said(MORE)
    kept = without_repeats((passage, passage.sentences) for passage in (one, two, three))
    assert [passage for passage, _ in kept] == [one, three]


def test_short_quotes_with_a_word_in_common_are_not_one() -> None:
    short, long = said("I try hard, and all the work is worth it."), said(f"{GOOD} The work is hard.")
    assert len(list(without_repeats((passage, passage.sentences) for passage in (short, long)))) == 2


def test_the_shipped_pool_lasts_for_a_month_and_is_from_both_interviews(quotes: tuple[Quote, ...]) -> None:
    episodes = Counter(passage.episode.id for passage, _ in quotes)
    assert episodes.total() >= 30
    assert min(episodes["dwarkesh-2023"], episodes["robot-brains-2021"]) >= 15


def test_every_shipped_quote_was_chosen_by_an_editor(quotes: tuple[Quote, ...]) -> None:
    assert [to_text(sentences) for passage, sentences in quotes if passage.daily != sentences] == []


@pytest.mark.parametrize("first", ["And", "But", "Yeah", "Well", "You know", "This", "They", "At the same time", "Or"])
def test_no_shipped_quote_begins_as_if_something_came_before(quotes: tuple[Quote, ...], first: str) -> None:
    texts = [to_text(sentences) for _, sentences in quotes]
    assert [text for text in texts if re.match(rf"{first}\b", text)] == []


def test_every_shipped_quote_keeps_the_plain_rules(quotes: tuple[Quote, ...]) -> None:
    for passage, sentences in quotes:
        text = to_text(sentences)
        assert SHORTEST <= len(text) <= LONGEST
        assert text[-1] == "."
        assert text in passage.text
        assert passage.speaker == "Ilya Sutskever"
        assert not any(sentence.is_doubtful for sentence in sentences)


def test_no_two_shipped_quotes_say_the_same(quotes: tuple[Quote, ...]) -> None:
    terms = [meaning_terms(to_text(sentences)) for _, sentences in quotes]
    shared = [len(one & two) / max(FEWEST_TERMS, min(len(one), len(two))) for one, two in combinations(terms, 2)]
    assert max(shared) < SAME_WORDS


def test_every_mark_of_the_shipped_editions_brings_its_quote(shipped: Library, quotes: tuple[Quote, ...]) -> None:
    turns = [turn for loaded in shipped.editions for chapter in loaded.edition.chapters for turn in chapter.turns]
    marks = [mark for turn in turns for paragraph in turn.paragraphs for mark in paragraph.daily or ()]
    for mark, (_, sentences) in zip(marks, quotes, strict=True):
        opening, closing = mark.split(" … ")
        assert to_text(sentences).startswith(opening)
        assert to_text(sentences).endswith(closing)
