"""Check, change and reset passwords."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from commands.accounts.password_rules import check_new_password
from commands.accounts.ports import Directory, Passwords
from commands.accounts.refusals import WrongCredentials, WrongPassword
from commands.accounts.user import User, find_user, fold
from commands.ports import Clock, Streams
from events.base import Event
from events.recorded import Origin
from events.user import (
    ACCOUNTS,
    EmailVerified,
    PasswordChange,
    PasswordChanged,
    PasswordHash,
)


@dataclass(frozen=True, slots=True)
class CheckCredentials:
    """Ask whether this is the password of the account with this e-mail address."""

    email_digest: str
    password: str


def check_credentials(
    command: CheckCredentials,
    acting: Callable[[UUID], Origin],
    *,
    streams: Streams,
    directory: Directory,
    passwords: Passwords,
    clock: Clock,
) -> User:
    """Return the user. An unknown address takes as long as a wrong password: one comparison.

    A hash that would be made otherwise today is replaced. *acting* tells on whose behalf, for the
    user who turned out to sign in.

    Raises:
        WrongCredentials: one of the two is wrong; which one is nobody's business.
        Conflict: the account moved meanwhile; decide again.

    """
    user_id = directory.user_with_email(command.email_digest)
    user = streams.load(user_id, fold, organization_id=ACCOUNTS) if user_id else None
    if not passwords.match(command.password, user.password_hash if user else None) or not user:
        raise WrongCredentials
    if passwords.is_outdated(user.password_hash):
        changed = _changed(user, command.password, "rehashed", passwords, clock)
        streams.append([changed], acting(user.id))
    return user


def check_password(
    user_id: UUID, password: str, *, streams: Streams, passwords: Passwords
) -> User:
    """Return the user, who proved to know the password.

    Raises:
        WrongPassword: it is another one.
        UserNotFound: there is no such user.

    """
    user = find_user(user_id, streams)
    if not passwords.match(password, user.password_hash):
        raise WrongPassword
    return user


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Replace the password by another one."""

    user_id: UUID
    current: str
    new: str


def change_password(
    command: ChangePassword,
    origin: Origin,
    *,
    streams: Streams,
    passwords: Passwords,
    clock: Clock,
) -> None:
    """Record the new password.

    Raises:
        WrongPassword: the current one is another.
        PasswordTooShort, PasswordTooLong, PasswordTooCommon: the new one, as the names say.
        Conflict: the account moved meanwhile; decide again.

    """
    user = check_password(command.user_id, command.current, streams=streams, passwords=passwords)
    check_new_password(command.new, email=user.email)
    streams.append([_changed(user, command.new, "changed", passwords, clock)], origin)


@dataclass(frozen=True, slots=True)
class ResetPassword:
    """Set a password without the old one: by a mailed link, or by an operator."""

    user_id: UUID
    new: str
    why: PasswordChange


def reset_password(
    command: ResetPassword,
    origin: Origin,
    *,
    streams: Streams,
    passwords: Passwords,
    clock: Clock,
) -> None:
    """Record the new password; who followed a link has shown to receive the mail, too.

    Raises:
        UserNotFound: there is no such user.
        PasswordTooShort, PasswordTooLong, PasswordTooCommon: as the names say.
        Conflict: the account moved meanwhile; decide again.

    """
    user = find_user(command.user_id, streams)
    check_new_password(command.new, email=user.email)
    events: list[Event] = [_changed(user, command.new, command.why, passwords, clock)]
    if command.why == "reset" and not user.email_verified:
        events.append(EmailVerified(**user.next(clock(), after=1)))
    streams.append(events, origin)


def _changed(
    user: User, password: str, why: PasswordChange, passwords: Passwords, clock: Clock
) -> PasswordChanged:
    known = passwords.hash(password)
    return PasswordChanged(
        **user.next(clock()), why=why, personal=PasswordHash(password_hash=known)
    )
