"""What a caller left on the line, to be heard by a counsellor."""

from __future__ import annotations

from flask import Response, abort
from flask.typing import ResponseReturnValue

from bot.messages import SendError
from bot.service import case_views
from bot.service.case_errors import NoRecording
from console.context import CASE, Console, Routes

_NOT_YET = 503
_TRY_AGAIN = "5"
"""Seconds: a provider tells of a recording before it has it ready."""


def recording(console: Console, case_id: int, message_id: int) -> ResponseReturnValue:
    """The sound, fetched from the provider and kept nowhere; 503 while the provider does not have it ready."""
    try:
        reference = case_views.recording(console.house, case_id, message_id)
    except NoRecording:
        abort(404)
    try:
        sound = console.fetch(reference)
    except SendError as error:
        if not error.retryable:
            abort(404)
        return Response(status=_NOT_YET, headers={"Retry-After": _TRY_AGAIN})
    return Response(sound, content_type="audio/wav")


ROUTES: Routes = ((f"{CASE}/recordings/<int:message_id>", "recording", recording, "GET"),)
