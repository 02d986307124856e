"""How much a counsellor's answer may hold, by channel: one table for the server and for the page."""

from __future__ import annotations

import math
from collections.abc import Mapping

LONGEST: Mapping[str, int] = {"sms": 1600, "whatsapp": 1600, "telegram": 4096, "voice": 600}
"""Characters: what Twilio takes (error 21617), what Telegram takes, and what somebody can follow who only hears it."""

LONGEST_ELSEWHERE = 1600

MOST_SEGMENTS = 10
"""Of one SMS. Networks refuse longer ones; nobody reads them on a small screen."""

LETTERS_A_SECOND = 14
"""Of a voice at the pace that we ask for: about 150 words a minute, and a little slower."""

ENDS = (".", "!", "?")
"""What is read aloud ends as a sentence."""


def seconds(letters: int) -> int:
    """About how long so many letters take when they are read aloud."""
    return math.ceil(letters / LETTERS_A_SECOND)


def as_sentence(words: str) -> str:
    """The words with an end that a voice can hear."""
    return words if words.endswith(ENDS) else f"{words}."


def again_token(message_id: int | str) -> str:
    """The name of the message that repeats one that did not arrive: there is one at most."""
    return f"again-{message_id}"
