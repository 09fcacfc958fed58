"""An answer as an embed with buttons, within Discord's limits (message resource, components reference)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import discord

from adapters import wording
from adapters.discord.custom_ids import STATE, Verb, to_custom_id
from adapters.discord.markdown import escape, plain
from bot.dates import to_date
from bot.models import Episode, Hit
from bot.pages import Pages
from bot.presentation import Presented, present
from bot.service import Spoken

TITLE, DESCRIPTION, AUTHOR = 256, 4096, 256
CONTENT, LABEL, URL = 2000, 80, 512

QUESTION = 700
"""Characters of the description that the question asked may take, escapes and all."""

OWN_WORDS, SUMMARY = discord.Colour(0x2F6FED), discord.Colour(0x8A8F98)

_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Button:
    """A button: a link, or what a click on it means."""

    label: str = ""
    custom_id: str | None = None
    url: str | None = None
    emoji: str | None = None
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent; `content` is markdown, already neutral."""

    content: str = ""
    embed: discord.Embed | None = None
    rows: tuple[tuple[Button, ...], ...] = ()


def render_page(hit: Hit, pages: Pages, asker: str, *, notice: str = "", can_share: bool = False) -> Message:
    """Render the quote that is on show of an answer, with its buttons."""
    shown = present(hit)
    rows = (
        (*_turning(pages, asker), *_around(shown, pages, asker)),
        (*_voting(pages, asker), *_sharing(pages, asker, can_share=can_share)),
    )
    return Message(fit(escape(notice), CONTENT), render_quote(shown, pages), rows)


def render_quote(shown: Presented, pages: Pages) -> discord.Embed:
    """Render a quote: the question, the words with what was looked for in bold, where and when."""
    opening, closing = wording.quoted(shown)
    asked = ""
    if shown.asked and not shown.passage.is_summary:
        asked = f"-# {fit(f'{escape(wording.asked_by(shown))} “{escape(shown.asked)}', QUESTION - 6)}”\n\n"
    room = DESCRIPTION - len(asked) - len(opening) - len(closing)
    place = wording.place(shown)
    if len(pages.extracts) > 1:
        place = f"{place} · {pages.position + 1}/{len(pages.extracts)}"
    embed = discord.Embed(
        title=fit(escape(shown.episode.title), TITLE),
        url=shown.link if len(shown.link) <= URL else None,
        description=f"{asked}{opening}{_emphasise(shown.words, room)}{closing}",
        colour=SUMMARY if shown.passage.is_summary else OWN_WORDS,
    )
    if told_by := fit(plain(wording.told_by(shown)), AUTHOR):
        embed.set_author(name=told_by)
    # the sum over an embed is 6000: 256 + 4096 + 256 leaves the footer less than its own limit
    return embed.set_footer(text=fit(plain(place), 1000))


def render_nothing(text: str, suggestions: Iterable[str], asker: str, notice: str = "") -> Message:
    """Render that there is no answer, with topics that there is something on as buttons."""
    topics = [topic for topic in dict.fromkeys(map(plain, suggestions)) if 0 < len(topic) <= STATE][:5]
    buttons = tuple(Button(fit(topic, LABEL), to_custom_id(Verb.TOPIC, asker, topic)) for topic in topics)
    line = f"{text} {notice}".strip()
    nearest = f" {wording.SOMETHING_ON}" if buttons else ""
    return Message(f"{fit(escape(line), CONTENT - len(nearest))}{nearest}", rows=(buttons,) if buttons else ())


def render_context(spoken: Iterable[Spoken], hit: Hit) -> Message:
    """Render what was said around a quote, which stands out by a bar at its side."""
    shown = present(hit)
    embed = discord.Embed(
        title=fit(escape(shown.episode.title), TITLE),
        url=shown.link if len(shown.link) <= URL else None,
        description="\n\n".join(_fit_turns(tuple(spoken))),
        colour=SUMMARY if shown.passage.is_summary else OWN_WORDS,
    )
    embed.set_footer(text=fit(plain(wording.place(shown)), 1000))
    return Message(embed=embed, rows=(_link(shown),))


def _fit_turns(spoken: Sequence[Spoken]) -> list[str]:
    """Render turns in their order; where there is little room, those nearest to the quote have it."""
    quoted = next((number for number, turn in enumerate(spoken) if turn.is_quoted), 0)
    parts: dict[int, str] = {}
    room = DESCRIPTION
    for number in sorted(range(len(spoken)), key=lambda number: abs(number - quoted)):
        turn = spoken[number]
        head = f"{'> ' if turn.is_quoted else ''}**{fit(escape(turn.speaker), 200)}:** "
        text = fit(escape(turn.text), max(room - len(head) - 2, 0))
        if len(text) <= 1:
            break
        parts[number] = f"{head}{text}"
        room -= len(parts[number]) + 2
    return [parts[number] for number in sorted(parts)]


