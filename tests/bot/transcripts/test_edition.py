from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import EditionError
from bot.models import Chapter, Edition, Kind, Paragraph, Role, Turn
from bot.transcripts.edition import parse_edition, to_markdown
from tests.editions import FIRST_LINE, to_edition, to_summary, to_text
from tests.strategies import editions


def turns(body: str) -> list[Turn]:
    """Read the turns of a transcript."""
    return [turn for chapter in to_edition(body).chapters for turn in chapter.turns]


def fault(text: str) -> EditionError:
    """Give the fault of an edition."""
    with pytest.raises(EditionError) as caught:
        parse_edition(text, "show.md")
    return caught.value


def fault_or_none(text: str) -> EditionError | None:
    """Give the fault of an edition, if it has one."""
    try:
        parse_edition(text, "show.md")
    except EditionError as error:
        return error
    return None


@settings(max_examples=80)
@given(editions())
def test_an_edition_that_is_written_is_read_as_the_same(edition: Edition) -> None:
    text = to_markdown(edition)
    read = parse_edition(text, "show.md")
    assert read == edition
    assert to_markdown(read) == text


@given(editions(), st.sampled_from(["\r\n", "\n"]), st.sampled_from(["", "\ufeff"]))
def test_line_ends_and_marks_of_other_systems_change_nothing(edition: Edition, end: str, mark: str) -> None:
    text = mark + to_markdown(edition).replace("\n", end)
    assert parse_edition(text, "show.md") == edition


_SCRAPS = st.sampled_from(
    [
        "---",
        "##",
        "## [1:00] A",
        "## [x] A",
        "**Anna Host:**",
        "**?:** a",
        "**",
        "- a",
        "-->",
        "<!-- topics: -->",
        "[1:00]",
    ]
)


@settings(max_examples=200)
@given(st.lists(_SCRAPS | st.text(max_size=12), max_size=10), st.booleans(), st.sampled_from(Kind))
def test_any_text_is_read_or_refused_with_a_line_of_its_own(scraps: list[str], has_head: bool, kind: Kind) -> None:
    body = "\n".join(scraps)
    text = to_text(body, kind=kind, summary_by="Sam") if has_head else body
    found = fault_or_none(text)
    if found:
        assert 1 <= found.line <= len(text.splitlines()) + 1
        assert str(found) == f"show.md:{found.line}: {found.wrong}; expected {found.expected}"


# What a body holds


def test_a_turn_has_its_speaker_its_role_and_its_time() -> None:
    first, second = turns("**Anna Host:** Why?\n\n[1:02:03] **Ilya Sutskever:** Because.")
    assert first == Turn("Anna Host", Role.HOST, (Paragraph("Why?"),))
    assert second == Turn("Ilya Sutskever", Role.GUEST, (Paragraph("Because."),), 3723)


def test_a_turn_without_a_name_goes_on_with_the_one_above() -> None:
    (turn,) = turns("**Ilya Sutskever:** One.\n\nTwo.\n\nThree.")
    assert [paragraph.text for paragraph in turn.paragraphs] == ["One.", "Two.", "Three."]


def test_a_doubtful_turn_and_an_advert_have_nobodys_name() -> None:
    found = [(turn.speaker, turn.role) for turn in turns("**?:** Perhaps.\n\n**Advert:** Buy.")]
    assert found == [(None, Role.DOUBTFUL), (None, Role.ADVERT)]


def test_a_paragraph_may_run_over_several_lines() -> None:
    (turn,) = turns("**Ilya Sutskever:** One\ntwo\n   three.")
    assert turn.paragraphs == (Paragraph("One two three."),)


def test_a_turn_may_follow_another_without_an_empty_line() -> None:
    assert [turn.speaker for turn in turns("**Anna Host:** Why?\n**Ilya Sutskever:** So.")] == [
        "Anna Host",
        "Ilya Sutskever",
    ]


def test_the_guest_is_the_guest_where_one_name_is_both() -> None:
    chapters = to_edition("**Anna Host:** Alone.", guest="Anna Host").chapters
    assert chapters[0].turns[0].role is Role.GUEST


def test_a_heading_begins_a_chapter_with_or_without_a_time() -> None:
    body = "**?:** Before.\n\n## [5:57] Later on\n\n**?:** Words.\n\n## No time\n\n**?:** More.\n\n## Empty"
    chapters = to_edition(body).chapters
    assert [(chapter.title, chapter.start, len(chapter.turns)) for chapter in chapters] == [
        ("", None, 1),
        ("Later on", 357, 1),
        ("No time", None, 1),
        ("Empty", None, 0),
    ]


