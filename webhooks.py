"""The front door: ``create_app()``, and one short view per door: verify → parse → receive → answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

import structlog
from flask import Blueprint, Flask, Response, current_app, jsonify, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

import openid
from api import create_api
from bot import config, logs
from bot.calls import CallState, Report, Telephone
from bot.catalogues import Catalogues
from bot.config import Settings, SettingsError
from bot.messages import Next, NotForUs, Outcome, Said, Unreadable
from bot.service import calendars, calling, turns
from bot.service import house as houses
from bot.service.house import ChannelInfo, House
from bot.service.receipts import receipt as take_receipt
from bot.store import migrate
from bot.store.engine import AWAY, Store
from channels import telegram as telegram_channel
from channels import twilio
from channels import voice as voice_channel
from channels.cleaning import clean
from channels.registry import Registry, from_settings
from channels.segments import sms_segments
from channels.sms import Sms
from channels.voice import VOICES
from channels.whatsapp import WhatsApp
from console import create_console, no_recordings

LARGEST_BODY = 256 * 1024
"""Bytes. The largest real update or form is a tenth of this."""

DOORS = frozenset({"sms", "whatsapp", "voice", "telegram", "receipts"})
"""First parts of the addresses that providers come to."""

LONGEST_ASIDE = 16_000
"""Characters kept of what we could not read."""

XML = "text/xml; charset=utf-8"
log = structlog.get_logger("doors")
doors = Blueprint("doors", __name__)
operators = Blueprint("operators", __name__)
Door = TypeVar("Door")


@dataclass(frozen=True, slots=True)
class Parts:
    """What the doors need, kept on the application."""

    settings: Settings
    house: House
    channels: Registry


def _parts() -> Parts:
    parts: Parts = current_app.extensions["drempelvrij"]
    return parts


class Part(StrEnum):
    """What can be served by a process of its own: a busy console then never keeps a provider waiting."""

    WEBHOOKS = "webhooks"
    CONSOLE = "console"


class Refused(Exception):
    """A request that is not what it says it is: ``status`` is answered, nothing is stored."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def channel_infos(channels: Registry) -> list[ChannelInfo]:
    """What the conversation has to know of each channel."""
    return [ChannelInfo(c.name, c.mode, c.scheme, c.account, c.fetches, c.measure, c.window) for c in channels]


def build_house(settings: Settings) -> House:
    """The house that the settings describe. Raises FlowError."""
    infos = channel_infos(from_settings(settings))
    return houses.build(Store(settings.database_url), infos, settings.languages)


def create_app(
    settings: Settings | None = None,
    house: House | None = None,
    *,
    only: Part | None = None,
    embeddable: bool = False,
    demo_login: tuple[str, str] | None = None,
) -> Flask:
    """The application. Raises SettingsError or FlowError when it cannot start as it should.

    ``only``: one part of it, for a process of its own. ``embeddable`` and ``demo_login`` are for the demo alone: the
    console in a frame, its password on the page.
    """
    settings = settings or config.load()
    logs.configure(settings.log_level)
    channels = from_settings(settings)
    parts = Parts(settings, house or build_house(settings), channels)
    if channels.voice is not None and (mute := set(parts.house.complete) - set(VOICES)):
        raise SettingsError(f"LANGUAGES: no voice for {', '.join(sorted(mute))}; the telephone would fall silent")
    app = _empty(parts)
    app.register_blueprint(operators)
    if only is not Part.CONSOLE:
        _add_doors(app, parts)
    if only is not Part.WEBHOOKS:
        _add_console(app, parts, embeddable=embeddable, demo_login=demo_login)
    _tell_what_is_off(settings)
    return app


def only_webhooks() -> Flask:
    """What programs come to, alone: providers, the organisation's other systems, calendars. As ``create_app``."""
    return create_app(only=Part.WEBHOOKS)


def only_console() -> Flask:
    """The counsellors' pages, alone. As ``create_app``."""
    return create_app(only=Part.CONSOLE)


def _empty(parts: Parts) -> Flask:
    app = Flask(__name__, template_folder="templates", static_folder=None)
    app.extensions["drempelvrij"] = parts
    _configure(app, parts.settings, secure=_secure(parts.settings))
    proxies = parts.settings.trusted_proxies
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0)  # type: ignore[method-assign]
    CSRFProtect(app)
    return app


def _secure(settings: Settings) -> bool:
    return settings.public_url.startswith("https://")


def _add_doors(app: Flask, parts: Parts) -> None:
    csrf: CSRFProtect = app.extensions["csrf"]
    csrf.exempt(doors)
    app.register_blueprint(doors)
    if token := parts.settings.api_token.get_secret_value():
        api = create_api(parts.house, token)
        csrf.exempt(api)
        app.register_blueprint(api, url_prefix="/api/v1")


