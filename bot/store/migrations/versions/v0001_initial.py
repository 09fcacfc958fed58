"""Make the first tables, with those that slack_sdk's installation and state stores expect."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    _make_subscriptions()
    _make_posts()
    _make_small_tables()
    _make_slack_bots()
    _make_slack_installations()
    _make_slack_states()


def _make_subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("minute", sa.Integer, nullable=False),
        sa.Column("weekdays", sa.Integer, nullable=False),
        sa.Column("topic", sa.Text),
        sa.Column("episode", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False, server_default="0"),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("next_due", sa.BigInteger, nullable=False),
        sa.Column("next_date", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint("platform", "tenant", "channel", name="uq_subscriptions_platform_tenant_channel"),
        sa.CheckConstraint("state IN ('active', 'paused', 'failed')", name=op.f("ck_subscriptions_state")),
        sa.CheckConstraint("minute BETWEEN 0 AND 1439", name=op.f("ck_subscriptions_minute")),
        sa.CheckConstraint("weekdays BETWEEN 1 AND 127", name=op.f("ck_subscriptions_weekdays")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_subscriptions_platform_state_next_due", "subscriptions", ["platform", "state", "next_due"], unique=False
    )


def _make_posts() -> None:
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("subscription_id", sa.Integer, nullable=False),
        sa.Column("local_date", sa.Text, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("passage", sa.Text),
        sa.Column("message_id", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("first_sent", sa.BigInteger),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name="fk_posts_subscription_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("subscription_id", "local_date", name="uq_posts_subscription_id_local_date"),
        sa.CheckConstraint(
            "state IN ('planned', 'claimed', 'sent', 'skipped', 'unknown', 'failed')", name=op.f("ck_posts_state")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_posts_state_lease_until", "posts", ["state", "lease_until"], unique=False)


def _make_small_tables() -> None:
    op.create_table(
        "feedback",
        sa.Column("voter", sa.Text, nullable=False),
        sa.Column("passage", sa.Text, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("vote", sa.Integer, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("voter", "passage", name="pk_feedback"),
        sa.CheckConstraint("vote IN (-1, 1)", name=op.f("ck_feedback_vote")),
    )
    op.create_index("ix_feedback_passage", "feedback", ["passage"], unique=False)
    op.create_table(
        "seen_events",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_seen_events"),
    )
    op.create_index("ix_seen_events_seen", "seen_events", ["seen"], unique=False)
    op.create_table(
        "facts",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_facts"),
    )


# slack_sdk's tables are written out as of 3.47: the core imports no chat library, and a migration must not change when
# a package does. tests/bot/store/test_migrations.py holds them against the installed slack_sdk.
def _make_slack_bots() -> None:
    op.create_table(
        "slack_bots",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("client_id", sa.String(32), nullable=False),
        sa.Column("app_id", sa.String(32), nullable=False),
        sa.Column("enterprise_id", sa.String(32)),
        sa.Column("enterprise_name", sa.String(200)),
        sa.Column("team_id", sa.String(32)),
        sa.Column("team_name", sa.String(200)),
        sa.Column("bot_token", sa.String(200)),
        sa.Column("bot_id", sa.String(32)),
        sa.Column("bot_user_id", sa.String(32)),
        sa.Column("bot_scopes", sa.String(1000)),
        sa.Column("bot_refresh_token", sa.String(200)),
        sa.Column("bot_token_expires_at", sa.DateTime),
        sa.Column("is_enterprise_install", sa.Boolean, nullable=False),
        sa.Column("installed_at", sa.DateTime, nullable=False),
    )
    columns = ["client_id", "enterprise_id", "team_id", "installed_at"]
    op.create_index("slack_bots_idx", "slack_bots", columns, unique=False)


def _make_slack_installations() -> None:
    op.create_table(
        "slack_installations",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("client_id", sa.String(32), nullable=False),
        sa.Column("app_id", sa.String(32), nullable=False),
        sa.Column("enterprise_id", sa.String(32)),
        sa.Column("enterprise_name", sa.String(200)),
        sa.Column("enterprise_url", sa.String(200)),
        sa.Column("team_id", sa.String(32)),
        sa.Column("team_name", sa.String(200)),
        sa.Column("bot_token", sa.String(200)),
        sa.Column("bot_id", sa.String(32)),
        sa.Column("bot_user_id", sa.String(32)),
        sa.Column("bot_scopes", sa.String(1000)),
        sa.Column("bot_refresh_token", sa.String(200)),
        sa.Column("bot_token_expires_at", sa.DateTime),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("user_token", sa.String(200)),
        sa.Column("user_scopes", sa.String(1000)),
        sa.Column("user_refresh_token", sa.String(200)),
        sa.Column("user_token_expires_at", sa.DateTime),
        sa.Column("incoming_webhook_url", sa.String(200)),
        sa.Column("incoming_webhook_channel", sa.String(200)),
        sa.Column("incoming_webhook_channel_id", sa.String(200)),
        sa.Column("incoming_webhook_configuration_url", sa.String(200)),
        sa.Column("is_enterprise_install", sa.Boolean, nullable=False),
        sa.Column("token_type", sa.String(32)),
        sa.Column("installed_at", sa.DateTime, nullable=False),
    )
    columns = ["client_id", "enterprise_id", "team_id", "user_id", "installed_at"]
    op.create_index("slack_installations_idx", "slack_installations", columns, unique=False)


def _make_slack_states() -> None:
    op.create_table(
        "slack_oauth_states",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(200), nullable=False),
        sa.Column("expire_at", sa.DateTime, nullable=False),
    )