def test_a_turn_does_not_go_on_after_a_heading() -> None:
    found = fault(to_text("**?:** Words.\n\n## Next\n\nMore words."))
    assert (found.line, found.wrong) == (FIRST_LINE + 4, "nobody says 'More words.'")


def test_topics_and_marks_belong_to_the_paragraph_above_them() -> None:
    body = "**?:** One.\n<!-- topics: a b;  c ; a b;-->\n<!-- quote: no -->\n\nTwo, two.\n\n<!-- quote: Two, … two. -->"
    (turn,) = turns(body)
    assert turn.paragraphs == (
        Paragraph("One.", ("a b", "c"), daily=()),
        Paragraph("Two, two.", (), daily=("Two, … two.",)),
    )


def test_a_paragraph_may_have_several_quotes() -> None:
    body = "**?:** One is one. And so on. Two is two.\n<!-- quote: One … one. -->\n<!-- quote: Two\n… two. -->"
    (turn,) = turns(body)
    assert turn.paragraphs[0].daily == ("One … one.", "Two … two.")


@pytest.mark.parametrize(
    "marks",
    [
        ("yes",),
        ("Two … one.",),
        ("One … five.",),
        ("On … one.",),
        ("One … ne.",),
        ("One is one.",),
        ("Again … this.",),
        ("Again … again.",),
        ("Perhaps … perhaps.",),
        ("One … Again this.", "Again this … this."),
        ("One … one.", "no"),
        ("no", "One … one."),
        ("no", "no"),
    ],
)
def test_a_mark_that_fits_nothing_is_a_fault_of_its_line(marks: tuple[str, ...]) -> None:
    body = "**?:** One is one. Again this. Again that. Perhaps [?] perhaps.\n"
    found = fault(to_text(body + "".join(f"<!-- quote: {mark} -->\n" for mark in marks)))
    assert found.line == FIRST_LINE + len(marks)


def test_topics_may_run_over_several_lines() -> None:
    (turn,) = turns("**?:** One.\n<!-- topics: a;\nb -->\nTwo.")
    assert turn.paragraphs == (Paragraph("One.", ("a", "b")), Paragraph("Two."))


def test_a_summary_has_paragraphs_and_bullets_and_no_names() -> None:
    (chapter,) = to_summary("## [1:00] Scaling\n\nHe says so.\n- And so.\n- And so on,\n  at length.").chapters
    statements = (Paragraph("He says so."), Paragraph("And so.", is_bullet=True))
    last = Paragraph("And so on, at length.", is_bullet=True)
    assert chapter == Chapter("Scaling", (Turn(None, Role.SUMMARY, (*statements, last)),), 60)


def test_a_dash_is_no_bullet_in_a_transcript() -> None:
    (turn,) = turns("**Ilya Sutskever:** One.\n\n- Two.")
    assert turn.paragraphs[1] == Paragraph("- Two.")


def test_everything_knows_the_line_it_stands_on() -> None:
    (chapter,) = to_edition("## A\n\n**?:** One.\n\nTwo\nlines.\n\n**?:** Three.").chapters
    assert chapter.line == FIRST_LINE
    assert [turn.line for turn in chapter.turns] == [FIRST_LINE + 2, FIRST_LINE + 7]
    assert [paragraph.line for paragraph in chapter.turns[0].paragraphs] == [FIRST_LINE + 2, FIRST_LINE + 4]


# What it refuses


@pytest.mark.parametrize("text", ["", "\n", "id: show-1", "\n---\nid: a\n---\n"])
def test_an_edition_begins_with_its_head(text: str) -> None:
    found = fault(text)
    assert (found.line, found.wrong) == (1, "there is no head")
    assert "three dashes" in found.expected


def test_a_head_has_an_end() -> None:
    found = fault("---\nid: show-1\n\n**?:** Words.")
    assert (found.line, found.wrong) == (1, "the head does not end")
    assert "three dashes" in found.expected


def test_a_fault_in_the_head_is_told_with_its_line_in_the_file() -> None:
    assert fault(to_text(kind="podcast")).line == 9


