"""An edition against its raw text: the words it claims, traced to their bytes."""

from __future__ import annotations

from collections.abc import Iterator

from bot.errors import AlignmentError
from bot.models import Correction, Edition, Kind, LeftOut
from bot.transcripts.alignment import Alignment, Mismatch, align, to_keys


def trace_edition(edition: Edition, raw: str) -> Alignment:
    """Align an edition with its raw text.

    Raises AlignmentError at the first line that cannot be followed, or for a correction or omission that is not used.
    """
    texts = list(edition_texts(edition))
    keys = [key for text, _ in texts for key in to_keys(text)]
    found = align(raw, keys, edition.corrections, edition.left_out)
    if isinstance(found, Mismatch):
        wrong = f"the edition has {found.edition!r} where the raw text has {found.raw!r} (character {found.offset})"
        expected = "the raw words, a listed correction or a listed omission"
        raise AlignmentError(edition.path, _line_of(texts, found.word), wrong, expected)
    unused: list[Correction | LeftOut] = [cause for cause in edition.corrections if cause not in found.corrections]
    unused += [cause for cause in edition.left_out if cause not in found.omissions and cause.raw]
    unused += [cause for cause in edition.left_out if cause.lines and cause.lines[1] > raw.count("\n") + 1]
    if unused:
        wrong = f"{_to_name(unused[0])} is listed in the head ({unused[0].why}) and not used"
        raise AlignmentError(edition.path, 1, wrong, "only what changes the raw text")
    return found


def _to_name(cause: Correction | LeftOut) -> str:
    if isinstance(cause, LeftOut) and cause.lines:
        return f"lines {cause.lines[0]}-{cause.lines[1]}"
    return repr(cause.raw)


def edition_texts(edition: Edition) -> Iterator[tuple[str, int]]:
    """Give the texts of an edition that stand in its raw file, in order, with their lines.

    A summary's headings are its author's words; a transcript's are not spoken.
    """
    for chapter in edition.chapters:
        if edition.kind is Kind.SUMMARY and chapter.title:
            yield chapter.title, chapter.line
        for turn in chapter.turns:
            for paragraph in turn.paragraphs:
                yield paragraph.text, paragraph.line


def _line_of(texts: list[tuple[str, int]], word: int) -> int:
    line = 1
    for text, line in texts:
        word -= len(to_keys(text))
        if word < 0:
            return line
    return line
