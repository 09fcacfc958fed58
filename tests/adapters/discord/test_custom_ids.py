from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.custom_ids import LONGEST, STATE, Click, Verb, mark_asker, parse_custom_id, to_custom_id
from bot.errors import UnknownPassageError
from bot.pages import CODE, MOST, Extract, Pages

EXTRACTS = st.builds(
    Extract,
    st.text("ABCabc019-_", min_size=CODE, max_size=CODE),
    st.integers(0, 61),
    st.integers(1, 61),
)
TERMS = st.lists(st.text("abcdefgh", min_size=1, max_size=20), max_size=12, unique=True).map(tuple)


@st.composite
def pages(draw: st.DrawFn) -> Pages:
    extracts = tuple(draw(st.lists(EXTRACTS, min_size=1, max_size=MOST)))
    return Pages(extracts, draw(st.integers(0, len(extracts) - 1)), draw(TERMS))


@given(st.sampled_from(Verb), pages(), st.integers(0, 2**64))
def test_what_a_button_carries_comes_back_from_at_most_a_hundred_characters(
    verb: Verb, shown: Pages, user: int
) -> None:
    written = to_custom_id(verb, mark_asker(user, "key"), shown)
    assert len(written) <= LONGEST
    click = parse_custom_id(written)
    assert (click.verb, click.asker) == (verb, mark_asker(user, "key"))
    assert (click.pages.extracts, click.pages.position) == (shown.extracts, shown.position)
    assert set(click.pages.terms) <= set(shown.terms)


@given(st.text(min_size=1, max_size=STATE))
def test_a_topic_comes_back_whole(topic: str) -> None:
    assert parse_custom_id(to_custom_id(Verb.TOPIC, "1tq2", topic)) == Click(Verb.TOPIC, "1tq2", topic)


@given(st.text(max_size=120))
def test_what_nobody_wrote_is_refused_or_harmless(text: str) -> None:
    for forged in (text, f"q1{text}", f"q1p1tq2{text}"):
        with suppress(UnknownPassageError):
            assert parse_custom_id(forged).pages.extracts


@pytest.mark.parametrize("text", ["", "q1", "q1p", "q1pabcd", "q0pabcd1", "q1xabcd1", "page:2", "Q1PABCD1"])
def test_what_this_version_did_not_write_is_refused(text: str) -> None:
    with pytest.raises(UnknownPassageError, match="older version"):
        parse_custom_id(text)


def test_the_mark_of_an_asker_tells_people_apart_and_not_who_they_are() -> None:
    marks = [mark_asker(number << 22, "key") for number in range(200)]
    assert len(set(marks)) == 200
    assert {len(mark) for mark in marks} == {4}
    assert mark_asker(7, "key") != mark_asker(7, "another")
    assert "...." not in marks