def render_episodes(episodes: Sequence[Episode]) -> Message:
    """Render the episodes as a list of links, as many as fit."""
    lines = [_render_episode(episode) for episode in episodes]
    return Message(embed=discord.Embed(title="Episodes", description=fit_lines(lines, "\n\n"), colour=OWN_WORDS))


def _render_episode(episode: Episode) -> str:
    name = fit(escape(episode.title), 300)
    rest = fit(escape(f"{episode.show} · {to_date(episode.published)}"), 300)
    return f"**[{name}]({episode.url})**\n{rest}" if is_linkable(episode.url) else f"**{name}**\n{rest}"


def fit_lines(lines: Sequence[str], between: str = "\n") -> str:
    """Join as many lines as an embed's description holds, and say how many more there are."""
    room = DESCRIPTION - 30
    shown: list[str] = []
    for line in lines:
        if len(line) + len(between) > room:
            return between.join([*shown, f"… and {len(lines) - len(shown)} more"])
        shown.append(line)
        room -= len(line) + len(between)
    return between.join(shown)


def render_text(text: str) -> Message:
    """Render a sentence of the bot's own that may hold what somebody typed."""
    return Message(fit(escape(text), CONTENT))


def is_linkable(url: str) -> bool:
    """Whether a url can stand in a masked link and under a button."""
    return len(url) <= URL and not any(character in url for character in "()[]<> \\\n")


def fit(text: str, longest: int) -> str:
    """Shorten markdown to at most `longest` characters without leaving half of an escape behind."""
    if len(text) <= longest:
        return text
    cut = text[: max(longest - 1, 0)]
    cut = cut.rsplit(" ", 1)[0] if " " in cut[-80:] else cut
    trailing = len(cut) - len(cut.rstrip("\\"))
    return (cut[:-1] if trailing % 2 else cut).rstrip() + _ELLIPSIS if longest else ""


def to_view(rows: Iterable[Iterable[Button]]) -> discord.ui.View:
    """Convert buttons to a view of discord.py, stopped: clicks are routed by what buttons carry, not by the process."""
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows):
        for button in row:
            view.add_item(
                discord.ui.Button(
                    style=discord.ButtonStyle.link if button.url else discord.ButtonStyle.secondary,
                    label=button.label or None,
                    custom_id=button.custom_id,
                    url=button.url,
                    emoji=button.emoji,
                    disabled=button.disabled,
                    row=number,
                )
            )
    view.stop()
    return view


def _emphasise(words: Iterable[tuple[str, bool]], room: int) -> str:
    """Set what was looked for in bold; what does not fit into `room` characters is cut off."""
    text = ""
    for part, is_matched in words:
        bold = "**" if is_matched else ""
        escaped = _escape_part(part)
        left = room - len(text) - 2 * len(bold) - 1
        if len(escaped) > left:
            return f"{text}{fit(escaped, max(left, 1))}" if not is_matched else f"{text.rstrip()}{_ELLIPSIS}"
        text += f"{bold}{escaped}{bold}"
    return text


def _escape_part(part: str) -> str:
    """Escape a part of a line: the spaces at its ends stay."""
    before, after = part[:1].isspace(), part[-1:].isspace()
    escaped = escape(part)
    return f"{' ' * before}{escaped}{' ' * after}" if escaped else " " * before


def _turning(pages: Pages, asker: str) -> tuple[Button, ...]:
    last = len(pages.extracts) - 1
    if not last:
        return ()
    return tuple(
        Button(
            emoji=arrow,
            custom_id=to_custom_id(Verb.TURN, asker, pages.turned_to(min(max(position, 0), 9))),
            disabled=not 0 <= position <= last,
        )
        for arrow, position in (("◀️", pages.position - 1 if pages.position else 9), ("▶️", pages.position + 1))
    )


def _around(shown: Presented, pages: Pages, asker: str) -> tuple[Button, ...]:
    return Button("In context", to_custom_id(Verb.CONTEXT, asker, pages.alone())), *_link(shown)


def _link(shown: Presented) -> tuple[Button, ...]:
    return (Button(fit(wording.watch(shown), LABEL), url=shown.link),) if len(shown.link) <= URL else ()


def _voting(pages: Pages, asker: str) -> tuple[Button, ...]:
    alone = pages.alone()
    return (
        Button(emoji="👍", custom_id=to_custom_id(Verb.LIKE, asker, alone)),
        Button(emoji="👎", custom_id=to_custom_id(Verb.DISLIKE, asker, alone)),
    )


def _sharing(pages: Pages, asker: str, *, can_share: bool) -> tuple[Button, ...]:
    return (Button("Share", to_custom_id(Verb.SHARE, asker, pages)),) if can_share else ()
