"""What a platform must do for the daily quote, and how it says what went wrong."""

from __future__ import annotations

from typing import Protocol

from bot.errors import QuoteBotError
from bot.models import Hit


class Target(Protocol):
    """The channel a quote goes to: a subscription has these."""

    @property
    def tenant(self) -> str:
        """The server or workspace."""

    @property
    def channel(self) -> str:
        """The channel within it."""

    @property
    def set_by(self) -> str:
        """Whoever set it up."""


class Poster(Protocol):
    """A platform's way to post a quote."""

    @property
    def platform(self) -> str:
        """The platform's name, as subscriptions carry it."""

    @property
    def remembers_keys_for(self) -> int:
        """For how long (seconds) the platform answers the same key with the same message; 0 where it has no keys.

        Within that time a post whose outcome is not known is made again with its key; after it, or without keys, it is
        recorded as unknown and never made again.
        """

    async def post(self, target: Target, hit: Hit, key: str) -> str:
        """Post a quote and give the message's id. Raises PostError."""

    async def tell(self, target: Target, text: str) -> None:
        """Tell whoever set a subscription up that it is paused, and why.

        Raises PostError: ChannelGoneError where nobody can be told; after any other it is told again later.
        """


class PostError(QuoteBotError):
    """Report that a post was not, or may not have been, made."""


class RetryLaterError(PostError):
    """Report that the platform asks to wait; the post was not made."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The platform asks to wait {seconds:.0f} s.")
        self.seconds = seconds


class ChannelGoneError(PostError):
    """Report that the channel is gone or closed to the bot; the post was not made, nor will any be."""


class OutcomeUnknownError(PostError):
    """Report that the post may or may not have been made: a time-out, a cut connection, a fault of the platform."""
