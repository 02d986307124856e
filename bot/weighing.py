"""Decides between the phrases found in a message: whole before part, more words before fewer, one's own language first.

Precedence, where it matters for people: stop said in so many words, then a person, then everything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from bot.answered import chosen_in_words
from bot.flow import StepKind
from bot.keyed import by_number, by_span, key_of, no_choice
from bot.labelled import by_label, named
from bot.lexicon import Is, contains
from bot.matching import ANYWHERE, CONTENT, Match, Reading
from bot.meaning import ASIDE, HESITANT, PART, WHOLE, Candidate, Meaning, Question

PEOPLE = (Is.CALL_ME, Is.CANNOT_READ, Is.HUMAN)
"""A wish for a person counts inside a longer message too."""

ANSWERS = frozenset({Is.YES, Is.NO, Is.CHOICE})
PRECEDENCE = (
    *(Is.STOP, *PEOPLE, Is.CHOICE, Is.UNSURE, Is.CONFUSED, Is.ERASE, Is.WRONG_NUMBER, Is.LANGUAGE, Is.MENU),
    *(Is.PLAN, Is.MEETING),
    *(Is.REPEAT, Is.RESTART, Is.BACK, Is.SKIP, Is.HELP, Is.START, Is.NO, Is.YES, Is.ROBOT, Is.BENEFIT, Is.OFF_TOPIC),
    *(Is.BUSY, Is.OTHER, Is.GREETING, Is.THANKS),
)
"""Which meaning wins where two phrases account for as much of a message."""

_STOP, _CHOICE, _YES_OR_NO = Is.STOP, Is.CHOICE, (Is.YES, Is.NO)
"""By names of their own: every phrase of a message is asked, and a member of an enum is long in the finding."""

_RANK = {name: -place for place, name in enumerate(PRECEDENCE)}

FOREIGN, MISTYPED = 0.05, 0.35
"""What confidence loses by another language, and by a typing error."""

NONE, SHORT_NO = "none", 2
"""The choice that stands for none of the others, and the words of a no that means it: "geen kinderen" says less."""

SHORT_FOREIGN = 3
"""Letters: so short a word of another language is not taken for an answer without asking back."""


def said_in_full(reading: Reading, question: Question) -> Meaning | None:
    """The very words of one choice mean that choice, also where they would mean something else elsewhere."""
    words = " ".join(reading.tokens)
    exact = [choice.id for choice in question.choices if named(choice) == words]
    return Meaning(Is.CHOICE, (exact[0],)) if len(exact) == 1 and len(words) > 1 else None


def command(reading: Reading, question: Question, language: str) -> Meaning | None:
    """What every question understands: a stop that is the whole message, a person anywhere, the rest as a whole."""
    answer = _answer_weight(reading, question)
    found = [match for match in reading.matches if match.name not in _NO_COMMAND and match.weight > answer]
    whole = [match for match in found if match.whole]
    stops = [match for match in whole if match.name is _STOP]
    anywhere = question.kind is not StepKind.TEXT or question.asks_name
    people = [match for match in found if match.name in PEOPLE and (match.whole or anywhere)]
    if stops and not _on_offer(reading, question):
        return _meaning(_best(stops, language), reading, language)
    appointments = [match for match in whole if match.name is Is.MEETING]
    if appointments:  # before a person: who asks for an appointment gets times, and a person where there are none
        return _meaning(_best(appointments, language), reading, language)
    if people and not _says_more(reading, language, people) and _foremost(_best(people, language), reading, language):
        return _meaning(_best(people, language), reading, language)
    if question.kind is None or question.kind is StepKind.TEXT:
        best = _best(whole, language) if whole else None
        return _meaning(best, reading, language) if best is not None and best.name in WHOLE_IN_FREE_TEXT else None
    return None


def _on_offer(reading: Reading, question: Question) -> bool:
    """Whether the words of a choice are said: "ja, gedaan" at an assignment ends nothing."""
    words = " ".join(reading.tokens)
    return any(len(choice.label) > 1 and contains(words, named(choice)) for choice in question.choices)


def _says_more(reading: Reading, language: str, people: Sequence[Match]) -> bool:
    """Whether all of it asks for a language or a choice: "parlez-vous arabe" says more than its "parlez-vous"."""
    asked = [match for match in reading.matches if match.whole and match.value and match.name in _NAMED]
    own = [match.weight for match in asked if match.name is Is.LANGUAGE or match.language == language]
    return max(own, default=0) > max(match.weight for match in people)


def _answer_weight(reading: Reading, question: Question) -> int:
    """What the words account for that choose something of the question: "bel mij liever niet" asks for no call."""
    if not reading.answers:
        return 0
    return max((match.weight for _, match in chosen_in_words(reading, question)), default=0)


_NAMED = (Is.LANGUAGE, Is.CHOICE)


def _foremost(person: Match, reading: Reading, language: str) -> bool:
    """Whether a person is asked for: not if words of another language only look like it, and one's own say more."""
    if person.whole or person.language in ("", language):
        return True
    own = [match.weight for match in reading.matches if match.language == language and match.name in PRECEDENCE]
    return person.sure and person.weight > max(own, default=0)


_NO_COMMAND = ANSWERS | ANYWHERE | {Is.OTHER}

WHOLE_IN_FREE_TEXT = frozenset(PRECEDENCE) - ANSWERS - {Is.OTHER, Is.OFF_TOPIC, Is.BUSY, Is.BENEFIT}
"""What counts where people write freely, if they write nothing else."""


