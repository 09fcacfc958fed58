from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UnknownPassageError
from bot.models import Hit
from bot.pages import MOST, Extract, Pages, build_pages, parse_pages, to_code, to_hit, to_text
from bot.search.analyzer import to_terms
from bot.service import build_service
from bot.transcripts.library import Library
from tests.bot.search.corpus import said
from tests.paths import EPISODES

SHORTEST = 2 + 12 * MOST
"""Characters that every answer fits into, without terms."""

CODES = st.integers(0, 10**9).map(lambda number: to_code(str(number)))
EXTRACTS = st.builds(Extract, CODES, st.integers(0, 3843), st.integers(1, 3843))
PAGES = st.lists(EXTRACTS, min_size=1, max_size=MOST).flatmap(
    lambda extracts: st.builds(
        Pages,
        st.just(tuple(extracts)),
        st.integers(0, len(extracts) - 1),
        st.lists(st.sampled_from(["scale", "law", "gpt3", "naïv", "学"]), max_size=8, unique=True).map(tuple),
    )
)


@given(PAGES, st.integers(SHORTEST, 200))
def test_what_is_written_fits_and_is_read_back_but_for_the_last_terms(pages: Pages, longest: int) -> None:
    text = to_text(pages, longest)
    assert len(text) <= longest
    read = parse_pages(text)
    assert replace(read, terms=()) == replace(pages, terms=())
    assert set(read.terms) <= set(pages.terms)
    assert read.terms == pages.terms or longest < 120


@given(st.text())
def test_what_was_not_written_here_is_refused_or_harmless(text: str) -> None:
    try:
        pages = parse_pages(text)
    except UnknownPassageError:
        return
    assert 0 <= pages.position < len(pages.extracts) <= MOST


def test_a_position_behind_the_last_quote_is_refused() -> None:
    written = to_text(Pages((Extract(to_code("a"), 0, 1),)), 100)
    with pytest.raises(UnknownPassageError, match="Ask again"):
        parse_pages(written.replace("20", "21", 1))


def test_the_quote_comes_back_with_its_sentences_and_what_was_looked_for() -> None:
    passage = said("One is said. Scaling laws hold. Three is said.", id="show-1:aaaaaa")
    hit = Hit(passage, 2.5, passage.sentences[1:], frozenset(to_terms("scaling laws unsaid")))
    pages = parse_pages(to_text(build_pages([hit]), 100))
    again = to_hit(pages.extract, passage, pages.terms)
    assert again.quote == "Scaling laws hold. Three is said."
    assert again.terms == frozenset(to_terms("scaling laws"))


@pytest.mark.parametrize("extract", [Extract("x" * 8, 0, 0), Extract("x" * 8, 1, 2), Extract("x" * 8, 9, 1)])
def test_sentences_that_a_passage_has_not_are_refused(extract: Extract) -> None:
    with pytest.raises(UnknownPassageError):
        to_hit(extract, said("One is said. Two is said."), ())


def test_a_passage_that_is_gone_is_refused() -> None:
    with pytest.raises(UnknownPassageError):
        to_hit(Extract("x" * 8, 0, 1), None, ())


def test_every_passage_of_the_shipped_episodes_has_a_code_of_its_own(shipped: Library) -> None:
    codes = {to_code(passage.id) for passage in shipped.passages}
    assert len(codes) == len(shipped.passages)


def test_every_page_of_an_answer_shows_what_the_answer_held() -> None:
    quotes = build_service(EPISODES, "Ilya Sutskever")
    answer = quotes.ask("scaling laws")
    pages = parse_pages(to_text(build_pages(answer.hits), 93))
    opened = [quotes.open_page(pages.turned_to(position)) for position in range(len(answer.hits))]
    assert [hit.quote for hit in opened] == [hit.quote for hit in answer.hits]
    assert len(opened) > 1
    assert to_terms("scaling")[0] in opened[0].terms


def test_a_passage_of_many_short_sentences_can_be_paged_to() -> None:
    passage = said(" ".join(f"Word{number}." for number in range(200)), id="show-1:bbbbbb")
    hit = Hit(passage, 1.0, passage.sentences[150:])
    pages = parse_pages(to_text(build_pages([hit]), 93))
    assert (pages.extract.first, pages.extract.count) == (150, 50)
