"""Tests of which sentences a mark names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.transcripts.marks import find_marked

SENTENCES = ("One is first.", "Two is second.", "Then one more.", "Two is said again.", "One is last.")


@pytest.mark.parametrize(
    ("mark", "found"),
    [
        ("One is first. … first.", range(1)),
        ("Then … more.", range(2, 3)),
        ("Then … again.", range(2, 4)),
        ("Then … One is last.", range(2, 5)),
        ("Two is second. … last.", range(1, 5)),
    ],
)
def test_a_mark_names_the_sentences_from_its_first_words_to_its_last(mark: str, found: range) -> None:
    assert find_marked(mark, SENTENCES) == found


@pytest.mark.parametrize(
    "mark",
    ["", "yes", "Then one more.", "One … last.", "Two … again.", "Thereafter … last.", "The … more.", "Then … ore.",
     "one … more.", "Then … second.", "One is said … last.", " … last."],
)  # fmt: skip
def test_a_mark_names_nothing_that_is_not_there_or_not_its_own(mark: str) -> None:
    assert find_marked(mark, SENTENCES) is None


def test_the_first_end_that_fits_is_the_end() -> None:
    assert find_marked("A b. … end.", ("A b.", "The end.", "And an end.")) == range(2)


@given(st.lists(st.from_regex(r"[A-Z][a-z]{1,5} [a-z]{1,5}\.", fullmatch=True), min_size=1, max_size=6), st.data())
def test_what_is_named_by_whole_sentences_is_found(sentences: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(sentences) - 1))
    last = data.draw(st.integers(first, len(sentences) - 1))
    found = find_marked(f"{sentences[first]} … {sentences[last]}", sentences)
    if sentences.count(sentences[first]) > 1:
        assert found is None
    else:
        assert found == range(first, sentences.index(sentences[last], first) + 1)