def _add_console(app: Flask, parts: Parts, *, embeddable: bool, demo_login: tuple[str, str] | None) -> None:
    settings, voice = parts.settings, parts.channels.voice
    console = create_console(
        parts.house,
        Catalogues(parts.house.complete),
        secure_cookies=_secure(settings),
        embeddable=embeddable,
        segments=sms_segments,
        calendar_address=lambda token: f"{settings.public_url}/calendar/{token}.ics",
        fetch=voice.fetch if voice is not None else no_recordings,
        demo_login=demo_login,
        two_factor_required=settings.two_factor == "required",
        identity=openid.from_settings(settings),
    )
    app.register_blueprint(console, url_prefix="/console")


def _configure(app: Flask, settings: Settings, *, secure: bool) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_PARTS=200,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_NAME="drempelvrij",
        WTF_CSRF_TIME_LIMIT=None,  # a form stays good as long as the login does
    )


def _tell_what_is_off(settings: Settings) -> None:
    for channel, names in settings.missing().items():
        log.warning("channel_off", channel_name=channel, missing=names)


# Doors


@doors.post("/sms")
def sms() -> Response:
    """A text message from Twilio."""
    return _texted(_on(_parts().channels.sms))


@doors.post("/whatsapp")
def whatsapp() -> Response:
    """A WhatsApp message from Twilio."""
    return _texted(_on(_parts().channels.whatsapp))


def _texted(channel: Sms | WhatsApp) -> Response:
    _signed(channel.verify)
    _received(channel.name, request.form.get("MessageSid", ""), lambda: channel.parse(request.form))
    return Response(channel.answer(), content_type=XML)


@doors.post("/voice", defaults={"turn": 0})
@doors.post("/voice/turn/<int:turn>")
def voice(turn: int) -> Response:
    """A call, and each turn of it."""
    channel = _on(_parts().channels.voice)
    _signed(channel.verify)
    sid = f"{request.form.get('CallSid', '')}:{turn}"
    outcome = _received(channel.name, sid, lambda: channel.parse(request.form, turn))
    said = outcome.said or turns.outage(_parts().house)  # nobody is hung up on without a word
    return Response(channel.render(said, turn + 1), content_type=XML)


@doors.post("/voice/fallback")
def outage() -> Response:
    """Twilio comes here when our own answer failed: the caller hears a number where people are."""
    channel = _on(_parts().channels.voice)
    _signed(channel.verify)
    log.warning("outage", door="voice", code=clean(request.form.get("ErrorCode", ""))[:8])
    return Response(channel.render(turns.outage(_parts().house), 0), content_type=XML)


@doors.post("/voice/bridge/<token>")
def bridge(token: str) -> Response:
    """A counsellor who wants to call picked up the own telephone, or a mailbox did: a key tells which."""
    channel = _on(_parts().channels.voice)
    _signed(channel.verify)
    words = calling.picked_up(_parts().house, token)
    if words is None:
        return _hung_up(channel, token, calling.NOT_NOW)
    return Response(channel.ask_key(Said(*words), token), content_type=XML)


@doors.post("/voice/bridge/<token>/key")
def bridge_key(token: str) -> Response:
    """A key was pressed there: the contact's telephone is rung."""
    channel = _on(_parts().channels.voice)
    _signed(channel.verify)
    wanted = calling.pressed(_parts().house, token, request.form.get("Digits", ""))
    if wanted is None:
        return bridge(token)
    return Response(channel.connect(wanted, token), content_type=XML)


@doors.post("/voice/bridge/<token>/over")
def bridge_over(token: str) -> Response:
    """The contact's telephone is put down, or was never picked up: the counsellor hears which."""
    channel = _on(_parts().channels.voice)
    _signed(channel.verify)
    state = _reported(token, twilio.parse_dial)
    return _hung_up(channel, token, calling.OUTCOMES.get(state, calling.NOT_NOW) if state else calling.NOT_NOW)


@doors.post("/voice/bridge/<token>/<any(own, theirs):whose>")
def bridge_report(token: str, whose: str) -> Response:
    """How one of the two telephones stands, from Twilio."""
    _signed(_on(_parts().channels.voice).verify)
    _reported(token, lambda form: twilio.parse_report(form, Telephone(whose)))
    return Response(status=204)


def _reported(token: str, parse: Callable[[Mapping[str, str]], Report | None]) -> CallState | None:
    try:
        word = parse(request.form)
    except Unreadable as error:
        _set_aside("receipts", request.form.get("CallSid", ""), error)
        return None
    if word is None:
        return None
    state = calling.reported(_parts().house, token, word)
    log.info("call", telephone=word.telephone.value, word=word.word.value, state=None if state is None else state.value)
    return state


def _hung_up(channel: voice_channel.Telephone, token: str, message: str) -> Response:
    words, language = calling.words(_parts().house, token, message)
    return Response(channel.render([Said(words, language, next=Next.HANG_UP)], 0), content_type=XML)


