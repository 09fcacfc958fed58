"""What to show: of the ranked passages those that differ, and of each the sentences that answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.models import Hit, Passage, Sentence
from bot.search.analyzer import to_terms
from bot.search.index import Index
from bot.search.query import Query
from bot.search.ranking import Scored
from bot.transcripts.sentences import split_sentences

LONGEST_QUOTE = 700
"""Characters: what a phone shows without scrolling away the buttons below it."""

PER_EXCHANGE = 2
"""Hits from one turn: more would be one answer told in pieces."""

LONGEST_QUESTION = 240
"""Characters: a longer question is shortened to the sentence or two it ends in."""

SAME_WORDS = 0.8
"""Share of terms in common from which two passages say the same."""


def choose_hits(ranked: Iterable[Scored], query: Query, index: Index, count: int) -> tuple[Hit, ...]:
    """Take the best passages that differ from each other, with what to show of each."""
    terms = query.terms
    hits: list[Hit] = []
    exchanges: Counter[tuple[str, int]] = Counter()
    seen: list[frozenset[str]] = []
    for scored in ranked:
        if len(hits) == count:
            break
        passage = index.passages[scored.number]
        exchange = (passage.edition, passage.turn)
        words = frozenset(index.terms["words"][scored.number])
        if exchanges[exchange] == PER_EXCHANGE or any(_is_same(words, other) for other in seen):
            continue
        exchanges[exchange] += 1
        seen.append(words)
        hits.append(Hit(passage, scored.score, choose_sentences(passage, terms), terms))
    return tuple(hits)


def choose_sentences(passage: Passage, terms: frozenset[str], longest: int = LONGEST_QUOTE) -> tuple[Sentence, ...]:
    """Take the consecutive sentences within `longest` characters that hold most of the terms, the earliest on a tie."""
    sentences = passage.sentences
    lengths = [len(sentence.text) + 1 for sentence in sentences]
    if sum(lengths) - 1 <= longest:
        return sentences
    found = [len(terms.intersection(to_terms(sentence.text))) for sentence in sentences]
    best: tuple[int, int, int] = (-1, 0, 1)
    for first in range(len(sentences)):
        last = _last_within(lengths, first, longest)
        best = max(best, (sum(found[first:last]), -first, last))
    return sentences[-best[1] : best[2]]


def shorten_question(asked: str, longest: int = LONGEST_QUESTION) -> str:
    """Shorten a question to its last sentence or two, where it is longer than `longest` characters."""
    if len(asked) <= longest:
        return asked
    sentences = split_sentences(asked)
    last_two = " ".join(sentences[-2:])
    return last_two if len(last_two) <= longest else sentences[-1]


def _last_within(lengths: Sequence[int], first: int, longest: int) -> int:
    total, last = -1, first
    while last < len(lengths) and (last == first or total + lengths[last] <= longest):
        total += lengths[last]
        last += 1
    return last


def _is_same(words: frozenset[str], other: frozenset[str]) -> bool:
    smaller = min(len(words), len(other))
    return smaller > 5 and len(words & other) >= SAME_WORDS * smaller