@pytest.mark.parametrize(
    ("body", "line", "wrong", "expected"),
    [
        ("", None, "the edition has no text", "**Name:**"),
        ("## Only a heading", None, "the edition has no text", "**Name:**"),
        ("Words.", 0, "nobody says 'Words.'", "**Name:**"),
        ("## A\n\nWords.", 2, "nobody says 'Words.'", "**Name:**"),
        ("**Bob:** Words.", 0, "'Bob' is not a speaker", "one of Anna Host, Ilya Sutskever, ?, Advert"),
        ("**?:** A.\n\n**ilya sutskever:** B.", 2, "'ilya sutskever' is not a speaker", "Ilya Sutskever"),
        ("**Anna Host:**", 0, "the turn of Anna Host has no words", "text after the name"),
        ("**Anna Host:**\n\nWords.", 0, "the turn of Anna Host has no words", "text after the name"),
        ("**Anna Host:**\n<!-- topics: a -->", 0, "the turn of Anna Host has no words", "text after the name"),
        ("**Anna Host**: Words.", 0, "'**Anna Host**: Words.' is not a turn", "**Name:**"),
        ("**Anna Host: Words.", 0, "'**Anna Host: Words.' is not a turn", "**Name:**"),
        ("**?:** A.\n\n**Loud** words.", 2, "'**Loud** words.' is not a turn", "**Name:**"),
        ("[soon] **?:** Words.", 0, "'**' within a paragraph", "at the beginning of a line"),
        ("[1:99] **?:** Words.", 0, "[1:99] is not a time", "[m:ss]"),
        ("[] **?:** Words.", 0, "[] is not a time", "[m:ss]"),
        ("## [soon] A\n\n**?:** B.", 0, "[soon] is not a time", "[m:ss] or [h:mm:ss]"),
        ("## [1:2] A\n\n**?:** B.", 0, "[1:2] is not a time", "[m:ss]"),
        ("**?:** A.\n\n# B", 2, "'# B' is not a chapter", "`## Title` or `## [m:ss] Title`"),
        ("**?:** A.\n\n### B", 2, "'### B' is not a chapter", "`## Title`"),
        ("**?:** A.\n\n##", 2, "'##' is not a chapter", "`## Title`"),
        ("<!-- topics: a -->\n\n**?:** A.", 0, "topics of nothing", "under a paragraph"),
        ("**?:** A.\n\n## B\n<!-- quote: no -->", 3, "quote of nothing", "under a paragraph"),
        ("**?:** A.\n<!-- topics: ; ; -->", 1, "the topics are empty", "';' between"),
        ("**?:** A.\n<!-- quote: perhaps -->", 1, "quote: 'perhaps' fits nothing", "First words … last words."),
        ("**?:** A [?] b.\n<!-- quote: A … b. -->", 1, "quote: 'A … b.' has a doubtful", "that are certain"),
        ("**?:** A.\n<!-- quote: no -->\n<!-- quote: A. … A. -->", 2, "a paragraph with a quote and", "either"),
        ("**?:** A.\n<!-- note: a -->", 1, "'<!-- note: a -->' is not understood", "<!-- topics:"),
        ("**?:** A.\n<!-- a comment -->", 1, "'<!-- a comment -->' is not understood", "<!-- topics:"),
        ("**?:** A.\n<!-- topics: a", 1, "'<!-- topics: a' is not understood", "<!-- topics:"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_is_expected(
    body: str, line: int | None, wrong: str, expected: str
) -> None:
    found = fault(to_text(body))
    assert found.line == (1 if line is None else FIRST_LINE + line)
    assert found.wrong.startswith(wrong)
    assert expected in found.expected


@pytest.mark.parametrize("text", ["No. **Ilya Sutskever:** Yes.", "A **loud** word.", "An end **", "[later] **?:** B."])
def test_a_name_or_bold_text_within_a_paragraph_is_refused(text: str) -> None:
    assert fault(to_text(f"**Anna Host:** A.\n\n**Anna Host:** {text}")).line == FIRST_LINE + 2


def test_a_summary_has_no_speakers() -> None:
    found = fault(to_text("**Ilya Sutskever:** Words.", kind="summary", summary_by="Sam"))
    assert (found.line, found.wrong) == (FIRST_LINE + 1, "a speaker (Ilya Sutskever) in a summary")
    assert found.expected == "statements without names"


@example("a\nb")
@given(st.text(max_size=30))
def test_a_path_is_named_as_it_is_given(path: str) -> None:
    with pytest.raises(EditionError) as caught:
        parse_edition("", path)
    assert caught.value.path == path
    assert str(caught.value).startswith(f"{path}:1: ")
