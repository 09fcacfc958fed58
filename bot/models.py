"""The facts of the project as frozen values; work on them is functions elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What an edition holds: the words themselves, or somebody's report of them."""

    TRANSCRIPT = "transcript"
    SUMMARY = "summary"


class Role(StrEnum):
    """Whose words a turn holds."""

    HOST = "host"
    GUEST = "guest"
    DOUBTFUL = "?"
    ADVERT = "Advert"
    SUMMARY = "summary"


class Timing(StrEnum):
    """How a start time is known."""

    EXACT = "exact"
    ESTIMATED = "estimated"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Correction:
    """Something the raw text got wrong; `at` is a character offset in the raw file."""

    raw: str
    said: str
    why: str
    at: int | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Raw text that an edition leaves out: whole lines (from 1, inclusive) or raw words."""

    why: str
    lines: tuple[int, int] | None = None
    raw: str | None = None
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode of a show, as named under a quote."""

    id: str
    title: str
    show: str
    hosts: tuple[str, ...]
    guests: tuple[str, ...]
    published: str
    url: str
    duration: float | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a turn.

    `daily` are the marks of the daily quotes in it, as written: empty where none may be taken, None where none stands.
    """

    text: str
    topics: tuple[str, ...] = ()
    daily: tuple[str, ...] | None = None
    is_bullet: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says until the next begins; `start` is in seconds."""

    speaker: str | None
    role: Role
    paragraphs: tuple[Paragraph, ...]
    start: float | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of an edition under one heading; `start` is in seconds."""

    title: str
    turns: tuple[Turn, ...]
    start: float | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Edition:
    """A document about an episode, read and edited, with what was changed against its raw text."""

    id: str
    episode: Episode
    kind: Kind
    chapters: tuple[Chapter, ...]
    summary_by: str | None = None
    source: str | None = None
    chapters_by: str | None = None
    corrections: tuple[Correction, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    path: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters `start` to `end` (exclusive) of a raw file."""

    file: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A whole sentence as shown, when it is said (seconds) and where its bytes are.

    It `follows` the sentence before where no raw text between them is left out.
    """

    text: str
    start: float | None = None
    source: tuple[Stretch, ...] = ()
    is_doubtful: bool = False
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive whole sentences of one speaker in one turn of one chapter.

    `asked` is the question it answers, `thread` what was asked before where that question leans on it;
    `turn` is the turn's number in its edition, from 0; `daily` are the sentences marked as a daily quote: empty where
    none may be taken, None where nothing is marked.
    """

    id: str
    episode: Episode
    edition: str
    role: Role
    speaker: str | None
    sentences: tuple[Sentence, ...]
    turn: int
    asked: str = ""
    asked_by: str | None = None
    thread: str = ""
    topics: tuple[str, ...] = ()
    heading: str = ""
    timing: Timing = Timing.NONE
    summary_by: str | None = None
    daily: tuple[Sentence, ...] | None = None

    @property
    def text(self) -> str:
        """The words of the passage."""
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def is_summary(self) -> bool:
        """Whether these are a summariser's words and not the speaker's."""
        return self.role is Role.SUMMARY


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that answers a query, and the sentences of it to show."""

    passage: Passage
    score: float
    sentences: tuple[Sentence, ...]
    terms: frozenset[str] = frozenset()

    @property
    def quote(self) -> str:
        """The words shown."""
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot has to say to a query."""

    query: str
    answered: bool
    hits: tuple[Hit, ...] = ()
    suggestions: tuple[str, ...] = ()
    notice: str = ""
