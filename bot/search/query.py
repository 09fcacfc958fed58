"""What a person typed, as what is searched for."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import QueryError
from bot.search.analyzer import to_term, to_tokens, without_stop_words
from bot.search.index import Index

LONGEST_QUERY = 1000
"""Characters: a message can be longer than any question; the rest of it is not read."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to say a concept: its terms in order, and how near it comes to what was typed (0 to 1)."""

    terms: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing a query asks for; `weight` is how much it says."""

    typed: str
    variants: tuple[Variant, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it is searched for."""

    text: str
    concepts: tuple[Concept, ...]
    notice: str = ""


def parse_query(text: str, index: Index) -> Query:
    """Turn what was typed into concepts. Raises QueryError where nothing was."""
    plain = " ".join(text[:LONGEST_QUERY].split())
    tokens = to_tokens(plain)
    if not tokens:
        raise QueryError("There is nothing to search for. Write what it should be about, for example: scaling laws")
    chosen = without_stop_words(tokens) or tokens
    concepts = []
    for token in dict.fromkeys(chosen):
        term = to_term(token)
        concepts.append(Concept(token, (Variant((term,)),), index.weight_of(term)))
    return Query(plain, tuple(concepts))
