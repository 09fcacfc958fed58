"""The shipped documents and their editions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest

from bot.models import Correction, Edition, Kind, LeftOut, Role, Stretch
from bot.transcripts.alignment import Alignment, Step, align, to_keys
from bot.transcripts.edition import parse_edition, to_markdown
from bot.transcripts.library import Library, LoadedEdition, load_edition
from bot.transcripts.sentences import source_of
from bot.transcripts.tracing import trace_edition
from tests.paths import EDITIONS, SEEDS

SHA256 = {
    "000_7f9703c9cf2356c7.txt": "3ed6c86cbb065c5168f3a050da003a3fa3a50fd90d86211fe525bab5aab6afae",
    "001_956d5e91682e3cfc.txt": "fb04807acc81b2f839ea0bb3ab79bafcd68b15b0e69d1a2e4b8d4dc9559782de",
    "002_8ffe7e31ad8e4bf7.txt": "b9b0d7e8e1b462b7ac8d516347d731a4318a6b8238a5f95a89edc66b6a5495b2",
    "003_979c5fb879a44834.txt": "b4bd8f6889c51409fedea73549ad4dc0bdfb4a0c5bb5833fc444e64969a79b3e",
    "004_4ce4f833089e0e5e.txt": "7481dd286aa99d0e7a95742ca989aab27679e4166d2bf4ae2b0d8117cee1466c",
}
FURNITURE = (
    "Reddit Comments",  # Reddit itself is spoken of in the talk
    "HumanSeeing",
    "u/",
    "Cash App",
    "Summify free",
    "Related Videos",
    "View all",
    "Beato",
    "State of AI in 2026",
    "[Music]",
)

Cause = TypeVar("Cause", Correction, LeftOut)
each_edition = pytest.mark.parametrize("path", EDITIONS, ids=lambda path: path.stem)


def test_the_raw_documents_are_as_they_were_found() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (SEEDS / "raw").iterdir()}
    assert found == SHA256


def test_every_edition_loads_without_fault(shipped: Library) -> None:
    assert shipped.faults == ()
    assert [loaded.edition.path for loaded in shipped.editions] == list(map(str, EDITIONS))


def test_every_raw_document_has_its_edition(shipped: Library) -> None:
    assert {loaded.edition.source for loaded in shipped.editions} == {f"raw/{name}" for name in SHA256}


@each_edition
def test_an_edition_is_written_as_the_writer_writes_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert to_markdown(parse_edition(text, str(path))) == text


@each_edition
def test_an_edition_is_named_after_its_file(path: Path) -> None:
    assert load_edition(path).edition.id == path.stem


@each_edition
def test_every_raw_word_of_an_edition_is_accounted_for(path: Path) -> None:
    edition = parse_edition(path.read_text(encoding="utf-8"), str(path))
    raw = read_raw(edition)
    counts = trace_edition(edition, raw).counts
    assert counts[Step.KEPT] > 0
    assert counts[Step.LEFT_OUT] > 0
    assert counts.total() == len(to_keys(raw))


@each_edition
def test_the_source_of_a_sentence_holds_its_words(path: Path) -> None:
    loaded = load_edition(path)
    sentences = [sentence for passage in loaded.passages for sentence in passage.sentences]
    assert sentences
    assert [s.text for s in sentences if not is_sourced(s.text, s.source, loaded.edition)] == []


@each_edition
def test_the_source_of_a_passage_holds_its_words_and_nothing_that_was_left_out(path: Path) -> None:
    loaded = load_edition(path)
    sources = [(passage, source_of(passage.sentences)) for passage in loaded.passages]
    assert [p.id for p, source in sources if not is_sourced(p.text, source, loaded.edition)] == []


def test_a_sentence_with_a_word_too_many_is_not_taken_for_sourced(shipped: Library) -> None:
    loaded = shipped.editions[0]
    sentence = loaded.passages[0].sentences[0]
    assert is_sourced(sentence.text, sentence.source, loaded.edition)
    assert not is_sourced(f"{sentence.text} Never.", sentence.source, loaded.edition)
    assert not is_sourced(sentence.text, loaded.passages[1].sentences[0].source, loaded.edition)


@each_edition
def test_no_passage_holds_page_furniture(path: Path) -> None:
    texts = [passage.text for passage in load_edition(path).passages]
    assert [text for text in texts if any(piece in text for piece in FURNITURE)] == []


@each_edition
def test_only_transcripts_put_words_in_a_mouth(path: Path) -> None:
    loaded = load_edition(path)
    roles = {passage.role for passage in loaded.passages}
    if loaded.edition.kind is Kind.SUMMARY:
        assert roles == {Role.SUMMARY}
        assert {passage.speaker for passage in loaded.passages} == {None}
    else:
        assert {Role.HOST, Role.GUEST} <= roles <= {Role.HOST, Role.GUEST, Role.DOUBTFUL}


@each_edition
def test_what_a_summary_leaves_out_is_told_in_the_readme_and_nothing_else_is(path: Path) -> None:
    loaded = load_edition(path)
    if loaded.edition.kind is Kind.SUMMARY:
        rows = readme_rows(loaded)
        assert [place for place in places(loaded.edition) if not any(named(place, row) for row in rows)] == []
        assert len(rows) == len(loaded.edition.left_out)


@cache
def read_raw(edition: Edition) -> str:
    """Read the raw text that an edition names."""
    return (SEEDS / (edition.source or "")).read_text(encoding="utf-8")


def is_sourced(shown: str, stretches: Sequence[Stretch], edition: Edition) -> bool:
    """Whether the raw words that a text points at are its words, by the rules of clean verbatim."""
    raw = read_raw(edition)
    if not stretches or any(stretch.file != (edition.source or "").rpartition("/")[2] for stretch in stretches):
        return False
    text = "\n".join(raw[stretch.start : stretch.end] for stretch in stretches)
    corrections = filter(None, (at_new_place(cause, stretches) for cause in edition.corrections))
    left_out = filter(None, (at_new_place(cause, stretches) for cause in edition.left_out if cause.raw))
    return isinstance(align(text, to_keys(shown), corrections, left_out), Alignment)


def at_new_place(cause: Cause, stretches: Sequence[Stretch]) -> Cause | None:
    """Move what is tied to a place of the raw file to its place in the stretches joined by line ends."""
    if cause.at is None:
        return cause
    before = 0
    for stretch in stretches:
        if stretch.start <= cause.at < stretch.end:
            return replace(cause, at=before + cause.at - stretch.start)
        before += stretch.end - stretch.start + 1
    return None


def places(edition: Edition) -> list[tuple[str, str]]:
    """Give what an edition leaves out as the README may name it: its lines, or its line and its first words."""
    raw = read_raw(edition)
    return [
        (f"{omission.lines[0]}-{omission.lines[1]}", "") if omission.lines else place_of(omission, raw)
        for omission in edition.left_out
    ]


def place_of(omission: LeftOut, raw: str) -> tuple[str, str]:
    """Give the line that the words left out stand on, and the first five of them."""
    words = omission.raw or ""
    return f"{raw[: raw.index(words)].count(chr(10)) + 1},", " ".join(words.split()[:5])


def named(place: tuple[str, str], row: str) -> bool:
    """Whether a row of the README names a place."""
    lines, words = place
    first, _, last = lines.partition("-")
    wanted = first if first == last else lines
    cell = row.split("|")[1].strip()
    return cell.startswith(lines) or words in row if words else cell == wanted


def readme_rows(loaded: LoadedEdition) -> list[str]:
    """Give the rows of the table that the README has on an edition."""
    readme = (SEEDS / "README.md").read_text(encoding="utf-8")
    section = re.search(rf"^### {loaded.edition.id} .*?(?=^### |\Z)", readme, re.MULTILINE | re.DOTALL)
    assert section, f"the README has no section on {loaded.edition.id}"
    return re.findall(r"^\| \d.*$", section[0], re.MULTILINE)
