"""A person is done with a conversation: the bot goes on where it stood."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.messages import Mode, Urn
from bot.people import hand_back
from bot.service.around import scene_for
from bot.service.case_views import ways_to
from bot.service.facts import facts
from bot.service.holding import way_over
from bot.service.house import House
from bot.service.nudging import first_nudge
from bot.service.reaching import Way, put
from bot.steps import fitted
from bot.store import contacts, messages


def go_on(house: House, connection: Connection, case: Row[Any], now: datetime, *, quiet: bool = False) -> None:
    """Gives the conversation to the bot. ``quiet``: it waits to be written to. The caller holds the contact's lock."""
    session = contacts.open_session(connection, case.contact_id)
    if session is None:
        return
    channel = "" if quiet else _written_channel(house, connection, case.contact_id)
    known = facts(contacts.addresses(connection, case.contact_id), None)
    scene = scene_for(house, connection, case.contact_id, channel or _any_written(house), known, now)
    turn = hand_back(fitted(session, scene), scene)
    nudge_at = None if quiet else first_nudge(turn.session, now)
    contacts.save_session(connection, case.contact_id, session, turn.session, now, nudge_at)
    if channel:
        way = way_over(house, connection, case.contact_id, channel)
        to = Way(way.channel, Urn.parse(way.urn))
        put(house, connection, case.contact_id, to, turn.prompts, scene, turn.session, now)


def _any_written(house: House) -> str:
    """A channel to think in where nothing is said."""
    written = [channel.name for channel in house.channels.values() if channel.mode is not Mode.VOICE]
    return next(iter(written), next(iter(house.channels)))


def _written_channel(house: House, connection: Connection, contact_id: int) -> str:
    """The channel to say goodbye over: the last one, if it carries writing; nobody is called for that."""
    last = messages.last_channel(connection, contact_id)
    fits = any(way.channel == last and way.usable for way in ways_to(house, connection, contact_id))
    return last if fits and house.channels[last].mode is not Mode.VOICE else ""
