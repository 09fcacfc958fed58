"""Answers as Slack's messages, within its limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from adapters.slack.blocks import (
    BUTTON_LONGEST,
    LINE_LONGEST,
    LINK_LONGEST,
    Block,
    Message,
    bullets_of,
    button,
    context,
    date_of,
    line_of,
    quote_of,
    rich,
    row,
    say,
    to_message,
    words,
)
from adapters.slack.escaping import clean
from adapters.slack.state import to_topic_value, to_value
from adapters.wording import SOMETHING_ON, asked_by, nothing_said, place, quoted, shorten, tell_episode, told_by, watch
from bot.dates import to_date
from bot.delivery import Coming
from bot.models import Answer, Episode
from bot.pages import Pages
from bot.presentation import Presented
from bot.service import Spoken

QUOTE_LONGEST = 3_000
"""Characters: all blocks of a message together may have some 13,000 (slackapi/bolt-js#2509)."""

ASKED_LONGEST = 500
NAME_LONGEST = 150
TITLE_LONGEST = 150
CONTEXT_LONGEST = 6_000
"""Characters of what is said around a quote."""

SPOKEN_MOST = 20
PREVIEWED_LONGEST = 280
EPISODES_MOST = 40
TOPICS_MOST = 5

OLDER, NEWER, CONTEXT, WATCH, SHARE = "page:back", "page:on", "context", "watch", "share"
LIKE, DISLIKE, TOPIC = "vote:up", "vote:down", "topic"


@dataclass(frozen=True, slots=True)
class Setting:
    """Where an answer is shown: whose it is, and whether they alone see it and may share it."""

    asker: str
    can_share: bool = False
    lead: str = ""


def render_page(shown: Presented, pages: Pages, setting: Setting) -> Message:
    """Render the quote on show of an answer, with buttons to the rest."""
    count = len(pages.extracts)
    where = f"{pages.position + 1} of {count}" if count > 1 else ""
    lead = shorten(setting.lead, LINE_LONGEST)
    blocks = [*([rich(_line(lead))] if lead else []), *render_quote(shown, where)]
    return to_message([lead, *read_aloud(shown)], [*blocks, row(_buttons(shown, pages, setting))])


def render_quote(shown: Presented, where: str = "") -> list[Block]:
    """Render a quote without buttons: what it answers, the words, whose, where and when."""
    opening, closing = quoted(shown)
    said = [words(text, bold=True) if is_bold else words(text) for text, is_bold in cut(shown.words, QUOTE_LONGEST)]
    parts = [words(opening), *said, words(closing)] if opening else said
    elements = list(_before(shown))
    # a quotation's bar is as good as quotation marks: a summary has neither
    elements.append(line_of(*parts) if shown.passage.is_summary else quote_of(parts))
    return [rich(*elements), context(" · ".join(filter(None, (*_source(shown), where))), shown.link, watch(shown))]


def render_watch(shown: Presented) -> list[Block]:
    """Render the button that opens the episode there; none where it has no address that Slack takes."""
    if not shown.link.startswith(("https://", "http://")) or len(shown.link) > LINK_LONGEST:
        return []
    return [button(watch(shown), WATCH, url=shown.link)]


def read_aloud(shown: Presented) -> list[str]:
    """Give all of a quote as lines of plain text."""
    opening, closing = quoted(shown)
    quote = "".join(text for text, _ in cut(shown.words, QUOTE_LONGEST))
    asked = shorten(shown.asked, ASKED_LONGEST)
    before = f"{_speaker(shown)}:" if shown.passage.is_summary else (f"{_asker(shown)} {asked}" if asked else "")
    return [before, f"{opening}{quote}{closing}", " · ".join(_source(shown)), shown.link]


def cut(stretches: Iterable[tuple[str, bool]], longest: int) -> Iterator[tuple[str, bool]]:
    """Cut a quote to `longest` characters, at the end of a word."""
    left = longest
    for text, is_bold in stretches:
        if len(text) > left:
            yield shorten(text, max(left, 1)), is_bold
            return
        yield text, is_bold
        left -= len(text)


def render_nothing(persona: str, answer: Answer, asker: str) -> Message:
    """Say that there is no answer, with the nearest topics to choose from."""
    line, notice = nothing_said(persona, clean(answer.query)), shorten(answer.notice, LINE_LONGEST)
    topics = [shorten(topic, BUTTON_LONGEST) for topic in answer.suggestions[:TOPICS_MOST]]
    lines = [notice, line, f"{SOMETHING_ON} {'; '.join(topics)}" if topics else ""]
    shown = [text for text in (notice, line, SOMETHING_ON if topics else "") if text]
    choices = [button(topic, f"{TOPIC}:{number}", to_topic_value(asker, topic)) for number, topic in enumerate(topics)]
    return to_message(lines, [rich(*map(_line, shown)), *([row(choices)] if choices else [])])


def render_context(shown: Presented, spoken: Sequence[Spoken]) -> Message:
    """Render what was said around a quote; the quote in bold."""
    lines, elements, left = [], [], CONTEXT_LONGEST
    for part in spoken[:SPOKEN_MOST]:
        speaker, text = shorten(part.speaker, NAME_LONGEST), shorten(part.text, max(left, 1))
        left -= len(text)
        lines.append(f"{speaker}: {text}")
        said = words(text, bold=True) if part.is_quoted else words(text)
        elements.append(line_of(words(f"{speaker}: ", italic=True), said))
        if left <= 0:
            break
    source = " · ".join(_source(shown)[1:])
    return to_message([source, *lines], [rich(*elements), context(source, shown.link, watch(shown))])


def render_episodes(episodes: Sequence[Episode]) -> Message:
    """List the episodes, newest first."""
    lines = [shorten(tell_episode(episode, to_date(episode.published)), TITLE_LONGEST) for episode in episodes]
    shown, rest = lines[:EPISODES_MOST], len(lines) - EPISODES_MOST
    if rest > 0:
        shown.append(f"and {rest} more")
    return to_message(shown, [rich(bullets_of([words(line)] for line in shown))])


def render_coming(coming: Sequence[Coming]) -> Message:
    """List the daily quotes to come, each with its time as the reader's clock has it."""
    if not coming:
        return say("Nothing comes: no quote is left on this topic.")
    lines, rows = [], []
    for each in coming:
        instant = each.due.instant
        when = f"{instant:%a, %d %b %Y %H:%M} UTC"
        quote = shorten(each.hit.quote, PREVIEWED_LONGEST)
        lines.append(f"{when}: {quote}")
        rows.append([date_of(instant.timestamp(), when), words(f"  {quote}")])
    return to_message(lines, [rich(bullets_of(rows))])


def _before(shown: Presented) -> Iterator[Block]:
    """Say what the words answer, or whose summary they are of."""
    if shown.passage.is_summary:
        yield line_of(words(f"{_speaker(shown)}:", italic=True))
    elif shown.asked:
        yield line_of(words(f"{_asker(shown)} "), words(shorten(shown.asked, ASKED_LONGEST), italic=True))


def _source(shown: Presented) -> list[str]:
    speaker = "" if shown.passage.is_summary else _speaker(shown)
    parts = (
        f"— {speaker}" if speaker else "",
        shorten(shown.episode.title, TITLE_LONGEST),
        shorten(place(shown), NAME_LONGEST),
    )
    return [part for part in parts if part]


def _speaker(shown: Presented) -> str:
    return shorten(told_by(shown), NAME_LONGEST)


def _asker(shown: Presented) -> str:
    return shorten(asked_by(shown), NAME_LONGEST)


def _buttons(shown: Presented, pages: Pages, setting: Setting) -> Iterator[Block]:
    here = to_value(setting.asker, pages)
    if pages.position > 0:
        back = to_value(setting.asker, pages.turned_to(pages.position - 1))
        yield button("◀", OLDER, back, told="Previous quote")
    if pages.position + 1 < len(pages.extracts):
        yield button("▶", NEWER, to_value(setting.asker, pages.turned_to(pages.position + 1)), told="Next quote")
    yield button("In context", CONTEXT, here)
    yield from render_watch(shown)
    if setting.can_share:
        yield button("Share to channel", SHARE, here)
    yield button("👍", LIKE, here, told="A good quote")
    yield button("👎", DISLIKE, here, told="Not a good quote")


def _line(text: str) -> Block:
    return line_of(words(text))
