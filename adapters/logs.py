"""The log of the long-lived adapters: one line an event to standard error, with no secret in it."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable

from pythonjsonlogger.json import JsonFormatter

from bot.settings import Settings

HIDDEN = "[hidden]"

TOKENS = re.compile(
    r"xox[a-z](?:\.xox[a-z])?-[\w-]{8,}|xapp-[\w-]{8,}"  # Slack's tokens, of workspaces too, which no setting knows
    r"|[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"  # Discord's bot tokens
    r"|(?<=/interactions/)\d+/[\w-]+|(?<=/webhooks/)\d+/[\w-]+"  # whoever has these can answer in the bot's name
    r"|(?<=hooks\.slack\.com/)[\w/-]+"
    r"|(?<=[?&]ticket=)[\w-]+"  # of a Socket Mode address
    r"|(?<=['\"]token['\"]: ['\"])[^'\"]+"
)
"""What opens a door, by its shape."""

TALKATIVE = ("discord.gateway", "discord.client", "discord.http", "discord.webhook.async_")

_SHORTEST_SECRET = 6
"""Characters: a shorter secret (an empty one, a test's) would blot out ordinary words."""


class Redaction(logging.Formatter):
    """A formatter around another that hides secrets in all of what it gives, tracebacks too."""

    def __init__(self, inner: logging.Formatter, secrets: Iterable[str]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = sorted((secret for secret in secrets if len(secret) >= _SHORTEST_SECRET), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """Format a record without its secrets."""
        text = self._inner.format(record)
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return TOKENS.sub(HIDDEN, text)


def set_up_logging(settings: Settings) -> None:
    """Write the log to standard error, in the level and format of the settings."""
    fields = "%(asctime)s %(levelname)s %(name)s %(message)s"
    inner = JsonFormatter(fields) if settings.log_format == "json" else logging.Formatter(fields)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redaction(inner, settings.secrets))
    for name in TALKATIVE:  # whatever the level is: at DEBUG they write down all that people say and every token
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLevelNamesMapping()[settings.log_level]))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level)
