"""Keep when the owner of a failed subscription is to be told; drop the epoch, which follows from the history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the table of subscriptions."""
    # not in a batch: SQLite adds and drops plain columns itself, and a table made anew would lose its AUTOINCREMENT
    op.add_column("subscriptions", sa.Column("tell_at", sa.BigInteger))
    op.drop_column("subscriptions", "epoch")
    op.create_index("ix_subscriptions_platform_tell_at", "subscriptions", ["platform", "tell_at"], unique=False)
