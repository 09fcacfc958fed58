from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import AlignmentError, CorpusError, EditionError
from bot.models import Stretch
from bot.transcripts.library import load_edition, load_library
from tests.editions import BODY, FIRST_LINE, write_edition

RAW = "what is a talk\num a talk is words in order"


def refused(path: Path) -> EditionError:
    """Give the fault of a file."""
    with pytest.raises(EditionError) as caught:
        load_edition(path)
    assert caught.value.path == str(path)
    return caught.value


def test_an_edition_is_loaded_with_its_alignment_and_its_passages(tmp_path: Path) -> None:
    loaded = load_edition(write_edition(tmp_path, raw=RAW))
    assert loaded.alignment
    question, answer = loaded.passages
    assert (question.text, answer.text) == ("What is a talk?", "A talk is words in order.")
    assert answer.sentences[0].source == (Stretch("show-1.txt", RAW.index("a talk is"), len(RAW)),)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\n\r\n"])
def test_offsets_are_those_of_the_raw_file_however_its_lines_end(tmp_path: Path, end: str) -> None:
    raw = RAW.replace("\n", end)
    path = write_edition(tmp_path, raw=raw)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    (stretch,) = load_edition(path).passages[1].sentences[0].source
    assert raw[stretch.start : stretch.end] == "a talk is words in order"
    assert (tmp_path / "raw" / stretch.file).read_bytes() == raw.encode()


def test_an_edition_without_a_raw_text_loads_without_an_alignment(tmp_path: Path) -> None:
    loaded = load_edition(write_edition(tmp_path))
    assert loaded.alignment is None
    assert [sentence.source for passage in loaded.passages for sentence in passage.sentences] == [(), ()]


def test_a_raw_file_is_found_beside_the_folder_of_editions(tmp_path: Path) -> None:
    (tmp_path / "deep" / "raw").mkdir(parents=True)
    (tmp_path / "deep" / "raw" / "a.txt").write_text(RAW, encoding="utf-8")
    assert load_edition(write_edition(tmp_path / "deep", source="raw/a.txt")).alignment


def test_a_raw_file_that_is_missing_is_a_fault_of_its_edition(tmp_path: Path) -> None:
    found = refused(write_edition(tmp_path, source="raw/none.txt"))
    assert str(tmp_path / "raw" / "none.txt") in found.wrong
    assert "No such file" in found.wrong


def test_a_raw_file_that_is_no_utf_8_is_a_fault_of_its_edition(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_bytes(b"what is \xff")
    found = refused(write_edition(tmp_path, source="raw/a.txt"))
    assert (found.wrong, found.expected) == ("a.txt is not UTF-8 (byte 8)", "UTF-8 text")


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("## [1:00] A\n\n**?:** One.\n\n## [0:30] B\n\n**?:** Two.", 4),
        ("## [1:00] A\n\n[0:59] **?:** One.", 2),
        ("[1:00] **?:** One.\n\n**?:** Two.\n\n[0:59] **?:** Tri.", 4),
    ],
)
def test_a_transcript_whose_times_go_back_is_refused_with_the_line(tmp_path: Path, body: str, line: int) -> None:
    found = refused(write_edition(tmp_path, body))
    assert found.line == FIRST_LINE + line
    assert found.wrong.endswith("comes after 1:00")


def test_the_times_of_a_summary_and_equal_times_may_stand_in_any_order(tmp_path: Path) -> None:
    back = "## [1:00] A\n\nOne.\n\n## [0:30] B\n\nTwo."
    assert load_edition(write_edition(tmp_path, back, kind="summary", summary_by="Sam")).passages
    assert load_edition(write_edition(tmp_path, "## [1:00] A\n\n[1:00] **?:** One.")).passages


def test_an_edition_that_is_no_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes("---\nid: a\ntitle: Żółć".encode("utf-16"))
    assert refused(path).expected == "UTF-8 text"


def test_an_edition_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "a.md"
    folder.mkdir()
    assert "cannot be read" in refused(folder).wrong
    assert "No such file" in refused(tmp_path / "none.md").wrong


def test_a_folder_is_loaded_in_the_order_of_its_files(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        write_edition(tmp_path, id=name)
    (tmp_path / "episodes" / "notes.txt").write_text("not an edition", encoding="utf-8")
    library = load_library(tmp_path / "episodes")
    assert [loaded.edition.id for loaded in library.editions] == ["a", "b", "c"]
    assert library.faults == ()
    assert [passage.edition for passage in library.passages] == ["a", "a", "b", "b", "c", "c"]


def test_a_bad_edition_is_reported_and_the_others_load(tmp_path: Path) -> None:
    write_edition(tmp_path, id="a")
    bad = write_edition(tmp_path, id="b", kind="podcast")
    astray = write_edition(tmp_path, raw="quite another text", id="c")
    write_edition(tmp_path, id="d")
    library = load_library(tmp_path / "episodes")
    assert [loaded.edition.id for loaded in library.editions] == ["a", "d"]
    assert [(type(fault), fault.path) for fault in library.faults] == [
        (EditionError, str(bad)),
        (AlignmentError, str(astray)),
    ]


def test_of_two_editions_with_one_id_the_second_is_refused(tmp_path: Path) -> None:
    first = write_edition(tmp_path)
    second = first.with_name("show-2.md")
    second.write_bytes(first.read_bytes())
    (fault,) = load_library(first.parent).faults
    assert fault.path == str(second)
    assert fault.wrong == f"the id 'show-1' is that of {first}"
    assert fault.expected == "an id of its own"


def test_several_editions_of_one_episode_are_one_episode(tmp_path: Path) -> None:
    write_edition(tmp_path, id="a", episode="lex-94")
    write_edition(tmp_path, "He talks.", id="b", episode="lex-94", kind="summary", summary_by="Sam")
    library = load_library(tmp_path / "episodes")
    assert [episode.id for episode in library.episodes] == ["lex-94"]
    assert len(library.editions) == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", "Another"), ("show", "Another"), ("host", "Bob"), ("published", "2020-01"), ("duration", '"1:00"')],
)
def test_one_episode_is_told_the_same_in_all_its_editions(tmp_path: Path, field: str, value: str) -> None:
    first = write_edition(tmp_path, "**?:** One.", id="a", episode="lex-94")
    write_edition(tmp_path, "**?:** One.", **{"id": "b", "episode": "lex-94", field: value})
    (fault,) = load_library(first.parent).faults
    assert fault.wrong == f"episode 'lex-94' is told differently in {first}"
    assert fault.expected.startswith("the same title")


def test_episodes_come_newest_first(tmp_path: Path) -> None:
    for name, published in (("a", "2020-05-08"), ("b", "2023-03-27"), ("c", "2022-03")):
        write_edition(tmp_path, id=name, published=published)
    assert [episode.id for episode in load_library(tmp_path / "episodes").episodes] == ["b", "c", "a"]


def test_a_folder_that_is_missing_says_which_setting_names_it(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no folder .*none\. Set EPISODES_DIR"):
        load_library(tmp_path / "none")
    file = tmp_path / "file"
    file.write_text(BODY, encoding="utf-8")
    with pytest.raises(CorpusError, match="EPISODES_DIR"):
        load_library(file)


def test_a_folder_without_editions_is_no_corpus(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"It has no \*\.md files"):
        load_library(tmp_path)


def test_a_folder_with_only_bad_editions_tells_why(tmp_path: Path) -> None:
    bad = write_edition(tmp_path, kind="podcast")
    with pytest.raises(CorpusError) as caught:
        load_library(bad.parent)
    assert f"{bad}:9: kind:" in str(caught.value)
