"""WhatsApp through its door: one person with one telephone, STOP for both, and a day in which answers arrive."""

from __future__ import annotations

from itertools import count

import pytest

from bot.messages import Urn
from bot.service.case_views import ways_to
from bot.service.reaching import Way, way_to
from bot.store import contacts, schema
from tests.channels.shapes import AN, BEN, OURS, Form, message_receipt, sms_form, whatsapp_form
from tests.conftest import Clock
from tests.doors.conftest import Front

_number = count(1)
HERE = f"whatsapp:{OURS}"
SMS, WHATSAPP = Way("sms", Urn("tel", AN)), Way("whatsapp", Urn("whatsapp", AN))


def fresh(form: Form) -> Form:
    """A form of a message that did not come before."""
    return {**form, "MessageSid": f"SM{next(_number):032x}"}


def whatsapp(front: Front, text: str) -> None:
    """An writes over WhatsApp."""
    assert front.twilio("/whatsapp", fresh(whatsapp_form(text))).status_code == 200


def sms(front: Front, text: str, sender: str = AN) -> None:
    """Somebody sends a text message."""
    assert front.twilio("/sms", fresh(sms_form(text, From=sender))).status_code == 200


def way(front: Front, contact_id: int = 1) -> Way | None:
    """How a contact would be written to now."""
    with front.house.store.read() as connection:
        return way_to(front.house, connection, contact_id)


def stopped(front: Front) -> dict[str, bool]:
    """Which addresses of An want no messages."""
    with front.house.store.read() as connection:
        return {str(address.urn): address.stopped for address in contacts.addresses(connection, 1)}


def test_a_message_is_answered_over_whatsapp(front: Front) -> None:
    whatsapp(front, "hallo")
    assert {(row.channel, row.urn, row.account) for row in front.said("out")} == {("whatsapp", f"whatsapp:{AN}", HERE)}
    assert way(front) == WHATSAPP


def test_who_is_known_by_sms_is_the_same_person(front: Front) -> None:
    """And the other way round: no second case, the same counsellor."""
    sms(front, "hallo")
    whatsapp(front, "1")
    sms(front, "1")
    assert front.count(schema.contacts) == 1
    assert [(row.channel, row.step) for row in front.said("in")][1:] == [("whatsapp", "language"), ("sms", "name")]


def test_the_number_behind_it_can_be_called_and_texted(front: Front) -> None:
    whatsapp(front, "hallo")
    (contact,) = front.rows(schema.contacts)
    assert contact.phone == AN
    assert set(stopped(front)) == {f"whatsapp:{AN}", f"tel:{AN}"}


def test_a_number_that_became_somebody_elses_stays_theirs(front: Front) -> None:
    """Two people were told apart after they had been taken for one."""
    whatsapp(front, "hallo")
    sms(front, "hallo", BEN)
    with front.house.store.write() as connection:
        connection.execute(schema.urns.update().where(schema.urns.c.urn == f"tel:{AN}").values(contact_id=2))
    whatsapp(front, "1")
    assert set(stopped(front)) == {f"whatsapp:{AN}"}
    assert front.count(schema.contacts) == 2


def test_stop_is_about_the_telephone_and_start_as_well(front: Front) -> None:
    whatsapp(front, "hallo")
    whatsapp(front, "STOP")
    assert stopped(front) == {f"whatsapp:{AN}": True, f"tel:{AN}": True}
    assert way(front) is None
    whatsapp(front, "START")
    assert stopped(front) == {f"whatsapp:{AN}": False, f"tel:{AN}": False}


@pytest.mark.parametrize(("hours", "expected"), [(23, WHATSAPP), (24, SMS), (24 * 30, SMS)])
def test_after_a_day_an_sms_comes_instead(front: Front, clock: Clock, hours: float, expected: Way) -> None:
    whatsapp(front, "hallo")
    clock.advance(hours=hours)
    assert way(front) == expected
    with front.house.store.read() as connection:
        shown = {way.channel: way.usable for way in ways_to(front.house, connection, 1)}
    assert shown == {"whatsapp": expected is WHATSAPP, "sms": True, "voice": True}


def test_who_writes_again_is_answered_there_again(front: Front, clock: Clock) -> None:
    whatsapp(front, "hallo")
    clock.advance(hours=30)
    whatsapp(front, "1")
    assert way(front) == WHATSAPP


def test_what_whatsapp_refuses_later_reaches_people(front: Front) -> None:
    whatsapp(front, "hallo")
    message = front.hand_over("SM" + "f" * 32)
    form = message_receipt("failed", MessageSid="SM" + "f" * 32, ErrorCode="63016", From=HERE, To=f"whatsapp:{AN}")
    assert front.twilio("/receipts", form).status_code == 204
    assert front.said("out")[0].id == message.id
    assert (front.said("out")[0].status, front.said("out")[0].code) == ("failed", "63016")
    assert [row.reason for row in front.rows(schema.cases)] == ["not_delivered"]


def test_an_alarm_is_one_here_too(front: Front) -> None:
    whatsapp(front, "ik wil niet meer leven")
    (case,) = front.rows(schema.cases)
    assert case.reason == "distress"
    assert "1813" in front.said("out")[0].text
