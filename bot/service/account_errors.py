"""What cannot be done with an account, one type for each reason. The message is for the command line."""

from __future__ import annotations

from collections.abc import Sequence


class AccountError(Exception):
    """Something that cannot be done with an account."""


class NoSuchAccount(AccountError):
    """There is no such account."""

    def __init__(self) -> None:
        super().__init__("there is no account of that name")


class NameTaken(AccountError):
    """Somebody else logs in under that name."""

    def __init__(self) -> None:
        super().__init__("there is an account of that name already")


class BadName(AccountError):
    """The name is empty, or longer than ``LONGEST_NAME`` characters."""

    def __init__(self) -> None:
        super().__init__("the name is empty or too long")


class BadLogin(AccountError):
    """The name to log in with is empty, or longer than ``LONGEST_NAME`` characters."""

    def __init__(self) -> None:
        super().__init__("the name to log in with is empty or too long")


class BadNumber(AccountError):
    """No telephone number that can be called without special cost."""

    def __init__(self) -> None:
        super().__init__("this is no ordinary telephone number")


class BadLimit(AccountError):
    """No number of open cases that makes sense."""

    def __init__(self) -> None:
        super().__init__("the most open cases: a number from 1 to 99")


class BadLanguage(AccountError):
    """The console does not speak that language."""

    def __init__(self) -> None:
        super().__init__("the console does not speak that language")


class NoSuchTeam(AccountError):
    """There is no such team."""

    def __init__(self, wrong: Sequence[str], known: Sequence[str]) -> None:
        super().__init__(f"no such team: {', '.join(wrong)}; there are {', '.join(known)}")


class TooShort(AccountError):
    """A password of too few characters."""

    def __init__(self, shortest: int) -> None:
        super().__init__(f"a password has at least {shortest} characters")


class SamePassword(AccountError):
    """The new password is the old one."""

    def __init__(self) -> None:
        super().__init__("the new password is the old one")


class LastAdministrator(AccountError):
    """Without this one nobody could make and change accounts."""

    def __init__(self) -> None:
        super().__init__("this is the last administrator")


class Oneself(AccountError):
    """One does not close one's own account, nor change one's own role."""

    def __init__(self) -> None:
        super().__init__("this is your own account")


class WrongPassword(Exception):
    """No account of that name with that password: which of the two is not said."""


class WrongCode(Exception):
    """Not the code of now, or one that was used."""


class NotEnrolling(Exception):
    """There is no second factor to confirm: none was begun, or it is on already."""


class NoAccountHere(Exception):
    """Whoever the identity service says this is has no account here, or one that is closed."""


class AnothersIdentity(Exception):
    """That person of the identity service belongs to another account."""


class TooManyTries(Exception):
    """``retry_after`` seconds from now it can be tried again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many tries")
        self.retry_after = retry_after
