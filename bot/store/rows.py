"""The rows of the store as frozen values; times are Unix seconds, dates YYYY-MM-DD in the subscription's zone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Row


class SubscriptionState(StrEnum):
    """Whether a subscription is delivered."""

    ACTIVE = "active"
    PAUSED = "paused"
    FAILED = "failed"


class PostState(StrEnum):
    """How far a post has come; `planned` is given back, to be claimed when its lease ends.

    `sent` is final. `unknown` becomes `sent` when the platform's answer comes late; `skipped` and `failed`, if nothing
    can have been made of them, are claimed again where the same date is due again.
    """

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """What a channel asks for; `minute` is local, after midnight, `weekdays` a mask with Monday as 1."""

    platform: str
    tenant: str
    channel: str
    zone: str
    minute: int
    weekdays: int
    set_by: str
    next_due: int
    next_date: str
    topic: str | None = None
    episode: str | None = None


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """A subscription as it is kept; `next_date` is the local date of `next_due`.

    `tell_at` is when whoever set it up is to be told that it failed; None where there is nothing (more) to tell.
    """

    id: int
    platform: str
    tenant: str
    channel: str
    zone: str
    minute: int
    weekdays: int
    topic: str | None
    episode: str | None
    state: SubscriptionState
    why: str
    set_by: str
    created: int
    next_due: int
    next_date: str
    tell_at: int | None


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post of one subscription on one local date; `first_sent` is when the platform was first asked to post it."""

    id: int
    subscription_id: int
    local_date: str
    due: int
    state: PostState
    key: str
    passage: str | None
    message_id: str | None
    attempts: int
    lease_until: int | None
    first_sent: int | None
    reason: str
    updated: int


@dataclass(frozen=True, slots=True)
class ClaimedRow:
    """A post that is the caller's until its lease ends, and the subscription as it was when claimed."""

    post: PostRow
    subscription: SubscriptionRow


@dataclass(frozen=True, slots=True)
class Votes:
    """How many liked a passage and how many did not."""

    up: int = 0
    down: int = 0


def to_subscription(row: Row[Any]) -> SubscriptionRow:
    """Convert a row of the table of subscriptions."""
    values = dict(row._mapping)  # noqa: SLF001 - public, named so as not to clash with columns
    return SubscriptionRow(**values | {"state": SubscriptionState(values["state"])})


def to_post(row: Row[Any]) -> PostRow:
    """Convert a row of the table of posts."""
    values = dict(row._mapping)  # noqa: SLF001 - as above
    return PostRow(**values | {"state": PostState(values["state"])})
