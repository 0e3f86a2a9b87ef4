"""Open an account, with an organization of its own or as an operator wants it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from commands.accounts.members import check_admission
from commands.accounts.organizations import CreateOrganization, founding
from commands.accounts.password_rules import check_new_password
from commands.accounts.ports import Directory, Passwords
from commands.accounts.refusals import SignUpClosed, UserExists
from commands.manage_organization import find_organization
from commands.ports import Clock, Job, NewId, Streams
from events.base import Event
from events.membership import MemberAdded, Role
from events.recorded import Origin
from events.user import EmailVerified, NewUser, UserSignedUp

FIRST_ORGANIZATION: Final = "Personal"


@dataclass(frozen=True, slots=True)
class SignUp:
    """Open an account for this address, with an organization of its own.

    `origin` of the call names that organization. Where sign-up is not `open`, only who was
    invited may sign up.
    """

    user_id: UUID
    email: str
    email_digest: str
    name: str
    password: str
    open: bool = True


def sign_up(
    command: SignUp,
    origin: Origin,
    *,
    streams: Streams,
    directory: Directory,
    passwords: Passwords,
    new_id: NewId,
    new_slug: Callable[[], str],
    clock: Clock,
) -> None:
    """Record the account and its organization, and have the address verified by mail.

    Raises:
        SignUpClosed, UserExists: the address may not sign up, or did before.
        PasswordTooShort, PasswordTooLong, PasswordTooCommon: as the names say.
        Conflict: the address or the slug was taken meanwhile; decide again.

    """
    if not command.open and not directory.is_invited(command.email_digest):
        raise SignUpClosed
    account = _account(command, directory, passwords, clock)
    organization = CreateOrganization(
        organization_id=origin.organization_id,
        member_id=new_id(),
        user_id=command.user_id,
        name=FIRST_ORGANIZATION,
        slug=new_slug(),
    )
    events: list[Event] = [*account, *founding(organization, clock)]
    streams.append(events, origin, jobs=[Job("mail", command.user_id)])


@dataclass(frozen=True, slots=True)
class CreateUser:
    """Open this account, for a member of the organization that `origin` of the call names."""

    account: SignUp
    member_id: UUID
    role: Role


def create_user(
    command: CreateUser,
    origin: Origin,
    *,
    streams: Streams,
    directory: Directory,
    passwords: Passwords,
    clock: Clock,
) -> None:
    """Record an account that an operator vouches for: its address counts as verified.

    Raises:
        OrganizationNotFound: there is no such organization.
        UserExists, TooManyMembers: as the names say.
        PasswordTooShort, PasswordTooLong, PasswordTooCommon: as the names say.
        Conflict: the address was taken, or the organization moved, meanwhile; decide again.

    """
    user_id = command.account.user_id
    organization = find_organization(origin.organization_id, streams)
    check_admission(organization.people, user_id)
    account = _account(command.account, directory, passwords, clock)
    now = clock()
    verified = EmailVerified(originator_id=user_id, originator_version=2, timestamp=now)
    joined = MemberAdded(
        **organization.next(now), member_id=command.member_id, user_id=user_id, role=command.role
    )
    streams.append([*account, verified, joined], origin)


def _account(
    command: SignUp, directory: Directory, passwords: Passwords, clock: Clock
) -> Sequence[Event]:
    check_new_password(command.password, email=command.email)
    if directory.user_with_email(command.email_digest) is not None:
        raise UserExists
    known = passwords.hash(command.password)
    return [
        UserSignedUp(
            originator_id=command.user_id,
            originator_version=1,
            timestamp=clock(),
            email_digest=command.email_digest,
            personal=NewUser(email=command.email, name=command.name, password_hash=known),
        )
    ]
