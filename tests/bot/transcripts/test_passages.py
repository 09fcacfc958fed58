from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.models import Edition, Kind, Passage, Role, Timing
from bot.transcripts.alignment import to_keys
from bot.transcripts.library import Library
from bot.transcripts.passages import LONGEST, cut_passages
from bot.transcripts.sentences import is_doubtful, split_sentences, without_marks
from bot.transcripts.timing import build_timeline
from bot.transcripts.tracing import trace_edition
from tests.editions import cut, to_edition, to_summary
from tests.strategies import editions

GUEST, HOST = "**Ilya Sutskever:**", "**Anna Host:**"


def speech(lengths: list[int]) -> str:
    """Make sentences of so many words, each beginning with a word of its own."""
    return " ".join(f"S{'a' * number} {'word ' * (length - 1)}".strip() + "." for number, length in enumerate(lengths))


def speeches(longest: int = 60) -> st.SearchStrategy[str]:
    """Give a turn's words: sentences of all lengths."""
    return st.lists(st.integers(1, longest), min_size=1, max_size=20).map(speech)


@st.composite
def talks(draw: Any) -> str:
    """Give the body of a transcript with chapters, turns of everybody, and doubtful sentences."""
    blocks: list[str] = []
    for _ in range(draw(st.integers(1, 8))):
        if draw(st.booleans()):
            blocks.append(f"## {draw(st.sampled_from('ABC'))}")
        words = draw(speeches())
        if draw(st.booleans()):
            words = words.replace("Saa ", "Saa [?] ").replace("Saaaaa.", "Saaaaa.[?]")
        name = draw(st.sampled_from([GUEST, GUEST, HOST, "**?:**", "**Advert:**"]))
        blocks.append(f"{name} {words}")
    return "\n\n".join(blocks)


def cut_edition(edition: Edition) -> tuple[Passage, ...]:
    """Cut an edition into passages."""
    return cut_passages(edition, build_timeline(edition))


def texts(passages: tuple[Passage, ...]) -> list[str]:
    """Give the words of passages."""
    return [passage.text for passage in passages]


def quotable(edition: Edition) -> list[tuple[int, str, str, str | None]]:
    """List every sentence that may be quoted as (turn, heading, sentence, speaker), straight from the edition."""
    turns = [(chapter.title, turn) for chapter in edition.chapters for turn in chapter.turns]
    return [
        (number, heading, without_marks(sentence), turn.speaker)
        for number, (heading, turn) in enumerate(turns)
        if turn.role is not Role.ADVERT
        for paragraph in turn.paragraphs
        for sentence in split_sentences(paragraph.text)
        if not is_doubtful(sentence)
    ]


def told(passages: tuple[Passage, ...]) -> list[tuple[int, str, str, str | None]]:
    """List the sentences of passages in the same form."""
    return [(p.turn, p.heading, sentence.text, p.speaker) for p in passages for sentence in p.sentences]


# What is in a passage


@given(talks())
def test_every_sentence_that_may_be_quoted_is_in_one_passage_in_order_under_its_speaker(body: str) -> None:
    edition = to_edition(body)
    assert told(cut_edition(edition)) == quotable(edition)


@given(editions())
def test_so_it_is_for_the_wildest_edition(edition: Edition) -> None:
    assert told(cut_edition(edition)) == quotable(edition)


def test_so_it_is_for_the_shipped_editions(shipped: Library) -> None:
    for loaded in shipped.editions:
        assert told(loaded.passages) == quotable(loaded.edition)


@given(talks())
def test_no_passage_is_empty_or_has_a_doubtful_sentence(body: str) -> None:
    for passage in cut(body):
        assert passage.sentences
        assert not any(sentence.is_doubtful or is_doubtful(sentence.text) for sentence in passage.sentences)


def test_a_passage_does_not_reach_over_a_doubtful_sentence() -> None:
    assert texts(cut(f"{GUEST} One. Two [?] two. Three. Four.")) == ["One.", "Three. Four."]


def test_a_passage_goes_on_over_the_paragraphs_of_its_turn() -> None:
    assert texts(cut(f"{GUEST} One.\n\nTwo.\n\n{GUEST} Three.\n\n## A\n\n{GUEST} Four.")) == [
        "One. Two.",
        "Three.",
        "Four.",
    ]


