"""One analyzer for passages and queries: text to terms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import Stemmer

from bot.search.irregular import BASE_FORMS
from bot.search.stop_words import STOP_WORDS

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_HYPHENATED_NUMBER = re.compile(r"([^\W\d_])-(?=\d+\b)")
_stemmer = Stemmer.Stemmer("english")
_BASE_STEMS = {_stemmer.stemWord(form): _stemmer.stemWord(base) for form, base in BASE_FORMS.items()}


def to_tokens(text: str) -> list[str]:
    """Split a text into words: NFKC, casefolded, "GPT-3" as gpt3, "self-play" as self and play."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return _TOKEN.findall(_HYPHENATED_NUMBER.sub(r"\1", plain))


@lru_cache(maxsize=65536)
def to_term(token: str) -> str:
    """Stem one word (Snowball's English stemmer); an irregular form is its base, a possessive its word."""
    stem: str = _stemmer.stemWord(token.removesuffix("'s"))
    base: str = _BASE_STEMS.get(stem, stem)
    return base


def to_terms(text: str) -> list[str]:
    """Turn a text into its terms in order, without stop words."""
    return [to_term(token) for token in without_stop_words(to_tokens(text))]


def without_stop_words(tokens: Iterable[str]) -> list[str]:
    """Drop the stop words."""
    return [token for token in tokens if token not in STOP_WORDS]
