from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ThesaurusError
from bot.search.analyzer import to_terms
from bot.search.thesaurus import LONGEST_PHRASE, Phrase, Thesaurus, build_thesaurus, read_thesaurus
from tests.paths import SEEDS

SHIPPED = SEEDS / "thesaurus.toml"
GROUPS = st.lists(st.lists(st.sampled_from(["dog", "cat", "big dog", "bird", "of"]), max_size=4), max_size=5)


def to_phrase(text: str) -> Phrase:
    """Write words as the thesaurus does."""
    return tuple(to_terms(text))


def write(folder: Path, text: str) -> Path:
    """Write a thesaurus."""
    path = folder / "thesaurus.toml"
    path.write_text(text, encoding="utf-8")
    return path


# What is found


def test_words_for_the_same_find_each_other() -> None:
    thesaurus = build_thesaurus([["RLHF", "human feedback", "preferences"]])
    rlhf, feedback, preferences = ("rlhf",), to_phrase("human feedback"), to_phrase("preferences")
    assert thesaurus.same == {
        rlhf: (feedback, preferences),
        feedback: (rlhf, preferences),
        preferences: (rlhf, feedback),
    }
    assert thesaurus.wider == {}


def test_wider_words_are_found_one_way() -> None:
    thesaurus = build_thesaurus([], [(["LSTM", "GRU"], ["recurrent"])])
    assert thesaurus.wider == {("lstm",): (to_phrase("recurrent"),), ("gru",): (to_phrase("recurrent"),)}
    assert thesaurus.same == {}
    assert thesaurus.has(("lstm",))
    assert not thesaurus.has(to_phrase("recurrent"))


def test_groups_that_share_a_word_are_both_found_by_it_and_not_by_each_other() -> None:
    thesaurus = build_thesaurus([["dog", "hound"], ["dog", "puppy"]])
    assert thesaurus.same[("dog",)] == (to_phrase("hound"), to_phrase("puppy"))
    assert thesaurus.same[to_phrase("puppy")] == (("dog",),)


@given(GROUPS)
def test_the_same_is_the_same_both_ways(groups: list[list[str]]) -> None:
    same = build_thesaurus(groups).same
    assert all(phrase in same[other] for phrase, others in same.items() for other in others)
    together = {frozenset(map(to_phrase, group)) - {()} for group in groups}
    assert {phrase: set(others) for phrase, others in same.items()} == {
        phrase: set().union(*(group for group in together if phrase in group)) - {phrase}
        for phrase in set().union(*together)
    }


def test_no_phrase_finds_itself() -> None:
    thesaurus = build_thesaurus([["model", "models"]], [(["dog"], ["dogs", "animal"])])
    assert thesaurus.same == {("model",): ()}
    assert thesaurus.wider == {("dog",): (("anim",),)}


def test_words_are_kept_as_they_are_written_for_the_speller() -> None:
    thesaurus = build_thesaurus([["Krizhevsky", "Big Dog"]], [(["LSTM"], ["memory"])])
    assert thesaurus.words == {"krizhevsky", "big", "dog", "lstm", "memory"}


# The longest match


@pytest.mark.parametrize(
    ("text", "start", "length"),
    [
        ("human feedback", 0, 2),
        ("feedback human", 0, 0),
        ("human", 0, 1),
        ("human dog", 0, 1),
        ("zebra human feedback loop", 0, 0),
        ("zebra human feedback loop", 1, 2),
        ("human feedback", 2, 0),
        ("", 0, 0),
    ],
)
def test_the_longest_phrase_from_a_place_is_taken(text: str, start: int, length: int) -> None:
    thesaurus = build_thesaurus([["human feedback", "RLHF"], ["human", "person"]])
    assert thesaurus.longest_at(to_terms(text), start) == length


def test_a_phrase_that_only_finds_wider_words_is_matched_too() -> None:
    thesaurus = build_thesaurus([], [(["human feedback"], ["reward"])])
    assert thesaurus.longest_at(["human", "feedback"], 0) == 2
    assert thesaurus.longest_at(["reward"], 0) == 0


