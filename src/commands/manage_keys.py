"""Issue and revoke API keys. The key itself never comes here, only its digest."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from commands.errors import KeyNameInvalid
from commands.manage_organization import find_organization
from commands.ports import Clock, Streams
from events.organization import KeyIssued, KeyKind, KeyRevoked, Scope
from events.recorded import Origin

LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class IssueKey:
    """Let the holder of a key with this digest act for the organization.

    An empty tuple of scopes means every scope. The profile is that of the user `owner_id`; None
    is the organization's own.
    """

    key_id: UUID
    name: str
    digest: str
    start: str
    kind: KeyKind = "organization"
    scopes: tuple[Scope, ...] = ()
    expires_at: datetime | None = None
    owner_id: UUID | None = None


def issue_key(command: IssueKey, origin: Origin, *, streams: Streams, clock: Clock) -> None:
    """Record the key.

    Raises:
        KeyNameInvalid: the name is blank or has over 60 characters.
        OrganizationNotFound: there is no such organization.
        Conflict: the organization moved meanwhile; decide again.

    """
    if not 1 <= len(command.name.strip()) <= LONGEST_NAME:
        raise KeyNameInvalid
    organization = find_organization(origin.organization_id, streams)
    issued = KeyIssued(
        **organization.next(clock()),
        key_id=command.key_id,
        owner_id=command.owner_id,
        name=command.name,
        kind=command.kind,
        digest=command.digest,
        start=command.start,
        scopes=command.scopes,
        expires_at=command.expires_at,
    )
    streams.append([issued], origin)


@dataclass(frozen=True, slots=True)
class RevokeKey:
    """Make this key open nothing any more."""

    key_id: UUID


def revoke_key(command: RevokeKey, origin: Origin, *, streams: Streams, clock: Clock) -> None:
    """Record the revocation; it holds from the next request on.

    Raises:
        KeyNotFound: the organization has no such key, or it was revoked before.
        Conflict: the organization moved meanwhile; decide again.

    """
    organization = find_organization(origin.organization_id, streams)
    key = organization.keyring.find(command.key_id)
    revoked = KeyRevoked(**organization.next(clock()), key_id=key.id)
    streams.append([revoked], origin)
