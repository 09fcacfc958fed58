"""Small corpora made by hand, and what is asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from bot.models import Episode, Passage, Role, Sentence
from bot.search.analyzer import to_tokens
from bot.search.index import Index, build_index
from bot.search.query import Query, QueryParser
from bot.search.ranking import Scored, Weights, rank
from bot.search.spelling import Speller
from bot.search.thesaurus import Thesaurus
from bot.transcripts.sentences import split_sentences

PERSONA = "Ilya Sutskever"
EPISODE = Episode("show-1", "A talk", "The Show", ("Anna Host",), (PERSONA,), "2023-03-27", "https://example.org/1")
OLDER = Episode("show-0", "A word", "The Show", ("Anna Host",), (PERSONA,), "2021-05-01", "https://example.org/0")

WEIGHTS = Weights(
    words=1.0, asked=0.5, topics=1.5, thread=0.2, heading=0.2, title=0.1, same=0.75, wider=0.5, surely_same=0.9,
    surely_wider=0.3, nearness=0.4, run=1.0, coverage=1.0, summary=0.7, evidence=0.5, advice=0.9
)  # fmt: skip
"""Weights of the tests' own, so that the tuning of the shipped ones changes nothing here."""


AS_SPELT = Speller(dict)
"""Knows no words, so that none is corrected; one for all, since it reads a list of English words."""


def said(text: str, **fields: Any) -> Passage:
    """Make a passage of the persona's words."""
    sentences = tuple(map(Sentence, split_sentences(text)))
    return replace(Passage("", EPISODE, "show-1", Role.GUEST, PERSONA, sentences, 0), **fields)


def summed_up(text: str, **fields: Any) -> Passage:
    """Make a passage of a summary."""
    return said(text, **{"role": Role.SUMMARY, "speaker": None, "summary_by": "Sam Summer"} | fields)


def index_of(*passages: Passage | str) -> Index:
    """Index passages, each a turn of its own unless it says otherwise; a text is the persona's words."""
    made = [said(passage) if isinstance(passage, str) else passage for passage in passages]
    return build_index([replace(passage, turn=passage.turn or number) for number, passage in enumerate(made)])


def parser_of(
    index: Index, thesaurus: Thesaurus | None = None, heard: dict[str, str] | None = None, persona: str = PERSONA
) -> QueryParser:
    """Make a parser that knows the words of an index."""
    words = partial(count_words, [passage.text for passage in index.passages])
    return QueryParser(index, persona, thesaurus or Thesaurus(), Speller(words, heard or {}))


def count_words(texts: Iterable[str]) -> dict[str, int]:
    """Count in how many texts each word stands."""
    counts: dict[str, int] = {}
    for text in texts:
        for word in dict.fromkeys(to_tokens(text)):
            counts[word] = counts.get(word, 0) + 1
    return counts


def rank_in(index: Index, text: str, thesaurus: Thesaurus | None = None, weights: Weights = WEIGHTS) -> list[Scored]:
    """Parse a query, as it is spelt, and rank the passages of an index."""
    parser = QueryParser(index, PERSONA, thesaurus or Thesaurus(), AS_SPELT)
    return rank(parser.parse(text), index, weights)


def order_of(index: Index, text: str, weights: Weights = WEIGHTS) -> list[int]:
    """Give the numbers of the passages that a query finds, best first."""
    return [scored.number for scored in rank_in(index, text, weights=weights)]


def typed(query: Query) -> list[str]:
    """List the words that are searched for, as typed or corrected."""
    return [part.typed for concept in query.concepts for part in concept.parts]


def is_in_a_row(some: Sequence[object], whole: Sequence[object]) -> bool:
    """Whether a sequence stands in another without a gap."""
    starts = range(len(whole) - len(some) + 1)
    return any(list(whole[start : start + len(some)]) == list(some) for start in starts)
