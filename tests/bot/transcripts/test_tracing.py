from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import AlignmentError
from bot.models import Edition
from bot.transcripts.alignment import Step
from bot.transcripts.tracing import edition_texts, trace_edition
from tests.editions import FIRST_LINE, to_edition, to_summary

RAW = "page\nwhat is a talk um a talk is is words in order\nfoot"
BODY = "## A heading\n\n**Anna Host:** What is a talk?\n\n**Ilya Sutskever:** A talk is words\nin order."
LEFT_OUT = "[{lines: 1, why: page}, {raw: foot, why: page}]"


def fault(edition: Edition, raw: str = RAW) -> AlignmentError:
    """Give the fault of an edition against a raw text."""
    with pytest.raises(AlignmentError) as caught:
        trace_edition(edition, raw)
    return caught.value


def test_an_edition_is_traced_to_its_raw_words() -> None:
    found = trace_edition(to_edition(BODY, left_out=LEFT_OUT), RAW)
    assert [RAW[start:end] for start, end in found.words] == "what is a talk a talk is words in order".split()
    assert found.counts == {Step.KEPT: 10, Step.FILLER: 1, Step.REPETITION: 1, Step.LEFT_OUT: 2}


def test_the_headings_of_a_transcript_are_not_spoken() -> None:
    texts = [text for text, _ in edition_texts(to_edition(BODY))]
    assert texts == ["What is a talk?", "A talk is words in order."]


def test_the_headings_of_a_summary_are_its_authors_words() -> None:
    summary = to_summary("He talks.\n\n## On words\n\n- Words.\n\n## On order")
    texts = list(edition_texts(summary))
    line = FIRST_LINE + 1
    assert texts == [("He talks.", line), ("On words", line + 2), ("Words.", line + 4), ("On order", line + 6)]
    assert trace_edition(summary, "he talks on words words on order").counts[Step.KEPT] == 7
    assert fault(summary, "he talks words on order").line == line + 2


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (BODY.replace("What is", "Well, what is"), 2),
        (BODY.replace("What is a", "What is the"), 2),
        (BODY.replace("words\nin", "words and more\nin"), 4),
        (BODY.replace("in order", "in"), 4),
        (BODY + "\n\nIndeed.", 7),
    ],
)
def test_a_difference_is_told_with_the_line_it_stands_on(wrong: str, line: int) -> None:
    found = fault(to_edition(wrong, left_out=LEFT_OUT))
    assert found.path == "show.md"
    assert found.line == FIRST_LINE + 1 + line
    assert found.expected == "the raw words, a listed correction or a listed omission"


def test_a_difference_is_told_with_both_texts_and_the_place_in_the_raw_text() -> None:
    found = fault(to_edition(BODY.replace("words", "sounds"), left_out=LEFT_OUT))
    place = RAW.index("words")
    assert found.wrong == (
        f"the edition has 'sounds in order' where the raw text has 'words in order foot' (character {place})"
    )


def test_an_edition_that_stops_early_is_told_at_its_last_line() -> None:
    found = fault(to_edition(BODY.rpartition("\n\n")[0], left_out=LEFT_OUT))
    assert found.line == FIRST_LINE + 3
    assert "the edition has ''" in found.wrong


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("corrections", "[{raw: talk, said: Talk, why: a name}]"),
        ("corrections", "[{raw: speech, said: talk, why: a name}]"),
        ("corrections", "[{raw: talk, said: walk, at: 3, why: a name}]"),
        ("left_out", f"{LEFT_OUT[:-1]}, {{raw: um ah, why: a name}}]"),
        ("left_out", f"{LEFT_OUT[:-1]}, {{raw: words, at: 1, why: a name}}]"),
    ],
)
def test_what_is_listed_and_not_used_is_a_fault(field: str, value: str) -> None:
    found = fault(to_edition(BODY, **{"left_out": LEFT_OUT, field: value}))
    assert "is listed in the head (a name) and not used" in found.wrong
    assert found.expected == "only what changes the raw text"


def test_lines_that_are_listed_and_not_there_are_a_fault() -> None:
    beyond = "[{lines: 1, why: page}, {lines: 3, why: page}, {lines: 90-99, why: page}]"
    assert fault(to_edition(BODY, left_out=beyond)).expected == "only what changes the raw text"


def test_an_edition_of_another_text_is_no_edition_of_this() -> None:
    edition = to_edition(BODY, left_out=LEFT_OUT)
    assert fault(edition, "quite another text").line == FIRST_LINE + 3
    assert fault(replace(edition, left_out=()), RAW).line == FIRST_LINE + 3
