"""Links that open an episode where something is said."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

HEAD_START = 3
"""Seconds: a link begins a little before the words, since times are estimated and players cut in late."""

_QUERY_TIMED = ("youtube.com", "youtu.be")


def to_link(url: str, start: float | None) -> str:
    """Make a link that starts at `start` seconds, less HEAD_START; without a time, the url itself.

    YouTube takes the time as a parameter; for other places it is a media fragment (W3C Media Fragments 1.0).
    """
    seconds = 0 if start is None else max(0, int(start) - HEAD_START)
    if not seconds:
        return url
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if host not in _QUERY_TIMED:
        return urlunsplit(parts._replace(fragment=f"t={seconds}"))
    query = [pair for pair in parse_qsl(parts.query) if pair[0] != "t"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("t", f"{seconds}s")])))
