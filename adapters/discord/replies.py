"""Replies that arrive: the acknowledgement first, faults of the network outlasted, errors told in one private line.

Discord may answer 502 after it took a callback, so that the same again is 40060: then what follows must be an edit.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

import aiohttp
import discord

from adapters import wording
from adapters.discord.render import Message, render_text, to_view

TOO_LATE = frozenset({10062, 10015, 50027, 10008})
"""Unknown interaction or webhook, lapsed token: three seconds or fifteen minutes are over; a deleted message."""

ALREADY = 40060
"""The interaction has been acknowledged: by a try of ours whose answer was lost, or by another process."""

PAUSES = (0.1, 0.4, 0.8)
"""Seconds between tries: all of them lie within the three that Discord waits for the first answer."""

CUT = (aiohttp.ClientError, OSError, TimeoutError)

_THINKING = "thinking"
"""Noted of an interaction that was acknowledged: whether in private. discord.py does not know where 40060 came."""

log = logging.getLogger(__name__)


class TooLateError(Exception):
    """Report an interaction that Discord has given up; nothing can be answered any more."""


async def acknowledge(interaction: discord.Interaction, *, private: bool) -> None:
    """Show at once that an answer is being made. Raises TooLateError."""
    if not is_answered(interaction):
        await insist(lambda: interaction.response.defer(ephemeral=private, thinking=True))
        interaction.extras[_THINKING] = private


async def finish(interaction: discord.Interaction, message: Message) -> None:
    """Put the answer in place of an acknowledgement. Raises TooLateError."""
    await insist(
        lambda: interaction.edit_original_response(
            content=message.content or None, embed=message.embed, view=to_view(message.rows)
        )
    )


async def respond(interaction: discord.Interaction, message: Message, *, private: bool) -> None:
    """Answer with a message at once, where it is there at once. Raises TooLateError."""
    embed = message.embed or discord.utils.MISSING
    await insist(
        lambda: interaction.response.send_message(
            message.content or None, embed=embed, view=to_view(message.rows), ephemeral=private
        )
    )


async def replace(interaction: discord.Interaction, message: Message, *, keep_text: bool = False) -> None:
    """Change the message that the button is under, the text above its embed too or not. Raises TooLateError."""
    content = discord.utils.MISSING if keep_text else message.content or None
    await insist(
        lambda: interaction.response.edit_message(content=content, embed=message.embed, view=to_view(message.rows))
    )


async def tell_error(interaction: discord.Interaction, error: BaseException) -> None:
    """Tell an error in one private line; what is no fault of the person's is in the log under the same reference."""
    if isinstance(error, TooLateError):
        log.warning("interaction %s came too late to be answered", interaction.id)
        return
    text = wording.tell_and_log(error, log)
    if interaction.type is discord.InteractionType.autocomplete:
        return  # nothing can be told there
    message = render_text(text)
    try:
        if not is_answered(interaction):
            await respond(interaction, message, private=True)
        else:
            await _tell_apart(interaction, message)
    except (TooLateError, discord.HTTPException, *CUT) as second:
        log.warning("interaction %s: the error could not be told: %s", interaction.id, second)


def is_answered(interaction: discord.Interaction) -> bool:
    """Whether an interaction has been answered or acknowledged, as far as this process knows."""
    return interaction.response.is_done() or _THINKING in interaction.extras


async def _tell_apart(interaction: discord.Interaction, message: Message) -> None:
    """Tell in private what went wrong after an acknowledgement, which all may have seen."""
    is_private = interaction.extras.get(_THINKING)
    if is_private:
        await finish(interaction, message)
        return
    if is_private is False:
        with suppress(TooLateError):  # somebody has deleted it
            await insist(interaction.delete_original_response)
    await insist(lambda: interaction.followup.send(message.content, ephemeral=True))


async def insist(call: Callable[[], Awaitable[object]]) -> None:
    """Call until it is through: a cut connection, a 429 or 5xx that discord.py gives up on are tried again.

    Raises TooLateError, and what the last try ended with.
    """
    for pause in (*PAUSES, None):
        try:
            await call()
        except discord.HTTPException as error:
            if error.code == ALREADY:
                log.info("acknowledged already, by a try whose answer was lost or by another process")
                return
            if error.code in TOO_LATE:
                raise TooLateError from None
            if pause is None or not (error.status == 429 or error.status >= 500):
                raise
        except CUT:
            if pause is None:
                raise
        else:
            return
        await asyncio.sleep(pause)
