"""What somebody writes to the bot, in whatever way, and what it says to that."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.slack.blocks import Block, Message, bullets_of, line_of, rich, to_message, words
from adapters.slack.daily_words import EDGES
from adapters.slack.render import Setting, render_episodes, render_nothing, render_page
from bot.models import Answer, Hit
from bot.pages import build_pages
from bot.presentation import present
from bot.service import QuoteService
from bot.settings import Settings


def answer(quotes: QuoteService, settings: Settings, text: str, setting: Setting) -> Message:
    """Answer what was written, unless it is about the daily quote.

    Raises QueryError, UnknownEpisodeError, PoolError.
    """
    word = text.casefold().strip(EDGES)
    if word == "help" or text in ("", "?"):
        return render_help(settings)
    if word == "random":
        return show([quotes.random()], setting)
    if word == "episodes":
        return render_episodes(quotes.episodes())
    return render_answer(settings, quotes.ask(text), setting)


def render_answer(settings: Settings, found: Answer, setting: Setting) -> Message:
    """Show an answer's first quote, or say that there is none."""
    if not found.answered:
        return render_nothing(settings.persona, found, setting.asker)
    return show(found.hits, Setting(setting.asker, setting.can_share, found.notice))


def show(hits: Iterable[Hit], setting: Setting) -> Message:
    """Show the first of some hits, with buttons to the rest."""
    shown = tuple(hits)
    return render_page(present(shown[0]), build_pages(shown), setting)


def render_help(settings: Settings) -> Message:
    """Say how to ask."""
    return to_message(help_lines(settings), [rich(*help_elements(settings))])


def help_lines(settings: Settings) -> list[str]:
    """Give the help as lines of plain text."""
    return [_promise(settings), *(f"{typed}: {means}" for typed, means in _ways(settings)), _PRIVACY]


def help_elements(settings: Settings) -> list[Block]:
    """Give the help as rich text."""
    ways = bullets_of([words(typed, code=True), words(f"  {means}")] for typed, means in _ways(settings))
    return [line_of(words(_promise(settings))), ways, line_of(words(_PRIVACY, italic=True))]


_PRIVACY = "Questions are not kept. A command's answer is yours alone until you share it."


def _promise(settings: Settings) -> str:
    return f"I answer with {settings.persona}'s own words, word for word, and where they were said."


def _ways(settings: Settings) -> list[tuple[str, str]]:
    command = f"/{settings.command_name}"
    return [
        (f"{command} scaling laws", "what was said on it; in a direct message write just the words"),
        (f"@{settings.command_name} scaling laws", "the same, for all to read, in a thread"),
        (f'{command} "exact words"', "where just these words were said"),
        (f"{command} random", "any good quote"),
        (f"{command} episodes", "what is searched"),
        (f"{command} daily 09:00 Europe/London weekdays", "a quote a day in this channel; about TOPIC at the end, too"),
        (f"{command} daily stop", "or pause, resume, status, preview, now"),
    ]
