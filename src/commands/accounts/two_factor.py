"""The second factor: handed out, shown to work, replaced, switched off.

That a password or a code is right is checked by the caller; here is what follows from it.
"""

import hashlib
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from commands.accounts.refusals import BackupCodeInvalid, TwoFactorNotEnabled
from commands.accounts.user import find_user
from commands.ports import Clock, Streams
from events.recorded import Origin
from events.user import (
    BackupCodes,
    BackupCodesReplaced,
    BackupCodeUsed,
    SecondFactor,
    TwoFactorDisabled,
    TwoFactorEnabled,
    TwoFactorPrepared,
)

BACKUP_CODES: Final = 10


def digest_of_code(user_id: UUID, code: str) -> str:
    """Return what is kept of a backup code; case and hyphens do not count."""
    plain = code.replace("-", "").strip().casefold()
    return hashlib.sha256(user_id.bytes + plain.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PrepareTwoFactor:
    """Hand out a second factor; codes of it must be shown before it counts."""

    user_id: UUID
    secret: str
    backup_codes: tuple[str, ...]


def prepare_two_factor(
    command: PrepareTwoFactor, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record what was handed out; an enabled factor stays until this one is shown to work.

    Raises:
        UserNotFound: there is no such user.
        Conflict: the account moved meanwhile; decide again.

    """
    user = find_user(command.user_id, streams)
    prepared = SecondFactor(
        secret=command.secret, backup_digests=_digests(user.id, command.backup_codes)
    )
    streams.append([TwoFactorPrepared(**user.next(clock()), personal=prepared)], origin)


def enable_two_factor(user_id: UUID, origin: Origin, *, streams: Streams, clock: Clock) -> None:
    """Record that the prepared factor was shown to work.

    Raises:
        TwoFactorNotEnabled: none was prepared.
        UserNotFound: there is no such user.
        Conflict: the account moved meanwhile; decide again.

    """
    user = find_user(user_id, streams)
    if user.prepared is None:
        raise TwoFactorNotEnabled
    streams.append([TwoFactorEnabled(**user.next(clock()))], origin)


def disable_two_factor(user_id: UUID, origin: Origin, *, streams: Streams, clock: Clock) -> None:
    """Record that no second factor is asked for, if one was.

    Raises:
        UserNotFound: there is no such user.
        Conflict: the account moved meanwhile; decide again.

    """
    user = find_user(user_id, streams)
    if user.second_factor is not None or user.prepared is not None:
        streams.append([TwoFactorDisabled(**user.next(clock()))], origin)


@dataclass(frozen=True, slots=True)
class ReplaceBackupCodes:
    """Let only these backup codes be good from now on."""

    user_id: UUID
    backup_codes: tuple[str, ...]


def replace_backup_codes(
    command: ReplaceBackupCodes, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the codes.

    Raises:
        TwoFactorNotEnabled: there is no second factor to back up.
        UserNotFound: there is no such user.
        Conflict: the account moved meanwhile; decide again.

    """
    user = find_user(command.user_id, streams)
    if user.second_factor is None:
        raise TwoFactorNotEnabled
    codes = BackupCodes(backup_digests=_digests(user.id, command.backup_codes))
    streams.append([BackupCodesReplaced(**user.next(clock()), personal=codes)], origin)


@dataclass(frozen=True, slots=True)
class UseBackupCode:
    """Let a backup code stand for the second factor, once."""

    user_id: UUID
    code: str


def use_backup_code(
    command: UseBackupCode, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record that the code was used.

    Raises:
        BackupCodeInvalid: it is none, or was used before.
        UserNotFound: there is no such user.
        Conflict: the account moved meanwhile; decide again.

    """
    user = find_user(command.user_id, streams)
    known = user.second_factor.backup_digests if user.second_factor else ()
    digest = digest_of_code(user.id, command.code)
    if digest not in known or known.index(digest) in user.used_codes:
        raise BackupCodeInvalid
    used = BackupCodeUsed(**user.next(clock()), place=known.index(digest))
    streams.append([used], origin)


def _digests(user_id: UUID, codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(digest_of_code(user_id, code) for code in codes)
