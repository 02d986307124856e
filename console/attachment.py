"""Files that a contact sent. What a browser does with each is decided here, by our own table, never by the file."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from bot.attachments import FileKind, Shown
from bot.service import attachments
from bot.service.attachments import File
from bot.service.case_errors import NoAttachment
from console.context import CASE, Console, Routes

SANDBOX = "default-src 'none'; sandbox"
"""Whatever is in the file, nothing of it runs: no script, no form, no page of ours around it."""


def attachment(console: Console, case_id: int, attachment_id: int) -> ResponseReturnValue:
    """The file. Pictures, sound and video are shown in place, anything else is only saved."""
    return _sent(console, case_id, attachment_id, small=False)


def thumbnail(console: Console, case_id: int, attachment_id: int) -> ResponseReturnValue:
    """A picture, small."""
    return _sent(console, case_id, attachment_id, small=True)


def _sent(console: Console, case_id: int, attachment_id: int, *, small: bool) -> Response:
    try:
        found = attachments.of_case(console.house, case_id, attachment_id, small=small)
    except NoAttachment:
        abort(404)
    answer = Response(found.content, content_type=_type(found.kind))
    answer.headers["Content-Disposition"] = disposition(found, f"{case_id}-{attachment_id}")
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.make_conditional(request, accept_ranges=True, complete_length=len(found.content))
    return answer


def _type(kind: FileKind) -> str:
    return f"{kind.content_type}; charset=utf-8" if kind.content_type.startswith("text/") else kind.content_type


def disposition(found: File, nameless: str) -> str:
    """Shown or saved, and under which name (RFC 6266): plain for old browsers, in full for the others."""
    how = "attachment" if found.kind.shown is Shown.DOWNLOAD else "inline"
    name = found.name or f"{nameless}{found.kind.ending}"
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " ._-()") else "_" for c in name)
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


ROUTES: Routes = (
    (f"{CASE}/attachments/<int:attachment_id>", "attachment", attachment, "GET"),
    (f"{CASE}/attachments/<int:attachment_id>/small", "attachment_small", thumbnail, "GET"),
)
