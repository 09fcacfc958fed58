from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Edition, Kind
from bot.transcripts.library import Library
from bot.transcripts.timing import Timeline, build_timeline, length_of
from tests.editions import to_edition

_TIMES = st.none() | st.integers(0, 99).map(lambda seconds: f"[0:{seconds % 60:02}] ")
_TURNS = st.builds(lambda time, words: f"{time or ''}**?:** {'word ' * words}.", _TIMES, st.integers(1, 9))
_HEADINGS = st.builds(lambda time: f"## {time or ''}A", _TIMES)


def talks() -> st.SearchStrategy[Edition]:
    """Give transcripts with times here and there, also such as go back."""
    bodies = st.lists(_HEADINGS | _TURNS, max_size=9).map(lambda blocks: "\n\n".join(["**?:** First.", *blocks]))
    return st.builds(lambda body, length: to_edition(body, duration=length), bodies, st.sampled_from([None, '"0:50"']))


def time_at(edition: Edition, number: int) -> float | None:
    """Tell when a turn begins, by its number."""
    turns = [turn for chapter in edition.chapters for turn in chapter.turns]
    return build_timeline(edition).time_of(sum(map(length_of, turns[:number])))


@given(talks())
def test_time_never_runs_backwards_and_never_begins_before_the_recording(edition: Edition) -> None:
    timeline = build_timeline(edition)
    times = [timeline.time_of(position) for position in range(0, 400, 7)]
    if times[0] is None:
        assert set(times) == {None}
    else:
        assert times == sorted(time for time in times if time is not None)
        assert times[0] >= 0


@given(talks())
def test_anchors_come_in_order(edition: Edition) -> None:
    for before, after in pairwise(build_timeline(edition).anchors):
        assert before[0] < after[0]
        assert before[1] < after[1]


@given(st.dictionaries(st.integers(0, 9999), st.integers(0, 9999), min_size=1, max_size=9))
def test_at_an_anchor_it_is_the_anchors_time(found: dict[int, int]) -> None:
    anchors = tuple(zip(sorted(found), map(float, sorted(set(found.values()))), strict=False))
    timeline = Timeline(anchors)
    assert [timeline.time_of(position) for position, _ in anchors] == pytest.approx([time for _, time in anchors])


def test_between_two_anchors_time_runs_evenly() -> None:
    timeline = Timeline(((100, 10.0), (200, 60.0), (300, 70.0)))
    assert [timeline.time_of(position) for position in (150, 180, 250)] == [35, 50, 65]


def test_outside_the_anchors_it_runs_on_as_it_does_beside_them() -> None:
    timeline = Timeline(((100, 10.0), (200, 60.0), (300, 70.0)))
    assert timeline.time_of(90) == 5
    assert timeline.time_of(0) == 0
    assert timeline.time_of(400) == 80


def test_without_anchors_nothing_is_known() -> None:
    assert time_at(to_edition("## A\n\n**?:** One.", duration='"1:00"'), 0) is None
    assert Timeline(()).time_of(5) is None


def test_a_single_anchor_is_the_only_time_known() -> None:
    edition = to_edition("**?:** One.\n\n[1:00] **?:** Two.")
    assert [time_at(edition, number) for number in (0, 1)] == [60, 60]


def test_a_heading_tells_when_its_first_turn_begins() -> None:
    edition = to_edition("## [0:10] A\n\n**?:** One.\n\n**?:** Two.\n\n## [1:00] B\n\n**?:** Three.")
    assert (time_at(edition, 0), time_at(edition, 2)) == (10, 60)


def test_a_turns_own_time_beats_its_headings() -> None:
    edition = to_edition("## [0:00] A\n\n[0:43] **?:** One.\n\n## [2:00] B\n\n**?:** Two.")
    assert (time_at(edition, 0), time_at(edition, 1)) == (43, 120)


def test_a_turn_in_the_middle_may_have_a_time() -> None:
    edition = to_edition("## [0:00] A\n\n**?:** One.\n\n[0:50] **?:** Two.\n\n**?:** Three.", duration='"1:40"')
    assert time_at(edition, 1) == 50


def test_with_one_anchor_the_length_of_the_recording_is_the_other() -> None:
    body = "## [0:20] A\n\n**?:** Same words.\n\n**?:** Same words."
    assert time_at(to_edition(body, duration='"1:00"'), 1) == 40


def test_the_last_words_end_at_the_pace_of_the_rest_and_never_after_the_recording() -> None:
    body = "## [0:00] A\n\n**?:** Same words.\n\n## [0:40] B\n\n**?:** Same words."
    assert time_at(to_edition(body), 2) == 80
    assert time_at(to_edition(body, duration='"9:00"'), 2) == 80
    assert time_at(to_edition(body, duration='"1:00"'), 2) == 60


def test_a_time_that_goes_back_is_passed_over() -> None:
    body = "## [1:00] A\n\n**?:** One.\n\n## [0:30] B\n\n**?:** Two.\n\n## [1:20] C\n\n**?:** Tri."
    edition = to_edition(body)
    assert [time_at(edition, number) for number in (0, 1, 2)] == [60, 70, 80]


def test_every_timed_chapter_of_the_shipped_transcripts_begins_at_its_time(shipped: Library) -> None:
    timed = 0
    for edition in (loaded.edition for loaded in shipped.editions if loaded.edition.kind is Kind.TRANSCRIPT):
        first = 0
        for chapter in edition.chapters:
            start = chapter.turns[0].start or chapter.start
            if start is not None:
                timed += 1
                assert time_at(edition, first) == pytest.approx(start)
            first += len(chapter.turns)
    assert timed >= 18
