"""The words of each language, from the PO files of translators. Dutch is the source and needs no catalogue."""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from bot.content import LOCALES
from bot.flow import FlowError

SOURCE = "nl"


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Marks a text for translation where it stands; it is translated where it is used."""
    return message


@cache
def direction(language: str) -> str:
    """``ltr``, or ``rtl`` for a language that is written from right to left."""
    return str(Locale.parse(language).text_direction)


def po_path(language: str, directory: Path = LOCALES) -> Path:
    """Where a language's catalogue stands."""
    return directory / language / "LC_MESSAGES" / "messages.po"


def read_catalogue(language: str, directory: Path = LOCALES) -> Catalog:
    """The catalogue as translators left it. Raises FlowError with file, line and reason."""
    path = po_path(language, directory)
    try:
        with path.open("rb") as file:
            return read_po(file, locale=language, abort_invalid=True)
    except PoFileError as error:
        raise FlowError([f"{language}/{path.name}:{error.lineno}: {error}"]) from error
    except (OSError, ValueError) as error:
        raise FlowError([f"{language}/{path.name}:0: {error}"]) from error


class Catalogues:
    """Every language's words. A text without a translation is said in Dutch; the content check keeps that out."""

    def __init__(self, languages: Iterable[str], directory: Path = LOCALES) -> None:
        self._by_language = {code: _translations(code, directory) for code in languages}

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language that has words here."""
        return tuple(self._by_language)

    def text(self, language: str, message: str, context: str = "") -> str:
        """The words of ``message`` in a language; ``context`` tells apart the same Dutch words of several steps."""
        found = self._of(language)
        return found.pgettext(context, message) if context else found.gettext(message)

    def plural(self, language: str, one: str, many: str, n: int) -> str:
        """The words for ``n`` things."""
        return self._of(language).ngettext(one, many, n)

    def _of(self, language: str) -> gettext.NullTranslations:
        return self._by_language.get(language) or self._by_language[SOURCE]


def _translations(language: str, directory: Path) -> gettext.NullTranslations:
    if language == SOURCE:
        return gettext.NullTranslations()
    path = po_path(language, directory)
    return _compiled(language, directory, path.stat().st_mtime_ns if path.exists() else 0)


@cache
def _compiled(language: str, directory: Path, _written_at: int) -> gettext.NullTranslations:
    """A catalogue ready to look up in. Conversation and console share it; it is read anew when its file changed."""
    compiled = BytesIO()
    write_mo(compiled, read_catalogue(language, directory))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
