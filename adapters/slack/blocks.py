"""The parts of Block Kit that are used here.

Whatever somebody else wrote goes into rich text or plain text, where Slack reads no markup; `mrkdwn` holds only links.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.slack.escaping import clean, escape, to_address
from adapters.wording import shorten

Block = dict[str, Any]

TEXT_LONGEST = 3_900
"""Characters of a message's text: chat.update refuses more than 4,000 (its page), and Slack advises no more."""

BUTTON_LONGEST = 75
VALUE_LONGEST = 2_000
CONTEXT_LONGEST = 1_000
"""Characters; a context element may have 3,000, but a line under a quote should be none."""

LINE_LONGEST = 1_000
"""Characters of a line that the bot says itself, whatever it names in it."""

LINK_LONGEST = 2_900
"""Characters of an address: a button's may have 3,000."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as Slack takes it; `text` is what screen readers and notifications read, already escaped."""

    text: str
    blocks: tuple[Block, ...]

    def to_content(self) -> dict[str, Any]:
        """Give what is shown."""
        return {"text": self.text, "blocks": list(self.blocks)}

    def to_payload(self) -> dict[str, Any]:
        """Give a new message, under which no preview of its links unfolds."""
        return self.to_content() | {"unfurl_links": False, "unfurl_media": False, "mrkdwn": False}


def to_message(lines: Iterable[str], blocks: Iterable[Block]) -> Message:
    """Put a message together from what is read aloud, line by line, and what is seen."""
    return Message(to_text(lines), tuple(blocks))


def to_text(lines: Iterable[str]) -> str:
    """Escape lines, cut to what a message's text may have."""
    left, escaped = TEXT_LONGEST, []
    for line in lines:
        if line and left > 1:
            escaped.append(escape(line, left))
            left -= len(escaped[-1]) + 1
    return "\n".join(escaped)


def say(line: str) -> Message:
    """Make a message of a plain line."""
    told = shorten(line, LINE_LONGEST)
    return to_message([told], [rich(line_of(words(told)))])


def words(text: str, **style: bool) -> Block:
    """Make a stretch of rich text, with `bold` or `italic`."""
    part: Block = {"type": "text", "text": clean(text) or " "}
    return part | ({"style": style} if style else {})


def date_of(instant: float, fallback: str) -> Block:
    """Make an instant (Unix seconds) that everybody reads in their own zone."""
    timing = {"timestamp": int(instant), "format": "{date_short_pretty} {time}"}
    return {"type": "date", **timing, "fallback": fallback, "style": {"bold": True}}


def channel_of(channel: str) -> Block:
    """Name a channel, whose name Slack shows only to those who may see it; a direct message has none."""
    if channel.startswith("D"):
        return words("a direct message")
    return {"type": "channel", "channel_id": channel}


def line_of(*parts: Block) -> Block:
    """Make a line of rich text."""
    return {"type": "rich_text_section", "elements": list(parts)}


def quote_of(parts: Iterable[Block]) -> Block:
    """Make a quotation of rich text."""
    return {"type": "rich_text_quote", "elements": list(parts)}


def bullets_of(lines: Iterable[Sequence[Block]]) -> Block:
    """Make a list of rich text."""
    return {"type": "rich_text_list", "style": "bullet", "elements": [line_of(*line) for line in lines]}


def rich(*elements: Block) -> Block:
    """Make a block of rich text."""
    return {"type": "rich_text", "elements": list(elements)}


def header(text: str) -> Block:
    """Make a heading."""
    return {"type": "header", "text": plain(text, 150)}


def plain(text: str, longest: int) -> Block:
    """Make a plain text of at most `longest` characters, in which `:smile:` stays what it is."""
    return {"type": "plain_text", "text": shorten(clean(text), longest) or " ", "emoji": False}


def context(text: str, url: str = "", label: str = "") -> Block:
    """Make a small line under a quote, with a link at its end."""
    elements = [plain(text, CONTEXT_LONGEST)]
    address = to_address(url)
    if address and len(address) <= LINK_LONGEST:
        link = f"<{address}|{escape(label.replace('|', '/'), BUTTON_LONGEST)}>"
        elements.append({"type": "mrkdwn", "text": link, "verbatim": True})
    return {"type": "context", "elements": elements}


def button(label: str, action: str, value: str = "", *, url: str = "", told: str = "") -> Block:
    """Make a button; `told` is what a screen reader says for it."""
    made: Block = {"type": "button", "action_id": action, "text": plain(label, BUTTON_LONGEST)}
    made |= {"value": value} if value else {}
    made |= {"url": url} if url else {}
    return made | ({"accessibility_label": told} if told else {})


def row(buttons: Iterable[Block]) -> Block:
    """Make a row of buttons."""
    return {"type": "actions", "elements": list(buttons)}
