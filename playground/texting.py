"""SMS and WhatsApp: the store of Twilio's messages, inbound webhooks, receipts, opt-out keywords.

People and the application are known here by their addresses: `+32470000001`, `whatsapp:+32470000001`.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from playground.addresses import SMS, channel_of
from playground.core import API_VERSION, MESSAGES, PER_PHONE, PHONES, Core, keep, new_sid
from playground.line import Line
from playground.messages import RANK, Message
from playground.twiml import TwimlError, read_messages
from playground.values import Answer, NotNowError, Sms
from playground.wire import Webhook

STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
HELP_WORDS = frozenset({"HELP", "INFO"})
"""A single one of these words is Twilio's own ("Twilio support for opt-out keywords")."""
STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe."
)
STARTED = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
HELP = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
OUTSIDE_WINDOW = 63016


class Texting:
    """Twilio's messaging for one account."""

    def __init__(self, core: Core, lines: Sequence[Line]) -> None:
        self._core = core
        self._lines = {channel_of(line.number): line for line in lines}
        self.keywords = True
        self.messages: OrderedDict[str, Message] = OrderedDict()
        self.stopped: OrderedDict[str, None] = OrderedDict()
        self._inboxes: OrderedDict[str, deque[Message]] = OrderedDict()
        self._last: OrderedDict[str, Webhook] = OrderedDict()
        self._wrote: OrderedDict[str, datetime] = OrderedDict()

    @property
    def ours(self) -> list[str]:
        """The addresses that the application may send from."""
        return [line.number for line in self._lines.values()]

    def line(self, address: str) -> Line:
        """The application's own line on the channel of an address. Raises NotNowError where it has none."""
        line = self._lines.get(channel_of(address))
        if line is None:
            raise NotNowError("the application has no number on this channel")
        return line

    def inbox(self, address: str) -> list[Sms]:
        """What a person received at an address, oldest first."""
        with self._core.lock:
            held = list(self._inboxes.get(address, ()))
        return [Sms(each.sid, each.body, each.status, each.segments, each.created) for each in held]

    def send(self, address: str, text: str, media: Sequence[str], profile: str = "") -> Answer:
        """A person sends a message: Twilio's own keywords first, then the webhook, then its TwiML answer."""
        line = self.line(address)
        message = self._store(address, line.number, text, "inbound", "received", tuple(media))
        self._tell(message, "in", address)
        if self.keywords and message.channel.keywords:
            self._heed(address, text)
        url, method = line.door("sms_url")
        webhook = Webhook(url, self._inbound(message, profile), method)
        with self._core.lock:
            keep(self._wrote, address, message.created, PHONES)
            keep(self._last, address, webhook, PHONES)
        return self._knock(address, webhook)

    def is_stopped(self, address: str) -> bool:
        """Whether this person told Twilio to stop."""
        with self._core.lock:
            return address in self.stopped

    def again(self, address: str) -> Answer:
        """The person's last webhook once more, exactly: what Twilio does when it heard no answer."""
        with self._core.lock:
            webhook = self._last[address]
        return self._knock(address, webhook)

    def accept(self, recipient: str, body: str, *, callback: str, doom: int | None, service: str | None) -> Message:
        """Take a message for sending. It reaches the phone at once, its receipts travel by the post.

        A message with `doom` (a delivery error) never reaches the phone; nor does one outside the channel's window.
        """
        message = self._store(self.line(recipient).number, recipient, body, "outbound-api", "queued", ())
        message.callback, message.service = callback, service
        message.doom = doom or (OUTSIDE_WINDOW if self._is_outside(recipient) else None)
        if message.doom is None:
            self._put(message)
        self._core.receipts.schedule([partial(self._receipt, message, status) for status in message.course])
        return message

    def _is_outside(self, address: str) -> bool:
        """Whether the person's last message is too long ago for free words, or never came."""
        window = channel_of(address).window
        with self._core.lock:
            wrote = self._wrote.get(address)
        return window is not None and (wrote is None or self._core.clock() - wrote > window)

    def _store(
        self, sender: str, recipient: str, body: str, direction: str, status: str, media: tuple[str, ...]
    ) -> Message:
        sid = new_sid("MM" if media else "SM")
        message = Message(sid, sender, recipient, body, direction, status, self._core.clock(), media=media)
        serves = direction == "inbound" and message.channel is SMS
        message.service = self._core.accounts.messaging_service_sid if serves else None
        message.sent = message.created if direction == "inbound" else None
        with self._core.lock:
            return keep(self.messages, sid, message, MESSAGES)

    def _put(self, message: Message) -> None:
        with self._core.lock:
            inbox = self._inboxes.get(message.recipient)
            if inbox is None:
                inbox = keep(self._inboxes, message.recipient, deque(maxlen=PER_PHONE), PHONES)
            inbox.append(message)
        self._tell(message, "out", message.recipient)

    def _tell(self, message: Message, way: str, address: str) -> None:
        self._core.feed.add(
            message.channel.owner(address),
            f"{message.channel.name}_{way}",
            sid=message.sid,
            body=message.body,
            status=message.status,
            segments=message.segments,
        )

    def _inbound(self, message: Message, profile: str) -> dict[str, str]:
        params = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "SmsMessageSid": message.sid,
            "SmsStatus": "received",
            "AccountSid": self._core.accounts.account_sid,
            "ApiVersion": API_VERSION,
            "Body": message.body,
            "NumSegments": str(message.segments),
            "NumMedia": str(len(message.media)),
            **message.channel.parties(message.sender, message.recipient, profile, message.media),
        }
        if message.service:
            params["MessagingServiceSid"] = message.service
        return params | self._media(message)

    def _media(self, message: Message) -> dict[str, str]:
        base = f"{self._core.api_url}/{API_VERSION}/Accounts/{self._core.accounts.account_sid}"
        found: dict[str, str] = {}
        for place_, kind in enumerate(message.media):
            found[f"MediaUrl{place_}"] = f"{base}/Messages/{message.sid}/Media/{new_sid('ME')}"
            found[f"MediaContentType{place_}"] = kind
        return found

    def _knock(self, address: str, webhook: Webhook) -> Answer:
        answer = self._core.wire.twilio(webhook)
        if not answer.ok:
            answer = self._fall_back(address, webhook, answer)
        if answer.ok:
            self._reply(address, webhook.url, answer)
        return answer

    def _fall_back(self, address: str, webhook: Webhook, answer: Answer) -> Answer:
        """Twilio asks the fallback URL with the same message when the first one fails."""
        url, method = self.line(address).door("sms_fallback_url")
        if not url:
            return answer
        failure = {"ErrorCode": "11200" if answer.status else "11205", "ErrorUrl": webhook.url}
        return self._core.wire.twilio(Webhook(url, {**webhook.params, **failure}, method))

    def _reply(self, address: str, url: str, answer: Answer) -> None:
        try:
            texts = read_messages(answer.body, answer.header("Content-Type"))
        except TwimlError as error:
            self._core.wire.note(url, answer.status, error.code, error.reason)
            return
        for text in texts:
            self._deliver(address, text, "outbound-reply")

    def _heed(self, address: str, text: str) -> None:
        word = text.strip().upper()
        with self._core.lock:
            was_stopped = address in self.stopped
            if word in STOP_WORDS:
                keep(self.stopped, address, None, PHONES)
            elif word in START_WORDS:
                self.stopped.pop(address, None)
        answers = {**dict.fromkeys(STOP_WORDS, STOPPED), **dict.fromkeys(HELP_WORDS, HELP)}
        if was_stopped:
            answers |= dict.fromkeys(START_WORDS, STARTED)
        if word in answers:
            self._deliver(address, answers[word], "outbound-reply")

    def _deliver(self, address: str, text: str, direction: str) -> None:
        self._put(self._store(self.line(address).number, address, text, direction, "delivered", ()))

    def _receipt(self, message: Message, status: str) -> int:
        last = status == message.course[-1]
        with self._core.lock:
            if RANK[status] > RANK[message.status]:
                message.status, message.updated = status, self._core.clock()
                message.error = message.doom if last else None
                message.sent = message.sent or message.updated
        error = message.doom if last else None
        owner, kind = message.channel.owner(message.recipient), f"{message.channel.name}_status"
        self._core.feed.add(owner, kind, sid=message.sid, status=status, error=error)
        if not message.callback:
            return 0
        self._core.wire.twilio(Webhook(message.callback, self._report(message, status, error)))
        return 1

    def _report(self, message: Message, status: str, error: int | None) -> dict[str, str]:
        params = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "MessageStatus": status,
            "SmsStatus": status,
            "To": message.recipient,
            "From": message.sender,
            "AccountSid": self._core.accounts.account_sid,
            "ApiVersion": API_VERSION,
            **message.channel.marks,
        }
        if message.service:
            params["MessagingServiceSid"] = message.service
        return params | ({"ErrorCode": str(error)} if error else {})
