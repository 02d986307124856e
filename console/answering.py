"""What the answer box of a case stands on: the draft, the ways, what came since, and all that a page needs to count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.messages import Mode
from bot.ready import Gap, gaps_in
from bot.replies import LETTERS_A_SECOND, LONGEST, LONGEST_ELSEWHERE, MOST_SEGMENTS
from bot.service import drafts, ready_answers
from bot.service.case_views import CaseView, LogEntry
from bot.service.counting import frame
from bot.service.drafts import Draft
from bot.service.house import House
from bot.service.ready_answers import Offered
from console.context import Console, current_user
from console.reply_words import GAPS, MOST_NAMED, SIZES, SUBJECTS


@dataclass(frozen=True, slots=True)
class Written:
    """What was sent from the box and not done: the words, the way, the newest message of the contact that was known."""

    text: str = ""
    channel: str = ""
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """The answer box.

    ``newer``: what the contact wrote after the words were sent. ``gaps``: those that still stand in the words, with
    what they are called. ``left``: what colleagues had ready. ``counting``: how the page counts (``reply.js``).
    """

    text: str
    meaning: str
    channel: str
    seen: int
    newer: tuple[LogEntry, ...]
    gaps: Mapping[Gap, str]
    left: tuple[Draft, ...]
    ready: Mapping[str, list[Offered]]
    counting: Mapping[str, Any]


def box(console: Console, view: CaseView, written: Written) -> Box:
    """The box of a case for who is logged in."""
    kept = drafts.kept(console.house, view.row.id, current_user().id)
    own = kept.own
    text = written.text or (own.text if own else "")
    heard = [entry for entry in view.log if entry.author == "contact"]
    say = console.pages.words.text
    return Box(
        text=text,
        meaning=own.meaning if own else "",
        channel=_chosen(view, written.channel, own.channel if own else ""),
        seen=max((entry.id for entry in heard), default=0),
        newer=tuple(entry for entry in heard if written.seen is not None and entry.id > written.seen),
        gaps={gap: say(GAPS[gap]) for gap in gaps_in(text)},
        left=kept.left,
        ready=_ready(console),
        counting=counting(console, view),
    )


def _chosen(view: CaseView, *wanted: str) -> str:
    """The channel to answer over: the one that was picked, else the person's last one, if it can be used at all."""
    usable = [way.channel for way in view.reply_channels if way.usable]
    return next((name for name in (*wanted, view.default_channel) if name in usable), "")


def _ready(console: Console) -> dict[str, list[Offered]]:
    """The ready answers under what they are about."""
    found: dict[str, list[Offered]] = {console.pages.words.text(words): [] for words in SUBJECTS.values()}
    for one in ready_answers.offered(console.house, console.pages.language):
        found[console.pages.words.text(SUBJECTS[one.subject])].append(one)
    return found


def counting(console: Console, view: CaseView) -> dict[str, Any]:
    """All that the page needs to count as ``bot.service.counting`` does."""
    house, language = console.house, view.row.language
    measure = next((info.measure for info in house.channels.values() if info.measure is not None), None)
    letters = house.wording.letters(language, console.pages.language)
    return {
        "ways": {way.channel: _way(house, way.channel, language) for way in view.reply_channels},
        "most": MOST_SEGMENTS,
        "price": house.sms_price,
        "pace": LETTERS_A_SECOND,
        "named": MOST_NAMED,
        "table": measure.table() if measure is not None else None,
        "letters": {chr(letter): instead for letter, instead in letters.items()},
        "words": {name: console.pages.words.text(words) for name, words in SIZES.items()},
    }


def _way(house: House, channel: str, language: str) -> dict[str, Any]:
    """How one channel counts: by the piece, by the second (``frame``: the letters around the words), or not."""
    info = house.channels[channel]
    around = sum(map(len, frame(house, language))) if info.mode is Mode.VOICE else None
    return {"longest": LONGEST.get(channel, LONGEST_ELSEWHERE), "pieces": info.measure is not None, "frame": around}
