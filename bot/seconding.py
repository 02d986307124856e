"""When the second opinion counts: an alarm or an answer that no phrase knows, and one that a phrase knows in part."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.keyed import key_of, number_meant
from bot.lexicon import Is
from bot.matching import Matcher, Reading
from bot.meaning import WHOLE, Meaning, Question
from bot.opinion import SHORT, Opinion
from bot.weighing import explained

ALARM_FROM, ALARM_FROM_SHORT, ALARM_FROM_ELSE = 0.03, 0.3, 0.3
"""Likelihood of an alarm: of a message, of one of a few words (those stand in the lexicons), and of one of which a
phrase says what it is about.

A wrong alarm costs a sentence, a missed one a life."""

ALARM_FROM_ANSWER = 0.5
"""Of one in which a phrase chooses something of the question: "j'ai tout rempli"."""

ALARM_FROM_HARMLESS = 0.3
"""Of one that only looks alarming, as a phrase says that accounts for a good part of it."""

NO_ALARM = 0.01
"""Under this likelihood it is none, whatever else it may mean."""

HARDLY_ALARM = 0.1
"""Under this likelihood a word that is only nearly one of alarm is none, in a message of more than a few words."""

SURELY_ALARM = 0.9
"""From this likelihood on an alarming phrase is not harmless: "ik wil niet meer leven en niet meer gebeld worden"."""

MEANING_FROM: Mapping[Is, float] = {Is.STOP: 0.7, Is.ERASE: 0.7}
USUAL_FROM = 0.3
"""Likelihood of any other meaning; it takes more to leave somebody without messages, or to erase what they told."""

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
"""Which language is never guessed, and which choice only by its place in the list, to be asked back."""

OURS = "nl"
"""What everybody is spoken to in at first: who names it among others seldom wishes it."""

_OVERRULED: Mapping[Is, str] = {
    **{name: written for written, name in _MEANINGS.items() if name is not Is.HUMAN},
    Is.LANGUAGE: "lang",
    Is.CANNOT_READ: "not_understood",
    Is.RESTART: "repeat",
    Is.MENU: "help",
    Is.ROBOT: "off_topic",
    Is.BENEFIT: "off_topic",
    Is.BUSY: "other",
    Is.OTHER: "other",
}
"""What may be overruled, and what the opinion calls it: never a wish for a person, nor an answer of the question."""

_ANSWERS = (Is.YES, Is.NO)

OVERRULED_FROM = 0.6
"""Likelihood of another meaning: the words of a phrase are known, what is around them is not."""

NAMED = 0.5
"""Confidence in a choice or a language that is named among words that say nothing: it is asked back."""

NAMED_FROM = 0.3
"""Likelihood of a choice or a language, where the message names one."""

POINTED_FROM = 0.6
"""Likelihood of one of the choices, where none is named."""


AROUND = 8
"""Words before and behind a word of which the whole message is asked whether it is alarming."""


def second_alarm(reading: Reading, opinion: Opinion | None, *, at_least: float = 0.0) -> Meaning | None:
    """An alarm that no phrase sees or accounts for; the counsellor reads the whole message as its evidence.

    ``at_least``: the likelihood from which it is one, if that is more than usual.
    """
    if opinion is None or len(reading.tokens) < FEWEST or (reading.accounted and not reading.harmless):
        return None
    likely = opinion.of(reading.tokens[:LONGEST])
    if likely.alarm < NO_ALARM:
        return None
    least = ALARM_FROM if len(reading.tokens) > SHORT else ALARM_FROM_SHORT
    if reading.accounted:
        least = ALARM_FROM_HARMLESS
    elif reading.about_else:
        least = ALARM_FROM_ANSWER if reading.answered else ALARM_FROM_ELSE
    if likely.alarming < max(least, at_least):
        return None
    name = max(_ALARMS, key=lambda alarm: likely.meanings[alarm])
    return Meaning(_ALARMS[name], confidence=likely.alarming, evidence=(" ".join(reading.written),))


def hardly_alarm(reading: Reading, opinion: Opinion | None, start: int) -> bool:
    """Whether the words around ``start`` speak against an alarm seen there in a word that is only nearly alarming."""
    if opinion is None or len(reading.tokens) <= SHORT:
        return False
    return opinion.of(reading.tokens[max(0, start - AROUND) : start + AROUND]).alarm < HARDLY_ALARM


def alarm_within(reading: Reading, opinion: Opinion | None, start: int = 0, end: int = LONGEST) -> float:
    """How likely the words from ``start`` to ``end`` are an alarm by themselves; 0 without an opinion."""
    return 0.0 if opinion is None else opinion.of(reading.tokens[start:end]).alarming


def second_meaning(reading: Reading, question: Question, matcher: Matcher) -> Meaning | None:
    """The likeliest meaning of a message in which no phrase is found. One of mere numbers says what they say."""
    if matcher.opinion is None or len(reading.tokens) < FEWEST or _mostly_numbers(reading):
        return None
    return _likeliest(matcher.opinion.of(reading.tokens[:LONGEST]).meanings, reading, question, matcher)


def _mostly_numbers(reading: Reading) -> bool:
    """A telephone number that is read out, a date: different numbers, more than half of the words."""
    return 2 * len(set(filter(None, reading.numbers))) > len(reading.tokens)


def overruled(meaning: Meaning, reading: Reading, question: Question, matcher: Matcher) -> bool:
    """Whether a phrase that is only a part of a message says something else than all of it together does."""
    name = _OVERRULED.get(meaning.name)
    if name is None or meaning.confidence >= WHOLE or matcher.opinion is None or len(reading.tokens) < FEWEST:
        return False
    likely = matcher.opinion.of(reading.tokens[:LONGEST]).meanings
    best = max(likely, key=lambda name: likely[name])
    if best == "other" and meaning.name in _ANSWERS and explained(reading, reading.language):
        return False
    return best != name and best not in _ALARMS and likely[best] >= OVERRULED_FROM


def _likeliest(likely: Mapping[str, float], reading: Reading, question: Question, matcher: Matcher) -> Meaning | None:
    best = max(likely, key=lambda name: likely[name])
    if best in _NAMED and likely[best] >= NAMED_FROM:
        return _NAMED[best](reading, question, matcher)
    name = _MEANINGS.get(best)
    if name is None or likely[best] < MEANING_FROM.get(name, USUAL_FROM):
        return None
    offered = any(choice.id == name.value for choice in question.choices)
    values = (name.value,) if name in (Is.YES, Is.NO) else ()
    return Meaning(Is.CHOICE if offered and values else name, values, likely[best])


def _choice_named(reading: Reading, question: Question, matcher: Matcher) -> Meaning | None:
    """The choice of the only number in the message; in one with none or several the choice that it points to: "the one
    on top", "two, not one"."""
    numbers = set(filter(None, reading.numbers))
    chosen = number_meant(reading, question) if len(numbers) == 1 else _pointed_to(reading, question, matcher)
    return Meaning(Is.CHOICE, (chosen,), NAMED) if chosen else None


def _pointed_to(reading: Reading, question: Question, matcher: Matcher) -> str:
    if matcher.opinion is None:
        return ""
    position, likely = matcher.opinion.of(reading.tokens[:LONGEST]).position
    return (question.by_key(key_of(str(position), question)) or "") if likely >= POINTED_FROM else ""


def _language_named(reading: Reading, question: Question, matcher: Matcher) -> Meaning | None:
    """The language that the message names. Of several, one that is not ours from the start ("mijn Nederlands is slecht,
    kan het in het Engels?"), and that is named first; where none is known, the question of language is asked."""
    named = matcher.tongues(reading)
    wished = [code for code in named if code != OURS] or named
    return Meaning(Is.LANGUAGE, tuple(wished[:1]), NAMED)


_NAMED: Mapping[str, Callable[[Reading, Question, Matcher], Meaning | None]] = {
    "choice": _choice_named,
    "lang": _language_named,
}
