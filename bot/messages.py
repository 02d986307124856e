"""Values that cross every border of the house: addresses, messages in and out, receipts, and what can go wrong.

Everything here is immutable and free of any provider's words. Channels translate to and from these; the conversation,
the store and the outbox know nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, Self

ACTION = "!"
"""What the ids of choices begin with that answer no question: a person, skip, the menu."""

OPTED_OUT = "opted_out"
"""Payload of a message whose provider stops the number by itself: our own goodbye could not be delivered."""


class Mode(StrEnum):
    """How words differ: an SMS, a chat with buttons, or speech."""

    TEXT = "text"
    CHAT = "chat"
    VOICE = "voice"


class Kind(StrEnum):
    """What sort of thing came in."""

    TEXT = "text"
    BUTTON = "button"
    KEYS = "keys"
    SPEECH = "speech"
    SILENCE = "silence"
    CALL = "call"  # a call begins
    RECORDING = "recording"
    MEDIA = "media"
    EDIT = "edit"
    CONTACT = "contact"  # a shared phone number; ``payload`` holds it when it is the sender's own
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"


@dataclass(frozen=True, slots=True)
class Urn:
    """An address with its scheme: ``tel:+32470000001``, ``telegram:4711``. SMS and voice share ``tel:``."""

    scheme: str
    path: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """``scheme:path`` → Urn. Raises ValueError when either part is missing."""
        scheme, _, path = text.partition(":")
        if not scheme or not path:
            raise ValueError("an urn is scheme:path")
        return cls(scheme, path)

    def __str__(self) -> str:
        return f"{self.scheme}:{self.path}"

    @property
    def reachable(self) -> bool:
        """False for a caller who hid the number: such a call has an address of its own that nobody can dial."""
        return self.scheme != "hidden"


@dataclass(frozen=True, slots=True)
class Media:
    """A thing that is not words. ``reference`` is the provider's handle to fetch it by; ``seconds`` its length.

    ``name`` and ``size`` (bytes) are what the sender's telephone says of it.
    """

    kind: str
    reference: str = ""
    content_type: str = ""
    seconds: int | None = None
    name: str = ""
    size: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """As stored."""
        return {
            "kind": self.kind,
            "reference": self.reference,
            "content_type": self.content_type,
            "seconds": self.seconds,
        }


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message in.

    ``account`` is our own address that received it (a number, a bot's id) and ``provider_id`` the provider's name for
    it: together with the channel they are unique, so that a message sent twice is stored once.
    """

    channel: str
    account: str
    provider_id: str
    urn: Urn
    kind: Kind
    text: str = ""
    payload: str = ""
    media: tuple[Media, ...] = ()
    edits: str = ""  # provider_id of the message that this one corrects
    heard: float = 1.0  # how sure the provider is of words that were spoken, 0 to 1
    also: Urn | None = None  # another address that the provider vouches is the same person's


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer on offer. ``key`` is the digit that gives it in this mode, ``payload`` what its button carries."""

    id: str
    key: str
    label: str
    payload: str = ""
    span: tuple[int, int] | None = field(default=None, compare=False)  # numbers that mean it; not kept
    also: Mapping[str, str] = field(default_factory=dict, compare=False)  # its label in other languages; not kept

    def to_dict(self) -> dict[str, str]:
        """As stored."""
        return {"id": self.id, "key": self.key, "label": self.label, "payload": self.payload}


class Next(StrEnum):
    """What follows a message in a call: another key or word, a recording, or the end. Text channels ignore it."""

    ASK = "ask"
    RECORD = "record"
    HANG_UP = "hang_up"


@dataclass(frozen=True, slots=True)
class Said:
    """A prompt in words, as the person gets it: the question asked, the buttons under it, and what a call does next."""

    text: str
    language: str
    step: str = ""
    choices: tuple[Choice, ...] = ()
    next: Next = Next.ASK
    digits: int = 1
    slow: bool = False

    def to_dict(self) -> dict[str, Any]:
        """As stored with the inbound message that it answers, so that a repeat gets the very same words."""
        return {
            "text": self.text,
            "language": self.language,
            "step": self.step,
            "choices": [choice.to_dict() for choice in self.choices],
            "next": self.next.value,
            "digits": self.digits,
            "slow": self.slow,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Said:
        """The inverse of ``to_dict``."""
        choices = tuple(Choice(**choice) for choice in data["choices"])
        return cls(**{**data, "choices": choices, "next": Next(data["next"])})


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message out, with its words fixed. ``uncertain``: an earlier try may have reached the provider."""

    id: int
    channel: str
    account: str
    urn: Urn
    text: str
    language: str
    choices: tuple[Choice, ...] = ()
    uncertain: bool = False
    first_tried_at: datetime | None = None


class Status(StrEnum):
    """Where a message out stands. ``spoken`` is what a caller heard in the answer to a call."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    SPOKEN = "spoken"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider's word on what became of a message out."""

    channel: str
    provider_id: str
    status: Status
    code: str = ""


@dataclass(frozen=True, slots=True)
class Size:
    """What words take where each piece is paid for: how many pieces, and the signs that make it more of them."""

    pieces: int
    costly: tuple[str, ...] = ()


class Measure(Protocol):
    """How a channel counts that is paid by the piece."""

    def sent(self, text: str) -> str:
        """The words as they travel."""
        ...

    def size(self, text: str) -> Size:
        """What they take."""
        ...

    def table(self) -> Mapping[str, Any]:
        """All that a page needs to count the same, as JSON has it."""
        ...


class SendError(Exception):
    """A message could not be handed to the provider. ``code`` is the provider's own; ``reason`` a word of ours."""

    retryable = False

    def __init__(self, reason: str, *, code: str = "", retry_after: float | None = None) -> None:
        super().__init__(f"{reason} {code}".strip())
        self.reason = reason
        self.code = code
        self.retry_after = retry_after


class Retry(SendError):
    """Nothing was accepted; the same again later may work."""

    retryable = True


class Uncertain(Retry):
    """The provider may or may not have accepted it: ask before sending again."""


class Permanent(SendError):
    """Trying again cannot help: a person must know."""


class ContactStopped(Permanent):
    """The person does not want messages on this address."""


class Sender(Protocol):
    """What the outbox needs of a channel."""

    name: str
    mode: Mode

    async def send(self, message: Outbound) -> str:
        """Hand over one message; the provider's id of it. Raises SendError."""
        ...

    async def find(self, message: Outbound) -> Sequence[str]:
        """The provider's ids of messages that an uncertain try may have left there. Raises SendError."""
        ...


class Unreadable(Exception):
    """Authentic, but nothing we can read: kept in quarantine for people. ``reason`` holds no words of theirs."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotForUs(Exception):
    """Authentic, and meant for nobody here (a group's talk): not stored. ``answer`` is what its provider is told."""

    def __init__(self, reason: str, answer: Mapping[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a message in led to: the words said, and whether it had been seen before."""

    said: tuple[Said, ...] = ()
    repeated: bool = False
    message_id: int | None = field(default=None, compare=False)
