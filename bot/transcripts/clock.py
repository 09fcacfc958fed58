"""Clock times of an episode, as people write them: m:ss or h:mm:ss."""

from __future__ import annotations

import re

_CLOCK = re.compile(r"(?:(\d{1,2}):(?=\d\d:))?(\d{1,3}):([0-5]\d)")


def parse_clock(text: str) -> float | None:
    """Turn "38:12" or "1:18:56" into seconds; None where it is neither."""
    found = _CLOCK.fullmatch(text.strip())
    if not found or (found[1] and int(found[2]) > 59):
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return float(hours * 3600 + minutes * 60 + seconds)


def to_clock(seconds: float) -> str:
    """Turn seconds into "38:12", or "1:18:56" from an hour on."""
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
