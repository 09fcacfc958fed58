"""How an answer looks; that it is within every limit is tested in test_hostile_text."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from adapters.discord.custom_ids import Verb, parse_custom_id
from adapters.discord.help import render_help
from adapters.discord.render import (
    DESCRIPTION,
    OWN_WORDS,
    SUMMARY,
    Message,
    fit,
    render_context,
    render_episodes,
    render_nothing,
    render_page,
    to_view,
)
from bot.context import Spoken
from bot.models import Episode, Hit, Passage, Role, Sentence, Timing
from bot.pages import build_pages
from bot.settings import Settings

EPISODE = Episode(
    "e-1", "The *first* one", "A Show", ("Anna Host",), ("Ilya Sutskever",), "2023-03-27", "https://youtu.be/a"
)
SAID = Passage(
    "e-1:1",
    EPISODE,
    "e-1",
    Role.GUEST,
    "Ilya Sutskever",
    (Sentence("Scale_up the *model*.", 2294.0), Sentence("And scale again.", 2300.0)),
    4,
    asked="Why scale?",
    asked_by="Anna Host",
    timing=Timing.ESTIMATED,
)
TOLD = replace(SAID, role=Role.SUMMARY, speaker=None, summary_by="Some Site", timing=Timing.NONE)


def page(passage: Passage, *, count: int = 1, position: int = 0, can_share: bool = False) -> Message:
    """Render an answer that shows a passage so many times."""
    hit = Hit(passage, 1.0, passage.sentences, frozenset({"scale"}))
    return render_page(hit, build_pages([hit] * count).turned_to(position), "1tq2", can_share=can_share)


def labels(message: Message) -> list[list[str]]:
    """Give what stands on the buttons, row by row."""
    return [[button.emoji or button.label for button in row] for row in message.rows]


def test_his_words_stand_in_quotation_marks_with_what_was_looked_for_in_bold_under_the_question() -> None:
    embed = page(SAID, count=5, position=1).embed
    assert embed is not None
    assert embed.description == (
        "-# Anna Host asked: “Why scale?”\n\n“**Scale**\\_up the \\*model\\*. And **scale** again.”"
    )
    assert (embed.author.name, embed.title, embed.colour) == ("Ilya Sutskever", r"The \*first\* one", OWN_WORDS)
    assert embed.footer.text == "A Show · 27 March 2023 · ≈ 38:14 · 2/5"
    assert embed.url == "https://youtu.be/a?t=2291s"


def test_a_summary_has_its_own_colour_and_no_quotation_marks_nor_question() -> None:
    embed = page(TOLD).embed
    assert embed is not None
    assert embed.description == "**Scale**\\_up the \\*model\\*. And **scale** again."
    assert (embed.author.name, embed.colour) == ("From a summary by Some Site", SUMMARY)
    assert embed.footer.text == "A Show · 27 March 2023"


def test_buttons_are_those_that_do_something() -> None:
    assert labels(page(SAID)) == [["In context", "Watch at 38:14"], ["👍", "👎"]]
    assert labels(page(SAID, count=2, can_share=True)) == [
        ["◀️", "▶️", "In context", "Watch at 38:14"],
        ["👍", "👎", "Share"],
    ]


@pytest.mark.parametrize(("position", "off"), [(0, (True, False)), (2, (False, False)), (4, (False, True))])
def test_pages_end_where_they_end(position: int, off: tuple[bool, bool]) -> None:
    back, on = page(SAID, count=5, position=position).rows[0][:2]
    assert (back.disabled, on.disabled) == off
    for button, shown in ((back, position - 1), (on, position + 1)):
        if not button.disabled:
            assert parse_custom_id(str(button.custom_id)).pages.position == shown


def test_every_button_has_a_meaning_of_its_own_and_none_is_left_to_the_process() -> None:
    message = page(SAID, count=5, position=2, can_share=True)
    verbs = [parse_custom_id(b.custom_id).verb for row in message.rows for b in row if b.custom_id]
    assert verbs == [Verb.TURN, Verb.TURN, Verb.CONTEXT, Verb.LIKE, Verb.DISLIKE, Verb.SHARE]


@pytest.mark.asyncio
async def test_no_button_is_left_to_the_process_that_sent_it() -> None:
    assert to_view(page(SAID).rows).is_finished()


def test_a_link_too_long_for_a_button_is_left_out() -> None:
    far = replace(SAID, episode=replace(EPISODE, url="https://e.example/" + "x" * 500))
    message = page(far)
    assert labels(message)[0] == ["In context"]
    assert message.embed is not None
    assert message.embed.url is None


def test_without_a_topic_there_are_no_buttons_and_topics_too_long_are_left_out() -> None:
    assert render_nothing("Nothing.", (), "1tq2").rows == ()
    message = render_nothing("Nothing.", ["x" * 94, "scaling", "x" * 93], "1tq2", "Searched only in e-1.")
    assert (message.content, labels(message)) == (
        "Nothing. Searched only in e-1. There is something on:",
        [["scaling", "x" * 79 + "…"]],
    )


def test_the_quote_stands_out_in_its_context_which_ends_with_what_fits() -> None:
    hit = Hit(SAID, 1.0, SAID.sentences)
    spoken = [Spoken("Anna Host", "Why scale?", False), Spoken("Ilya Sutskever", "Scale.", True)]
    embed = render_context(spoken, hit).embed
    assert embed is not None
    assert embed.description == "**Anna Host:** Why scale?\n\n> **Ilya Sutskever:** Scale."
    many = render_context([*spoken, *[Spoken("Anna Host", "word " * 300, False)] * 9], hit).embed
    assert many is not None
    assert len(str(many.description)) <= DESCRIPTION
    assert str(many.description).startswith(str(embed.description))


def test_the_quote_is_in_its_context_however_much_stands_before_it() -> None:
    hit = Hit(SAID, 1.0, SAID.sentences)
    before = [Spoken("Anna Host", "_*" * 3000, False)] * 2
    embed = render_context([*before, Spoken("Ilya Sutskever", "Scale.", True)], hit).embed
    assert embed is not None
    assert "> **Ilya Sutskever:** Scale." in str(embed.description)
    assert len(str(embed.description)) <= DESCRIPTION


def test_episodes_are_links_as_many_as_fit() -> None:
    broken = replace(EPISODE, url="https://e.example/(x)")
    embed = render_episodes([EPISODE, broken]).embed
    assert embed is not None
    first, second = str(embed.description).split("\n\n")
    assert first == "**[The \\*first\\* one](https://youtu.be/a)**\nA Show · 27 March 2023"
    assert second == "**The \\*first\\* one**\nA Show · 27 March 2023"
    many = str(render_episodes([EPISODE] * 500).embed.description)  # type: ignore[union-attr]
    assert len(many) <= DESCRIPTION
    assert re.search(r"\n… and \d+ more$", many)


def test_help_names_every_command_as_the_settings_do() -> None:
    content = render_help(Settings(_env_file=None, command_name="words", persona="A *Person*")).content
    for name in ("words", "words-random", "words-episodes", "words-daily"):
        assert f"**/{name}**" in content
    assert r"A \*Person\* said" in content


def test_a_cut_is_at_a_word_where_one_is_near() -> None:
    assert fit("one two three", 10) == "one two…"
    assert fit("onetwothree", 5) == "onet…"
    assert fit(r"one\*two", 5) == "one…"
