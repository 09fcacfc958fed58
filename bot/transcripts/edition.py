"""The edition format (docs/editions.md): Markdown text to an Edition, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from bot.errors import EditionError
from bot.models import Chapter, Edition, Kind, Paragraph, Role, Turn
from bot.transcripts.clock import parse_clock, to_clock
from bot.transcripts.head import parse_head, to_head
from bot.transcripts.marks import find_marked
from bot.transcripts.sentences import is_doubtful, split_sentences

NO_QUOTE = "no"
"""The mark of a paragraph that has no daily quote."""

_HEADING = re.compile(r"##\s+(?:\[([^\]]*)\]\s*)?(.+)")
_TURN = re.compile(r"(?:\[([\d:]*)\]\s*)?\*\*([^*\n]+):\*\*\s*(.*)", re.DOTALL)
_BEGINS = re.compile(r"#|- |<!--|(?:\[[\d:]*\]\s*)?\*\*")
_ENDS = re.compile(r"^#|-->$")
_COMMENT = re.compile(r"<!--\s*([a-z]+):\s*(.*?)\s*-->", re.DOTALL)


def parse_edition(text: str, path: str) -> Edition:
    """Read an edition; `path` names it in errors. Raises EditionError."""
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or lines[0].strip() != "---":
        raise EditionError(path, 1, "there is no head", "a first line of three dashes, then the fields")
    end = next((number for number, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        raise EditionError(path, 1, "the head does not end", "a line of three dashes after the last field")
    edition = parse_head("\n".join(lines[1:end]), path, first_line=2)
    body = _Body(edition)
    for number, block in _blocks(lines, end + 1):
        body.read(number, block)
    return replace(edition, chapters=body.finish())


def to_markdown(edition: Edition) -> str:
    """Write an edition in the format that parse_edition reads."""
    blocks = ["\n".join(["---", *to_head(edition), "---"])]
    for chapter in edition.chapters:
        if chapter.title:
            time = "" if chapter.start is None else f"[{to_clock(chapter.start)}] "
            blocks.append(f"## {time}{chapter.title}")
        for turn in chapter.turns:
            blocks += _turn_blocks(turn)
    return "\n\n".join(blocks) + "\n"


def _turn_blocks(turn: Turn) -> Iterator[str]:
    name = turn.speaker or turn.role.value
    time = "" if turn.start is None else f"[{to_clock(turn.start)}] "
    label = "" if turn.role is Role.SUMMARY else f"{time}**{name}:** "
    bullets: list[str] = []
    for paragraph in turn.paragraphs:
        text = ("- " if paragraph.is_bullet else label) + paragraph.text + _comments(paragraph)
        if paragraph.is_bullet:
            bullets.append(text)
            continue
        if bullets:
            yield "\n".join(bullets)
            bullets = []
        yield text
        label = ""
    if bullets:
        yield "\n".join(bullets)


def _comments(paragraph: Paragraph) -> str:
    text = f"\n<!-- topics: {'; '.join(paragraph.topics)} -->" if paragraph.topics else ""
    marks = () if paragraph.daily is None else paragraph.daily or (NO_QUOTE,)
    return text + "".join(f"\n<!-- quote: {mark} -->" for mark in marks)


def _blocks(lines: list[str], first: int) -> Iterator[tuple[int, str]]:
    """Give the body's blocks with the line (from 1) each begins on: runs of lines, bullets and comments apart."""
    block: list[str] = []
    start = first
    for number in range(first, len(lines) + 1):
        line = lines[number].strip() if number < len(lines) else ""
        if block and (not line or _BEGINS.match(line) or _ENDS.search(block[-1])):
            yield start + 1, "\n".join(block)
            block = []
        if line and not block:
            start = number
        if line:
            block.append(line)


