"""What stands alone: which of a passage's sentences can be read in a channel with nothing around them.

The notion, rule by rule. A quote is

- whole sentences in a row, 60 to 350 characters, the last with a full stop;
- free to begin: its first word does not lean on what came before ("and", "so", "yeah", "this", "it", "they" …; "there
  is" and "it is good to" point at nothing and may stand);
- resolved: its first sentence has no "it", "they" or "this" before a word that carries meaning, and does not point back
  ("these", "the other thing", "because of that");
- out of the talk: it does not speak to the person across the table or of the talk itself ("as you said");
- his own: no question, for the answer is elsewhere, no imagined speaker ("you say — …"), no seeming ("on the surface"),
  and the next sentence does not take it back ("But …");
- spoken cleanly: at most two fillers, one dash, no "yeah" or "like" to begin with, no sentence over 280 characters;
- worth reading: it has enough words that carry meaning, in its first and last sentence too (no "All those things.").

Of several such runs of sentences, that is taken which points at the least and is nearest to a good length, rather
longer than shorter.

Judgement beats rules: an edition's `quote: no` keeps a paragraph out; its `quote: yes` lifts the rules on the first
word and on what is worth reading, and no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from bot.models import Passage, Role, Sentence
from bot.search.analyzer import to_terms, to_tokens
from bot.search.stop_words import WEAK_WORDS

SHORTEST = 60
LONGEST = 350
BEST = 210
"""Characters: a quote of about this length is read at a glance and has room for a thought."""

LONGEST_SENTENCE = 280
"""Characters: a spoken sentence that is longer has lost its thread."""

FEWEST_TERMS = 4
"""Words that carry meaning; fewer say hardly anything."""

POINTER = 80
"""Characters from the best length that a word which points at something costs a quote."""

SAME_WORDS = 0.7
"""Share of terms in common from which two quotes are one quote said twice."""

_LEANING = frozenset(
    "actually again all also although and another anyway as basically because besides both but certainly clearly "
    "correct definitely did does each either else especially exactly except fantastic finally first following for "
    "further furthermore got he hence her here hers him his however hundred indeed instead it it'd it'll it's its just "
    "likewise maybe me meanwhile moreover neither nevertheless no nonetheless nope nor not now of oh ok okay only or "
    "other others otherwise perhaps plus probably rather really right same second secondly she similarly since so some "
    "somehow sometimes still such sure that that'd that'll that's their theirs them then there thereby therefore these "
    "they they'd they'll they're they've third this those though three thus too totally true two unlike well whatever "
    "where whereas wherever which while who whose with without wow yeah yep yes yet".split()
)
"""First words that lean on something said before."""

_LEANING_PHRASE = re.compile(
    r"(?:in (?:contrast|other words|fact|this|that)|at the same time|back then|even then|one (?:is|was)|i mean|"
    r"you know)\b",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"\b(?:there(?:'s| is| are| was| were| will be| can be)|it(?: really)?(?:'s| is| was| isn't| wasn't| can be|"
    r" would be) (?:(?:an?|also|very|quite|really|definitely|not) )*(?:good|nice|possible|impossible|important|true|"
    r"clear|hard|easy|easier|difficult|better|fact)(?: task| thing| idea)? (?:to|that)|it turn(?:s|ed) out)\b",
    re.IGNORECASE,
)
"""Words that look as if they pointed, and do not."""

_POINTERS = frozenset(
    "he her here him his it it'd it'll it's its she that'd that'll that's their them these they they'd they'll they're "
    "they've this those".split()
)
_NAMED = re.compile(r"\b(\w{3,})\b(.*?)\b(?:this|that|these|those) \1\b", re.IGNORECASE)
"""A noun, and "this" noun after it: named, hence no riddle."""

_POINTING = re.compile(
    r"\b(?:(?:this|these|those)(?! (?:\w+ )?(?:who|that)\b)|such an?|"
    r"the (?:same(?! as| time)|latter|former|question|comment|two)|"
    r"(?:the )?other (?:thing|one|approach)(?:e?s)?|the first (?:thing|one)|at that time|exactly that|get us there|"
    r"even further|as well|as much(?! as)|of context|it(?=[.,;])|think that (?:will|would)|"
    r"that (?:particular|result|system|project|approach|paper|time|point|model|idea|thing|way|sense|case|kind|picture|"
    r"view|framing|path|purpose)|"
    r"(?:all|each|few|many|most|none|some) of (?:them|those)|"
    r"(?:about|after|by|doing|for|from|of|on|to|with) that(?=[.,]| is\b))",
    re.IGNORECASE,
)
_CONVERSATION = re.compile(
    r"\b(?:you (?:ask|asked|mentioned|said|described|alluded|just|were saying|brought)|thank(?:s| you)|podcast|earlier|"
    r"your (?:question|point|comment|assessment)|(?:this|that|the|good|great|hard|tricky) question|to answer|"
    r"as i said|i said|i mentioned|do you see|if you will|i'll describe|let me (?:describe|give|think|explain)|i agree|"
    r"i see what|i haven't|too specific|my guess|i don't know(?! how)|i'm not sure|i don't remember|i hesitate|"
    r"hard to (?:say|answer|be specific|give))\b",
    re.IGNORECASE,
)
_NOT_HIS_VIEW = re.compile(
    r"\b(?:ask|say|said|says|saying|tell|telling|tells|thought)(?: \w+)? —|\bon the surface\b", re.IGNORECASE
)
_TAKEN_BACK = re.compile(r"(?:but|however|although|though|like|well,? no|no)\b", re.IGNORECASE)
_FILLER = re.compile(r"\b(?:you know|i mean|sort of|kind of|like,|stuff|whatever|and so on)\b|\bwell,", re.IGNORECASE)
_WEAK_TERMS = frozenset(term for word in WEAK_WORDS for term in to_terms(word))

Quote = tuple[Passage, tuple[Sentence, ...]]
"""A passage and those of its sentences that stand alone."""


def choose_standalone(passage: Passage) -> tuple[Sentence, ...]:
    """Choose the sentences of a passage that stand alone best; none where none do, or where they are not quotable."""
    if passage.role is not Role.GUEST or passage.daily is False:
        return ()
    texts = [sentence.text for sentence in passage.sentences]
    runs = [(first, last) for first, last in _runs(texts) if not _is_taken_back(texts[last:])]
    alone = [run for run in runs if stands_alone(texts[slice(*run)], marked=passage.daily is True)]
    first, last = min(alone, key=lambda run: _cost(texts[slice(*run)]), default=(0, 0))
    return passage.sentences[first:last]


def stands_alone(sentences: Sequence[str], *, marked: bool = False) -> bool:
    """Whether sentences can be read with nothing around them, by the rules above; a mark lifts two of them."""
    text = " ".join(sentences)
    return (
        _is_statement(text)
        and _is_clean(text)
        and max(map(len, sentences)) <= LONGEST_SENTENCE
        and _is_resolved(sentences[0])
        and (marked or (_begins_freely(text) and _says_something(sentences)))
    )


def meaning_terms(text: str) -> frozenset[str]:
    """Collect the terms of a text that carry meaning."""
    return frozenset(to_terms(text)) - _WEAK_TERMS


def without_repeats(quotes: Iterable[Quote]) -> Iterator[Quote]:
    """Drop a quote that says with mostly the same words what one before it says."""
    seen: list[frozenset[str]] = []
    for passage, sentences in quotes:
        terms = meaning_terms(to_text(sentences))
        if all(len(terms & other) < SAME_WORDS * min(len(terms), len(other)) for other in seen):
            seen.append(terms)
            yield passage, sentences


def to_text(sentences: Sequence[Sentence]) -> str:
    """Join sentences as they are shown."""
    return " ".join(sentence.text for sentence in sentences)


def _runs(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Give every run of sentences of a fitting length, as the first and the one after the last."""
    for first in range(len(texts)):
        for last in range(first + 1, len(texts) + 1):
            if SHORTEST <= len(" ".join(texts[first:last])) <= LONGEST:
                yield first, last