def test_an_advert_is_in_no_passage_and_a_doubtful_turn_has_no_speaker() -> None:
    (passage,) = cut("**Advert:** Buy it.\n\n**?:** Perhaps.")
    assert (passage.text, passage.speaker, passage.role) == ("Perhaps.", None, Role.DOUBTFUL)


def test_a_passage_knows_its_edition_its_heading_its_topics_and_its_mark() -> None:
    body = f"## [1:00] A\n\n{GUEST} One.\n<!-- topics: a; b -->\n<!-- quote: no -->\n\nTwo.\n<!-- topics: b; c -->"
    first, second = cut(body)
    assert (first.edition, first.episode.id, first.heading) == ("show-1", "show-1", "A")
    assert (first.topics, first.daily) == (("a", "b"), ())
    assert (second.topics, second.daily) == (("b", "c"), None)
    assert (first.sentences[0].start, first.timing) == (60, Timing.ESTIMATED)


def test_a_passage_knows_which_of_its_sentences_are_marked_and_that_no_others_of_the_paragraph_are() -> None:
    sentence = speech([LONGEST - 3])
    body = f"{GUEST} One is. Two is. {sentence} Three is.\n<!-- quote: Two … is. -->\n<!-- topics: a -->\n\nFour."
    marked, unmarked, other = cut(body)
    assert marked.daily == marked.sentences[1:2]
    assert (unmarked.text, unmarked.daily) == (f"{sentence} Three is.", ())
    assert other.daily is None


@example(speech([2, LONGEST - 1, LONGEST]), speech([LONGEST - 3, LONGEST - 3]), speech([LONGEST - 1]))
@given(speeches(LONGEST), speeches(), speeches(LONGEST))
def test_a_marked_quote_is_never_cut(before: str, within: str, after: str) -> None:
    said = f"{before} Marked. {within} Ends here. {after}".replace("S. ", "Said. ")  # "S." would be an initial
    (marked,) = [p for p in cut(f"{GUEST} {said}\n<!-- quote: Marked. … here. -->") if p.daily]
    quote = " ".join(sentence.text for sentence in marked.daily or ())
    assert quote == said[said.index("Marked.") : said.index("here.") + len("here.")]


def test_a_quote_that_is_longer_than_a_passage_leaves_those_beside_it_as_they_are() -> None:
    words = speech([10] * 10)
    body = f"{GUEST} {words} Marked. {words} {words} Ends here. {words}\n<!-- quote: Marked. … here. -->"
    assert texts(cut(body)) == [words, f"Marked. {words} {words} Ends here.", words]


def test_each_of_two_quotes_has_a_passage_of_its_own() -> None:
    marks = "<!-- quote: One … one. -->\n<!-- quote: Two … two. -->"
    passages = cut(f"{GUEST} Before. One is one. Again one. Two is two. After.\n{marks}")
    assert texts(passages) == ["Before. One is one. Again one.", "Two is two. After."]
    assert [passage.daily for passage in passages] == [passages[0].sentences[1:2], passages[1].sentences[:1]]


def test_topics_hold_for_the_paragraphs_above_that_have_none_of_the_same_turn() -> None:
    sentence = speech([LONGEST - 5])
    body = f"{HOST} Why?\n\n{GUEST} {sentence}\n\n{sentence}\n<!-- topics: a -->\n\n{sentence}\n<!-- topics: b -->"
    assert [passage.topics for passage in cut(body)] == [(), ("a",), ("a",), ("b",)]


def test_without_times_nothing_is_known_of_when() -> None:
    (passage,) = cut(f"{GUEST} One.")
    assert (passage.sentences[0].start, passage.timing) == (None, Timing.NONE)


def test_sentences_are_timed_one_after_the_other() -> None:
    (passage,) = cut(f"## [0:00] A\n\n{GUEST} Same. Same. Same.\n\n## [0:30] B", duration='"0:30"')
    assert [sentence.start for sentence in passage.sentences] == [0, 10, 20]


def test_a_summary_is_cut_at_its_headings_and_names_its_author() -> None:
    first, second = cut_edition(to_summary("## [1:00] A\n\nHe says so.\n- And so.\n\n## B\n\nNo more."))
    assert (first.text, first.heading, first.role) == ("He says so. And so.", "A", Role.SUMMARY)
    assert (first.speaker, first.summary_by, first.is_summary) == (None, "Sam Summer", True)
    assert (first.sentences[1].start, second.sentences[0].start) == (60, None)
    assert (first.timing, first.asked) == (Timing.NONE, "")


