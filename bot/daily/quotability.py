"""What stands alone: which of a passage's sentences can be read in a channel with nothing around them.

Judgement comes first: where an edition marks its quotes (`quote: First words … last words.`, docs/editions.md), those
and no others are taken from the paragraph, and from one marked `quote: no` none is. What is not marked is left to
rules, which would rather lose a good quote than let a bad one through. By them a quote is

- whole sentences in a row, 60 to 350 characters, the last with a full stop, none broken off or mended ("—", "…");
- free to begin: its first word does not lean on what came before ("and", "so", "yeah", "this", "it", "they", "at the
  same time" …; "there is" and "it is good to" point at nothing and may stand, "there is a separate" does not);
- resolved: its first sentence has no "it", "they" or "this" before a word that carries meaning, and does not point back
  ("these", "the other thing", "because of that");
- out of the talk: it does not speak to the person across the table or of the talk itself ("as you said"), greets and
  thanks nobody and sells nothing;
- his own: no question, for the answer is elsewhere, no imagined speaker ("you say — …"), no seeming ("on the surface"),
  and the next sentence does not take it back ("But …");
- spoken cleanly: at most two fillers, no "yeah" or "like" to begin with, no sentence over 280 characters;
- worth reading: it has enough words that carry meaning, in its first and last sentence too (no "All those things.").

Of several such runs of sentences, that is taken which points at the least and is nearest to a good length, rather
longer than shorter.
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

FEWEST_WORDS = 4
"""Words of a first sentence; fewer are a caption, not a sentence ("Retrieval transformers.")."""

FEWEST_TO_NAME = 2
"""Words that carry meaning before "it" or "they": from so many on, one of them is what is meant."""

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
    r"(?:in (?:contrast|other words|fact|addition|order|this|that)|at the same time|at (?:this|that|some) point|"
    r"back (?:then|in)|even then|one (?:is|was)|i mean|you know|you see|i(?:'d| would) say|for (?:example|instance)|"
    r"of course|as a result|after that|by (?:contrast|which)|on (?:the other|one) hand|on top of|to be (?:fair|clear)|"
    r"that said|having said|generally speaking|my answer|the (?:answer|reason|problem|question)\b.{0,20} is|"
    r"what about|(?:i|we|you) just|(?:i|we|you)(?: \w+)? also|(?:i|we|there) (?:was|were|had|would have)|"
    r"the (?-i:[a-z-]+ ){1,3}(?:is|are|was|were|will|would|should|could|can|has|have|had|may|might|do|does|did)|"
    r"there(?:'s| is| are| was| were) (?:also|another|one more|"
    r"(?:an? |some |many |several )?(?:(?:whole|very|quite) )*"
    r"(?:separate|second|third|other|further|additional|similar|different|more|such)))\b",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"\b(?:there(?:'s| is| are| was| were| will be| can be)|it(?: really)?(?:'s| is| was| isn't| wasn't| can be|"
    r" would be) (?:(?:an?|also|very|quite|really|definitely|not) )*(?:good|nice|possible|impossible|important|true|"
    r"clear|hard|easy|difficult|fact)(?: task| thing| idea)? (?:to|that)|it turn(?:s|ed) out that)\b",
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
    r"(?:all|each|few|lots|many|most|none|some) of (?:them|those)|"
    r"(?:about|after|by|doing|for|from|of|on|to|with) that(?=[.,]| is\b))",
    re.IGNORECASE,
)
_CONVERSATION = re.compile(
    r"\b(?:you (?:ask|asked|mentioned|said|described|alluded|just|were saying|brought)|thank(?:s| you)|podcast|earlier|"
    r"your (?:question|point|comment|assessment)|(?:this|that|the|good|great|hard|tricky) question|to answer|"
    r"as i said|i said|i should say|i mentioned|do you see|if you will|i'll describe|i agree|"
    r"let me (?:describe|give|think|explain)|let's (?:go|move|say|start|take|talk)|i guess|i'm guessing|heard you|"
    r"to me that|i hope we|you and|i see what|i haven't|too specific|my guess|i don't know(?! how)|"
    r"i'm not sure|i don't remember|i hesitate|hard to (?:say|answer|be specific|give))\b",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"\b(?:hello|welcome|good (?:morning|afternoon|evening)|hi,? (?-i:[A-Z])\w+|thanks|thank you|goodbye|bye|"
    r"(?:nice|lovely|great|good|happy|glad|honou?r|pleasure|delighted|excited|enjoyed)\b.{0,12}\b"
    r"(?:to (?:meet|talk|speak|chat|join|see you|have you|be (?:here|back|on|with))|having you|being (?:here|on))|"
    r"pleasure of|congratulations|my pleasure|see you|(?:my|our) guest|interviewing)\b",
    re.IGNORECASE,
)
"""Greetings, thanks and farewells."""

_ADVERT = re.compile(
    r"\b(?:sponsor\w*|brought to you|advert\w*|promo(?:tion|tional)? code|(?:the|use|with|our) code (?-i:[A-Z]{3,})|"
    r"discounts?|coupon|free trial|sign up|subscribe\w*|newsletter|merch|patreon|check (?:it |us |them )?out|"
    r"links? (?:in|below)|\S+\.(?:com|org|io|ai|net)|this (?:episode|show|podcast)|five stars|"
    r"\d+ ?(?:%|percent) off)\b",
    re.IGNORECASE,
)
_NOT_HIS_VIEW = re.compile(
    r"\b(?:ask|say|said|says|saying|tell|telling|tells|thought)(?: \w+)? —|\bon the surface\b", re.IGNORECASE
)
_TAKEN_BACK = re.compile(r"(?:but|however|although|though|like|well,? no|no)\b", re.IGNORECASE)
_FILLER = re.compile(r"\b(?:you know|i mean|sort of|kind of|like,|stuff|whatever|and so on)\b|\bwell,", re.IGNORECASE)
_BROKEN_OFF = re.compile(r"—|…|\.\.\.")
_WEAK_TERMS = frozenset(term for word in WEAK_WORDS for term in to_terms(word))

_NOBODY = (Role.SUMMARY, Role.DOUBTFUL, Role.ADVERT)
"""Whose turns are not the persona's words, whoever the persona is: a guest, or a host."""

