"""Sentences of edited text, as printed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.models import Sentence, Stretch

DOUBTFUL_WORD = "[?]"
"""Stands after a word that cannot be made out; its sentence is never quoted."""

# A stop, what may close after it, a space, and what may open a sentence; the mask stands for the doubtful-word mark.
_MASK = "\ue000"
_END = re.compile(r"[.!?…][\"'”’)\]\ue000]*\s+(?=[\"'“‘(\[]?(?:—\s*)?[^\W_a-z])")
_ABBREVIATION = re.compile(r"(?:^|[\s(\"“])(?:Dr|Mr|Mrs|Ms|Prof|St|vs|etc|e\.g|i\.e|[A-Z](?:\.[A-Z])*)\.\s+$")


def split_sentences(text: str) -> list[str]:
    """Split a paragraph at its sentence ends; joined by spaces they give the paragraph again."""
    masked = text.replace(DOUBTFUL_WORD, _MASK)
    sentences, start = [], 0
    for end in _END.finditer(masked):
        if not _ABBREVIATION.search(masked[start : end.end()]):
            sentences.append(masked[start : end.end()].rstrip())
            start = end.end()
    if masked[start:].strip():
        sentences.append(masked[start:].rstrip())
    return [sentence.replace(_MASK, DOUBTFUL_WORD) for sentence in sentences]


def is_doubtful(sentence: str) -> bool:
    """Whether a word of the sentence is marked as doubtful."""
    return DOUBTFUL_WORD in sentence


def without_marks(sentence: str) -> str:
    """Take the marks of doubtful words out."""
    return sentence.replace(" " + DOUBTFUL_WORD, "").replace(DOUBTFUL_WORD, "")


def source_of(sentences: Iterable[Sentence]) -> tuple[Stretch, ...]:
    """Give the raw stretches of consecutive sentences, joined where nothing between them is left out."""
    joined: list[Stretch] = []
    for sentence in sentences:
        stretches = list(sentence.source)
        if joined and stretches and sentence.follows:
            before = joined.pop()
            stretches[0] = Stretch(before.file, before.start, stretches[0].end)
        joined += stretches
    return tuple(joined)
