"""Twilio's error codes that the town can answer or report, and Twilio's words for them.

Source: Twilio's "Error and Warning Dictionary".
"""

from __future__ import annotations

from playground.faults import Fault

REFUSALS: dict[int, tuple[int, str]] = {
    20001: (400, "Unknown parameters"),
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    20503: (503, "Service unavailable"),
    21201: (400, "No 'To' number is specified"),
    21205: (400, "Url is not a valid URL"),
    21211: (400, "Invalid 'To' Phone Number"),
    21212: (400, "The 'From' number is not a valid phone number or shortcode"),
    21213: (400, "'From' number is required"),
    21220: (400, "Call is not in-progress. Cannot redirect."),
    21408: (400, "Permission to send an SMS has not been enabled for the region of the 'To' number"),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (400, "The 'From' number is not a valid, message-capable number of this account"),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21612: (400, "The 'To' number is not currently reachable using the 'From' number"),
    21614: (400, "'To' number is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21910: (400, "Invalid 'From' and 'To' pair. 'From' and 'To' should be of the same channel"),
    63007: (400, "Twilio could not find a Channel with the specified From address"),
}
DELIVERY: dict[int, str] = {
    30001: "Queue overflow",
    30002: "Account suspended",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Carrier violation",
    30008: "Unknown error",
    63016: "Outside the allowed window",
    63024: "Invalid message recipient",
}
FAILED_AT_TWILIO = frozenset({30001, 30002, 63016, 63024})
"""These end as "failed", before the carrier had the message; the others as "undelivered"."""
FIRST_REST_CODE, FIRST_DELIVERY_CODE = 20000, 30000
HTTP_CODES = {401: 20003, 404: 20404, 429: 20429, 500: 20500, 503: 20503}


class TwilioError(Exception):
    """A request that Twilio's REST API refuses."""

    def __init__(self, code: int, detail: str = "", *, status: int = 0, retry_after: int | None = None) -> None:
        known_status, words = REFUSALS.get(code, (400, "Error"))
        self.code = code
        self.status = status or known_status
        self.message = f"{words}: {detail}" if detail else words
        self.retry_after = retry_after
        super().__init__(self.message)

    def resource(self) -> dict[str, object]:
        """The JSON body of the answer, as on Twilio's page "REST API: exceptions"."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"docs/errors/{self.code}",
            "status": self.status,
        }


def refusal(fault: Fault) -> TwilioError | None:
    """The refusal that a fault asks for, or None when the request is to be carried out."""
    code = fault.error if fault.error in range(FIRST_REST_CODE, FIRST_DELIVERY_CODE) else None
    status = fault.status()
    if code is None and status is None:
        return None
    return TwilioError(code or HTTP_CODES.get(status or 0, 20500), status=status or 0, retry_after=fault.retry_after)


def outcome(fault: Fault | None) -> int | None:
    """The delivery error that a fault puts in the receipt of an accepted message."""
    return fault.error if fault and fault.error and fault.error >= FIRST_DELIVERY_CODE else None
