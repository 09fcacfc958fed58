"""Answers as styled spans for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.models import Answer, Episode, Hit, Passage
from bot.presentation import Presented, present

Span = tuple[str, str]
"""A stretch of text and its style, as rich names styles; plain output drops the style."""


LINK = "blue"
"""The style of links, which are never wrapped."""


def render_answer(answer: Answer) -> Iterator[Span]:
    """Render an answer: its hits, or that there is none and what is near."""
    if answer.notice:
        yield f"{answer.notice}\n\n", "italic"
    if not answer.answered:
        yield f"No answer to “{answer.query}” in these episodes.\n", ""
        if answer.suggestions:
            yield f"There is something on: {'; '.join(answer.suggestions)}\n", "dim"
        if answer.hits:
            yield "The nearest passages, which do not answer it:\n\n", "italic"
    for number, hit in enumerate(answer.hits):
        if number:
            yield "\n", ""
        yield from render_hit(hit)


def render_hit(hit: Hit) -> Iterator[Span]:
    """Render one hit: the words, who says them to what question, where, and the link."""
    shown = present(hit)
    words = [(text, "bold" if is_matched else "") for text, is_matched in shown.words]
    if shown.passage.is_summary:
        yield f"From a summary by {shown.passage.summary_by}:\n", "italic"
        yield from words
    else:
        yield "“", ""
        yield from words
        yield "”\n— ", ""
        yield shown.passage.speaker or "speaker not certain", "bold"
        if shown.asked:
            yield f", asked by {shown.asked_by}: " if shown.is_question else f", after {shown.asked_by} said: ", ""
            yield f"“{shown.asked}”", "italic"
    place = (shown.episode.title, shown.episode.show, shown.date, shown.clock)
    yield f"\n{' · '.join(filter(None, place))}\n", "dim"
    yield f"{shown.link}\n", LINK


def render_episode(episode: Episode, date: str) -> Iterator[Span]:
    """Render one episode in two lines."""
    yield episode.id, "bold"
    yield f"  {episode.title} · {episode.show} · {date}\n", ""
    yield f"    {episode.url}\n", LINK


def render_passage(passage: Passage) -> Iterator[Span]:
    """Render a whole passage as a line: its id, whose words they are, the words."""
    yield f"{passage.id}  ", "dim"
    yield f"{(passage.summary_by if passage.is_summary else passage.speaker) or '?'}: ", "bold"
    yield f"{passage.text}\n", ""


def to_answer_json(asked: str, answer: Answer) -> dict[str, Any]:
    """Convert the answer to what was asked, as it was given, to JSON; its form is a contract (README)."""
    hits = [
        {"passage": hit.passage.id, "score": round(hit.score, 3)} | _to_shown_json(present(hit)) for hit in answer.hits
    ]
    return {
        "query": asked,
        "answered": answer.answered,
        "notice": answer.notice,
        "suggestions": list(answer.suggestions),
        "hits": hits,
    }


def to_hit_json(hit: Hit) -> dict[str, Any]:
    """Convert a quote that nobody searched for: the form of a hit, without score."""
    return {"passage": hit.passage.id} | _to_shown_json(present(hit))


def to_passage_json(passage: Passage) -> dict[str, Any]:
    """Convert a whole passage to the same form."""
    return to_hit_json(Hit(passage, 0.0, passage.sentences))


def to_episode_json(episode: Episode) -> dict[str, Any]:
    """Convert what names an episode."""
    return {
        "id": episode.id,
        "title": episode.title,
        "show": episode.show,
        "published": episode.published,
        "url": episode.url,
    }


def _to_shown_json(shown: Presented) -> dict[str, Any]:
    passage = shown.passage
    return {
        "kind": "summary" if passage.is_summary else "verbatim",
        "speaker": passage.speaker,
        "quote": shown.quote,
        "asked": passage.asked,
        "episode": to_episode_json(passage.episode),
        "start": None if shown.start is None else round(shown.start, 1),
        "time": passage.timing.value,
        "url": shown.link,
        "source": [{"file": part.file, "start": part.start, "end": part.end} for part in shown.source],
    }
