"""What is rendered: whatever the words, within every limit of Slack's, and nothing in it pings or formats."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.asks import render_help
from adapters.slack.blocks import TEXT_LONGEST, Message, say
from adapters.slack.render import (
    Setting,
    cut,
    render_coming,
    render_context,
    render_episodes,
    render_nothing,
    render_page,
    render_watch,
)
from adapters.slack.state import NOBODY, parse_topic_value, parse_value, to_asker, to_topic_value, to_value
from bot.delivery import Coming, Request, next_dues
from bot.errors import UnknownPassageError
from bot.models import Answer, Episode, Hit, Passage, Role, Sentence, Timing
from bot.pages import build_pages
from bot.presentation import present
from bot.service import QuoteService, Spoken
from bot.settings import Settings
from tests.fakes.slack_checks import UPDATE_TEXT_LONGEST, check_message, find_repeated_action_ids, iterate_texts
from tests.fakes.slack_pings import find_loose_pings, find_pings

WILD = st.one_of(
    st.text(max_size=300),
    st.text("<!>@&*_~`|:#\u202e\u200b\ufeff\ud800\x00\n \t.,?“”AZaz", max_size=300),
    st.sampled_from(
        ["<!channel>", "<!here|x>", "<@U0ADA>", "@everyone", "*x* _x_ ~x~ `x`", "&lt;!channel&gt;", "https://x.y"]
    ),
    st.sampled_from(["word " * 2_000, "x" * 9_000, "&" * 4_000, "<!channel> " * 700, "é" * 14_000]),
)
ADDRESSES = (
    "https://youtu.be/x?a=1&b=2",
    "https://x.y/<!channel>|`*",
    "https://x.y/" + "z" * 4_000,
    "ftp://x",
    "",
)
WORDS = WILD.filter(lambda text: bool(text.strip()))


@st.composite
def hits(draw: st.DrawFn) -> Hit:
    """Draw a quote of which every part is wild."""
    title, show, url = draw(WORDS), draw(WORDS), draw(st.sampled_from(ADDRESSES))
    episode = Episode("x", title, show, ("Host",), ("Guest",), "2023-03-27", url)
    sentences = tuple(Sentence(text, start=60.0) for text in draw(st.lists(WORDS, min_size=1, max_size=3)))
    is_summary = draw(st.booleans())
    passage = Passage(
        id=draw(st.text(min_size=1, max_size=80)),
        episode=episode,
        edition="x",
        role=Role.SUMMARY if is_summary else Role.GUEST,
        speaker=None if is_summary else draw(WORDS),
        sentences=sentences,
        turn=0,
        asked=draw(WILD),
        asked_by=draw(WORDS),
        timing=draw(st.sampled_from(Timing)),
        summary_by=draw(WORDS) if is_summary else None,
    )
    return Hit(passage, 1.0, sentences, frozenset(draw(st.lists(WORDS, max_size=5))))


def check(message: Message) -> None:
    """Check a message as Slack does, and that nobody is notified and nothing formatted."""
    payload = message.to_payload()
    check_message(payload, text_longest=UPDATE_TEXT_LONGEST)
    assert len(message.text) <= TEXT_LONGEST
    assert find_repeated_action_ids(list(message.blocks)) == []
    assert find_pings(payload) == ()
    assert find_loose_pings(payload) == ()
    for kind in ("user", "usergroup", "broadcast", "emoji"):
        assert f"'type': '{kind}'" not in str(message.blocks)
    for shown in (message.text, *iterate_texts(list(message.blocks))):
        assert not set(shown) & set("\u202e\u200b\ufeff\ud800\x00")
    for markup in iterate_mrkdwn(list(message.blocks)):
        assert markup.startswith("<http")
        assert markup.count("<") == markup.count(">") == markup.count("|") == 1


def iterate_mrkdwn(part: object) -> list[str]:
    """Give every text in which Slack reads markup."""
    if isinstance(part, list):
        return [text for item in part for text in iterate_mrkdwn(item)]
    if isinstance(part, dict):
        own = [str(part["text"])] if part.get("type") == "mrkdwn" else []
        return own + [text for value in part.values() for text in iterate_mrkdwn(value)]
    return []


@given(st.lists(hits(), min_size=1, max_size=7), st.integers(0, 4), st.booleans(), WILD)
def test_an_answer_is_within_all_limits(found: list[Hit], at: int, can_share: bool, lead: str) -> None:
    pages = build_pages(found)
    pages = pages.turned_to(min(at, len(pages.extracts) - 1))
    message = render_page(present(found[pages.position]), pages, Setting(NOBODY, can_share, lead))
    check(message)
    assert any(block["type"] == "rich_text" for block in message.blocks)


@given(WORDS, st.lists(WORDS, max_size=9), WILD)
def test_that_there_is_no_answer_is_within_all_limits(query: str, topics: list[str], notice: str) -> None:
    check(render_nothing("Ilya Sutskever", Answer(query, False, (), tuple(topics), notice), NOBODY))


@given(hits(), st.lists(st.builds(Spoken, WORDS, WORDS, st.booleans()), min_size=1, max_size=9))
def test_the_context_is_within_all_limits(hit: Hit, spoken: list[Spoken]) -> None:
    check(render_context(present(hit), spoken))


@given(st.lists(hits(), max_size=60))
def test_lists_are_within_all_limits(found: list[Hit]) -> None:
    check(render_episodes([hit.passage.episode for hit in found] or [hits_episode()]))
    dues = next_dues(Request("09:00", "UTC"), 7, lambda: datetime(2027, 1, 1, tzinfo=UTC).timestamp())
    check(render_coming([Coming(due, hit) for due, hit in zip(dues, found, strict=False)]))


def hits_episode() -> Episode:
    """Give a plain episode."""
    return Episode("x", "X", "Show", (), (), "2023-03-27", "https://x.y")


@given(WILD)
def test_a_sentence_is_within_all_limits(text: str) -> None:
    check(say(text))


@given(st.text("abc-Z", min_size=1, max_size=60), st.from_regex(r"[a-z0-9_-]{1,32}", fullmatch=True))
def test_the_help_is_within_all_limits(persona: str, command: str) -> None:
    check(render_help(Settings(_env_file=None, persona=persona, command_name=command)))


@given(st.lists(st.tuples(WORDS, st.booleans()), max_size=9), st.integers(1, 500))
def test_a_quote_is_cut_at_the_end_only(stretches: list[tuple[str, bool]], longest: int) -> None:
    whole = "".join(text for text, _ in stretches)
    shown = "".join(text for text, _ in cut(stretches, longest))
    assert len(shown) <= max(longest, 1) + 1
    assert whole == shown or whole.startswith(shown.rstrip("…").rstrip())


@given(hits(), st.text(max_size=40), st.text(max_size=40))
def test_a_state_is_read_as_it_was_written(hit: Hit, team: str, user: str) -> None:
    pages = replace(build_pages([hit]), terms=())
    asker = to_asker(team, user)
    assert parse_value(to_value(asker, pages)).pages == pages
    assert parse_value(to_value(asker, pages)).asker == asker


@given(WORDS.filter(lambda text: "\n" not in text))
def test_a_topic_is_read_as_it_was_written(topic: str) -> None:
    asker, read = parse_topic_value(to_topic_value(NOBODY, topic[:1_000]))
    assert (asker, read) == (NOBODY, topic[:1_000])


@given(st.text(max_size=100))
def test_anything_else_is_refused(value: str) -> None:
    with pytest.raises(UnknownPassageError):
        parse_value(value)


def test_a_summary_is_never_shown_as_a_quotation(quotes: QuoteService) -> None:
    passage = next(passage for passage in quotes.index.passages if passage.is_summary)
    hit = Hit(passage, 1.0, passage.sentences[:1])
    message = render_page(present(hit), build_pages([hit]), Setting(NOBODY))
    assert "rich_text_quote" not in str(message.blocks)
    assert "“" not in message.text.split("\n")[1][0]
    assert message.text.startswith("From a summary by")


def test_matched_words_are_bold_and_the_words_are_his(quotes: QuoteService) -> None:
    hit = quotes.ask("scaling laws").hits[0]
    message = render_page(present(hit), build_pages([hit]), Setting(NOBODY))
    quote = next(part for part in message.blocks[0]["elements"] if part["type"] == "rich_text_quote")
    assert "".join(part["text"] for part in quote["elements"]) == f"“{hit.quote}”"
    bold = [part["text"] for part in quote["elements"] if part.get("style") == {"bold": True}]
    assert {word.lower() for word in bold} >= {"scaling"}


def test_every_quote_there_is_can_be_shown(quotes: QuoteService) -> None:
    for passage in quotes.index.passages:
        hit = Hit(passage, 1.0, passage.sentences)
        check(render_page(present(hit), build_pages([hit]), Setting(NOBODY, can_share=True)))
    assert quotes.today(date(2027, 1, 1)) == quotes.today(date(2027, 1, 1))


@pytest.mark.parametrize("link", ["", "ftp://x", "https://x.y/" + "z" * 4_000])
def test_an_address_that_slack_does_not_take_has_no_button(quotes: QuoteService, link: str) -> None:
    shown = present(quotes.ask("scaling laws").hits[0])
    assert len(render_watch(shown)) == 1
    assert render_watch(replace(shown, link=link)) == []
