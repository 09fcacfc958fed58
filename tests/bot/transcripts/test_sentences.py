from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Sentence, Stretch
from bot.transcripts.sentences import is_doubtful, source_of, split_sentences, without_marks

_SCRAPS = st.sampled_from(
    ["A", "b", "Dr.", "U.S.", "e.g.", "3.5", "Yes.", "“No.”", "why?", "—", "…", "[?]", "ok.[?]", "(So.)", "Éa.", "i.e."]
)


def sourced(*stretches: tuple[int, int], follows: bool = False) -> Sentence:
    """Make a sentence that comes from these characters."""
    source = tuple(Stretch("a.txt", start, end) for start, end in stretches)
    return Sentence("Words.", source=source, follows=follows)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        ("No stop at the end. Like this", ["No stop at the end.", "Like this"]),
        ("He said “No.” She said (so.) Then.", ["He said “No.”", "She said (so.)", "Then."]),
        ("One. “Two.” — Three.", ["One.", "“Two.”", "— Three."]),
        ("You say — Well, no. I do.", ["You say — Well, no.", "I do."]),
        ("GPT 3.5 is one. 2012 was the year.", ["GPT 3.5 is one.", "2012 was the year."]),
        ("Wait… Really?! Yes.", ["Wait…", "Really?!", "Yes."]),
        ("One.", ["One."]),
        ("", []),
    ],
)
def test_a_paragraph_is_split_at_its_sentence_ends(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@pytest.mark.parametrize(
    "text",
    [
        "Ask Dr. Hinton and Mr. Smith.",
        "Geoffrey E. Hinton did.",
        "In the U.S. Congress of it.",
        "Nets, e.g. CNNs, i.e. LeNet.",
        "Go vs. Chess etc. Games.",
        "Wait… what is it?",
        "It is in version 1. something.",
        "No.No",
    ],
)
def test_a_stop_that_ends_no_sentence_splits_nothing(text: str) -> None:
    assert split_sentences(text) == [text]


@given(st.lists(_SCRAPS | st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=6), max_size=12))
def test_sentences_joined_by_spaces_are_the_paragraph_again(words: list[str]) -> None:
    text = " ".join(words)
    sentences = split_sentences(text)
    assert " ".join(sentences) == text
    assert all(sentence and sentence == sentence.strip() for sentence in sentences)


def test_a_doubtful_word_makes_its_sentence_doubtful_and_no_other() -> None:
    sentences = split_sentences("I met Bob [?] there. It rained.[?] We left.")
    assert sentences == ["I met Bob [?] there.", "It rained.[?]", "We left."]
    assert [is_doubtful(sentence) for sentence in sentences] == [True, True, False]


def test_a_question_mark_in_brackets_only_is_a_mark() -> None:
    assert not is_doubtful("Really? (?) [sic]")


def test_marks_are_taken_out_with_the_space_before_them() -> None:
    assert without_marks("I met Bob [?] there[?].") == "I met Bob there."


def test_the_sources_of_sentences_that_follow_each_other_are_joined() -> None:
    sentences = [sourced((10, 20)), sourced((21, 30), follows=True), sourced((95, 99), follows=True)]
    assert source_of(sentences) == (Stretch("a.txt", 10, 99),)


def test_the_sources_of_sentences_with_something_left_out_between_them_stay_apart() -> None:
    assert source_of([sourced((10, 20)), sourced((21, 30))]) == (Stretch("a.txt", 10, 20), Stretch("a.txt", 21, 30))


def test_of_a_sentence_in_two_parts_only_the_nearer_is_joined() -> None:
    sentences = [sourced((0, 9)), sourced((10, 20), (30, 40), follows=True), sourced((41, 50), follows=True)]
    assert source_of(sentences) == (Stretch("a.txt", 0, 20), Stretch("a.txt", 30, 50))


def test_what_the_first_sentence_follows_is_not_shown() -> None:
    assert source_of([sourced((10, 20), follows=True)]) == (Stretch("a.txt", 10, 20),)


def test_a_sentence_from_nowhere_has_no_source() -> None:
    assert source_of([Sentence("Words."), Sentence("More.")]) == ()
