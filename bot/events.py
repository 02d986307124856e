"""The names of all that is written down as having happened: of contacts and cases, and of accounts.

mypy lets no other name be written, and each has its words on the page that shows who did what
(``console.audit_words``).
"""

from __future__ import annotations

from typing import Literal

EventType = Literal[
    "attachment_failed",
    "attachment_kept",
    "attachment_refused",
    "call_answered",
    "call_asked",
    "call_bridged",
    "call_busy",
    "call_cancelled",
    "call_ended",
    "call_failed",
    "call_no_answer",
    "call_ringing",
    "case_opened",
    "case_raised",
    "claimed",
    "closed",
    "handed_over",
    "looked",
    "meeting_booked",
    "meeting_cancelled",
    "meeting_invited",
    "meeting_moved_up",
    "meeting_off",
    "meeting_waiting",
    "merge_undone",
    "merged",
    "message_in",
    "message_out",
    "missed_call",
    "not_reached",
    "noted",
    "plan_added",
    "plan_done",
    "plan_dropped",
    "plan_help",
    "plan_later",
    "plan_picked",
    "plan_sent",
    "plan_started",
    "postponed",
    "proposal_changed",
    "proposal_confirmed",
    "proposed",
    "released",
    "reopened",
    "resumed",
    "snoozed",
    "status",
    "stopped",
    "undelivered",
    "woken",
]
"""What happens to a contact or with a case."""

AccountEventType = Literal[
    "account_changed",
    "account_closed",
    "account_locked",
    "account_made",
    "account_opened",
    "came_back",
    "code_off",
    "code_on",
    "identity_linked",
    "identity_unlinked",
    "logged_in",
    "logged_out",
    "logins_ended",
    "password_changed",
    "password_given",
    "role_changed",
    "spare_code_used",
    "spare_codes_made",
    "teams_changed",
    "went_away",
]
"""What happens with an account."""
