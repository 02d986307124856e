"""What SMS and the telephone share of Twilio: signatures, its REST interface, its statuses and its error codes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from urllib3.exceptions import MaxRetryError, NewConnectionError

from bot.calls import Report, Telephone, Word
from bot.messages import ContactStopped, Permanent, Receipt, Retry, SendError, Status, Uncertain, Unreadable
from channels.cleaning import identifier, number

API = "https://api.twilio.com"
TIMEOUT = 10.0
"""Seconds for one request to Twilio."""

MESSAGE_STATUSES: Mapping[str, Status | None] = {
    "accepted": Status.SENT,
    "scheduled": Status.SENT,
    "queued": Status.SENT,
    "sending": Status.SENT,
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "partially_delivered": Status.FAILED,
    "undelivered": Status.FAILED,
    "failed": Status.FAILED,
    "canceled": Status.FAILED,
    "read": Status.READ,
    "receiving": None,
    "received": None,
}
"""Every status of Twilio's Message resource; None: of a message in, so no receipt of ours."""

CALL_STATUSES: Mapping[str, Status | None] = {
    "queued": Status.SENT,
    "initiated": Status.SENT,
    "ringing": Status.SENT,
    "in-progress": Status.SENT,
    "completed": Status.DELIVERED,
    "busy": Status.FAILED,
    "failed": Status.FAILED,
    "no-answer": Status.FAILED,
    "canceled": Status.FAILED,
}
"""Every status of Twilio's Call resource."""

TELEPHONES: Mapping[str, Word | None] = {
    "queued": None,
    "initiated": None,
    "ringing": Word.RINGING,
    "in-progress": Word.PICKED_UP,
    "answered": Word.PICKED_UP,
    "completed": Word.OVER,
    "busy": Word.BUSY,
    "failed": Word.FAILED,
    "no-answer": Word.NO_ANSWER,
    "canceled": Word.CANCELLED,
}
"""The same statuses, and ``answered`` of a Dial, as what they say of one telephone; None: nothing yet."""

LONGEST_CALL = 86_400
"""Seconds that a provider may say a call took."""

RETRYABLE = frozenset({20003, 20429, 20500, 20503, 30001, 30022, 14107, 63018})
"""Too fast, too busy, or a password that an operator must mend: nothing is lost by waiting."""

SLACK = timedelta(seconds=5)
"""How far Twilio's clock and ours may differ when we look for what an uncertain try may have left there."""

WHATSAPP = "whatsapp:"
"""What an address of WhatsApp begins with, ours and theirs."""

STOPPED = frozenset({21610})
"""The person sent STOP to this number."""


@dataclass(frozen=True, slots=True)
class Account:
    """Our account at Twilio. ``public_url`` is where Twilio finds our doors; ``api_url`` where we find Twilio."""

    sid: str
    token: str
    number: str
    public_url: str
    api_url: str = API


class _HttpClient(TwilioHttpClient):  # type: ignore[misc]  # the library has no types
    """Twilio's own client, to another address when one is set, with errors that say whether anything was accepted."""

    def __init__(self, api_url: str) -> None:
        super().__init__(timeout=TIMEOUT)
        self._api_url = api_url

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        """Raises Retry when nothing was accepted, Uncertain when that is unknown."""
        try:
            response = super().request(method, url.replace(API, self._api_url, 1), *args, **kwargs)
        except (requests.ConnectTimeout, requests.ConnectionError) as error:
            raise Retry("no_connection") if _never_arrived(error) else Uncertain("no_answer") from error
        except requests.RequestException as error:
            raise Uncertain("no_answer") from error
        if response.status_code == 429:
            raise Retry("too_many", code="20429", retry_after=_seconds(response.headers.get("Retry-After")))
        if response.status_code >= 500 and method.upper() == "POST":
            raise Uncertain("provider_error", code=str(response.status_code))
        body = _read(response)
        if response.status_code >= 400 and method.upper() == "GET":  # the library's lists hide what was answered
            raise error_of(TwilioRestException(response.status_code, url, code=body.get("code")))
        return response