@pytest.mark.parametrize("kind", list(Kind))
def test_every_sentence_has_its_own_bytes(kind: Kind) -> None:
    label = GUEST if kind is Kind.TRANSCRIPT else ""
    raw = "page\none um two three four\nfive six"
    raw = raw if kind is Kind.TRANSCRIPT else f"heading\n{raw}"
    last = raw.count("\n") + 1
    body = f"## Heading\n\n{label} One two. Three four.\n\nFive six."
    fields = {"source": "raw/a.txt", "left_out": f"[{{lines: {last - 2}, why: page}}]"}
    edition = to_edition(body, kind=kind, summary_by="Sam", **fields)
    (passage,) = cut_passages(edition, build_timeline(edition), trace_edition(edition, raw))
    found = [raw[part.start : part.end] for sentence in passage.sentences for part in sentence.source]
    assert found == ["one um two", "three four", "five six"]
    assert [sentence.follows for sentence in passage.sentences] == [False, True, True]
    assert {part.file for sentence in passage.sentences for part in sentence.source} == {"a.txt"}


# How a turn is cut


@given(speeches())
def test_no_passage_is_too_long_but_for_a_sentence_that_is(words: str) -> None:
    for passage in cut(f"{GUEST} {words}"):
        assert len(to_keys(passage.text)) <= LONGEST or len(passage.sentences) == 1


@given(st.integers(1, 8), st.integers(2, 80))
def test_a_long_turn_is_cut_evenly(length: int, count: int) -> None:
    assume(length * count > LONGEST)
    sizes = [len(to_keys(text)) for text in texts(cut(f"{GUEST} {speech([length] * count)}"))]
    assert sum(sizes) == length * count
    assert max(sizes) - min(sizes) <= 2 * length