@dataclass
class _Body:
    """The chapters of an edition as they are read, block by block."""

    edition: Edition
    chapters: list[Chapter] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    title: str = ""
    start: float | None = None
    line: int = 0

    def read(self, line: int, block: str) -> None:
        """Take in one block of the body."""
        if block.startswith("<!--"):
            self._read_comment(line, block)
        elif block.startswith("#"):
            self._read_heading(line, block)
        elif found := _TURN.match(block):
            self._read_turn(line, *found.groups())
        else:
            self._read_paragraph(line, block)

    def finish(self) -> tuple[Chapter, ...]:
        """End the last chapter and give all of them."""
        self._end_chapter()
        if not any(chapter.turns for chapter in self.chapters):
            raise self._error(1, "the edition has no text", "turns (**Name:** …) or statements under the head")
        return tuple(self.chapters)

    def _error(self, line: int, wrong: str, expected: str) -> EditionError:
        return EditionError(self.edition.path, line, wrong, expected)

    def _end_chapter(self) -> None:
        if self.turns or self.title:
            self.chapters.append(Chapter(self.title, tuple(self.turns), self.start, self.line))
        self.turns = []

    def _read_heading(self, line: int, block: str) -> None:
        found = _HEADING.fullmatch(block)
        if not found:
            raise self._error(line, f"{block[:60]!r} is not a chapter", "`## Title` or `## [m:ss] Title`")
        self._end_chapter()
        self.title, self.start, self.line = found[2].strip(), self._time(line, found[1]), line

    def _read_turn(self, line: int, clock: str | None, name: str, text: str) -> None:
        if self.edition.kind is Kind.SUMMARY:
            raise self._error(line, f"a speaker ({name}) in a summary", "statements without names")
        if not text.strip():
            raise self._error(line, f"the turn of {name} has no words", "text after the name")
        speaker, role = self._speaker(line, name.strip())
        paragraph = Paragraph(self._text(line, text), line=line)
        self.turns.append(Turn(speaker, role, (paragraph,), self._time(line, clock), line))

    @cached_property
    def _misplaced(self) -> re.Pattern[str]:
        """A speaker's name without its bold, or a time after the name: words would come under the wrong one."""
        names = (*self.edition.episode.hosts, *self.edition.episode.guests)
        return re.compile(rf"\W*(?:{'|'.join(map(re.escape, names)) or '$^'})\W*:|\[\d+:")

    def _text(self, line: int, text: str) -> str:
        if found := self._misplaced.match(text):
            wrong = f"{found[0].strip()!r} at the beginning of a paragraph's words"
            raise self._error(line, wrong, "`[m:ss] **Name:**` before the words, the name in bold")
        if "**" in text:
            wrong = f"'**' within a paragraph ({_joined(text)[:40]!r})"
            raise self._error(line, wrong, "a speaker's name at the beginning of a line, and no other bold text")
        return _joined(text)

    def _read_paragraph(self, line: int, block: str) -> None:
        if block.startswith("**"):
            raise self._error(line, f"{block[:40]!r} is not a turn", "**Name:** and what is said")
        is_summary = self.edition.kind is Kind.SUMMARY
        bullet = is_summary and block.startswith("- ")
        text = self._text(line, block.removeprefix("- ") if bullet else block)
        paragraph = Paragraph(text, is_bullet=bullet, line=line)
        if self.turns:
            last = self.turns[-1]
            self.turns[-1] = replace(last, paragraphs=(*last.paragraphs, paragraph))
        elif is_summary:
            self.turns.append(Turn(None, Role.SUMMARY, (paragraph,), None, line))
        else:
            raise self._error(line, f"nobody says {block[:40]!r}", "a turn: **Name:** …")

    def _read_comment(self, line: int, block: str) -> None:
        found = _COMMENT.fullmatch(block)
        if not found or found[1] not in ("topics", "quote"):
            raise self._error(line, f"{block[:60]!r} is not understood", "<!-- topics: …; … --> or <!-- quote: … -->")
        if not self.turns:
            raise self._error(line, f"{found[1]} of nothing", "the comment on the line under a paragraph")
        turn = self.turns[-1]
        last = turn.paragraphs[-1]
        if found[1] == "topics":
            last = replace(last, topics=self._topics(line, found[2]))
        else:
            last = replace(last, daily=self._marks(line, last, _joined(found[2])))
        self.turns[-1] = replace(turn, paragraphs=(*turn.paragraphs[:-1], last))

    def _marks(self, line: int, paragraph: Paragraph, mark: str) -> tuple[str, ...]:
        """Give the marks of a paragraph with one more, which must name sentences that no other has."""
        before = paragraph.daily
        if mark == NO_QUOTE and before is None:
            return ()
        if mark == NO_QUOTE or before == ():
            raise self._error(line, "a paragraph with a quote and without one", "either, or no mark")
        sentences = split_sentences(paragraph.text)
        found = find_marked(mark, sentences)
        if found is None:
            expected = "no, or `First words … last words.` of whole sentences of the paragraph above, the first its own"
            raise self._error(line, f"quote: {mark[:60]!r} fits nothing", expected)
        if any(is_doubtful(sentences[number]) for number in found):
            raise self._error(line, f"quote: {mark[:60]!r} has a doubtful word", "sentences that are certain")
        if any(set(found) & set(find_marked(other, sentences) or ()) for other in before or ()):
            raise self._error(line, f"quote: {mark[:60]!r} shares a sentence with another", "quotes that stand apart")
        return (*(before or ()), mark)

    def _topics(self, line: int, text: str) -> tuple[str, ...]:
        topics = tuple(dict.fromkeys(" ".join(topic.split()) for topic in text.split(";") if topic.strip()))
        if not topics:
            raise self._error(line, "the topics are empty", "short phrases with ';' between")
        return topics

    def _speaker(self, line: int, name: str) -> tuple[str | None, Role]:
        if name in (Role.DOUBTFUL, Role.ADVERT):
            return None, Role(name)
        episode = self.edition.episode
        for role, names in ((Role.GUEST, episode.guests), (Role.HOST, episode.hosts)):
            if name in names:
                return name, role
        known = ", ".join((*episode.hosts, *episode.guests, Role.DOUBTFUL, Role.ADVERT))
        raise self._error(line, f"{name!r} is not a speaker of this episode", f"one of {known}")

    def _time(self, line: int, clock: str | None) -> float | None:
        if clock is None:
            return None
        seconds = parse_clock(clock)
        if seconds is None:
            raise self._error(line, f"[{clock}] is not a time", "[m:ss] or [h:mm:ss]")
        return seconds


def _joined(text: str) -> str:
    return " ".join(text.split())
