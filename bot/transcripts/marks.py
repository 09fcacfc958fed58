"""The `quote:` marks of an edition: which sentences of a paragraph an editor has chosen as a daily quote."""

from __future__ import annotations

from collections.abc import Sequence

GAP = " … "
"""Stands in a mark for the words between the first and the last of a quote."""


def find_marked(mark: str, sentences: Sequence[str]) -> range | None:
    """Find the sentences of a paragraph that a mark (`First words … last words.`) names; None where it names none.

    The first words begin one sentence of the paragraph and no other; the quote ends with the first sentence from there
    on that ends with the last words.
    """
    opening, gap, closing = mark.partition(GAP)
    firsts = [number for number, text in enumerate(sentences) if f"{text} ".startswith(f"{opening} ")]
    if not gap or len(firsts) != 1:
        return None
    first = firsts[0]
    lasts = (number for number in range(first, len(sentences)) if f" {sentences[number]}".endswith(f" {closing}"))
    last = next(lasts, None)
    return None if last is None else range(first, last + 1)