def test_a_short_turn_is_one_passage() -> None:
    words = " ".join(["One two three four five."] * (LONGEST // 5))
    assert texts(cut(f"{GUEST} {words}")) == [words]


# What was asked


def asked(body: str) -> Passage:
    """Give the last passage of a talk."""
    return cut(body)[-1]


def test_a_reply_knows_the_question_and_who_asked_it() -> None:
    passage = asked(f"{HOST} How do you see\nscaling laws now?\n\nAnd why?\n\n{GUEST} So.")
    assert (passage.asked, passage.asked_by) == ("How do you see scaling laws now? And why?", "Anna Host")


@pytest.mark.parametrize("word", ["Right.", "Got it.", "Mhm, I see.", "Okay —"])
def test_a_word_of_assent_is_no_question(word: str) -> None:
    passage = asked(f"{HOST} How do you see scaling laws now?\n\n{GUEST} So.\n\n{HOST} {word}\n\n{GUEST} And so on.")
    assert passage.asked == "How do you see scaling laws now?"


@pytest.mark.parametrize("word", ["Why?", "Really? Wow.", "I do not see it."])
def test_a_short_question_and_a_short_remark_are_asked(word: str) -> None:
    passage = asked(f"{HOST} How do you see scaling laws now?\n\n{GUEST} So.\n\n{HOST} {word}\n\n{GUEST} And so on.")
    assert passage.asked == word


def test_a_short_question_leans_on_what_was_asked_before_it_and_a_long_one_does_not() -> None:
    first, long = "How do you see scaling laws now?", "What do you make of the way that data is collected?"
    body = f"{HOST} {first}\n\n{GUEST} So.\n\n{HOST} Give me the odds then.\n\n{GUEST} Ten."
    body += f"\n\n{HOST} And now?\n\n{GUEST} Nine."
    assert asked(body).thread == f"{first} Give me the odds then."
    assert asked(f"{body}\n\n{HOST} {long}\n\n{GUEST} Well.").thread == ""


def test_where_who_asked_is_doubtful_nothing_was_asked() -> None:
    body = f"{HOST} How do you see scaling laws now?\n\n**?:** Or at scale?\n\n{GUEST} So."
    assert (asked(body).asked, asked(body).asked_by, asked(body).thread) == ("", None, "")


@pytest.mark.parametrize("word", ["I mean —", "Right.", "Everything is promising.", "Right [?]."])
def test_a_doubtful_word_of_assent_leaves_the_question_as_it_is(word: str) -> None:
    passage = asked(f"{HOST} How do you see scaling laws now?\n\n**?:** {word}\n\n{GUEST} So.")
    assert (passage.asked, passage.asked_by) == ("How do you see scaling laws now?", "Anna Host")


@pytest.mark.parametrize("word", ["Why?", "Is a very hard problem."])
def test_a_doubtful_question_or_remark_does_not(word: str) -> None:
    assert asked(f"{HOST} How do you see scaling laws now?\n\n**?:** {word}\n\n{GUEST} So.").asked == ""


BOB = "**Bob Guest:**"


def replies(body: str) -> list[tuple[str, str, str | None]]:
    """List what the guests of a talk of two say, to what and to whom."""
    passages = cut(f"{HOST} How do you see scaling laws now?\n\n{body}", guest="[Ilya Sutskever, Bob Guest]")
    return [(passage.text, passage.asked, passage.asked_by) for passage in passages if passage.role is Role.GUEST]


def test_a_guest_may_ask_another() -> None:
    question = "They hold. Ilya, what would you say of the data?"
    assert replies(f"{BOB} {question}\n\n{GUEST} It runs out.\n\n{GUEST} Soon.") == [
        (question, "How do you see scaling laws now?", "Anna Host"),
        ("It runs out.", question, "Bob Guest"),
        ("Soon.", question, "Bob Guest"),
    ]


@pytest.mark.parametrize("remark", ["They hold.", "Why do they hold? Nobody knows that."])
def test_what_a_guest_says_without_asking_is_no_question(remark: str) -> None:
    assert replies(f"{BOB} {remark}\n\n{GUEST} So.")[1] == ("So.", "How do you see scaling laws now?", "Anna Host")


def test_nobody_answers_a_question_of_his_own() -> None:
    assert replies(f"{GUEST} And why do they hold?\n\n{GUEST} So.") == [
        ("And why do they hold?", "How do you see scaling laws now?", "Anna Host"),
        ("So.", "How do you see scaling laws now?", "Anna Host"),
    ]


def test_an_advert_between_question_and_reply_changes_nothing() -> None:
    assert asked(f"{HOST} How so?\n\n**Advert:** Buy it.\n\n{GUEST} So.").asked == "How so?"


def test_a_host_is_asked_nothing() -> None:
    assert asked(f"{HOST} How so?\n\n{GUEST} So.\n\n{HOST} I see it now as well.").asked == ""


def test_a_doubtful_sentence_is_not_part_of_a_question() -> None:
    assert asked(f"{HOST} So Bob [?] won. How did he do it?\n\n{GUEST} So.").asked == "How did he do it?"


# What a passage is called


@given(editions())
def test_a_passage_is_named_after_its_edition_and_no_two_are_named_alike(edition: Edition) -> None:
    names = [passage.id for passage in cut_edition(edition)]
    assert len(set(names)) == len(names)
    assert all(name.startswith(f"{edition.id}:") for name in names)


def test_the_passages_of_the_shipped_editions_are_named_apart(shipped: Library) -> None:
    names = Counter(passage.id for passage in shipped.passages)
    assert [name for name, count in names.items() if count > 1] == []


@given(talks(), st.integers(0, 8))
def test_a_turn_set_in_elsewhere_changes_no_other_name(body: str, place: int) -> None:
    blocks = body.split("\n\n")
    assume(place <= len(blocks))
    longer = "\n\n".join([*blocks[:place], f"{HOST} Quite another remark of mine.", *blocks[place:]])
    before, after = ([passage.id for passage in cut(text)] for text in (body, longer))
    added = [name for name in after if name not in before]
    assert len(added) == 1
    assert [name for name in after if name not in added] == before


def test_a_change_of_one_turn_changes_its_own_names_only() -> None:
    before = [passage.id for passage in cut(f"{GUEST} One.\n\n{GUEST} Two.\n\n{GUEST} Three.")]
    after = [passage.id for passage in cut(f"{GUEST} One.\n\n{GUEST} Two, and more.\n\n{GUEST} Three.")]
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, False, True]


def test_points_capitals_and_topics_change_no_name() -> None:
    (before,) = cut(f"{GUEST} Its scale, in words: more.")
    (after,) = cut(f"## [1:00] Later\n\n{GUEST} ITS SCALE in words more!\n<!-- topics: scale -->", title="Another")
    assert before.id == after.id


def test_the_same_words_said_twice_are_told_apart() -> None:
    first, second = cut(f"{GUEST} It seems so.\n\n{GUEST} It seems so.")
    assert second.id == f"{first.id}-2"