def _cost(sentences: Sequence[str]) -> int:
    text = " ".join(sentences)
    pointers = text.startswith("The ") + len(_POINTING.findall(text))
    return max(BEST - len(text), (len(text) - BEST) // 2) + POINTER * pointers


def _begins_freely(text: str) -> bool:
    if _EXPLETIVE.match(text):
        return True
    return to_tokens(text)[0] not in _LEANING and not _LEANING_PHRASE.match(text)


def _is_resolved(first: str) -> bool:
    tokens = to_tokens(_EXPLETIVE.sub("", first))
    before = list(takewhile(lambda token: token not in _POINTERS, tokens))
    is_named = before == tokens or bool(meaning_terms(" ".join(before)))
    return is_named and not _POINTING.search(_NAMED.sub(r"\1\2\1", first))


def _says_something(sentences: Sequence[str]) -> bool:
    ends = (sentences[0], sentences[-1])
    return len(meaning_terms(" ".join(sentences))) >= FEWEST_TERMS and all(len(meaning_terms(end)) >= 2 for end in ends)


def _is_statement(text: str) -> bool:
    return text[-1] in ".!" and "?" not in text and not _CONVERSATION.search(text) and not _NOT_HIS_VIEW.search(text)


def _is_clean(text: str) -> bool:
    return not text.startswith(("Like,", "Yeah")) and len(_FILLER.findall(text)) <= 2 and text.count("—") <= 1


def _is_taken_back(following: Sequence[str]) -> bool:
    return bool(following) and bool(_TAKEN_BACK.match(following[0]))
