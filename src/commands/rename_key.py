"""Call an API key otherwise."""

from dataclasses import dataclass
from uuid import UUID

from commands.errors import KeyNameInvalid
from commands.manage_keys import LONGEST_NAME
from commands.manage_organization import find_organization
from commands.ports import Clock, Streams
from events.organization import KeyRenamed
from events.recorded import Origin


@dataclass(frozen=True, slots=True)
class RenameKey:
    """Give this key another name."""

    key_id: UUID
    name: str


def rename_key(command: RenameKey, origin: Origin, *, streams: Streams, clock: Clock) -> None:
    """Record the name; as it was before is no change.

    Raises:
        KeyNameInvalid: the name is blank or has over 60 characters.
        KeyNotFound: the organization has no such key, or it was revoked.
        OrganizationNotFound: there is no such organization.
        Conflict: the organization moved meanwhile; decide again.

    """
    if not 1 <= len(command.name.strip()) <= LONGEST_NAME:
        raise KeyNameInvalid
    organization = find_organization(origin.organization_id, streams)
    key = organization.keyring.find(command.key_id)
    if key.name != command.name:
        renamed = KeyRenamed(**organization.next(clock()), key_id=key.id, name=command.name)
        streams.append([renamed], origin)
