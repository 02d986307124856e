"""Proposals, teams, plans, meetings and notices

Revision 0002. What is added can be left empty, so that the release before it goes on working.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.schema import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meetings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("office", sa.String(length=64), server_default="", nullable=False),
        sa.Column("region", sa.String(length=32), server_default="", nullable=False),
        sa.Column("team", sa.String(length=64), server_default="", nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("language", sa.String(length=8), server_default="", nullable=False),
        sa.Column("invited_only", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_meetings_created_by_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_meetings_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
    )
    op.create_index("ix_meetings_offer", "meetings", ["kind", "starts_at"], unique=False)
    op.create_index(op.f("ix_meetings_user_id"), "meetings", ["user_id"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("stopped_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notices_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
    )
    op.create_table(
        "team_members",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_team_members_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "team", name=op.f("pk_team_members")),
    )
    op.create_table(
        "bookings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("meeting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("reminded_day_at", UtcDateTime(), nullable=True),
        sa.Column("reminded_hours_at", UtcDateTime(), nullable=True),
        sa.Column("news", sa.String(length=16), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_bookings_contact_id_contacts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_bookings_meeting_id_meetings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("meeting_id", "contact_id", name=op.f("uq_bookings_meeting_id_contact_id")),
        sa.UniqueConstraint("meeting_id", "place", name=op.f("uq_bookings_meeting_id_place")),
    )
    op.create_index(op.f("ix_bookings_contact_id"), "bookings", ["contact_id"], unique=False)
    op.create_index(
        "ix_bookings_news",
        "bookings",
        ["id"],
        unique=False,
        sqlite_where=sa.text("news <> ''"),
        postgresql_where=sa.text("news <> ''"),
    )
    op.create_table(
        "plan_items",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assignment", sa.String(length=64), server_default="", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_plan_items_contact_id_contacts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_plan_items_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_items")),
    )
    op.create_index("ix_plan_items_contact", "plan_items", ["contact_id", "place"], unique=False)
    op.create_index(op.f("ix_plan_items_due_at"), "plan_items", ["due_at"], unique=False)
    op.create_index(
        "uq_plan_items_assignment",
        "plan_items",
        ["contact_id", "assignment"],
        unique=True,
        sqlite_where=sa.text("assignment <> ''"),
        postgresql_where=sa.text("assignment <> ''"),
    )
    op.create_table(
        "notice_recipients",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), server_default="", nullable=False),
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answer", sa.String(length=16), server_default="", nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_notice_recipients_contact_id_contacts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_notice_recipients_message_id_messages"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_notice_recipients_notice_id_notices"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_recipients")),
        sa.UniqueConstraint("notice_id", "contact_id", name=op.f("uq_notice_recipients_notice_id_contact_id")),
    )
    op.create_index(op.f("ix_notice_recipients_contact_id"), "notice_recipients", ["contact_id"], unique=False)
    op.create_index("ix_notice_recipients_state", "notice_recipients", ["state", "id"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("rules", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(length=16), nullable=False),
        sa.Column("programmes", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_tier", sa.String(length=16), server_default="", nullable=False),
        sa.Column("decided_programmes", sa.JSON(), nullable=True),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_proposals_case_id_cases"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_proposals_contact_id_contacts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_proposals_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index(op.f("ix_proposals_case_id"), "proposals", ["case_id"], unique=False)
    op.create_index(op.f("ix_proposals_contact_id"), "proposals", ["contact_id"], unique=False)
    op.add_column("cases", sa.Column("programme", sa.String(length=64), server_default="", nullable=False))
    op.add_column("cases", sa.Column("team", sa.String(length=64), server_default="", nullable=False))
    op.add_column(
        "cases",
        sa.Column(
            "known_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.ForeignKey("users.id", name=op.f("fk_cases_known_id_users")),
            nullable=True,
        ),
        inline_references=True,
    )
    op.add_column("cases", sa.Column("team_from", UtcDateTime(), nullable=True))
    op.add_column("cases", sa.Column("all_from", UtcDateTime(), nullable=True))
    op.add_column(
        "contacts",
        sa.Column(
            "counsellor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.ForeignKey("users.id", name=op.f("fk_contacts_counsellor_id_users")),
            nullable=True,
        ),
        inline_references=True,
    )
    op.add_column("sessions", sa.Column("nudges", sa.Integer(), server_default="0", nullable=False))
    op.add_column("sessions", sa.Column("nudge_at", UtcDateTime(), nullable=True))
    op.create_index(op.f("ix_sessions_nudge_at"), "sessions", ["nudge_at"], unique=False)
    op.add_column("users", sa.Column("calendar_hash", sa.LargeBinary(length=32), nullable=True))
    op.create_index("uq_users_calendar_hash", "users", ["calendar_hash"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_users_calendar_hash", table_name="users")
    op.drop_column("users", "calendar_hash")
    op.drop_index(op.f("ix_sessions_nudge_at"), table_name="sessions")
    op.drop_column("sessions", "nudge_at")
    op.drop_column("sessions", "nudges")
    with op.batch_alter_table("contacts") as table:
        table.drop_column("counsellor_id")
    op.drop_column("cases", "all_from")
    op.drop_column("cases", "team_from")
    with op.batch_alter_table("cases") as table:
        table.drop_column("known_id")
    op.drop_column("cases", "team")
    op.drop_column("cases", "programme")
    op.drop_index(op.f("ix_proposals_contact_id"), table_name="proposals")
    op.drop_index(op.f("ix_proposals_case_id"), table_name="proposals")
    op.drop_table("proposals")
    op.drop_index("ix_notice_recipients_state", table_name="notice_recipients")
    op.drop_index(op.f("ix_notice_recipients_contact_id"), table_name="notice_recipients")
    op.drop_table("notice_recipients")
    op.drop_index(
        "uq_plan_items_assignment",
        table_name="plan_items",
        sqlite_where=sa.text("assignment <> ''"),
        postgresql_where=sa.text("assignment <> ''"),
    )
    op.drop_index(op.f("ix_plan_items_due_at"), table_name="plan_items")
    op.drop_index("ix_plan_items_contact", table_name="plan_items")
    op.drop_table("plan_items")
    op.drop_index(
        "ix_bookings_news",
        table_name="bookings",
        sqlite_where=sa.text("news <> ''"),
        postgresql_where=sa.text("news <> ''"),
    )
    op.drop_index(op.f("ix_bookings_contact_id"), table_name="bookings")
    op.drop_table("bookings")
    op.drop_table("team_members")
    op.drop_table("notices")
    op.drop_index(op.f("ix_meetings_user_id"), table_name="meetings")
    op.drop_index("ix_meetings_offer", table_name="meetings")
    op.drop_table("meetings")
