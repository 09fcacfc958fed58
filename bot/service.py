"""The only door for adapters: what a person can ask of the bot."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path

from bot.context import Spoken, surround
from bot.daily.picker import Pool, build_pool, narrow, pick_at_random, pick_of_the_day
from bot.dates import to_date
from bot.errors import CorpusError, EditionError, QueryError, UnknownEpisodeError, UnknownPersonaError
from bot.models import Answer, Episode, Hit, Passage, Role
from bot.pages import Pages, to_code, to_hit
from bot.search.analyzer import to_tokens
from bot.search.benchmark import Timings, time_search
from bot.search.evaluation import GOOD, Grading, JudgedQuery, evaluate, read_judged_queries
from bot.search.explanation import Explanation, explain
from bot.search.index import RUN, Index, build_index
from bot.search.query import READ_AS, SHOWING, WEAK, Query, QueryParser
from bot.search.quotes import choose_hits
from bot.search.ranking import WEIGHTS, Scored, Weights, is_answered, rank, supported
from bot.search.spelling import Speller, names_heard
from bot.search.thesaurus import read_thesaurus
from bot.search.topics import Topics, collect_topics
from bot.search.tuning import CrossValidated, cross_validate, tune
from bot.transcripts.library import Library, load_library
from bot.transcripts.report import Report, report_on

__all__ = [
    "GOOD",
    "Explanation",
    "Grading",
    "JudgedQuery",
    "QuoteService",
    "Report",
    "Spoken",
    "Timings",
    "Weights",
    "build_service",
    "check_editions",
    "read_judged_queries",
    "time_service",
]

HITS = 5
SUGGESTIONS = 5

SURE = 0.85
"""Share of a topic that a passage must cover to be drawn from by a subscription to it."""


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
        if count < 1:
            raise ValueError(f"{count} answers cannot be given")
        query, ranked = self._search(text, episode)
        if not is_answered(query, ranked, self.weights):
            nearest = choose_hits(ranked, query, self.index, count) if weak else ()
            if query.episode or query.year:
                notice = f"Searched only in {query.episode or 'what is from ' + str(query.year)}."
                query = replace(query, notice=f"{query.notice} {notice}".strip())
            query = replace(query, notice=query.notice.replace(SHOWING, READ_AS))
            near = self.topics.nearest(_term_weights(query), SUGGESTIONS)
            suggestions = near or self.complete_topics("", SUGGESTIONS)
            return Answer(query.text, False, nearest, suggestions, query.notice)
        hits = choose_hits(supported(ranked), query, self.index, count)
        return Answer(query.text, True, hits, (), query.notice)

    def warm(self) -> None:
        """Build now what else the first query of its kind would wait for; for processes that live long."""
        self.parser.speller.warm()
        self.topics.nearest({"warming": 1.0}, 1)
        self.index.longest_runs(("warming",) * RUN)
        self.index.says(0, ("warming",))

    def explain(
        self, text: str, count: int = HITS, episode: str | None = None
    ) -> tuple[tuple[Passage, Explanation], ...]:
        """Take the scores of the first passages for a query apart, answered or not.

        Raises QueryError, UnknownEpisodeError.
        """
        query, ranked = self._search(text, episode)
        return tuple(
            (self.index.passages[scored.number], explain(query, self.index, scored, self.weights))
            for scored in ranked[:count]
        )

    def _search(self, text: str, episode: str | None) -> tuple[Query, list[Scored]]:
        """Rank the passages for a query; without its exact words, and with a notice of it, where none has them."""
        query = self._parse(text, episode)
        ranked = rank(query, self.index, self.weights)
        if query.exact and not ranked:
            query = replace(query, exact=(), notice=self._deny(query))
            ranked = rank(query, self.index, self.weights)
        return query, ranked

    def _parse(self, text: str, episode: str | None = None) -> Query:
        query = self.parser.parse(text)
        years = sorted({known.published[:4] for known in self.library.episodes})
        if query.year and query.year not in years:
            raise QueryError(f"There is nothing of the year {query.year!r}. There is of: {', '.join(years)}.")
        wanted = episode or query.episode
        return replace(query, episode=self.find_episode(wanted).id) if wanted else query

    def _deny(self, query: Query) -> str:
        """Say that exact words are not said; a notice may be seen by all, so it repeats none of them."""
        everywhere = range(len(self.index.passages))
        unsaid = [words for words in query.exact if not any(self.index.says(number, words) for number in everywhere)]
        if unsaid:
            return f"{self.parser.persona} does not say all of that in just these words."
        return "Nothing that was searched has just these words."

    @cached_property
    def pool(self) -> Pool:
        """The quotes that stand alone."""
        return build_pool(self.index.passages)

    def random(self, chance: random.Random | None = None) -> Hit:
        """Take any quote that stands alone. Raises PoolError."""
        return pick_at_random(self.pool, chance or random.SystemRandom())

    def today(self, day: date) -> Hit:
        """Take the quote of a day, the same for everybody. Raises PoolError."""
        return pick_of_the_day(self.pool, day)

    def pool_about(self, topic: str | None, episode: str | None) -> Pool:
        """Give the quotes that are surely on a topic, in an episode, both, or all of them.

        Raises QueryError, UnknownEpisodeError.
        """
        passages = self.index.passages
        wanted = self.find_episode(episode) if episode else None
        found = {passage.id for passage in passages if wanted is None or passage.episode == wanted}
        if topic:
            ranked = rank(self.parser.parse(topic), self.index, self.weights)
            found &= {passages[scored.number].id for scored in ranked if scored.coverage >= SURE}
        return narrow(self.pool, found)

    def open_page(self, pages: Pages) -> Hit:
        """Give the quote that is on show. Raises UnknownPassageError where the episodes have it no more."""
        return to_hit(pages.extract, self._by_code.get(pages.extract.code), pages.terms)

    def context(self, passage: Passage, longest: int) -> tuple[Spoken, ...]:
        """Give a passage with what was said before and after it, in about `longest` characters."""
        return surround(self.library.passages, passage, longest)

    @cached_property
    def _by_code(self) -> dict[str, Passage]:
        return {to_code(passage.id): passage for passage in self.index.passages}

    def complete_topics(self, typed: str, count: int) -> tuple[str, ...]:
        """Give topics that go on as typed, the commonest first."""
        return self.topics.complete(typed, count)

    def complete_daily_topics(self, typed: str, count: int) -> tuple[str, ...]:
        """Give topics that go on as typed and that there is a daily quote on."""
        return self._daily_topics.complete(typed, count)

    @cached_property
    def _daily_topics(self) -> Topics:
        return collect_topics(passage for passage, _ in self.pool.quotes)

    def complete_episodes(self, typed: str, count: int) -> tuple[Episode, ...]:
        """Give episodes whose id, title, show or date hold every word typed, newest first."""
        words = typed.casefold().split()
        told = ((episode, _tell(episode).casefold()) for episode in self.episodes())
        return tuple(episode for episode, text in told if all(word in text for word in words))[:count]

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

    def evaluate(self, queries: Sequence[JudgedQuery]) -> tuple[Grading, ...]:
        """Grade the answers to judged queries."""
        return evaluate(queries, self.ask)

    def tune(self, queries: Sequence[JudgedQuery], folds: int) -> tuple[Weights, CrossValidated]:
        """Search for better weights on judged queries, and grade them on queries they were not tuned on."""

        def evaluate_with(weights: Weights, some: Sequence[JudgedQuery]) -> Sequence[Grading]:
            return replace(self, weights=weights).evaluate(some)

        return tune(evaluate_with, queries, self.weights), cross_validate(evaluate_with, queries, folds)


def build_service(folder: Path, persona: str) -> QuoteService:
    """Load a folder of editions and index it. Raises CorpusError, also where the persona is nowhere a guest."""
    library = load_library(folder)
    index = build_index(choose_answers(library, folder, persona))
    thesaurus = read_thesaurus(folder.parent / "thesaurus.toml")
    corrections = [correction for loaded in library.editions for correction in loaded.edition.corrections]
    names = names_heard((correction.raw, correction.said) for correction in corrections if correction.why == "name")
    known = [*thesaurus.words, *(word for episode in library.episodes for word in _names_of(episode))]
    speller = Speller(partial(count_words, index.passages, known), names)
    parser = QueryParser(index, persona, thesaurus, speller)
    return QuoteService(library, index, parser, collect_topics(index.passages))


def _names_of(episode: Episode) -> tuple[str, ...]:
    """Give what an episode is called by: nobody who types one of its words misspells another."""
    return (episode.title, episode.show, *episode.hosts, *episode.guests)


def _tell(episode: Episode) -> str:
    return f"{episode.id} {episode.title} {episode.show} {to_date(episode.published)}"


def _term_weights(query: Query) -> dict[str, float]:
    """Weigh the terms of a query by how much they say, whichever wording they are of; those that say little are out."""
    parts = [part for concept in query.concepts for part in concept.parts if part.share > WEAK]
    return {term: part.weight for part in parts for variant in part.variants for term in variant.terms}


def count_words(passages: Iterable[Passage], others: Iterable[str]) -> Counter[str]:
    """Count in how many passages each word stands, as it is spelt; other known words besides."""
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


def check_editions(folder: Path, persona: str) -> tuple[tuple[Report, ...], tuple[CorpusError | EditionError, ...]]:
    """Report on each edition of a folder, on each that cannot be used, and on a persona whom none quotes.

    Raises CorpusError.
    """
    library = load_library(folder)
    faults: list[CorpusError | EditionError] = [*library.faults]
    try:
        choose_answers(library, folder, persona)
    except UnknownPersonaError as error:
        faults.append(error)
    return tuple(map(report_on, library.editions)), tuple(faults)


def choose_answers(library: Library, folder: Path, persona: str) -> list[Passage]:
    """Take what can be an answer. Raises UnknownPersonaError with whom the episodes quote, where nothing can."""
    answers = [passage for passage in library.passages if is_answer(passage, persona)]
    if not answers:
        guests = ", ".join(dict.fromkeys(guest for episode in library.episodes for guest in episode.guests))
        raise UnknownPersonaError(f"Nothing in {folder} is said by {persona!r}. Set PERSONA to one of: {guests}.")
    return answers


def is_answer(passage: Passage, persona: str) -> bool:
    """Whether a passage can be an answer: the persona's own words as a guest, or a summary of a talk with them."""
    if passage.role is Role.SUMMARY:
        return persona in passage.episode.guests
    return passage.role is Role.GUEST and passage.speaker == persona
