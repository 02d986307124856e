"""What every service function needs: the store, the flow, the words, the clock. Made once at start."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from holidays import country_holidays

from bot import content
from bot.catalogues import Catalogues
from bot.flow import Flow
from bot.hours import BELGIUM, Hours, Openings
from bot.letters import Letter
from bot.lexicon_files import load_matcher
from bot.matching import Matcher
from bot.meetings import Office
from bot.messages import Measure, Mode
from bot.plans import Assignment
from bot.ready import ReadyAnswer
from bot.safety import ALARMS, Helpline, lines_for
from bot.store.engine import Store
from bot.teams import Team
from bot.triage import Rules
from bot.waiting import after
from bot.wording import Context, Wording


@dataclass(frozen=True, slots=True)
class ChannelInfo:
    """What the conversation has to know of a channel: how words travel, whose addresses it reaches, our own address.

    ``fetches``: the worker can fetch the files that people send over it. ``measure``: how it counts; None where nothing
    is paid by the piece. ``window``: how long after somebody's last message they can be written to; None: always.
    """

    name: str
    mode: Mode
    scheme: str
    account: str
    fetches: bool = False
    measure: Measure | None = None
    window: timedelta | None = None


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
    rules: Rules
    teams: tuple[Team, ...]
    offices: Mapping[str, Office]
    assignments: Mapping[str, Assignment]
    letters: Mapping[str, Letter]
    ready: Mapping[str, ReadyAnswer]
    sms_price: float  # euro for one segment
    openings: Openings
    holidays: Collection[date]

    @property
    def complete(self) -> tuple[str, ...]:
        """The languages that the bot speaks itself; in the others people get a person at once."""
        return tuple(language for language in self.languages if language not in self.flow.prepared)

    def programme(self, programme_id: str, language: str) -> str:
        """What counsellors call a programme; of one that the file has no more, its id."""
        programme = self.rules.programmes.get(programme_id)
        if programme is None:
            return programme_id
        return self.wording.words(programme.named, Mode.TEXT, language, f"programme/{programme_id}/name")

    def today(self) -> date:
        """The day in Belgium."""
        return self.now().astimezone(BELGIUM).date()

    def decent(self) -> bool:
        """Whether a message may go out by itself now."""
        return self.openings.outreach.is_open(self.now(), self.holidays)

    def team(self, team_id: str) -> Team | None:
        """The team of that id; None is everybody, or a team that the file has no more."""
        return next((team for team in self.teams if team.id == team_id), None)

    def hours_of(self, team: Team | None) -> Hours:
        """When a team works; None is everybody."""
        office = self.openings.office
        return office if team is None else replace(team.hours or office, closed=team.closed)

    def after(self, moment: datetime, minutes: int, team: Team | None = None) -> datetime:
        """The moment at which people of a team have been at work for so many minutes since ``moment``."""
        return after(self.hours_of(team), moment, minutes, self.holidays)

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
    flow = content.load_intake()
    return House(
        store=store,
        flow=flow.spoken_in(languages),
        matcher=load_matcher(),
        wording=Wording(Catalogues(languages), content.load_transliteration()),
        helplines=content.load_helplines(),
        channels={channel.name: channel for channel in channels},
        now=now,
        languages=languages,
        rules=content.load_rules(flow),
        teams=content.load_teams(),
        offices=content.load_offices(),
        assignments=content.load_assignments(),
        letters=content.load_letters(),
        ready=content.load_ready(),
        sms_price=content.load_price(),
        openings=content.load_hours(),
        holidays=country_holidays("BE"),
    )
