from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import wording
from bot.delivery import SubscriptionRow, SubscriptionState
from bot.errors import QueryError, StoreUnreachableError
from bot.models import Hit, Passage, Role, Sentence, Timing
from bot.presentation import Presented, present
from tests.bot.search.corpus import said

TOLD: dict[str, Any] = {
    "zone": "Europe/London",
    "minute": 540,
    "weekdays": 127,
    "state": SubscriptionState.ACTIVE,
    "why": "",
}
ROW = SubscriptionRow(**dict.fromkeys((column.name for column in fields(SubscriptionRow)), None) | TOLD)  # type: ignore[arg-type]


def shown(**changes: object) -> Presented:
    """Give a passage as shown."""
    passage: Passage = replace(said("Scale it."), sentences=(Sentence("Scale it.", 2294.0),), **changes)  # type: ignore[arg-type]
    return present(Hit(passage, 1.0, passage.sentences))


def test_whose_words_they_are_is_said() -> None:
    assert wording.told_by(shown(speaker="Ilya Sutskever")) == "Ilya Sutskever"
    summary = shown(role=Role.SUMMARY, speaker=None, summary_by="Some Site")
    assert wording.told_by(summary) == "From a summary by Some Site"
    assert wording.quoted(summary) == ("", "")
    assert wording.quoted(shown()) == ("“", "”")


def test_a_question_was_asked_and_anything_else_was_said() -> None:
    assert wording.asked_by(shown(asked="Why?", asked_by="Anna")) == "Anna asked:"
    assert wording.asked_by(shown(asked="Go on.", asked_by="Anna")) == "After Anna said:"


def test_a_time_is_named_only_where_it_is_known() -> None:
    timed, untimed = shown(timing=Timing.ESTIMATED), shown(timing=Timing.NONE)
    assert wording.watch(timed) == "Watch at 38:14"
    assert wording.place(timed).endswith(" · ≈ 38:14")
    assert wording.watch(untimed) == "Open the episode"
    assert "≈" not in wording.place(untimed)


def test_a_long_question_is_not_said_back_whole() -> None:
    line = wording.nothing_said("Ilya", "word " * 100)
    assert line.startswith("Ilya doesn't talk about “word word")
    assert line.endswith("word…” in these episodes.")
    assert len(line) < 160


@given(st.text(max_size=300), st.integers(1, 200))
def test_a_shortened_text_fits(text: str, longest: int) -> None:
    short = wording.shorten(text, longest)
    assert len(short) <= longest
    assert short == text or short.endswith("…")


def test_the_projects_own_errors_are_told_as_they_are() -> None:
    assert wording.tell_fault(QueryError("Write what it should be about.")) == ("Write what it should be about.", "")


@pytest.mark.parametrize("error", [ValueError("secret"), StoreUnreachableError("The database secret is away.")])
def test_of_any_other_error_only_a_reference_is_told(error: Exception) -> None:
    (text, reference), (_, other) = wording.tell_fault(error), wording.tell_fault(error)
    assert text == f"{wording.OUR_FAULT}reference {reference}."
    assert (len(reference), reference != other, "secret" in text) == (6, True, False)


def test_the_state_of_a_daily_quote_is_told() -> None:
    assert wording.tell_state(ROW) == "A quote comes every day at 09:00 (Europe/London)."
    about = replace(ROW, topic="AGI", episode="e-1", state=SubscriptionState.PAUSED)
    assert wording.tell_state(about) == (
        "A quote on “AGI” from the episode e-1 comes every day at 09:00 (Europe/London). It is paused."
    )
    failed = replace(ROW, state=SubscriptionState.FAILED, why="The channel is gone.")
    assert wording.tell_state(failed).endswith(" It has stopped: The channel is gone.")


def test_a_vote_is_answered_with_how_to_change_it() -> None:
    assert wording.thanks(likes=True) == "Noted: 👍. Press 👎 to change it."
    assert wording.thanks(likes=False) == "Noted: 👎. Press 👍 to change it."
