"""Foreign words, in and out."""

from __future__ import annotations

import html
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.escaping import clean, escape, read, to_address
from tests.fakes.slack_pings import find_mentions

WILD = st.one_of(st.text(), st.text("<!>@&|#amplt;gt \u202e\u2066\u200d\x07"))


@given(WILD, st.integers(1, 60))
def test_nothing_escapes(text: str, longest: int) -> None:
    escaped = escape(text, longest)
    assert len(escaped) <= longest
    assert find_mentions(escaped) == []
    assert not set(escaped) & set("<>")
    assert html.unescape(escaped).rstrip("…") == clean(text)[: len(html.unescape(escaped).rstrip("…"))]


TURNING = ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI")


@given(WILD)
def test_what_is_clean_is_seen(text: str) -> None:
    assert all(unicodedata.category(char) not in ("Cc", "Cs") for char in clean(text))
    assert not any(unicodedata.bidirectional(char) in TURNING for char in clean(text))
    assert clean(clean(text)) == clean(text)


def test_what_hides_or_turns_words_around_is_dropped() -> None:
    assert clean("a\u200b\u200e\u200f\u061c\u202eb\u2066\ufeff\x07c") == "abc"


def test_ordinary_words_stay_as_they_are() -> None:
    for text in (
        "plain",
        "Krizhevsky’s “ImageNet” – 2012",
        "日本語",
        "naïve",
        "a\u0301",
        "می\u200cخواهم",
        "👩\u200d🔬",
        "co\u00adop",
    ):
        assert clean(text) == escape(text, 100) == text


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("<@UBOT> scaling laws", "scaling laws"),
        ("scaling <@U1|ada> laws <!here> now <!subteam^S1|@team>", "scaling laws now"),
        ("see <https://x.y/z|the paper> and <https://x.y>", "see the paper and"),
        ("in <#C1|general> or <#C2>", "in general or"),
        ("a &lt; b &amp;amp; c", "a < b &amp; c"),
        ("x &lt;@UBOT&gt; y", "x <@UBOT> y"),
        ("one\ntwo\u200b\u202e three", "one two three"),
        ("if a < b and c > d", "if a < b and c > d"),
    ],
)
def test_what_is_written_in_slack_is_read(written: str, means: str) -> None:
    assert read(written) == means


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", "ftp://x", "//x.y"])
def test_what_is_no_address_of_the_web_is_none(url: str) -> None:
    assert to_address(url) == ""


@given(st.text())
def test_an_address_stays_inside_its_brackets(rest: str) -> None:
    address = to_address(f"https://x.y/{rest}")
    assert not set(address) & set("<>| ")
