"""The tables as they are now; a test holds them and the migrations together."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

VERSION_TABLE = "store_version"
"""Where Alembic keeps which migration was last; not its default, which another program may use in the same database."""

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# Identifiers are never given twice (sqlite_autoincrement): a late confirmation must not find another's row.
SUBSCRIPTIONS = Table(
    "subscriptions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("minute", Integer, nullable=False),
    Column("weekdays", Integer, nullable=False),
    Column("topic", Text),
    Column("episode", Text),
    Column("state", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("next_due", BigInteger, nullable=False),
    Column("next_date", Text, nullable=False),
    Column("tell_at", BigInteger),
    UniqueConstraint("platform", "tenant", "channel"),
    CheckConstraint("state IN ('active', 'paused', 'failed')", name="state"),
    CheckConstraint("minute BETWEEN 0 AND 1439", name="minute"),
    CheckConstraint("weekdays BETWEEN 1 AND 127", name="weekdays"),
    Index(None, "platform", "state", "next_due"),
    Index(None, "platform", "tell_at"),
    sqlite_autoincrement=True,
)

POSTS = Table(
    "posts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("subscription_id", ForeignKey("subscriptions.id", ondelete="CASCADE"), nullable=False),
    Column("local_date", Text, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("passage", Text),
    Column("message_id", Text),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("lease_until", BigInteger),
    Column("first_sent", BigInteger),
    Column("reason", Text, nullable=False),
    Column("updated", BigInteger, nullable=False),
    UniqueConstraint("subscription_id", "local_date"),
    CheckConstraint("state IN ('planned', 'claimed', 'sent', 'skipped', 'unknown', 'failed')", name="state"),
    Index(None, "state", "lease_until"),
    sqlite_autoincrement=True,
)

FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("voter", Text, primary_key=True),
    Column("passage", Text, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("vote", Integer, nullable=False),
    Column("updated", BigInteger, nullable=False),
    CheckConstraint("vote IN (-1, 1)", name="vote"),
    Index(None, "passage"),
)

SEEN_EVENTS = Table(
    "seen_events",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("seen", BigInteger, nullable=False),
    Index(None, "seen"),
)

FACTS = Table(
    "facts",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
