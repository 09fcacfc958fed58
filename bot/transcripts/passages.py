"""The cut of an edition into passages: whole sentences of one speaker in one turn."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from bot.models import Edition, Kind, Paragraph, Passage, Role, Sentence, Stretch, Timing, Turn
from bot.transcripts.alignment import Alignment, follows, to_keys, to_stretches
from bot.transcripts.marks import find_marked
from bot.transcripts.sentences import DOUBTFUL_WORD, is_doubtful, split_sentences, without_marks
from bot.transcripts.timing import Timeline

LONGEST = 120
"""Words: a longer stretch is cut evenly at sentence ends."""

SHORT_QUESTION = 9
"""Words: a question shorter than this leans on what was asked before it ("Give me an over-under.")."""

BACKCHANNEL = 3
"""Words: a turn no longer than this, and no question ("Got it."), asks nothing and ends no question."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence with what its paragraph says of it; `daily` is the mark it stands under, "" under another's."""

    sentence: Sentence
    words: int
    topics: tuple[str, ...]
    daily: str | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """The question a turn answers, who asked it, and what was asked before it."""

    text: str = ""
    by: str | None = None
    thread: str = ""


def cut_passages(edition: Edition, timeline: Timeline, alignment: Alignment | None = None) -> tuple[Passage, ...]:
    """Cut an edition into passages of at most about LONGEST words; adverts and doubtful sentences are in none."""
    passages: list[Passage] = []
    asked, by_guest = _Asked(), _Asked()
    for turn_number, (chapter, turn, pieces) in enumerate(_sentences(edition, timeline, alignment)):
        answering = _Asked()
        if turn.role is Role.GUEST:
            answering = asked if by_guest.by in (None, turn.speaker) else by_guest
            by_guest = _next_asked(turn, asked) if _ends_in_question(turn) else by_guest
        elif turn.role in (Role.HOST, Role.DOUBTFUL):
            before, asked = asked, _next_asked(turn, asked)
            by_guest = by_guest if asked is before else _Asked()
        if turn.role is not Role.ADVERT:
            passages += [_to_passage(edition, chapter, turn_number, turn, answering, run) for run in _runs(pieces)]
    return tuple(_named(edition.id, passages))


def _to_passage(
    edition: Edition, heading: str, number: int, turn: Turn, asked: _Asked, run: Sequence[_Piece]
) -> Passage:
    is_timed = run[0].sentence.start is not None and edition.kind is Kind.TRANSCRIPT
    return Passage(
        id="",
        episode=edition.episode,
        edition=edition.id,
        role=turn.role,
        speaker=turn.speaker,
        sentences=tuple(piece.sentence for piece in run),
        turn=number,
        asked=asked.text,
        asked_by=asked.by,
        thread=asked.thread,
        topics=tuple(dict.fromkeys(topic for piece in run for topic in piece.topics)),
        heading=heading,
        timing=Timing.ESTIMATED if is_timed else Timing.NONE,
        summary_by=edition.summary_by,
        daily=_daily(run),
    )


def _daily(run: Sequence[_Piece]) -> tuple[Sentence, ...] | None:
    """Give the sentences of a passage that are marked; none where all that is marked is elsewhere in its paragraphs."""
    if all(piece.daily is None for piece in run):
        return None
    return tuple(piece.sentence for piece in run if piece.daily)


def _sentences(
    edition: Edition, timeline: Timeline, alignment: Alignment | None
) -> Iterator[tuple[str, Turn, list[_Piece]]]:
    """Give every turn with its chapter's title and its sentences, each with its time and its bytes."""
    traced = 0  # words of the raw text so far; a summary's headings are among them
    spoken = 0  # characters
    for chapter in edition.chapters:
        if edition.kind is Kind.SUMMARY:
            traced += len(to_keys(chapter.title))
        for turn in chapter.turns:
            pieces = []
            for paragraph, topics in _with_topics(turn.paragraphs):
                texts = split_sentences(paragraph.text)
                for text, mark in zip(texts, _marks(paragraph, texts), strict=True):
                    count = len(to_keys(text))
                    sentence = Sentence(
                        text=without_marks(text),
                        start=chapter.start if edition.kind is Kind.SUMMARY else timeline.time_of(spoken),
                        source=_stretches(edition, alignment, traced, traced + count),
                        is_doubtful=is_doubtful(text),
                        follows=alignment is not None and follows(alignment, traced),
                    )
                    pieces.append(_Piece(sentence, count, topics, mark))
                    traced += count
                    spoken += len(text) + 1
            yield chapter.title, turn, pieces


def _marks(paragraph: Paragraph, texts: Sequence[str]) -> list[str | None]:
    """Give for each sentence of a paragraph the mark that names it."""
    if paragraph.daily is None:
        return [None] * len(texts)
    named = [(mark, find_marked(mark, texts) or ()) for mark in paragraph.daily]
    return [next((mark for mark, found in named if number in found), "") for number in range(len(texts))]


