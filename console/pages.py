"""Makes pages from templates, in the language of the reader."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from babel.numbers import format_currency
from flask import g, get_flashed_messages, request, url_for
from flask_wtf.csrf import generate_csrf
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from bot.catalogues import Catalogues, direction
from bot.service.case_views import CaseRow
from bot.service.house import House
from console import moments
from console.words import Words

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
STATIC = Path(__file__).resolve().parent / "static"
FIRST_LANGUAGE = "nl"

MOST_LINES = 2000
"""Lines of the queue that are kept at hand; then the memory starts anew."""


class _Compiled(BytecodeCache):
    """Each template is compiled once for all languages: words are looked up when a page is made."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._kept.get((bucket.key, bucket.checksum))
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class Pages:
    """The console's templates. Everything put into them is escaped; a value that is missing is an error."""

    def __init__(self, house: House, catalogues: Catalogues) -> None:
        self._house = house
        self._catalogues = catalogues
        self._environments = {language: self._environment(language) for language in house.complete}
        self._words = {language: Words(catalogues, language) for language in house.complete}
        self._lines: dict[object, Markup] = {}

    @property
    def language(self) -> str:
        """The language of who is logged in; before that, the browser's."""
        user = g.get("arriving")
        wanted = user.language if user else request.accept_languages.best_match(self._environments)
        return wanted if wanted in self._environments else FIRST_LANGUAGE

    @property
    def words(self) -> Words:
        """What things are called, in the language of the reader."""
        return self._words[self.language]

    def render(self, template: str, **values: Any) -> str:
        """A template of ``templates/console`` in the language of the reader."""
        language = self.language
        page = self._environments[language].get_template(f"console/{template}")
        words = self.words
        told = {"say": words, "named": words.help, "language": language, "direction": direction(language)}
        return page.render(**told, user=g.get("user"), **values)

    def line(self, row: CaseRow, *, own: bool, me: int) -> Markup:
        """A line of the queue for the counsellor ``me``. Many pages show the same: each is made once a minute."""
        minute = int(self._house.now().timestamp()) // 60
        key = (self.language, minute, own, row.known_id == me, row.owner_id == me, row)
        made = self._lines.get(key)
        if made is None:
            if len(self._lines) >= MOST_LINES:
                self._lines.clear()
            made = self._lines[key] = Markup(self.render("_row.html", row=row, own=own, me=me))  # noqa: S704 - a template of ours
        return made

    def text(self, message: str, **values: str) -> str:
        """One sentence, with its gaps filled. Not escaped: templates do that."""
        return self.words.text(message) % values

    def clock(self, moment: datetime) -> str:
        """A moment as people say it."""
        return self._clock(self.language, moment)

    def euro(self, amount: float) -> str:
        """An amount of money."""
        return format_currency(amount, "EUR", locale=self.language)

    def _clock(self, language: str, moment: datetime) -> str:
        return moments.clock(moment, self._house.now(), language, partial(self._catalogues.text, language))

    def _environment(self, language: str) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
            bytecode_cache=_COMPILED,
        )
        environment.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
            partial(self._catalogues.text, language), partial(self._catalogues.plural, language), newstyle=True
        )
        environment.globals.update(url_for=url_for, csrf_token=generate_csrf, asset=asset, flashed=get_flashed_messages)
        environment.filters.update(
            span=lambda moment: moments.span(moment, self._house.now(), language),
            clock=partial(self._clock, language),
            exact=partial(moments.exact, language=language),
            day=partial(moments.day, language=language),
            hour=partial(moments.hour, language=language),
            euro=partial(format_currency, currency="EUR", locale=language),
        )
        return environment


def asset(name: str) -> str:
    """The address of a static file. It changes with the content, so that a browser may keep the file for good."""
    return url_for("console.static", filename=name, v=_fingerprint(name))


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
