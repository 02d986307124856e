"""The page with the phones, and the JSON it speaks with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from playground.addresses import SMS, WHATSAPP
from playground.call import Call
from playground.faults import Fault
from playground.network import Network
from playground.page_input import PageError, maybe, need, read_body
from playground.phone import Phone
from playground.telegram_user import TelegramUser
from playground.values import Answer, NotNowError

MOST_TIMES = 1000
MOST_DELAY = 30.0
LONGEST_RECORDING = 120
Body = dict[str, Any]
View = Callable[..., ResponseReturnValue]


def spoken(view: View) -> View:
    """Turn refusals into {"error": …}: 400 garbage, 409 what cannot be done now."""

    def answer(network: Network, **path: Any) -> ResponseReturnValue:
        try:
            return view(network, **path)
        except PageError as error:
            return jsonify(error=error.words), error.status
        except NotNowError as error:
            return jsonify(error=str(error)), 409

    return answer


def index(_network: Network, settings: Mapping[str, object]) -> ResponseReturnValue:
    """The page itself."""
    return render_template("playground/index.html", settings=settings)


def default_settings(network: Network) -> dict[str, object]:
    """What the page needs to know; the demo adds its own (console login, languages)."""
    return {
        "number": network.accounts.number,
        "whatsapp": network.accounts.whatsapp,
        "bot_name": network.bot.me["first_name"],
        "console_url": f"{network.app_url}/console/",
        "phone": "+32470000001",
        "telegram_id": 4711,
        "telegram_name": "An",
        "languages": ["nl", "fr", "en"],
        "demo_login": "",
        "demo_password": "",
    }


def sms(network: Network) -> ResponseReturnValue:
    """A text message from a phone."""
    body = read_body()
    return _done(_phone(network, body).sms(need(body, "text", str)))


def whatsapp(network: Network) -> ResponseReturnValue:
    """A WhatsApp message from a phone."""
    body = read_body()
    phone = _phone(network, body)
    phone.name = maybe(body, "name", str) or phone.name
    return _done(phone.whatsapp(need(body, "text", str)))


def _phone(network: Network, body: Body) -> Phone:
    try:
        return network.phone(need(body, "from", str))
    except ValueError as error:
        raise PageError(str(error)) from None


def _done(answer: Answer) -> ResponseReturnValue:
    """What the application's door said, for the page to show when it was not well."""
    return jsonify(status=answer.status, ok=answer.ok)


def _press(user: TelegramUser, body: Body) -> Answer:
    data, message_id = need(body, "data", str), maybe(body, "message_id", int)
    return user.press(data) if message_id is None else user.press_on(message_id, data)


TELEGRAM: dict[str, Callable[[TelegramUser, Body], Answer]] = {
    "text": lambda user, body: user.send(need(body, "text", str)),
    "press": _press,
    "photo": lambda user, body: user.photo(maybe(body, "text", str)),
    "sticker": lambda user, _body: user.sticker(),
    "voice": lambda user, _body: user.voice_note(),
    "document": lambda user, _body: user.document(),
    "location": lambda user, _body: user.location(),
    "contact": lambda user, _body: user.share_contact(),
    "block": lambda user, _body: user.block(),
    "unblock": lambda user, _body: user.unblock(),
    "edit": lambda user, body: user.edit_last(need(body, "text", str)),
}


def telegram(network: Network) -> ResponseReturnValue:
    """Something done in the Telegram chat."""
    body = read_body()
    number = need(body, "user", int)
    if not 0 < number < 2**52:
        raise PageError("user is not an id")
    user = network.telegram(number)
    if name := maybe(body, "first_name", str):
        user.rename(name)
    act = TELEGRAM.get(need(body, "action", str))
    if act is None:
        raise PageError("unknown action")
    return _done(act(user, body))


def call(network: Network) -> ResponseReturnValue:
    """Ring the application's number."""
    made = _phone(network, read_body()).call()
    return jsonify(call=made.sid, status=made.status)


CALL: dict[str, Callable[[Call, Body], None]] = {
    "press": lambda call, body: call.press(need(body, "digits", str)),
    "say": lambda call, body: call.say(need(body, "text", str)),
    "silence": lambda call, _body: call.silence(),
    "record": lambda call, body: call.record(need(body, "text", str), _seconds(body)),
    "hangup": lambda call, _body: call.hang_up(),
    "pickup": lambda call, _body: call.pick_up(),
    "decline": lambda call, _body: call.decline(),
}


