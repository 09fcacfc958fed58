"""What a person typed, as what is searched for: filters, exact words, and concepts with their other wordings."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from typing import Literal

from bot.errors import QueryError
from bot.search.analyzer import to_term, to_tokens, without_stop_words
from bot.search.index import Index
from bot.search.spelling import Speller
from bot.search.stop_words import WEAK_WORDS
from bot.search.thesaurus import Phrase, Thesaurus

LONGEST_QUERY = 1000
"""Characters: a message can be longer than any question; the rest of it is not read."""

WEAK = 0.3
"""How much of its weight a word keeps that says how or when rather than what."""

TOGETHER = 0.7
"""Share of the passages with either word that have both side by side, from which they are one name."""

_FILTER = re.compile(r"(?:^|\s)(episode|year):\s*(\S+)", re.IGNORECASE)
_EXACT = re.compile(r"[\"“”„]([^\"“”„]+)[\"“”„]")
_ADVICE = re.compile(
    r"^\W*(?:the\s+)?best\b|\b(?:how|where|when|which|what)\s+(?:do|can|could|should)\s+i\b|\bshould\s+i\b|^\W*how\s+to\b"
)
_SPEAK = (
    r"(?:thinks?|thought|says?|said|believes?|believed|feels?|felt|talks?|talked|speaks?|spoken|mentions?|mentioned)"
)
_VIEW = r"(?:opinions?|views?|thoughts?|takes?|stance|position|quotes?)"
_ON = r"(?:about|of|on|in|regarding|that)"
_OPINION = rf"(?:{_SPEAK}|{_VIEW})\b\s*(?:(?:something|anything)\s+)?{_ON}?\s+"
_PLEASE = r"^\W*(?:please\s+)?(?:(?:can|could|would|do)\s+you\s+)?(?:please\s+)?"
_FRAME = re.compile(
    rf"{_PLEASE}(?:tell|show|give|quote)\s+(?:me|us)\s+(?:something|anything|more|"
    rf"a\s+quote|what\s+\{{who\}}\s+{_OPINION}|what)?\s*(?:about|of|on)?\s+"
    rf"|{_PLEASE}explain\s+"
    rf"|{_PLEASE}find\s+(?:me\s+|us\s+)?(?:the|a)\s+(?:part|place|bit|moment|passage|section|quote)\s+"
    rf"(?:(?:where|when|in\s+which)\s+(?:\{{who\}}\s+(?:{_SPEAK}\s+{_ON}?\s*|explains?\s+)?)?|{_ON}\s+)"
    r"|^\W*what(?:'s|\s+is|\s+are|\s+was|\s+were)?\s+(?:does|did|do|has|have|would)?\s*\{who\}(?:'s)?\s+(?:really\s+|ever\s+)?"
    rf"{_OPINION}"
    rf"|^\W*(?:does|did|do|has|have|would)\s+\{{who\}}\s+(?:really\s+|ever\s+)*{_SPEAK}\s+(?:(?:something|anything)\s+)?(?:{_ON}\s+)?"
    rf"|^\W*(?:\{{who\}}(?:'s)?|his|her|their|your)\s+{_OPINION}"
    rf"|^\W*(?:any\s+|some\s+|a\s+|the\s+)?{_VIEW}\s+(?:about|of|on|regarding)\s+"
)


Kind = Literal["typed", "same", "wider"]


SHOWING, READ_AS = "Showing answers for", "Read as"
"""How a corrected spelling is told, where there are answers and where there is none."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to say something: its terms in order, and how near it comes to what was typed."""

    terms: Phrase
    kind: Kind = "typed"


@dataclass(frozen=True, slots=True)
class Part:
    """One typed word with its other wordings; `share` is how much of what it says counts in this query."""

    typed: str
    variants: tuple[Variant, ...]
    information: float
    share: float = 1.0

    @property
    def weight(self) -> float:
        """How much the word says in this query."""
        return self.information * self.share


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing asked for: its words, and other wordings of all of them together."""

    parts: tuple[Part, ...]
    others: tuple[Variant, ...] = ()

    @property
    def weight(self) -> float:
        """How much the concept says."""
        return sum(part.weight for part in self.parts)


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it is searched for."""

    text: str
    concepts: tuple[Concept, ...]
    tokens: tuple[str, ...] = ()
    is_for_advice: bool = False
    exact: tuple[tuple[str, ...], ...] = ()
    episode: str | None = None
    year: str | None = None
    notice: str = ""

    @property
    def terms(self) -> frozenset[str]:
        """All terms that are looked for, to be marked where they stand."""
        parts = [part for concept in self.concepts for part in concept.parts]
        variants = [variant for part in parts for variant in part.variants]
        variants += [variant for concept in self.concepts for variant in concept.others]
        return frozenset(term for variant in variants for term in variant.terms)


