"""Babel's way into ``content/intake.yaml``: every text with its place as context, its mode and budget as comment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from bot.content import load_yaml
from bot.flow import Flow, Step, Words, read_flow
from bot.messages import Mode

Message = tuple[int, str, tuple[str, str], list[str]]

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


def extract_flow(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Message]:
    """Babel's extractor interface: (line, function, (context, message), comments) for every text of the flow."""
    path = Path(file.name)
    data = load_yaml(path)
    for context, words, line in texts(read_flow(data, path.name)):
        if words.verbatim:
            continue
        for mode, text in words.by_mode.items():
            yield words.line or line, "pgettext", (f"{context}/{mode.value}", text), [_comment(context, mode)]


def _comment(context: str, mode: Mode) -> str:
    """Where a text stands, how it travels and how long it may be."""
    part, _, name = context.partition("/")
    return f"{PARTS[part]} ({name}), by {MODES[mode]}"


def texts(flow: Flow) -> Iterator[tuple[str, Words, int]]:
    """Every text of a flow with its context (as ``bot.wording`` looks it up) and its line."""
    for name, words in flow.messages.items():
        yield f"message/{name}", words, words.line
    for step in flow.steps.values():
        yield from _step_texts(step)


def _step_texts(step: Step) -> Iterator[tuple[str, Words, int]]:
    yield f"ask/{step.id}", step.ask, step.line
    if step.again is not step.ask:
        yield f"again/{step.id}", step.again, step.line
    if step.more is not None:
        yield f"more/{step.id}", step.more, step.line
    if step.title is not None:
        yield f"title/{step.id}", step.title, step.line
    for option in step.options:
        yield f"choice/{step.id}/{option.id}", option.label, step.line
