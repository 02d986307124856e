"""Goes to the places of the table in a real browser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.store import accounts
from tests.console.browsing import Wire, log_in
from tests.console.places import Place, World

WIDE, NARROW, ENLARGED = (1280, 800), (360, 740), (320, 256)
"""The smallest is a screen of 1280 by 1024 enlarged to 400 %."""


class Walker:
    """Goes to places, each with a login of its own that is made once."""

    def __init__(self, browser: Any, built: Mapping[bool, World], **how: Any) -> None:
        self.built = built
        self._browser = browser
        self._how = how
        self._logins: dict[tuple[bool, str], Any] = {}

    def at(self, place: Place, size: tuple[int, int] = WIDE, watch: bool = False, **how: Any) -> Any:
        """A new page in a browser without anything kept; ``wire`` on it counts when it is watched."""
        world = self.built[place.empty]
        context = self._browser.new_context(
            base_url=world.address,
            viewport={"width": size[0], "height": size[1]},
            storage_state=self.login(place),
            **{"locale": "nl-BE", **self._how, **how},
        )
        page = context.new_page()
        page.wire = Wire(page) if watch else None
        answers: list[int] = []
        page.on("response", lambda answer: answers.append(answer.status) if _is_page(answer) else None)
        page.goto(f"/console/{place.path.format(**world.numbers)}")
        if place.do is not None:
            place.do(page)
        assert answers[-1] == place.status, answers
        return page

    def login(self, place: Place) -> Any:
        """What a browser keeps of a login there; None for nobody."""
        key = (place.empty, place.who)
        if place.who and key not in self._logins:
            context = self._browser.new_context(base_url=self.built[place.empty].address, locale="nl-BE")
            page = context.new_page()
            log_in(page, place.who)
            self._logins[key] = context.storage_state()
            context.close()
        return self._logins.get(key)

    def speak(self, place: Place, language: str) -> None:
        """The pages of whoever stands there are in that language from now on."""
        world = self.built[place.empty]
        if place.who:
            with world.house.store.write() as connection:
                accounts.change(connection, world.numbers[place.who], language=language)


def _is_page(answer: Any) -> bool:
    return bool(answer.request.is_navigation_request())
