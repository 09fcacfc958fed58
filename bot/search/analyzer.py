"""One analyzer for passages and queries: text to terms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import Stemmer

STOP_WORDS = frozenset(
    "a about all also am an and any are as at be been being but by can could did do does doing don't down for from "
    "get gets getting go goes going gonna got had has have having he her here him his how i i'd i'll i'm i've if in "
    "into is it it's its itself just kind let like lot made make many may maybe me mean might more most much my no "
    "not now of oh on one only or other our out over really right s say says see she should so some sort such than "
    "that that's the their them then there there's these they they're thing things this those to too up us very was "
    "way we we're we've well were what what's when where which while who why will with would yeah yes you you're "
    "you've your".split()
)
"""Words too common in speech to tell passages apart; short, since a phrase may need its small words."""

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_HYPHENATED_NUMBER = re.compile(r"([^\W\d_])-(?=\d+\b)")
_stemmer = Stemmer.Stemmer("english")


def to_tokens(text: str) -> list[str]:
    """Split a text into words: NFKC, casefolded, "GPT-3" as gpt3, "self-play" as self and play."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return _TOKEN.findall(_HYPHENATED_NUMBER.sub(r"\1", plain))


@lru_cache(maxsize=65536)
def to_term(token: str) -> str:
    """Stem one word (Snowball's English stemmer); a possessive is its word."""
    term: str = _stemmer.stemWord(token)
    return term


def to_terms(text: str) -> list[str]:
    """Turn a text into its terms in order, without stop words."""
    return [to_term(token) for token in to_tokens(text) if token not in STOP_WORDS]


def without_stop_words(tokens: Iterable[str]) -> list[str]:
    """Drop the stop words."""
    return [token for token in tokens if token not in STOP_WORDS]
