"""Wild editions for property tests: everything the format can hold, and nothing it cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from bot.models import Chapter, Correction, Edition, Episode, Kind, LeftOut, Paragraph, Role, Turn
from bot.transcripts.marks import GAP, find_marked
from bot.transcripts.sentences import is_doubtful, split_sentences

NAMES = ("Anna Host", "Ilya Sutskever", "Żółć O’Neil", "李明: Dr", "B. [x] {y}", "null")
IDS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)
SECONDS = st.none() | st.integers(0, 359_999).map(float)

# Any character may stand in a head, since YAML can escape it; a body is lines, so its texts have single spaces only.
_AWKWARD = st.sampled_from("\x00\t\n\r\x0b\x1c\x7f\x85\xa0\u2028\u2029\ufeff\ufffe\uffff\"\\'#:-🙂")
WILD = st.text(st.characters(exclude_categories=["Cs"]) | _AWKWARD, min_size=1, max_size=20)
_WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=8)
_PIECES = st.sampled_from(
    ["a: b", "# c", "- d", "---", "[1:00]", "[?]", "it's", "…", "“Yes.”", "<b>", "<!-- x", "{", "&"]
)
_OPENINGS = ("#", "- ", "<!--", "**", "[")


def texts(*, may_open: bool = True) -> st.SearchStrategy[str]:
    """Give the text of a paragraph; where it may not open one, it begins like nothing else of the format."""
    joined = st.lists(_WORDS | _PIECES, min_size=1, max_size=6).map(lambda words: " ".join(" ".join(words).split()))
    plain = joined.filter(lambda text: text and "**" not in text and ":" not in text)
    return plain if may_open else plain.filter(lambda text: not text.startswith(_OPENINGS) and text != "-")


_TITLES = texts().filter(lambda text: not text.startswith("["))
_TOPICS = texts().map(lambda text: " ".join(text.replace(";", ",").replace("-->", "").split())).filter(bool)


def paragraphs(*, may_open: bool, bullet: bool = False) -> st.SearchStrategy[Paragraph]:
    """Give a paragraph with its topics and marks."""
    topics = st.lists(_TOPICS, unique=True, max_size=3).map(tuple)
    return st.builds(Paragraph, texts(may_open=may_open), topics, st.none(), st.just(bullet)).flatmap(marked)


def marked(paragraph: Paragraph) -> st.SearchStrategy[Paragraph]:
    """Give a paragraph unmarked, without a quote, or with the quotes that each sentence of it would be."""
    sentences = split_sentences(paragraph.text)
    marks = [f"{sentence}{GAP}{sentence.split()[-1]}" for sentence in sentences if not is_doubtful(sentence)]
    fitting = [mark for mark in marks if find_marked(mark, sentences) and "-->" not in mark]
    quotes = [(fitting[0],), tuple(fitting)] if fitting else []
    return st.sampled_from([None, (), *quotes]).map(lambda daily: replace(paragraph, daily=daily))


@st.composite
def turns(draw: Any, episode: Episode) -> Turn:
    """Give a turn of one of the episode's speakers, of nobody certain, or an advert."""
    guests = [(name, Role.GUEST) for name in episode.guests]
    hosts = [(name, Role.HOST) for name in episode.hosts if name not in episode.guests]
    speaker, role = draw(st.sampled_from([*guests, *hosts, (None, Role.DOUBTFUL), (None, Role.ADVERT)]))
    more = draw(st.lists(paragraphs(may_open=False), max_size=2))
    return Turn(speaker, role, (draw(paragraphs(may_open=True)), *more), draw(SECONDS))


@st.composite
def statements(draw: Any) -> Turn:
    """Give a section of a summary: paragraphs and bullets."""
    plain, bullet = paragraphs(may_open=False), paragraphs(may_open=True, bullet=True)
    return Turn(None, Role.SUMMARY, tuple(draw(st.lists(plain | bullet, min_size=1, max_size=4))))


@st.composite
def chapters(draw: Any, episode: Episode, kind: Kind) -> tuple[Chapter, ...]:
    """Give chapters, of which the first may have no title, and one at least has words."""
    of_one = statements().map(lambda turn: (turn,))
    spoken = of_one if kind is Kind.SUMMARY else st.lists(turns(episode), min_size=1, max_size=3).map(tuple)
    first = [Chapter("", draw(spoken))] if draw(st.booleans()) else []
    rest = draw(st.lists(st.builds(Chapter, _TITLES, spoken | st.just(()), SECONDS), max_size=3))
    if not any(chapter.turns for chapter in (*first, *rest)):
        rest.append(Chapter("Words", draw(spoken)))
    return (*first, *rest)


@st.composite
def editions(draw: Any) -> Edition:
    """Give an edition of any kind."""
    kind = draw(st.sampled_from(Kind))
    own = draw(IDS)
    names = st.lists(st.sampled_from(NAMES), unique=True, max_size=3).map(tuple)
    episode = Episode(
        id=draw(st.just(own) | IDS),
        title=draw(WILD),
        show=draw(WILD),
        hosts=draw(names),
        guests=draw(names.filter(bool)),
        published=draw(st.dates().map(str) | st.just("2022-03")),
        url=draw(
            st.sampled_from(["https://youtu.be/a?t=1&x=%20#y", "http://host/: {a}"[:12], "https://é.example/ü,*'"])
        ),
        duration=draw(SECONDS),
    )
    corrections = st.builds(Correction, WILD, WILD, WILD, st.none() | st.integers(0, 10**6))
    ranges = st.tuples(st.integers(1, 99), st.integers(0, 99)).map(lambda pair: (pair[0], sum(pair)))
    by_lines = st.builds(LeftOut, WILD, ranges)
    by_words = st.builds(LeftOut, WILD, st.none(), WILD, st.none() | st.integers(0, 10**6))
    return Edition(
        id=own,
        episode=episode,
        kind=kind,
        chapters=draw(chapters(episode, kind)),
        summary_by=draw(WILD if kind is Kind.SUMMARY else st.none() | WILD),
        source=draw(st.none() | WILD),
        chapters_by=draw(st.none() | WILD),
        corrections=tuple(draw(st.lists(corrections, max_size=2))),
        left_out=tuple(draw(st.lists(by_lines | by_words, max_size=2))),
    )
