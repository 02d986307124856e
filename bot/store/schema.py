"""The tables. Times are UTC without exception; texts are what people got and gave, as it was said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Aware in Python; UTC in the database, with or without its own time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a moment without a zone: it could be any of 24."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Always aware."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


Key = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", Key, primary_key=True, autoincrement=True)


contacts = Table(
    "contacts",
    metadata,
    _id(),
    Column("name", String(200), nullable=False, server_default=""),
    Column("sought_name", String(400), nullable=False, server_default=""),  # as it is searched: bot.searching
    Column("language", String(8), nullable=False),
    Column("phone", String(32), nullable=False, server_default=""),
    Column("counsellor_id", ForeignKey("users.id")),  # who helped last: comes first when the contact is back
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("merged_into", ForeignKey("contacts.id")),  # the same person as; empty: a contact of its own
)

urns = Table(
    "urns",
    metadata,
    _id(),
    Column("contact_id", ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("urn", String(255), nullable=False, unique=True),
    Column("channel", String(16), nullable=False),  # of the newest message in
    Column("account", String(64), nullable=False),
    Column("stopped_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    _id(),
    Column("contact_id", ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("run", Integer, nullable=False),
    Column("state", JSON, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("nudges", Integer, nullable=False, server_default="0"),  # gentle reminders of the question that is open
    Column("nudge_at", UtcDateTime, index=True),  # when the next is due; empty when none is
)
Index(
    "uq_sessions_open",
    sessions.c.contact_id,
    unique=True,
    sqlite_where=text("closed_at IS NULL"),
    postgresql_where=text("closed_at IS NULL"),
)

users = Table(
    "users",
    metadata,
    _id(),
    Column("login", String(120), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("language", String(8), nullable=False, server_default="nl"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("calendar_hash", LargeBinary(32)),  # of the secret in the address of the calendar feed
    Column("role", String(16), nullable=False, server_default="counsellor"),  # bot.roles.Role
    Column("phone", String(32), nullable=False, server_default=""),  # where a call to a contact begins
    Column("most_open", Integer),  # open cases at once; empty: as the team says
    Column("away", Boolean, nullable=False, server_default=text("false")),  # takes no new cases now
    Column("totp_secret", String(64), nullable=False, server_default=""),  # of the second factor; empty: none
    Column("totp_since", UtcDateTime),  # when its first code was right: asked for from then on
    Column("totp_used", BigInteger),  # the newest time step whose code was used: no code is good twice
    Column("totp_spare", JSON),  # hashes of the spare codes that are left
    Column("subject", String(64)),  # who this is at the identity service: the hash of issuer and subject
    Column("must_change", Boolean, nullable=False, server_default=text("false")),  # the password is one to begin with
)
Index("uq_users_calendar_hash", users.c.calendar_hash, unique=True)
Index("uq_users_subject", users.c.subject, unique=True)

team_members = Table(
    "team_members",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("team", String(64), primary_key=True),  # as content/teams.yaml names it
)

logins = Table(
    "logins",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("device", String(120), nullable=False, server_default=""),  # browser and system, in a few words
    Column("waits_for_code", Boolean, nullable=False, server_default=text("false")),  # for the second factor
)

login_failures = Table(
    "login_failures",
    metadata,
    _id(),
    Column("key_hash", LargeBinary(32), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False, index=True),
)

account_events = Table(
    "account_events",
    metadata,
    _id(),
    Column("type", String(32), nullable=False),
    Column("user_id", ForeignKey("users.id")),  # who did it; empty: the command line, or nobody we know
    Column("about_id", ForeignKey("users.id"), index=True),  # whose account
    Column("data", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)

cases = Table(
    "cases",
    metadata,
    _id(),
    Column("contact_id", ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("status", String(16), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("waiting_since", UtcDateTime),  # the oldest message that no person has answered; empty when none waits
    Column("owner_id", ForeignKey("users.id")),
    Column("claimed_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("programme", String(64), nullable=False, server_default=""),
    Column("team", String(64), nullable=False, server_default=""),  # whose it is first; empty: everybody's
    Column("known_id", ForeignKey("users.id")),  # the counsellor who knows the contact: before the team
    Column("team_from", UtcDateTime),  # from when the team may take it; empty: at once
    Column("all_from", UtcDateTime),  # from when everybody may
    Column("snoozed_until", UtcDateTime, index=True),  # out of sight until then, or until the contact writes
    Column("outcome", String(32), nullable=False, server_default=""),  # bot.cases.Outcome, when it was closed
    Column("handed_by_id", ForeignKey("users.id")),  # who gave it to its owner; empty once the owner did something
    Column("told_hours_at", UtcDateTime),  # when the contact was told that nobody is at work: once
    Column("region", String(32), nullable=False, server_default=""),  # of the contact, as the answers tell
    Column("channel", String(16), nullable=False, server_default=""),  # over which the contact wrote last
)
Index(
    "uq_cases_open",
    cases.c.contact_id,
    unique=True,
    sqlite_where=text("status <> 'closed'"),
    postgresql_where=text("status <> 'closed'"),
)
Index("ix_cases_queue", cases.c.status, cases.c.urgency, cases.c.opened_at)

STILL_OPEN = "status IN ('queued', 'sending')"
"""Messages out that are still to be sent. Written out, because a partial index serves only the very same condition."""

messages = Table(
    "messages",
    metadata,
    _id(),
    Column("contact_id", ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("direction", String(3), nullable=False),  # in, out
    Column("author", String(16), nullable=False),  # contact, bot, counsellor
    Column("user_id", ForeignKey("users.id")),
    Column("channel", String(16), nullable=False),
    Column("account", String(64), nullable=False),
    Column("urn", String(255), nullable=False),
    Column("provider_id", String(255)),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String(8), nullable=False, server_default=""),
    Column("step", String(64), nullable=False, server_default=""),  # in: the question answered; out: the one asked
    Column("choices", JSON, nullable=False),
    Column("media", JSON, nullable=False),
    Column("meaning", String(32), nullable=False, server_default=""),
    Column("outcome", JSON),  # in: the words of the answer, given again to a repeat
    Column("status", String(16), nullable=False),  # in: received; out: bot.messages.Status
    Column("reason", String(64), nullable=False, server_default=""),
    Column("code", String(16), nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", UtcDateTime),
    Column("leased_until", UtcDateTime),
    Column("tried_at", UtcDateTime),  # the first try
    Column("uncertain", Boolean, nullable=False, server_default=text("false")),
    Column("token", String(64)),  # a reply's own name, so that a form sent twice is one reply
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("direction", "channel", "account", "provider_id"),
    UniqueConstraint("token"),
)
Index(
    "ix_messages_outbox",
    messages.c.urn,
    messages.c.id,
    sqlite_where=text(STILL_OPEN),
    postgresql_where=text(STILL_OPEN),
)
Index("ix_messages_provider", messages.c.channel, messages.c.provider_id)

proposals = Table(
    "proposals",
    metadata,
    _id(),
    Column("contact_id", ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), index=True),
    Column("run", Integer, nullable=False),  # of the session whose answers it was made from
    Column("rules", Integer, nullable=False),  # version of content/programmes.yaml
    Column("tier", String(16), nullable=False),
    Column("programmes", JSON, nullable=False),  # ids, the first one first
    Column("reasons", JSON, nullable=False),  # ids of the rules that fired, in order
    Column("urgency", Integer, nullable=False),
    Column("region", String(32), nullable=False),
    Column("language", String(8), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("user_id", ForeignKey("users.id")),  # who confirmed or changed it
    Column("decided_at", UtcDateTime),
    Column("decided_tier", String(16), nullable=False, server_default=""),
    Column("decided_programmes", JSON),
    Column("why", Text, nullable=False, server_default=""),  # the counsellor's reason for a change
)

plan_items = Table(
    "plan_items",
    metadata,
    _id(),
    Column("contact_id", ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False),
    Column("assignment", String(64), nullable=False, server_default=""),  # as content/assignments.yaml names it
    Column("title", Text, nullable=False, server_default=""),  # a counsellor's own words, where it is none of those
    Column("state", String(16), nullable=False),  # bot.plans.ItemState
    Column("place", Integer, nullable=False),  # the order on the path
    Column("user_id", ForeignKey("users.id")),  # the counsellor who added it; empty: the contact
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("due_at", UtcDateTime, index=True),  # when it is to be sent; empty: when it is its turn
    Index("ix_plan_items_contact", "contact_id", "place"),
)
Index(
    "uq_plan_items_assignment",
    plan_items.c.contact_id,
    plan_items.c.assignment,
    unique=True,
    sqlite_where=text("assignment <> ''"),
    postgresql_where=text("assignment <> ''"),
)

meetings = Table(
    "meetings",
    metadata,
    _id(),
    Column("kind", String(16), nullable=False),  # bot.meetings.MeetingKind
    Column("title", Text, nullable=False, server_default=""),  # of a group session
    Column("office", String(64), nullable=False, server_default=""),  # as content/offices.yaml names it
    Column("region", String(32), nullable=False, server_default=""),
    Column("team", String(64), nullable=False, server_default=""),
    Column("user_id", ForeignKey("users.id"), index=True),  # the counsellor it is with
    Column("language", String(8), nullable=False, server_default=""),  # spoken there; empty: any, with an interpreter
    Column("invited_only", Boolean, nullable=False, server_default=text("false")),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("places", Integer, nullable=False),
    Column("created_by", ForeignKey("users.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("cancelled_at", UtcDateTime),
    Index("ix_meetings_offer", "kind", "starts_at"),
)

bookings = Table(
    "bookings",
    metadata,
    _id(),
    Column("meeting_id", ForeignKey("meetings.id", ondelete="CASCADE"), nullable=False),
    Column("contact_id", ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("state", String(16), nullable=False),  # bot.meetings.BookingState
    Column("place", Integer),  # from 1; only who has one
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("reminded_day_at", UtcDateTime),
    Column("reminded_hours_at", UtcDateTime),
    Column("news", String(16), nullable=False, server_default=""),  # bot.meetings.News that the contact is to be told
    UniqueConstraint("meeting_id", "contact_id"),
    UniqueConstraint("meeting_id", "place"),  # whatever goes wrong, nobody sits on another's chair
)
Index(
    "ix_bookings_news",
    bookings.c.id,
    sqlite_where=text("news <> ''"),
    postgresql_where=text("news <> ''"),
)

notices = Table(
    "notices",
    metadata,
    _id(),
    Column("key", String(64), nullable=False, unique=True),  # the sender's own name for it: twice is once
    Column("template", String(64), nullable=False),  # as content/notices.yaml names it
    Column("gaps", JSON, nullable=False),  # what fills its gaps
    Column("user_id", ForeignKey("users.id")),  # empty: the organisation's system
    Column("created_at", UtcDateTime, nullable=False),
    Column("stopped_at", UtcDateTime),
)

notice_recipients = Table(
    "notice_recipients",
    metadata,
    _id(),
    Column("notice_id", ForeignKey("notices.id", ondelete="CASCADE"), nullable=False),
    Column("contact_id", ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("state", String(16), nullable=False),  # waiting, sent, skipped
    Column("reason", String(32), nullable=False, server_default=""),  # why it was skipped
    Column("message_id", ForeignKey("messages.id", ondelete="SET NULL")),
    Column("answer", String(16), nullable=False, server_default=""),
    Column("answered_at", UtcDateTime),
    Column("changed_at", UtcDateTime, nullable=False),
    UniqueConstraint("notice_id", "contact_id"),
    Index("ix_notice_recipients_state", "state", "id"),
)

receipts = Table(
    "receipts",
    metadata,
    _id(),
    Column("channel", String(16), nullable=False),
    Column("provider_id", String(255), nullable=False),
    Column("status", String(16), nullable=False),
    Column("code", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("channel", "provider_id", "status"),
)

events = Table(
    "events",
    metadata,
    _id(),
    Column("type", String(32), nullable=False),
    Column("contact_id", ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE")),
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE")),
    Column("user_id", ForeignKey("users.id")),
    Column("data", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_events_contact", "contact_id", "id"),
    Index("ix_events_case", "case_id", "type"),
    Index("ix_events_user", "user_id", "id"),
)

case_notes = Table(
    "case_notes",
    metadata,
    _id(),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("contact_id", ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("token", String(64), nullable=False, unique=True),  # of the form: sent twice, it is one note
    Column("at", UtcDateTime, nullable=False),
)
"""What counsellors write for one another. It stands apart from ``messages``: nothing here can ever be sent."""

drafts = Table(
    "drafts",
    metadata,
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("meaning", Text, nullable=False, server_default=""),  # of a ready answer in it, in the counsellor's language
    Column("channel", String(16), nullable=False, server_default=""),
    Column("changed_at", UtcDateTime, nullable=False),
)

watchers = Table(
    "watchers",
    metadata,
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False),  # when this case was last open on that person's screen
)

merges = Table(
    "merges",
    metadata,
    _id(),
    Column("kept_id", ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("gone_id", ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("moved", JSON, nullable=False),  # per table the ids that went over, so that they can go back
    Column("at", UtcDateTime, nullable=False),
    Column("undone_at", UtcDateTime),
)

calls = Table(
    "calls",
    metadata,
    _id(),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("contact_id", ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), nullable=False, unique=True),  # its line
    Column("urn", String(255), nullable=False),
    Column("token", String(64), nullable=False, unique=True),  # of the form, and in the address of the call's words
    Column("provider_id", String(255)),
    Column("state", String(16), nullable=False),  # bot.calls.CallState
    Column("reason", String(64), nullable=False, server_default=""),
    Column("seconds", Integer),  # how long the two talked
    Column("at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)
Index("ix_calls_provider_id", calls.c.provider_id)
Index("ix_calls_state", calls.c.state)

attachments = Table(
    "attachments",
    metadata,
    _id(),
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("contact_id", ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("place", Integer, nullable=False),  # its place in the message's media
    Column("reference", String(255), nullable=False),  # the provider's name for it
    Column("state", String(16), nullable=False),  # bot.attachments.AttachmentState
    Column("reason", String(64), nullable=False, server_default=""),
    Column("kind", String(64), nullable=False, server_default=""),  # by what it holds, not by what it says it is
    Column("name", String(200), nullable=False, server_default=""),
    Column("size", Integer, nullable=False, server_default="0"),  # bytes
    Column("content", LargeBinary),
    Column("thumbnail", LargeBinary),  # of a picture
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_at", UtcDateTime),  # when it is to be fetched; empty: no more
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("message_id", "place"),
    Index("ix_attachments_next_at", "next_at"),
)

quarantine = Table(
    "quarantine",
    metadata,
    _id(),
    Column("channel", String(16), nullable=False),
    Column("provider_id", String(255), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("channel", "provider_id"),
)
