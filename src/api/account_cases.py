"""What can be done about accounts, as the edge sees it. `api.accounts` fills it in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from api.account_views import (
    Card,
    Client,
    Limit,
    MailPurpose,
    NewSession,
    Session,
    TokenPurpose,
)
from commands.accounts.credentials import ChangePassword, CheckCredentials, ResetPassword
from commands.accounts.delete_user import DeleteUser
from commands.accounts.invitations import Answer, CancelInvitation, Invite
from commands.accounts.members import ChangeRole, RemoveMember
from commands.accounts.organizations import (
    CreateOrganization,
    DeleteOrganization,
    UpdateOrganization,
)
from commands.accounts.ports import Membership
from commands.accounts.profile import UpdateProfile, VerifyEmail
from commands.accounts.refusals import AccountRefusal
from commands.accounts.sign_up import SignUp
from commands.accounts.two_factor import PrepareTwoFactor, ReplaceBackupCodes, UseBackupCode
from commands.accounts.user import User
from commands.manage_keys import IssueKey, RevokeKey
from commands.organization import Organization
from commands.rename_key import RenameKey
from commands.rotate_key import RotateKey, Rotation
from commands.switch_key import SwitchKey
from events.recorded import Origin
from projections.api_keys import ApiKeyRow
from projections.organizations import OrganizationRow


class Sessions(Protocol):
    """Who is signed in, where."""

    def open(
        self,
        user_id: UUID,
        organization_id: UUID | None,
        client: Client,
        *,
        remembered: bool,
        now: datetime,
    ) -> NewSession:
        """Begin a session and return it with its token: the only time that it is seen."""
        ...

    def find(self, token: str, *, now: datetime) -> tuple[Session, bool] | None:
        """Return the session of a token and whether it lasts longer from now on."""
        ...

    def of_user(self, user_id: UUID, *, now: datetime) -> Sequence[Session]:
        """Return a user's sessions, the oldest first."""
        ...

    def activate(self, session_id: UUID, organization_id: UUID | None) -> None:
        """Let the session act for another organization, or for none."""
        ...

    def end(self, user_id: UUID, session_id: UUID) -> None:
        """End one of a user's sessions, if it is one."""
        ...

    def end_all(self, user_id: UUID, *, but: UUID | None = None) -> None:
        """End a user's sessions, but for one if it is given."""
        ...


class Tokens(Protocol):
    """Tokens that are good for a while."""

    def make(self, purpose: TokenPurpose, user_id: UUID, *, now: datetime) -> str:
        """Return a new token: the only time that it is seen."""
        ...

    def look(self, purpose: TokenPurpose, token: str, *, now: datetime) -> UUID | None:
        """Return whose token it is, if it is good; it stays good."""
        ...

    def take(self, purpose: TokenPurpose, token: str, *, now: datetime) -> UUID | None:
        """Return whose token it was, if it was good; of any number of callers one is told."""
        ...

    def drop(self, user_id: UUID) -> None:
        """Make every token of a user's bad: links, half sign-ins and trusted devices."""
        ...

    def take_step(self, user_id: UUID, step: int) -> bool:
        """Tell whether a time step's code is used now for the first time, and none later was."""
        ...

    def forget_steps(self, user_id: UUID) -> None:
        """Forget which code was used last: there is another secret, or no user."""
        ...


class Throttle(Protocol):
    """Slows down who tries too often."""

    def spend(self, key: bytes, limit: Limit) -> None:
        """Let one more request pass; `TooManyTries` when there were too many."""
        ...

    def attempt(self, key: bytes) -> None:
        """Let a password be tried; `TooManyTries` while the last wrong one is too recent."""
        ...

    def succeed(self, key: bytes) -> None:
        """Forget the tries: the last one was right."""
        ...


