"""What cannot be done with a meeting, one type for each reason."""

from __future__ import annotations

from datetime import datetime


class MeetingError(Exception):
    """Something that cannot be done with a meeting."""


class NoSuchMeeting(MeetingError):
    """There is no such meeting, it was called off, or it has begun."""


class NotAGroup(MeetingError):
    """Only people of a group are invited: a talk is picked by who wants one."""


class CannotPublish(MeetingError):
    """These times cannot be offered. Nothing was published."""


class BadTimes(CannotPublish):
    """Something in the form makes no sense; ``field`` says what."""

    def __init__(self, field: str) -> None:
        super().__init__(f"cannot be so: {field}")
        self.field = field


class PublicHoliday(CannotPublish):
    """Nobody works that day, unless it is said that they do."""


class OutsideHours(CannotPublish):
    """The office is closed then, unless it is said that it is open."""


class TooSoon(CannotPublish):
    """It has begun, or begins so soon that nobody could book it."""


class Overlaps(CannotPublish):
    """There is another meeting then; ``starts_at`` is when that one begins."""

    def __init__(self, starts_at: datetime) -> None:
        super().__init__("there is another meeting then")
        self.starts_at = starts_at