def _never_arrived(error: requests.RequestException) -> bool:
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else None
    return isinstance(error, requests.ConnectTimeout) or isinstance(reason, NewConnectionError)


def _read(response: Response) -> dict[str, Any]:
    """What was answered. A page of somebody on the way (a proxy) says nothing about what Twilio did."""
    try:
        body = json.loads(response.text)
    except ValueError:
        body = None
    if isinstance(body, dict):
        return body
    if response.status_code < 300:
        raise Uncertain("no_answer", code="not json")
    return {}


def _seconds(header: str | None) -> float | None:
    seconds = number(header or "", 86_400)
    return None if seconds is None else float(seconds)


def client(account: Account) -> Client:
    """Twilio's REST client for our account."""
    return Client(account.sid, account.token, http_client=_HttpClient(account.api_url))


def is_number(text: str) -> bool:
    """Whether a sender is a telephone number in E.164, and not a name, a short code or nothing."""
    digits = text[1:]
    return text.startswith("+") and digits.isascii() and digits.isdigit() and 6 <= len(text) <= 16


def since(first_tried_at: datetime | None) -> datetime:
    """From when on a message of ours may stand in Twilio's list."""
    begin = first_tried_at or datetime.min.replace(tzinfo=UTC) + SLACK
    return (begin - SLACK).replace(microsecond=0)


def error_of(error: TwilioRestException) -> SendError:
    """Twilio's refusal as one of our errors: to be tried again, stopped by the person, or for good."""
    code = int(error.code or 0)
    if code in STOPPED:
        return ContactStopped("stopped", code=str(code))
    if code in RETRYABLE or error.status >= 500 or error.status in (401, 429):
        return Retry("provider_error", code=str(code or error.status))
    return Permanent("refused", code=str(code or error.status))


def verify(account: Account, path: str, form: Mapping[str, Any], signature: str) -> bool:
    """Whether Twilio signed this form for this address. ``path`` is path and query, as they came in.

    The address is the configured public one: behind a proxy the application sees another.
    """
    if not signature:
        return False
    validator = RequestValidator(account.token)
    return bool(validator.validate(account.public_url + path, form, signature))


def parse_receipt(form: Mapping[str, str]) -> Receipt | None:
    """A status callback of a message or of a call; None when it says nothing about a message out.

    Raises Unreadable for a status that Twilio does not document.
    """
    for sid, status, table, channel in _RECEIPTS:
        if identifier(form.get(sid)) and form.get(status):
            over = "whatsapp" if form.get("From", "").startswith(WHATSAPP) else channel
            return _receipt(over, form[sid], form[status], table, identifier(form.get("ErrorCode")))
    raise Unreadable("no status")


_RECEIPTS = (
    ("MessageSid", "MessageStatus", MESSAGE_STATUSES, "sms"),
    ("CallSid", "CallStatus", CALL_STATUSES, "voice"),
)


def _receipt(channel: str, sid: str, word: str, table: Mapping[str, Status | None], code: str) -> Receipt | None:
    if word not in table:
        raise Unreadable("unknown status")
    status = table[word]
    if status is None:
        return None
    why = code or (word if status is Status.FAILED else "")
    return Receipt(channel, sid, status, why[:16])


def parse_report(form: Mapping[str, str], telephone: Telephone) -> Report | None:
    """A status callback of one telephone of a bridged call; None when it says nothing yet. Raises Unreadable."""
    return _report(form, telephone, "CallStatus", "CallDuration")


def parse_dial(form: Mapping[str, str]) -> Report | None:
    """How the contact's telephone was left, as Dial's action is told. Raises Unreadable."""
    return _report(form, Telephone.THEIRS, "DialCallStatus", "DialCallDuration")


def _report(form: Mapping[str, str], telephone: Telephone, status: str, seconds: str) -> Report | None:
    word = form.get(status, "")
    if word not in TELEPHONES:
        raise Unreadable("unknown status" if word else "no status")
    said = TELEPHONES[word]
    return None if said is None else Report(telephone, said, number(form.get(seconds, ""), LONGEST_CALL))
