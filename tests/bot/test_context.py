from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.context import GAP, TURNS, UNCERTAIN, has_gap, surround
from bot.models import Passage
from bot.transcripts.library import Library
from bot.transcripts.passages import cut_passages
from bot.transcripts.timing import build_timeline
from tests.editions import cut, to_summary

TALK = cut(
    "**Anna Host:** Zero is asked?\n\n**Ilya Sutskever:** Zero is said.\n\n**Anna Host:** One is asked?\n\n"
    "**Ilya Sutskever:** One is said.\n\n**?:** Two is muttered.\n\n**Ilya Sutskever:** Two is said.\n\n"
    "**Anna Host:** Three is asked?"
)


def quoted_in(passages: tuple[Passage, ...], text: str) -> Passage:
    """Find the passage of a text."""
    return next(passage for passage in passages if passage.text == text)


def test_what_was_said_before_and_after_is_in_order_with_its_speakers() -> None:
    around = surround(TALK, quoted_in(TALK, "One is said."), 1000)
    assert [(one.speaker, one.text, one.is_quoted) for one in around] == [
        ("Ilya Sutskever", "Zero is said.", False),
        ("Anna Host", "One is asked?", False),
        ("Ilya Sutskever", "One is said.", True),
        (UNCERTAIN, "Two is muttered.", False),
        ("Ilya Sutskever", "Two is said.", False),
    ]


def test_the_question_is_the_first_to_be_kept_where_there_is_little_room() -> None:
    around = surround(TALK, quoted_in(TALK, "One is said."), 30)
    assert [one.text for one in around] == ["One is asked?", "One is said."]


def test_the_quote_is_whole_where_there_is_no_room_at_all() -> None:
    assert [one.text for one in surround(TALK, quoted_in(TALK, "One is said."), 0)] == ["One is said."]


def test_nothing_comes_from_another_edition() -> None:
    other = cut("**Anna Host:** Else is asked?\n\n**Ilya Sutskever:** Else is said.", id="show-2")
    around = surround((*other, *TALK), quoted_in(TALK, "Zero is said."), 1000)
    assert not any("Else" in one.text for one in around)


def test_a_summary_is_called_one() -> None:
    edition = to_summary("## Part\n\n- One point.\n- Another point.")
    passages = cut_passages(edition, build_timeline(edition))
    assert {one.speaker for one in surround(passages, passages[0], 1000)} == {"Summary by Sam Summer"}


@given(st.integers(0, 400), st.sampled_from(TALK))
def test_it_stays_within_its_length_and_its_turns_and_holds_the_quote_once(longest: int, quoted: Passage) -> None:
    around = surround(TALK, quoted, longest)
    assert [one.text for one in around if one.is_quoted] == [quoted.text]
    assert sum(len(one.text) for one in around) <= max(longest, len(quoted.text)) + len(around)
    near = {passage.text for passage in TALK if abs(passage.turn - quoted.turn) <= TURNS}
    assert {one.text for one in around} <= near


def test_what_cannot_be_quoted_in_between_leaves_a_mark(shipped: Library) -> None:
    said = next(passage for passage in shipped.passages if passage.text.endswith("And I said sure."))
    around = surround(shipped.passages, said, 3000)
    after = around[[one.is_quoted for one in around].index(True) + 1]
    assert after.text.startswith(f"{GAP} And I found")


def test_what_follows_at_once_leaves_none(shipped: Library) -> None:
    marked = sum(has_gap(*pair) for pair in pairwise(shipped.passages))
    doubtful = [pair for pair in pairwise(shipped.passages) if pair[0].turn == pair[1].turn]
    assert 0 < marked < len(doubtful) / 2