class Directory(Protocol):
    """Answers what is asked across users and organizations."""

    def slug_is_taken(self, slug: str) -> bool:
        """Tell whether an organization has this slug."""
        ...

    def memberships_of(self, user_id: UUID) -> Sequence[Membership]:
        """Return where a user is a member, the oldest membership first."""
        ...

    def organization_inviting(self, invitation_id: UUID) -> UUID | None:
        """Return the organization that an invitation leads to."""
        ...

    def invitations_to(self, email_digest: str) -> Sequence[tuple[UUID, UUID]]:
        """Return organization and id of each invitation open to an e-mail address."""
        ...

    def organization(self, organization_id: UUID) -> OrganizationRow | None:
        """Return an organization as its row has it."""
        ...

    def keys_of(self, organization_id: UUID) -> Sequence[ApiKeyRow]:
        """Return an organization's keys, newest first, but those that are gone."""
        ...

    def key(self, key_id: UUID) -> ApiKeyRow | None:
        """Return a key, whosever it is."""
        ...

    def last_uses_of(self, key_ids: Sequence[UUID]) -> Mapping[UUID, datetime]:
        """Return when each of these keys was used last; one that never was is not among them."""
        ...

    def cards(self, user_ids: Iterable[UUID]) -> Mapping[UUID, Card]:
        """Return how users show themselves; erased ones are not among them."""
        ...


class Digests(Protocol):
    """Digests that tell nothing without the master key."""

    def of_email(self, email: str) -> str:
        """Return the digest by which an account is found."""
        ...

    def of_caller(self, purpose: str, who: str) -> bytes:
        """Return the digest under which tries are counted."""
        ...


class FindFor(Protocol):
    """Finds an organization for one of its members."""

    def __call__(
        self,
        user_id: UUID,
        origin: Origin,
        *,
        unless_admin: type[AccountRefusal] | None = None,
    ) -> Organization:
        """Return it; `NotAMember`, or *unless_admin* where it takes an admin and they are none."""
        ...


@dataclass(frozen=True, slots=True)
class CredentialCases:
    """What can be done about passwords."""

    check: Callable[[CheckCredentials, Callable[[UUID], Origin]], User]
    prove: Callable[[UUID, str], User]
    change: Callable[[ChangePassword, Origin], None]
    reset: Callable[[ResetPassword, Origin], None]
    digest: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class SecondFactorCases:
    """What can be done about second factors."""

    prepare: Callable[[PrepareTwoFactor, Origin], None]
    enable: Callable[[UUID, Origin], None]
    disable: Callable[[UUID, Origin], None]
    replace_codes: Callable[[ReplaceBackupCodes, Origin], None]
    use_code: Callable[[UseBackupCode, Origin], None]


@dataclass(frozen=True, slots=True)
class UserCases:
    """What a person can do about their own account."""

    sign_up: Callable[[SignUp, Origin], None]
    credentials: CredentialCases
    update_profile: Callable[[UpdateProfile, Origin], None]
    verify_email: Callable[[VerifyEmail, Origin], None]
    second_factor: SecondFactorCases
    delete: Callable[[DeleteUser, Origin], None]
    find: Callable[[UUID], User]
    mail: Callable[[MailPurpose, str, str], None]


@dataclass(frozen=True, slots=True)
class OrganizationCases:
    """What members can do about their organizations. Deciding needs the origin's organization."""

    create: Callable[[CreateOrganization, Origin], None]
    update: Callable[[UpdateOrganization, Origin], None]
    delete: Callable[[DeleteOrganization, Origin], None]
    change_role: Callable[[ChangeRole, Origin], None]
    remove_member: Callable[[RemoveMember, Origin], None]
    invite: Callable[[Invite, Origin], UUID]
    accept: Callable[[Answer, Origin], None]
    reject: Callable[[Answer, Origin], None]
    cancel: Callable[[CancelInvitation, Origin], None]
    find_for: FindFor
    find: Callable[[UUID], Organization]
    issue_key: Callable[[IssueKey, Origin], None]
    rename_key: Callable[[RenameKey, Origin], None]
    rotate_key: Callable[[RotateKey, Origin], Rotation]
    switch_key: Callable[[SwitchKey, Origin], None]
    revoke_key: Callable[[RevokeKey, Origin], None]


@dataclass(frozen=True, slots=True)
class AccountCases:
    """All of it."""

    users: UserCases
    organizations: OrganizationCases
    sessions: Sessions
    tokens: Tokens
    throttle: Throttle
    directory: Directory
    digests: Digests
