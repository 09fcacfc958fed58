"""The daily quote into a Discord channel."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from adapters.discord.custom_ids import NOBODY
from adapters.discord.markdown import escape
from adapters.discord.render import CONTENT, fit, render_page, to_view
from bot.delivery import ChannelGoneError, OutcomeUnknownError, RetryLaterError, Target
from bot.models import Hit
from bot.pages import build_pages

REMEMBERED = 120
"""Seconds in which Discord surely gives the same message for a nonce: "the past few minutes" (message resource)."""

_GONE = {
    10003: "The channel is gone.",
    10004: "The server is gone.",
    50001: "The bot cannot see the channel any more.",
    50013: "The bot may not post in the channel any more.",
    50083: "The thread is archived and locked.",
    160005: "The thread is locked.",
    50007: "No direct messages are taken.",
    50278: "No direct messages are taken.",
}


LATER = 300
"""Seconds until a post is tried again that was refused for no fault of its channel."""

log = logging.getLogger(__name__)


class DiscordPoster:
    """Posts with a nonce, so that a post of unknown outcome can be made again."""

    platform = "discord"
    remembers_keys_for = REMEMBERED

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def post(self, target: Target, hit: Hit, key: str) -> str:
        """Post a quote under a nonce and give the message's id. Raises PostError."""
        page = render_page(hit, build_pages([hit]), NOBODY)
        channel = self._client.get_partial_messageable(int(target.channel))
        with _told():
            sent = await channel.send(embed=page.embed or discord.utils.MISSING, view=to_view(page.rows), nonce=key)
        return str(sent.id)

    async def tell(self, target: Target, text: str) -> None:
        """Tell whoever set it up by direct message or, where they take none, in the server's system channel."""
        line = fit(f"<#{target.channel}>: {escape(text)}", CONTENT)
        try:
            with _told():
                channel = await self._client.create_dm(discord.Object(int(target.set_by)))
                await channel.send(line)
        except ChannelGoneError as error:
            guild = self._client.get_guild(int(target.tenant))
            if guild is None or guild.system_channel is None:
                raise ChannelGoneError(f"{error} Nor is there a system channel.") from None
            with _told():
                await guild.system_channel.send(line)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what discord.py raises in here into a PostError."""
    try:
        yield
    except discord.RateLimited as error:
        raise RetryLaterError(error.retry_after) from None
    except discord.HTTPException as error:
        raise _to_post_error(error) from None
    except (aiohttp.ClientError, OSError) as error:
        raise OutcomeUnknownError(f"The connection to Discord broke ({type(error).__name__}).") from None


def _to_post_error(error: discord.HTTPException) -> ChannelGoneError | OutcomeUnknownError | RetryLaterError:
    if error.status == 429:
        return RetryLaterError(float(error.response.headers.get("Retry-After", 60)))
    if error.status >= 500:
        return OutcomeUnknownError(f"Discord answered {error.status}.")
    if error.code in _GONE:
        return ChannelGoneError(_GONE[error.code])
    # a reset token, a proxy's own 403, a quote that Discord does not like: nothing of the channel's, so it goes on
    log.warning("a post was refused, again in %d s: %s", LATER, error)
    return RetryLaterError(LATER)