@dataclass(frozen=True)
class QueryParser:
    """What is needed to understand a query: the corpus, the thesaurus, a speller and the persona's name."""

    index: Index
    persona: str = ""
    thesaurus: Thesaurus = field(default_factory=Thesaurus)
    speller: Speller = field(default_factory=partial(Speller, dict))

    def parse(self, text: str) -> Query:
        """Turn what was typed into a query. Raises QueryError where nothing was."""
        plain = " ".join(text[:LONGEST_QUERY].split())
        filters = {name.lower(): value.strip("\"'“”,.;?!") for name, value in _FILTER.findall(plain)}
        asked = _FILTER.sub(" ", plain).strip()
        tokens = self._contents(to_tokens(self._without_frame(asked)))
        if not tokens:
            raise QueryError("There is nothing to search for. Write what it should be about, for example: scaling laws")
        corrected = self._contents(self._corrected(self._joined(tokens)))
        notice = _notice(asked, tokens, corrected, lambda token: to_term(token) in self.index.frequencies)
        return Query(
            text=plain,
            concepts=tuple(self._concepts(corrected)),
            tokens=tuple(to_tokens(asked)),
            is_for_advice=bool(_ADVICE.search(asked.casefold())),
            exact=tuple(tuple(to_tokens(words)) for words in _EXACT.findall(asked) if to_tokens(words)),
            episode=filters.get("episode"),
            year=filters.get("year"),
            notice=notice,
        )

    def _contents(self, tokens: Sequence[str]) -> list[str]:
        """Take the words that tell what it is about, or stop words and the persona's name where there are no others."""
        names = set(to_tokens(self.persona)) | {f"{name}'s" for name in to_tokens(self.persona)}
        content = without_stop_words(tokens)
        return [token for token in content if token not in names] or content or list(tokens)

    def _without_frame(self, asked: str) -> str:
        names = [re.escape(name) for name in (self.persona.casefold(), *to_tokens(self.persona)) if name]
        who = "(?:" + "|".join([*names, "he", "you"]) + ")"
        return re.sub(_FRAME.pattern.replace(r"\{who\}", who), " ", asked.casefold().replace("’", "'"), count=1)

    def _joined(self, tokens: Sequence[str]) -> list[str]:
        """Write as the corpus does what is typed apart ("alpha go") or together ("selfplay")."""
        joined: list[str] = []
        for token in tokens:
            together = joined[-1] + token if joined else ""
            if together and self._knows(together) and not self._follow(joined[-1], token):
                joined[-1] = together
            elif not self._knows(token) and (apart := self._split(token)):
                joined += apart
            else:
                joined.append(token)
        return joined

    def _knows(self, token: str) -> bool:
        return to_term(token) in self.index.frequencies or self.thesaurus.has((to_term(token),))

    def _follow(self, first: str, second: str) -> bool:
        return any(self.index.impacts((to_term(first), to_term(second))).values())

    def _split(self, token: str) -> list[str]:
        for cut in range(2, len(token) - 1):
            first, second = token[:cut], token[cut:]
            if self._knows(first) and self._knows(second) and self._follow(first, second):
                return [first, second]
        return []

    def _corrected(self, tokens: Sequence[str]) -> list[str]:
        """Replace words that neither the corpus nor the thesaurus knows by what was likely meant."""
        corrected: list[str] = []
        for token in tokens:
            meant = None if self._knows(token) else self.speller.correct(token)
            corrected += to_tokens(meant) if meant else [token]
        return list(dict.fromkeys(corrected))

    def _concepts(self, tokens: Sequence[str]) -> list[Concept]:
        terms = [to_term(token) for token in tokens]
        parts = self._sharing([self._part(token, term) for token, term in zip(tokens, terms, strict=True)])
        concepts = []
        start = 0
        while start < len(terms):
            length = self.thesaurus.longest_at(terms, start)
            phrase = tuple(terms[start : start + length])
            end = start + max(1, length)
            concepts.append(Concept(tuple(parts[start:end]), self._others(phrase) if length > 1 else ()))
            start = end
        return concepts

    def _sharing(self, parts: list[Part]) -> list[Part]:
        """Let two words that the corpus has only together ("Sam Altman") say no more than one."""
        shared = list(parts)
        for number, (first, second) in enumerate(pairwise(parts)):
            pair = (to_term(first.typed), to_term(second.typed))
            most = max(self.index.frequencies[term] for term in pair)
            if most and self.index.frequency(pair) >= TOGETHER * most:
                shared[number] = replace(shared[number], share=shared[number].share / 2)
                shared[number + 1] = replace(second, share=second.share / 2)
        return shared

    def _part(self, token: str, term: str) -> Part:
        variants = [Variant((term,)), *self._others((term,)), *self._numbered(term)]
        return Part(token, tuple(variants), self._weight_of(variants), WEAK if token in WEAK_WORDS else 1.0)

    def _weight_of(self, variants: Sequence[Variant]) -> float:
        """Weigh a word by itself or, where only another word for the same is known, by the commonest of those."""
        known = [self.index.weight_of_phrase(variant.terms) for variant in variants if variant.kind != "wider"]
        return known[0] if variants[0].terms[0] in self.index.frequencies else min(known)

    def _others(self, phrase: Phrase) -> tuple[Variant, ...]:
        same = [Variant(other, "same") for other in self.thesaurus.same.get(phrase, ())]
        wider = [Variant(other, "wider") for other in self.thesaurus.wider.get(phrase, ())]
        return tuple(variant for variant in (*same, *wider) if all(t in self.index.frequencies for t in variant.terms))

    def _numbered(self, term: str) -> list[Variant]:
        """Let "gpt" find GPT-3, and a number the corpus lacks (GPT-9) find its name, less surely."""
        bare = term.rstrip("0123456789")
        if bare != term:
            return [Variant((bare,), "wider")] if bare and term not in self.index.frequencies else []
        return [Variant((numbered,), "same") for numbered in self.index.numbered.get(term, ())]


def _notice(asked: str, tokens: Sequence[str], corrected: Sequence[str], is_known: Callable[[str], bool]) -> str:
    """Say openly that another spelling was searched for."""
    typed, meant = "".join(tokens), "".join(corrected)
    if typed == meant or set(tokens) == set(corrected) or " ".join(corrected) in asked.casefold():
        return ""
    changed = [token for token in corrected if token not in tokens]
    # of what was typed only words that are known: the notice may be seen by all
    shown = [token for token in corrected if token in changed or is_known(token)]
    return f"{SHOWING} “{' '.join(shown)}”." if changed and asked else ""
