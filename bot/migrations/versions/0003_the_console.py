"""The counsellors' console: roles, second factor, notes, drafts, calls, attachments, merged contacts

Revision 0003. What is added can be left empty, so that the release before it goes on working.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.schema import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("about_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["about_id"], ["users.id"], name=op.f("fk_account_events_about_id_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_account_events_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_events")),
    )
    op.create_index(op.f("ix_account_events_about_id"), "account_events", ["about_id"], unique=False)
    op.create_index(op.f("ix_account_events_at"), "account_events", ["at"], unique=False)
    op.create_table(
        "merges",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kept_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gone_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["gone_id"], ["contacts.id"], name=op.f("fk_merges_gone_id_contacts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["contacts.id"], name=op.f("fk_merges_kept_id_contacts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_merges_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index(op.f("ix_merges_gone_id"), "merges", ["gone_id"], unique=False)
    op.create_index(op.f("ix_merges_kept_id"), "merges", ["kept_id"], unique=False)
    op.create_table(
        "attachments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=64), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=64), server_default="", nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("size", sa.Integer(), server_default="0", nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_attachments_contact_id_contacts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_attachments_message_id_messages"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("message_id", "place", name=op.f("uq_attachments_message_id_place")),
    )
    op.create_index(op.f("ix_attachments_contact_id"), "attachments", ["contact_id"], unique=False)
    op.create_index("ix_attachments_next_at", "attachments", ["next_at"], unique=False)
    op.create_table(
        "calls",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("urn", sa.String(length=255), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("provider_id", sa.String(length=255), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=64), server_default="", nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_calls_case_id_cases"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_calls_contact_id_contacts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_calls_message_id_messages"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_calls_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.UniqueConstraint("message_id", name=op.f("uq_calls_message_id")),
        sa.UniqueConstraint("token", name=op.f("uq_calls_token")),
    )
    op.create_index(op.f("ix_calls_case_id"), "calls", ["case_id"], unique=False)
    op.create_index(op.f("ix_calls_contact_id"), "calls", ["contact_id"], unique=False)
    op.create_index("ix_calls_provider_id", "calls", ["provider_id"], unique=False)
    op.create_index("ix_calls_state", "calls", ["state"], unique=False)
    op.create_table(
        "case_notes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_notes_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_case_notes_contact_id_contacts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_case_notes_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notes")),
        sa.UniqueConstraint("token", name=op.f("uq_case_notes_token")),
    )
    op.create_index(op.f("ix_case_notes_case_id"), "case_notes", ["case_id"], unique=False)
    op.create_index(op.f("ix_case_notes_contact_id"), "case_notes", ["contact_id"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.String(length=16), server_default="", nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_drafts_case_id_cases"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_drafts_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "user_id", name=op.f("pk_drafts")),
    )
    op.create_table(
        "watchers",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_watchers_case_id_cases"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_watchers_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "user_id", name=op.f("pk_watchers")),
    )
    op.create_index("ix_events_user", "events", ["user_id", "id"], unique=False)
    op.add_column("cases", sa.Column("snoozed_until", UtcDateTime(), nullable=True))
    op.add_column("cases", sa.Column("outcome", sa.String(length=32), server_default="", nullable=False))
    op.add_column(
        "cases",
        sa.Column(
            "handed_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.ForeignKey("users.id", name=op.f("fk_cases_handed_by_id_users")),
            nullable=True,
        ),
        inline_references=True,
    )
    op.add_column("cases", sa.Column("told_hours_at", UtcDateTime(), nullable=True))
    op.add_column("cases", sa.Column("region", sa.String(length=32), server_default="", nullable=False))
    op.add_column("cases", sa.Column("channel", sa.String(length=16), server_default="", nullable=False))
    op.add_column("contacts", sa.Column("sought_name", sa.String(length=400), server_default="", nullable=False))
    op.create_index(op.f("ix_cases_snoozed_until"), "cases", ["snoozed_until"], unique=False)
    op.add_column("logins", sa.Column("device", sa.String(length=120), server_default="", nullable=False))
    op.add_column("logins", sa.Column("waits_for_code", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("users", sa.Column("role", sa.String(length=16), server_default="counsellor", nullable=False))
    op.add_column("users", sa.Column("phone", sa.String(length=32), server_default="", nullable=False))
    op.add_column("users", sa.Column("most_open", sa.Integer(), nullable=True))
    op.add_column("users", sa.Column("away", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("users", sa.Column("totp_secret", sa.String(length=64), server_default="", nullable=False))
    op.add_column("users", sa.Column("totp_since", UtcDateTime(), nullable=True))
    op.add_column("users", sa.Column("totp_used", sa.BigInteger(), nullable=True))
    op.add_column("users", sa.Column("totp_spare", sa.JSON(), nullable=True))
    op.add_column("users", sa.Column("subject", sa.String(length=64), nullable=True))
    op.add_column("users", sa.Column("must_change", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index("uq_users_subject", "users", ["subject"], unique=True)
    op.add_column(
        "contacts",
        sa.Column(
            "merged_into",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.ForeignKey("contacts.id", name=op.f("fk_contacts_merged_into_contacts")),
            nullable=True,
        ),
        inline_references=True,
    )


def downgrade() -> None:
    with op.batch_alter_table("contacts") as table:
        table.drop_column("merged_into")
    op.drop_index("uq_users_subject", table_name="users")
    op.drop_column("users", "must_change")
    op.drop_column("users", "subject")
    op.drop_column("users", "totp_spare")
    op.drop_column("users", "totp_used")
    op.drop_column("users", "totp_since")
    op.drop_column("users", "totp_secret")
    op.drop_column("users", "away")
    op.drop_column("users", "most_open")
    op.drop_column("users", "phone")
    op.drop_column("users", "role")
    op.drop_column("logins", "waits_for_code")
    op.drop_column("logins", "device")
    op.drop_index("ix_events_user", table_name="events")
    op.drop_index(op.f("ix_cases_snoozed_until"), table_name="cases")
    op.drop_column("contacts", "sought_name")
    op.drop_column("cases", "channel")
    op.drop_column("cases", "region")
    op.drop_column("cases", "told_hours_at")
    with op.batch_alter_table("cases") as table:
        table.drop_column("handed_by_id")
    op.drop_column("cases", "outcome")
    op.drop_column("cases", "snoozed_until")
    op.drop_table("watchers")
    op.drop_table("drafts")
    op.drop_index(op.f("ix_case_notes_contact_id"), table_name="case_notes")
    op.drop_index(op.f("ix_case_notes_case_id"), table_name="case_notes")
    op.drop_table("case_notes")
    op.drop_index("ix_calls_state", table_name="calls")
    op.drop_index("ix_calls_provider_id", table_name="calls")
    op.drop_index(op.f("ix_calls_contact_id"), table_name="calls")
    op.drop_index(op.f("ix_calls_case_id"), table_name="calls")
    op.drop_table("calls")
    op.drop_index("ix_attachments_next_at", table_name="attachments")
    op.drop_index(op.f("ix_attachments_contact_id"), table_name="attachments")
    op.drop_table("attachments")
    op.drop_index(op.f("ix_merges_kept_id"), table_name="merges")
    op.drop_index(op.f("ix_merges_gone_id"), table_name="merges")
    op.drop_table("merges")
    op.drop_index(op.f("ix_account_events_at"), table_name="account_events")
    op.drop_index(op.f("ix_account_events_about_id"), table_name="account_events")
    op.drop_table("account_events")