@doors.post("/telegram")
def telegram() -> Response:
    """An update from Telegram."""
    channel = _on(_parts().channels.telegram)
    if not channel.verify(request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")):
        raise Refused(403, "secret")
    data = _json()
    try:
        _received(channel.name, telegram_channel.update_id(data), lambda: channel.parse(data))
    except NotForUs as note:
        log.info("not_for_us", reason=note.reason)
        return jsonify(note.answer or {})
    return jsonify(channel.answer(data))


@doors.post("/receipts")
def receipts() -> Response:
    """What became of a message or a call, from Twilio."""
    channel = _parts().channels.texting
    if channel is None:
        raise Refused(404, "channel off")
    _signed(channel.verify)
    try:
        word = twilio.parse_receipt(request.form)
    except Unreadable as error:
        _set_aside("receipts", request.form.get("MessageSid") or request.form.get("CallSid", ""), error)
        return Response(status=204)
    if word is not None:
        take_receipt(_parts().house, word)
        log.info("receipt", channel=word.channel, status=word.status.value, code=word.code)
    return Response(status=204)


def _json() -> Any:
    """The body, or None when it is no JSON, or too deep to be an update."""
    try:
        return request.get_json(force=True, silent=True)
    except RecursionError:
        return None


def _on(channel: Door | None) -> Door:
    if channel is None:
        raise Refused(404, "channel off")
    return channel


def _signed(verify: Callable[[str, Mapping[str, Any], str], bool]) -> None:
    query = request.query_string.decode("utf-8", "replace")
    path = f"{request.path}?{query}" if query else request.path
    if not verify(path, request.form, request.headers.get("X-Twilio-Signature", "")):
        raise Refused(403, "signature")


def _received(channel: str, name: str, parse: Callable[[], Any]) -> Outcome:
    """Parses and stores one message; what cannot be read is kept for people, and answered as taken.

    So is what makes us stumble: a provider that is refused sends it again and again, and holds back what comes after.
    """
    try:
        inbound = parse()
    except Unreadable as error:
        _set_aside(channel, name, error)
        return Outcome()
    try:
        outcome = turns.receive(_parts().house, inbound)
    except AWAY:
        raise  # nothing can be stored: the provider has to come again
    except Exception as error:
        log.exception("turn_crashed", channel=channel, error=type(error).__name__)
        _set_aside(channel, name, Unreadable("crashed"))
        return Outcome()
    log.info("received", channel=channel, message_id=outcome.message_id, repeated=outcome.repeated)
    return outcome


def _set_aside(channel: str, name: str, error: Unreadable) -> None:
    """Kept under the provider's name and its own content: neither a nameless one nor a second one is dropped."""
    body = clean(_body()[:LONGEST_ASIDE], LONGEST_ASIDE)
    digest = hashlib.sha256(body.encode()).hexdigest()[:16]
    turns.set_aside(_parts().house, channel, f"{clean(name)[:200]}#{digest}", error.reason, body)
    log.warning("set_aside", channel=channel, reason=error.reason)


def _body() -> str:
    """What came in, as text; of a form its fields, because reading them used up the body."""
    if request.form:
        return urlencode(list(request.form.items(multi=True)), errors="replace")
    return request.get_data().decode("utf-8", "replace")


# Calendars


@doors.get("/calendar/<token>.ics")
def calendar(token: str) -> Response:
    """A counsellor's meetings, for a calendar program that has the secret address; nothing if it has them already."""
    whole = calendars.feed(_parts().house, token)
    if whole is None:
        raise Refused(404, "address")
    response = Response(whole, content_type="text/calendar; charset=utf-8")
    response.headers.update({"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"})
    response.add_etag()
    response.make_conditional(request)
    return response


# Operators


@operators.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@operators.get("/readyz")
def readyz() -> tuple[Response, int]:
    """The store answers and has every migration."""
    store = _parts().house.store
    try:
        ready = migrate.is_current(store)
    except Exception:
        log.exception("store_unreachable")
        ready = False
    return jsonify(status="ok" if ready else "not ready"), 200 if ready else 503


# What goes wrong


@doors.errorhandler(Refused)
def refused(error: Refused) -> Response:
    """One line in the log, without the body and without an address."""
    log.warning("refused", door=request.path.split("/")[1], reason=error.reason, status=error.status)
    return Response(status=error.status)


@doors.errorhandler(HTTPException)
def http_error(error: HTTPException) -> Response:
    """Too large, or broken on the way."""
    log.warning("refused", door=request.path.split("/")[1], reason=error.name, status=error.code)
    return Response(status=error.code)


@doors.app_errorhandler(405)
def wrong_method(error: HTTPException) -> Response | HTTPException:
    """A door asked in another way than its provider's; pages elsewhere answer for themselves."""
    if request.path.split("/")[1] not in DOORS:
        return error
    return http_error(error)


@doors.errorhandler(Exception)
def crashed(error: Exception) -> Response:
    """Nothing was stored: the provider has to come again."""
    log.error("door_failed", door=request.path.split("/")[1], error=type(error).__name__)
    return Response(status=500)
