"""How well messages are understood: a file of examples against what the bot makes of each.

Every example is taken as the answer to a question with choices 1 to 4 where yes and no are allowed too. The columns are
lang, text, meaning, note; ``lang`` may name a script (``ar-Latn``). A file of answers to our own questions has the
columns lang, step, text, choice instead; the choice is ``-`` where the message chooses nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.flow import Flow, FlowError, Step, StepKind
from bot.lexicon import Is
from bot.matching import Matcher
from bot.meaning import DOUBTFUL, Meaning, Question
from bot.messages import Choice, Inbound, Kind, Mode, Urn
from bot.session import Scene, new_session
from bot.understanding import understand
from bot.wording import Wording

QUESTION = Question(StepKind.CHOICE, Mode.TEXT, tuple(Choice(f"choice_{n}", str(n), "") for n in range(1, 5)))

NO_ANSWER = "-"
"""The choice of a message that chooses nothing of its question."""

OTHER_LANGUAGE = "lang_other"
"""Any language that no example of the file is written in."""

NAMES: Mapping[Is, str] = {
    Is.CALL_ME: "human",
    Is.CANNOT_READ: "not_understood",
    Is.CONFUSED: "not_understood",
    Is.MENU: "help",
    Is.RESTART: "repeat",
    Is.VIOLENCE: "danger",
    Is.HOMELESS: "distress",
    Is.MEETING: "human",
    Is.PLAN: "other",
    Is.TOLD: "other",
    Is.ROBOT: "off_topic",
    Is.BENEFIT: "off_topic",
    Is.WRONG_NUMBER: "other",
    Is.BUSY: "other",
    Is.START: "other",
    Is.NOT_UNDERSTOOD: "other",
}
"""The bot tells some meanings apart that the files take together: how to answer them differs."""


@dataclass(frozen=True, slots=True)
class Example:
    """One line: a message as somebody of a language wrote it, and what a reader says it means."""

    lang: str
    text: str
    meaning: str
    step: str = ""

    @property
    def kind(self) -> str:
        """What it is counted under: the meaning, or the choice with its question."""
        return f"{self.step}: {self.meaning}" if self.step else self.meaning

    @property
    def language(self) -> str:
        """The language without its script."""
        return self.lang.partition("-")[0]


@dataclass(slots=True)
class Count:
    """Right ones of a total."""

    total: int = 0
    right: int = 0

    def add(self, right: bool) -> None:
        """One more."""
        self.total += 1
        self.right += right

    def to_dict(self) -> dict[str, int]:
        """As JSON."""
        return {"total": self.total, "right": self.right}


@dataclass(slots=True)
class Result:
    """What an evaluation found."""

    whole: Count = field(default_factory=Count)
    by_meaning: dict[str, Count] = field(default_factory=dict)
    by_language: dict[str, Count] = field(default_factory=dict)
    misses: list[tuple[Example, str]] = field(default_factory=list)

    def count(self, example: Example, got: str, *, right: bool) -> None:
        """One more."""
        self.whole.add(right)
        self.by_meaning.setdefault(example.kind, Count()).add(right)
        self.by_language.setdefault(example.lang, Count()).add(right)
        if not right:
            self.misses.append((example, got))

    def to_dict(self) -> dict[str, Any]:
        """The object that ``--json`` prints."""
        return {
            **self.whole.to_dict(),
            "by_meaning": {name: count.to_dict() for name, count in sorted(self.by_meaning.items())},
            "by_language": {name: count.to_dict() for name, count in sorted(self.by_language.items())},
            "misses": [{"lang": e.lang, "text": e.text, "meaning": e.meaning, "got": got} for e, got in self.misses],
        }


def read_examples(path: Path) -> list[Example]:
    """The examples of a file. Raises FlowError with the line that lacks a column."""
    return list(_read(path, ("lang", "text", "meaning")))


def read_answers(path: Path) -> list[Example]:
    """The answers of a file, each to its own question. Raises FlowError with the line that lacks a column."""
    return list(_read(path, ("lang", "text", "choice", "step")))


def _read(path: Path, columns: Sequence[str]) -> Iterator[Example]:
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
            values = [row.get(column) or "" for column in columns]
            if not all(values):
                raise FlowError([f"{path.name}:{line}: the columns {', '.join(columns)} are needed"])
            yield Example(*values)


def evaluate_answers(examples: Sequence[Example], matcher: Matcher, flow: Flow, wording: Wording) -> Result:
    """Understands every answer at its question. What answers nothing may be asked back; it may not be
    taken. Raises FlowError where there is no such question."""
    result = Result()
    for example in examples:
        if example.step not in flow.steps:
            raise FlowError([f"{example.step}: no such question"])
        question = _asked(flow.steps[example.step], example.language, flow, wording)
        meaning = _understood(example.text, example.language, matcher, question)
        chosen = [value.partition(":")[0] for value in meaning.values] if meaning.name is Is.CHOICE else [NO_ANSWER]
        right = example.meaning in chosen or (example.meaning == NO_ANSWER and meaning.confidence < DOUBTFUL)
        result.count(example, chosen[0] if meaning.name is Is.CHOICE else name_of(meaning), right=right)
    return result


def _asked(step: Step, language: str, flow: Flow, wording: Wording) -> Question:
    """A question as it is asked by SMS; an errand with all choices that it can have."""
    session = replace(new_session(flow, language=language), step=step.id)
    question = wording.question(Scene(flow, Mode.TEXT), session)
    if step.kind is not StepKind.ERRAND:
        return question
    rows = enumerate(step.options, 1)
    choices = [Choice(f"{o.id}:", str(n), wording.label(o, step, Mode.TEXT, language)) for n, o in rows]
    return replace(question, choices=tuple(choices))


def evaluate(examples: Sequence[Example], matcher: Matcher) -> Result:
    """Understands every example and counts."""
    result = Result()
    spoken = {example.language for example in examples}
    for example in examples:
        got = name_of(_understood(example.text, example.language, matcher, QUESTION))
        right = got == example.meaning or (example.meaning == OTHER_LANGUAGE and _is_other(got, spoken))
        result.count(example, got, right=right)
    return result


def _understood(text: str, language: str, matcher: Matcher, question: Question) -> Meaning:
    message = Inbound("sms", "", "", Urn("tel", "+32470000000"), Kind.TEXT, text)
    return understand(message, question, matcher, language)


def _is_other(got: str, spoken: Iterable[str]) -> bool:
    return got.startswith("lang_") and got.removeprefix("lang_") not in spoken


def name_of(meaning: Meaning) -> str:
    """A meaning as the files name it."""
    if meaning.name is Is.CHOICE:
        return meaning.values[0]
    if meaning.name is Is.LANGUAGE:
        return f"lang_{meaning.values[0]}" if meaning.values else OTHER_LANGUAGE
    return NAMES.get(meaning.name, meaning.name.value)


def shown(text: str, language: str, matcher: Matcher) -> dict[str, Any]:
    """One message and what it is taken for, as JSON."""
    meaning = _understood(text, language, matcher, QUESTION)
    return {
        "meaning": name_of(meaning),
        "name": meaning.name.value,
        "values": meaning.values,
        "confidence": round(meaning.confidence, 2),
        "evidence": meaning.evidence,
        "language": meaning.language,
    }


def told(result: Result) -> Iterator[str]:
    """The result for a reader: accuracy per meaning and per language, then every miss."""
    for title, counts in (("meaning", result.by_meaning), ("language", result.by_language)):
        yield f"per {title}"
        for name, count in sorted(counts.items()):
            yield f"  {name:<22}{count.right:>5} of {count.total:<5}{_percent(count):>7}"
    yield f"all                   {result.whole.right:>7} of {result.whole.total:<5}{_percent(result.whole):>7}"
    if result.misses:
        yield "misses"
    for example, got in result.misses:
        yield f"  {example.lang:<8}{example.kind:<16}taken for {got:<16}{example.text}"


def _percent(count: Count) -> str:
    return f"{100 * count.right / count.total:.1f}%" if count.total else "-"
