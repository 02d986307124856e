"""Catalogues: is every text there in every language, and whole?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot import content
from bot.catalogues import po_path, read_catalogue
from bot.content import LOCALES
from bot.extraction import all_texts
from bot.messages import Mode

GAPS = re.compile(r"\{(\w*)\}|%\((\w+)\)s")


def problems_in(language: str, *, prepared: bool) -> tuple[int, list[str]]:
    """How many texts a language needs, and each that is missing, fuzzy, or lost a gap. Raises FlowError.

    A language that is only prepared needs what is said in writing before a person takes over, and what that person can
    say in approved words.
    """
    wanted = [message for message in _real(read_template()) if not prepared or _before_a_person(message)]
    catalogue = read_catalogue(language)
    name = f"{language}/{po_path(language).name}"
    return len(wanted), [f"{name}: {problem}" for problem in problems_of(wanted, catalogue)]


def _before_a_person(message: Message) -> bool:
    context = str(message.context or "")
    return context.startswith(("message/", "ready/")) and not context.endswith(f"/{Mode.VOICE.value}")


def not_in_template() -> list[str]:
    """Texts of the content that were not extracted since they were last changed: ``make words`` mends it."""
    template = read_template()
    wanted = [
        (f"{context}/{mode.value}", text)
        for context, words, _ in all_texts(content.load_all())
        if not words.verbatim
        for mode, text in words.by_mode.items()
    ]
    return [context for context, text in wanted if template.get(text, context=context) is None]


def read_template() -> Catalog:
    """The texts to translate, as they were last extracted."""

    with (LOCALES / "messages.pot").open("rb") as file:
        return read_po(file)


def _real(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def problems_of(texts: Iterable[Message], catalogue: Catalog) -> Iterator[str]:
    """Every text that is missing, fuzzy, or lost a gap that is filled in later."""
    for wanted in texts:
        found = catalogue.get(wanted.id, context=wanted.context)
        place = f"{wanted.context or 'program'}: {_start(wanted)}"
        if found is None or not all(_strings(found)):
            yield f"missing: {place}"
        elif found.fuzzy:
            yield f"fuzzy: {place}"
        elif any(_gaps([text]) != _gaps(_ids(wanted)) for text in _strings(found)):
            yield f"lost a gap: {place}"


def _ids(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, list | tuple) else [str(message.id)]


def _strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, list | tuple) else [str(message.string)]


def _gaps(texts: Iterable[str]) -> set[str]:
    return {a or b for text in texts for a, b in GAPS.findall(text)}


def _start(message: Message) -> str:
    return _ids(message)[0][:60]
