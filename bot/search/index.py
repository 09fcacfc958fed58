"""The index: what is searched of each passage, field by field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from bot.models import Passage
from bot.search.analyzer import to_term, to_terms, to_tokens
from bot.search.bm25 import PostingsBM25, idf
from bot.search.stop_words import STOP_WORDS

Impacts = Mapping[int, float]
"""What something adds to the score of each passage (by its number) that holds it."""


CACHED = 1024
"""Terms and phrases whose impacts are kept: those of a day's common queries, not all that was ever typed."""

RUN = 4
"""Words in a row that hardly two people say by chance: a shorter run is a turn of phrase, not a quotation."""


class Field(NamedTuple):
    """One searched side of a passage; only an evident field can show that a passage is about something."""

    name: str
    text: Callable[[Passage], str]
    b: float = 0.75
    is_evident: bool = True


FIELDS = (
    Field("words", lambda passage: passage.text),
    Field("asked", lambda passage: passage.asked),
    Field("topics", lambda passage: "; ".join(passage.topics)),
    Field("thread", lambda passage: passage.thread),
    Field("heading", lambda passage: passage.heading, is_evident=False),
    Field("title", lambda passage: passage.episode.title, is_evident=False),
)


class Index:
    """Passages with a BM25 field for each side of them; built by build_index."""

    def __init__(self, passages: Sequence[Passage], fields: Sequence[Field]) -> None:
        self.passages = tuple(passages)
        self.fields = tuple(fields)
        self.terms: dict[str, list[list[str]]] = {}
        self.bm25: dict[str, PostingsBM25] = {}
        analyze = lru_cache(maxsize=None)(to_terms)  # questions, headings and titles recur from passage to passage
        for field in self.fields:
            self.terms[field.name] = [analyze(field.text(passage)) for passage in self.passages]
            self.bm25[field.name] = PostingsBM25(self.terms[field.name], b=field.b)
        self.frequencies = self._passage_frequencies()
        self.numbered = _by_name(self.frequencies)
        self._impacts: dict[tuple[str, ...], dict[str, Impacts]] = {}

    def _passage_frequencies(self) -> Counter[str]:
        """Count the passages that hold each term in a field that can be evidence."""
        evident = [self.terms[field.name] for field in self.fields if field.is_evident]
        counts: Counter[str] = Counter()
        for sides in zip(*evident, strict=True):
            counts.update(set().union(*sides))
        return counts

    def frequency(self, phrase: tuple[str, ...]) -> int:
        """Count the passages that hold a phrase, word after word, in a field that can be evidence."""
        impacts = self.impacts(phrase)
        return len(set().union(*(impacts[field.name] for field in self.fields if field.is_evident)))

    @cached_property
    def _spoken(self) -> tuple[str, ...]:
        """Give what each passage says as its tokens, with a space before and after each."""
        return tuple(f" {' '.join(to_tokens(passage.text))} " for passage in self.passages)

    def says(self, number: int, words: tuple[str, ...]) -> bool:
        """Whether a passage says exactly these words, in this order."""
        return f" {' '.join(words)} " in self._spoken[number]

    @cached_property
    def _runs(self) -> dict[tuple[str, ...], set[int]]:
        """Map every RUN words in a row, small ones included, to the passages that say them."""
        runs: dict[tuple[str, ...], set[int]] = {}
        for number, passage in enumerate(self.passages):
            for run in windows([to_term(token) for token in to_tokens(passage.text)], RUN):
                runs.setdefault(run, set()).add(number)
        return runs

    def longest_runs(self, tokens: Sequence[str]) -> dict[int, int]:
        """Tell how many words in a row of `tokens` each passage says, where they are RUN or more."""
        longest: dict[int, int] = {}
        going: dict[int, int] = {}
        for words in windows(tokens, RUN):
            run = tuple(to_term(word) for word in words)
            is_said = self._runs.get(run, set()) if not STOP_WORDS.issuperset(words) else set()
            going = {number: going.get(number, RUN - 1) + 1 for number in is_said}
            for number, length in going.items():
                longest[number] = max(longest.get(number, 0), length)
        return longest

    def weight_of(self, term: str) -> float:
        """Tell how much a term says, known to the corpus or not (then it says the most)."""
        return idf(self.frequencies[term], len(self.passages))

    def weight_of_phrase(self, phrase: tuple[str, ...]) -> float:
        """Tell how much a phrase says."""
        return self.weight_of(phrase[0]) if len(phrase) == 1 else idf(self.frequency(phrase), len(self.passages))

    def impacts(self, phrase: tuple[str, ...], slack: int = 0) -> dict[str, Impacts]:
        """Give, by field, what a term adds to each passage; of several terms, where they stand in order and near.

        `slack` is how many other terms may stand between them.
        """
        key = (*phrase, f"+{slack}")
        found = self._impacts.get(key)
        if found is None:
            found = {field.name: MappingProxyType(self._field_impacts(field, phrase, slack)) for field in self.fields}
            if len(self._impacts) >= CACHED:
                self._impacts.clear()
            self._impacts[key] = found  # another thread may have cleared it again when this one returns
        return found

    def _field_impacts(self, field: Field, phrase: tuple[str, ...], slack: int) -> dict[int, float]:
        bm25 = self.bm25[field.name]
        if len(phrase) == 1:
            return bm25.impacts(phrase[0])
        postings = [dict(bm25.postings.get(term, ())) for term in phrase]
        counts = {
            passage: count
            for passage in set(postings[0]).intersection(*postings[1:])
            if (count := count_near(self.terms[field.name][passage], phrase, slack))
        }
        rarity = idf(len(counts), len(self.passages))
        return {passage: bm25.impact(passage, count, rarity) for passage, count in sorted(counts.items())}


def _by_name(terms: Iterable[str]) -> dict[str, list[str]]:
    """Group numbered names (gpt2, gpt3) by their name."""
    named: dict[str, list[str]] = {}
    for term in sorted(terms):
        name = term.rstrip("0123456789")
        if name and name != term:
            named.setdefault(name, []).append(term)
    return named


def windows(terms: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    """Give every `size` terms in a row."""
    return (tuple(terms[start : start + size]) for start in range(len(terms) - size + 1))


def count_near(terms: Sequence[str], phrase: Sequence[str], slack: int) -> int:
    """Count where the phrase's terms follow each other in order with at most `slack` other terms among them."""
    count = 0
    for start, term in enumerate(terms):
        if term != phrase[0]:
            continue
        place, end = start, min(len(terms), start + len(phrase) + slack)
        for wanted in phrase[1:]:
            place = next((n for n in range(place + 1, end) if terms[n] == wanted), end)
        count += place < end
    return count


def build_index(passages: Sequence[Passage], fields: Sequence[Field] = FIELDS) -> Index:
    """Index the passages that can be answers: the persona's words and the summaries, as the caller chose them."""
    return Index(passages, fields)
