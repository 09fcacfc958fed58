"""What comes over HTTP: whether it is from Slack, and what it says."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from slack_sdk.signature import Clock, SignatureVerifier

OLDEST = 300
"""Seconds that a signature holds (docs.slack.dev, "Verifying requests from Slack")."""


class Verifier:
    """Tells Slack's requests from others', and new ones from replayed ones."""

    def __init__(self, signing_secret: str, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._verifier = SignatureVerifier(signing_secret, _At(clock))
        self._seen: dict[str, float] = {}

    def is_valid(self, body: str, headers: Mapping[str, str]) -> bool:
        """Whether a body is signed by Slack, lately, for the first time.

        Of a request that Slack itself says it repeats the second copy counts as well: its event is claimed in any case.
        """
        stamp, signature = headers.get("X-Slack-Request-Timestamp", ""), headers.get("X-Slack-Signature", "")
        # slack_sdk's verifier raises on both: a time stamp that is no number, a signature that is not ASCII
        if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12 and signature.isascii()):
            return False
        if not self._verifier.is_valid(body, stamp, signature):
            return False
        return self._is_first(signature) or "X-Slack-Retry-Num" in headers

    def _is_first(self, signature: str) -> bool:
        now = self._clock()
        while self._seen and next(iter(self._seen.values())) <= now:
            del self._seen[next(iter(self._seen))]
        is_first = signature not in self._seen
        # a time stamp may lie as far in the future as in the past
        self._seen.setdefault(signature, now + 2 * OLDEST)
        return is_first


class _At(Clock):
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock

    def now(self) -> float:
        """Give the time."""
        return self._clock()


def parse_body(text: str, content_type: str) -> dict[str, Any]:
    """Read a body: JSON (events), a form with JSON in it (clicks), or a form (commands). Raises ValueError."""
    if content_type == "application/json":
        return _parse_object(text)
    form = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
    if "payload" in form:
        return _parse_object(form["payload"])
    if not form:
        raise ValueError("there is nothing in it")
    return dict(form)


def _parse_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(value, dict) or not isinstance(value.get("event", {}), dict):
        raise ValueError("it is no object")  # noqa: TRY004 - as the other faults of a body
    return value
