"""Wild values of the core for property tests: everything a transcript or a person could hold."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.context import Spoken
from bot.models import Episode, Hit, Passage, Role, Sentence, Timing

HOSTILE = (
    "@everyone @here <@123456789012345678> <@&123456789012345678> <#123456789012345678>",
    "[x](http://y.example) [y](<http://z.example>) http://a.example www.b.example discord.gg/abc <https://c.example>",
    "``` `` ` ```js\nalert(1)``` ~~gone~~ **bold** __under__ *it* _it_ ||secret|| ||",
    "> quote\n>>> all of it\n# big\n## smaller\n-# small\n- list\n1. one\n",
    "\u202eturned\u202c \u2066isolated\u2069 \u200bze\u200bro\u200d\ufeff \u00ad \U000e0041",
    "z\u0335\u0321\u031b\u0334\u0353\u0355\u0359\u0300\u0301\u0302" * 20,
    "\x00\x01\x07\x08\x1b[31m\x7f\x85\u2028\u2029\ud800",
    "<:name:123456789012345678> <a:b:123456789012345678> <t:1700000000:R> </ilya:123456789012345678> <id:home>",
    "\\" * 301,
    "*" * 6000,
    "word " * 1200,
    "🙂👩‍👩‍👧‍👦🇩🇪" * 300,
    "w" * 6000,
)
"""What somebody may type to break a server's layout, or worse."""

TEXTS = (
    st.sampled_from(HOSTILE)
    | st.text(max_size=60)
    | st.lists(st.sampled_from(HOSTILE) | st.text(max_size=20), min_size=1, max_size=4).map(" ".join)
)
TITLES = TEXTS.filter(lambda text: bool(text.strip()))
URLS = st.sampled_from(
    ["https://youtu.be/a", "https://e.example/(a)[b]<c>", "http://host/" + "x" * 600, "https://e.example/" + "x" * 480]
)
SECONDS = st.none() | st.integers(0, 359_999).map(float)

EPISODES = st.builds(
    Episode,
    id=st.text(min_size=1, max_size=200),
    title=TITLES,
    show=TITLES,
    hosts=st.just(()),
    guests=st.just(()),
    published=st.just("2023-03-27") | st.just("2022-03"),
    url=URLS,
)
SENTENCES = st.lists(st.builds(Sentence, TITLES, SECONDS), min_size=1, max_size=5).map(tuple)
PASSAGES = st.builds(
    Passage,
    id=st.text(min_size=1, max_size=40),
    episode=EPISODES,
    edition=st.just("e"),
    role=st.sampled_from([Role.GUEST, Role.SUMMARY, Role.DOUBTFUL]),
    speaker=st.none() | TEXTS,
    sentences=SENTENCES,
    turn=st.just(0),
    asked=TEXTS,
    asked_by=st.none() | TEXTS,
    timing=st.sampled_from(Timing),
    summary_by=st.none() | TEXTS,
)


@st.composite
def hits(draw: st.DrawFn) -> Hit:
    """Give a hit that shows some sentences of its passage in a row, with terms to be set in bold."""
    passage = draw(PASSAGES)
    first = draw(st.integers(0, len(passage.sentences) - 1))
    shown = passage.sentences[first : first + draw(st.integers(1, 5))]
    terms = draw(st.sets(st.sampled_from(["word", "bold", "w", "scale"]) | st.text(min_size=1, max_size=120)))
    return Hit(passage, 0.0, shown, frozenset(terms))


SPOKEN = st.lists(st.builds(Spoken, TEXTS, TEXTS, st.booleans()), max_size=6)
