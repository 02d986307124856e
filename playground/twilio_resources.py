"""Twilio's JSON for messages, calls, numbers and recordings, and its pages of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import urlencode

from playground.core import API_VERSION, whole
from playground.leg import Leg
from playground.line import Line
from playground.messages import Message
from playground.recordings import Recording
from playground.twilio_errors import DELIVERY

Resource = dict[str, object]
ABSENT = ("address_sid", "identity_sid", "emergency_address_sid", "trunk_sid", "bundle_sid")
"""What a number may have and ours has not."""
MOST_A_PAGE = 1000
"""Twilio's largest page; 50 unless asked."""


def rfc2822(moment: datetime | None) -> str | None:
    """A date as Twilio writes it in version 2010-04-01."""
    return None if moment is None else format_datetime(moment)


def base(account_sid: str) -> str:
    """The path under which everything of an account lies."""
    return f"/{API_VERSION}/Accounts/{account_sid}"


def message(account_sid: str, found: Message) -> Resource:
    """A message ("Messages resource")."""
    uri = f"{base(account_sid)}/Messages/{found.sid}"
    return {
        "account_sid": account_sid,
        "api_version": API_VERSION,
        "body": found.body,
        "date_created": rfc2822(found.created),
        "date_sent": rfc2822(found.sent),
        "date_updated": rfc2822(found.updated),
        "direction": found.direction,
        "error_code": found.error,
        "error_message": DELIVERY.get(found.error or 0),
        "from": found.sender,
        "messaging_service_sid": found.service,
        "num_media": str(len(found.media)),
        "num_segments": str(found.segments),
        "price": None,
        "price_unit": "USD",
        "sid": found.sid,
        "status": found.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": found.recipient,
        "uri": f"{uri}.json",
    }


def call(account_sid: str, line_sid: str, found: Leg) -> Resource:
    """A call ("Calls resource")."""
    uri = f"{base(account_sid)}/Calls/{found.sid}"
    return {
        "account_sid": account_sid,
        "answered_by": None,
        "api_version": API_VERSION,
        "caller_name": None,
        "date_created": rfc2822(found.created),
        "date_updated": rfc2822(found.ended or found.created),
        "direction": found.direction,
        "duration": str(found.seconds) if found.over else None,
        "end_time": rfc2822(found.ended),
        "forwarded_from": None,
        "from": found.caller,
        "from_formatted": found.caller,
        "group_sid": None,
        "parent_call_sid": found.parent.sid if found.parent else None,
        "phone_number_sid": line_sid,
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": found.sid,
        "start_time": rfc2822(found.started),
        "status": found.status,
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
        "to": found.called,
        "to_formatted": found.called,
        "trunk_sid": None,
        "uri": f"{uri}.json",
    }


def number(found: Line) -> Resource:
    """The application's number ("IncomingPhoneNumbers resource")."""
    return {
        **dict.fromkeys(ABSENT),
        "address_requirements": "none",
        "beta": False,
        "date_created": rfc2822(found.created),
        "date_updated": rfc2822(found.updated),
        "emergency_status": "Inactive",
        "emergency_address_status": "unregistered",
        "origin": "twilio",
        "sms_application_sid": None,
        "voice_application_sid": None,
        "voice_caller_id_lookup": False,
        "voice_receive_mode": "voice",
        "status": "in-use",
        "type": "mobile",
        **found.resource(),
    }


def recording(account_sid: str, api_url: str, found: Recording) -> Resource:
    """A recording ("Recordings resource")."""
    uri = f"{base(account_sid)}/Recordings/{found.sid}"
    return {
        "account_sid": account_sid,
        "api_version": API_VERSION,
        "call_sid": found.call_sid,
        "channels": 1,
        "conference_sid": None,
        "date_created": rfc2822(found.created),
        "date_updated": rfc2822(found.created),
        "duration": str(found.seconds),
        "encryption_details": None,
        "error_code": None,
        "media_url": f"{api_url}{uri}",
        "price": None,
        "price_unit": "USD",
        "sid": found.sid,
        "source": "RecordVerb",
        "start_time": rfc2822(found.created),
        "status": "processing" if found.missing else "completed",
        "subresource_uris": {"transcriptions": f"{uri}/Transcriptions.json"},
        "uri": f"{uri}.json",
    }


def page(path: str, key: str, found: Sequence[Resource], asked: Mapping[str, str]) -> Resource:
    """One page of a list, with the links of "Twilio's response: paging". Asked: the query as it came."""
    size = min(whole(asked.get("PageSize"), 50) or 50, MOST_A_PAGE)
    at = whole(asked.get("Page"), 0)
    shown = list(found[at * size : (at + 1) * size])
    filters = {name: value for name, value in asked.items() if name not in ("Page", "PageSize", "PageToken")}

    def link(number_: int) -> str:
        return f"{path}?{urlencode({**filters, 'PageSize': size, 'Page': number_})}"

    return {
        key: shown,
        "end": at * size + max(len(shown) - 1, 0),
        "first_page_uri": link(0),
        "next_page_uri": link(at + 1) if (at + 1) * size < len(found) else None,
        "page": at,
        "page_size": size,
        "previous_page_uri": link(at - 1) if at else None,
        "start": at * size,
        "uri": link(at),
    }
