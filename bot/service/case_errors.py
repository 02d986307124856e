"""What cannot be done with a case, one type for each reason."""

from __future__ import annotations


class CaseError(Exception):
    """Something that cannot be done with a case now."""


class NoSuchCase(CaseError):
    """There is no such case."""


class AlreadyClaimed(CaseError):
    """Somebody else has it; ``owner`` is the name."""

    def __init__(self, owner: str) -> None:
        super().__init__("claimed by somebody else")
        self.owner = owner


class NotYours(CaseError):
    """Only the person who claimed a case can answer in it or give it back."""


class CaseClosed(CaseError):
    """The case is closed."""


class CaseStillOpen(CaseError):
    """The case is open: there is nothing to open again."""


class OtherCaseOpen(CaseError):
    """The contact has another case that is open: ``case_id``."""

    def __init__(self, case_id: int) -> None:
        super().__init__("another case is open")
        self.case_id = case_id


class UnknownOutcome(CaseError):
    """Nothing was chosen that a conversation can come to."""


class EmptyNote(CaseError):
    """There is nothing to note."""


class NoSuchContact(CaseError):
    """There is no such person to join, or not for this counsellor."""


class SameContact(CaseError):
    """It is the same person already."""


class NothingToUndo(CaseError):
    """There is no merge that this counsellor can take back now."""


class NoSuchColleague(CaseError):
    """Nobody was chosen, or somebody, or a team, that cannot take it."""


class BadMoment(CaseError):
    """No moment, one that is over, or one that is too far away."""


class EmptyReply(CaseError):
    """There is nothing to send."""


class TooLong(CaseError):
    """More characters than the ``longest`` that fits."""

    def __init__(self, longest: int = 0) -> None:
        super().__init__("too long")
        self.longest = longest


class TooManyPieces(CaseError):
    """More pieces of an SMS than anybody gets: ``pieces``, where ``most`` is the most."""

    def __init__(self, pieces: int, most: int) -> None:
        super().__init__("too many pieces")
        self.pieces = pieces
        self.most = most


class OpenGaps(CaseError):
    """A ready answer whose gaps are not filled: ``gaps``, as they stand in it."""

    def __init__(self, gaps: str) -> None:
        super().__init__("gaps that are not filled")
        self.gaps = gaps


class NewerMessage(CaseError):
    """The contact wrote after what the form had on its page."""


class NothingToRepeat(CaseError):
    """There is no message of a counsellor of that number that did not arrive."""


class NoSuchDraft(CaseError):
    """That colleague has nothing ready any more."""


class NoSuchChannel(CaseError):
    """The contact cannot be reached over that channel, or does not want to be."""


class AlreadySent(CaseError):
    """The form was sent before, with other words: these were not sent."""


class NoRecording(CaseError):
    """The message is not of this case, or nothing was recorded in it."""


class AssignmentUnknown(CaseError):
    """There is no such assignment."""


class EmptyTitle(CaseError):
    """Something on a path needs a name."""


class AlreadyOnPath(CaseError):
    """It stands on the path: once is enough."""


class NoSuchItem(CaseError):
    """There is no such thing on the path, or it is behind the contact."""


class NotYetYours(CaseError):
    """Somebody else comes first for this case; ``moment`` is when it is open to you."""

    def __init__(self, moment: object) -> None:
        super().__init__("somebody else comes first")
        self.moment = moment


class UnknownProgramme(CaseError):
    """No programme was chosen, or one that is not in the catalogue."""


class NoWhy(CaseError):
    """Who changes a proposal says why."""


class NoOwnTelephone(CaseError):
    """Who calls needs a telephone that rings first: none stands with the account."""


class TooCostly(CaseError):
    """A number that costs a fortune, or that is none."""


class AlreadyCalling(CaseError):
    """A call of this case, or of this counsellor, is under way."""


class NoAttachment(CaseError):
    """The file is not of this case's contact, or there is nothing to show of it."""


class EnoughCases(CaseError):
    """No more cases at once than ``most``: somebody who has too many helps nobody."""

    def __init__(self, most: int) -> None:
        super().__init__("as many open cases as one may have")
        self.most = most


class NobodyWaits(CaseError):
    """There is no case that this person can take now."""
