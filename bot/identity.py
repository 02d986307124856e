"""Who somebody is according to the organisation's own identity service, and what goes wrong in asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Handshake:
    """What one browser remembers while its person is at the identity service: secrets that the answer has to fit."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the service knows. ``email``: only one that the service verified, else empty."""

    issuer: str
    subject: str
    email: str = ""


class IdentityService(Protocol):
    """Where people of the organisation log in everywhere."""

    def begin(self) -> tuple[str, Handshake]:
        """The address to send a browser to. Raises Unreachable."""
        ...

    def finish(self, handshake: Handshake, answer: Mapping[str, str]) -> Person:
        """Who came back with this answer. Raises IdentityError."""
        ...


class IdentityError(Exception):
    """It could not be made out who this is. The message says why in a word, without anything of the person."""


class Declined(IdentityError):
    """The person broke off, or the service does not let this one in here."""


class Stale(IdentityError):
    """The answer fits no question of this browser: asked too long ago, in another tab, or by somebody else."""


class Refused(IdentityError):
    """What the service answered is not what it must be: it proves nothing."""


class Unreachable(IdentityError):
    """The service does not answer now."""
