"""What every platform shows of a hit, in words: an adapter only dresses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.dates import to_date
from bot.links import to_link
from bot.models import Episode, Hit, Passage, Stretch, Timing
from bot.search.analyzer import to_term, to_tokens
from bot.search.quotes import shorten_question
from bot.transcripts.clock import to_clock
from bot.transcripts.sentences import source_of

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Presented:
    """A hit as shown; `words` are stretches of the quote, each with whether it was looked for.

    `clock` is "≈ 38:12" where the time is estimated, and empty where nothing is known of it.
    """

    passage: Passage
    words: tuple[tuple[str, bool], ...]
    asked: str
    asked_by: str | None
    date: str
    clock: str
    link: str
    start: float | None
    source: tuple[Stretch, ...]

    @property
    def quote(self) -> str:
        """The words shown."""
        return "".join(text for text, _ in self.words)

    @property
    def is_question(self) -> bool:
        """Whether what stands before the quote is a question."""
        return "?" in self.asked

    @property
    def episode(self) -> Episode:
        """The episode they are from."""
        return self.passage.episode


def present(hit: Hit) -> Presented:
    """Prepare a hit to be shown."""
    passage, start = hit.passage, hit.sentences[0].start
    return Presented(
        passage=passage,
        words=tuple(mark_words(hit.quote, hit.terms)),
        asked=shorten_question(passage.asked),
        asked_by=passage.asked_by,
        date=to_date(passage.episode.published),
        clock=_to_shown_clock(passage.timing, start),
        link=to_link(passage.episode.url, start),
        start=start,
        source=source_of(hit.sentences),
    )


def mark_words(text: str, terms: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """Split a text into stretches, each with whether it is a word whose term was looked for."""
    done = 0
    for word in _WORD.finditer(text):
        if terms.intersection(map(to_term, to_tokens(word[0]))):
            if done < word.start():
                yield text[done : word.start()], False
            yield word[0], True
            done = word.end()
    if done < len(text):
        yield text[done:], False


def _to_shown_clock(timing: Timing, start: float | None) -> str:
    if timing is Timing.NONE or start is None:
        return ""
    return f"{'≈ ' if timing is Timing.ESTIMATED else ''}{to_clock(start)}"
