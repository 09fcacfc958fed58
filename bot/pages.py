"""An answer to page through, written so short that a button can carry it: it works after a restart, in any process."""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.errors import UnknownPassageError
from bot.models import Hit, Passage
from bot.search.analyzer import to_terms

VERSION = "2"
CODE = 8
"""Characters of a passage's code: 48 bits, so that two of 10,000 passages share one in 5 millions of libraries."""

MOST = 5
"""Quotes an answer pages through."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_EXTRACT = rf"[\w-]{{{CODE}}}[0-9a-zA-Z]{{4}}"
_PAGES = re.compile(rf"{VERSION}(?P<position>\d)(?P<extracts>(?:{_EXTRACT}){{1,{MOST}}})(?:~(?P<terms>.*))?", re.ASCII)
_OUTDATED = "That answer is from before the episodes were changed. Ask again to get it anew."


@dataclass(frozen=True, slots=True)
class Extract:
    """The sentences of a passage that are shown: `count` from number `first` on."""

    code: str
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Pages:
    """What an answer shows, quote by quote; `position` is that of the quote on show, from 0.

    `terms` are those looked for that the quotes hold, the commonest first, for emphasis; what does not fit is left out.
    """

    extracts: tuple[Extract, ...]
    position: int = 0
    terms: tuple[str, ...] = ()

    @property
    def extract(self) -> Extract:
        """What is on show."""
        return self.extracts[self.position]

    def turned_to(self, position: int) -> Pages:
        """Give the same answer with another quote on show."""
        return replace(self, position=position)

    def alone(self) -> Pages:
        """Give only the quote on show."""
        return replace(self, extracts=(self.extract,), position=0)


def to_code(passage: str) -> str:
    """Shorten a passage's id."""
    return urlsafe_b64encode(hashlib.blake2b(passage.encode(), digest_size=6).digest()).decode()


def build_pages(hits: Iterable[Hit]) -> Pages:
    """Take down what an answer shows: at least one hit, the first MOST of them, and the terms they hold."""
    shown = tuple(hits)[:MOST]
    terms = Counter(term for hit in shown for term in to_terms(hit.quote) if term in hit.terms)
    return Pages(tuple(map(_to_extract, shown)), 0, tuple(term for term, _ in terms.most_common()))


def to_text(pages: Pages, longest: int) -> str:
    """Write pages down in at most `longest` characters, with as many of the terms as fit; 62 hold every extract."""
    extracts = "".join(part.code + _to_digits(part.first) + _to_digits(part.count) for part in pages.extracts)
    text = f"{VERSION}{pages.position}{extracts}"
    mark = "~"
    for term in pages.terms:
        if len(text) + len(mark) + len(term) <= longest:
            text, mark = f"{text}{mark}{term}", " "
    return text


def parse_pages(text: str) -> Pages:
    """Read pages back. Raises UnknownPassageError where the text was not written by this version."""
    found = _PAGES.fullmatch(text)
    if found is None:
        raise UnknownPassageError(_OUTDATED)
    written = [found["extracts"][at : at + CODE + 4] for at in range(0, len(found["extracts"]), CODE + 4)]
    extracts = tuple(
        Extract(part[:CODE], _to_number(part[CODE : CODE + 2]), _to_number(part[CODE + 2 :])) for part in written
    )
    position = int(found["position"])
    if position >= len(extracts):
        raise UnknownPassageError(_OUTDATED)
    return Pages(extracts, position, tuple((found["terms"] or "").split()))


def to_hit(extract: Extract, passage: Passage | None, terms: Iterable[str]) -> Hit:
    """Give the hit that an extract was made of. Raises UnknownPassageError where its passage is no more."""
    if passage is None or not extract.count or extract.first + extract.count > len(passage.sentences):
        raise UnknownPassageError(_OUTDATED)
    sentences = passage.sentences[extract.first : extract.first + extract.count]
    return Hit(passage, 0.0, sentences, frozenset(terms))


def _to_digits(number: int) -> str:
    """Write a number up to 3843 in two digits: no passage has as many sentences."""
    return _DIGITS[number // len(_DIGITS)] + _DIGITS[number % len(_DIGITS)]


def _to_number(digits: str) -> int:
    return _DIGITS.index(digits[0]) * len(_DIGITS) + _DIGITS.index(digits[1])


def _to_extract(hit: Hit) -> Extract:
    first = hit.passage.sentences.index(hit.sentences[0])
    return Extract(to_code(hit.passage.id), first, len(hit.sentences))
