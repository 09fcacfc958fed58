from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.models import Episode, Hit, Passage, Role, Sentence, Stretch, Timing
from bot.presentation import mark_words, present
from bot.search.analyzer import to_terms
from bot.search.quotes import LONGEST_QUESTION

URL = "https://www.youtube.com/watch?v=abcdefghijk"
EPISODE = Episode("show-1", "A talk", "The Show", ("Anna Host",), ("Ilya Sutskever",), "2023-03-27", URL)
SENTENCES = (
    Sentence("Scaling works.", start=125.9, source=(Stretch("000.txt", 10, 24),)),
    Sentence("It’s the law.", start=130.0, source=(Stretch("000.txt", 25, 38),), follows=True),
    Sentence("So we scale.", start=140.0, source=(Stretch("000.txt", 90, 102),)),
)
PASSAGE = Passage(
    "show-1:abcdef", EPISODE, "show-1", Role.GUEST, "Ilya Sutskever", SENTENCES, 3,
    asked="Does scaling work?", asked_by="Anna Host", timing=Timing.ESTIMATED,
)  # fmt: skip


def hit(*terms: str, **fields: object) -> Hit:
    """Make a hit that shows a passage, whole."""
    passage = replace(PASSAGE, **fields)  # type: ignore[arg-type]
    return Hit(passage, 1.0, passage.sentences, frozenset(terms))


def marked(text: str, *terms: str) -> list[str]:
    """List the words of a text that are marked."""
    return [word for word, is_marked in mark_words(text, frozenset(terms)) if is_marked]


# What of a hit is shown


def test_the_words_of_the_hit_are_shown() -> None:
    shown = present(hit("scale", "law"))
    assert shown.quote == "Scaling works. It’s the law. So we scale."
    assert shown.words == (
        ("Scaling", True),
        (" works. It’s the ", False),
        ("law", True),
        (". So we ", False),
        ("scale", True),
        (".", False),
    )


def test_only_the_sentences_of_the_hit_are_shown_with_their_time_and_source() -> None:
    shown = present(Hit(PASSAGE, 1.0, SENTENCES[1:]))
    assert shown.quote == "It’s the law. So we scale."
    assert (shown.start, shown.clock) == (130.0, "≈ 2:10")
    assert shown.source == (Stretch("000.txt", 25, 38), Stretch("000.txt", 90, 102))
    assert present(hit()).source == (Stretch("000.txt", 10, 38), Stretch("000.txt", 90, 102))


@pytest.mark.parametrize(
    ("timing", "start", "clock"),
    [
        (Timing.EXACT, 125.9, "2:05"),
        (Timing.ESTIMATED, 125.9, "≈ 2:05"),
        (Timing.ESTIMATED, 4736.0, "≈ 1:18:56"),
        (Timing.ESTIMATED, 0.0, "≈ 0:00"),
        (Timing.EXACT, None, ""),
        (Timing.NONE, None, ""),
        (Timing.NONE, 125.9, ""),
    ],
)
def test_the_clock_tells_whether_the_time_is_estimated(timing: Timing, start: float | None, clock: str) -> None:
    shown = present(hit(timing=timing, sentences=(Sentence("Yes.", start=start),)))
    assert (shown.clock, shown.start) == (clock, start)


@pytest.mark.parametrize(
    ("start", "link"), [(125.9, f"{URL}&t=122s"), (None, URL), (2.0, URL), (3.0, URL), (4.0, f"{URL}&t=1s")]
)
def test_the_link_starts_the_episode_a_little_before_the_words(start: float | None, link: str) -> None:
    assert present(hit(sentences=(Sentence("Yes.", start=start),))).link == link


@pytest.mark.parametrize(("published", "date"), [("2023-03-27", "27 March 2023"), ("2022-03", "March 2022")])
def test_the_date_is_written_for_people(published: str, date: str) -> None:
    shown = present(hit(episode=replace(EPISODE, published=published)))
    assert shown.date == date
    assert shown.episode.published == published


def test_the_question_is_shown_with_who_asked_it() -> None:
    shown = present(hit())
    assert (shown.asked, shown.asked_by, shown.is_question) == ("Does scaling work?", "Anna Host", True)
    assert not present(hit(asked="I wonder about scaling.")).is_question
    assert present(hit(asked="", asked_by=None)).asked == ""


def test_a_long_question_is_shortened() -> None:
    shown = present(hit(asked="I have a thought. " * 30 + "What is it? Does scaling work?"))
    assert shown.asked == "What is it? Does scaling work?"
    assert len(shown.asked) <= LONGEST_QUESTION


# Marked words


@pytest.mark.parametrize(
    ("text", "terms", "words"),
    [
        ("Scaling scales.", ["scale"], ["Scaling", "scales"]),
        ("It grew, and it grows.", ["grow"], ["grew", "grows"]),
        ("GPT-3 and gpt3", ["gpt3"], ["GPT-3", "gpt3"]),
        ("self-play plays", ["play"], ["self-play", "plays"]),
        ("Ilya’s and Ilya's", ["ilya"], ["Ilya’s", "Ilya's"]),
        ("the law of scale", ["zebra"], []),
        ("the law of scale", [], []),
        ("outlaw", ["law"], []),
        ("(law)—“law”", ["law"], ["law", "law"]),
    ],
)
def test_words_that_were_looked_for_are_marked_whole(text: str, terms: list[str], words: list[str]) -> None:
    assert marked(text, *terms) == words


def test_a_text_without_words_has_nothing_to_mark() -> None:
    assert list(mark_words("", frozenset({"law"}))) == []
    assert list(mark_words("— …", frozenset({"law"}))) == [("— …", False)]


_TEXTS = st.text(max_size=40) | st.text(st.sampled_from("abAB -'’_3.“”\n"), max_size=30)


@given(_TEXTS, _TEXTS)
@example("ﬁ fi Å", "fi")
def test_marking_changes_no_character(text: str, wanted: str) -> None:
    terms = frozenset(to_terms(wanted))
    stretches = list(mark_words(text, terms))
    assert "".join(stretch for stretch, _ in stretches) == text
    assert all(stretch for stretch, _ in stretches)
    assert all(is_marked == bool(terms.intersection(to_terms(s))) for s, is_marked in stretches if is_marked)


@given(_TEXTS)
def test_every_word_of_a_text_is_found_in_it(text: str) -> None:
    terms = frozenset(to_terms(text))
    left = "".join(stretch if not is_marked else " " for stretch, is_marked in mark_words(text, terms))
    assert not terms.intersection(to_terms(left))
