"""The only door for adapters: what a person can ask of the bot."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from bot.errors import CorpusError, EditionError, UnknownEpisodeError
from bot.models import Answer, Episode, Hit, Passage, Role
from bot.search.analyzer import to_terms
from bot.search.evaluation import GOOD, Result, evaluate, read_judged_queries
from bot.search.index import Index, build_index
from bot.search.query import parse_query
from bot.search.quotes import choose_hits, choose_sentences
from bot.search.ranking import is_answered, rank
from bot.transcripts.library import Library, load_library
from bot.transcripts.report import Report, report_on

__all__ = ["GOOD", "QuoteService", "Report", "Result", "build_service", "check_editions"]

HITS = 5
SUGGESTIONS = 5


@dataclass(frozen=True)
class QuoteService:
    """A library with an index over what in it can be an answer."""

    library: Library
    index: Index
    persona: str
    topics: tuple[str, ...] = field(default=())

    def ask(self, text: str, count: int = HITS, episode: str | None = None) -> Answer:
        """Answer a query with at most `count` hits. Raises QueryError, UnknownEpisodeError."""
        wanted = self.find_episode(episode) if episode else None
        query = parse_query(text, self.index)
        ranked = rank(query, self.index)
        if wanted:
            ranked = [scored for scored in ranked if self.index.passages[scored.number].episode == wanted]
        if not is_answered(ranked):
            return Answer(query.text, False, (), self.nearest_topics(text), query.notice)
        return Answer(query.text, True, choose_hits(ranked, query, self.index, count), (), query.notice)

    def random(self, chance: random.Random | None = None) -> Hit:
        """Take one of the persona's passages that can stand alone."""
        own = [passage for passage in self.index.passages if not passage.is_summary]
        fit = [passage for passage in own if 60 <= len(passage.text) <= 500] or own or list(self.index.passages)
        passage = (chance or random.SystemRandom()).choice(fit)
        return Hit(passage, 0.0, choose_sentences(passage, frozenset()))

    def episodes(self) -> tuple[Episode, ...]:
        """List the episodes, newest first."""
        return self.library.episodes

    def find_episode(self, name: str) -> Episode:
        """Find an episode by its id. Raises UnknownEpisodeError with those there are."""
        for episode in self.library.episodes:
            if episode.id == name.strip().lower():
                return episode
        known = ", ".join(episode.id for episode in self.library.episodes)
        raise UnknownEpisodeError(f"There is no episode {name!r}. There are: {known}.")

    def evaluate(self, path: Path) -> tuple[Result, ...]:
        """Grade the answers to a file of judged queries. Raises CorpusError where it cannot be read or is empty."""
        results = evaluate(read_judged_queries(path), self.ask)
        if not results:
            raise CorpusError(f"{path} holds no judged queries; see seeds/README.md for their form.")
        return results

    def nearest_topics(self, text: str, count: int = SUGGESTIONS) -> tuple[str, ...]:
        """Suggest topics that share words with a text, else ones spelt alike, else some of each episode."""
        terms = set(to_terms(text))
        shared = {topic: len(terms.intersection(to_terms(topic))) for topic in self.topics}
        near = sorted((topic for topic, n in shared.items() if n), key=lambda topic: (-shared[topic], len(topic)))
        near += get_close_matches(text.casefold(), self.topics, n=count, cutoff=0.6)
        return tuple(dict.fromkeys([*near, *self.topics[:: max(1, len(self.topics) // count)]]))[:count]


def build_service(folder: Path, persona: str) -> QuoteService:
    """Load a folder of editions and index it. Raises CorpusError."""
    library = load_library(folder)
    index = build_index([passage for passage in library.passages if is_answer(passage, persona)])
    return QuoteService(library, index, persona, collect_topics(index.passages))


def check_editions(folder: Path) -> tuple[tuple[Report, ...], tuple[EditionError, ...]]:
    """Report on each edition of a folder, and on each that cannot be used. Raises CorpusError."""
    library = load_library(folder)
    return tuple(map(report_on, library.editions)), library.faults


def is_answer(passage: Passage, persona: str) -> bool:
    """Whether a passage can be an answer: the persona's own words, or a summary."""
    return passage.role is Role.SUMMARY or passage.speaker == persona


def collect_topics(passages: Iterable[Passage]) -> tuple[str, ...]:
    """List the topics of passages once each, in alphabetical order."""
    return tuple(sorted({topic for passage in passages for topic in passage.topics}, key=str.casefold))
