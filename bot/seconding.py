"""When the second opinion counts: an alarm that no phrase knows, and an answer that no phrase knows."""

from __future__ import annotations

from collections.abc import Mapping

from bot.lexicon import Is
from bot.matching import Reading
from bot.meaning import Meaning, Question
from bot.opinion import SHORT, Opinion

ALARM_FROM, ALARM_FROM_SHORT = 0.4, 0.55
"""Likelihood of danger and distress together, of a message and of one of a few words: those stand in the lexicons.

A wrong alarm costs a sentence, a missed one a life."""

MEANING_FROM: Mapping[Is, float] = {Is.STOP: 0.6}
USUAL_FROM = 0.3
"""Likelihood of any other meaning; it takes more to leave somebody without messages."""

FEWEST = 2
"""Words of a message about which there is an opinion: one word is in a lexicon or says nothing."""

LONGEST = 40
"""Words: what somebody tells at length is read by a person, and by the phrases of alarm."""

_ALARMS = {"danger": Is.DANGER, "distress": Is.DISTRESS}
_MEANINGS = {
    "yes": Is.YES,
    "no": Is.NO,
    "unsure": Is.UNSURE,
    "human": Is.HUMAN,
    "stop": Is.STOP,
    "not_understood": Is.CONFUSED,
    "repeat": Is.REPEAT,
    "back": Is.BACK,
    "help": Is.HELP,
    "skip": Is.SKIP,
    "erase": Is.ERASE,
    "greeting": Is.GREETING,
    "thanks": Is.THANKS,
    "off_topic": Is.OFF_TOPIC,
}
"""Which choice and which language are never guessed."""


def second_alarm(reading: Reading, opinion: Opinion | None) -> Meaning | None:
    """An alarm where no phrase accounts for the message; the counsellor reads the whole of it as its evidence."""
    if opinion is None or len(reading.tokens) < FEWEST or reading.accounted:
        return None
    likely = opinion.of(reading.tokens[:LONGEST])
    least = ALARM_FROM if len(reading.tokens) > SHORT else ALARM_FROM_SHORT
    if sum(likely[name] for name in _ALARMS) < least:
        return None
    name = max(_ALARMS, key=lambda alarm: likely[alarm])
    return Meaning(_ALARMS[name], confidence=likely[name], evidence=(" ".join(reading.written),))


def second_meaning(reading: Reading, question: Question, opinion: Opinion | None) -> Meaning | None:
    """The likeliest meaning of a message in which no phrase is found."""
    if opinion is None or len(reading.tokens) < FEWEST:
        return None
    likely = opinion.of(reading.tokens[:LONGEST])
    best = max(likely, key=lambda name: likely[name])
    name = _MEANINGS.get(best)
    if name is None or likely[best] < MEANING_FROM.get(name, USUAL_FROM):
        return None
    offered = any(choice.id == name.value for choice in question.choices)
    values = (name.value,) if name in (Is.YES, Is.NO) else ()
    return Meaning(Is.CHOICE if offered and values else name, values, likely[best])
