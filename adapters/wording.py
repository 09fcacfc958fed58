"""What the bot says in its own words, alike on every chat platform; each platform escapes and dresses it."""

from __future__ import annotations

import logging
import secrets

from bot.delivery import SubscriptionRow, SubscriptionState, describe
from bot.errors import QuoteBotError, StoreError
from bot.models import Episode
from bot.presentation import Presented

OUR_FAULT = "Something went wrong here, not with your question. Try again; if it goes on, tell whoever runs this bot: "
LONGEST_ECHO = 100
"""Characters of what somebody typed that are said back."""


def told_by(shown: Presented) -> str:
    """Say whose words these are."""
    passage = shown.passage
    return f"From a summary by {passage.summary_by}" if passage.is_summary else (passage.speaker or "")


def asked_by(shown: Presented) -> str:
    """Say who asked, or said, what these words answer."""
    return f"{shown.asked_by} asked:" if shown.is_question else f"After {shown.asked_by} said:"


def quoted(shown: Presented) -> tuple[str, str]:
    """Give what stands before and after the words: quotation marks, but around a summary none."""
    return ("", "") if shown.passage.is_summary else ("“", "”")


def place(shown: Presented) -> str:
    """Say where and when it was said."""
    return " · ".join(filter(None, (shown.episode.show, shown.date, shown.clock)))


def watch(shown: Presented) -> str:
    """Name the link that starts there."""
    return f"Watch at {shown.clock.removeprefix('≈ ')}" if shown.clock else "Open the episode"


def nothing_said(persona: str, query: str) -> str:
    """Say that there is no answer."""
    return f"{persona} doesn't talk about “{shorten(query, LONGEST_ECHO)}” in these episodes."


SOMETHING_ON = "There is something on:"
"""What stands before the topics that are offered where there is no answer; they may be near or not."""


STOPPED = "The daily quote is stopped."
PAUSED = "The daily quote is paused until you resume it."
ON_ITS_WAY = "Today's quote is on its way."
FEW = "Few quotes fit that, so they will soon come again."


def tell_episode(episode: Episode, date: str) -> str:
    """Name an episode in a line."""
    return f"{episode.title} · {episode.show} · {date}"


def thanks(*, likes: bool) -> str:
    """Answer a vote."""
    return "Noted: 👍. Press 👎 to change it." if likes else "Noted: 👎. Press 👍 to change it."


def tell_fault(error: BaseException) -> tuple[str, str]:
    """Turn an error into a sentence for a person, and give the reference under which the log has it ("" where none).

    The project's own errors are told as they are, but for those of the store, which are for whoever runs the bot; of
    all others only the reference is.
    """
    if isinstance(error, QuoteBotError) and not isinstance(error, StoreError):
        return str(error), ""
    reference = secrets.token_hex(3).upper()
    return f"{OUR_FAULT}reference {reference}.", reference


def tell_and_log(error: BaseException, log: logging.Logger) -> str:
    """Turn an error into a sentence for a person; what the sentence only refers to goes into the log."""
    sentence, reference = tell_fault(error)
    if reference:
        log.error("reference %s", reference, exc_info=error)
    return sentence


def tell_state(row: SubscriptionRow) -> str:
    """Say when a channel's daily quote comes, of what, and whether it does."""
    about = "".join(
        [f" on “{row.topic}”" if row.topic else "", f" from the episode {row.episode}" if row.episode else ""]
    )
    states = {
        SubscriptionState.ACTIVE: "",
        SubscriptionState.PAUSED: " It is paused.",
        SubscriptionState.FAILED: f" It has stopped: {row.why}",
    }
    return f"A quote{about} comes {describe(row)}.{states[row.state]}"


def shorten(text: str, longest: int) -> str:
    """Shorten a text to at most `longest` characters, at the end of a word where there is one."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return f"{cut.rsplit(' ', 1)[0].rstrip() or cut}…"
