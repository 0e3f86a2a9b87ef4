"""The user aggregate: one person's account."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from commands.accounts.refusals import UserNotFound
from commands.ports import Streams
from events.user import (
    ACCOUNTS,
    BackupCodesReplaced,
    BackupCodeUsed,
    EmailVerified,
    PasswordChanged,
    Profile,
    ProfileUpdated,
    SecondFactor,
    TwoFactorDisabled,
    TwoFactorEnabled,
    TwoFactorPrepared,
    UserDeleted,
    UserEvent,
    UserSignedUp,
)


@dataclass(frozen=True, slots=True)
class User:
    """Where one account stands; an erased one has lost all that was personal.

    `prepared` is a second factor that was handed out and not shown to work yet. Backup codes are
    named by their place, from 0; `used_codes` are good no more.
    """

    id: UUID
    version: int
    email_digest: str
    email: str
    profile: Profile
    password_hash: str
    created_at: datetime
    updated_at: datetime
    email_verified: bool = False
    prepared: SecondFactor | None = None
    second_factor: SecondFactor | None = None
    used_codes: frozenset[int] = frozenset()
    deleted: bool = False

    def next(self, at: datetime, *, after: int = 0) -> dict[str, Any]:
        """Return the fields of the event that follows *after* others of the same append."""
        return {
            "originator_id": self.id,
            "originator_version": self.version + 1 + after,
            "timestamp": at,
        }


def fold(state: User | None, events: Iterable[UserEvent]) -> User | None:
    """Apply facts in order. Facts are never judged here: they happened."""
    for event in events:
        if isinstance(event, UserSignedUp):
            state = _opened(event)
        elif state is not None:
            state = replace(
                _evolve(state, event),
                version=event.originator_version,
                updated_at=event.timestamp,
            )
    return state


def _opened(event: UserSignedUp) -> User:
    new = event.personal
    return User(
        id=event.originator_id,
        version=event.originator_version,
        email_digest=event.email_digest,
        email=new.email if new else "",
        profile=Profile(name=new.name if new else ""),
        password_hash=new.password_hash if new else "",
        created_at=event.timestamp,
        updated_at=event.timestamp,
    )


def _evolve(state: User, event: UserEvent) -> User:
    match event:
        case EmailVerified():
            return replace(state, email_verified=True)
        case ProfileUpdated():
            return replace(state, profile=event.personal or state.profile)
        case PasswordChanged():
            known = event.personal.password_hash if event.personal else ""
            return replace(state, password_hash=known)
        case TwoFactorPrepared():
            return replace(state, prepared=event.personal)
        case TwoFactorEnabled():
            return replace(
                state, second_factor=state.prepared, prepared=None, used_codes=frozenset()
            )
        case TwoFactorDisabled():
            return replace(state, second_factor=None, prepared=None)
        case BackupCodesReplaced():
            return replace(state, second_factor=_with_codes(state, event), used_codes=frozenset())
        case BackupCodeUsed():
            return replace(state, used_codes=state.used_codes | {event.place})
        case UserDeleted():
            return replace(state, deleted=True)
        case UserSignedUp():
            return state


def _with_codes(state: User, event: BackupCodesReplaced) -> SecondFactor | None:
    if state.second_factor is None or event.personal is None:
        return state.second_factor
    return SecondFactor(
        secret=state.second_factor.secret, backup_digests=event.personal.backup_digests
    )


def find_user(user_id: UUID, streams: Streams) -> User:
    """Return the user.

    Raises:
        UserNotFound: there is none of this id, or the account was erased.

    """
    user = streams.load(user_id, fold, organization_id=ACCOUNTS)
    if user is None or user.deleted:
        raise UserNotFound
    return user
