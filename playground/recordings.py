"""Recordings of calls, as Twilio keeps and serves them."""

from __future__ import annotations

import io
import math
import struct
import wave
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from playground.core import PHONES, Core, keep, new_sid

SAMPLES_A_SECOND = 8000
LONGEST_SOUND = 5
"""Seconds of sound made for a recording, however long it says it is: enough to play, small to keep."""


@dataclass
class Recording:
    """One recording; the words are what the person of the playground said."""

    sid: str
    call_sid: str
    words: str
    seconds: int
    created: datetime
    missing: int
    """How many times its sound still answers 404, as Twilio's does just after the callback."""


class Recordings:
    """The recordings of one account. `late` is how often the sound of the next ones is not there yet."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._kept: OrderedDict[str, Recording] = OrderedDict()
        self.late = 0

    def make(self, call_sid: str, words: str, seconds: int) -> Recording:
        """Keep a new recording."""
        made = Recording(new_sid("RE"), call_sid, words, seconds, self._core.clock(), self.late)
        with self._core.lock:
            return keep(self._kept, made.sid, made, PHONES)

    def get(self, sid: str) -> Recording | None:
        """A recording by its sid."""
        with self._core.lock:
            return self._kept.get(sid)

    def sound(self, sid: str) -> bytes | None:
        """The WAV file of a recording, None while it is not there yet."""
        with self._core.lock:
            found = self._kept.get(sid)
            if found is None or found.missing > 0:
                if found is not None:
                    found.missing -= 1
                return None
        return tone(found.seconds)


def tone(seconds: int) -> bytes:
    """A WAV file: a soft 440 Hz, mono, 16 bits."""
    samples = SAMPLES_A_SECOND * max(1, min(seconds, LONGEST_SOUND))
    wave_ = (int(4000 * math.sin(2 * math.pi * 440 * n / SAMPLES_A_SECOND)) for n in range(samples))
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLES_A_SECOND)
        sound.writeframes(struct.pack(f"<{samples}h", *wave_))
    return out.getvalue()
