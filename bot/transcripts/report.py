"""The figures of an edition, for the person who edits it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.models import Edition, Kind, Role, Turn
from bot.transcripts.alignment import Step, to_keys
from bot.transcripts.library import LoadedEdition
from bot.transcripts.sentences import is_doubtful, split_sentences

LONG = 150
"""Words: a longer passage is one sentence that never ends; look whether it has a stop."""

SHORT = 4
"""Words: a shorter passage means something only with its question; look whether it stands under the right one."""


@dataclass(frozen=True, slots=True)
class Report:
    """What `ilya check` tells of an edition; `odd_passages` are those too long or too short, with their words."""

    edition: str
    kind: Kind
    turns: int
    words: Mapping[str, int]
    doubtful: float
    steps: Mapping[Step, int]
    corrections: int
    anchors: int
    passages: int
    topics: int
    odd_passages: tuple[tuple[str, int], ...]


def report_on(loaded: LoadedEdition) -> Report:
    """Count what an edition holds."""
    edition = loaded.edition
    words = count_words(edition)
    lengths = [(passage, len(to_keys(passage.text))) for passage in loaded.passages]
    odd = [(f"{p.id} {p.text[:60]}", n) for p, n in lengths if n > LONG or n < SHORT]
    return Report(
        edition=edition.id,
        kind=edition.kind,
        turns=sum(len(chapter.turns) for chapter in edition.chapters),
        words=words,
        doubtful=_doubtful_words(edition) / max(1, words.total()),
        steps=loaded.alignment.counts if loaded.alignment else {},
        corrections=len(edition.corrections),
        anchors=sum(chapter.start is not None for chapter in edition.chapters)
        + sum(turn.start is not None for turn in _turns(edition)),
        passages=len(loaded.passages),
        topics=len({topic for passage in loaded.passages for topic in passage.topics}),
        odd_passages=tuple(odd),
    )


def count_words(edition: Edition) -> Counter[str]:
    """Count the words under each name: a speaker's, `?`, Advert or the summary's author."""
    counts: Counter[str] = Counter()
    for turn in _turns(edition):
        name = turn.speaker or edition.summary_by or turn.role.value
        counts[name] += sum(len(to_keys(paragraph.text)) for paragraph in turn.paragraphs)
    return counts


def _doubtful_words(edition: Edition) -> int:
    return sum(
        len(to_keys(sentence))
        for turn in _turns(edition)
        for paragraph in turn.paragraphs
        for sentence in split_sentences(paragraph.text)
        if turn.role is Role.DOUBTFUL or is_doubtful(sentence)
    )


def _turns(edition: Edition) -> Iterator[Turn]:
    for chapter in edition.chapters:
        yield from chapter.turns
