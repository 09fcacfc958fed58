"""What to show for a question, a click or no question at all: the core's answer as a message."""

from __future__ import annotations

import re
from dataclasses import dataclass

from adapters import wording
from adapters.discord.custom_ids import Click, Verb, mark_asker
from adapters.discord.render import (
    DESCRIPTION,
    Message,
    render_context,
    render_episodes,
    render_nothing,
    render_page,
    render_text,
)
from adapters.process import Core
from bot.errors import QuoteBotError
from bot.pages import build_pages

LONGEST_QUERY = 300
"""Characters of a message that are searched for: more is no question any more."""

EMPTY = "That message has no words to ask about."

_NO_WORDS = re.compile(r"<[^<>]*>|\w+://\S+|[\"“”:|*_~`]")
"""What of a message is markup, a link, or would be an instruction to the search ("exact words", episode:)."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A message, and whether only whoever asked should see it."""

    message: Message
    is_private: bool = False


@dataclass(frozen=True)
class Answers:
    """The answers of the core; `user` is whoever asks."""

    core: Core

    def mark(self, user: int) -> str:
        """Mark a user as the one who asked."""
        token = self.core.settings.discord_token
        return mark_asker(user, token.get_secret_value() if token else "")

    def ask_about(self, words: str, user: int) -> Reply:
        """Answer what a message is about: nothing in it is meant for the search."""
        query = " ".join(_NO_WORDS.sub(" ", words).split())
        return self.ask(query, user) if query else Reply(render_text(EMPTY), is_private=True)

    def ask(self, query: str, user: int, *, episode: str | None = None, private: bool = False) -> Reply:
        """Answer a question; that there is no answer, and that it cannot be searched for, is told in private."""
        try:
            answer = self.core.quotes.ask(query[:LONGEST_QUERY], episode=episode)
        except QuoteBotError as error:
            return Reply(render_text(str(error)), is_private=True)
        asker = self.mark(user)
        if not answer.answered:
            text = wording.nothing_said(self.core.settings.persona, query)
            return Reply(render_nothing(text, answer.suggestions, asker, answer.notice), is_private=True)
        page = render_page(answer.hits[0], build_pages(answer.hits), asker, notice=answer.notice, can_share=private)
        return Reply(page, is_private=private)

    def random(self, user: int) -> Reply:
        """Give any quote that stands alone. Raises PoolError."""
        hit = self.core.quotes.random()
        return Reply(render_page(hit, build_pages([hit]), self.mark(user)))

    def page(self, click: Click, user: int, *, can_share: bool) -> Message:
        """Give the page of an answer that a button leads to. Raises UnknownPassageError."""
        pages = click.pages
        return render_page(self.core.quotes.open_page(pages), pages, self.mark(user), can_share=can_share)

    def context(self, click: Click) -> Message:
        """Give what was said around a quote. Raises UnknownPassageError."""
        hit = self.core.quotes.open_page(click.pages)
        return render_context(self.core.quotes.context(hit.passage, DESCRIPTION - 600), hit)

    def episodes(self) -> Message:
        """List the episodes."""
        return render_episodes(self.core.quotes.episodes())

    async def vote(self, click: Click, user: int) -> Message:
        """Keep what somebody thinks of a quote. Raises UnknownPassageError, StoreError."""
        passage = self.core.quotes.open_page(click.pages).passage
        likes = click.verb is Verb.LIKE
        await self.core.memory.vote("discord", str(user), passage.id, likes=likes)
        return render_text(wording.thanks(likes=likes))
