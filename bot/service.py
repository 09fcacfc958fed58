"""The only door for adapters: what a person can ask of the bot."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bot.errors import EditionError, UnknownEpisodeError
from bot.models import Answer, Episode, Hit, Passage, Role
from bot.search.analyzer import to_tokens
from bot.search.benchmark import Timings, time_search
from bot.search.evaluation import GOOD, JudgedQuery, Result, evaluate, read_judged_queries
from bot.search.explanation import Explanation, explain
from bot.search.index import RUN, Index, build_index
from bot.search.query import Query, QueryParser
from bot.search.quotes import choose_hits, choose_sentences
from bot.search.ranking import WEIGHTS, Weights, is_answered, rank
from bot.search.spelling import Speller, names_heard
from bot.search.thesaurus import read_thesaurus
from bot.search.topics import Topics, collect_topics
from bot.search.tuning import CrossValidated, cross_validate, tune
from bot.transcripts.library import Library, load_library
from bot.transcripts.report import Report, report_on

__all__ = [
    "GOOD",
    "Explanation",
    "JudgedQuery",
    "QuoteService",
    "Report",
    "Result",
    "Timings",
    "Weights",
    "build_service",
    "check_editions",
    "read_judged_queries",
    "time_service",
]

HITS = 5
SUGGESTIONS = 5


@dataclass(frozen=True)
class QuoteService:
    """A library with an index over what in it can be an answer."""

    library: Library
    index: Index
    parser: QueryParser
    topics: Topics
    weights: Weights = WEIGHTS

    def ask(self, text: str, count: int = HITS, episode: str | None = None, *, weak: bool = False) -> Answer:
        """Answer a query with at most `count` hits; `weak` shows the nearest even where none answers.

        Raises QueryError, UnknownEpisodeError.
        """
        query = self.parser.parse(text)
        if episode or query.episode:
            query = replace(query, episode=self.find_episode(episode or query.episode or "").id)
        ranked = rank(query, self.index, self.weights)
        if query.exact and not ranked:
            notice = f"Nobody says “{' '.join(query.exact[0])}” in just these words. The nearest:"
            query = replace(query, exact=(), notice=notice)
            ranked = rank(query, self.index, self.weights)
        if not is_answered(query, ranked, self.weights):
            nearest = choose_hits(ranked, query, self.index, count) if weak else ()
            suggestions = self.topics.nearest(_term_weights(query), SUGGESTIONS)
            return Answer(query.text, False, nearest, suggestions, query.notice)
        return Answer(query.text, True, choose_hits(ranked, query, self.index, count), (), query.notice)

    def warm(self) -> None:
        """Build now what else the first query of its kind would wait for; for processes that live long."""
        self.parser.speller.warm()
        self.topics.nearest({}, 1)
        self.index.longest_runs(("a",) * RUN)

    def explain(self, text: str, count: int = HITS) -> tuple[tuple[Passage, Explanation], ...]:
        """Take the scores of the first passages for a query apart, answered or not. Raises QueryError."""
        query = self.parser.parse(text)
        ranked = rank(query, self.index, self.weights)[:count]
        return tuple(
            (self.index.passages[scored.number], explain(query, self.index, scored, self.weights)) for scored in ranked
        )

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

    def evaluate(self, queries: Sequence[JudgedQuery]) -> tuple[Result, ...]:
        """Grade the answers to judged queries."""
        return evaluate(queries, self.ask)

    def tune(self, queries: Sequence[JudgedQuery], folds: int) -> tuple[Weights, CrossValidated]:
        """Search for better weights on judged queries, and grade them on queries they were not tuned on."""

        def evaluate_with(weights: Weights, some: Sequence[JudgedQuery]) -> Sequence[Result]:
            return replace(self, weights=weights).evaluate(some)

        return tune(evaluate_with, queries, self.weights), cross_validate(evaluate_with, queries, self.weights, folds)


def build_service(folder: Path, persona: str) -> QuoteService:
    """Load a folder of editions and index it. Raises CorpusError."""
    library = load_library(folder)
    index = build_index([passage for passage in library.passages if is_answer(passage, persona)])
    thesaurus = read_thesaurus(folder.parent / "thesaurus.toml")
    corrections = [correction for loaded in library.editions for correction in loaded.edition.corrections]
    names = names_heard((correction.raw, correction.said) for correction in corrections if correction.why == "name")
    speller = Speller(partial(count_words, index.passages, thesaurus.words), names)
    parser = QueryParser(index, persona, thesaurus, speller)
    return QuoteService(library, index, parser, collect_topics(index.passages))


def _term_weights(query: Query) -> dict[str, float]:
    """Weigh the terms of a query by how much they say, whichever wording they are of."""
    parts = [part for concept in query.concepts for part in concept.parts]
    return {term: part.weight for part in parts for variant in part.variants for term in variant.terms}


def count_words(passages: Iterable[Passage], others: Iterable[str]) -> Counter[str]:
    """Count in how many passages each word stands, as it is spelt; words of the thesaurus besides."""
    counts = Counter(dict.fromkeys((token for word in others for token in to_tokens(word)), 0))
    for passage in passages:
        counts.update(set(to_tokens(f"{passage.text} {passage.asked} {' '.join(passage.topics)}")))
    return counts


def time_service(folder: Path, persona: str, queries: Sequence[str], rounds: int) -> Timings:
    """Time the building of a service and its answers to queries. Raises CorpusError."""
    start = time.perf_counter()
    service = build_service(folder, persona)
    service.warm()
    build = (time.perf_counter() - start) * 1000
    return time_search(service.ask, service.index.passages, queries, rounds, build)


def check_editions(folder: Path) -> tuple[tuple[Report, ...], tuple[EditionError, ...]]:
    """Report on each edition of a folder, and on each that cannot be used. Raises CorpusError."""
    library = load_library(folder)
    return tuple(map(report_on, library.editions)), library.faults


def is_answer(passage: Passage, persona: str) -> bool:
    """Whether a passage can be an answer: the persona's own words, or a summary."""
    return passage.role is Role.SUMMARY or passage.speaker == persona