def _seconds(body: Body) -> int:
    return max(1, min(maybe(body, "seconds", int) or 5, LONGEST_RECORDING))


def act_on_call(network: Network, sid: str) -> ResponseReturnValue:
    """Something done on the telephone."""
    body = read_body()
    found, act = network.exchange.get(sid), CALL.get(need(body, "action", str))
    if found is None:
        raise PageError("no such call", 404)
    if act is None or not set(str(body.get("digits") or "")) <= set("0123456789*#"):
        raise PageError("unknown action or key")
    act(found, body)
    return jsonify(call=found.sid, status=found.status, waiting=found.waiting)


def feed(network: Network) -> ResponseReturnValue:
    """What happened since a cursor at one phone and in one chat."""
    after, phone = request.args.get("after", "0"), request.args.get("phone", "")
    owners = {channel.owner(channel.address(phone)) for channel in (SMS, WHATSAPP)}
    owners.add(f"telegram:{request.args.get('telegram', '')}")
    if not after.isdecimal() or len(after) > 15:
        raise PageError("after is not a cursor")
    cursor, events = network.core.feed.after(int(after), owners)
    return jsonify(cursor=cursor, events=events)


def list_faults(network: Network) -> ResponseReturnValue:
    """The faults still to come, and how receipts travel."""
    planned = [{**asdict(fault), "times": left} for fault, left in network.faults.list()]
    return jsonify(faults=planned, receipts=network.receipts.state())


def add_fault(network: Network) -> ResponseReturnValue:
    """Plan a fault."""
    body = read_body()
    delay, times = maybe(body, "delay", float) or 0.0, maybe(body, "times", int) or 1
    if not 0 <= delay <= MOST_DELAY or not 1 <= times <= MOST_TIMES:
        raise PageError("delay or times out of bounds")
    status = maybe(body, "http_status", int)
    if status is not None and not 400 <= status <= 599:
        raise PageError("http_status is not an error")
    network.faults.add(
        Fault(
            api=need(body, "api", str),
            error=maybe(body, "error", int),
            http_status=status,
            retry_after=maybe(body, "retry_after", int),
            delay=delay,
            times=times,
            to=maybe(body, "to", str),
            drop_answer=maybe(body, "drop_answer", bool) or False,
        )
    )
    return list_faults(network)


def clear_faults(network: Network) -> ResponseReturnValue:
    """All is well again."""
    read_body()
    network.faults.clear()
    return list_faults(network)


def receipts(network: Network) -> ResponseReturnValue:
    """How receipts travel from now on; what is not named stays. Ending a hold lets go of what was held."""
    body = read_body()
    policy = network.receipts
    for name in ("double", "reversed", "hold"):
        setattr(policy, name, _or(maybe(body, name, bool), getattr(policy, name)))
    late = _or(maybe(body, "late", float), policy.late)
    if not 0 <= late <= MOST_DELAY:
        raise PageError("late is out of bounds")
    policy.late = late
    if not policy.hold:
        network.release()
    return jsonify(policy.state())


def _or(given: Any, otherwise: Any) -> Any:
    return otherwise if given is None else given


def routes(network: Network, settings: Mapping[str, object]) -> list[tuple[str, str, View, tuple[str, ...]]]:
    """Rule, name, view and methods of everything the page needs."""
    shown = {**default_settings(network), **settings}
    return [
        ("/", "index", partial(index, settings=shown), ("GET",)),
        ("/phone/sms", "sms", spoken(sms), ("POST",)),
        ("/phone/whatsapp", "whatsapp", spoken(whatsapp), ("POST",)),
        ("/phone/telegram", "telegram", spoken(telegram), ("POST",)),
        ("/phone/call", "call", spoken(call), ("POST",)),
        ("/phone/call/<sid>", "act_on_call", spoken(act_on_call), ("POST",)),
        ("/phone/feed", "feed", spoken(feed), ("GET",)),
        ("/faults", "faults", spoken(list_faults), ("GET",)),
        ("/faults", "add_fault", spoken(add_fault), ("POST",)),
        ("/faults/clear", "clear_faults", spoken(clear_faults), ("POST",)),
        ("/receipts", "receipts", spoken(receipts), ("POST",)),
    ]
