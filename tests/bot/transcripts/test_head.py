from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given

from bot.errors import EditionError
from bot.models import Correction, Edition, Kind, LeftOut
from bot.transcripts.head import EXPECTED, parse_head, to_head
from tests.editions import BODY, to_text
from tests.strategies import editions


def read(**fields: str | None) -> Edition:
    """Read a head with these fields."""
    text = to_text(BODY, **fields)
    return parse_head(text.split("---\n")[1], "show.md", first_line=2)


def fault(**fields: str | None) -> EditionError:
    """Give the fault of a head with these fields."""
    with pytest.raises(EditionError) as caught:
        read(**fields)
    return caught.value


def test_a_head_is_read_into_an_edition_without_chapters() -> None:
    edition = read(duration='"1:37:28"', source="raw/a.txt", chapters_by="the publisher")
    assert (edition.id, edition.kind, edition.chapters) == ("show-1", Kind.TRANSCRIPT, ())
    assert (edition.source, edition.chapters_by, edition.path) == ("raw/a.txt", "the publisher", "show.md")
    episode = edition.episode
    assert (episode.title, episode.show, episode.published) == ("A talk", "The Show", "2023-03-27")
    assert (episode.hosts, episode.guests, episode.duration) == (("Anna Host",), ("Ilya Sutskever",), 5848)


def test_an_edition_without_an_episode_is_an_episode_of_its_own() -> None:
    assert read().episode.id == "show-1"
    assert read(episode="lex-94").episode.id == "lex-94"


def test_there_may_be_several_guests_and_no_host() -> None:
    edition = read(host=None, guest='[Ilya Sutskever, "Greg: B."]')
    assert edition.episode.hosts == ()
    assert edition.episode.guests == ("Ilya Sutskever", "Greg: B.")


def test_yaml_11_does_not_turn_values_into_other_things() -> None:
    edition = read(title="no", show="12:30", duration="47:41", published="2022-03")
    assert (edition.episode.title, edition.episode.show) == ("no", "12:30")
    assert (edition.episode.duration, edition.episode.published) == (2861, "2022-03")


def test_corrections_and_omissions_keep_their_order_and_places() -> None:
    edition = read(
        corrections='[{raw: "elias", said: "Ilya", at: 7, why: name}, {raw: b, said: c, why: d}]',
        left_out="[{lines: 1-8, why: page}, {lines: 9, why: page}, {raw: x, at: 3, why: stray}]",
    )
    assert edition.corrections == (Correction("elias", "Ilya", "name", 7), Correction("b", "c", "d"))
    assert edition.left_out == (LeftOut("page", (1, 8)), LeftOut("page", (9, 9)), LeftOut("stray", None, "x", 3))


@pytest.mark.parametrize("field", ["id", "title", "show", "guest", "published", "url", "kind"])
def test_a_field_that_is_missing_is_named_at_the_top_of_the_head(field: str) -> None:
    found = fault(**{field: None})
    assert (found.line, found.wrong, found.expected) == (2, f"{field} is missing", EXPECTED[field])


