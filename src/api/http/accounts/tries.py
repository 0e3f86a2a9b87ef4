"""Proofs that are counted: a wrong one makes the account wait before the next is looked at."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Literal
from uuid import UUID

from api.account_cases import AccountCases
from api.account_views import Limit
from commands.accounts.user import User

MAILS_TO_ONE: Final = Limit(5, 3600)
"""How often anybody may have a mail sent to one address."""


@contextmanager
def counted(
    cases: AccountCases, what: Literal["password", "second factor"], email_digest: str
) -> Iterator[None]:
    """Count what is tried meanwhile as wrong, unless it ends without a refusal.

    Raises:
        TooManyTries: the wait after the last wrong one is not over.

    """
    tries = cases.digests.of_caller(what, email_digest)
    cases.throttle.attempt(tries)
    yield
    cases.throttle.succeed(tries)


def prove_password(cases: AccountCases, user_id: UUID, password: str) -> User:
    """Return the user, who knows the password.

    Raises:
        WrongPassword, TooManyTries: as the names say.

    """
    with counted(cases, "password", cases.users.find(user_id).email_digest):
        return cases.users.credentials.prove(user_id, password)
