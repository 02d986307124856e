"""Telegram's HTML: checked as the Bot API checks it, and made safe to show.

Source: "Telegram Bot API: HTML style". Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

ENTITIES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
"""The only named character references Telegram knows; others stay as they are written."""
SAFE_LINKS = ("http://", "https://", "tg://", "mailto:", "tel:")


class UnreadableError(ValueError):
    """Text that the Bot API refuses with "can't parse entities"."""


@dataclass(frozen=True)
class Formatted:
    """A text without its tags, its entities in Telegram's form, and HTML with only known tags."""

    text: str
    html: str
    entities: list[dict[str, object]] = field(default_factory=list)


def utf16(text: str) -> int:
    """Length in UTF-16 units, which is how Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain(text: str) -> Formatted:
    """A text without any formatting."""
    return Formatted(text, escape(text))


def formatted(text: str) -> Formatted:
    """Parse Telegram's HTML. Raises UnreadableError."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.result()


@dataclass(frozen=True)
class _Open:
    tag: str
    entity: dict[str, object]
    start: int
    closing: str


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._text = ""
        self._html: list[str] = []
        self._open: list[_Open] = []
        self._entities: list[dict[str, object]] = []

    def result(self) -> Formatted:
        if self._open:
            raise UnreadableError(f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"')
        entities = sorted(self._entities, key=lambda entity: str(entity["offset"]).zfill(6))
        return Formatted(self._text, "".join(self._html), entities)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in ENTITIES:
            raise UnreadableError(f'Unsupported start tag "{tag}" at byte offset {self._offset()}')
        if tag == "span" and given.get("class") != "tg-spoiler":
            raise UnreadableError('Tag "span" must have class "tg-spoiler"')
        entity, opening, closing = _rendered(tag, given)
        self._html.append(opening)
        self._open.append(_Open(tag, entity, utf16(self._text), closing))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            raise UnreadableError(f"Unmatched end tag at byte offset {self._offset()}")
        opened = self._open.pop()
        self._html.append(opened.closing)
        length = utf16(self._text) - opened.start
        if length:
            self._entities.append({**opened.entity, "offset": opened.start, "length": length})

    def handle_data(self, data: str) -> None:
        if "<" in data:
            raise UnreadableError(f'Unsupported start tag "" at byte offset {self._offset()}')
        self._add(data)

    def handle_entityref(self, name: str) -> None:
        self._add(NAMED.get(name, f"&{name};"))

    def handle_charref(self, name: str) -> None:
        base, digits = (16, name[1:]) if name[:1] in "xX" else (10, name)
        try:
            self._add(chr(int(digits, base)))
        except (ValueError, OverflowError):
            self._add(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        raise UnreadableError(f'Unsupported start tag "!--" at byte offset {self._offset()}')

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)

    def handle_pi(self, data: str) -> None:
        self.handle_comment(data)

    def unknown_decl(self, data: str) -> None:
        self.handle_comment(data)

    def _add(self, text: str) -> None:
        self._text += text
        self._html.append(escape(text))

    def _offset(self) -> int:
        return len(self._text.encode("utf-8", "surrogatepass"))


def _rendered(tag: str, given: dict[str, str | None]) -> tuple[dict[str, object], str, str]:
    """The entity of a tag, and its safe opening and closing tags."""
    kind = ENTITIES[tag]
    if tag == "a":
        address = given.get("href") or ""
        safe = address.lower().startswith(SAFE_LINKS)
        opening = f'<a href="{escape(address)}">' if safe else "<u>"
        return {"type": kind, "url": address}, opening, "</a>" if safe else "</u>"
    if kind == "spoiler":
        return {"type": kind}, '<span class="tg-spoiler">', "</span>"
    return {"type": kind}, f"<{tag}>", f"</{tag}>"