def test_an_empty_head_says_what_is_missing_first() -> None:
    with pytest.raises(EditionError, match=r"^show.md:2: id is missing; expected a name of lower-case letters"):
        parse_head("", "show.md", first_line=2)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "Show_1"),
        ("id", "-show"),
        ("id", "a" * 41),
        ("episode", "Lex 94"),
        ("title", '""'),
        ("title", "[a, b]"),
        ("host", '[""]'),
        ("host", "{a: b}"),
        ("guest", "[]"),
        ("guest", '""'),
        ("published", "27 March 2023"),
        ("published", "2023"),
        ("published", "2023-13"),
        ("published", "2023-03-32"),
        ("published", "2023-3-7"),
        ("duration", "2861"),
        ("duration", "1h"),
        ("duration", "[1, 2]"),
        ("url", "www.example.org"),
        ("url", "javascript:alert(1)"),
        ("url", "https://[::1"),
        ("url", "https://[zz]/a"),
        ("url", "https:///a"),
        ("url", "https://example.org:99999/"),
        ("url", '"https://example.org/a b"'),
        ("url", f"https://example.org/{'a' * 500}"),
        ("kind", "podcast"),
        ("corrections", "gpt"),
        ("corrections", "[{raw: a, said: b}]"),
        ("corrections", '[{raw: "", said: b, why: c}]'),
        ("corrections", "[{raw: a, said: b, why: c, at: soon}]"),
        ("corrections", "[{raw: a, said: b, why: c, at: -1}]"),
        ("corrections", "[{raw: a, said: b, why: c, reason: d}]"),
        ("left_out", "[{lines: 1-8}]"),
        ("left_out", "[{lines: 8-1, why: page}]"),
        ("left_out", "[{lines: 0-1, why: page}]"),
        ("left_out", "[{lines: one, why: page}]"),
        ("left_out", "[{why: page}]"),
        ("left_out", "[{lines: 1, raw: x, why: page}]"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_with_its_line_and_what_is_expected(field: str, value: str) -> None:
    fields = {"duration": '"1:00"', "corrections": "[]", "left_out": "[]", "episode": "show", field: value}
    found = fault(**fields)
    line = to_text(**fields).splitlines().index(f"{field}: {value}") + 1
    assert (found.line, found.expected) == (line, EXPECTED[field])
    assert found.wrong.startswith(f"{field}: ")


@pytest.mark.parametrize("published", ["2023-02-30", "2023-04-31", "2023-02-29"])
def test_a_day_that_no_calendar_has_is_refused(published: str) -> None:
    assert fault(published=published).expected == EXPECTED["published"]


def test_a_fault_in_a_list_is_told_with_the_line_of_its_entry() -> None:
    corrections = "\n  - {raw: a, said: b, why: c}\n  - raw: d\n    said: e\n    why: f\n    at: no"
    text = to_text(corrections=corrections)
    assert fault(corrections=corrections).line == text.splitlines().index("    at: no") + 1


def test_an_unknown_field_is_named_with_its_line_and_the_fields_there_are() -> None:
    found = fault(gest="Ilya")
    assert (found.line, found.wrong) == (10, "there is no field 'gest'")
    assert "guest, published" in found.expected


def test_a_field_given_twice_is_refused() -> None:
    with pytest.raises(EditionError, match="title"):
        read(kind="transcript\ntitle: Another")


def test_a_head_that_is_not_yaml_is_told_with_the_line_it_breaks_on() -> None:
    found = fault(show='"The Show')
    assert found.line in (4, 10)
    assert found.wrong.startswith("the head is not YAML")
    assert fault(show="a: b").line == 4


@pytest.mark.parametrize("head", ["- a\n- b", "words", "[]"])
def test_a_head_that_is_no_list_of_fields_is_refused(head: str) -> None:
    with pytest.raises(
        EditionError, match=r"show.md:2: the head is not a list of fields; expected `field: value` lines"
    ):
        parse_head(head, "show.md", first_line=2)


def test_a_summary_names_its_author() -> None:
    assert fault(kind="summary").wrong == "summary_by is missing"
    assert read(kind="summary", summary_by="Sam").summary_by == "Sam"


@given(editions())
def test_a_head_that_is_written_is_yaml_one_field_a_line_and_is_read_as_the_same(edition: Edition) -> None:
    lines = to_head(edition)
    assert all(len(line.splitlines()) == 1 for line in lines)
    read_back: dict[str, Any] = yaml.load("\n".join(lines), Loader=yaml.BaseLoader)  # noqa: S506  strings only
    assert read_back["title"] == edition.episode.title
    found = parse_head("\n".join(lines), "show.md", first_line=2)
    assert (found.episode, found.corrections, found.left_out) == (
        edition.episode,
        edition.corrections,
        edition.left_out,
    )
