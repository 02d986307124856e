"""The application's own addresses: where the webhooks of each go (Twilio's IncomingPhoneNumber)."""

from __future__ import annotations

from datetime import datetime

from playground.addresses import channel_of
from playground.core import API_VERSION, new_sid

METHODS = ("GET", "POST")
URLS = ("sms_url", "sms_fallback_url", "voice_url", "voice_fallback_url", "status_callback")
METHOD_OF = {url: url.removesuffix("_url") + "_method" for url in URLS}
SETTABLE = {
    **{"".join(part.title() for part in name.split("_")): name for name in (*URLS, *METHOD_OF.values())},
    "FriendlyName": "friendly_name",
}
"""Form parameter of POST IncomingPhoneNumbers/<Sid>.json → field."""


class Line:
    """One number, or WhatsApp sender, with its webhook addresses; until configured they are the application's doors."""

    def __init__(self, number: str, account_sid: str, app_url: str, now: datetime) -> None:
        self.number = number
        self.sid = new_sid("PN")
        self._account = account_sid
        self.created = self.updated = now
        self.fields: dict[str, str] = dict.fromkeys(URLS, "") | dict.fromkeys(METHOD_OF.values(), "POST")
        self.fields["friendly_name"] = number
        self._doors = {
            "sms_url": app_url + channel_of(number).door,
            "voice_url": f"{app_url}/voice",
            "status_callback": f"{app_url}/receipts",
        }

    def door(self, name: str) -> tuple[str, str]:
        """URL and method of one of the webhooks in `URLS`; the URL is empty where there is none."""
        return self.fields[name] or self._doors.get(name, ""), self.fields[METHOD_OF[name]]

    def configure(self, changes: dict[str, str], now: datetime) -> None:
        """Change fields, named as in Twilio's API ("SmsUrl"). Unknown names raise KeyError."""
        self.fields.update({SETTABLE[name]: value for name, value in changes.items()})
        self.updated = now

    def resource(self) -> dict[str, object]:
        """The fields of Twilio's IncomingPhoneNumber that depend on this number; dates are left out."""
        urls = {name: self.door(name)[0] for name in URLS}
        return {
            **self.fields,
            **urls,
            "sid": self.sid,
            "account_sid": self._account,
            "phone_number": self.number,
            "api_version": API_VERSION,
            "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
            "uri": f"/{API_VERSION}/Accounts/{self._account}/IncomingPhoneNumbers/{self.sid}.json",
        }
