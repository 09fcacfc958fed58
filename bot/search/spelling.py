"""Spelling: a word the corpus lacks, matched by edit distance and by sound to one it has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

SHORTEST = 4
"""Letters: in a shorter word every change makes another word."""

LONG = 7
"""Letters: from here on a word with two typos is still the same word to a reader."""

EDITS = 2
"""Letters put in, left out, replaced or swapped in a long word; one more where it sounds the same."""


@cache
def english_words() -> frozenset[str]:
    """Know the words of general English: one that the corpus lacks is not misspelt ("patents" is not "parents").

    They are read once in a process, for all spellers.
    """
    from spellchecker import SpellChecker  # noqa: PLC0415  its word list takes a while to read

    return frozenset(SpellChecker().word_frequency.words())


@dataclass
class Speller:
    """The words that can be meant, each with how many passages hold it, and what a recogniser heard for some."""

    count_words: Callable[[], Mapping[str, int]]
    heard: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def words(self) -> Mapping[str, int]:
        """Count the words when the first misspelt one comes."""
        return self.count_words()

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        from jellyfish import metaphone  # noqa: PLC0415  only a misspelt query needs it

        sounds: dict[str, list[str]] = {}
        for word in self.words:
            sounds.setdefault(metaphone(word), []).append(word)
        return sounds

    def warm(self) -> None:
        """Count and sound the words now, so that the first misspelt query need not wait."""
        self.correct("warmingupwords")

    def correct(self, word: str) -> str | None:
        """Give the known word that was most likely meant, or None.

        What a recogniser heard for a name (`heard`) comes first, then the nearest by edits; of equally near ones, one
        that sounds the same, then the more frequent.
        """
        if len(word) < SHORTEST or not word.isalpha() or word in english_words():
            return None
        if word in self.heard:
            return self.heard[word]
        from jellyfish import metaphone  # noqa: PLC0415
        from rapidfuzz import process  # noqa: PLC0415
        from rapidfuzz.distance import OSA  # noqa: PLC0415

        sound = metaphone(word)
        near = process.extract(word, self.words.keys(), scorer=OSA.distance, score_cutoff=EDITS, limit=None)
        candidates = {match: edits for match, edits, _ in near if is_near(word, match, edits)}
        if len(word) >= LONG:
            for match in self._by_sound.get(sound, ()):
                candidates.setdefault(match, OSA.distance(word, match))
        candidates = {match: edits for match, edits in candidates.items() if edits <= EDITS + 1}
        return min(candidates, key=lambda match: self._rank(match, candidates[match], word, sound), default=None)

    def _rank(self, match: str, edits: int, word: str, sound: str) -> tuple[float, bool, int, str]:
        from jellyfish import metaphone  # noqa: PLC0415

        same_sound = metaphone(match) == sound
        return edits - 0.9 * same_sound, match[0] != word[0], -self.words[match], match


def is_near(word: str, match: str, edits: int) -> bool:
    """Whether a word may be another misspelt: a long one by EDITS; a short one only in its vowels or its order.

    In a short word an edit mostly makes another good word ("brawn" is not "brain", "tons" is not "tens").
    """
    if len(word) >= LONG:
        return len(match) >= SHORTEST
    if sorted(word) == sorted(match):
        return True
    return len(word) > SHORTEST and edits == 1 and consonants(word) == consonants(match)


def consonants(word: str) -> str:
    """Reduce a word to its consonants, doubled ones once."""
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouy]", "", word))


def names_heard(corrections: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Take from (raw, said) pairs the words that a recogniser heard for a name or for a part of one."""
    heard: dict[str, str] = {}
    for raw, said in corrections:
        words, names = raw.casefold().split(), said.casefold().split()
        pairs = zip(words, names, strict=True) if len(words) == len(names) else [(raw.casefold(), said.casefold())]
        for word, name in pairs:
            if word.isalpha() and len(word) >= SHORTEST and word != name:
                heard.setdefault(word, name)
    return heard
