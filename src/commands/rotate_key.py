"""Let a new API key take the place of an old one, which works for a while longer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from commands.errors import KeyAlreadyReplaced
from commands.manage_organization import find_organization
from commands.ports import Clock, Streams
from events.organization import KeyIssued, KeyReplaced, KeyRevoked
from events.recorded import Origin

LONGEST_GRACE: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class RotateKey:
    """Issue a key like the old one, under another id and digest; end the old one after *grace*."""

    key_id: UUID
    successor_id: UUID
    digest: str
    start: str
    grace: timedelta


@dataclass(frozen=True, slots=True)
class Rotation:
    """What came of it: how the new key is called and when either ends."""

    name: str
    expires_at: datetime | None
    previous_expires_at: datetime


def rotate_key(command: RotateKey, origin: Origin, *, streams: Streams, clock: Clock) -> Rotation:
    """Record the new key with owner, name, kind, scopes and length of life of the old one.

    The old key never lives longer for it; without a grace it is revoked at once. Of many who
    rotate a key at once one has the new key; it is the new one's turn next.

    Raises:
        KeyNotFound: the organization has no such key, or it was revoked.
        KeyAlreadyReplaced: another key took its place before.
        OrganizationNotFound: there is no such organization.
        Conflict: the organization moved meanwhile; decide again.

    """
    organization = find_organization(origin.organization_id, streams)
    old = organization.keyring.find(command.key_id)
    if old.successor_id is not None:
        raise KeyAlreadyReplaced
    now = clock()
    ends = now + command.grace
    issued = KeyIssued(
        **organization.next(now),
        key_id=command.successor_id,
        owner_id=old.owner_id,
        name=old.name,
        kind=old.kind,
        digest=command.digest,
        start=command.start,
        scopes=old.scopes,
        expires_at=None if old.life is None else now + old.life,
    )
    replaced = KeyReplaced(
        **organization.next(now, after=1),
        key_id=old.id,
        successor_id=issued.key_id,
        expires_at=ends if old.expires_at is None else min(ends, old.expires_at),
    )
    revoked = KeyRevoked(**organization.next(now, after=2), key_id=old.id)
    streams.append([issued, replaced] if command.grace else [issued, replaced, revoked], origin)
    return Rotation(issued.name, issued.expires_at, replaced.expires_at)
