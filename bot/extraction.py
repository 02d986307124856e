"""Babel's way into the content files: every text with its place as context, its mode and budget as comment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from bot.content import Content, load_assignments, load_intake, load_letters, load_ready, load_rules
from bot.flow import Flow, Step, Words
from bot.letters import Letter
from bot.messages import Mode
from bot.plans import Assignment
from bot.programmes import LONGEST_EXPLAINED, LONGEST_TOLD
from bot.ready import ReadyAnswer
from bot.triage import Rules

Message = tuple[int, str, tuple[str, str], list[str]]
Text = tuple[str, Words, int]
"""A text with its context (as ``bot.wording`` looks it up) and its line."""

MODES = {
    Mode.TEXT: "SMS. Budget: with its choices 160 characters; in Arabic and Cyrillic 134.",
    Mode.CHAT: "chat app. Budget: a short message.",
    Mode.VOICE: "telephone. Budget: for the ear, sentences of at most 15 words.",
}
PARTS = {
    "message": "Something the bot says",
    "ask": "A question",
    "again": "The question in other words, for who did not follow",
    "more": "The question after a first choice, when more may follow",
    "title": "What the answer is called when it is read back",
    "choice": "An answer on offer",
}
"""What a translator is told of a text, by the first part of its context."""

_CHAT = "in a chat app it tells nothing of health or prison"
SERVICES = {
    "programme/name": "The name of a programme, for counsellors. Budget: one line.",
    "programme/told": f"Help that is proposed, after 'our proposal:'; {_CHAT}. Budget: {LONGEST_TOLD} characters.",
    "programme/explain": f"What that help is, in plain words; {_CHAT}. Budget: {LONGEST_EXPLAINED} characters.",
    "rule/because": f"The reason of a proposal, after 'because'; {_CHAT}. Budget: {LONGEST_TOLD} characters.",
    "elsewhere/told": f"Who helps in another region. Budget: {LONGEST_TOLD} characters.",
    "assignment/title": "What a small task is called in a list. Budget: 30 characters.",
    "assignment/text": "What to do in a small task; never a duty. Budget: 110 characters, in Arabic and Cyrillic 85.",
    "notice/text": "A notice that would have been a letter. Budget: 100 characters, in Arabic and Cyrillic 75.",
    "notice/explanation": "The explanation of such a letter. Budget: 160 characters, in Arabic and Cyrillic 134.",
    "ready/text": "What a counsellor says often. Budget, gaps filled: 160 characters, in Arabic and Cyrillic 134.",
}
"""The same for the texts of the service catalogue, by the first and the last part of their context."""


def extract_flow(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Message]:
    """Babel's extractor interface: (line, function, (context, message), comments) for every text of the flow."""
    return _messages(texts(load_intake(Path(file.name).parent)))


def extract_services(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Message]:
    """The same for the texts of the service catalogue."""
    directory = Path(file.name).parent
    return _messages(service_texts(load_rules(load_intake(directory), directory)))


def _messages(found: Iterable[Text]) -> Iterator[Message]:
    for context, words, line in found:
        if words.verbatim:
            continue
        for mode, text in words.by_mode.items():
            yield words.line or line, "pgettext", (f"{context}/{mode.value}", text), [_comment(context, mode)]


def _comment(context: str, mode: Mode) -> str:
    """Where a text stands, how it travels and how long it may be."""
    part, _, name = context.partition("/")
    if part in PARTS:
        return f"{PARTS[part]} ({name}), by {MODES[mode]}"
    name, _, last = name.rpartition("/")
    return f"{SERVICES[f'{part}/{last}']} ({name}, {mode.value})"


def extract_assignments(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Message]:
    """The same for the assignments."""
    return _messages(assignment_texts(load_assignments(Path(file.name).parent).values()))


def extract_letters(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Message]:
    """The same for the notices."""
    return _messages(letter_texts(load_letters(Path(file.name).parent).values()))


def extract_ready(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Message]:
    """The same for the ready answers."""
    return _messages(ready_texts(load_ready(Path(file.name).parent).values()))


def all_texts(known: Content) -> list[Text]:
    """Every text of the content files."""
    of_assignments = assignment_texts(known.assignments.values())
    of_letters, of_ready = letter_texts(known.letters.values()), ready_texts(known.ready.values())
    return [*texts(known.flow), *service_texts(known.rules), *of_assignments, *of_letters, *of_ready]


def assignment_texts(assignments: Iterable[Assignment]) -> Iterator[Text]:
    """Every text of the assignments."""
    for assignment in assignments:
        yield f"assignment/{assignment.id}/title", assignment.title, assignment.line
        yield f"assignment/{assignment.id}/text", assignment.text, assignment.line


def letter_texts(letters: Iterable[Letter]) -> Iterator[Text]:
    """Every text of the notices that contacts get."""
    for letter in letters:
        yield f"notice/{letter.id}/text", letter.text, letter.line
        yield f"notice/{letter.id}/explanation", letter.explanation, letter.line


def ready_texts(answers: Iterable[ReadyAnswer]) -> Iterator[Text]:
    """Every ready answer."""
    for answer in answers:
        yield f"ready/{answer.id}/text", answer.text, answer.line


def texts(flow: Flow) -> Iterator[Text]:
    """Every text of a flow."""
    for name, words in flow.messages.items():
        yield f"message/{name}", words, words.line
    for step in flow.steps.values():
        yield from _step_texts(step)


def _step_texts(step: Step) -> Iterator[Text]:
    yield f"ask/{step.id}", step.ask, step.line
    if step.again is not step.ask:
        yield f"again/{step.id}", step.again, step.line
    if step.more is not None:
        yield f"more/{step.id}", step.more, step.line
    if step.title is not None:
        yield f"title/{step.id}", step.title, step.line
    for option in step.options:
        yield f"choice/{step.id}/{option.id}", option.label, step.line


def service_texts(rules: Rules) -> Iterator[Text]:
    """Every text of the service catalogue: names, what is told of each programme, reasons, other services."""
    for programme in rules.programmes.values():
        for part, words in (("name", programme.named), ("told", programme.told), ("explain", programme.explain)):
            yield f"programme/{programme.id}/{part}", words, programme.line
    for rule in rules.every_rule:
        yield f"rule/{rule.id}/because", rule.because, rule.line
    for service in {service.id: service for service in rules.elsewhere.values()}.values():
        yield f"elsewhere/{service.id}/told", service.told, service.line