def _stretches(edition: Edition, alignment: Alignment | None, first: int, last: int) -> tuple[Stretch, ...]:
    if alignment is None or edition.source is None:
        return ()
    return to_stretches(alignment, first, last, edition.source.rpartition("/")[2])


def _with_topics(paragraphs: Sequence[Paragraph]) -> list[tuple[Paragraph, tuple[str, ...]]]:
    """Give each paragraph the topics written under it or, where there are none, under the next that has some."""
    topics: tuple[str, ...] = ()
    found = []
    for paragraph in reversed(paragraphs):
        topics = paragraph.topics or topics
        found.append((paragraph, topics))
    return found[::-1]


def _ends_in_question(turn: Turn) -> bool:
    """Whether a guest's turn ends by asking: one guest may ask another, and a question within a reply is rhetoric."""
    last = split_sentences(turn.paragraphs[-1].text)[-1]
    return not is_doubtful(last) and last.rstrip("\"'”’)]").endswith("?")


def _next_asked(turn: Turn, before: _Asked) -> _Asked:
    sentences = [sentence for paragraph in turn.paragraphs for sentence in split_sentences(paragraph.text)]
    spoken = " ".join(sentences)
    if len(to_keys(spoken)) <= BACKCHANNEL and "?" not in spoken.replace(DOUBTFUL_WORD, ""):
        return before
    if turn.role is Role.DOUBTFUL:
        return _Asked()
    text = " ".join(sentence for sentence in sentences if not is_doubtful(sentence))
    length = len(to_keys(text))
    if not text or (length <= BACKCHANNEL and "?" not in text):
        return before
    leans = length < SHORT_QUESTION
    return _Asked(text, turn.speaker, f"{before.thread} {before.text}".strip() if leans else "")


def _runs(pieces: Iterable[_Piece]) -> Iterator[Sequence[_Piece]]:
    """Part a turn at its doubtful sentences and where its topics change, and cut what is between them evenly."""
    for (doubtful, _), run in groupby(pieces, key=lambda piece: (piece.sentence.is_doubtful, piece.topics)):
        if not doubtful:
            for even in _cut_evenly(list(run)):
                yield from _part_quotes(even)


def _part_quotes(run: Sequence[_Piece]) -> Iterator[Sequence[_Piece]]:
    """Part a run before its second marked quote and every later one, for a passage is posted with one."""
    marks = [piece.daily for piece in run]
    begins = [number for number, mark in enumerate(marks) if mark and mark not in marks[:number]]
    for first, last in pairwise([0, *begins[1:], len(run)]):
        yield run[first:last]


def _cut_evenly(pieces: Sequence[_Piece]) -> list[Sequence[_Piece]]:
    ends: list[int] = []  # words up to and with each sentence
    for piece in pieces:
        ends.append(piece.words + (ends[-1] if ends else 0))
    for parts in range(-(-ends[-1] // LONGEST) or 1, len(pieces) + 1):
        runs = _cut_into(parts, pieces, ends)
        if all(_is_whole(run) or sum(piece.words for piece in run) <= LONGEST for run in runs):
            return runs
    return [list(run) for _, run in groupby(pieces, key=lambda piece: piece.daily or id(piece))]


def _is_whole(run: Sequence[_Piece]) -> bool:
    """Whether a run is not to be cut: one sentence, or one marked quote."""
    return len(run) == 1 or (bool(run[0].daily) and all(piece.daily == run[0].daily for piece in run))


def _cut_into(parts: int, pieces: Sequence[_Piece], ends: Sequence[int]) -> list[Sequence[_Piece]]:
    """Cut at the sentence ends that are nearest to equal parts, and never within a marked quote."""
    cuts = {0, len(pieces)}
    joints = [number for number, two in enumerate(pairwise(pieces)) if not _is_whole(two)] + [len(pieces) - 1]
    for part in range(1, parts):
        target = ends[-1] * part / parts
        cuts.add(min(joints, key=lambda number: abs(ends[number] - target)) + 1)
    return [pieces[first:last] for first, last in pairwise(sorted(cuts))]


def _named(edition: str, passages: Iterable[Passage]) -> Iterator[Passage]:
    """Name passages after their words, so that a name holds as long as the words do, whatever changes around them."""
    seen: dict[str, int] = {}
    for passage in passages:
        words = " ".join(to_keys(passage.text))
        digest = hashlib.blake2b(words.encode(), digest_size=5).digest()
        name = f"{edition}:{b32encode(digest).decode().lower()[:6]}"
        seen[name] = seen.get(name, 0) + 1
        yield replace(passage, id=name if seen[name] == 1 else f"{name}-{seen[name]}")
