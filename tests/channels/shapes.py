"""What the providers really send, parameter by parameter: the whole lists, with the names of their documentation."""

from __future__ import annotations

from typing import Any

OURS = "+32470000000"
AN, BEN = "+32470000001", "+32470000002"
ACCOUNT_SID = "AC" + "0123456789abcdef" * 2
AUTH_TOKEN = "0123456789abcdef" * 2
MESSAGE_SID = "SM" + "a1" * 16
CALL_SID = "CA" + "b2" * 16
RECORDING_SID = "RE" + "c3" * 16
RECORDING_URL = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/Recordings/{RECORDING_SID}"
BOT_ID = 4600000000
BOT_TOKEN = f"{BOT_ID}:AAE-abcdefghijklmnopqrstuvwxyz"
BOT_SECRET = "A-secret_of-32-characters_or-more"
PERSON = 4711

Json = dict[str, Any]
Form = dict[str, str]


def without(form: Form, *names: str) -> Form:
    """A form that lacks some parameters."""
    return {name: value for name, value in form.items() if name not in names}


def _place(role: str, country: str = "BE") -> Form:
    return {f"{role}City": "", f"{role}State": "", f"{role}Zip": "", f"{role}Country": country}


def sms_form(body: str = "Dag", **changes: str) -> Form:
    """A text message, as Twilio's webhook posts it for a plain number."""
    return {
        "ToCountry": "BE",
        "ToState": "",
        "SmsMessageSid": MESSAGE_SID,
        "NumMedia": "0",
        "ToCity": "",
        "FromZip": "",
        "SmsSid": MESSAGE_SID,
        "FromState": "",
        "SmsStatus": "received",
        "FromCity": "",
        "Body": body,
        "FromCountry": "BE",
        "To": OURS,
        "ToZip": "",
        "NumSegments": "1",
        "MessageSid": MESSAGE_SID,
        "AccountSid": ACCOUNT_SID,
        "From": AN,
        "ApiVersion": "2010-04-01",
        **changes,
    }


def whatsapp_form(body: str = "Dag", **changes: str) -> Form:
    """A WhatsApp message, as Twilio's webhook posts it."""
    return {
        "SmsMessageSid": MESSAGE_SID,
        "NumMedia": "0",
        "ProfileName": "An",
        "MessageType": "text",
        "SmsSid": MESSAGE_SID,
        "WaId": AN[1:],
        "SmsStatus": "received",
        "Body": body,
        "To": f"whatsapp:{OURS}",
        "NumSegments": "1",
        "ReferralNumMedia": "0",
        "MessageSid": MESSAGE_SID,
        "AccountSid": ACCOUNT_SID,
        "From": f"whatsapp:{AN}",
        "ApiVersion": "2010-04-01",
        **changes,
    }


def media_url(n: int) -> str:
    """Where Twilio keeps the n-th thing of a message."""
    return f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{MESSAGE_SID}/Media/ME{n:032x}"


def voice_form(**changes: str) -> Form:
    """A call that comes in, as Twilio's webhook posts it."""
    return {
        "CallSid": CALL_SID,
        "AccountSid": ACCOUNT_SID,
        "ApiVersion": "2010-04-01",
        "CallStatus": "ringing",
        "Direction": "inbound",
        "From": AN,
        "To": OURS,
        "Caller": AN,
        "Called": OURS,
        **_place("From"),
        **_place("To"),
        **_place("Caller"),
        **_place("Called"),
        "CallToken": "%7B%22parentCallInfoToken%22%3A%22eyJhbGciOiJFUzI1NiJ9%22%7D",
        "StirVerstat": "TN-Validation-Passed-C",
        **changes,
    }


def turn_form(**changes: str) -> Form:
    """A later turn of that call."""
    return voice_form(CallStatus="in-progress", **changes)


def message_receipt(status: str, sid: str = MESSAGE_SID, **changes: str) -> Form:
    """A status callback of a message."""
    return {
        "SmsSid": sid,
        "SmsStatus": status,
        "MessageStatus": status,
        "To": AN,
        "MessageSid": sid,
        "AccountSid": ACCOUNT_SID,
        "From": OURS,
        "ApiVersion": "2010-04-01",
        **changes,
    }


def call_receipt(status: str, sid: str = CALL_SID, **changes: str) -> Form:
    """A status callback of a call that we made."""
    return {
        **voice_form(CallSid=sid, CallStatus=status, Direction="outbound-api", From=OURS, To=AN),
        "Caller": OURS,
        "Called": AN,
        "Timestamp": "Mon, 23 Nov 2026 08:00:00 +0000",
        "CallbackSource": "call-progress-events",
        "SequenceNumber": "0",
        "CallDuration": "12",
        "Duration": "1",
        **changes,
    }


def user(id_: int = PERSON, **changes: Any) -> Json:
    """A person of Telegram."""
    return {"id": id_, "is_bot": False, "first_name": "An", "language_code": "nl", **changes}


BOT: Json = {"id": BOT_ID, "is_bot": True, "first_name": "Drempelvrij", "username": "drempelvrij_bot"}
PRIVATE: Json = {"id": PERSON, "first_name": "An", "type": "private"}
GROUP: Json = {"id": -1001000004711, "title": "Groep", "type": "supergroup"}
CHANNEL: Json = {"id": -1001000009999, "title": "Kanaal", "type": "channel"}


def message(content: Json, chat: Json = PRIVATE, **changes: Any) -> Json:
    """A message of a person, with what it holds."""
    return {"message_id": 12, "from": user(), "chat": chat, "date": 1795424400, **content, **changes}


def update(kind: str, thing: Any, number: int = 100_000_001) -> Json:
    """An update as it arrives at the webhook."""
    return {"update_id": number, kind: thing}


def told(content: Json, chat: Json = PRIVATE, **changes: Any) -> Json:
    """An update with a new message."""
    return update("message", message(content, chat, **changes))


def text(words: str = "Dag", **changes: Any) -> Json:
    """An update with a new text."""
    return told({"text": words}, **changes)


def file(**about: Any) -> Json:
    """A file at Telegram."""
    return {"file_id": "AgACAgQAAxk-1", "file_unique_id": "AQADBAAT", "file_size": 1234, **about}


KEYBOARD: Json = {
    "inline_keyboard": [
        [{"text": "Nederlands", "callback_data": "1:language:nl"}],
        [{"text": "Français", "callback_data": "1:language:fr"}],
    ]
}


def press(data: str | None = "1:language:nl", **changes: Any) -> Json:
    """An update with a button that was pressed."""
    asked = {
        "message_id": 11,
        "from": BOT,
        "chat": PRIVATE,
        "date": 1795424390,
        "text": "Kies",
        "reply_markup": KEYBOARD,
    }
    query = {"id": "4382bfdwdsb323b2d9", "from": user(), "message": asked, "chat_instance": "-3543", "data": data}
    return update("callback_query", {**query, **changes})


def member(status: str, before: str = "member", chat: Json = PRIVATE) -> Json:
    """An update that says whether the bot may still write."""

    def of(status: str) -> Json:
        return {"user": BOT, "status": status} | ({"until_date": 0} if status == "kicked" else {})

    change = {"old_chat_member": of(before), "new_chat_member": of(status)}
    return update("my_chat_member", {"chat": chat, "from": user(), "date": 1795424400, **change})
