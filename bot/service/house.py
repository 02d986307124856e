"""What every service function needs: the store, the flow, the words, the clock. Made once at start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot import content
from bot.catalogues import Catalogues
from bot.flow import Flow
from bot.matching import Matcher
from bot.meetings import Office
from bot.messages import Mode
from bot.safety import ALARMS, Helpline, lines_for
from bot.store.engine import Store
from bot.wording import Context, Wording

BELGIUM = ZoneInfo("Europe/Brussels")


@dataclass(frozen=True, slots=True)
class ChannelInfo:
    """What the conversation has to know of a channel: how words travel, whose addresses it reaches, our own address."""

    name: str
    mode: Mode
    scheme: str
    account: str


@dataclass(frozen=True, slots=True)
class House:
    """The parts the services work with."""

    store: Store
    flow: Flow
    matcher: Matcher
    wording: Wording
    helplines: tuple[Helpline, ...]
    channels: Mapping[str, ChannelInfo]
    now: Callable[[], datetime]
    languages: tuple[str, ...]
    offices: Mapping[str, Office] = field(default_factory=dict)

    @property
    def complete(self) -> tuple[str, ...]:
        """The languages that the bot speaks itself; in the others people get a person at once."""
        return tuple(language for language in self.languages if language not in self.flow.prepared)

    def context(self, language: str, *, young: bool, text: str = "") -> Context:
        """What fills the gaps of texts at this moment."""
        here = self.now().astimezone(BELGIUM)
        lines = {alarm: lines_for(alarm, language, here, self.helplines, young=young) for alarm in ALARMS}
        return Context(lines, text)


def build(
    store: Store,
    channels: Iterable[ChannelInfo],
    languages: tuple[str, ...],
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> House:
    """The house from its content files. Raises FlowError when one cannot be used."""
    return House(
        store=store,
        flow=content.load_intake().spoken_in(languages),
        matcher=content.load_matcher(),
        wording=Wording(Catalogues(languages), content.load_transliteration()),
        helplines=content.load_helplines(),
        channels={channel.name: channel for channel in channels},
        now=now,
        languages=languages,
    )