Quote = tuple[Passage, tuple[Sentence, ...]]
"""A passage and those of its sentences that stand alone."""


def choose_standalone(passage: Passage) -> tuple[Sentence, ...]:
    """Choose the sentences of a passage that stand alone best; none where none do, or where they are not quotable."""
    if passage.role in _NOBODY:
        return ()
    if passage.daily is not None:
        return passage.daily
    texts = [sentence.text for sentence in passage.sentences]
    runs = [(first, last) for first, last in _runs(texts) if not _is_taken_back(texts[last:])]
    alone = [run for run in runs if stands_alone(texts[slice(*run)])]
    first, last = min(alone, key=lambda run: _cost(texts[slice(*run)]), default=(0, 0))
    return passage.sentences[first:last]


def stands_alone(sentences: Sequence[str]) -> bool:
    """Whether sentences can be read with nothing around them, by the rules above."""
    text = " ".join(sentences)
    return (
        _is_statement(text)
        and _is_clean(text)
        and max(map(len, sentences)) <= LONGEST_SENTENCE
        and _is_resolved(sentences[0])
        and _begins_freely(text)
        and _says_something(sentences)
    )


def meaning_terms(text: str) -> frozenset[str]:
    """Collect the terms of a text that carry meaning."""
    return frozenset(to_terms(text)) - _WEAK_TERMS


def without_repeats(quotes: Iterable[Quote]) -> Iterator[Quote]:
    """Drop a quote that says with mostly the same words what one before it says."""
    seen: list[frozenset[str]] = []
    for passage, sentences in quotes:
        terms = meaning_terms(to_text(sentences))
        if not any(_are_one(terms, other) for other in seen):
            seen.append(terms)
            yield passage, sentences


def _are_one(some: frozenset[str], others: frozenset[str]) -> bool:
    return len(some & others) >= max(FEWEST_TERMS, SAME_WORDS * min(len(some), len(others)))


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
    if _LEANING_PHRASE.match(text):
        return False
    return bool(_EXPLETIVE.match(text)) or to_tokens(text)[0] not in _LEANING


def _is_resolved(first: str) -> bool:
    tokens = to_tokens(_EXPLETIVE.sub("", first))
    before = list(takewhile(lambda token: token not in _POINTERS, tokens))
    is_named = before == tokens or len(meaning_terms(" ".join(before))) >= FEWEST_TO_NAME
    return is_named and not _POINTING.search(_NAMED.sub(r"\1\2\1", first))


def _says_something(sentences: Sequence[str]) -> bool:
    ends = (sentences[0], sentences[-1])
    if len(sentences[0].split()) < FEWEST_WORDS:
        return False
    return len(meaning_terms(" ".join(sentences))) >= FEWEST_TERMS and all(len(meaning_terms(end)) >= 2 for end in ends)


def _is_statement(text: str) -> bool:
    talk = (_CONVERSATION, _COURTESY, _ADVERT, _NOT_HIS_VIEW)
    return text[-1] in ".!" and "?" not in text and not any(pattern.search(text) for pattern in talk)


def _is_clean(text: str) -> bool:
    return not text.startswith(("Like,", "Yeah")) and len(_FILLER.findall(text)) <= 2 and not _BROKEN_OFF.search(text)


def _is_taken_back(following: Sequence[str]) -> bool:
    return bool(following) and bool(_TAKEN_BACK.match(following[0]))
