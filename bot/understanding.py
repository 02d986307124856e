"""What a person wrote, said or pressed → one meaning.

The words of each language are data (``locales/<lang>/lexicon.yaml``); this module only matches. It looks first at what
every question understands (a person, stop, back …), then at what this question expects.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import phonenumbers

from bot.flow import HUMAN_KEY, SKIP_KEY, StepKind
from bot.lexicon import Is, Lexicon, contains, plain
from bot.messages import Choice, Inbound, Kind, Mode
from bot.safety import alarm


@dataclass(frozen=True, slots=True)
class Meaning:
    """One meaning. ``values`` are the choices, the language, the text …; ``evidence`` the words it was seen in."""

    name: Is
    values: tuple[str, ...] = ()
    confidence: float = 1.0
    evidence: tuple[str, ...] = ()
    language: str = ""  # of the lexicon it was found in
    step: str = ""
    run: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """What stands open: the kind of answer expected and the choices as this person got them."""

    kind: StepKind | None
    mode: Mode
    choices: tuple[Choice, ...] = ()
    more: bool = False


MORE_KEY = "4"
BUTTONS = (Is.HUMAN, Is.SKIP, Is.MENU)
"""Meanings that a button can carry beside the choices of its question."""

REPEAT_KEY = "*"
BACK_KEY = "#"
KEYS = {HUMAN_KEY: Is.HUMAN, REPEAT_KEY: Is.REPEAT, BACK_KEY: Is.BACK, SKIP_KEY: Is.SKIP}
ANYWHERE = (Is.CALL_ME, Is.HUMAN)
"""Meanings that count when their phrase stands inside a longer message too."""

WHOLE = (
    Is.STOP,
    Is.START,
    Is.CALL_ME,
    Is.HUMAN,
    Is.MENU,
    Is.LANGUAGE,
    Is.RESTART,
    Is.REPEAT,
    Is.BACK,
    Is.SKIP,
    Is.HELP,
    Is.UNSURE,
    Is.GREETING,
    Is.THANKS,
)
LONGEST_NAME = 40
LONGEST_TEXT = 2000
_FREE = frozenset({StepKind.TEXT})


def understand(inbound: Inbound, question: Question, lexicons: Mapping[str, Lexicon], language: str) -> Meaning:
    """The one meaning of a message, as an answer to a question, for a contact who uses ``language``."""
    direct = _DIRECT.get(inbound.kind)
    if direct is not None:
        return _alarm_in(inbound, lexicons) or direct(inbound)
    if inbound.kind is Kind.KEYS:
        return _keys(inbound.text, question)
    return _words(inbound.text, question, _ordered(lexicons, language))


def _alarm_in(inbound: Inbound, lexicons: Mapping[str, Lexicon]) -> Meaning | None:
    """Danger is seen in the words beside a photo too, but not in the label of one of our own buttons."""
    if inbound.kind is Kind.BUTTON:
        return None
    alarmed = alarm(plain(inbound.text), list(lexicons.values()))
    if alarmed is None:
        return None
    return Meaning(alarmed.name, evidence=alarmed.evidence, language=alarmed.language)


def _ordered(lexicons: Mapping[str, Lexicon], language: str) -> list[Lexicon]:
    own = [lexicon for name, lexicon in lexicons.items() if name == language]
    return own + [lexicon for name, lexicon in lexicons.items() if name != language]


def _button(inbound: Inbound) -> Meaning:
    run, _, rest = inbound.payload.partition(":")
    step, _, choice = rest.partition(":")
    if not (run.isascii() and run.isdecimal()) or not step or not choice:
        return Meaning(Is.NOT_UNDERSTOOD)
    if choice.startswith("!"):
        name = Is(choice[1:]) if choice[1:] in BUTTONS else Is.NOT_UNDERSTOOD
        return Meaning(name, step=step, run=int(run))
    return Meaning(Is.ANSWER, (choice,), step=step, run=int(run))


_DIRECT: Mapping[Kind, Callable[[Inbound], Meaning]] = {
    Kind.BUTTON: _button,
    Kind.SILENCE: lambda inbound: Meaning(Is.SILENCE),
    Kind.CALL: lambda inbound: Meaning(Is.CALL),
    Kind.RECORDING: lambda inbound: Meaning(Is.RECORDING),
    Kind.MEDIA: lambda inbound: Meaning(Is.MEDIA),
    Kind.CONTACT: lambda inbound: Meaning(Is.CONTACT, (inbound.payload,) if inbound.payload else ()),
}


def _keys(digits: str, question: Question) -> Meaning:
    if digits in KEYS and (digits != SKIP_KEY or question.kind is not StepKind.CORRECT):
        return Meaning(KEYS[digits])
    if question.more and digits == MORE_KEY:
        return Meaning(Is.MORE)
    if question.kind is StepKind.POSTCODE:
        return _postcode(digits, question, None) or Meaning(Is.NOT_UNDERSTOOD)
    if question.kind is StepKind.PHONE:
        return _phone(digits, question, None) or Meaning(Is.NOT_UNDERSTOOD)
    chosen = _by_key(digits, question)
    return Meaning(Is.CHOICE, (chosen,)) if chosen else Meaning(Is.NOT_UNDERSTOOD)


def _by_key(key: str, question: Question) -> str | None:
    return next((choice.id for choice in question.choices if choice.key == key), None)


def _words(text: str, question: Question, lexicons: Sequence[Lexicon]) -> Meaning:
    words = plain(text)
    alarmed = alarm(words, lexicons)
    if alarmed:
        return Meaning(alarmed.name, evidence=alarmed.evidence, language=alarmed.language)
    if not words:
        return (_free_text(text, question, lexicons) if text.strip() else None) or _not_understood(text, question)
    return (
        _exact_label(words, question)
        or _command(words, question, lexicons)
        or _expected(words, text, question, lexicons)
        or _anywhere(words, question, lexicons)
        or _free_text(text, question, lexicons)
        or _not_understood(text, question)
    )


def _without_fillers(words: str, lexicon: Lexicon) -> str:
    kept = [word for word in words.split() if word not in lexicon.fillers]
    return " ".join(kept) or words


def _exact_label(words: str, question: Question) -> Meaning | None:
    """The very words of one choice mean that choice, also where they would mean something else elsewhere."""
    exact = [choice.id for choice in question.choices if plain(choice.label) == words]
    return Meaning(Is.CHOICE, (exact[0],)) if len(exact) == 1 and len(words) > 1 else None


def _command(words: str, question: Question, lexicons: Sequence[Lexicon]) -> Meaning | None:
    if words == HUMAN_KEY:
        return Meaning(Is.HUMAN)
    if words == SKIP_KEY and _by_key(SKIP_KEY, question) is None and question.kind is not StepKind.POSTCODE:
        return Meaning(Is.SKIP)
    for lexicon in lexicons:
        said = _without_fillers(words, lexicon)
        for name in WHOLE:
            if {words, said} & lexicon.phrases.get(name, frozenset()):
                return Meaning(name, evidence=(said,), language=lexicon.language)
        if said in lexicon.languages and question.kind is not StepKind.LANGUAGE:
            return Meaning(Is.LANGUAGE, (lexicon.languages[said],))
    return None


def _anywhere(words: str, question: Question, lexicons: Sequence[Lexicon]) -> Meaning | None:
    if question.kind in _FREE:
        return None
    for lexicon in lexicons:
        for name in ANYWHERE:
            for phrase in sorted(lexicon.phrases.get(name, ())):
                if contains(words, phrase):
                    return Meaning(name, confidence=0.8, evidence=(phrase,), language=lexicon.language)
    return None


def _expected(words: str, text: str, question: Question, lexicons: Sequence[Lexicon]) -> Meaning | None:
    if question.kind is StepKind.POSTCODE:
        return _postcode(words, question, lexicons)
    if question.kind is StepKind.PHONE:
        return _phone(text, question, lexicons)
    if question.kind is StepKind.LANGUAGE:
        named = _language(words, lexicons)
        if named:
            return named
    if question.choices and question.kind is not None:
        return _choice(words, question, lexicons)
    return None


def _language(words: str, lexicons: Sequence[Lexicon]) -> Meaning | None:
    for lexicon in lexicons:
        said = _without_fillers(words, lexicon)
        if said in lexicon.languages:
            return Meaning(Is.LANGUAGE, (lexicon.languages[said],))
    return None


def _digits_spoken(words: str, lexicons: Sequence[Lexicon] | None) -> str:
    """Digits as spoken ("negen nul nul nul") joined into one row."""
    numbers = {word: n for lexicon in reversed(lexicons or ()) for word, n in lexicon.numbers.items()}
    return "".join(str(numbers[w]) if w in numbers else w for w in words.split())


def _postcode(words: str, question: Question, lexicons: Sequence[Lexicon] | None) -> Meaning | None:
    found = re.findall(r"(?<!\d)[1-9]\d{3}(?!\d)", words)
    if not found:
        found = re.findall(r"(?<!\d)[1-9]\d{3}(?!\d)", _digits_spoken(words, lexicons))
    return Meaning(Is.POSTCODE, (found[0],)) if len(set(found)) == 1 else None


def _phone(text: str, question: Question, lexicons: Sequence[Lexicon] | None) -> Meaning | None:
    rows = (text, _digits_spoken(plain(text), lexicons))
    for row in rows:
        for match in phonenumbers.PhoneNumberMatcher(row, "BE"):
            number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
            return Meaning(Is.PHONE, (number,))
    return None


def _choice(words: str, question: Question, lexicons: Sequence[Lexicon]) -> Meaning | None:
    numbers = _numbers(words, question, lexicons)
    if question.kind is StepKind.MULTI and numbers:
        return Meaning(Is.CHOICE, tuple(dict.fromkeys(numbers)))
    if len(set(numbers)) == 1:
        return Meaning(Is.CHOICE, (numbers[0],))
    spans = _spans(words, question)
    if len(spans) == 1:
        return Meaning(Is.CHOICE, (spans[0],), 0.9)
    if len(set(numbers)) > 1:
        return Meaning(Is.UNSURE)
    return _label(words, question, lexicons) or _yes_no(words, question, lexicons)


def _numbers(words: str, question: Question, lexicons: Sequence[Lexicon]) -> list[str]:
    spoken = {w: str(n) for lexicon in reversed(lexicons) for w, n in lexicon.numbers.items()}
    tokens = _without_fillers(words, lexicons[0]).split() if lexicons else words.split()
    only_numbers = all(t.isdigit() or t in spoken for t in tokens)  # "een brief" is a letter, and not choice 1
    keys = [t if t.isdigit() else spoken[t] for t in tokens if t.isdigit() or (only_numbers and t in spoken)]
    found = [_by_key(key, question) for key in _split(keys, question)]
    return [choice for choice in found if choice is not None]


def _spans(words: str, question: Question) -> list[str]:
    """ "25 jaar" at the question of age: the choices within which a number of the message falls."""
    numbers = [int(token) for token in words.split() if token.isdecimal() and len(token) < 4]
    return [c.id for c in question.choices for n in numbers if c.span and c.span[0] <= n <= c.span[1]]


def _split(keys: Sequence[str], question: Question) -> list[str]:
    """ "13" is 1 and 3 where more than one may be chosen and there is no 13."""
    if question.kind is not StepKind.MULTI:
        return list(keys)
    return [part for key in keys for part in ([key] if _by_key(key, question) else list(key))]


def _label(words: str, question: Question, lexicons: Sequence[Lexicon]) -> Meaning | None:
    said = {words, _without_fillers(words, lexicons[0])} if lexicons else {words}
    exact = [choice.id for choice in question.choices if plain(choice.label) in said]
    inside = [choice.id for choice in question.choices if contains(words, plain(choice.label))]
    partial = [c.id for c in question.choices if any(len(s) > 2 and contains(plain(c.label), s) for s in said)]
    for hits, confidence in ((exact, 1.0), (inside, 0.9), (partial, 0.8)):
        if len(hits) == 1 or (hits and question.kind is StepKind.MULTI):
            return Meaning(Is.CHOICE, tuple(hits), confidence)
    return None


def _yes_no(words: str, question: Question, lexicons: Sequence[Lexicon]) -> Meaning | None:
    """Yes and no: the whole message, or its first word; as the choice of that id where there is one."""
    for lexicon in lexicons:
        said = _without_fillers(words, lexicon)
        for name in (Is.NO, Is.YES):
            phrases = lexicon.phrases.get(name, frozenset())
            if said in phrases or words in phrases or words.split()[0] in phrases:
                offered = any(choice.id == name.value for choice in question.choices)
                return Meaning(Is.CHOICE if offered else name, (name.value,), 0.9)
    return None


def _free_text(text: str, question: Question, lexicons: Sequence[Lexicon]) -> Meaning | None:
    if question.kind is not None and question.kind not in _FREE:
        return None
    return Meaning(Is.TEXT, (_opened(text, lexicons)[:LONGEST_TEXT],))


def _opened(text: str, lexicons: Sequence[Lexicon]) -> str:
    """ "Ik heet An" is An: the usual openings before a name are left out when something follows them."""
    tidy = " ".join(text.split())
    for opening in (o for lexicon in lexicons for o in lexicon.name_openings):
        if tidy.casefold().startswith(opening + " ") and len(tidy) <= LONGEST_NAME + len(opening):
            return tidy[len(opening) :].strip(" .,!")
    return tidy


def _not_understood(text: str, question: Question) -> Meaning:
    return Meaning(Is.NOT_UNDERSTOOD, (text.strip()[:LONGEST_TEXT],), 0.0)