def test_the_longest_entry_allowed_is_matched() -> None:
    words = "dog cat bird fish frog goat".split()[:LONGEST_PHRASE]
    assert build_thesaurus([[" ".join(words), "zoo"]]).longest_at(words, 0) == LONGEST_PHRASE


# Reading


def test_a_thesaurus_is_read_from_its_file(tmp_path: Path) -> None:
    path = write(
        tmp_path, '[[same]]\nwords = ["RLHF", "human feedback"]\n[[wider]]\nwords = ["LSTM"]\nfinds = ["memory"]\n'
    )
    assert read_thesaurus(path) == build_thesaurus([["RLHF", "human feedback"]], [(["LSTM"], ["memory"])])


def test_no_file_is_an_empty_thesaurus(tmp_path: Path) -> None:
    thesaurus = read_thesaurus(tmp_path / "thesaurus.toml")
    assert thesaurus == Thesaurus()
    assert not thesaurus.has(("dog",))
    assert thesaurus.longest_at(["dog"], 0) == 0


def test_a_file_with_nothing_in_it_is_an_empty_thesaurus(tmp_path: Path) -> None:
    assert read_thesaurus(write(tmp_path, "# nothing yet\n")) == Thesaurus()


@pytest.mark.parametrize(
    "text",
    [
        "[[same",
        "[[same]]",
        "[[same]]\nwords = []",
        '[[same]]\nwords = ["dog"]',
        '[[sames]]\nwords = ["dog", "hound"]',
        '[[same]]\nwords = "dog"',
        '[[same]]\nwords = ["dog", 5]',
        '[[same]]\nword = ["dog"]',
        '[[wider]]\nwords = ["dog"]',
        '[[wider]]\nfinds = ["dog"]',
        '[[wider]]\nwords = ["dog"]\nfinds = []',
        '[same]\nwords = ["dog"]',
        'same = ["dog", "hound"]',
        'same = "dog"',
        "same = 5",
        "wider = true",
        "same = [[5]]",
        '[[same]]\nwords = ["dog", "hound"]\nwords = ["cat"]',
    ],
)
def test_a_broken_thesaurus_is_told_with_its_file(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ThesaurusError, match=re.escape(str(path))):
        read_thesaurus(path)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "thesaurus.toml"
    path.write_bytes(b"[[same]]\nwords = ['\xff']")
    with pytest.raises(ThesaurusError, match=re.escape(str(path))):
        read_thesaurus(path)
    with pytest.raises(ThesaurusError, match=re.escape(str(tmp_path))):
        read_thesaurus(tmp_path)


# The thesaurus that comes with the project


def entries() -> list[tuple[str, dict[str, list[str]]]]:
    """List the groups of the shipped thesaurus, each with its kind."""
    tables = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    assert set(tables) == {"same", "wider"}
    return [(kind, group) for kind, groups in tables.items() for group in groups]


def all_entries() -> list[str]:
    """List every entry of the shipped thesaurus."""
    return [entry for _, group in entries() for entries_of in group.values() for entry in entries_of]


def test_the_shipped_thesaurus_holds_hundreds_of_groups() -> None:
    assert len(read_thesaurus(SHIPPED).same) > 500
    assert len(entries()) > 300
    assert {tuple(group) for kind, group in entries() if kind == "same"} == {("words",)}
    assert {tuple(group) for kind, group in entries() if kind == "wider"} == {("words", "finds")}


def test_no_group_of_the_shipped_thesaurus_is_there_twice() -> None:
    groups: list[list[Sequence[Phrase]]] = sorted(
        [sorted(set(map(to_phrase, words))) for words in group.values()] for _, group in entries()
    )
    assert [first for first, second in pairwise(groups) if first == second] == []


def test_no_entry_of_the_shipped_thesaurus_is_without_a_term_or_too_long() -> None:
    assert [entry for entry in all_entries() if not 0 < len(to_terms(entry)) <= LONGEST_PHRASE] == []


def test_every_group_of_the_shipped_thesaurus_has_wordings_that_differ() -> None:
    alone = [group for kind, group in entries() if kind == "same" and len(set(map(to_phrase, group["words"]))) < 2]
    assert alone == []