def choice_meant(reading: Reading, question: Question, language: str) -> Meaning | None:
    """The likeliest meaning of an answer, when it is likely enough at all."""
    if question.kind is StepKind.TEXT:
        return None
    candidates = [*_candidates(reading, question, language)]
    left_out = (Is.OTHER, Is.BUSY) if _answer_weight(reading, question) else _explains(reading, language)
    candidates = [candidate for candidate in candidates if candidate.name not in left_out]
    if not candidates:
        return None
    return max(candidates, key=lambda c: (c.score, _RANK[c.name])).made()


def _explains(reading: Reading, language: str) -> Sequence[Is]:
    """What may be the reason for the yes or no before it."""
    if explained(reading, language):
        return (Is.OTHER, Is.BUSY)
    return (Is.OTHER,) if _opens_with_answer(reading, language) else ()


def _opens_with_answer(reading: Reading, language: str) -> bool:
    """Whether it begins with yes or no in one's own language: what follows explains it ("nee, mijn zoon doet dat")."""
    return any(_opens(match, language) for match in reading.matches)


def _opens(match: Match, language: str) -> bool:
    return match.name in _YES_OR_NO and match.start == 0 and match.sure and match.language in ("", language)


def explained(reading: Reading, language: str) -> bool:
    """Whether its first word says yes or no and nothing else: "no puedo" denies, "nee want ik werk al" answers."""
    opened = any(_opens(match, language) and match.end == 1 for match in reading.matches)
    return opened and language not in reading.words[0].negates


def _candidates(reading: Reading, question: Question, language: str) -> Iterator[Candidate]:
    if question.choices and question.kind is not None:
        if any(reading.numbers):
            yield from by_number(reading, question)
            yield from by_span(reading, question)
        yield from by_label(reading, question, language)
        yield from _by_answer(reading, question, language)
    offered = _on_offer(reading, question)
    for match in reading.matches:
        if match.name in _RANK and not (offered and match.name is _STOP):
            yield from _by_phrase(match, reading, question, language)


def _meaning(match: Match, reading: Reading, language: str) -> Meaning:
    values = (match.value,) if match.value and match.name is Is.LANGUAGE else ()
    sure = _confidence(match, reading, language)
    return Meaning(match.name, values, sure, (reading.evidence(match),), match.language)


def _confidence(match: Match, reading: Reading, language: str) -> float:
    sure = WHOLE if match.whole else PART
    if match.language not in ("", language):
        short = match.end - match.start == 1 and len(reading.tokens[match.start]) <= SHORT_FOREIGN
        sure -= MISTYPED if short else FOREIGN
    if not match.sure:
        sure -= MISTYPED
    return sure - (HESITANT if reading.doubtful else 0)


def _score(match: Match, language: str) -> float:
    """What it accounts for, and more where it is the whole message in one's own language: "hee" is a Turkish yes."""
    own = match.language in ("", language)
    return match.weight + (0.5 if own else 0) + ((2 if own else 1) if match.whole else 0)


def _best(matches: Iterable[Match], language: str) -> Match:
    return max(matches, key=lambda m: (_score(m, language), _RANK[m.name]))


# By a phrase


def _by_answer(reading: Reading, question: Question, language: str) -> Iterator[Candidate]:
    """What is chosen in words that count at this question alone."""
    for chosen, match in chosen_in_words(reading, question):
        sure = min(_confidence(match, reading, language), ASIDE if reading.aside else WHOLE)
        made = partial(Meaning, Is.CHOICE, chosen, sure, (reading.evidence(match),), match.language)
        yield Candidate(Is.CHOICE, _score(match, language) + 1, made)


def _by_phrase(match: Match, reading: Reading, question: Question, language: str) -> Iterator[Candidate]:
    score = _score(match, language)
    if match.name is _CHOICE:
        chosen = question.by_key(key_of(match.value, question))
        if chosen is not None and not no_choice(match, reading):
            yield Candidate(Is.CHOICE, score + 1, partial(_choice, chosen, match, reading, language))
    elif match.name in _YES_OR_NO:
        own = match.language in ("", language)
        filling = all(language in word.filler for word in reading.words[match.start : match.end])
        if not own and filling:  # "da" is Romanian for yes, and says nothing in Dutch
            return
        if match.whole or (own and (match.weight > CONTENT or match.start == 0)):
            meaning = _yes_or_no(match, question, _confidence(match, reading, language))
            yield Candidate(meaning.name, score, lambda: meaning)
    else:
        yield Candidate(match.name, score, partial(_meaning, match, reading, language))


def _choice(chosen: str, match: Match, reading: Reading, language: str) -> Meaning:
    return Meaning(Is.CHOICE, (chosen,), _confidence(match, reading, language), language=match.language)


def _yes_or_no(match: Match, question: Question, sure: float) -> Meaning:
    """Yes is the choice that was asked back, or the choice of that name, or just a yes. No is none of the choices,
    where that is one of them."""
    if question.doubt:
        return Meaning(Is.CHOICE, (question.doubt,)) if match.name is Is.YES else Meaning(Is.NO)
    ids = {choice.id for choice in question.choices}
    short = match.whole and match.end - match.start <= SHORT_NO
    none = short and match.name is Is.NO and NONE in ids and Is.NO.value not in ids
    meant = NONE if none else match.name.value
    return Meaning(Is.CHOICE if meant in ids else match.name, (meant,), sure, language=match.language)
