"""How to ask, told in Discord."""

from __future__ import annotations

from adapters.discord.markdown import escape
from adapters.discord.render import Message
from bot.settings import Settings


def render_help(settings: Settings) -> Message:
    """Render how to ask, and what the buttons do."""
    name, persona = settings.command_name, escape(settings.persona)
    return Message(
        f"**/{name}** *words or a question* — what {persona} said on it, word for word, with a link that starts there. "
        "Where nothing was said, the bot says so. Summaries by others are called summaries.\n"
        f'Put `"exact words"` in quotation marks to find just them; `year:2023` or the option *episode* narrows it. '
        "With *private* only you see the answer.\n"
        f"**/{name}-random** — any quote that stands alone\n"
        f"**/{name}-episodes** — what is searched\n"
        f"**/{name}-daily** — a quote a day in a channel (for those who manage the server or its channels)\n"
        "You can also mention the bot with your question, or choose *Apps* in a message's menu.\n\n"
        "◀️ ▶️ turn the pages, *In context* shows you what was said before and after, 👍 👎 tell us if it fits."
    )
