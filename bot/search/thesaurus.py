"""The thesaurus: other words for the same thing, from general knowledge of the field (seeds/thesaurus.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import ThesaurusError
from bot.search.analyzer import to_terms

Phrase = tuple[str, ...]

LONGEST_PHRASE = 6
"""Terms: no entry is longer."""


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """What else to look for, by phrase of terms: `same` means as much, `wider` holds it."""

    same: Mapping[Phrase, tuple[Phrase, ...]] = field(default_factory=dict)
    wider: Mapping[Phrase, tuple[Phrase, ...]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()

    def has(self, phrase: Phrase) -> bool:
        """Whether there are other wordings of a phrase."""
        return phrase in self.same or phrase in self.wider

    def longest_at(self, terms: list[str], start: int) -> int:
        """Tell how many terms from `start` on are an entry; 0 where none is."""
        for length in range(min(LONGEST_PHRASE, len(terms) - start), 0, -1):
            phrase = tuple(terms[start : start + length])
            if self.has(phrase):
                return length
        return 0


class _Same(BaseModel):
    words: list[str] = Field(min_length=2)


class _Wider(BaseModel):
    words: list[str] = Field(min_length=1)
    finds: list[str] = Field(min_length=1)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    same: list[_Same] = []
    wider: list[_Wider] = []


def read_thesaurus(path: Path) -> Thesaurus:
    """Read a thesaurus; a folder without one has an empty one. Raises ThesaurusError."""
    if not path.exists():
        return Thesaurus()
    try:
        file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        fault = error.errors()[0]
        where = " ".join(str(step + 1) if isinstance(step, int) else step for step in fault["loc"])
        expected = 'groups [[same]] words = ["…", "…"] or [[wider]] words = ["…"] finds = ["…"]'
        raise ThesaurusError(f"The thesaurus {path}, {where}: {fault['msg']}; expected {expected}.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ThesaurusError(f"The thesaurus {path} cannot be read: {error}.") from None
    return build_thesaurus((group.words for group in file.same), ((group.words, group.finds) for group in file.wider))


def build_thesaurus(
    same: Iterable[Iterable[str]], wider: Iterable[tuple[Iterable[str], Iterable[str]]] = ()
) -> Thesaurus:
    """Build a thesaurus from groups of the same and pairs of (words, what they find)."""
    equal: dict[Phrase, dict[Phrase, None]] = {}
    broad: dict[Phrase, dict[Phrase, None]] = {}
    words: set[str] = set()
    for group in same:
        phrases = list(_phrases(group, words))
        for phrase in phrases:
            equal.setdefault(phrase, {}).update(dict.fromkeys(other for other in phrases if other != phrase))
    for group, finds in wider:
        found = list(_phrases(finds, words))
        for phrase in _phrases(group, words):
            broad.setdefault(phrase, {}).update(dict.fromkeys(other for other in found if other != phrase))
    return Thesaurus(
        {phrase: tuple(others) for phrase, others in equal.items()},
        {phrase: tuple(others) for phrase, others in broad.items()},
        frozenset(words),
    )


def _phrases(group: Iterable[str], words: set[str]) -> Iterable[Phrase]:
    for text in group:
        words.update(text.casefold().split())
        if phrase := tuple(to_terms(text)):
            yield phrase
