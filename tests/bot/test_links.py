from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links import HEAD_START, to_link

VIDEO = "https://www.youtube.com/watch?v=Yf1o0TQzry8"


def test_a_link_starts_the_video_a_little_before_the_words() -> None:
    assert to_link(VIDEO, 2130.9) == f"{VIDEO}&t={2130 - HEAD_START}s"


@pytest.mark.parametrize("start", [None, 0, 0.9, HEAD_START, HEAD_START + 0.9])
def test_at_the_beginning_or_without_a_time_the_link_is_the_address(start: float | None) -> None:
    assert to_link(VIDEO, start) == VIDEO
    assert to_link("https://example.org/talk", start) == "https://example.org/talk"


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://youtu.be/Yf1o0TQzry8", "https://youtu.be/Yf1o0TQzry8?t=7s"),
        ("https://m.youtube.com/watch?v=a", "https://m.youtube.com/watch?v=a&t=7s"),
        ("http://youtube.com/watch?v=a&t=99s&list=b", "http://youtube.com/watch?v=a&list=b&t=7s"),
        ("https://www.youtube.com/watch?v=a#chapters", "https://www.youtube.com/watch?v=a&t=7s#chapters"),
        ("https://example.org/talk.mp3", "https://example.org/talk.mp3#t=7"),
        ("https://example.org/talk?v=1#notes", "https://example.org/talk?v=1#t=7"),
        ("https://notyoutube.com/watch?v=a", "https://notyoutube.com/watch?v=a#t=7"),
    ],
)
def test_a_time_is_written_as_the_place_understands_it(url: str, link: str) -> None:
    assert to_link(url, 7 + HEAD_START) == link


@given(st.floats(0, 10**6), st.dictionaries(st.text("abcv", min_size=1), st.text(min_size=1, max_size=5), max_size=3))
def test_what_else_a_video_address_says_is_kept(start: float, query: dict[str, str]) -> None:
    url = f"https://www.youtube.com/watch?{urlencode(query)}"
    link = to_link(url, start)
    found = dict(parse_qsl(urlsplit(link).query))
    assert found.pop("t", "0s") == f"{max(0, int(start) - HEAD_START)}s"
    assert found == query
